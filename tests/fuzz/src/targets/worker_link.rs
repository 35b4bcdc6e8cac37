//! What a worker and the agent say to each other.
//!
//! Input: `w` for what the worker reads, anything else for what the agent reads, then pieces as in
//! `links`. The worker has read hostile bytes: each number of its answer is checked.

use scrim_media::{checked_hashes, checked_len, checked_moving};
use scrim_model::Pdq;
use scrim_model::pdq::PDQ_QUALITY_MAX;
use scrim_wire::build_id::BUILD_ID;
use scrim_wire::moving::{
    CLIP_FRAMES_MAX, ClipFrames, Container, DURATION_MS_MAX, MovingFacts, MovingJob, MovingMade,
    MovingOutput, PictureCodec, PictureFacts, SoundCodec, SoundFacts, SoundLook,
};
use scrim_wire::worker::{
    Answer, DecodedInfo, FRAMES_MAX, Format, HashRule, Job, JobKind, JobLimits, Made, MediumHashes,
    PictureHash, Posture, Rejection, SOURCE_SIDE_MAX, Waived,
};

use super::links::{frame, messages, same_again};
use super::{Shape, Target, class};

pub(super) const NAME: &str = "worker-link";
/// The box that was asked for, and the room for it.
const BOX: (u32, u32) = (64, 48);
const ROOM: usize = 64 * 48 * 4;

const FACTS: MovingFacts = MovingFacts {
    container: Container::WebM,
    duration_ms: 4_000,
    picture: Some(PictureFacts {
        codec: PictureCodec::Vp9,
        width: 320,
        height: 180,
        frames_per_1000_s: 25_000,
    }),
    sound: Some(SoundFacts {
        codec: SoundCodec::Opus,
        channels: 2,
        rate_hz: 48_000,
    }),
};

const FRAMES: ClipFrames = ClipFrames {
    count: 1,
    begins_ms: [0; CLIP_FRAMES_MAX],
};

pub(super) struct WorkerLink;

impl Target for WorkerLink {
    fn name(&self) -> &'static str {
        NAME
    }

    fn shape(&self) -> Shape {
        Shape::Bytes
    }

    fn first_inputs(&self) -> Vec<Vec<u8>> {
        let job = |kind| Job {
            build: BUILD_ID.to_owned(),
            kind,
            media_len: 300,
            output_len: ROOM as u64,
            deadline_ms: 5000,
            limits: JobLimits::default(),
            frame: 7,
            waived: Waived { landlock: true },
        };
        let info = DecodedInfo {
            width: 8,
            height: 6,
            source_width: 80,
            source_height: 60,
            format: Format::Png,
            frames: 9,
        };
        let answer = |result| Answer {
            build: BUILD_ID.to_owned(),
            posture: Posture::default(),
            result,
        };
        let (max_width, max_height) = BOX;
        let cover = JobKind::Cover {
            sigma_per_mille: 25,
            grey: true,
            sketch: false,
        };
        let soft = JobKind::Soft {
            max_width,
            max_height,
            sigma_per_myriad: 25,
        };
        let jobs = [
            JobKind::Probe,
            JobKind::Fit {
                max_width,
                max_height,
            },
            cover,
            soft,
            JobKind::Hashes { of_pixels: true },
            JobKind::Moving(MovingJob::Waveform),
            JobKind::Moving(MovingJob::Sound {
                clip: 3,
                look: SoundLook {
                    cap_db: 20,
                    narrow: true,
                },
            }),
        ];
        let picture = PictureHash {
            rule: HashRule::FullSizeAsStored,
            pdq: Pdq::from_bytes([0xa5; 32]),
            quality: PDQ_QUALITY_MAX,
        };
        let hashes = MediumHashes {
            sha256: [1; 32],
            md5: [2; 16],
            sha1: [3; 20],
            picture: Ok(picture),
        };
        let mut inputs: Vec<Vec<u8>> = jobs
            .map(|kind| [b"w", &frame(&job(kind), 0)[..]].concat())
            .into();
        inputs.push([b"a", &frame(&answer(Ok(Made::Picture(info))), 0)[..]].concat());
        inputs.push([b"a", &frame(&answer(Ok(Made::Hashes(hashes))), 0)[..]].concat());
        for made in [
            MovingOutput::Waveform,
            MovingOutput::Frames {
                width: 8,
                height: 6,
                frames: FRAMES,
            },
            MovingOutput::Sound { samples: 24_000 },
        ] {
            let moving = Made::Moving(MovingMade { facts: FACTS, made });
            inputs.push([b"a", &frame(&answer(Ok(moving)), 0)[..]].concat());
        }
        inputs.push([b"a", &frame(&answer(Err(Rejection::Malformed)), 1)[..]].concat());
        inputs
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        let (which, pieces) = input.split_first().unwrap_or((&b'a', &[]));
        let mut said = String::new();
        let error = if *which == b'w' {
            let (read, error) = messages::<Job>(pieces);
            for (job, descriptors) in &read {
                same_again(job);
                said.push_str(&format!(
                    "{:?}+{} ",
                    std::mem::discriminant(&job.kind),
                    descriptors.len()
                ));
            }
            error
        } else {
            let (read, error) = messages::<Answer>(pieces);
            for (answer, descriptors) in &read {
                same_again(answer);
                said.push_str(&format!("{}+{} ", judged(answer), descriptors.len()));
            }
            error
        };
        class(format!("{} {said} {error:?}", *which == b'w').as_bytes())
    }
}

/// What the agent makes of an answer; a picture that passes fits its room.
fn judged(answer: &Answer) -> String {
    let info = match &answer.result {
        Ok(Made::Picture(info)) => info,
        Ok(made @ Made::Hashes(_)) => {
            let Ok(hashes) = checked_hashes(*made) else {
                return "no hashes".to_owned();
            };
            match hashes.picture {
                Ok(picture) => assert!(picture.quality <= PDQ_QUALITY_MAX),
                Err(why) => assert!(why.is_of_a_worker()),
            }
            return "hashes".to_owned();
        }
        Ok(made @ Made::Moving(_)) => {
            let Ok((facts, output)) = checked_moving(*made) else {
                return "no medium that lasts".to_owned();
            };
            assert!((1..=DURATION_MS_MAX).contains(&facts.duration_ms));
            assert!(facts.picture.is_some() || facts.sound.is_some());
            if let MovingOutput::Frames { frames, .. } = output {
                let (times, can_be) = (frames.times(), frames.can_be());
                assert!(!can_be || (!times.is_empty() && times.is_sorted()));
                return format!("frames {can_be}");
            }
            return format!("{:?}", std::mem::discriminant(&output));
        }
        Err(why) => return format!("{why:?}"),
    };
    match checked_len(info, BOX, ROOM) {
        Ok(len) => {
            assert_eq!(
                len as u64,
                u64::from(info.width) * u64::from(info.height) * 4
            );
            assert!((1..=ROOM).contains(&len) && info.width <= BOX.0 && info.height <= BOX.1);
            assert!((1..=FRAMES_MAX).contains(&info.frames));
            assert!(info.source_width <= SOURCE_SIDE_MAX && info.source_height <= SOURCE_SIDE_MAX);
            "fits".to_owned()
        }
        Err(why) => format!("{why:?}"),
    }
}
