//! One format's decoder: cover, clear picture and whole pixels, without a worker's walls.
//!
//! Input: the medium, whose first bytes are made those of the format. A panic of a decoder is caught in a worker and is a
//! finding here, but for AV1's: see [`super::apart`].

use scrim_decode::decode::{decode, format_of};
use scrim_decode::hashes::hashes;
use scrim_samples::stills::{self, avif};
use scrim_wire::worker::{Format, JobKind, JobLimits};

use super::{Shape, Target, apart, class};
use crate::limits::MEMORY_BYTES_MAX;

pub(super) const NAMES: [&str; 7] = [
    "picture-jpeg",
    "picture-png",
    "picture-webp",
    "picture-gif",
    "picture-bmp",
    "picture-tiff",
    "picture-avif",
];
const FORMATS: [Format; 7] = [
    Format::Jpeg,
    Format::Png,
    Format::WebP,
    Format::Gif,
    Format::Bmp,
    Format::Tiff,
    Format::Avif,
];
/// Pictures stay small, so that many are tried.
const LIMITS: JobLimits = JobLimits {
    source_pixels_max: 65_536,
    source_side_max: 4_096,
};
const COVER: JobKind = JobKind::Cover {
    sigma_per_mille: 25,
    grey: false,
    sketch: false,
};
const FIT: JobKind = JobKind::Fit {
    max_width: 40,
    max_height: 30,
};

pub(super) struct Picture {
    name: &'static str,
    format: Format,
}

impl Picture {
    /// The target of `name`, if it is one of these.
    pub(super) fn named(name: &str) -> Option<Self> {
        let at = NAMES.iter().position(|known| *known == name)?;
        Some(Self {
            name: NAMES[at],
            format: FORMATS[at],
        })
    }

    /// Files of the format in one size.
    fn of_size(&self, width: u32, height: u32) -> Vec<Vec<u8>> {
        match self.format {
            Format::Jpeg => vec![
                stills::jpeg(width, height, false),
                stills::jpeg(width, height, true),
                stills::inked_jpeg(width, height),
                stills::turned_jpeg(width, height, 6),
            ],
            Format::Png => vec![stills::png(width, height)],
            Format::WebP => vec![stills::webp(width, height)],
            Format::Gif => vec![stills::gif(width, height)],
            Format::Bmp => vec![stills::bmp(width, height)],
            Format::Tiff => vec![stills::tiff(width, height)],
            Format::Avif => Vec::new(),
        }
    }
}

impl Target for Picture {
    fn name(&self) -> &'static str {
        self.name
    }

    fn shape(&self) -> Shape {
        Shape::Bytes
    }

    fn first_inputs(&self) -> Vec<Vec<u8>> {
        let mut inputs = match self.format {
            Format::Avif => [avif::still(48, 40), avif::RAMP, avif::DEEP, avif::DEEPER]
                .map(avif::avif)
                .into(),
            _ => self.of_size(24, 18),
        };
        // Cut off, upright, too large, wide enough for a cover from means, of no kind, nothing: outcomes that every format has.
        let half = inputs[0][..inputs[0].len() / 2].to_vec();
        inputs.push(half);
        match self.format {
            Format::Avif => inputs.push(avif::avif(avif::still(400, 300))),
            _ => inputs.extend(
                [
                    self.of_size(18, 24),
                    self.of_size(300, 300),
                    self.of_size(520, 24),
                ]
                .concat(),
            ),
        }
        inputs.extend([b"harmless text".to_vec(), Vec::new()]);
        inputs
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        if format_of(input) != Ok(self.format) {
            return class(b"another format");
        }
        if self.format == Format::Avif {
            return apart::run(MEMORY_BYTES_MAX, || outcome(input));
        }
        outcome(input)
    }
}

fn outcome(input: &[u8]) -> u64 {
    let mut said = String::new();
    for kind in [COVER, FIT] {
        match decode(input, kind, LIMITS) {
            Ok((info, pixels)) => {
                assert_eq!((info.width, info.height), (pixels.width, pixels.height));
                assert_eq!(pixels.bytes.len() as u32, info.width * info.height * 4);
                let opaque = pixels.bytes.iter().skip(3).step_by(4);
                assert!(opaque.into_iter().all(|&alpha| alpha == 255));
                said.push_str(if info.width > info.height {
                    "wide"
                } else {
                    "high"
                });
            }
            Err(why) => said.push_str(&format!("{why:?}")),
        }
    }
    match hashes(input, true, LIMITS).expect("is not empty").picture {
        Ok(picture) => said.push_str(&format!("{}", picture.quality / 10)),
        Err(why) => said.push_str(&format!("{why:?}")),
    }
    class(said.as_bytes())
}
