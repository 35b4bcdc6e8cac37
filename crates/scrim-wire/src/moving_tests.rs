#![allow(clippy::unwrap_used, reason = "tests")]
use super::*;
use crate::worker::{JobKind, Made};

const FACTS: MovingFacts = MovingFacts {
    container: Container::WebM,
    duration_ms: 300,
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

fn clip_frames(times: &[u16]) -> ClipFrames {
    let mut begins_ms = [0; CLIP_FRAMES_MAX];
    begins_ms[..times.len()].copy_from_slice(times);
    ClipFrames {
        count: times.len().try_into().unwrap(),
        begins_ms,
    }
}

#[test]
fn the_bytes_of_moving_jobs_are_frozen() {
    let cover = CoverLook {
        sigma_per_mille: 25,
        grey: true,
        sketch: false,
    };
    for (job, frozen) in [
        (
            MovingJob::Sheet { stills: 9, cover },
            &[5_u8, 0, 9, 25, 1, 0][..],
        ),
        (
            MovingJob::Still {
                at_ms: 300,
                make: StillKind::Cover(cover),
            },
            &[5, 1, 0xac, 2, 0, 25, 1, 0],
        ),
        (
            MovingJob::Still {
                at_ms: 1,
                make: StillKind::Fit {
                    max_width: 3,
                    max_height: 4,
                },
            },
            &[5, 1, 1, 1, 3, 4],
        ),
        (
            MovingJob::Still {
                at_ms: 1,
                make: StillKind::Soft {
                    max_width: 3,
                    max_height: 4,
                    sigma_per_myriad: 25,
                },
            },
            &[5, 1, 1, 2, 3, 4, 25],
        ),
        (MovingJob::Waveform, &[5, 2]),
        (
            MovingJob::Frames {
                clip: 300,
                make: StillKind::Cover(cover),
            },
            &[5, 3, 0xac, 2, 0, 25, 1, 0],
        ),
        (
            MovingJob::Sound {
                clip: 300,
                look: SoundLook {
                    cap_db: 20,
                    narrow: true,
                },
            },
            &[5, 4, 0xac, 2, 20, 1],
        ),
    ] {
        let kind = JobKind::Moving(job);
        assert_eq!(postcard::to_stdvec(&kind).unwrap(), frozen, "{job:?}");
        assert_eq!(postcard::from_bytes::<JobKind>(frozen).unwrap(), kind);
    }
}

#[test]
fn the_bytes_of_what_was_made_are_frozen() {
    let facts = [
        1, 0xac, 2, 1, 2, 0xc0, 2, 0xb4, 1, 0xa8, 0xc3, 1, 1, 2, 2, 0x80, 0xf7, 2,
    ];
    for (made, frozen) in [
        (
            MovingOutput::Sheet {
                cell_width: 4,
                cell_height: 3,
            },
            &[0_u8, 4, 3][..],
        ),
        (
            MovingOutput::Still {
                width: 4,
                height: 3,
                at_ms: 40,
                next_ms: Some(80),
            },
            &[1, 4, 3, 40, 1, 80],
        ),
        (MovingOutput::Waveform, &[2]),
        (
            MovingOutput::Frames {
                width: 4,
                height: 3,
                frames: clip_frames(&[0, 40, 300]),
            },
            &[&[3, 4, 3, 3, 0, 40, 0xac, 2][..], &[0; 27]].concat()[..],
        ),
        (MovingOutput::Sound { samples: 24_000 }, &[4, 0xc0, 0xbb, 1]),
    ] {
        let made = Made::Moving(MovingMade { facts: FACTS, made });
        let frozen = [&[2][..], &facts, frozen].concat();
        assert_eq!(postcard::to_stdvec(&made).unwrap(), frozen);
        assert_eq!(postcard::from_bytes::<Made>(&frozen).unwrap(), made);
    }
}

#[test]
fn facts_that_cannot_be_true_are_known() {
    assert!(FACTS.can_be());
    let picture = |change: fn(&mut PictureFacts)| {
        let mut facts = FACTS;
        facts.picture.as_mut().map(change).unwrap();
        facts
    };
    let sound = |change: fn(&mut SoundFacts)| {
        let mut facts = FACTS;
        facts.sound.as_mut().map(change).unwrap();
        facts
    };
    for facts in [
        MovingFacts {
            duration_ms: 0,
            ..FACTS
        },
        MovingFacts {
            duration_ms: DURATION_MS_MAX + 1,
            ..FACTS
        },
        MovingFacts {
            picture: None,
            sound: None,
            ..FACTS
        },
        picture(|picture| picture.width = 0),
        picture(|picture| picture.height = FRAME_SIDE_MAX + 1),
        picture(|picture| (picture.width, picture.height) = (6_001, 6_000)),
        sound(|sound| sound.channels = 0),
        sound(|sound| sound.channels = 9),
        sound(|sound| sound.rate_hz = 0),
        sound(|sound| sound.rate_hz = 192_001),
    ] {
        assert!(!facts.can_be(), "{facts:?}");
    }
}

#[test]
fn stills_lie_in_the_middle_of_equal_shares() {
    assert_eq!(
        sheet_times(9_000, 9),
        [500, 1_500, 2_500, 3_500, 4_500, 5_500, 6_500, 7_500, 8_500]
    );
    assert_eq!(sheet_times(1, 4), [0, 0, 0, 0]);
    let longest = sheet_times(DURATION_MS_MAX, SHEET_STILLS_MAX);
    assert!(longest.is_sorted() && longest.last().unwrap() < &DURATION_MS_MAX);
}

#[test]
fn grids_have_room_for_every_still() {
    for (stills, columns, rows) in [(4, 2, 2), (5, 3, 2), (9, 3, 3), (10, 4, 3), (16, 4, 4)] {
        assert_eq!(SheetGrid::of(stills), SheetGrid { columns, rows });
    }
}

#[test]
fn frames_of_a_clip_rise_from_its_start() {
    let most: Vec<u16> = (0..30).map(|frame| frame * 33).collect();
    for times in [&[0][..], &[0, 1], &[0, 999], &most] {
        let frames = clip_frames(times);
        assert!(frames.can_be(), "{times:?}");
        assert_eq!(frames.times(), times);
    }
    for times in [&[][..], &[1], &[0, 40, 40], &[0, 40, 39], &[0, 1000]] {
        assert!(!clip_frames(times).can_be(), "{times:?}");
    }
    let mut frames = clip_frames(&most);
    frames.count = 31;
    assert!(!frames.can_be() && frames.times().is_empty());
    // A number that stands for nothing is not said.
    frames.count = 29;
    assert!(!frames.can_be());
}

#[test]
fn clips_hold_all_of_the_time_and_no_more() {
    for (clip, duration_ms, len_ms) in [
        (0, 1, Some(1)),
        (0, 1000, Some(1000)),
        (1, 1000, None),
        (1, 1001, Some(1)),
        (2, 4_000, Some(1000)),
        (u32::MAX, u32::MAX, None),
    ] {
        assert_eq!(clip_len_ms(clip, duration_ms), len_ms, "{clip}");
    }
    assert_eq!((clip_samples(1000), clip_samples(1)), (24_000, 24));
}

#[test]
fn sound_is_covered_within_limits() {
    let look = |cap_db| SoundLook {
        cap_db,
        narrow: false,
    };
    assert!(look(0).can_be() && look(60).can_be() && !look(61).can_be());
}
