//! Video and sound, without a worker's walls: contact sheet, still, waveform, and the frames and sound of a clip.
//!
//! Input: a byte for the job, then the medium. FFmpeg's own code has no edge counters; what it makes of an input is seen by
//! the outcome, and a crash in it by whoever watches this process.

use scrim_samples::moving::{
    AV1_OPUS_WEBM, FAST_MP4, H264_AAC_MP4, SILENT_MP4, TONE_MP3, TONE_OPUS_OGG, TONE_VORBIS_OGG,
    TONE_WAV, TURNED_MP4, VP8_VORBIS_WEBM, VP9_OPUS_WEBM,
};
use scrim_wire::build_id::BUILD_ID;
use scrim_wire::moving::{
    CoverLook, DURATION_MS_MAX, MovingJob, MovingMade, MovingOutput, SheetGrid, SoundLook,
    StillKind, WAVEFORM_PEAKS,
};
use scrim_wire::worker::{Job, JobKind, JobLimits, Made, Waived};

use super::{Shape, Target, class};

pub(super) const NAMES: [&str; 3] = ["moving-mp4", "moving-webm", "moving-sound"];
/// Half of it is the decoder's, which leaves it room below [`crate::limits::HANG_AFTER`].
const DEADLINE_MS: u32 = 1_000;
const STILLS: u8 = 4;
const COVER: StillKind = StillKind::Cover(LOOK);
const LOOK: CoverLook = CoverLook {
    sigma_per_mille: 25,
    grey: true,
    sketch: false,
};
const FIT: StillKind = StillKind::Fit {
    max_width: 40,
    max_height: 30,
};
const HEARD: SoundLook = SoundLook {
    cap_db: 12,
    narrow: true,
};
const JOBS: [MovingJob; 7] = [
    MovingJob::Sheet {
        stills: STILLS,
        cover: LOOK,
    },
    MovingJob::Still {
        at_ms: 700,
        make: FIT,
    },
    MovingJob::Waveform,
    MovingJob::Frames {
        clip: 0,
        make: COVER,
    },
    MovingJob::Frames { clip: 1, make: FIT },
    MovingJob::Sound {
        clip: 1,
        look: HEARD,
    },
    MovingJob::Still {
        at_ms: DURATION_MS_MAX,
        make: COVER,
    },
];

pub(super) struct Moving {
    name: &'static str,
    samples: &'static [&'static [u8]],
}

impl Moving {
    /// The target of `name`, if it is one of these.
    pub(super) fn named(name: &str) -> Option<Self> {
        let at = NAMES.iter().position(|known| *known == name)?;
        let samples: [&[&[u8]]; 3] = [
            &[FAST_MP4, SILENT_MP4, TURNED_MP4, H264_AAC_MP4],
            &[VP8_VORBIS_WEBM, VP9_OPUS_WEBM, AV1_OPUS_WEBM],
            &[TONE_VORBIS_OGG, TONE_OPUS_OGG, TONE_MP3, TONE_WAV],
        ];
        Some(Self {
            name: NAMES[at],
            samples: samples[at],
        })
    }
}

impl Target for Moving {
    fn name(&self) -> &'static str {
        self.name
    }

    fn shape(&self) -> Shape {
        Shape::Bytes
    }

    fn first_inputs(&self) -> Vec<Vec<u8>> {
        let of = |job: u8, medium: &[u8]| [&[job], medium].concat();
        let whole = self.samples.iter().enumerate().flat_map(|(at, medium)| {
            // Sheet and waveform of each, and one more job in turn.
            let turn = 3 + (at % (JOBS.len() - 3)) as u8;
            [of(0, medium), of(2, medium), of(turn, medium)]
        });
        let half = &self.samples[0][..self.samples[0].len() / 2];
        let others = [of(0, half), of(1, b"harmless text"), of(1, &[]), Vec::new()];
        whole.chain(others).collect()
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        let Some((job, medium)) = input.split_first() else {
            return class(b"no job");
        };
        let job = Job {
            build: BUILD_ID.to_owned(),
            kind: JobKind::Moving(JOBS[usize::from(*job) % JOBS.len()]),
            media_len: medium.len() as u64,
            output_len: 0,
            deadline_ms: DEADLINE_MS,
            limits: JobLimits::default(),
            frame: 0,
            waived: Waived::default(),
        };
        match scrim_decode_av::work(&job, medium) {
            Ok((Made::Moving(made), bytes)) => class(kept(made, &bytes).as_bytes()),
            Ok(_) => panic!("a picture came of what moves"),
            Err(why) => class(format!("{why:?}").as_bytes()),
        }
    }
}

/// What was made, in a word, after its promises were looked at.
fn kept(MovingMade { facts, made }: MovingMade, bytes: &[u8]) -> String {
    assert!((1..=DURATION_MS_MAX).contains(&facts.duration_ms));
    let pixels = |width: u32, height: u32, count: u32| {
        assert!(width > 0 && height > 0);
        (width * height * count * 4) as usize
    };
    let (length, word) = match made {
        MovingOutput::Sheet {
            cell_width,
            cell_height,
        } => {
            let grid = SheetGrid::of(STILLS);
            let length = pixels(cell_width, cell_height, grid.columns * grid.rows);
            (length, "sheet".to_owned())
        }
        MovingOutput::Still {
            width,
            height,
            next_ms,
            ..
        } => {
            let word = format!("still {} {}", width > height, next_ms.is_some());
            (pixels(width, height, 1), word)
        }
        MovingOutput::Waveform => (WAVEFORM_PEAKS, "waveform".to_owned()),
        MovingOutput::Frames {
            width,
            height,
            frames,
        } => {
            assert!(frames.can_be());
            let length = pixels(width, height, frames.count.into());
            (length, format!("frames {}", frames.count / 4))
        }
        MovingOutput::Sound { samples } => (samples as usize * 2, "sound".to_owned()),
    };
    assert_eq!(bytes.len(), length);
    format!(
        "{word} {:?} {:?} {:?}",
        facts.container,
        facts.picture.map(|picture| picture.codec),
        facts.sound.map(|sound| sound.codec)
    )
}
