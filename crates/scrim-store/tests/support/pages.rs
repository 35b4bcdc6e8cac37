//! What lies in the files of a store, decrypted page by page with the test's key and without SQLite:
//! pages that are free, and frames of the log that are overwritten next, are looked at as well.

use std::path::{Path, PathBuf};

use aes::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::NoPadding};
use scrim_store::DATABASE_FILE;

const PAGE: usize = 4_096;
/// SQLCipher's part of each page: an initialisation vector of 16 bytes, then a keyed hash of 64.
const RESERVED: usize = 80;
const SALT: usize = 16;
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// Every page of the database and every frame of its log, in the clear.
pub(crate) fn of(folder: &Path) -> Vec<Vec<u8>> {
    let database = std::fs::read(folder.join(DATABASE_FILE)).unwrap();
    let log = std::fs::read(folder.join(format!("{DATABASE_FILE}-wal"))).unwrap_or_default();
    let pages = database.chunks_exact(PAGE).enumerate();
    let frames = log.get(LOG_HEADER..).unwrap_or_default();
    let frames = frames.chunks_exact(FRAME_HEADER + PAGE).map(|frame| {
        let number = u32::from_be_bytes(frame[..4].try_into().unwrap());
        clear_page(number as usize - 1, &frame[FRAME_HEADER..])
    });
    pages
        .map(|(n, page)| clear_page(n, page))
        .chain(frames)
        .collect()
}

fn clear_page(index: usize, page: &[u8]) -> Vec<u8> {
    let begin = if index == 0 { SALT } else { 0 };
    let (body, reserved) = page.split_at(PAGE - RESERVED);
    let vector: [u8; 16] = reserved[..16].try_into().unwrap();
    let cipher = cbc::Decryptor::<aes::Aes256>::new(super::key().bytes().into(), &vector.into());
    let mut bytes = body[begin..].to_vec();
    cipher.decrypt_padded::<NoPadding>(&mut bytes).unwrap();
    bytes
}

/// Spoils one bit of every page of the database that holds `part`; gives how many there are.
pub(crate) fn spoil(folder: &Path, part: &[u8]) -> usize {
    let path = folder.join(DATABASE_FILE);
    let mut bytes = std::fs::read(&path).unwrap();
    let clear = bytes.chunks_exact(PAGE).enumerate();
    let hit: Vec<_> = clear
        .map(|(n, page)| has(&clear_page(n, page), part))
        .collect();
    for (page, _) in hit.iter().enumerate().filter(|(_, hit)| **hit) {
        bytes[page * PAGE + 2_000] ^= 1;
    }
    std::fs::write(&path, bytes).unwrap();
    hit.iter().filter(|hit| **hit).count()
}

/// How many of those hold `part`.
pub(crate) fn with(folder: &Path, part: &[u8]) -> usize {
    of(folder).iter().filter(|page| has(page, part)).count()
}

pub(crate) fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// The files below `folder` that hold one of `parts` as they are.
pub(crate) fn files_with(folder: &Path, parts: &[Vec<u8>]) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    paths
        .filter(|path| {
            let bytes = std::fs::read(path).unwrap();
            parts.iter().any(|part| has(&bytes, part))
        })
        .collect()
}
