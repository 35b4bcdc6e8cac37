//! The help page, made from the action table, and the history.

use egui::{Grid, Label, RichText, ScrollArea, Ui};
use scrim_wire::window::{Command, Correct, HistoryRow, Later, SyncState, UndoState};

use crate::actions::{Act, Context, TABLE};
use crate::asks::Ask;
use crate::control::{Control, Scene, chord_text, outside};
use crate::limits::HISTORY_ROWS_MAX;
use crate::theme::{TYPE, space};

/// Below this width, in points, the help of a key stands under its name.
const NARROW: f32 = 900.0;
/// Room for keys and names beside their help, in points.
const KEYS_AND_NAMES: f32 = 420.0;

pub(crate) fn help_ui(ui: &mut Ui, scene: &Scene<'_>, asks: &mut Vec<Ask>) {
    heading(ui, scene, "help-title", asks);
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.label(scene.weak(scene.strings.text("help-guard")));
        ui.label(scene.weak(scene.strings.text("help-toggle")));
        super::practice::practice_ui(ui, scene);
        for (words, contexts) in [
            ("context-item", &[Context::Item][..]),
            ("context-mark", &[Context::Mark]),
            ("context-search", &[Context::Search]),
            ("context-confirm", &[Context::Confirm, Context::Reason]),
            (
                "context-screen",
                &[
                    Context::Working,
                    Context::Resting,
                    Context::Ended,
                    Context::Locked,
                    Context::CheckIn,
                    Context::Changes,
                    Context::Copies,
                    Context::History,
                ],
            ),
            ("context-always", &[Context::Always]),
        ] {
            ui.add_space(space::S);
            ui.label(scene.title(scene.strings.text(words)));
            if ui.available_width() < NARROW {
                rows_ui(scene, contexts, |keys, name, help| {
                    ui.horizontal_wrapped(|ui| {
                        ui.label(keys);
                        ui.label(name);
                    });
                    ui.label(help);
                });
                continue;
            }
            // What does not fit beside them goes on below.
            let help_width = ui.available_width() - KEYS_AND_NAMES;
            let grid = Grid::new(words).num_columns(3).max_col_width(help_width);
            grid.spacing([space::M, space::XS]).show(ui, |ui| {
                rows_ui(scene, contexts, |keys, name, help| {
                    ui.label(keys);
                    ui.label(name);
                    ui.add(Label::new(help).wrap());
                    ui.end_row();
                });
            });
        }
    });
}

/// Keys, name and help of every action of these contexts.
fn rows_ui(
    scene: &Scene<'_>,
    contexts: &[Context],
    mut row_ui: impl FnMut(RichText, String, RichText),
) {
    for row in TABLE.iter().filter(|row| contexts.contains(&row.context)) {
        let name = match row.act {
            Act::Digit(n @ 1..) | Act::Priority(n) => scene.strings.count(row.words, n.into()),
            _ => scene.strings.text(row.words),
        };
        let keys: Vec<_> = row
            .keys_for(scene.hand)
            .iter()
            .map(|chord| chord_text(*chord, scene.strings))
            .collect();
        let keys = if row.act == Act::MoveLens {
            scene.strings.text("key-arrows")
        } else {
            keys.join("  ")
        };
        let keys = RichText::new(keys).size(TYPE[0]).monospace();
        let help = scene.weak(scene.strings.text(&format!("{}.help", row.words)));
        row_ui(keys, name, help);
    }
}

pub(crate) fn history_ui(ui: &mut Ui, scene: &Scene<'_>, asks: &mut Vec<Ask>) {
    heading(ui, scene, "history-title", asks);
    let Some(model) = scene.model else { return };
    let newest = |can: fn(&HistoryRow) -> bool| {
        let row = model.history.iter().find(|row| can(row));
        row.map(|row| &row.decision_id)
    };
    let (correct, undo) = (newest(|row| row.can_correct), newest(|row| row.can_undo));
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        group_title(ui, scene, "conflicts-title");
        super::conflicts::conflicts_ui(ui, scene, asks);
        let words = if model.history.is_empty() {
            "history-none"
        } else {
            "history-body"
        };
        group_title(ui, scene, "history-all");
        ui.label(scene.weak(scene.strings.text(words)));
        for row in model.history.iter().take(HISTORY_ROWS_MAX) {
            let id = Some(&row.decision_id);
            row_ui(ui, scene, row, (correct == id, undo == id), asks);
        }
    });
}

/// The title of one of a page's lists.
fn group_title(ui: &mut Ui, scene: &Scene<'_>, words: &str) {
    ui.add_space(space::S);
    ui.label(RichText::new(scene.strings.text(words)).strong());
}

/// One own decision; `has_keys`: it is the newest that can be corrected, and undone.
fn row_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    row: &HistoryRow,
    has_keys: (bool, bool),
    asks: &mut Vec<Ask>,
) {
    let (policy, at) = (outside(&row.policy), super::when(scene, row.at));
    let facts = [scene.action_name(&row.action), policy, at];
    let line: Vec<_> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    let line = line.join(" · ");
    ui.horizontal_wrapped(|ui| {
        ui.label(line);
        ui.label(scene.weak(scene.strings.text(state_words(row.state))));
        for words in [later_words(row.later), undo_words(row.undo)]
            .into_iter()
            .flatten()
        {
            ui.label(scene.weak(scene.strings.text(words)));
        }
        if row.supersedes.is_some() {
            ui.label(scene.weak(scene.strings.text("history-corrects")));
        }
        if row.can_correct {
            correct_ui(ui, scene, row, has_keys.0, asks);
        }
        if row.can_undo {
            undo_ui(ui, scene, row, has_keys.1, asks);
        }
    });
}

/// The way to ask the server to undo a row; the newest one has the key.
fn undo_ui(ui: &mut Ui, scene: &Scene<'_>, row: &HistoryRow, is_newest: bool, asks: &mut Vec<Ask>) {
    let ask = Ask::Command(Command::UndoSent(row.decision_id.clone()));
    let id = format!("history.undo.{}", row.decision_id);
    let control = if is_newest {
        Control::of(scene, Act::UndoSent)
    } else {
        Control::plain(id, scene.strings.text("history-undo"))
    };
    control.show(ui, scene, ask, asks);
}

/// Whether the server was asked to undo it.
fn undo_words(undo: UndoState) -> Option<&'static str> {
    match undo {
        UndoState::NotAsked => None,
        UndoState::Waiting => Some("undo-waiting"),
        UndoState::Done => Some("undo-done"),
        UndoState::Refused => Some("undo-refused"),
    }
}

/// The way to correct a row; the newest one has the key.
fn correct_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    row: &HistoryRow,
    is_newest: bool,
    asks: &mut Vec<Ask>,
) {
    if is_newest {
        return Control::of(scene, Act::Correct).show(ui, scene, Ask::Act(Act::Correct), asks);
    }
    let id = format!("history.correct.{}", row.decision_id);
    let name = scene.strings.text("history-correct");
    let ask = Ask::Command(Command::Correct(Correct::Open(row.decision_id.clone())));
    Control::plain(id, name).show(ui, scene, ask, asks);
}

pub(crate) fn heading(ui: &mut Ui, scene: &Scene<'_>, words: &str, asks: &mut Vec<Ask>) {
    ui.horizontal(|ui| heading_parts(ui, scene, words, asks));
}

/// A page's title and the way out of it, in the line that the caller has begun.
pub(crate) fn heading_parts(ui: &mut Ui, scene: &Scene<'_>, words: &str, asks: &mut Vec<Ask>) {
    ui.heading(scene.strings.text(words));
    let close = Control::of(scene, Act::CloseTop);
    close.show(ui, scene, Ask::Act(Act::CloseTop), asks);
}

/// What became of it, unless it simply stands.
fn later_words(later: Later) -> Option<&'static str> {
    match later {
        Later::Unknown | Later::Stands => None,
        Later::Corrected => Some("later-corrected"),
        Later::Changed => Some("later-changed"),
        Later::Undone => Some("later-undone"),
        Later::Withdrawn => Some("later-withdrawn"),
    }
}

fn state_words(state: SyncState) -> &'static str {
    match state {
        SyncState::Held => "state-held",
        SyncState::Waiting => "state-waiting",
        SyncState::InFlight => "state-in-flight",
        SyncState::Accepted => "state-accepted",
        SyncState::Overtaken => "state-overtaken",
        SyncState::Parked => "state-parked",
        SyncState::Withdrawn => "state-withdrawn",
    }
}
