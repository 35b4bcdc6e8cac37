//! The hashes of a medium: decoders behind them, without a worker's walls.
//!
//! Input: the medium. A panic of a decoder is caught in a worker and is a finding here; AVIF has a target of its own.

use scrim_decode::decode::format_of;
use scrim_decode::hashes::hashes;
use scrim_model::pdq::PDQ_QUALITY_MAX;
use scrim_samples::stills;
use scrim_wire::worker::{Format, JobLimits, Rejection};

use super::{Shape, Target, class};

pub(super) const NAME: &str = "medium-hashes";
/// Pictures stay small, so that many are tried.
const LIMITS: JobLimits = JobLimits {
    source_pixels_max: 65_536,
    source_side_max: 4_096,
};

pub(super) struct MediumHashes;

impl Target for MediumHashes {
    fn name(&self) -> &'static str {
        NAME
    }

    fn shape(&self) -> Shape {
        Shape::Bytes
    }

    fn first_inputs(&self) -> Vec<Vec<u8>> {
        let mut inputs = vec![
            stills::jpeg(24, 18, false),
            stills::jpeg(24, 18, true),
            stills::png(24, 18),
            stills::webp(24, 18),
            stills::gif(24, 18),
            stills::bmp(24, 18),
            stills::tiff(24, 18),
        ];
        inputs.push(b"harmless text".to_vec());
        inputs.push(Vec::new());
        inputs
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        if format_of(input) == Ok(Format::Avif) {
            return class(b"AVIF");
        }
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
