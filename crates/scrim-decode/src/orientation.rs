//! How a JPEG wants to be turned: the Exif orientation tag of its APP1 segment.
//!
//! A walk over the marker segments before the first scan, bounds-checked; whatever is odd means "not turned", because
//! a wrong turn is a nuisance and a wrong read is a hole.

use image::metadata::Orientation;

use crate::limits::JPEG_SEGMENTS_MAX;

/// The orientation that the bytes of a JPEG name, or none.
pub(crate) fn of_jpeg(bytes: &[u8]) -> Orientation {
    exif(bytes)
        .and_then(Orientation::from_exif_chunk)
        .unwrap_or(Orientation::NoTransforms)
}

/// The TIFF structure inside the first Exif segment.
fn exif(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    for _ in 0..JPEG_SEGMENTS_MAX {
        let (head, after) = rest.split_at_checked(2)?;
        let marker = match head {
            // Fill bytes before a marker.
            [0xff, 0xff] => {
                rest = rest.get(1..)?;
                continue;
            }
            [0xff, marker] => *marker,
            _ => return None,
        };
        // Start of scan or end of image: no segments after it are looked at.
        if matches!(marker, 0xda | 0xd9) {
            return None;
        }
        let length = usize::from(u16::from_be_bytes([*after.first()?, *after.get(1)?]));
        let body = after.get(2..length)?;
        if marker == 0xe1
            && let Some(tiff) = body.strip_prefix(b"Exif\0\0")
        {
            return Some(tiff);
        }
        rest = after.get(length..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn with_exif(orientation: u8) -> Vec<u8> {
        let mut tiff = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        tiff.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
        let length = u16::try_from(tiff.len() + 2).unwrap_or(0).to_be_bytes();
        let mut jpeg = vec![0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xe1];
        jpeg.extend(length);
        jpeg.extend(tiff);
        jpeg.extend([0xff, 0xda]);
        jpeg
    }

    #[test]
    fn every_orientation_is_read() {
        for value in 1..=8 {
            let expected = Orientation::from_exif(value);
            assert_eq!(Some(of_jpeg(&with_exif(value))), expected);
        }
        assert_eq!(of_jpeg(&with_exif(9)), Orientation::NoTransforms);
    }

    #[test]
    fn cut_off_anywhere_means_not_turned() {
        let whole = with_exif(6);
        for end in 0..whole.len() - 2 - 8 {
            assert_eq!(of_jpeg(&whole[..end]), Orientation::NoTransforms);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_give_some_orientation(mut bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            of_jpeg(&bytes);
            bytes.splice(0..0, *b"\xff\xd8\xff\xe1\x00\x90Exif\0\0");
            of_jpeg(&bytes);
        }
    }
}
