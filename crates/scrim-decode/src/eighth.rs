//! A JPEG at an eighth of its size, for covers: only the mean of each block is read, and nothing sharper is ever made.
//!
//! Of a progressive file only the scans of the means are read; from the others no more than where they end. Whatever is
//! not a usual file of 8 bits in one or three colours, or is odd in any way, is none here: libjpeg-turbo then shows or
//! refuses it.

use crate::huffman::{Bits, Codes, Skips};
use crate::limits::JPEG_SCANS_MAX;
use crate::means::{Frame, Scan};
use crate::pixels::Pixels;

/// Values of a table that coefficients are multiplied by.
const QUANTS: usize = 64;

/// The picture at an eighth, of the size that libjpeg-turbo gives it; none if it is left to that, or if one of its colours
/// has fewer blocks than `needed`. `size`: what its header was seen to say.
pub(crate) fn decode(bytes: &[u8], size: (u32, u32), needed: (u32, u32)) -> Option<Pixels> {
    bytes.strip_prefix(&[0xff, 0xd8])?;
    let mut reader = Reader {
        bytes,
        at: 2,
        quants: [None; 4],
        tables: [[None; 4]; 2],
        interval: 0,
        scans: 0,
    };
    let mut frame = None;
    loop {
        let marker = reader.marker()?;
        match marker {
            0xc0..=0xc2 if frame.is_none() => {
                frame = Some(Frame::new(reader.body()?, marker == 0xc2, size, needed)?);
            }
            0xc4 => reader.codes()?,
            0xdb => reader.quants()?,
            0xdd => reader.interval = u16::from_be_bytes(reader.body()?.try_into().ok()?),
            0xe0..=0xef | 0xfe if is_usual(marker, reader.body()?) => {}
            0xda => reader.scan(frame.as_mut()?)?,
            0xd9 => return frame?.picture(),
            _ => return None,
        }
    }
}

/// Whether the marks of JFIF and of Adobe, if it is one, are of a version that libjpeg-turbo knows.
fn is_usual(marker: u8, body: &[u8]) -> bool {
    match (marker, body) {
        (0xe0, [b'J', b'F', b'I', b'F', 0, version, ..]) => *version == 1,
        (0xee, [b'A', b'd', b'o', b'b', b'e', rest @ ..]) => rest.get(6).is_none_or(|&way| way < 2),
        _ => true,
    }
}

/// How many codes there are of each length, and the symbols.
type Table<'a> = (&'a [u8; 16], &'a [u8]);

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// What means are multiplied by.
    quants: [Option<u16>; 4],
    /// Tables of codes, those of means first.
    tables: [[Option<Table<'a>>; 4]; 2],
    /// Units between two restarts; 0 without.
    interval: u16,
    scans: u32,
}

impl<'a> Reader<'a> {
    /// Nothing may lie between two segments.
    fn marker(&mut self) -> Option<u8> {
        if *self.bytes.get(self.at)? != 0xff {
            return None;
        }
        while *self.bytes.get(self.at)? == 0xff {
            self.at += 1;
        }
        self.at += 1;
        self.bytes.get(self.at - 1).copied()
    }

    fn body(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.at..)?;
        let length = usize::from(u16::from_be_bytes(*rest.first_chunk()?));
        self.at += length;
        rest.get(2..length)
    }

    fn quants(&mut self) -> Option<()> {
        let mut rest = self.body()?;
        while let Some((&kind, table)) = rest.split_first() {
            let (first, width) = match kind >> 4 {
                0 => (u16::from(*table.first()?), 1),
                1 => (u16::from_be_bytes(*table.first_chunk()?), 2),
                _ => return None,
            };
            *self.quants.get_mut(usize::from(kind & 15))? = Some(first);
            rest = table.get(QUANTS * width..)?;
        }
        Some(())
    }

    fn codes(&mut self) -> Option<()> {
        let mut rest = self.body()?;
        while let Some((&kind, table)) = rest.split_first() {
            let (counts, symbols) = table.split_first_chunk::<16>()?;
            let count = counts.iter().map(|&count| usize::from(count)).sum();
            let (symbols, behind) = symbols.split_at_checked(count)?;
            let tables = self.tables.get_mut(usize::from(kind >> 4))?;
            *tables.get_mut(usize::from(kind & 15))? = Some((counts, symbols));
            rest = behind;
        }
        Some(())
    }

    /// `of`: 0 for means, 1 for the others.
    fn table(&self, of: usize, number: u8) -> Option<Codes> {
        let (counts, symbols) = (*self.tables[of].get(usize::from(number))?)?;
        // A mean's symbol is the length of a difference, which codes of others have beside zeros.
        let is_possible = of == 1 || symbols.iter().all(|&symbol| symbol < 16);
        is_possible.then(|| Codes::new(counts, symbols))?
    }

    fn scan(&mut self, frame: &mut Frame) -> Option<()> {
        self.scans += 1;
        if self.scans > JPEG_SCANS_MAX {
            return None;
        }
        let scan = Scan::begun(self.body()?, frame, &self.quants)?;
        self.at = if scan.has_means {
            self.means(&scan, frame)?
        } else {
            behind(self.bytes, self.at)?
        };
        Some(())
    }

    /// Reads a scan; where it ends.
    fn means(&self, scan: &Scan, frame: &mut Frame) -> Option<usize> {
        let (from, interval) = ((self.bytes, self.at), self.interval);
        if scan.refines {
            return frame.read(scan, from, interval, |bits, _, _, mean| {
                *mean |= i16::from(bits.bit()) << scan.low;
                Some(())
            });
        }
        let of_means = scan.tables.iter().map(|number| self.table(0, number >> 4));
        let means: Vec<Codes> = of_means.collect::<Option<_>>()?;
        if frame.is_progressive {
            return frame.read(scan, from, interval, |bits, colour, before, mean| {
                next_mean(bits, &means[colour], before, mean)?;
                *mean <<= scan.low;
                Some(())
            });
        }
        let of_others = scan.tables.iter().map(|number| self.table(1, number & 15));
        let others: Vec<Skips> = of_others
            .map(|codes| codes.map(Skips::new))
            .collect::<Option<_>>()?;
        frame.read(scan, from, interval, |bits, colour, before, mean| {
            next_mean(bits, &means[colour], before, mean)?;
            bits.skip(&others[colour])
        })
    }
}

/// Each mean is told by how far it is from that before.
#[inline(always)]
fn next_mean(bits: &mut Bits, codes: &Codes, before: &mut i16, mean: &mut i16) -> Option<()> {
    *before = before.checked_add(bits.difference(codes)?)?;
    *mean = *before;
    Some(())
}

/// Where the data of a scan ends that is not read: at the next marker but restarts.
fn behind(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr::memchr(0xff, bytes.get(at..)?)?;
        match bytes.get(at + 1)? {
            0 | 0xd0..=0xd7 => at += 2,
            _ => return Some(at),
        }
    }
}

#[cfg(test)]
#[path = "eighth_tests.rs"]
mod tests;
