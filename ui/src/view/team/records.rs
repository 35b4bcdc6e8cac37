//! The records behind a row, a page at a time. No media, no words of items.

use egui::{RichText, ScrollArea, Ui};
use scrim_wire::limits::TEAM_RECORDS_PAGE;
use scrim_wire::protocol::{ReviewKind, Standing};
use scrim_wire::window::{TeamAsk, TeamDrill, TeamRecord, TeamRecords, TeamView};

use super::table::row_name;
use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, outside, polite};
use crate::theme::{TYPE, space};
use crate::view::conflicts::reference;

/// Draws the list in the place of the tables.
pub(super) fn records_ui(ui: &mut Ui, scene: &Scene<'_>, view: &TeamView, asks: &mut Vec<Ask>) {
    let Some(records) = &view.records else { return };
    ui.horizontal(|ui| {
        ui.heading(scene.strings.text("team-records-title"));
        Control::of(scene, Act::CloseTop)
            .named(scene.strings.text("team-records-back"))
            .show(ui, scene, Ask::Act(Act::CloseTop), asks);
    });
    ui.label(RichText::new(about(scene, view, &records.drill)).size(TYPE[1]));
    pages_ui(ui, scene, records, asks);
    let drill = &records.drill;
    let salt = ("team.records", drill.table.id(), &drill.row, drill.skip);
    let scroll = ScrollArea::vertical().id_salt(salt);
    scroll.auto_shrink(false).show(ui, |ui| {
        ui.label(scene.weak(scene.strings.text("team-records-body")));
        for record in &records.rows {
            record_ui(ui, scene, record);
        }
    });
}

/// Which row's they are.
fn about(scene: &Scene<'_>, view: &TeamView, drill: &TeamDrill) -> String {
    let tables = view.tables.iter().filter(|table| table.kind == drill.table);
    let mut rows = tables.flat_map(|table| &table.rows);
    let row = rows.find(|row| row.id == drill.row);
    let name = row.map_or("", |row| row.name.as_str());
    let table = format!("team-{}-title", drill.table.id());
    format!(
        "{} · {}",
        scene.strings.text(&table),
        row_name(scene, drill.table, &drill.row, name)
    )
}

/// Which of how many, and the pages beside this one.
fn pages_ui(ui: &mut Ui, scene: &Scene<'_>, records: &TeamRecords, asks: &mut Vec<Ask>) {
    let skip = records.drill.skip;
    let last = skip.saturating_add(records.rows.len() as u64);
    let words = if records.rows.is_empty() {
        scene.strings.text("team-records-none")
    } else {
        let numbers = [
            ("from", (skip + 1).into()),
            ("to", last.into()),
            ("total", records.total.into()),
        ];
        scene.strings.with("team-records-page", &numbers)
    };
    let page = |skip| {
        let drill = TeamDrill {
            skip,
            ..records.drill.clone()
        };
        Ask::Team(TeamAsk::Records(drill))
    };
    ui.horizontal_wrapped(|ui| {
        polite(ui, "team.records.page", scene.weak(words));
        let before = page(skip.saturating_sub(TEAM_RECORDS_PAGE));
        Control::plain(
            "team.records.before",
            scene.strings.text("team-page-before"),
        )
        .enabled(skip > 0)
        .show(ui, scene, before, asks);
        let after = page(skip.saturating_add(TEAM_RECORDS_PAGE));
        Control::plain("team.records.after", scene.strings.text("team-page-after"))
            .enabled(last < records.total)
            .show(ui, scene, after, asks);
    });
}

fn record_ui(ui: &mut Ui, scene: &Scene<'_>, record: &TeamRecord) {
    ui.add_space(space::XS);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = space::XS / 2.0;
        ui.label(RichText::new(decided(scene, record)).size(TYPE[1]));
        let review = Some(review_words(scene, &record.review));
        ui.label(scene.weak(facts(scene, record, review)));
    });
}

/// The action, the policy, the severity, and whether it was unsure.
pub(super) fn decided(scene: &Scene<'_>, record: &TeamRecord) -> String {
    let policy = if record.policy.is_empty() {
        scene.strings.text("team-no-policy")
    } else {
        outside(&record.policy)
    };
    let severity = u64::from(record.severity);
    let mut facts = vec![
        scene.action_name(&record.action.as_str().into()),
        policy,
        scene.strings.count("severity", severity),
    ];
    if record.unsure {
        facts.push(scene.strings.text("team-unsure"));
    }
    facts.join(" · ")
}

/// Day, queue, why it was decided if that is said nowhere else, how it stands, and by what it is found
/// again.
pub(super) fn facts(scene: &Scene<'_>, record: &TeamRecord, review: Option<String>) -> String {
    let id = reference(record.decision_id.as_str());
    let mut facts = vec![outside(&record.day), outside(&record.queue)];
    facts.extend(review);
    if record.standing != Standing::Standing {
        facts.push(standing_words(scene, &record.standing));
    }
    facts.push(
        scene
            .strings
            .with("conflict-reference", &[("id", id.into())]),
    );
    facts.join(" · ")
}

/// Why an item was decided.
pub(super) fn review_words(scene: &Scene<'_>, review: &ReviewKind) -> String {
    let words = match review {
        ReviewKind::First => "team-review-first",
        ReviewKind::Second => "team-review-second",
        ReviewKind::Sample => "team-review-sample",
        ReviewKind::Appeal => "team-review-appeal",
        ReviewKind::Practice => "team-review-practice",
        ReviewKind::Other(word) => return outside(word),
    };
    scene.strings.text(words)
}

fn standing_words(scene: &Scene<'_>, standing: &Standing) -> String {
    let words = match standing {
        Standing::Standing => "team-standing-standing",
        Standing::Interim => "team-standing-interim",
        Standing::Superseded => "team-standing-superseded",
        Standing::Reverted => "team-standing-reverted",
        Standing::Other(word) => return outside(word),
    };
    scene.strings.text(words)
}
