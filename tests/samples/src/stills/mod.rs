//! Abstract stills in every format that Scrim shows, made for tests of decoders, and ways to break them.

pub mod avif;
pub mod frames;
pub mod hostile;

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use scrim_wire::worker::Rejection;

/// What would have to be a fault of an encoder.
const MADE: &str = "a picture of checked size is encoded";

/// A picture with gradients and a checkerboard corner.
#[must_use]
pub fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        if x < width / 2 && y < height / 2 && (x / 4 + y / 4) % 2 == 0 {
            image::Rgb([255; 3])
        } else {
            image::Rgb([(x * 255 / width) as u8, (y * 255 / height) as u8, 60])
        }
    })
}

fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture(width, height))
        .write_to(&mut bytes, format)
        .expect(MADE);
    bytes.into_inner()
}

/// JPEG of quality 90, 4:4:4.
#[must_use]
pub fn jpeg(width: u32, height: u32, progressive: bool) -> Vec<u8> {
    let source = picture(width, height);
    let mut compressor = turbojpeg::Compressor::new().expect(MADE);
    compressor.set_quality(90).expect(MADE);
    compressor.set_progressive(progressive).expect(MADE);
    let image = turbojpeg::Image {
        pixels: source.as_raw().as_slice(),
        width: width as usize,
        pitch: width as usize * 3,
        height: height as usize,
        format: turbojpeg::PixelFormat::RGB,
    };
    compressor.compress_to_vec(image).expect(MADE)
}

/// PNG of three channels.
#[must_use]
pub fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(width, height, ImageFormat::Png)
}

/// WebP without loss.
#[must_use]
pub fn webp(width: u32, height: u32) -> Vec<u8> {
    encoded(width, height, ImageFormat::WebP)
}

/// GIF of one frame.
#[must_use]
pub fn gif(width: u32, height: u32) -> Vec<u8> {
    encoded(width, height, ImageFormat::Gif)
}

/// BMP of 24 bits.
#[must_use]
pub fn bmp(width: u32, height: u32) -> Vec<u8> {
    encoded(width, height, ImageFormat::Bmp)
}

/// TIFF of three channels, not compressed.
#[must_use]
pub fn tiff(width: u32, height: u32) -> Vec<u8> {
    encoded(width, height, ImageFormat::Tiff)
}

/// A JPEG of four inks, as Adobe writes them: the lights that are left, and no black.
#[must_use]
pub fn inked_jpeg(width: u32, height: u32) -> Vec<u8> {
    let lights = DynamicImage::ImageRgb8(picture(width, height)).into_rgba8();
    ycck(width, height, lights.as_raw())
}

/// The same of given inks.
#[must_use]
pub fn ycck(width: u32, height: u32, inks: &[u8]) -> Vec<u8> {
    let mut compressor = turbojpeg::Compressor::new().expect(MADE);
    compressor.set_quality(95).expect(MADE);
    let image = turbojpeg::Image {
        pixels: inks,
        width: width as usize,
        pitch: width as usize * 4,
        height: height as usize,
        format: turbojpeg::PixelFormat::CMYK,
    };
    compressor.compress_to_vec(image).expect(MADE)
}

/// A JPEG with a segment before all others.
#[must_use]
pub fn with_segment(jpeg: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).expect(MADE).to_be_bytes();
    [&jpeg[..2], &[0xff, marker], &length, body, &jpeg[2..]].concat()
}

/// A JPEG without the segments of a marker.
#[must_use]
pub fn without_segments(jpeg: &[u8], marker: u8) -> Vec<u8> {
    let (mut kept, mut at) = (jpeg[..2].to_vec(), 2);
    while jpeg[at + 1] != 0xda {
        let length = usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if jpeg[at + 1] != marker {
            kept.extend(&jpeg[at..at + 2 + length]);
        }
        at += 2 + length;
    }
    [&kept, &jpeg[at..]].concat()
}

/// One of each format, with its name.
#[must_use]
pub fn all(width: u32, height: u32) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("baseline JPEG", jpeg(width, height, false)),
        ("progressive JPEG", jpeg(width, height, true)),
        ("PNG", png(width, height)),
        ("WebP", webp(width, height)),
        ("GIF", gif(width, height)),
        ("BMP", bmp(width, height)),
        ("TIFF", tiff(width, height)),
        ("CMYK JPEG", inked_jpeg(width, height)),
        ("AVIF", avif::avif(avif::still(width, height))),
    ]
}

/// A JPEG with an Exif orientation.
#[must_use]
pub fn turned_jpeg(width: u32, height: u32, orientation: u8) -> Vec<u8> {
    let mut tiff = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    tiff.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    with_segment(&jpeg(width, height, false), 0xe1, &tiff)
}

/// A PNG whose header claims a size, followed by `data` as its image data.
#[must_use]
pub fn png_claiming(width: u32, height: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    for (kind, body) in [
        (b"IHDR", header.as_slice()),
        (b"IDAT", data),
        (b"IEND", &[]),
    ] {
        let mut chunk = kind.to_vec();
        chunk.extend(body);
        bytes.extend(u32::try_from(body.len()).expect(MADE).to_be_bytes());
        bytes.extend(&chunk);
        bytes.extend(crc32(&chunk).to_be_bytes());
    }
    bytes
}

/// CRC-32 as PNG uses it (W3C PNG, annex D).
#[must_use]
pub fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for &byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    !crc
}

/// A JPEG whose frame header claims a size.
#[must_use]
pub fn jpeg_claiming(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg(16, 16, false);
    let at = bytes
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .expect(MADE);
    bytes[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    bytes[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

/// A GIF whose screen claims a size.
#[must_use]
pub fn gif_claiming(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = gif(16, 16);
    bytes[6..8].copy_from_slice(&width.to_le_bytes());
    bytes[8..10].copy_from_slice(&height.to_le_bytes());
    bytes
}

/// Bad media, and the reason that every job over them has.
#[must_use]
pub fn bad() -> Vec<(Vec<u8>, Rejection)> {
    let mut half = png(400, 300);
    half.truncate(half.len() / 2);
    vec![
        (half, Rejection::Truncated),
        (b"harmless text".to_vec(), Rejection::Unsupported),
        (png_claiming(65_535, 65_535, &[0; 9]), Rejection::TooLarge),
        (png_claiming(0, 0, &[]), Rejection::Malformed),
    ]
}
