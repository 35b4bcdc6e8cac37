//! AVIF: what stands around a still. Colours and sizes of plain ones are in `broken_input.rs`.
#![allow(clippy::unwrap_used, reason = "tests")]

use moxcms::ColorProfile;
use scrim_decode::decode::decode;
use scrim_decode::hashes::hashes;
use scrim_decode::pixels::Pixels;
use scrim_media::{Medium, Pool, PoolSettings, Rejection};
use scrim_model::view::{CoverStep, CoverStyle};
use scrim_samples::stills::avif::{
    Around, DEEP, RAMP, avif, file, mirrored, profile, still, turned,
};
use scrim_wire::worker::{JobKind, JobLimits};

fn shown(bytes: &[u8]) -> Result<Pixels, Rejection> {
    let kind = JobKind::Fit {
        max_width: 300,
        max_height: 300,
    };
    decode(bytes, kind, JobLimits::default()).map(|(_, pixels)| pixels)
}

fn with(properties: Vec<Vec<u8>>) -> Vec<u8> {
    let around = Around {
        properties,
        ..Around::default()
    };
    file(still(120, 90), &around)
}

fn pixel(picture: &Pixels, x: u32, y: u32) -> [u8; 3] {
    let at = ((y * picture.width + x) * 4) as usize;
    picture.bytes[at..at + 3].try_into().unwrap()
}

fn is_near(got: [u8; 3], expected: [u8; 3]) -> bool {
    got.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 8)
}

/// Where the pixel at (x, y) lies after turns against the clock and then a mirror, by arithmetic of its own.
fn moved((mut x, mut y): (u32, u32), quarters: u8, mirror: Option<u8>) -> (u32, u32) {
    let (mut width, mut height) = (120, 90);
    for _ in 0..quarters {
        (x, y) = (y, width - 1 - x);
        (width, height) = (height, width);
    }
    match mirror {
        Some(0) => (x, height - 1 - y),
        Some(_) => (width - 1 - x, y),
        None => (x, y),
    }
}

#[test]
fn every_turn_and_mirror_of_the_container_is_followed() {
    let plain = shown(&with(vec![])).unwrap();
    for quarters in 0..4 {
        for mirror in [None, Some(0), Some(1)] {
            let mut properties = vec![turned(quarters)];
            properties.extend(mirror.map(mirrored));
            let got = shown(&with(properties)).unwrap();
            let upright = quarters % 2 == 0;
            let size = if upright { (120, 90) } else { (90, 120) };
            assert_eq!((got.width, got.height), size);
            for (x, y) in [(119, 0), (0, 89), (90, 60), (119, 89)] {
                let (there, then) = moved((x, y), quarters, mirror);
                assert_eq!(
                    pixel(&got, there, then),
                    pixel(&plain, x, y),
                    "{quarters} {mirror:?}"
                );
            }
        }
    }
}

#[test]
fn turns_are_not_hashed() {
    let of = |bytes: &[u8]| {
        hashes(bytes, true, JobLimits::default())
            .unwrap()
            .picture
            .unwrap()
    };
    assert_eq!(of(&with(vec![turned(1), mirrored(0)])), of(&with(vec![])));
}

#[test]
fn transparency_lies_over_mid_grey() {
    let around = Around {
        alpha: Some(RAMP),
        ..Around::default()
    };
    let (plain, clear) = (
        shown(&with(vec![])).unwrap(),
        shown(&file(still(120, 90), &around)).unwrap(),
    );
    assert!(is_near(pixel(&clear, 1, 80), [128; 3]));
    let (whole, half) = (pixel(&plain, 60, 80), pixel(&clear, 60, 80));
    assert!(
        is_near(half, whole.map(|channel| channel.midpoint(128))),
        "{half:?}"
    );
    assert!(is_near(pixel(&clear, 119, 80), pixel(&plain, 119, 80)));
    let other = Around {
        alpha: Some(still(48, 40)),
        ..Around::default()
    };
    assert_eq!(
        shown(&file(still(120, 90), &other)).unwrap_err(),
        Rejection::Malformed
    );
}

#[test]
fn a_picture_without_colours_is_grey() {
    let ramp = shown(&avif(RAMP)).unwrap();
    for x in [0, 30, 60, 119] {
        assert!(
            is_near(pixel(&ramp, x, 45), [(x * 255 / 119) as u8; 3]),
            "{x}"
        );
    }
}

#[test]
fn profiles_are_followed_and_damaged_ones_left_out() {
    let p3 = ColorProfile::new_display_p3().encode().unwrap();
    let plain = shown(&with(vec![])).unwrap();
    let wide = shown(&with(vec![profile(&p3)])).unwrap();
    // Green lies outside sRGB, so red goes down where there is little of it.
    assert!(pixel(&wide, 10, 89)[0] < pixel(&plain, 10, 89)[0]);
    let damaged = shown(&with(vec![profile(&p3[..100])])).unwrap();
    assert_eq!(damaged, plain);
}

#[test]
fn what_is_no_single_still_has_its_reason() {
    for (bytes, expected) in [
        (file(&[], &Around::default()), Rejection::Truncated),
        (avif(&still(120, 90)[..300]), Rejection::Truncated),
        (avif(b"\x12\0no stream at all"), Rejection::Truncated),
        (
            b"\0\0\0\x14ftypavif\0\0\0\0avis".to_vec(),
            Rejection::Malformed,
        ),
    ] {
        assert_eq!(shown(&bytes).unwrap_err(), expected);
    }
    let strict = JobLimits {
        source_pixels_max: 120 * 90 - 1,
        source_side_max: 65_535,
    };
    let kind = JobKind::Fit {
        max_width: 9,
        max_height: 9,
    };
    assert_eq!(
        decode(&avif(DEEP), kind, strict).unwrap_err(),
        Rejection::TooLarge
    );
}

/// Without a look at these numbers the parser asks for room for as many items as they say.
#[test]
fn lists_that_claim_more_items_than_they_hold_are_malformed() {
    let right = avif(still(120, 90));
    // The kind of the list, the version whose number has four bytes, and where that stands.
    for (kind, version, place) in [(b"iinf", 1, 8), (b"iloc", 2, 10)] {
        let at = right.windows(4).position(|four| four == kind).unwrap();
        for count in [0x0000_1000_u32, 0x0040_0000, u32::MAX] {
            let mut odd = right.clone();
            odd[at + 4] = version;
            odd[at + place..at + place + 4].copy_from_slice(&count.to_be_bytes());
            assert_eq!(shown(&odd).unwrap_err(), Rejection::Malformed, "{count}");
        }
    }
}

/// rav1d fails in its own clean-up after an error of decoding, at a place from which a panic cannot come back.
#[test]
fn a_stream_that_is_damaged_inside_is_malformed_and_blames_no_worker() {
    let pool = Pool::new(PoolSettings::new(env!("CARGO_BIN_EXE_scrim-decode").into()));
    let mut stream = still(120, 90).to_vec();
    // The first byte of the frame behind its length.
    stream[16] ^= 0xff;
    let damaged = avif(&stream);
    let medium = Medium::copy(&damaged).unwrap();
    for _ in 0..3 {
        let got = pool.cover(&medium, CoverStep::Normal, CoverStyle::default());
        assert_eq!(got.unwrap_err(), Rejection::Malformed);
    }
    let found = pool.hashes(&medium).unwrap();
    assert_eq!(found.picture, Err(Rejection::Malformed));
    let of_bytes = hashes(&damaged, false, JobLimits::default()).unwrap();
    assert_eq!(found.texts(), of_bytes.texts());
}
