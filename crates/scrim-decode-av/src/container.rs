//! Which container a medium is packed in, by its first bytes only.

use scrim_wire::moving::Container;
use scrim_wire::worker::Rejection;

/// The container; [`Rejection::Unsupported`] for anything else.
pub fn container_of(bytes: &[u8]) -> Result<Container, Rejection> {
    let at_4 = bytes.get(4..8).unwrap_or_default();
    if [&b"ftyp"[..], b"moov", b"mdat", b"wide", b"free"].contains(&at_4) {
        Ok(Container::Mp4)
    } else if bytes.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]) {
        Ok(Container::WebM)
    } else if bytes.starts_with(b"OggS") {
        Ok(Container::Ogg)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WAVE".as_slice()) {
        Ok(Container::Wav)
    } else if bytes.starts_with(b"ID3") || is_mp3_frame(bytes) {
        Ok(Container::Mp3)
    } else {
        Err(Rejection::Unsupported)
    }
}

/// The header of an MPEG frame, layer III, with a bit rate and a rate of samples that exist.
fn is_mp3_frame(bytes: &[u8]) -> bool {
    let &[0xff, second, third, ..] = bytes else {
        return false;
    };
    let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
    let (bit_rate, rate) = (third >> 4, third >> 2 & 3);
    second >> 5 == 7 && version != 1 && layer == 1 && !matches!(bit_rate, 0 | 15) && rate != 3
}

/// Whether a file ends before its own outermost parts do. Known of MP4 and WAV; of others, never.
#[must_use]
pub fn is_cut_off(bytes: &[u8], container: Container) -> bool {
    match container {
        Container::Mp4 => mp4_is_cut_off(bytes),
        Container::Wav => bytes.get(4..8).is_none_or(|len| {
            let claimed = len
                .iter()
                .rev()
                .fold(0, |sum, &byte| sum << 8 | u64::from(byte));
            claimed != u64::from(u32::MAX) && (bytes.len() as u64) < claimed + 8
        }),
        Container::WebM | Container::Ogg | Container::Mp3 => false,
    }
}

fn mp4_is_cut_off(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while !rest.is_empty() {
        let number = |from: usize, to: usize| -> Option<u64> {
            let digits = rest.get(from..to)?;
            Some(
                digits
                    .iter()
                    .fold(0, |sum, &byte| sum << 8 | u64::from(byte)),
            )
        };
        let len = match number(0, 4) {
            Some(0) => return false,
            Some(1) => number(8, 16),
            len => len,
        };
        let Some(after) = len
            .filter(|&len| len >= 8)
            .and_then(|len| rest.get(usize::try_from(len).ok()?..))
        else {
            return true;
        };
        rest = after;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell_the_container() {
        for (bytes, expected) in [
            (&b"\0\0\0\x20ftypisom"[..], Ok(Container::Mp4)),
            (b"\x1a\x45\xdf\xa3\x9f", Ok(Container::WebM)),
            (b"OggS\0\x02", Ok(Container::Ogg)),
            (b"RIFF\0\0\0\0WAVEfmt ", Ok(Container::Wav)),
            (b"ID3\x04\0", Ok(Container::Mp3)),
            (&[0xff, 0xfb, 0x90, 0x64], Ok(Container::Mp3)),
            // No bit rate, no rate of samples, another layer, another version.
            (&[0xff, 0xfb, 0x00, 0x64], Err(Rejection::Unsupported)),
            (&[0xff, 0xfb, 0x9c, 0x64], Err(Rejection::Unsupported)),
            (&[0xff, 0xfd, 0x90, 0x64], Err(Rejection::Unsupported)),
            (&[0xff, 0xeb, 0x90, 0x64], Err(Rejection::Unsupported)),
            (&[0xff, 0xd8, 0xff, 0xe0], Err(Rejection::Unsupported)),
            (b"RIFF\0\0\0\0AVI LIST", Err(Rejection::Unsupported)),
            (b"#EXTM3U\n", Err(Rejection::Unsupported)),
            (b"ffconcat version 1.0\n", Err(Rejection::Unsupported)),
            (b"", Err(Rejection::Unsupported)),
        ] {
            assert_eq!(container_of(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn cut_off_files_are_known() {
        let whole = b"\0\0\0\x0cftypisom\0\0\0\x0afreexx";
        assert!(!is_cut_off(whole, Container::Mp4));
        for len in 1..whole.len() {
            assert_eq!(
                is_cut_off(&whole[..len], Container::Mp4),
                len != 12,
                "{len}"
            );
        }
        assert!(!is_cut_off(b"\0\0\0\0mdat and so on", Container::Mp4));
        assert!(is_cut_off(
            b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x20",
            Container::Mp4
        ));
        assert!(is_cut_off(b"RIFF\x08\0\0\0WAVEfm", Container::Wav));
        assert!(!is_cut_off(b"RIFF\x08\0\0\0WAVEfmt ", Container::Wav));
    }
}
