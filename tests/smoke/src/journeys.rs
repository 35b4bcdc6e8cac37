//! The journeys. Each is what a moderator does and sees, and what must never happen on the way.

use scrim_model::Kind;
use scrim_samples::encode::Format;
use scrim_samples::pictures::checkerboard_of;
use scrim_samples::{PictureFile, Sample, Settings, sample_of};
use scrim_wire::window::NoticeKey;

use crate::apart_journeys::APART;
use crate::broken_journeys;
use crate::check_in_journeys::CHECK_INS;
use crate::colleague_journeys::COLLEAGUES;
use crate::conflict_journeys::CONFLICTS;
use crate::copies_journeys::COPIES;
use crate::covering_journeys;
use crate::film_journeys::FILMS;
use crate::floor_journeys::FLOOR;
use crate::judging_journeys::JUDGING;
use crate::keeping_journeys;
use crate::key_journeys;
use crate::lead_journeys::LEADS;
use crate::limit_journeys::{self, LIMITS};
use crate::lock_journeys::LOCK;
use crate::looking_journeys::LOOKING;
use crate::row_journeys::ROWS;
use crate::several_journeys::SEVERAL;
use crate::stage::{Failed, Look, Stage};

/// One journey.
pub(crate) struct Journey {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) run: fn() -> Result<(), Failed>,
}

/// All of them, in the order in which they are run.
pub(crate) fn all() -> impl Iterator<Item = &'static Journey> {
    let main = MAIN.iter().chain(LOOKING);
    let others = LIMITS.iter().chain(FLOOR).chain(CHECK_INS);
    let left = CONFLICTS.iter().chain(LOCK);
    main.chain(others)
        .chain(APART)
        .chain(COLLEAGUES)
        .chain(COPIES)
        .chain(SEVERAL)
        .chain(FILMS)
        .chain(LEADS)
        .chain(JUDGING)
        .chain(ROWS)
        .chain(left)
}

/// The main job from the first frame to the receipt.
const MAIN: &[Journey] = &[
    Journey {
        name: "covered-first",
        about: "every kind of item is covered in its first frame",
        run: covering_journeys::covered_first,
    },
    Journey {
        name: "hold-reveal-and-release",
        about: "a held key looks through the lens, letting go covers at once",
        run: covering_journeys::hold_reveal_and_release,
    },
    Journey {
        name: "latch",
        about: "a latched look and a full view end after 8 seconds",
        run: covering_journeys::latch_and_full,
    },
    Journey {
        name: "re-cover-on-focus-loss",
        about: "another program in front covers in the same frame",
        run: covering_journeys::focus_loss,
    },
    Journey {
        name: "cover-all",
        about: "F9 blanks the window; a second press brings it back",
        run: covering_journeys::cover_all,
    },
    Journey {
        name: "one-finger-on-two-keys",
        about: "neighbouring keys pressed together decide nothing, on this item or the next",
        run: keeping_journeys::one_finger_on_two_keys,
    },
    Journey {
        name: "decide-undo-decide",
        about: "a decision is taken back inside five seconds and made again, and arrives once",
        run: keeping_journeys::decide_undo_decide,
    },
    Journey {
        name: "escalate-with-confirmation",
        about: "passing on is asked in place and is said to be done only when the server shows it",
        run: keeping_journeys::escalate,
    },
    Journey {
        name: "break-blocks-serving",
        about: "after 50 minutes and two snoozes nothing new is served until a break is over",
        run: limit_journeys::break_blocks_serving,
    },
    Journey {
        name: "offline-then-sync",
        about: "without a server the hand is worked off, and everything arrives once it is back",
        run: broken_journeys::offline_then_sync,
    },
    Journey {
        name: "window-crash-loses-nothing",
        about: "a new window shows the same item, covered, with its draft",
        run: broken_journeys::window_crash,
    },
    Journey {
        name: "restart-loses-nothing",
        about: "a decision that was not sent yet is sent after a restart, once",
        run: broken_journeys::restart,
    },
    Journey {
        name: "draft-survives",
        about: "what was chosen, written and marked is there after the agent was killed",
        run: keeping_journeys::draft_survives,
    },
    Journey {
        name: "correct-sent-decision",
        about: "a sent decision is corrected once, and too late is said",
        run: keeping_journeys::correct_sent_decision,
    },
    Journey {
        name: "ask-and-hand-over",
        about: "an asked item keeps its claim until the answer, a handed over one goes with its draft",
        run: keeping_journeys::ask_and_hand_over,
    },
    Journey {
        name: "bad-media-can-be-decided",
        about: "a file that cannot be shown safely says so and can be decided",
        run: broken_journeys::bad_media,
    },
    Journey {
        name: "search-policy",
        about: "a policy of any level is found by its words and chosen with the arrows",
        run: key_journeys::search_policy,
    },
    Journey {
        name: "masked-conversation",
        about: "a talk is masked; a key goes to flagged words, and only holding reads them",
        run: key_journeys::masked_conversation,
    },
    Journey {
        name: "translation-is-masked",
        about: "a translation says who made it and is masked until it is held open",
        run: key_journeys::translation_is_masked,
    },
    Journey {
        name: "mark-region-is-sent",
        about: "a region marked on the covered picture arrives at the server with the decision",
        run: key_journeys::mark_region_is_sent,
    },
    Journey {
        name: "calm",
        about: "without input two frames one second apart are identical",
        run: covering_journeys::calm,
    },
];

/// An image item whose picture is a sharp checkerboard; no two of them are copies.
pub(crate) fn checkered(number: u64, kind: Kind) -> Sample {
    let mut board = checkerboard_of(640, 480, 8);
    for (x, y, pixel) in board.enumerate_pixels_mut() {
        // Each block of 80 × 80 is darker or not, by the number.
        let block = u64::from(x / 80 + 8 * (y / 80));
        let bit = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29) >> block & 1;
        if bit == 1 {
            for channel in &mut pixel.0[..3] {
                *channel -= *channel / 3;
            }
        }
    }
    let picture = PictureFile::new(Format::Png, &board);
    sample_of(&Settings::default(), number, kind, vec![picture])
}

pub(crate) fn images(count: u64) -> Vec<Sample> {
    (1..=count)
        .map(|number| checkered(number, Kind::Image))
        .collect()
}

pub(crate) fn desk(count: u64) -> Result<Stage, Failed> {
    Stage::set(&images(count), Look::default())
}

pub(crate) fn item(stage: &mut Stage) -> Option<String> {
    stage.model().item.map(|item| item.id.as_str().to_owned())
}

/// Sum of squared steps between neighbouring pixels: what is left of sharpness.
pub(crate) fn sharpness(picture: &image::RgbaImage, area: (u32, u32, u32, u32)) -> f64 {
    let (left, top, right, bottom) = area;
    let luma = |x, y| {
        picture.get_pixel(x, y).0[..3]
            .iter()
            .map(|c| f64::from(*c))
            .sum::<f64>()
            / 3.0
    };
    let rows = (top..bottom).flat_map(|y| (left + 1..right).map(move |x| (x, y)));
    rows.map(|(x, y)| (luma(x, y) - luma(x - 1, y)).powi(2))
        .sum()
}

pub(crate) fn noticed(stage: &mut Stage, key: NoticeKey) -> bool {
    stage.model().notices.iter().any(|notice| notice.key == key)
}
