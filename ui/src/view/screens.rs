//! Every state without an item: what happened, what is safe, what to do.

use egui::{RichText, ScrollArea, Ui};
use scrim_model::breaks::BreakPhase;
use scrim_wire::window::{Command, PolicyChanged, Screen};

use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, outside, polite};
use crate::limits::LIST_ROWS_MAX;
use crate::state::is_blank;
use crate::theme::{Room, TYPE, space};

/// Width of a screen's words, in points.
const COLUMN: f32 = 560.0;

/// Keys of a screen's title, of what is safe, and of what to do.
pub(crate) fn words_of(screen: &Screen) -> (&'static str, &'static str, &'static str) {
    match screen {
        Screen::SignedOut => (
            "screen-signed-out",
            "screen-signed-out-body",
            "screen-signed-out-do",
        ),
        Screen::Connecting => (
            "screen-connecting",
            "screen-connecting-body",
            "screen-connecting-do",
        ),
        Screen::Serving => (
            "screen-serving",
            "screen-connecting-body",
            "screen-connecting-do",
        ),
        Screen::QueueEmpty => (
            "screen-queue-empty",
            "screen-queue-empty-body",
            "screen-queue-empty-do",
        ),
        Screen::PoliciesChanged => (
            "screen-policies-changed",
            "screen-policies-changed-body",
            "screen-policies-changed-do",
        ),
        Screen::Copies => ("screen-copies", "screen-copies-body", "screen-copies-do"),
        Screen::OfflineEmpty => (
            "screen-offline-empty",
            "screen-offline-empty-body",
            "screen-offline-empty-do",
        ),
        Screen::BreakNeeded => (
            "screen-break-needed",
            "screen-break-needed-body",
            "screen-break-needed-do",
        ),
        Screen::OnBreak => (
            "screen-on-break",
            "screen-on-break-over",
            "screen-on-break-do",
        ),
        Screen::CoveredAll => ("screen-covered", "screen-covered-body", "screen-covered-do"),
        Screen::Locked { .. } => ("screen-locked", "screen-locked-body", "screen-locked-do"),
        Screen::Left { revoked: true, .. } => {
            ("screen-revoked", "screen-left-body", "screen-revoked-do")
        }
        Screen::Left { .. } => ("screen-signed-out", "screen-left-body", "screen-left-do"),
        Screen::ShiftEnded { .. } => (
            "screen-shift-ended",
            "screen-shift-ended-all",
            "screen-shift-ended-do",
        ),
        Screen::ServerSaysNo { .. } => (
            "screen-server-no",
            "screen-server-no-safe",
            "screen-server-no-do",
        ),
        Screen::LighterNext { .. } => (
            "screen-lighter-next",
            "screen-lighter-next-body",
            "screen-lighter-next-do",
        ),
        Screen::LimitReached => (
            "screen-limit-reached",
            "screen-limit-reached-body",
            "screen-limit-reached-do",
        ),
        Screen::StoreFailed { .. } => ("screen-store", "screen-store-safe", "screen-store-do"),
    }
}

pub(crate) fn screen_ui(ui: &mut Ui, scene: &Scene<'_>, screen: &Screen, asks: &mut Vec<Ask>) {
    centred_ui(ui, |ui| column_ui(ui, scene, screen, asks));
}

/// One column of words in the middle of the page.
pub(crate) fn centred_ui(ui: &mut Ui, column: impl FnOnce(&mut Ui)) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let width = ui.available_width().min(COLUMN);
        let left = ((ui.available_width() - width) / 2.0).max(0.0);
        let share = Room::around(ui).pick(0.22, 0.04);
        ui.add_space((ui.available_height() * share).min(160.0));
        ui.horizontal(|ui| {
            ui.add_space(left);
            ui.vertical(|ui| {
                ui.set_max_width(width);
                ui.spacing_mut().item_spacing.y = space::M;
                column(ui);
            });
        });
    });
}

fn column_ui(ui: &mut Ui, scene: &Scene<'_>, screen: &Screen, asks: &mut Vec<Ask>) {
    let (title, _, to_do) = if scene.link_lost {
        ("screen-link-lost", "", "screen-link-lost-do")
    } else if *screen == Screen::Copies && super::copies::are_of_author(scene) {
        ("screen-of-author", "", "screen-copies-do")
    } else {
        words_of(screen)
    };
    let title = RichText::new(scene.strings.text(title)).heading();
    polite(ui, "screen.title", title);
    if let Screen::ServerSaysNo { message } | Screen::StoreFailed { message } = screen {
        let message = RichText::new(outside(message)).size(TYPE[1]);
        polite(ui, "screen.message", message);
    }
    ui.label(safe_words(scene, screen));
    let to_do = match (screen, break_left_min(scene)) {
        (Screen::OnBreak, None) => None,
        _ => Some(scene.strings.text(to_do)),
    };
    list_ui(ui, scene, screen);
    if let Some(to_do) = to_do {
        ui.label(RichText::new(to_do).color(scene.palette.weak));
    }
    if scene.link_lost {
        return;
    }
    if *screen == Screen::Copies {
        super::copies::controls_ui(ui, scene, asks);
    }
    ui.horizontal_wrapped(|ui| {
        for act in controls(screen) {
            let mut control = Control::of(scene, *act);
            if *act == Act::CoverAll {
                control = control.named(scene.strings.text("screen-covered-go-on"));
            }
            control.show(ui, scene, Ask::Act(*act), asks);
        }
        go_easy_ui(ui, scene, screen, asks);
    });
    super::checkin::card_ui(ui, scene, screen, asks);
    contacts_ui(ui, scene, screen);
    if !is_blank(screen) {
        super::conflicts::hint_ui(ui, scene);
    }
    if matches!(
        screen,
        Screen::QueueEmpty | Screen::PoliciesChanged | Screen::ShiftEnded { .. }
    ) {
        super::practice::practice_ui(ui, scene);
    }
}

/// What a screen lists: changes of policies; decisions that the server has not confirmed.
fn list_ui(ui: &mut Ui, scene: &Scene<'_>, screen: &Screen) {
    let Some(model) = scene.model else { return };
    let lines: Vec<String> = match screen {
        Screen::PoliciesChanged => model
            .policy_changes
            .iter()
            .map(|change| {
                let words = match change.what {
                    PolicyChanged::Added => "policy-added",
                    PolicyChanged::Changed => "policy-changed",
                    PolicyChanged::Removed => "policy-removed",
                };
                let name = outside(&change.name);
                scene.strings.with(words, &[("name", name.into())])
            })
            .collect(),
        Screen::Copies => super::copies::lines(scene),
        Screen::ShiftEnded { .. } => model
            .history
            .iter()
            .filter(|row| !row.state.is_final())
            .map(|row| {
                format!(
                    "{} · {}",
                    scene.action_name(&row.action),
                    super::when(scene, row.at)
                )
            })
            .collect(),
        _ => return,
    };
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        for line in lines.into_iter().take(LIST_ROWS_MAX) {
            ui.label(line);
        }
    });
}

fn safe_words(scene: &Scene<'_>, screen: &Screen) -> String {
    if scene.link_lost {
        return scene.strings.text("screen-link-lost-body");
    }
    match (screen, break_left_min(scene)) {
        (Screen::OnBreak, Some(minutes)) => scene.strings.count("screen-on-break-left", minutes),
        (
            Screen::ShiftEnded {
                unconfirmed: n @ 1..,
            },
            _,
        ) => scene.strings.count("screen-shift-ended-some", (*n).into()),
        (
            Screen::Left {
                waiting: n @ 1.., ..
            },
            _,
        ) => scene.strings.count("screen-left-some", (*n).into()),
        (Screen::LighterNext { left_s }, _) => scene
            .strings
            .count("screen-lighter-next-body", (*left_s).into()),
        _ => scene.strings.text(words_of(screen).1),
    }
}

/// Whole minutes of the break to go, rounded up; `None` when it may end.
fn break_left_min(scene: &Scene<'_>) -> Option<u64> {
    match scene.model?.wellbeing.phase {
        BreakPhase::Resting { left_ms } if left_ms > 0 => Some(left_ms.div_ceil(60_000)),
        _ => None,
    }
}

fn controls(screen: &Screen) -> &'static [Act] {
    match screen {
        Screen::StoreFailed { .. } | Screen::Serving => &[],
        Screen::SignedOut | Screen::Left { .. } => &[Act::Reconnect],
        Screen::Locked { .. } => &[Act::Unlock],
        Screen::Connecting | Screen::OfflineEmpty | Screen::ServerSaysNo { .. } => {
            &[Act::Reconnect, Act::ShiftEnd]
        }
        Screen::QueueEmpty | Screen::LighterNext { .. } | Screen::LimitReached => &[Act::ShiftEnd],
        Screen::PoliciesChanged => &[Act::PoliciesRead, Act::ShiftEnd],
        Screen::Copies => &[],
        Screen::BreakNeeded => &[Act::BreakTake, Act::ShiftEnd],
        Screen::OnBreak => &[Act::BreakEnd],
        Screen::CoveredAll => &[Act::CoverAll],
        Screen::ShiftEnded { .. } => &[Act::ShiftStart, Act::SignOut],
    }
}

/// Fewer severe items for today: offered between items, never while one is open.
fn go_easy_ui(ui: &mut Ui, scene: &Scene<'_>, screen: &Screen, asks: &mut Vec<Ask>) {
    let offered = matches!(
        screen,
        Screen::QueueEmpty
            | Screen::OnBreak
            | Screen::LighterNext { .. }
            | Screen::ShiftEnded { .. }
    );
    let Some(model) = scene.model.filter(|_| offered) else {
        return;
    };
    let on = model.wellbeing.exposure.go_easy;
    let words = if on { "go-easy-on" } else { "go-easy-off" };
    Control::plain("wellbeing.go_easy", scene.strings.text(words)).show(
        ui,
        scene,
        Ask::Command(Command::GoEasy(!on)),
        asks,
    );
}

fn contacts_ui(ui: &mut Ui, scene: &Scene<'_>, screen: &Screen) {
    let wanted = matches!(
        screen,
        Screen::OfflineEmpty
            | Screen::ServerSaysNo { .. }
            | Screen::StoreFailed { .. }
            | Screen::Left { urgent: true, .. }
    );
    let contacts = scene.model.map_or(&[][..], |model| &model.duty_contacts);
    if !wanted || contacts.is_empty() {
        return;
    }
    if matches!(screen, Screen::Left { .. }) {
        ui.label(scene.strings.text("screen-left-urgent"));
    }
    ui.label(scene.title(scene.strings.text("duty-contacts")));
    for contact in contacts {
        ui.label(outside(contact));
    }
}
