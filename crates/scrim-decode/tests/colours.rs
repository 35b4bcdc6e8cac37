//! What colours of a file mean: inks and profiles. Files are generated; profiles are written by `moxcms`.
#![allow(clippy::unwrap_used, reason = "tests")]

use image::codecs::png::PngEncoder;
use image::codecs::tiff::TiffEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder};
use moxcms::ColorProfile;
use scrim_decode::decode::decode;
use scrim_decode::hashes::hashes;
use scrim_samples::stills as samples;
use scrim_wire::worker::{JobKind, JobLimits};

const FIT: JobKind = JobKind::Fit {
    max_width: 64,
    max_height: 64,
};
const COVER: JobKind = JobKind::Cover {
    sigma_per_mille: 25,
    grey: false,
    sketch: false,
};

/// The colour in the middle.
fn middle(bytes: &[u8], kind: JobKind) -> [u8; 3] {
    let (info, pixels) = decode(bytes, kind, JobLimits::default()).unwrap();
    let at = (info.height / 2 * info.width + info.width / 2) as usize * 4;
    pixels.bytes[at..at + 3].try_into().unwrap()
}

#[track_caller]
fn assert_colour(bytes: &[u8], expected: [u8; 3]) {
    for kind in [FIT, COVER] {
        let got = middle(bytes, kind);
        let near = got.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 3);
        assert!(near, "{got:?} is not {expected:?}");
    }
}

fn plain(colour: &[u8]) -> Vec<u8> {
    colour
        .iter()
        .copied()
        .cycle()
        .take(100 * 80 * colour.len())
        .collect()
}

fn encoded(mut encoder: impl ImageEncoder, profile: &[u8]) {
    encoder.set_icc_profile(profile.to_vec()).unwrap();
    encoder
        .write_image(&plain(&[200, 100, 50]), 100, 80, ExtendedColorType::Rgb8)
        .unwrap();
}

fn rgb_jpeg(profile: &[u8]) -> Vec<u8> {
    let image = turbojpeg::Image {
        pixels: plain(&[200, 100, 50]),
        width: 100,
        pitch: 300,
        height: 80,
        format: turbojpeg::PixelFormat::RGB,
    };
    let jpeg = turbojpeg::compress(image.as_deref(), 95, turbojpeg::Subsamp::None).unwrap();
    let marked = |part: &[u8], number| [b"ICC_PROFILE\0", &[number, 2][..], part].concat();
    let (first, second) = profile.split_at(profile.len() / 2);
    let jpeg = samples::with_segment(&jpeg, 0xe2, &marked(second, 2));
    samples::with_segment(&jpeg, 0xe2, &marked(first, 1))
}

/// (200, 100, 50) in every format that carries a profile.
fn all(profile: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let (mut png, mut webp, mut tiff) = (Vec::new(), Vec::new(), std::io::Cursor::new(Vec::new()));
    encoded(PngEncoder::new(&mut png), profile);
    encoded(WebPEncoder::new_lossless(&mut webp), profile);
    encoded(TiffEncoder::new(&mut tiff), profile);
    vec![
        ("PNG", png),
        ("WebP", webp),
        ("TIFF", tiff.into_inner()),
        ("JPEG", rgb_jpeg(profile)),
    ]
}

#[test]
fn profiles_of_every_format_are_followed() {
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    for (_, bytes) in all(&profile) {
        // By the matrices of both (CSS Color 4, 10.2 and 10.3).
        assert_colour(&bytes, [215, 93, 31]);
    }
}

#[test]
fn a_damaged_profile_leaves_the_picture_as_it_is() {
    let mut damaged = ColorProfile::new_display_p3().encode().unwrap();
    damaged[128..].fill(0xff);
    for profile in [&damaged[..], b"no profile at all"] {
        for (_, bytes) in all(profile) {
            assert_colour(&bytes, [200, 100, 50]);
        }
    }
}

#[test]
fn hashes_know_nothing_of_profiles() {
    let of = |bytes: &[u8]| {
        hashes(bytes, true, JobLimits::default())
            .unwrap()
            .picture
            .unwrap()
    };
    let [p3, none] =
        [ColorProfile::new_display_p3().encode().unwrap(), vec![0; 9]].map(|p| all(&p));
    for ((name, with), (_, without)) in p3.iter().zip(&none) {
        assert_eq!(of(with), of(without), "{name}");
    }
}

#[test]
fn inks_with_and_without_adobes_mark() {
    let inks = [200, 100, 50, 220];
    let marked = samples::ycck(100, 80, &plain(&inks));
    // Adobe's inks are 255 for none: 200 × 220 / 255 and so on.
    assert_colour(&marked, [173, 86, 43]);
    // Without the mark the same four numbers are no YCCK but inks, 0 for none. Of (200, 100, 50) they are (131, 170, 74).
    let plain = samples::without_segments(&marked, 0xee);
    let light = |ink: u32| ((255 - ink) * (255 - 220) / 255) as u8;
    assert_colour(&plain, [light(131), light(170), light(74)]);
}

#[test]
fn a_profile_of_inks_is_followed() {
    let marked = samples::ycck(100, 80, &plain(&[200, 100, 50, 255]));
    let profile = inks_of_lab([60, 128, 128]);
    let body = [b"ICC_PROFILE\0\x01\x01", &profile[..]].concat();
    // Whatever the inks, this profile says a grey of L* 60 / 255 × 100.
    assert_colour(&samples::with_segment(&marked, 0xe2, &body), [56, 56, 56]);
    let broken = [b"ICC_PROFILE\0\x01\x01", &profile[..200]].concat();
    assert_colour(
        &samples::with_segment(&marked, 0xe2, &broken),
        [200, 100, 50],
    );
}

/// An ICC profile of four inks (ICC.1:2022, 10.10 `lut8Type`) in which every mixture is one Lab colour.
fn inks_of_lab(lab: [u8; 3]) -> Vec<u8> {
    let steps: Vec<u8> = (0..=255).collect();
    let mut table = b"mft1\0\0\0\0\x04\x03\x02\0".to_vec();
    for at in 0..9 {
        table.extend((u32::from(at % 4 == 0) << 16).to_be_bytes());
    }
    (0..4).for_each(|_| table.extend(&steps));
    (0..16).for_each(|_| table.extend(lab));
    (0..3).for_each(|_| table.extend(&steps));
    let mut header = vec![0; 128];
    header[8..12].copy_from_slice(&[4, 0x40, 0, 0]);
    header[12..24].copy_from_slice(b"prtrCMYKLab ");
    header[36..40].copy_from_slice(b"acsp");
    // D50, as every profile has it.
    header[68..80].copy_from_slice(&[0, 0, 0xf6, 0xd6, 0, 1, 0, 0, 0, 0, 0xd3, 0x2d]);
    let mut profile = header;
    profile.extend(1_u32.to_be_bytes());
    profile.extend(b"A2B0");
    profile.extend(144_u32.to_be_bytes());
    profile.extend(u32::try_from(table.len()).unwrap().to_be_bytes());
    profile.extend(table);
    let length = u32::try_from(profile.len()).unwrap().to_be_bytes();
    profile[..4].copy_from_slice(&length);
    profile
}
