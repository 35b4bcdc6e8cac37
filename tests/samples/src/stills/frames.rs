//! Pictures of several frames. Frame `n` is plain, of the grey [`grey_of`] `n`.

use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame, ImageFormat, RgbImage};

use super::MADE;
use super::hostile::chunk;

/// The grey of a frame, from 0.
#[must_use]
pub fn grey_of(frame: u32) -> u8 {
    u8::try_from(40 + frame % 7 * 30).expect("at most 220")
}

fn plain(width: u32, height: u32, frame: u32) -> DynamicImage {
    let grey = grey_of(frame);
    RgbImage::from_pixel(width, height, image::Rgb([grey; 3])).into()
}

fn encoded(width: u32, height: u32, frame: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    plain(width, height, frame)
        .write_to(&mut bytes, format)
        .expect(MADE);
    bytes.into_inner()
}

/// One of each format that can move, with its name.
#[must_use]
pub fn all(width: u32, height: u32, frames: u32) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("GIF", gif(width, height, frames)),
        ("APNG", apng(width, height, frames)),
        ("WebP", webp(width, height, frames)),
    ]
}

/// GIF.
#[must_use]
pub fn gif(width: u32, height: u32, frames: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let frames = (0..frames).map(|frame| Frame::new(plain(width, height, frame).into_rgba8()));
    GifEncoder::new_with_speed(&mut bytes, 30)
        .encode_frames(frames)
        .expect(MADE);
    bytes
}

/// APNG whose first frame is the default picture.
#[must_use]
pub fn apng(width: u32, height: u32, frames: u32) -> Vec<u8> {
    animated_png(width, height, 0..frames)
}

/// APNG whose default picture, of frame 0's grey, stands before the animation and is no part of it.
#[must_use]
pub fn apng_apart(width: u32, height: u32, frames: u32) -> Vec<u8> {
    animated_png(width, height, 1..frames)
}

fn animated_png(width: u32, height: u32, frames: std::ops::Range<u32>) -> Vec<u8> {
    let first = encoded(width, height, 0, ImageFormat::Png);
    let count = frames.end - frames.start;
    let mut parts = vec![
        first[..33].to_vec(),
        chunk(b"acTL", &[count.to_be_bytes(), [0; 4]].concat()),
    ];
    let mut number = 0_u32;
    let mut next = || {
        number += 1;
        (number - 1).to_be_bytes()
    };
    if frames.start > 0 {
        parts.push(chunk(b"IDAT", &data_of(&first)));
    }
    for frame in frames {
        let places = [width, height, 0, 0].map(u32::to_be_bytes).concat();
        // A tenth of a second, drawn over what was there.
        let control = [&next()[..], &places, &[0, 1, 0, 10, 0, 0]].concat();
        parts.push(chunk(b"fcTL", &control));
        let data = data_of(&encoded(width, height, frame, ImageFormat::Png));
        parts.push(match frame {
            0 => chunk(b"IDAT", &data),
            _ => chunk(b"fdAT", &[&next()[..], &data].concat()),
        });
    }
    parts.push(chunk(b"IEND", &[]));
    parts.concat()
}

/// The pixels' bytes of a PNG.
fn data_of(png: &[u8]) -> Vec<u8> {
    let (mut at, mut data) = (8, Vec::new());
    while at < png.len() {
        let length = u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes")) as usize;
        if &png[at + 4..at + 8] == b"IDAT" {
            data.extend_from_slice(&png[at + 8..at + 8 + length]);
        }
        at += length + 12;
    }
    data
}

/// WebP, without loss.
#[must_use]
pub fn webp(width: u32, height: u32, frames: u32) -> Vec<u8> {
    let three = |number: u32| number.to_le_bytes()[..3].to_vec();
    let size = [three(width - 1), three(height - 1)].concat();
    // It moves; a transparent ground, for ever.
    let mut parts = vec![
        riff(b"VP8X", &[&[2, 0, 0, 0][..], &size].concat()),
        riff(b"ANIM", &[0; 6]),
    ];
    for frame in 0..frames {
        let still = encoded(width, height, frame, ImageFormat::WebP);
        let head = [three(0), three(0), size.clone(), three(100), vec![2]].concat();
        parts.push(riff(b"ANMF", &[&head[..], &still[12..]].concat()));
    }
    let body = [b"WEBP".to_vec(), parts.concat()].concat();
    riff(b"RIFF", &body)
}

fn riff(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len())
        .expect("a part's length")
        .to_le_bytes();
    let mut part = [kind, &length[..], body].concat();
    part.resize(part.len().next_multiple_of(2), 0);
    part
}
