//! Fonts of the system for scripts that the built-in ones lack. Best effort: a font that is not
//! there is not there, and its script shows boxes. Screenshots of the journeys take the same ones.

#![allow(
    clippy::disallowed_methods,
    reason = "fonts are read-only data of the system, in fixed folders, named here"
)]

use std::path::Path;

/// Where systems keep fonts.
const FOLDERS: &[&str] = &[
    "/usr/share/fonts/truetype/noto",
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/noto",
    "/usr/share/fonts/noto-cjk",
    "/usr/share/fonts/google-noto",
    "/usr/share/fonts/google-noto-cjk",
];

/// In the order of fallback: Greek and Cyrillic first, then one per script.
const FILES: &[&str] = &[
    "NotoSans-Regular.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansBengali-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "NotoEmoji-Regular.ttf",
    "NotoSansSymbols-Regular.ttf",
    "NotoSansSymbols2-Regular.ttf",
    "DejaVuSans.ttf",
];

/// Largest font that is read, in bytes.
const FONT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Name and bytes of every font that is there.
pub(crate) fn read() -> Vec<(String, Vec<u8>)> {
    let find = |file: &&str| {
        let path = FOLDERS
            .iter()
            .map(|folder| Path::new(folder).join(file))
            .find(|path| path.is_file())?;
        let size = path.metadata().ok()?.len();
        let bytes = (size <= FONT_BYTES_MAX).then(|| std::fs::read(path).ok())??;
        Some(((*file).to_owned(), bytes))
    };
    FILES.iter().filter_map(find).collect()
}
