//! One item of every kind that a desk knows, with pictures for measuring covers.

use image::RgbaImage;
use scrim_model::Kind;

use crate::encode::Format;
use crate::files::PictureFile;
use crate::pictures::{checkerboard_of, shapes};
use crate::{Sample, Settings, sample_of};

/// Width and height of every picture, in pixels.
const SIZE: (u32, u32) = (1280, 960);

/// Width and height of a square: far finer than what a cover of 2.5 % lets through (32 pixels).
const SQUARE: u32 = 16;

/// Kinds and how many pictures each has.
const ITEMS: [(Kind, u64); 6] = [
    (Kind::Image, 1),
    (Kind::Post, 3),
    (Kind::Link, 1),
    (Kind::Account, 1),
    (Kind::Text, 0),
    (Kind::Conversation, 0),
];

/// Six samples: an image, a post of three pictures, a link with its capture, an account with its
/// picture, a text and a conversation. Of `settings`, only `seed` and `now` count.
///
/// Every picture is another one: shapes, of which a cover keeps the outline, half over a
/// checkerboard, of which it may keep nothing.
#[must_use]
pub fn checkered(settings: &Settings) -> Vec<Sample> {
    (1..)
        .zip(ITEMS)
        .map(|(number, (kind, count))| {
            let pictures = (0..count)
                .map(|n| PictureFile::new(Format::Png, &drawn(settings.seed, number * 10 + n)))
                .collect();
            sample_of(settings, number, kind, pictures)
        })
        .collect()
}

fn drawn(seed: u64, number: u64) -> RgbaImage {
    let (width, height) = SIZE;
    let mut picture = shapes(width, height, seed.wrapping_mul(1_000) + number);
    let board = checkerboard_of(width, height, SQUARE);
    for (pixel, square) in picture.pixels_mut().zip(board.pixels()) {
        for (channel, other) in pixel.0.iter_mut().zip(square.0) {
            *channel = channel.midpoint(other);
        }
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_there_once_with_sharp_pictures_of_its_own() {
        let samples = checkered(&Settings::default());
        let found: Vec<_> = samples
            .iter()
            .map(|s| (s.ingest.item.kind.clone(), s.files.len() as u64))
            .collect();
        assert_eq!(found, ITEMS);
        let mut files: Vec<_> = samples.iter().flat_map(|s| &s.files).collect();
        files.dedup_by(|a, b| a.1 == b.1);
        assert_eq!(files.len(), 6);
        let picture = image::load_from_memory(&files[0].1)
            .expect("a whole file")
            .into_luma8();
        assert_eq!(picture.dimensions(), SIZE);
        let step = |x| i32::from(picture.get_pixel(x, 0).0[0]);
        assert!((step(SQUARE - 1) - step(SQUARE)).abs() >= 60);
    }

    #[test]
    fn what_is_written_has_something_to_cover() {
        for sample in checkered(&Settings::default()) {
            let item = sample.ingest.item;
            if item.media.is_empty() {
                assert!(item.texts.iter().any(|text| !text.flagged.is_empty()));
            }
        }
    }
}
