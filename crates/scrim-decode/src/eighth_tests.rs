#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use scrim_samples::stills;
use turbojpeg::{Compressor, Decompressor, Image, PixelFormat, ScalingFactor, Subsamp};

use super::*;
use crate::pixels::Layout;

const SUBSAMPLINGS: [Subsamp; 5] = [
    Subsamp::None,
    Subsamp::Sub2x2,
    Subsamp::Sub2x1,
    Subsamp::Sub1x2,
    Subsamp::Sub4x1,
];

fn file(width: u32, height: u32, subsampling: Subsamp, progressive: bool) -> Vec<u8> {
    let picture = stills::picture(width, height);
    let mut compressor = Compressor::new().unwrap();
    compressor.set_quality(80).unwrap();
    compressor.set_subsamp(subsampling).unwrap();
    compressor.set_progressive(progressive).unwrap();
    let image = Image {
        pixels: picture.as_raw().as_slice(),
        width: width as usize,
        pitch: width as usize * 3,
        height: height as usize,
        format: PixelFormat::RGB,
    };
    compressor.compress_to_vec(image).unwrap()
}

/// The size that the header says, and what libjpeg-turbo makes of the file at an eighth.
fn expected(bytes: &[u8], format: PixelFormat) -> turbojpeg::Result<((u32, u32), Vec<u8>)> {
    let mut decoder = Decompressor::new()?;
    let header = decoder.read_header(bytes)?;
    decoder.set_scaling_factor(ScalingFactor::ONE_EIGHTH)?;
    let scaled = header.scaled(ScalingFactor::ONE_EIGHTH);
    let pitch = scaled.width * format.size();
    let mut image = Image {
        pixels: vec![0; pitch * scaled.height],
        width: scaled.width,
        pitch,
        height: scaled.height,
        format,
    };
    decoder.decompress(bytes, image.as_deref_mut())?;
    Ok(((header.width as u32, header.height as u32), image.pixels))
}

fn is_as_expected(bytes: &[u8]) {
    let (size, pixels) = expected(bytes, PixelFormat::RGB).unwrap();
    let made = decode(bytes, size, (1, 1)).unwrap();
    let made = match made.layout {
        Layout::Grey => made.bytes.iter().flat_map(|&grey| [grey; 3]).collect(),
        _ => made.bytes,
    };
    assert_eq!(made, pixels);
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker][..], &length, body].concat()
}

/// A file whose codes are 0 for a difference of four bits, 10 for none, and 0 for a block that has nothing else.
fn by_hand(frame: &[u8], segments: &[Vec<u8>]) -> Vec<u8> {
    let of_means = [&[0, 1, 1][..], &[0; 14], &[4, 0]].concat();
    let of_others = [&[0x10, 1][..], &[0; 15], &[0]].concat();
    [
        &[0xff, 0xd8][..],
        &segment(0xdb, &[&[0][..], &[8; 64]].concat()),
        &segment(0xc0, frame),
        &segment(0xc4, &of_means),
        &segment(0xc4, &of_others),
        &segments.concat(),
        &[0xff, 0xd9],
    ]
    .concat()
}

#[test]
fn colours_of_full_size_are_those_of_libjpeg_turbo() {
    for progressive in [false, true] {
        for subsampling in [Subsamp::None, Subsamp::Gray] {
            for (width, height) in [(640, 480), (637, 475), (9, 250), (1, 1)] {
                is_as_expected(&file(width, height, subsampling, progressive));
            }
        }
    }
}

#[test]
fn reduced_colours_are_near_those_of_libjpeg_turbo() {
    // It makes four means of each of their blocks; here each has one.
    for subsampling in SUBSAMPLINGS {
        for progressive in [false, true] {
            for (width, height) in [(640, 480), (637, 475)] {
                let bytes = file(width, height, subsampling, progressive);
                let (size, pixels) = expected(&bytes, PixelFormat::RGB).unwrap();
                let made = decode(&bytes, size, (1, 1)).unwrap().bytes;
                assert_eq!(made.len(), pixels.len());
                let sum: f64 = made
                    .iter()
                    .zip(&pixels)
                    .map(|(&a, &b)| f64::from(a.abs_diff(b)))
                    .sum();
                let mean = sum / made.len() as f64;
                assert!(mean < 6.0, "{subsampling:?} {progressive}: {mean}");
            }
        }
    }
}

#[test]
fn restarts_begin_anew() {
    let frame = [8, 0, 8, 0, 24, 1, 1, 0x11, 0];
    let restarts = segment(0xdd, &[0, 1]);
    let scan = segment(0xda, &[1, 1, 0, 0, 63, 0]);
    // Differences of 10, 12 and 9.
    let data = |restarts: [u8; 2]| {
        let [first, second] = restarts;
        vec![0x53, 0xff, first, 0x63, 0xff, second, 0x4b]
    };
    let right = by_hand(
        &frame,
        &[restarts.clone(), scan.clone(), data([0xd0, 0xd1])],
    );
    is_as_expected(&right);
    let made = decode(&right, (24, 8), (1, 1)).unwrap();
    assert_eq!(made.bytes, vec![138, 140, 137]);
    for odd in [
        by_hand(
            &frame,
            &[restarts.clone(), scan.clone(), data([0xd1, 0xd0])],
        ),
        by_hand(&frame, &[restarts, scan.clone(), vec![0x53, 0x63, 0x4b]]),
        by_hand(&frame, &[scan, data([0xd0, 0xd1])]),
    ] {
        assert!(decode(&odd, (24, 8), (1, 1)).is_none());
        assert!(expected(&odd, PixelFormat::RGB).is_err());
    }
}

#[test]
fn colours_may_come_one_after_the_other() {
    // Two blocks of brightness, three with what fills up the unit; one of each other colour.
    let frame = [8, 0, 8, 0, 12, 3, 1, 0x21, 0, 2, 0x11, 0, 3, 0x11, 0];
    let scan = |name| segment(0xda, &[1, name, 0, 0, 63, 0]);
    let segments = [
        [scan(1), vec![0b0101_0000, 0b1010_1111]].concat(),
        [scan(2), vec![0b0111_0011]].concat(),
        [scan(3), vec![0b0100_1011]].concat(),
    ];
    let right = by_hand(&frame, &segments);
    is_as_expected(&right);
    let missing = by_hand(&frame, &segments[..2]);
    assert!(decode(&missing, (12, 8), (1, 1)).is_none());
    let twice = by_hand(&frame, &[segments.concat(), segments[1].clone()]);
    assert!(decode(&twice, (12, 8), (1, 1)).is_none());
}

#[test]
fn what_is_not_needed_of_a_progressive_file_is_not_read() {
    let whole = file(640, 480, Subsamp::Sub2x2, true);
    let made = decode(&whole, (640, 480), (1, 1)).unwrap();
    let mut damaged = whole.clone();
    let last = whole
        .windows(2)
        .rposition(|pair| pair == [0xff, 0xda])
        .unwrap();
    damaged[last + 12..whole.len() - 2].fill(0x55);
    assert!(expected(&damaged, PixelFormat::RGB).is_err() || damaged == whole);
    assert_eq!(decode(&damaged, (640, 480), (1, 1)), Some(made));
}

#[test]
fn files_with_an_end_missing_are_left_to_libjpeg_turbo() {
    for progressive in [false, true] {
        let whole = file(160, 120, Subsamp::Sub2x2, progressive);
        assert!(decode(&whole, (160, 120), (1, 1)).is_some());
        for end in 0..whole.len() {
            assert!(decode(&whole[..end], (160, 120), (1, 1)).is_none(), "{end}");
        }
    }
}

#[test]
fn small_ones_and_ones_of_another_size_are_left_to_libjpeg_turbo() {
    let bytes = file(640, 480, Subsamp::Sub2x2, false);
    assert!(decode(&bytes, (640, 480), (40, 30)).is_some());
    for (size, needed) in [
        ((640, 480), (41, 30)),
        ((640, 480), (40, 31)),
        ((641, 480), (1, 1)),
        ((640, 479), (1, 1)),
    ] {
        assert!(decode(&bytes, size, needed).is_none());
    }
}

#[test]
fn covers_go_this_way() {
    let bytes = file(1_024, 768, Subsamp::Sub2x2, true);
    let sources = crate::source::SourceLimits::from(scrim_wire::worker::JobLimits::default());
    let covered = crate::jpeg::decode(&bytes, sources, crate::source::Want::Cover).unwrap();
    assert_eq!(Some(covered.pixels), decode(&bytes, (1_024, 768), (64, 48)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// What is read here is never what libjpeg-turbo would refuse.
    #[test]
    fn flipped_bytes_are_read_as_libjpeg_turbo_reads_them(
        kind in 0..SUBSAMPLINGS.len(),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = file(70, 50, SUBSAMPLINGS[kind], false);
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= value;
        }
        if decode(&bytes, (70, 50), (1, 1)).is_some() {
            let made = expected(&bytes, PixelFormat::RGB).map(|(size, _)| size);
            prop_assert!(matches!(made, Ok((70, 50))), "{:?}", made);
        }
    }

    #[test]
    fn flipped_bytes_of_progressive_files_end(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = file(70, 50, Subsamp::Sub2x2, true);
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= value;
        }
        if let Some(made) = decode(&bytes, (70, 50), (1, 1)) {
            prop_assert_eq!((made.width, made.height), (9, 7));
        }
    }
}
