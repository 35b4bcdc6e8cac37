//! Good media become pictures, bad media become reasons. Without the sandbox: the process tests cover that.
#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use scrim_decode::decode::decode;
use scrim_samples::stills as samples;
use scrim_wire::worker::{DecodedInfo, Format, JobKind, JobLimits, Rejection};

const COVER: JobKind = JobKind::Cover {
    sigma_per_mille: 25,
    grey: true,
    sketch: false,
};
const FIT: JobKind = JobKind::Fit {
    max_width: 200,
    max_height: 200,
};

fn made(bytes: &[u8], kind: JobKind) -> Result<DecodedInfo, Rejection> {
    let (info, pixels) = decode(bytes, kind, JobLimits::default())?;
    assert_eq!((info.width, info.height), (pixels.width, pixels.height));
    assert_eq!(pixels.bytes.len() as u32, info.width * info.height * 4);
    assert!(
        pixels
            .bytes
            .iter()
            .skip(3)
            .step_by(4)
            .all(|&alpha| alpha == 255)
    );
    Ok(info)
}

#[test]
fn every_format_is_covered_and_fitted() {
    for (name, bytes) in samples::all(400, 300) {
        let cover = made(&bytes, COVER).unwrap();
        assert_eq!((cover.width, cover.height), (512, 384), "{name}");
        assert_eq!(
            (cover.source_width, cover.source_height),
            (400, 300),
            "{name}"
        );
        let fit = made(&bytes, FIT).unwrap();
        assert_eq!((fit.width, fit.height), (200, 150), "{name}");
    }
    let info = made(&samples::webp(9, 9), FIT).unwrap();
    assert_eq!((info.format, info.width), (Format::WebP, 9));
    for (bytes, format) in [
        (samples::bmp(9, 9), Format::Bmp),
        (samples::tiff(9, 9), Format::Tiff),
    ] {
        assert_eq!(made(&bytes, FIT).unwrap().format, format);
    }
}

#[test]
fn clear_pictures_are_true_to_their_source() {
    let source = image::DynamicImage::ImageRgb8(samples::picture(120, 90)).into_rgba8();
    let (_, png) = decode(&samples::png(120, 90), FIT, JobLimits::default()).unwrap();
    assert_eq!(&png.bytes, source.as_raw());
    let (_, webp) = decode(&samples::webp(120, 90), FIT, JobLimits::default()).unwrap();
    assert_eq!(&webp.bytes, source.as_raw());
    for bytes in [samples::bmp(120, 90), samples::tiff(120, 90)] {
        let (_, made) = decode(&bytes, FIT, JobLimits::default()).unwrap();
        assert_eq!(&made.bytes, source.as_raw());
    }
    let avif = samples::avif::avif;
    for bytes in [
        samples::jpeg(120, 90, false),
        samples::inked_jpeg(120, 90),
        avif(samples::avif::still(120, 90)),
        avif(samples::avif::DEEP),
        avif(samples::avif::DEEPER),
    ] {
        let (_, jpeg) = decode(&bytes, FIT, JobLimits::default()).unwrap();
        let differences = jpeg.bytes.iter().zip(source.as_raw());
        let sum: u32 = differences.map(|(&a, &b)| u32::from(a.abs_diff(b))).sum();
        assert!(sum / (120 * 90 * 4) <= 6);
    }
}

#[test]
fn exif_turns_covers_and_fits() {
    for orientation in 1..=8 {
        let bytes = samples::turned_jpeg(400, 300, orientation);
        let info = made(&bytes, FIT).unwrap();
        let cover = made(&bytes, COVER).unwrap();
        let upright = orientation < 5;
        let expected = if upright { (200, 150) } else { (150, 200) };
        assert_eq!((info.width, info.height), expected, "{orientation}");
        assert_eq!(cover.width > cover.height, upright, "{orientation}");
        assert_eq!(info.source_width > info.source_height, upright);
    }
}

#[test]
fn truncated_media_of_every_format_are_refused() {
    for (name, bytes) in samples::all(400, 300) {
        for per_cent in [1, 5, 20, 50, 80, 95] {
            let cut = &bytes[..bytes.len() * per_cent / 100];
            for kind in [COVER, FIT] {
                let why = made(cut, kind).expect_err(name);
                let expected = [
                    Rejection::Truncated,
                    Rejection::Malformed,
                    Rejection::Unsupported,
                ];
                assert!(expected.contains(&why), "{name} at {per_cent} %: {why:?}");
            }
        }
        let half = made(&bytes[..bytes.len() / 2], COVER).unwrap_err();
        assert_eq!(half, Rejection::Truncated, "{name}");
    }
}

#[test]
fn bad_headers_have_their_reasons() {
    // 65,535 × 65,535 is 4 gigapixels; 20,000 × 20,000 is 400 megapixels; both are over the limit by their header.
    for (name, bytes, expected) in [
        ("empty", Vec::new(), Rejection::Empty),
        ("text", b"harmless text".to_vec(), Rejection::Unsupported),
        (
            "page",
            b"<svg xmlns='...'/>".to_vec(),
            Rejection::Unsupported,
        ),
        (
            "RIFF, no WebP",
            b"RIFF\0\0\0\0WAVEfmt ".to_vec(),
            Rejection::Unsupported,
        ),
        (
            "magic only",
            b"\x89PNG\r\n\x1a\n".to_vec(),
            Rejection::Truncated,
        ),
        ("magic only", b"GIF89a".to_vec(), Rejection::Truncated),
        ("magic only", vec![0xff, 0xd8, 0xff], Rejection::Truncated),
        (
            "0 × 0 PNG",
            samples::png_claiming(0, 0, &[]),
            Rejection::Malformed,
        ),
        (
            "0 × 0 GIF",
            samples::gif_claiming(0, 0),
            Rejection::Malformed,
        ),
        (
            "bomb PNG",
            samples::png_claiming(65_535, 65_535, &[0; 9]),
            Rejection::TooLarge,
        ),
        (
            "wide PNG",
            samples::png_claiming(70_000, 1, &[0; 9]),
            Rejection::TooLarge,
        ),
        (
            "huge PNG",
            samples::png_claiming(u32::MAX >> 1, 1, &[0; 9]),
            Rejection::TooLarge,
        ),
        (
            "bomb GIF",
            samples::gif_claiming(65_535, 65_535),
            Rejection::TooLarge,
        ),
        (
            "bomb JPEG",
            samples::jpeg_claiming(65_000, 65_000),
            Rejection::TooLarge,
        ),
        (
            "400 MP JPEG",
            samples::jpeg_claiming(20_000, 20_000),
            Rejection::TooLarge,
        ),
    ] {
        for kind in [COVER, FIT] {
            assert_eq!(made(&bytes, kind), Err(expected), "{name}");
        }
    }
    // Refused too, but the decoder names the reason in its own way.
    for bytes in [
        samples::jpeg_claiming(0, 0),
        samples::jpeg_claiming(65_535, 1),
        samples::jpeg_claiming(1, 65_535),
        samples::png_claiming(65_535, 1, &[0; 9]),
        samples::png_claiming(1, 65_535, &[]),
    ] {
        assert!(made(&bytes, COVER).is_err());
    }
    // A narrow screen with a small frame on it is a valid GIF.
    assert!(made(&samples::gif_claiming(65_535, 1), COVER).is_ok());
}

#[test]
fn a_job_may_only_tighten_the_limits() {
    let strict = JobLimits {
        source_pixels_max: 100,
        source_side_max: 65_535,
    };
    let got = decode(&samples::png(20, 20), COVER, strict).unwrap_err();
    assert_eq!(got, Rejection::TooLarge);
    let loose = JobLimits {
        source_pixels_max: u64::MAX,
        source_side_max: u32::MAX,
    };
    let bomb = samples::png_claiming(65_535, 65_535, &[0; 9]);
    assert_eq!(
        decode(&bomb, COVER, loose).unwrap_err(),
        Rejection::TooLarge
    );
}

#[test]
fn boxes_and_blurs_outside_the_limits_are_refused() {
    let bytes = samples::png(20, 20);
    for (max_width, max_height) in [(0, 1), (1, 0), (16_385, 1), (16_384, 16_384)] {
        let kind = JobKind::Fit {
            max_width,
            max_height,
        };
        assert_eq!(made(&bytes, kind), Err(Rejection::TooLarge));
    }
    let kind = JobKind::Cover {
        sigma_per_mille: 3,
        grey: true,
        sketch: false,
    };
    assert_eq!(made(&bytes, kind), Err(Rejection::BadAnswer));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_after_any_magic_never_break_out(
        magic in 0_usize..9,
        mut bytes in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let magics: [&[u8]; 9] = [
            b"",
            b"\xff\xd8\xff\xe0",
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a",
            b"RIFF\x90\0\0\0WEBPVP8 ",
            b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0",
            b"II*\0\x08\0\0\0",
            b"MM\0*\0\0\0\x08",
            b"\0\0\0\x10ftypavif\0\0\0\0",
        ];
        bytes.splice(0..0, magics[magic].iter().copied());
        prop_assert!(made(&bytes, COVER).is_err());
    }

    // But for AVIF, the last: its decoder ends the process, as `avif.rs` says. `mutated.rs` has workers for that.
    #[test]
    fn flipped_bytes_give_a_picture_or_a_reason(
        format in 0_usize..8,
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = samples::all(48, 40).swap_remove(format).1;
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= value;
        }
        // Both outcomes are right; `made` checks the numbers of a picture.
        if let Ok(info) = made(&bytes, COVER) {
            prop_assert!(info.source_width > 0);
        }
    }
}
