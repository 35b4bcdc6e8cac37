//! The pictures of one sample, as files.

use image::RgbaImage;
use scrim_model::Kind;

use crate::Settings;
use crate::encode::{Breakage, Format, encode_jpeg, encode_jpeg_turned};
use crate::font::write_sample_text;
use crate::pictures::{Pattern, brighter, picture, resized};
use crate::plan::{Copy, Plan, Special};
use crate::random::Random;

/// A picture's file, with what a server says of it. Width and height are in pixels, as a person
/// sees the picture; `None` where nothing can be said.
#[derive(Debug, Clone)]
pub struct PictureFile {
    /// The file.
    pub bytes: Vec<u8>,
    /// What it says it is.
    pub format: Format,
    /// Pixels across and down.
    pub size: Option<(u32, u32)>,
    /// A smaller version, as a platform may keep one for lists.
    pub cover: Option<Vec<u8>>,
}

impl PictureFile {
    /// `picture` as a whole file of this form.
    #[must_use]
    pub fn new(format: Format, picture: &RgbaImage) -> Self {
        Self {
            bytes: format.encode(picture),
            format,
            size: Some(picture.dimensions()),
            cover: None,
        }
    }

    /// With a JPEG of at most [`COVER_SIDE`] pixels on the long side, if `picture` is larger than that.
    #[must_use]
    pub fn with_cover(mut self, picture: &RgbaImage) -> Self {
        let longest = picture.width().max(picture.height());
        if longest > COVER_SIDE {
            let percent = COVER_SIDE * 100 / longest;
            self.cover = Some(encode_jpeg(&resized(picture, percent.max(1)), 75));
        }
        self
    }
}

/// Long side of a smaller version, in pixels.
const COVER_SIDE: u32 = 512;

/// Sizes of pictures that stand alone, from 320 pixels to 3 million.
const SIZES: &[(u32, u32)] = &[
    (320, 240),
    (480, 640),
    (640, 480),
    (800, 600),
    (1024, 768),
    (1080, 1350),
    (1280, 720),
    (1600, 1200),
    (1920, 1080),
    (2048, 1536),
];

/// Sizes of pictures that come several at once.
const SIZES_SMALL: &[(u32, u32)] = &[(320, 240), (320, 320), (480, 640), (640, 480), (600, 800)];

/// The largest: 12 million pixels.
const SIZE_HUGE: (u32, u32) = (4000, 3000);

/// Forms, as often as they come.
const FORMATS: &[Format] = &[
    Format::Jpeg,
    Format::Jpeg,
    Format::Jpeg,
    Format::Png,
    Format::Webp,
    Format::Gif,
];

/// Longest side of a GIF: its colour table makes it slow to write.
const GIF_SIDE_MAX: u32 = 640;

/// All files of the sample that `plan` describes.
pub(crate) fn files(plan: &Plan, settings: &Settings) -> Vec<PictureFile> {
    let mut random = Random::new(settings.seed, 1_000 + plan.number);
    let others = match plan.kind {
        Kind::Text | Kind::Conversation => return Vec::new(),
        Kind::Post => random.between(1, 11),
        Kind::Account => random.between(0, 3),
        Kind::Image if plan.special == Special::Plain && !plan.leads && random.chance(15) => {
            random.between(1, 3)
        }
        _ => 0,
    };
    let mut files = vec![first(plan, settings, &mut random)];
    for _ in 0..others {
        let (size, format) = (*random.pick(SIZES_SMALL), *random.pick(FORMATS));
        files.push(plain(plan.number, size, format, settings, &mut random));
    }
    files
}

fn first(plan: &Plan, settings: &Settings, random: &mut Random) -> PictureFile {
    let format = *random.pick(FORMATS);
    let small = matches!(plan.kind, Kind::Post | Kind::Account);
    let size = match plan.kind {
        Kind::Account => (320, 320),
        Kind::Link => (1280, 960),
        _ if plan.leads => (1280, 960),
        _ => *random.pick(if small { SIZES_SMALL } else { SIZES }),
    };
    match plan.special {
        Special::Broken(breakage) => broken(breakage, plan, settings, random),
        Special::Family(family, copy) => family_picture(family, copy, settings),
        Special::Turned => {
            let seen = drawn(plan.number, size, settings, random);
            let bytes = encode_jpeg_turned(&seen);
            PictureFile {
                bytes,
                format: Format::Jpeg,
                size: Some(seen.dimensions()),
                cover: None,
            }
        }
        Special::Huge(round) => {
            let format = if round == 2 {
                Format::Png
            } else {
                Format::Jpeg
            };
            plain(plan.number, SIZE_HUGE, format, settings, random)
        }
        Special::Plain if plan.leads => plain(plan.number, size, Format::Jpeg, settings, random),
        Special::Plain | Special::Known(_) | Special::Hidden => {
            plain(plan.number, size, format, settings, random)
        }
    }
}

fn plain(
    number: u64,
    size: (u32, u32),
    format: Format,
    settings: &Settings,
    random: &mut Random,
) -> PictureFile {
    let size = if format == Format::Gif {
        fitted(size, GIF_SIDE_MAX)
    } else {
        size
    };
    let drawn = drawn(number, size, settings, random);
    let file = PictureFile::new(format, &drawn);
    if settings.with_covers {
        file.with_cover(&drawn)
    } else {
        file
    }
}

/// A picture with "SAMPLE" and the number on it.
fn drawn(number: u64, size: (u32, u32), settings: &Settings, random: &mut Random) -> RgbaImage {
    let (width, height) = match settings.side_max {
        Some(side_max) => fitted(size, side_max),
        None => size,
    };
    let pattern = *random.pick(Pattern::ALL);
    let mut drawn = picture(pattern, width, height, random.next_u64());
    write_sample_text(&mut drawn, &format!("SAMPLE {number}"));
    drawn
}

/// `size` made smaller so that no side is longer than `side_max` pixels.
fn fitted((width, height): (u32, u32), side_max: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= side_max {
        return (width, height);
    }
    let side = |pixels: u32| {
        let fitted = u64::from(pixels) * u64::from(side_max) / u64::from(longest);
        u32::try_from(fitted).unwrap_or(side_max).max(1)
    };
    (side(width), side(height))
}

fn broken(
    breakage: Breakage,
    plan: &Plan,
    settings: &Settings,
    random: &mut Random,
) -> PictureFile {
    let source = drawn(plan.number, (640, 480), settings, random);
    let size = match breakage {
        Breakage::CutJpeg | Breakage::CutGif | Breakage::WrongEnding => Some(source.dimensions()),
        Breakage::Empty | Breakage::RandomBytes | Breakage::BombHeader => None,
    };
    let bytes = breakage.file(&source, random.next_u64());
    PictureFile {
        bytes,
        format: breakage.claimed(),
        size,
        cover: None,
    }
}

/// Pictures of one family depend on the family alone, so that copies far apart are still copies.
fn family_picture(family: u64, copy: Copy, settings: &Settings) -> PictureFile {
    let mut random = Random::new(settings.seed, 500 + family);
    let origin = drawn(900 + family, (1024, 768), settings, &mut random);
    match copy {
        Copy::Same => PictureFile::new(Format::Jpeg, &origin),
        Copy::Resized => PictureFile::new(Format::Jpeg, &resized(&origin, 50)),
        Copy::Recompressed => {
            let bytes = encode_jpeg(&origin, 45);
            PictureFile {
                bytes,
                format: Format::Jpeg,
                size: Some(origin.dimensions()),
                cover: None,
            }
        }
        Copy::Brighter => PictureFile::new(Format::Webp, &brighter(origin, 18)),
    }
}
