//! Whether the write-ahead log was cut short by something else than its writer, and a log mended.
//!
//! SQLite reads a log that a dead process left up to the first frame whose checksum is wrong, and
//! drops the rest without a word: a damaged frame hides every commit from there on. Behind the last
//! commit of an honest log there is nothing, or frames of an older round, which bear another salt;
//! so a frame that bears this round's salt and does not check is a commit that was cut off, or damage.
//!
//! A frame's checksum goes on from the one before it, which that one holds. So behind a damaged frame
//! the frames still vouch for each other: a *run*. Two commits in one run were made one after the
//! other, so the first of them was durable before the second began: then it is damage for certain,
//! and not a commit that a loss of power cut off or that failed on a full disk.
//!
//! Format: <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>.

use std::io::ErrorKind;
use std::path::Path;

use crate::error::StoreError;
use crate::files::{DATABASE_FILE, suffixed};
use crate::limits::PAGE_BYTES;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
const PAGE: usize = PAGE_BYTES as usize;
const FRAME: usize = FRAME_HEADER + PAGE;
/// The last bit of the magic number says how the checksums read their words.
const MAGIC: u32 = 0x377f_0682;
/// Of the format.
const VERSION: u32 = 3_007_000;
/// Commits of one run that cannot be the remainder of a failed one.
const COMMITS_CERTAIN: usize = 2;

type Sum = (u32, u32);

/// A page as it stands in the file, with its number.
pub(crate) type RawPage<'a> = (u32, &'a [u8]);

/// The bytes of the log in `folder`; none if there is no log.
pub(crate) fn read(folder: &Path) -> Result<Vec<u8>, StoreError> {
    match std::fs::read(suffixed(folder, DATABASE_FILE, "-wal")) {
        Ok(bytes) => Ok(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(StoreError::disk("reading the log of the records")(error)),
    }
}

/// Where a log stops being readable before its end; `None` if it does not.
pub(crate) fn cut(bytes: &[u8]) -> Option<usize> {
    let header = bytes.get(..HEADER)?;
    let Some(log) = Log::of(header) else {
        return Some(0);
    };
    let at = log.readable(bytes);
    let frame = bytes.get(at..at + FRAME)?;
    // One changed byte spoils one word of the salt at most.
    let own = salt(frame);
    (own.0 == log.salt.0 || own.1 == log.salt.1).then_some(at)
}

/// Whether durable commits stand behind damage, where SQLite does not see them.
pub(crate) fn hides_commits(bytes: &[u8]) -> bool {
    Log::of_any(bytes).is_some_and(|log| !log.hidden(bytes).is_empty())
}

/// Whether durable commits stand in it, seen by SQLite or not.
pub(crate) fn holds_commits(bytes: &[u8]) -> bool {
    Log::of_any(bytes).is_some_and(|log| !log.durable(bytes).is_empty())
}

/// A log that SQLite reads to its end: `first`, then every frame of `bytes` that is as it was written
/// and belongs to a durable commit. `pages` is the length of a database without any such frame.
pub(crate) fn mended(bytes: &[u8], first: &[RawPage<'_>], pages: u32) -> Vec<u8> {
    let log = Log::of_any(bytes);
    let mut frames: Vec<(RawPage<'_>, u32)> = first.iter().map(|page| (*page, 0)).collect();
    let taken = log.as_ref().map(|log| log.durable(bytes));
    for at in taken.unwrap_or_default() {
        let frame = &bytes[at..at + FRAME];
        frames.push(((word(frame, 0), &frame[FRAME_HEADER..]), word(frame, 4)));
    }
    // The last frame ends a commit, so that SQLite takes all of them.
    let length = frames.iter().rev().map(|(_, length)| *length);
    let length = length.clone().find(|length| *length > 0).unwrap_or(pages);
    if let Some((_, last)) = frames.last_mut() {
        *last = length;
    }
    write(&frames)
}

/// What a log's header says.
struct Log {
    big_endian: bool,
    sum: Sum,
    salt: (u32, u32),
}

impl Log {
    /// `None` if it is no header or is not as it was written.
    fn of(bytes: &[u8]) -> Option<Self> {
        let header = bytes.get(..HEADER)?;
        let big_endian = match word(header, 0) {
            MAGIC => false,
            magic if magic == MAGIC + 1 => true,
            _ => return None,
        };
        let sum = checksum((0, 0), &header[..24], big_endian);
        (sum == (word(header, 24), word(header, 28))).then(|| Self {
            big_endian,
            sum,
            salt: (word(header, 16), word(header, 20)),
        })
    }

    /// The same, and of a damaged header what its frames say.
    fn of_any(bytes: &[u8]) -> Option<Self> {
        Self::of(bytes).or_else(|| {
            let second = bytes.get(HEADER + FRAME..)?.get(..FRAME)?;
            Some(Self {
                big_endian: cfg!(target_endian = "big"),
                sum: (0, 0),
                salt: salt(second),
            })
        })
    }

    /// The sum of `frame` after a frame with the sum `before`.
    fn sum(&self, before: Sum, frame: &[u8]) -> Sum {
        let next = checksum(before, &frame[..8], self.big_endian);
        checksum(next, &frame[FRAME_HEADER..], self.big_endian)
    }

    fn follows(&self, before: Sum, frame: &[u8]) -> bool {
        salt(frame) == self.salt && self.sum(before, frame) == said(frame)
    }

    /// The end of what SQLite reads.
    fn readable(&self, bytes: &[u8]) -> usize {
        let (mut at, mut sum) = (HEADER, self.sum);
        while let Some(frame) = bytes.get(at..at + FRAME) {
            if !self.follows(sum, frame) {
                break;
            }
            sum = said(frame);
            at += FRAME;
        }
        at
    }

    /// Places of the frames behind the damage that are as they were written and durable.
    fn hidden(&self, bytes: &[u8]) -> Vec<usize> {
        let mut taken = Vec::new();
        let mut start = self.readable(bytes);
        while let Some(first) = bytes.get(start..start + FRAME) {
            // What is damaged may be the frame or the sum that it holds.
            let of_round = salt(first) == self.salt;
            let mut before = vec![said(first)];
            if let Some(last) = start.checked_sub(FRAME).filter(|at| *at >= HEADER) {
                before.push(self.sum(said(&bytes[last..last + FRAME]), first));
            }
            let mut commits = usize::from(of_round && word(first, 4) > 0);
            let (mut run, mut at) = (Vec::new(), start + FRAME);
            while let Some(frame) = bytes.get(at..at + FRAME) {
                if !before.iter().any(|before| self.follows(*before, frame)) {
                    break;
                }
                commits += usize::from(word(frame, 4) > 0);
                before = vec![said(frame)];
                run.push(at);
                at += FRAME;
            }
            if commits >= COMMITS_CERTAIN {
                taken.append(&mut run);
            }
            start = at;
        }
        taken
    }

    /// Places of all frames that are as they were written and durable.
    fn durable(&self, bytes: &[u8]) -> Vec<usize> {
        let readable = (HEADER..self.readable(bytes)).step_by(FRAME);
        let mut taken: Vec<usize> = readable.collect();
        taken.extend(self.hidden(bytes));
        let ends = |at: &usize| word(&bytes[*at..], 4) > 0;
        let whole = taken.iter().rposition(ends).map_or(0, |last| last + 1);
        taken.truncate(whole);
        taken
    }
}

/// A log of these frames: pages, and for the last of a commit the database's length in pages.
fn write(frames: &[(RawPage<'_>, u32)]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER + frames.len() * FRAME);
    let words = |bytes: &mut Vec<u8>, words: &[u32]| {
        bytes.extend(words.iter().flat_map(|word| word.to_be_bytes()));
    };
    words(&mut bytes, &[MAGIC, VERSION, PAGE_BYTES, 0, 0, 0]);
    let mut sum = checksum((0, 0), &bytes, false);
    words(&mut bytes, &[sum.0, sum.1]);
    for ((number, page), length) in frames {
        let from = bytes.len();
        words(&mut bytes, &[*number, *length]);
        sum = checksum(sum, &bytes[from..], false);
        sum = checksum(sum, page, false);
        words(&mut bytes, &[0, 0, sum.0, sum.1]);
        bytes.extend_from_slice(page);
    }
    bytes
}

fn salt(frame: &[u8]) -> (u32, u32) {
    (word(frame, 8), word(frame, 12))
}

/// The sum that a frame holds.
fn said(frame: &[u8]) -> Sum {
    (word(frame, 16), word(frame, 20))
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn checksum((mut one, mut two): Sum, bytes: &[u8], big_endian: bool) -> Sum {
    for pair in bytes.chunks_exact(8) {
        let (first, second) = match big_endian {
            true => (word(pair, 0), word(pair, 4)),
            false => (word(pair, 0).swap_bytes(), word(pair, 4).swap_bytes()),
        };
        one = one.wrapping_add(first).wrapping_add(two);
        two = two.wrapping_add(second).wrapping_add(one);
    }
    (one, two)
}
