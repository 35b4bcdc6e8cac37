//! The lead's view: figures about a team's decisions, each as a chart and as a table, the records
//! behind them, disagreements and samples. No media, no words of items, nobody's name.

mod about;
mod chart;
mod disagreements;
mod figures;
mod period;
mod plot;
mod records;
mod samples;
mod table;

use egui::accesskit::Role;
use egui::{Align, RichText, ScrollArea, TextEdit, Ui};
use scrim_wire::window::{TeamProblem, TeamTable, TeamView};

use crate::asks::Ask;
use crate::control::{Control, Scene, polite};
use crate::day::Day;
use crate::limits::TEAM_FIELD_CHARS_MAX;
use crate::team_page::{Place, TeamPage, field_id};
use crate::theme::{Room, TYPE, space};

#[cfg(test)]
pub(crate) use self::chart::charts;
#[cfg(test)]
pub(crate) use self::figures::figure_words;

/// Widest column of words, in points: lines stay short enough to read.
const COLUMN: f32 = 760.0;
/// From this width on, in points, a table stands beside its chart; otherwise below it.
const BESIDE: f32 = 860.0;
/// Widest chart beside a table, in points.
const CHART: f32 = 420.0;

/// Draws the page.
pub(crate) fn team_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    today: Day,
    page: &mut TeamPage,
    asks: &mut Vec<Ask>,
) {
    let view = page.view.take();
    match view.as_deref() {
        None => {
            super::pages::heading(ui, scene, "team-title", asks);
            let wait = scene.weak(scene.strings.text("team-wait"));
            polite(ui, "team.wait", wait);
        }
        Some(view) if view.records.is_some() => records::records_ui(ui, scene, view, asks),
        Some(view) => {
            super::pages::heading(ui, scene, "team-title", asks);
            let scroll = ScrollArea::vertical().id_salt("team.page");
            scroll.auto_shrink(false).show(ui, |ui| {
                page_ui(ui, scene, today, view, page, asks);
            });
        }
    }
    page.view = view;
}

fn page_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    today: Day,
    view: &TeamView,
    page: &mut TeamPage,
    asks: &mut Vec<Ask>,
) {
    period::period_ui(ui, scene, today, view, page, asks);
    about::about_ui(ui, scene, view, page, asks);
    let is_shut = matches!(
        view.problem,
        Some(TeamProblem::NotOffered | TeamProblem::NotAllowed)
    );
    if is_shut {
        return;
    }
    contents_ui(ui, scene, page);
    for table in &view.tables {
        section_ui(ui, scene, table, page, asks);
    }
    title_ui(ui, scene, Place::Disagreements, None, page);
    disagreements::disagreements_ui(ui, scene, view, page);
    title_ui(ui, scene, Place::Samples, None, page);
    samples::samples_ui(ui, scene, view, page, asks);
    ui.add_space(space::L);
}

/// Where everything is: one control a section, so that the keyboard need not walk through the tables.
fn contents_ui(ui: &mut Ui, scene: &Scene<'_>, page: &mut TeamPage) {
    ui.add_space(space::S);
    ui.label(scene.title(scene.strings.text("team-contents")));
    let mut is_wanted = page.goes_to == Some(Place::Contents);
    ui.horizontal_wrapped(|ui| {
        for place in Place::all() {
            let name = scene.strings.text(&format!("team-{}-title", place.id()));
            let go = Control::plain(format!("team.go.{}", place.id()), name).respond(ui, scene);
            if std::mem::take(&mut is_wanted) {
                go.request_focus();
                go.scroll_to_me(None);
                page.goes_to = None;
            }
            if go.clicked() {
                page.goes_to = Some(place);
            }
        }
    });
}

/// The title of a section, what it is made of, and the way back to the contents.
fn title_ui(ui: &mut Ui, scene: &Scene<'_>, place: Place, n: Option<u64>, page: &mut TeamPage) {
    ui.add_space(space::L);
    let id = place.id();
    let row = ui.horizontal_wrapped(|ui| {
        let words = scene.strings.text(&format!("team-{id}-title"));
        let title = ui.label(RichText::new(words.clone()).size(TYPE[1]).strong());
        ui.ctx().accesskit_node_builder(title.id, |node| {
            node.set_role(Role::Heading);
            node.set_label(words);
        });
        if let Some(n) = n {
            ui.label(scene.weak(scene.strings.count("team-n", n)));
        }
        ui.add_space(space::XS);
        Control::plain(
            format!("team.back.{id}"),
            scene.strings.text("team-contents"),
        )
        .respond(ui, scene)
    });
    let back = row.inner;
    if page.goes_to == Some(place) {
        page.goes_to = None;
        ui.scroll_to_rect(row.response.rect, Some(Align::TOP));
        back.request_focus();
    } else if back.clicked() {
        page.goes_to = Some(Place::Contents);
        // The contents were drawn before.
        ui.ctx().request_repaint();
    }
}

fn section_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    table: &TeamTable,
    page: &mut TeamPage,
    asks: &mut Vec<Ask>,
) {
    let id = table.kind.id();
    title_ui(ui, scene, Place::Table(table.kind), Some(table.n), page);
    explained_ui(ui, scene, &format!("team-{id}-explained"));
    if table.rows.is_empty() {
        ui.label(scene.strings.text("team-rows-none"));
        return;
    }
    let width = ui.available_width();
    if width < BESIDE {
        plot::charts_ui(ui, scene, table, width.min(CHART * 1.5));
        return table::table_ui(ui, scene, table, asks);
    }
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::L;
        ui.vertical(|ui| plot::charts_ui(ui, scene, table, (width * 0.4).min(CHART)));
        ui.vertical(|ui| table::table_ui(ui, scene, table, asks));
    });
}

/// A sentence of lower rank, in lines that are short enough to read.
fn explained_ui(ui: &mut Ui, scene: &Scene<'_>, words: &str) {
    ui.scope(|ui| {
        ui.set_max_width(COLUMN.min(ui.available_width()));
        ui.label(scene.weak(scene.strings.text(words)));
    });
}

/// One short text field with its name before it; whether `Enter` was pressed in it.
fn field_ui(ui: &mut Ui, scene: &Scene<'_>, name: &str, text: &mut String) -> bool {
    let words = scene
        .strings
        .text(&format!("team-{}", name.replace('.', "-")));
    ui.label(scene.weak(words.clone()));
    let field = TextEdit::singleline(text)
        .id(field_id(name))
        .desired_width(Room::around(ui).pick(100.0, 96.0))
        .char_limit(TEAM_FIELD_CHARS_MAX)
        .align(egui::Align2::LEFT_CENTER);
    let response = ui.add(field);
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_label(words);
        node.set_author_id(format!("team.{name}"));
    });
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter))
}
