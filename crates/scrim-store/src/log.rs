//! Whether the write-ahead log was cut short by something else than its writer.
//!
//! SQLite reads a log that a dead process left up to the first frame whose checksum is wrong, and
//! drops the rest without a word: a damaged frame hides every commit from there on. Behind the last
//! commit of an honest log there is nothing, or frames of an older round, which bear another salt;
//! so a frame that bears this round's salt and does not check is a commit that was cut off, or damage.
//!
//! Format: <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>.

use std::io::ErrorKind;

use crate::error::StoreError;
use crate::files::suffixed;
use crate::limits::PAGE_BYTES;
use crate::open::DATABASE_FILE;
use crate::source::Source;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
const FRAME: usize = FRAME_HEADER + PAGE_BYTES as usize;
/// The last bit of the magic number says how the checksums read their words.
const MAGIC: u32 = 0x377f_0682;

type Sum = (u32, u32);

/// Where the log of `source` stops being readable before its end; `None` if it does not.
pub(crate) fn cut_at(source: &Source) -> Result<Option<usize>, StoreError> {
    match std::fs::read(suffixed(&source.folder, DATABASE_FILE, "-wal")) {
        Ok(bytes) => Ok(cut(&bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::disk("reading the log of the records")(error)),
    }
}

fn cut(log: &[u8]) -> Option<usize> {
    let header = log.get(..HEADER)?;
    let big_endian = match word(header, 0) {
        MAGIC => false,
        magic if magic == MAGIC + 1 => true,
        _ => return Some(0),
    };
    let mut sum = checksum((0, 0), &header[..24], big_endian);
    if sum != (word(header, 24), word(header, 28)) {
        return Some(0);
    }
    let salt = (word(header, 16), word(header, 20));
    let mut at = HEADER;
    while let Some(frame) = log.get(at..at + FRAME) {
        let own = (word(frame, 8), word(frame, 12));
        let next = checksum(sum, &frame[..8], big_endian);
        let next = checksum(next, &frame[FRAME_HEADER..], big_endian);
        if own == salt && next == (word(frame, 16), word(frame, 20)) {
            sum = next;
            at += FRAME;
            continue;
        }
        // One changed byte spoils one word of the salt at most.
        let of_this_round = own.0 == salt.0 || own.1 == salt.1;
        return of_this_round.then_some(at);
    }
    None
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
