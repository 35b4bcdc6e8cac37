//! What a JPEG says of itself before its first scan: Exif's turn, the colours of its inks, its profile.
//!
//! A walk over the marker segments, bounds-checked; whatever is odd ends the walk, and what was not found by then is not
//! there, because a wrong turn is a nuisance and a wrong read is a hole.

use image::metadata::Orientation;

use crate::limits::{JPEG_SEGMENTS_MAX, PROFILE_BYTES_MAX};

const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
const APP14: u8 = 0xee;

/// How the picture wants to be turned.
pub(crate) fn orientation(bytes: &[u8]) -> Orientation {
    of(bytes, APP1)
        .find_map(|body| body.strip_prefix(b"Exif\0\0"))
        .and_then(Orientation::from_exif_chunk)
        .unwrap_or(Orientation::NoTransforms)
}

/// Whether Adobe's mark is there: then four inks are written the other way round, 255 for none.
pub(crate) fn has_adobe_mark(bytes: &[u8]) -> bool {
    of(bytes, APP14).any(|body| body.starts_with(b"Adobe"))
}

/// The ICC profile, put together from its parts (ICC.1:2022, B.4). None if a part is missing, in another order or too much.
pub(crate) fn profile(bytes: &[u8]) -> Option<Vec<u8>> {
    let parts = of(bytes, APP2).filter_map(|body| body.strip_prefix(b"ICC_PROFILE\0"));
    let (mut profile, mut seen, mut count) = (Vec::new(), 0_u8, None);
    for part in parts {
        let ([number, of], part) = part.split_first_chunk()?;
        seen = seen.checked_add(1)?;
        if *number != seen || *count.get_or_insert(*of) != *of {
            return None;
        }
        profile.extend_from_slice(part);
        if profile.len() > PROFILE_BYTES_MAX {
            return None;
        }
    }
    (count == Some(seen)).then_some(profile)
}

/// The bodies of the segments with `marker`.
fn of(bytes: &[u8], marker: u8) -> impl Iterator<Item = &[u8]> {
    Segments::new(bytes)
        .filter(move |(found, _)| *found == marker)
        .map(|(_, body)| body)
}

/// Markers and bodies before the first scan.
struct Segments<'a> {
    rest: Option<&'a [u8]>,
    left: usize,
}

impl<'a> Segments<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes.strip_prefix(&[0xff, 0xd8]),
            left: JPEG_SEGMENTS_MAX,
        }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.rest.take()?;
            self.left = self.left.checked_sub(1)?;
            let (head, after) = rest.split_at_checked(2)?;
            let marker = match head {
                // Fill bytes before a marker.
                [0xff, 0xff] => {
                    self.rest = rest.get(1..);
                    continue;
                }
                // Start of scan or end of image: no segments after it are looked at.
                [0xff, 0xda | 0xd9] => return None,
                [0xff, marker] => *marker,
                _ => return None,
            };
            let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
            let body = after.get(2..length)?;
            self.rest = after.get(length..);
            return Some((marker, body));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len() + 2).unwrap_or(0).to_be_bytes();
        [&[0xff, marker][..], &length, body].concat()
    }

    fn jpeg(segments: &[Vec<u8>]) -> Vec<u8> {
        let start = [&[0xff, 0xd8][..], &segment(0xe0, &[1, 2])].concat();
        [start, segments.concat(), vec![0xff, 0xda]].concat()
    }

    fn with_exif(orientation: u8) -> Vec<u8> {
        let mut tiff = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        tiff.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
        jpeg(&[segment(APP1, &tiff)])
    }

    fn part(number: u8, count: u8, body: &[u8]) -> Vec<u8> {
        segment(
            APP2,
            &[b"ICC_PROFILE\0", &[number, count][..], body].concat(),
        )
    }

    #[test]
    fn every_orientation_is_read() {
        for value in 1..=8 {
            let expected = Orientation::from_exif(value);
            assert_eq!(Some(orientation(&with_exif(value))), expected);
        }
        assert_eq!(orientation(&with_exif(9)), Orientation::NoTransforms);
    }

    #[test]
    fn cut_off_anywhere_means_not_turned() {
        let whole = with_exif(6);
        for end in 0..whole.len() - 2 - 8 {
            assert_eq!(orientation(&whole[..end]), Orientation::NoTransforms);
        }
    }

    #[test]
    fn a_profile_is_put_together_in_order_or_not_at_all() {
        let whole = jpeg(&[part(1, 2, b"one"), segment(APP1, b"x"), part(2, 2, b"two")]);
        assert_eq!(profile(&whole), Some(b"onetwo".to_vec()));
        for parts in [
            vec![],
            vec![part(2, 2, b"two"), part(1, 2, b"one")],
            vec![part(1, 2, b"one")],
            vec![part(1, 2, b"one"), part(2, 3, b"two")],
            vec![part(0, 0, b"")],
            vec![segment(APP2, b"ICC_PROFILE\0")],
        ] {
            assert_eq!(profile(&jpeg(&parts)), None);
        }
        let much = vec![7; 65_000];
        let parts: Vec<_> = (1..=80).map(|number| part(number, 80, &much)).collect();
        assert_eq!(profile(&jpeg(&parts)), None);
    }

    #[test]
    fn adobes_mark_is_known_before_the_first_scan_only() {
        let mark = segment(APP14, b"Adobe\0\x64\0\0\0\0\x02");
        assert!(has_adobe_mark(&jpeg(std::slice::from_ref(&mark))));
        assert!(!has_adobe_mark(&[jpeg(&[]), mark].concat()));
    }

    proptest! {
        #[test]
        fn any_bytes_say_something(mut bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let read = |bytes: &[u8]| (orientation(bytes), has_adobe_mark(bytes), profile(bytes));
            read(&bytes);
            bytes.splice(0..0, *b"\xff\xd8\xff\xe1\x00\x90Exif\0\0");
            read(&bytes);
        }
    }
}
