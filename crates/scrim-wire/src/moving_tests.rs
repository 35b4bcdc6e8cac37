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
