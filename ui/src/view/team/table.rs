//! A table: the numbers of the charts beside it. A row that has records behind it is a control.

use egui::accesskit::Role;
use egui::{Align, Label, Layout, Response, RichText, Stroke, Ui, vec2};
use scrim_model::ActionKind;
use scrim_wire::window::{TeamAsk, TeamDrill, TeamFigure, TeamRow, TeamTable, TeamTableKind};

use super::figures::figure_words;
use crate::asks::Ask;
use crate::control::{Control, Scene, outside};
use crate::limits::TEAM_ROWS_MAX;
use crate::theme::{CONTROL_HEIGHT_TIGHT, Room, TYPE, space};

/// Width of a row's letter, in points.
const LETTER: f32 = 22.0;
/// Widest name of a row, in points.
const NAME: f32 = 260.0;
/// The same of a day.
const DAY: f32 = 128.0;
/// Narrowest one, and the one that a table of many columns tries to keep.
const NAME_MIN: f32 = 88.0;
const NAME_KEPT: f32 = 128.0;
/// Narrowest and widest figure, in points: “day not over” may take two lines.
const FIGURE: [f32; 2] = [54.0, 78.0];

/// `A`, `B` … `Z`, `AA`: what a row is called in the chart.
pub(super) fn letter(row: usize) -> String {
    let own = char::from(b'A' + u8::try_from(row % 26).unwrap_or(0));
    match row / 26 {
        0 => own.to_string(),
        more => letter(more - 1) + &own.to_string(),
    }
}

/// Whether the rows of a table are days, which need no letter.
fn is_by_day(kind: TeamTableKind) -> bool {
    matches!(kind, TeamTableKind::Days | TeamTableKind::TimeToAction)
}

/// Whether the records behind a row can be listed. A "not me" leaves none, the backlog is not decided,
/// an agreement is made of pairs, which have a list of their own, and a list of unsure decisions would be longer
/// than what may be told of them.
pub(crate) fn has_records(kind: TeamTableKind) -> bool {
    matches!(
        kind,
        TeamTableKind::Days
            | TeamTableKind::Policies
            | TeamTableKind::Actions
            | TeamTableKind::Sla
            | TeamTableKind::Overturns
            | TeamTableKind::Detectors
    )
}

/// What people read in front of a row.
pub(super) fn row_name(scene: &Scene<'_>, kind: TeamTableKind, id: &str, name: &str) -> String {
    if !name.is_empty() {
        return outside(name);
    }
    let words = format!("team-row-{}-{}", kind.id(), id.replace('_', "-"));
    match kind {
        TeamTableKind::Actions => scene.action_name(&ActionKind::from(id)),
        TeamTableKind::Policies | TeamTableKind::UnsureByPolicy if id.is_empty() => {
            scene.strings.text("team-no-policy")
        }
        TeamTableKind::Overturns | TeamTableKind::Agreement if scene.strings.has(&words) => {
            scene.strings.text(&words)
        }
        _ => outside(id),
    }
}

/// Widths of the name and of each figure, in points.
struct Widths {
    name: f32,
    figure: f32,
}

/// Draws a table.
pub(super) fn table_ui(ui: &mut Ui, scene: &Scene<'_>, table: &TeamTable, asks: &mut Vec<Ask>) {
    let columns = table.kind.columns();
    let letters = if is_by_day(table.kind) { 0.0 } else { LETTER };
    let left = ui.available_width() - letters - space::S;
    let count = columns.len() as f32;
    let figure = ((left - NAME_KEPT) / count - space::XS).clamp(FIGURE[0], FIGURE[1]);
    let widest = if is_by_day(table.kind) { DAY } else { NAME };
    let name = (left - count * (figure + space::XS)).clamp(NAME_MIN, widest);
    let widths = Widths { name, figure };
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::XS, space::XS);
        let title = scene
            .strings
            .text(&format!("team-{}-title", table.kind.id()));
        ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
            node.set_role(Role::Table);
            node.set_label(title);
            node.set_author_id(format!("team.table.{}", table.kind.id()));
        });
        header_ui(ui, scene, table.kind, letters, &widths);
        for (at, row) in table.rows.iter().take(TEAM_ROWS_MAX).enumerate() {
            row_ui(ui, scene, table.kind, (at, row), &widths, asks);
        }
        let more = table.rows.len().saturating_sub(TEAM_ROWS_MAX) as u64;
        if more > 0 {
            ui.label(scene.weak(scene.strings.count("team-rows-more", more)));
        }
    });
}

fn header_ui(ui: &mut Ui, scene: &Scene<'_>, kind: TeamTableKind, letters: f32, widths: &Widths) {
    let row = ui.horizontal_top(|ui| {
        set_role(ui, Role::Row);
        ui.add_space(letters);
        let words = scene.strings.text(&format!("team-{}-rows", kind.id()));
        let first = vec2(widths.name, 0.0);
        let first = ui.allocate_ui_with_layout(first, Layout::top_down(Align::Min), |ui| {
            ui.set_width(widths.name);
            ui.label(scene.title(words.clone()))
        });
        role_of(ui, &first.inner, Role::ColumnHeader, words);
        for column in kind.columns() {
            let words = scene.strings.text(&format!("team-column-{column}"));
            let head = cell(ui, widths.figure, |ui| ui.label(scene.title(words.clone())));
            role_of(ui, &head, Role::ColumnHeader, words);
        }
    });
    let rect = row.response.rect;
    let rule = Stroke::new(1.0, scene.palette.rule);
    ui.painter().hline(rect.x_range(), rect.bottom(), rule);
}

fn row_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    kind: TeamTableKind,
    (at, row): (usize, &TeamRow),
    widths: &Widths,
    asks: &mut Vec<Ask>,
) {
    ui.horizontal_top(|ui| {
        set_role(ui, Role::Row);
        ui.spacing_mut().interact_size.y = CONTROL_HEIGHT_TIGHT;
        let height = row_height(ui);
        if !is_by_day(kind) {
            let size = vec2(LETTER - space::XS, height);
            let layout = Layout::centered_and_justified(egui::Direction::LeftToRight);
            ui.allocate_ui_with_layout(size, layout, |ui| {
                ui.label(scene.weak(letter(at)));
            });
        }
        let name = row_name(scene, kind, &row.id, &row.name);
        if has_records(kind) {
            drill_ui(ui, scene, kind, (row, name), widths.name, asks);
        } else {
            let size = vec2(widths.name, height);
            let named = ui.allocate_ui_with_layout(size, Layout::top_down(Align::Min), |ui| {
                ui.set_width(widths.name);
                ui.add_space(pad(ui));
                ui.add(Label::new(RichText::new(name.clone()).size(TYPE[0])).truncate())
            });
            role_of(ui, &named.inner, Role::RowHeader, name);
        }
        for (column, figure) in kind.columns().iter().zip(&row.cells) {
            figure_ui(ui, scene, (kind, row, column), *figure, widths.figure);
        }
    });
}

/// The name of a row with records behind it.
fn drill_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    kind: TeamTableKind,
    (row, name): (&TeamRow, String),
    width: f32,
    asks: &mut Vec<Ask>,
) {
    let drill = TeamDrill {
        table: kind,
        row: row.id.clone(),
        skip: 0,
    };
    let help = scene
        .strings
        .with("team-row-help", &[("name", name.clone().into())]);
    Control::plain(format!("team.row.{}.{}", kind.id(), row.id), name)
        .about(help)
        .wide(width)
        .show(ui, scene, Ask::Team(TeamAsk::Records(drill)), asks);
}

fn figure_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    (kind, row, column): (TeamTableKind, &TeamRow, &str),
    figure: TeamFigure,
    width: f32,
) {
    let words = figure_words(scene, column, figure);
    let drawn = match figure {
        TeamFigure::Is(_) => RichText::new(words.clone()).size(TYPE[0]),
        _ => scene.weak(words.clone()),
    };
    let response = cell(ui, width, |ui| {
        ui.add_space(pad(ui));
        ui.label(drawn)
    });
    let name = scene.strings.text(&format!("team-column-{column}"));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::Cell);
        node.set_label(words);
        node.set_description(name);
        node.set_author_id(format!("team.cell.{}.{}.{column}", kind.id(), row.id));
    });
}

/// One figure's place: words end at its right side and go on below.
fn cell(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui) -> Response) -> Response {
    let layout = Layout::top_down(Align::Max);
    let cell = ui.allocate_ui_with_layout(vec2(width, 0.0), layout, |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = 0.0;
        add(ui)
    });
    cell.inner
}

fn row_height(ui: &Ui) -> f32 {
    Room::around(ui).pick(crate::theme::CONTROL_HEIGHT, CONTROL_HEIGHT_TIGHT)
}

/// Above small words, so that they stand on a line with the name of a control.
fn pad(ui: &Ui) -> f32 {
    let line = ui.text_style_height(&egui::TextStyle::Small);
    ((row_height(ui) - line) / 2.0).max(0.0)
}

fn set_role(ui: &Ui, role: Role) {
    ui.ctx()
        .accesskit_node_builder(ui.unique_id(), |node| node.set_role(role));
}

fn role_of(ui: &Ui, response: &Response, role: Role, words: String) {
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(role);
        node.set_label(words);
    });
}
