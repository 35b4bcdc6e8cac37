//! Pictures as files, whole ones and broken ones.

use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, RgbaImage};

use crate::random::Random;

/// A file's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JPEG, 4:4:4.
    Jpeg,
    /// PNG.
    Png,
    /// WebP, lossless.
    Webp,
    /// GIF, one frame, 256 colours.
    Gif,
}

impl Format {
    /// Media type.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Format::Jpeg => "image/jpeg",
            Format::Png => "image/png",
            Format::Webp => "image/webp",
            Format::Gif => "image/gif",
        }
    }

    /// Ending of a file's name, without the dot.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Format::Jpeg => "jpg",
            Format::Png => "png",
            Format::Webp => "webp",
            Format::Gif => "gif",
        }
    }

    /// `picture` as a file of this form; JPEG at quality 85.
    #[must_use]
    pub fn encode(self, picture: &RgbaImage) -> Vec<u8> {
        match self {
            Format::Jpeg => encode_jpeg(picture, 85),
            Format::Png => encode_png(picture),
            Format::Webp => encode_webp(picture),
            Format::Gif => encode_gif(picture),
        }
    }
}

const IN_MEMORY: &str = "writing a picture of checked size to memory cannot fail";

/// JPEG of `quality` 1–100; transparency is dropped.
#[must_use]
pub fn encode_jpeg(picture: &RgbaImage, quality: u8) -> Vec<u8> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, quality)
        .encode_image(&opaque(picture))
        .expect(IN_MEMORY);
    file
}

/// JPEG of quality 85 whose EXIF orientation is 6: stored lying on its side, shown upright by
/// whoever honours the mark. `picture` is what a person should see.
#[must_use]
pub fn encode_jpeg_turned(picture: &RgbaImage) -> Vec<u8> {
    let plain = encode_jpeg(&image::imageops::rotate270(picture), 85);
    let (start, rest) = plain.split_at(2);
    let mut file = start.to_vec();
    file.extend_from_slice(&EXIF_ORIENTATION_6);
    file.extend_from_slice(rest);
    file
}

/// APP1 segment: EXIF header, little-endian TIFF with one entry, tag 0x0112 (orientation), SHORT,
/// count 1, value 6 (CIPA DC-008, sections 4.5.2 and 4.6.4).
const EXIF_ORIENTATION_6: [u8; 36] = [
    0xff, 0xe1, 0x00, 0x22, b'E', b'x', b'i', b'f', 0, 0, b'I', b'I', 0x2a, 0, 8, 0, 0, 0, 1, 0,
    0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0,
];

/// PNG, 8 bits, without transparency.
#[must_use]
pub fn encode_png(picture: &RgbaImage) -> Vec<u8> {
    let mut file = Vec::new();
    let rgb = opaque(picture);
    PngEncoder::new(&mut file)
        .write_image(&rgb, rgb.width(), rgb.height(), ExtendedColorType::Rgb8)
        .expect(IN_MEMORY);
    file
}

/// WebP, lossless; sides at most 16,383 pixels.
#[must_use]
pub fn encode_webp(picture: &RgbaImage) -> Vec<u8> {
    let mut file = Vec::new();
    let rgb = opaque(picture);
    WebPEncoder::new_lossless(&mut file)
        .encode(&rgb, rgb.width(), rgb.height(), ExtendedColorType::Rgb8)
        .expect(IN_MEMORY);
    file
}

/// GIF, one frame; sides at most 65,535 pixels.
#[must_use]
pub fn encode_gif(picture: &RgbaImage) -> Vec<u8> {
    let mut file = Vec::new();
    GifEncoder::new_with_speed(Cursor::new(&mut file), 30)
        .encode(
            picture,
            picture.width(),
            picture.height(),
            ExtendedColorType::Rgba8,
        )
        .expect(IN_MEMORY);
    file
}

fn opaque(picture: &RgbaImage) -> image::RgbImage {
    DynamicImage::ImageRgba8(picture.clone()).into_rgb8()
}

/// A way in which a file is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breakage {
    /// A JPEG that ends after two fifths.
    CutJpeg,
    /// A whole PNG that says it is a JPEG.
    WrongEnding,
    /// No bytes at all.
    Empty,
    /// Bytes that are nothing, called PNG.
    RandomBytes,
    /// A small PNG whose header promises 60,000 × 60,000 pixels.
    BombHeader,
    /// A GIF that ends after two fifths.
    CutGif,
}

impl Breakage {
    /// All of them, the order in which samples use them.
    pub const ALL: &'static [Breakage] = &[
        Breakage::CutJpeg,
        Breakage::BombHeader,
        Breakage::WrongEnding,
        Breakage::RandomBytes,
        Breakage::CutGif,
        Breakage::Empty,
    ];

    /// What the file says it is.
    #[must_use]
    pub fn claimed(self) -> Format {
        match self {
            Breakage::CutJpeg | Breakage::WrongEnding | Breakage::Empty => Format::Jpeg,
            Breakage::RandomBytes | Breakage::BombHeader => Format::Png,
            Breakage::CutGif => Format::Gif,
        }
    }

    /// The broken file made of `picture`.
    #[must_use]
    pub fn file(self, picture: &RgbaImage, seed: u64) -> Vec<u8> {
        match self {
            Breakage::CutJpeg => cut(encode_jpeg(picture, 85)),
            Breakage::WrongEnding => encode_png(picture),
            Breakage::Empty => Vec::new(),
            Breakage::RandomBytes => {
                let mut random = Random::new(seed, 7);
                (0..512)
                    .flat_map(|_| random.next_u64().to_le_bytes())
                    .collect()
            }
            Breakage::BombHeader => bomb(encode_png(picture)),
            Breakage::CutGif => cut(encode_gif(picture)),
        }
    }
}

fn cut(mut file: Vec<u8>) -> Vec<u8> {
    file.truncate(file.len() * 2 / 5);
    file
}

/// Writes 60,000 × 60,000 into a PNG's IHDR (bytes 16–23) and mends the chunk's checksum
/// (bytes 29–32), so that only a look at the promised size can refuse the file.
fn bomb(mut png: Vec<u8>) -> Vec<u8> {
    png[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    png[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    let sum = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    png
}

/// CRC-32 as PNG uses it (W3C PNG, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| {
            if sum & 1 == 1 {
                sum >> 1 ^ 0xedb8_8320
            } else {
                sum >> 1
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use image::{ImageDecoder, ImageFormat, ImageReader};

    use super::*;
    use crate::pictures;

    fn decoded(file: &[u8], format: ImageFormat) -> image::ImageResult<DynamicImage> {
        image::load_from_memory_with_format(file, format)
    }

    #[test]
    fn every_form_can_be_read_again() {
        let picture = pictures::shapes(64, 48, 3);
        for (format, known) in [
            (Format::Jpeg, ImageFormat::Jpeg),
            (Format::Png, ImageFormat::Png),
            (Format::Webp, ImageFormat::WebP),
            (Format::Gif, ImageFormat::Gif),
        ] {
            let again = decoded(&format.encode(&picture), known).expect("a whole file");
            assert_eq!((again.width(), again.height()), (64, 48));
        }
        let png = decoded(&encode_png(&picture), ImageFormat::Png).expect("a whole file");
        assert_eq!(png.into_rgba8(), picture);
    }

    #[test]
    fn a_turned_jpeg_says_so_and_lies_on_its_side() {
        let file = encode_jpeg_turned(&pictures::gradient(64, 48, 3));
        let mut decoder = ImageReader::with_format(Cursor::new(file), ImageFormat::Jpeg)
            .into_decoder()
            .expect("a whole file");
        assert_eq!(decoder.dimensions(), (48, 64));
        let turned = decoder.orientation().expect("a mark");
        assert_eq!(turned, image::metadata::Orientation::Rotate90);
    }

    #[test]
    fn broken_files_are_broken_as_they_say() {
        let picture = pictures::noise(200, 160, 3);
        let file = |breakage: Breakage| breakage.file(&picture, 1);
        assert!(decoded(&file(Breakage::RandomBytes), ImageFormat::Png).is_err());
        assert!(decoded(&file(Breakage::CutGif), ImageFormat::Gif).is_err());
        assert!(file(Breakage::Empty).is_empty());
        assert!(!file(Breakage::CutJpeg).ends_with(&[0xff, 0xd9]));
        assert!(decoded(&file(Breakage::WrongEnding), ImageFormat::Jpeg).is_err());
        assert!(decoded(&file(Breakage::WrongEnding), ImageFormat::Png).is_ok());
        let bomb = file(Breakage::BombHeader);
        let header = ImageReader::with_format(Cursor::new(&bomb), ImageFormat::Png)
            .into_dimensions()
            .expect("a sound header");
        assert_eq!(header, (60_000, 60_000));
        assert!(bomb.len() < 1_000_000);
    }
}
