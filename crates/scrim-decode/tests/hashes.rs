//! Hashes of media, by real workers behind their real walls. Workers that lie are in `processes/hashes.rs`.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;

use scrim_decode::hashes::hashes;
use scrim_decode::pdq::{Hashed, pdq};
use scrim_decode::pixels::{Layout, Pixels};
use scrim_media::{HashRule, Medium, MediumHashes, PictureHash, Pool, PoolSettings, Rejection};
use scrim_samples::stills as samples;
use scrim_wire::worker::{JobLimits, MEDIA_BYTES_MAX};

fn worker() -> PathBuf {
    env!("CARGO_BIN_EXE_scrim-decode").into()
}

fn found(bytes: &[u8]) -> MediumHashes {
    let medium = Medium::copy(bytes).unwrap();
    Pool::new(PoolSettings::new(worker()))
        .hashes(&medium)
        .unwrap()
}

fn pixels_hash(bytes: &[u8]) -> Result<PictureHash, Rejection> {
    hashes(bytes, true, JobLimits::default()).unwrap().picture
}

/// Of every pixel, decoded here.
fn of_jpeg(jpeg: &[u8]) -> Hashed {
    let image = turbojpeg::decompress(jpeg, turbojpeg::PixelFormat::RGB).unwrap();
    let (width, height) = (image.width as u32, image.height as u32);
    pdq(&Pixels::new(width, height, Layout::Rgb, image.pixels).unwrap())
}

fn of_bytes(bytes: &[u8]) -> [String; 3] {
    hashes(bytes, false, JobLimits::default()).unwrap().texts()
}

/// FIPS 180-4's examples, RFC 1321's test suite, and the million of "a" of both.
#[test]
fn the_standards_own_values() {
    let [sha256, md5, sha1] = of_bytes(b"abc");
    assert_eq!(
        sha256,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!(md5, "900150983cd24fb0d6963f7d28e17f72");
    assert_eq!(sha1, "a9993e364706816aba3e25717850c26c9cd0d89d");
    let [sha256, _, sha1] = of_bytes(b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
    assert_eq!(
        sha256,
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    );
    assert_eq!(sha1, "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    let md5 = |bytes: &[u8]| of_bytes(bytes)[1].clone();
    assert_eq!(md5(b"a"), "0cc175b9c0f1b6a831c399e269772661");
    assert_eq!(md5(b"message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
    let digits = "1234567890".repeat(8);
    assert_eq!(md5(digits.as_bytes()), "57edf4a22be3c955ac49da2e2107b67a");
    let [sha256, md5, sha1] = of_bytes(&vec![b'a'; 1_000_000]);
    assert_eq!(
        sha256,
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    );
    assert_eq!(md5, "7707d6ae4e027c70eea2a935c2296f21");
    assert_eq!(sha1, "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

#[test]
fn nothing_and_too_much_have_no_hashes() {
    let hashes = |bytes: &[u8]| hashes(bytes, true, JobLimits::default());
    assert_eq!(hashes(b""), Err(Rejection::Empty));
    let too_much = vec![0; usize::try_from(MEDIA_BYTES_MAX).unwrap() + 1];
    assert_eq!(hashes(&too_much), Err(Rejection::TooLarge));
}

#[test]
fn every_format_has_its_hashes_behind_the_walls() {
    for (name, bytes) in samples::all(300, 200) {
        let found = found(&bytes);
        assert_eq!(
            found,
            hashes(&bytes, true, JobLimits::default()).unwrap(),
            "{name}"
        );
        let picture = found.picture.expect(name);
        assert_eq!(picture.rule, HashRule::FullSizeAsStored, "{name}");
        assert!(picture.quality > 0, "{name}");
    }
}

#[test]
fn pictures_without_loss_have_the_hash_of_what_was_drawn() {
    for (width, height) in [(300, 200), (7, 9), (64, 64), (3, 3)] {
        let picture = samples::picture(width, height).into_raw();
        let expected = pdq(&Pixels::new(width, height, Layout::Rgb, picture).unwrap());
        for bytes in [samples::png(width, height), samples::webp(width, height)] {
            let got = found(&bytes).picture.unwrap();
            assert_eq!((got.pdq, got.quality), (expected.hash, expected.quality));
        }
    }
}

#[test]
fn a_picture_of_12_megapixels_is_hashed_in_full_before_its_deadline() {
    let drawn = samples::picture(4000, 3000).into_raw();
    let drawn = pdq(&Pixels::new(4000, 3000, Layout::Rgb, drawn).unwrap());
    let jpeg = samples::jpeg(4000, 3000, false);
    for (bytes, expected) in [
        (samples::png(4000, 3000), drawn),
        (jpeg.clone(), of_jpeg(&jpeg)),
    ] {
        let got = found(&bytes).picture.unwrap();
        assert_eq!((got.pdq, got.quality), (expected.hash, expected.quality));
    }
}

#[test]
fn a_small_jpeg_is_not_hashed_at_a_reduction() {
    // At seven eighths it would have the same size and other pixels.
    let jpeg = samples::jpeg(7, 7, false);
    assert_eq!(pixels_hash(&jpeg).unwrap().pdq, of_jpeg(&jpeg).hash);
}

#[test]
fn exif_does_not_turn_what_is_hashed() {
    let upright = pixels_hash(&samples::turned_jpeg(300, 200, 1)).unwrap();
    for orientation in 2..=8 {
        let turned = pixels_hash(&samples::turned_jpeg(300, 200, orientation)).unwrap();
        assert_eq!(turned, upright);
    }
}

#[test]
fn what_cannot_be_decoded_has_the_hashes_of_its_bytes() {
    for (bytes, expected) in samples::bad() {
        let found = found(&bytes);
        assert_eq!(found.picture, Err(expected));
        let of_bytes = hashes(&bytes, false, JobLimits::default()).unwrap();
        assert_eq!(found.texts(), of_bytes.texts());
    }
    let text = found(b"abc").texts();
    assert_eq!(text[2], "a9993e364706816aba3e25717850c26c9cd0d89d");
}

#[test]
fn a_worker_that_needs_too_much_memory_leaves_the_hashes_of_the_bytes() {
    // 16-bit colour: the header is within 256 megapixels, the pixels are not within the memory of a worker.
    let mut bytes = samples::png_claiming(15_000, 17_000, &[0; 9]);
    bytes[24] = 16;
    let checksum = samples::crc32(&bytes[12..29]).to_be_bytes();
    bytes[29..33].copy_from_slice(&checksum);
    let found = found(&bytes);
    assert_eq!(found.picture, Err(Rejection::MemoryExceeded));
    let of_bytes = hashes(&bytes, false, JobLimits::default()).unwrap();
    assert_eq!(found.texts(), of_bytes.texts());
}
