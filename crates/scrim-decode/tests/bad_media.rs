//! Media that were made to hurt, through the real pool: each is shown where that is right, or refused with its reason, in
//! time and within a worker's memory. Names play no part: a medium has none (`Medium::take`).
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::{Duration, Instant};

use scrim_media::{Medium, Pool, PoolSettings, Rejection};
use scrim_model::view::{CoverStep, CoverStyle};
use scrim_samples::stills::hostile as made;
use scrim_samples::stills::{self as samples, avif};

/// A deadline, its kill and the checks around it.
const IN_TIME: Duration = Duration::from_secs(8);

/// Cover, clear picture and hashes.
fn outcomes(bytes: &[u8]) -> [Result<(), Rejection>; 3] {
    let pool = Pool::new(PoolSettings::new(env!("CARGO_BIN_EXE_scrim-decode").into()));
    let medium = Medium::copy(bytes).unwrap();
    let began = Instant::now();
    let cover = pool.cover(&medium, CoverStep::Normal, CoverStyle::default());
    assert!(began.elapsed() < IN_TIME);
    let fit = pool.fit(&medium, 400, 400);
    let hashes = pool.hashes(&medium).unwrap();
    assert!(began.elapsed() < IN_TIME * 3);
    // Whatever it was, the next picture is there.
    let good = Medium::take(samples::png(40, 30)).unwrap();
    assert!(
        pool.cover(&good, CoverStep::Normal, CoverStyle::default())
            .is_ok()
    );
    [cover.map(drop), fit.map(drop), hashes.picture.map(drop)]
}

#[track_caller]
fn assert_shown(name: &str, bytes: &[u8]) {
    assert_eq!(outcomes(bytes), [Ok(()); 3], "{name}");
}

#[track_caller]
fn assert_refused(name: &str, bytes: &[u8], expected: Rejection) {
    assert_eq!(outcomes(bytes), [Err(expected); 3], "{name}");
}

#[test]
fn bombs_do_not_go_off() {
    // A few bytes of pixels are wanted of 300 million.
    assert_shown("pixels without end", &made::png_with_too_much(300_000_000));
    assert_shown(
        "words and profile",
        &made::png_with_swollen_words(300_000_000),
    );
    for (name, bytes) in [
        ("PNG", samples::png_claiming(65_535, 65_535, &[0; 9])),
        ("GIF", samples::gif_claiming(65_535, 65_535)),
        ("JPEG", samples::jpeg_claiming(65_000, 65_000)),
        ("BMP", bmp_claiming(30_000, 30_000)),
    ] {
        assert_refused(name, &bytes, Rejection::TooLarge);
    }
    // Its strips do not fit the size, which is seen first.
    assert_refused("TIFF", &tiff_claiming(60_000, 60_000), Rejection::Malformed);
}

#[test]
fn a_bmp_that_claims_much_and_holds_nothing() {
    assert_refused("BMP", &bmp_claiming(16_000, 15_000), Rejection::Truncated);
}

fn bmp_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = samples::bmp(40, 30);
    bytes[18..22].copy_from_slice(&width.to_le_bytes());
    bytes[22..26].copy_from_slice(&height.to_le_bytes());
    bytes
}

/// Puts other sizes into the first two entries of a TIFF's directory.
fn tiff_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = samples::tiff(40, 30);
    let directory = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize;
    for (entry, (tag, size)) in [(256_u16, width), (257, height)].into_iter().enumerate() {
        let at = directory + 2 + entry * 12;
        assert_eq!(bytes[at..at + 2], tag.to_le_bytes());
        // A number of four bytes.
        bytes[at + 2..at + 4].copy_from_slice(&[4, 0]);
        bytes[at + 8..at + 12].copy_from_slice(&size.to_le_bytes());
    }
    bytes
}

#[test]
fn sides_without_length_are_refused() {
    for (name, bytes) in [
        ("PNG", samples::png_claiming(0, 0, &[])),
        ("GIF", samples::gif_claiming(0, 0)),
        ("TIFF", tiff_claiming(0, 0)),
    ] {
        assert_refused(name, &bytes, Rejection::Malformed);
    }
    // Their decoders know no such form.
    for bytes in [samples::jpeg_claiming(0, 0), bmp_claiming(0, 0)] {
        for outcome in outcomes(&bytes) {
            let expected = [Err(Rejection::Malformed), Err(Rejection::Unsupported)];
            assert!(expected.contains(&outcome), "{outcome:?}");
        }
    }
}

#[test]
fn the_longest_lines_are_shown() {
    for (width, height) in [(65_535, 1), (1, 65_535)] {
        assert_shown("PNG", &samples::png(width, height));
        assert_shown("BMP", &samples::bmp(width, height));
        assert_shown("TIFF", &samples::tiff(width, height));
        assert_shown("GIF", &samples::gif(width, height));
        let jpeg = samples::jpeg_claiming(width as u16, height as u16);
        assert_refused("JPEG", &jpeg, Rejection::TooLarge);
    }
    assert_refused(
        "PNG",
        &samples::png_claiming(65_536, 1, &[0; 9]),
        Rejection::TooLarge,
    );
}

#[test]
fn files_of_two_kinds_are_what_their_first_bytes_say() {
    let (png, jpeg, gif) = (
        samples::png(40, 30),
        samples::jpeg(40, 30, false),
        samples::gif(40, 30),
    );
    let archive = b"PK\x03\x04 harmless archive PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let page = b"<html><script>harmless()</script></html>";
    assert_shown("PNG and archive", &[&png, &archive[..]].concat());
    assert_shown("PNG and page", &[&png, &page[..]].concat());
    assert_shown("PNG and JPEG", &[&png[..], &jpeg].concat());
    assert_shown("GIF and archive", &[&gif, &archive[..]].concat());
    assert_shown("JPEG and page", &[&jpeg, &page[..]].concat());
    assert_shown("page in a JPEG", &samples::with_segment(&jpeg, 0xfe, page));
    assert_shown(
        "AVIF and archive",
        &[avif::avif(avif::still(48, 40)), archive.to_vec()].concat(),
    );
    for (name, first) in [
        ("archive", &archive[..]),
        ("page", page),
        ("document", b"%PDF-1.7\n"),
    ] {
        assert_refused(name, &[first, &jpeg].concat(), Rejection::Unsupported);
    }
}

#[test]
fn streams_without_end_come_to_one() {
    assert_shown("empty chunks", &made::png_of_empty_chunks());
    assert_shown("comment", &made::gif_with_an_endless_comment());
    assert_shown("fill bytes", &made::jpeg_of_fill_bytes());
    assert_refused("directories", &made::tiff_in_a_loop(), Rejection::Malformed);
}

#[test]
fn a_jpeg_of_a_thousand_scans_is_refused() {
    assert_refused("scans", &made::jpeg_of_scans(), Rejection::Malformed);
}

#[test]
fn marks_that_lie_do_no_harm() {
    assert_shown("Exif", &made::jpeg_with_an_exif_loop());
    assert_shown("XMP", &made::jpeg_with_swollen_xmp());
    for (at, profile) in made::profiles().iter().enumerate() {
        let body = [b"ICC_PROFILE\0\x01\x01", &profile[..]].concat();
        let jpeg = samples::with_segment(&samples::jpeg(40, 30, false), 0xe2, &body);
        assert_shown(&format!("profile {at} in a JPEG"), &jpeg);
        let around = avif::Around {
            properties: vec![avif::profile(profile)],
            ..avif::Around::default()
        };
        let avif = avif::file(avif::still(48, 40), &around);
        assert_shown(&format!("profile {at} in an AVIF"), &avif);
    }
}
