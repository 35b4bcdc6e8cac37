//! Screenshots of every state of the window that a journey seldom reaches, from what the agent
//! last sent with another state put into it.

use std::path::Path;

use image::RgbaImage;
use scrim_model::breaks::BreakPhase;
use scrim_model::hashes::Likeness;
use scrim_model::serving::Cap;
use scrim_model::{ActionKind, DecisionId, Environment, Kind, Timestamp};
use scrim_window::Arrival;
use scrim_wire::window::{
    ConfirmView, ConfirmWhat, CopiesView, CopyView, EarlierView, FeedbackView, LinkState, LockKey,
    Notice, NoticeKey, OfAuthorView, PolicyChange, PolicyChanged, Screen, ToWindow, WindowModel,
};

use crate::clock::TurnedClock;
use crate::stage::{Failed, Look, window};

/// Writes one picture a state into `folder`, with `save`; returns how many. `serving`: a model with an
/// item.
pub(crate) fn take(
    folder: &Path,
    serving: &WindowModel,
    look: Look,
    suffix: &str,
    save: impl Fn(&Path, RgbaImage) -> Result<(), Failed>,
) -> Result<usize, Failed> {
    let states = states(serving);
    for (name, model) in &states {
        let picture = drawn(model, look)?;
        save(&folder.join(format!("state-{name}-{suffix}.png")), picture)?;
    }
    Ok(states.len())
}

/// The window that shows `model`.
fn drawn(model: &WindowModel, look: Look) -> Result<RgbaImage, Failed> {
    let mut harness = window(look, &TurnedClock::default());
    let arrival = Arrival {
        message: ToWindow::Model(Box::new(model.clone())),
        pixels: None,
    };
    harness.state_mut().receive(arrival, 0);
    // Panels take their final sizes in the frames after the first.
    harness.run_steps(3);
    harness.render().map_err(Failed::new)
}

fn earlier() -> EarlierView {
    EarlierView {
        decision_id: DecisionId::new("earlier").expect("an id"),
        action: ActionKind::Remove,
        policy: "Graphic violence".to_owned(),
        at: Timestamp(1_764_000_000_000),
    }
}

fn copies(mut model: WindowModel) -> WindowModel {
    model.copies = Some(CopiesView {
        of: earlier(),
        exact: 2,
        near: vec![4, 12, 29],
        of_author: vec![OfAuthorView {
            kind: Kind::Post,
            label: "Spam · user report · post".to_owned(),
        }],
        near_ready: true,
    });
    model
}

/// The same, while it is asked whether a grave decision is to be repeated.
fn copies_asked(mut model: WindowModel) -> WindowModel {
    model.confirm = Some(ConfirmView {
        what: ConfirmWhat::Copies {
            action: ActionKind::Remove,
            count: 2,
            of_author: false,
        },
        to: String::new(),
        priority: 2,
        ready: true,
    });
    model
}

fn copy_open(mut model: WindowModel) -> WindowModel {
    if let Some(item) = &mut model.item {
        item.copy_of = Some(CopyView {
            of: earlier(),
            likeness: Likeness::Near { distance: 12 },
        });
    }
    model
}

fn states(serving: &WindowModel) -> Vec<(&'static str, WindowModel)> {
    let other = |screen| WindowModel {
        screen,
        item: None,
        ..serving.clone()
    };
    let linked = |screen, link| WindowModel {
        link,
        duty_contacts: vec!["Duty lead: extension 4417".to_owned()],
        ..other(screen)
    };
    let retry = LinkState::Offline { retry_in_s: 40 };
    let no = "This account may not review any queue. Ask your lead.".to_owned();
    let full = "The records on this computer cannot be written: the disk is full.".to_owned();
    let mut exhausted = serving.clone();
    exhausted.wellbeing.phase = BreakPhase::Exhausted;
    exhausted.wellbeing.active_min = 60;
    let mut limit = other(Screen::LimitReached);
    limit.wellbeing.exposure.cap = Cap::Reached;
    limit.wellbeing.exposure.weighted_min = Some(limit.wellbeing.exposure.weighted_max);
    let easy = |screen| {
        let mut model = other(screen);
        model.wellbeing.exposure.go_easy = true;
        model
    };
    let locked = |key| other(Screen::Locked { key });
    vec![
        ("signed-out", other(Screen::SignedOut)),
        ("connecting", linked(Screen::Connecting, LinkState::Unknown)),
        ("queue-empty", easy(Screen::QueueEmpty)),
        (
            "policies-changed",
            policies_changed(other(Screen::PoliciesChanged)),
        ),
        ("copies", copies(other(Screen::Copies))),
        ("copies-asked", copies_asked(copies(other(Screen::Copies)))),
        ("copy-open", copy_open(serving.clone())),
        ("offline-empty", linked(Screen::OfflineEmpty, retry)),
        ("break-needed", other(Screen::BreakNeeded)),
        ("break-exhausted", exhausted),
        ("lighter-next", other(Screen::LighterNext { left_s: 240 })),
        ("limit-reached", limit),
        ("shift-ended", other(Screen::ShiftEnded { unconfirmed: 2 })),
        ("covered-all", other(Screen::CoveredAll)),
        ("locked", locked(LockKey::Press)),
        ("locked-passphrase", locked(LockKey::Passphrase)),
        (
            "signed-out-by-server",
            other(Screen::Left {
                revoked: true,
                waiting: 2,
                urgent: false,
            }),
        ),
        (
            "server-says-no",
            linked(Screen::ServerSaysNo { message: no }, LinkState::Online),
        ),
        (
            "store-failed",
            linked(Screen::StoreFailed { message: full }, LinkState::Online),
        ),
        ("notices", with_notices(serving.clone())),
    ]
}

fn policies_changed(mut model: WindowModel) -> WindowModel {
    let change = |name: &str, what| PolicyChange {
        name: name.to_owned(),
        what,
    };
    model.policy_changes = vec![
        change("Impersonation", PolicyChanged::Added),
        change("Threat", PolicyChanged::Changed),
        change("Spam, older rules", PolicyChanged::Removed),
    ];
    model
}

fn with_notices(mut model: WindowModel) -> WindowModel {
    let notice = |id, key, arg: &str| Notice {
        id,
        key,
        arg: arg.to_owned(),
    };
    model.notices = vec![
        notice(1, NoticeKey::ClaimLost, ""),
        notice(2, NoticeKey::QuestionAnswered, ""),
        notice(3, NoticeKey::EscalationUnconfirmed, "item-7"),
    ];
    model.duty_contacts = vec!["Duty lead: extension 4417".to_owned()];
    model
}

/// What a training server says of a decision, beside an item.
pub(crate) fn training(serving: &WindowModel, look: Look) -> Result<RgbaImage, Failed> {
    let mut model = serving.clone();
    model.environment = Some(Environment::Training);
    model.feedback = DecisionId::new("decision-1").ok().map(|decision_id| FeedbackView {
        decision_id,
        agrees: false,
        found: vec!["Violence".to_owned()],
        expected: Vec::new(),
        explanation: "The pattern is abstract and names nobody. Rule 2 asks for a person or a group that is meant.".to_owned(),
    });
    drawn(&model, look)
}
