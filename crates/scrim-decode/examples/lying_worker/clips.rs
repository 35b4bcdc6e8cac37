//! What a worker says of clips that it never made.

use scrim_wire::moving::{
    CLIP_FRAMES_MAX, ClipFrames, Container, MovingFacts, MovingJob, MovingMade, MovingOutput,
    PictureCodec, PictureFacts, SoundCodec, SoundFacts,
};
use scrim_wire::worker::Made;

/// Two frames of 2 × 2, or a whole second of silence, of four seconds of both.
pub(super) fn honest(job: MovingJob) -> Made {
    let facts = MovingFacts {
        container: Container::Mp4,
        duration_ms: 4_000,
        picture: Some(PictureFacts {
            codec: PictureCodec::H264,
            width: 4,
            height: 4,
            frames_per_1000_s: 25_000,
        }),
        sound: Some(SoundFacts {
            codec: SoundCodec::Aac,
            channels: 2,
            rate_hz: 48_000,
        }),
    };
    let made = match job {
        MovingJob::Sound { .. } => MovingOutput::Sound { samples: 24_000 },
        _ => frames(2, 2, &[0, 40]),
    };
    Made::Moving(MovingMade { facts, made })
}

/// An answer that is not to be believed; none if the trick is another.
pub(super) fn false_answer(trick: &str, job: MovingJob) -> Option<Made> {
    let Made::Moving(MovingMade { mut facts, made }) = honest(job) else {
        return None;
    };
    let rising: Vec<u16> = (0..30).map(|frame| frame * 33).collect();
    let made = match trick {
        "claims-31-frames" => with_count(frames(2, 2, &rising), 31),
        "claims-255-frames" => with_count(frames(2, 2, &rising), 255),
        "claims-no-frames" => with_count(frames(2, 2, &[0]), 0),
        "claims-falling-times" => frames(2, 2, &[0, 80, 40]),
        "claims-a-time-twice" => frames(2, 2, &[0, 40, 40]),
        "claims-a-late-start" => frames(2, 2, &[1, 40]),
        "claims-a-time-behind-the-clip" => frames(2, 2, &[0, 1_000]),
        "claims-a-wide-clip" => frames(9, 2, &rising),
        "claims-a-clip-without-height" => frames(2, 0, &rising),
        "claims-a-huge-clip" => frames(u32::MAX, u32::MAX, &rising),
        "claims-a-sample-too-many" => MovingOutput::Sound { samples: 24_001 },
        "claims-a-sample-too-few" => MovingOutput::Sound { samples: 23_999 },
        "claims-countless-samples" => MovingOutput::Sound { samples: u32::MAX },
        "claims-another-output" => MovingOutput::Waveform,
        "claims-a-medium-without-either" => {
            (facts.picture, facts.sound) = (None, None);
            made
        }
        "claims-a-medium-without-it" => {
            match job {
                MovingJob::Sound { .. } => facts.sound = None,
                _ => facts.picture = None,
            }
            made
        }
        "claims-an-earlier-end" => {
            facts.duration_ms = 1_000;
            made
        }
        "claims-an-end-before-the-last-frame" => {
            facts.duration_ms = 1_040;
            made
        }
        _ => return None,
    };
    Some(Made::Moving(MovingMade { facts, made }))
}

fn frames(width: u32, height: u32, times: &[u16]) -> MovingOutput {
    let mut begins_ms = [0; CLIP_FRAMES_MAX];
    begins_ms[..times.len()].copy_from_slice(times);
    let count = u8::try_from(times.len()).expect("few");
    MovingOutput::Frames {
        width,
        height,
        frames: ClipFrames { count, begins_ms },
    }
}

fn with_count(mut output: MovingOutput, to: u8) -> MovingOutput {
    if let MovingOutput::Frames { frames, .. } = &mut output {
        frames.count = to;
    }
    output
}
