//! The hashes of a medium: decoders behind them, without a worker's walls.
//!
//! Input: the medium. A panic of a decoder is caught in a worker and is a finding here.

use image::{DynamicImage, ImageFormat, RgbImage};
use scrim_decode::hashes::hashes;
use scrim_model::pdq::PDQ_QUALITY_MAX;
use scrim_wire::worker::{JobLimits, Rejection};

use super::{Shape, Target, class};

pub(super) const NAME: &str = "medium-hashes";
/// Pictures stay small, so that many are tried.
const LIMITS: JobLimits = JobLimits {
    source_pixels_max: 65_536,
    source_side_max: 4_096,
};

pub(super) struct MediumHashes;

fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture.clone())
        .write_to(&mut bytes, format)
        .expect("a small picture can be encoded");
    bytes.into_inner()
}

fn jpeg(picture: &RgbImage, progressive: bool) -> Vec<u8> {
    let mut compressor = turbojpeg::Compressor::new().expect("there is memory");
    compressor
        .set_progressive(progressive)
        .expect("is a setting of every JPEG");
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let image = turbojpeg::Image {
        pixels: picture.as_raw().as_slice(),
        width,
        pitch: width * 3,
        height,
        format: turbojpeg::PixelFormat::RGB,
    };
    compressor
        .compress_to_vec(image)
        .expect("a small picture can be encoded")
}

impl Target for MediumHashes {
    fn name(&self) -> &'static str {
        NAME
    }

    fn shape(&self) -> Shape {
        Shape::Bytes
    }

    fn first_inputs(&self) -> Vec<Vec<u8>> {
        let picture = RgbImage::from_fn(24, 18, |x, y| {
            image::Rgb([(x * 10) as u8, (y * 14) as u8, ((x ^ y) * 8) as u8])
        });
        let formats = [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif];
        let mut inputs: Vec<Vec<u8>> = formats.map(|format| encoded(&picture, format)).into();
        inputs.extend([false, true].map(|progressive| jpeg(&picture, progressive)));
        inputs.push(b"harmless text".to_vec());
        inputs.push(Vec::new());
        inputs
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        let found = match hashes(input, true, LIMITS) {
            Ok(found) => found,
            Err(why) => {
                assert!(input.is_empty() && why == Rejection::Empty);
                return class(b"empty");
            }
        };
        let of_bytes = hashes(input, false, LIMITS).expect("bytes always have hashes");
        assert_eq!(found.texts(), of_bytes.texts());
        assert_eq!(of_bytes.picture, Err(Rejection::Unsupported));
        let said = match found.picture {
            Ok(picture) => {
                assert!(picture.quality <= PDQ_QUALITY_MAX);
                format!("quality {}", picture.quality / 10)
            }
            Err(why) => format!("{why:?}"),
        };
        class(said.as_bytes())
    }
}
