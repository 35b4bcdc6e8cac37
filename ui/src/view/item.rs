//! The item: its one line, its parts, the part that is selected, and the controls of a look.

use egui::{Label, RichText, ScrollArea, Ui};
use scrim_model::view::{CoverStep, CoverStyle, Part, RevealMode, SoftStep, WordPlace};
use scrim_wire::window::{Command, ItemView, MediumState};

use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, outside, polite};
use crate::films;
use crate::looking::Open;
use crate::theme::{Room, TYPE, space};
use crate::view::film;
use crate::view::look_rows::are_long;
use crate::view::strip::{step_control, strip_ui};

/// Draws the item. Whether clear pixels or clear words are in the frame.
pub(crate) fn item_ui(ui: &mut Ui, scene: &Scene<'_>, asks: &mut Vec<Ask>) -> bool {
    let Some(item) = scene.model.and_then(|model| model.item.as_ref()) else {
        return false;
    };
    // Every item opens at its top.
    let scroll = ScrollArea::vertical().id_salt(&item.id).auto_shrink(false);
    let inner = scroll.show(ui, |ui| {
        if Room::around(ui) == Room::Wide {
            super::notices::notices_ui(ui, scene, asks);
        }
        label_ui(ui, scene, item);
        if let Some(copy) = &item.copy_of {
            super::copies::open_ui(ui, scene, copy, asks);
        }
        let is_clear = match item.selected {
            Part::Medium(n) => super::media::medium_ui(ui, scene, item, n, asks),
            Part::Words | Part::Span(_) => false,
        };
        if let Part::Medium(n) = item.selected {
            film::film_ui(ui, scene, item, n, asks);
        }
        look_ui(ui, scene, item, asks);
        parts_ui(ui, scene, item, asks);
        words_ui(ui, scene, item, asks) || is_clear
    });
    inner.inner
}

fn label_ui(ui: &mut Ui, scene: &Scene<'_>, item: &ItemView) {
    let room = Room::around(ui);
    let label = RichText::new(outside(&item.label)).size(room.pick(TYPE[2], TYPE[1]));
    polite(ui, "item.label", label);
    let mut facts: Vec<String> = item.classes.iter().map(|class| outside(class)).collect();
    facts.push(scene.strings.count("severity", item.severity_hint.into()));
    facts.push(scene.strings.count("priority", item.priority.into()));
    let reports = item.reports.len() as u64;
    facts.push(scene.strings.count("reports-count", reports));
    facts.push(scene.strings.text(super::kind_words(&item.kind)));
    facts.push(match &item.known {
        Some(known) => scene
            .strings
            .with("known", &[("what", outside(known).into())]),
        None => scene.strings.text("known-none"),
    });
    if let Some(at) = item.reported_at {
        let at = super::when(scene, at);
        facts.push(scene.strings.with("reported-at", &[("at", at.into())]));
    }
    let facts = facts.join(" · ");
    let line = Label::new(scene.weak(facts.clone()));
    match room {
        Room::Wide => ui.add(line),
        Room::Tight => ui.add(line.truncate()).on_hover_text(facts),
    };
    if item.known_exact {
        ui.label(scene.strings.text("known-exact-hint"));
    }
    if item.without_landlock {
        let words = scene.strings.text("opened-without-landlock");
        let line = ui.label(scene.weak(words));
        ui.ctx()
            .accesskit_node_builder(line.id, |node| node.set_author_id("item.walls"));
    }
    if let Some(link) = &item.link {
        ui.label(scene.weak(scene.strings.text("link-leads")));
        ui.label(RichText::new(outside(link)).monospace());
    }
}

fn look_ui(ui: &mut Ui, scene: &Scene<'_>, item: &ItemView, asks: &mut Vec<Ask>) {
    let is_medium = matches!(item.selected, Part::Medium(_));
    let open = scene.looking;
    let waits = open.is_none() && item.reveal.as_ref().is_some_and(|r| !r.open);
    let can_look = match item.selected {
        Part::Medium(n) => {
            let state = item.media.get(n as usize);
            let is_here = matches!(state, Some(MediumState::Covered { whole: true, .. }));
            is_here && !films::is_sheet(item, n)
        }
        Part::Words => true,
        Part::Span(_) => false,
    };
    let is_covered = match item.selected {
        Part::Medium(n) => films::is_sheet(item, n) && !can_look,
        Part::Words | Part::Span(_) => false,
    };
    let comes = match item.selected {
        Part::Medium(n) => matches!(
            item.media.get(n as usize),
            Some(MediumState::Covered { whole: false, .. })
        ),
        Part::Words | Part::Span(_) => false,
    };
    let words = match open {
        Some(open) if open.part.is_words() => scene.strings.text("look-state-words"),
        Some(Open {
            mode: RevealMode::Soft(step),
            ..
        }) => {
            let at = SoftStep::ALL.iter().position(|other| other == step);
            let left = SoftStep::ALL.len() - at.unwrap_or(0);
            scene.strings.count("look-state-soft", left as u64)
        }
        Some(_) => {
            let colour = if scene.colour { "yes" } else { "no" };
            scene
                .strings
                .with("look-state", &[("colour", colour.into())])
        }
        None if waits => scene.strings.text("look-wait"),
        None if comes => scene.strings.text("cover-state-comes"),
        None if is_medium && !can_look && is_covered => scene.strings.text("cover-state-sheet"),
        None if is_medium && !can_look => scene.strings.text("cover-state-none"),
        None if is_medium => {
            let step = match item.step.sigma_per_mille() {
                ..=10 => 1,
                11..=25 => 2,
                _ => 3_u64,
            };
            let look = match item.style {
                CoverStyle { sketch: true, .. } => "sketch",
                CoverStyle { grey: true, .. } => "grey",
                _ => "colour",
            };
            let values = [("step", step.into()), ("look", look.into())];
            scene.strings.with("cover-state", &values)
        }
        None => scene.strings.text("words-covered"),
    };
    // Words have few controls: one line holds both.
    let is_one_line = !is_medium && Room::around(ui) == Room::Tight;
    if !is_one_line {
        polite(ui, "item.cover", scene.weak(&words));
    }
    let are_long = are_long(ui, scene);
    ui.horizontal_wrapped(|ui| {
        let mode = open.map(|open| open.mode);
        let is_full = mode == Some(RevealMode::Full);
        let is_soft = matches!(mode, Some(RevealMode::Soft(_)));
        let look = Control::of(scene, Act::Look)
            .selected(open.is_some() && !is_full && !is_soft)
            .enabled(can_look);
        look.show(ui, scene, Ask::Act(Act::Look), asks);
        let full = Control::of(scene, Act::Full)
            .selected(is_full)
            .enabled(can_look);
        full.show(ui, scene, Ask::Act(Act::Full), asks);
        if is_one_line {
            polite(ui, "item.cover", scene.weak(&words));
        }
        if !is_medium || !can_look {
            return;
        }
        let of = |act| match are_long {
            true => Control::of(scene, act).brief(),
            false => Control::of(scene, act),
        };
        let soft = of(Act::Soft).selected(is_soft);
        soft.show(ui, scene, Ask::Act(Act::Soft), asks);
        let colour = of(Act::Colour)
            .selected(scene.colour)
            .enabled(open.is_some());
        colour.show(ui, scene, Ask::Act(Act::Colour), asks);
        if Room::around(ui) == Room::Tight {
            // Weaker and stronger stay beside each other.
            ui.end_row();
        }
        let whole = is_full || is_soft;
        let weaker = Control::of(scene, Act::Weaker)
            .brief()
            .enabled(is_soft || item.step > item.step_min);
        weaker.show(ui, scene, Ask::Act(Act::Weaker), asks);
        let stronger = Control::of(scene, Act::Stronger)
            .brief()
            .enabled(whole || item.step < CoverStep::Strong);
        stronger.show(ui, scene, Ask::Act(Act::Stronger), asks);
        Control::of(scene, Act::ZoomIn)
            .brief()
            .show(ui, scene, Ask::Act(Act::ZoomIn), asks);
        if scene.zoom > 0 {
            Control::of(scene, Act::ZoomOut)
                .brief()
                .show(ui, scene, Ask::Act(Act::ZoomOut), asks);
            let words = scene.strings.count("zoom-state", u64::from(scene.zoom) + 1);
            ui.label(scene.weak(words));
        }
    });
}

fn parts_ui(ui: &mut Ui, scene: &Scene<'_>, item: &ItemView, asks: &mut Vec<Ask>) {
    if item.parts.len() < 2 {
        return;
    }
    if item.media.len() > 1 {
        return strip_ui(ui, scene, item, asks);
    }
    let of = item.media.len() as u64;
    ui.horizontal_wrapped(|ui| {
        let (previous, ask) = step_control(scene, item, -1);
        previous.show(ui, scene, ask, asks);
        for part in &item.parts {
            let (id, name) = match part {
                Part::Medium(n) => {
                    let values = [("n", (u64::from(*n) + 1).into()), ("of", of.into())];
                    (
                        format!("part.{n}"),
                        scene.strings.with(films::part_words(item, *n), &values),
                    )
                }
                Part::Words | Part::Span(_) => {
                    ("part.words".to_owned(), scene.strings.text("part-words"))
                }
            };
            let control = Control::plain(id, name).selected(*part == item.selected);
            control.show(ui, scene, Ask::Command(Command::Select(part.clone())), asks);
        }
        let (next, ask) = step_control(scene, item, 1);
        next.show(ui, scene, ask, asks);
    });
}

/// The item's texts. Whether they are shown clear.
fn words_ui(ui: &mut Ui, scene: &Scene<'_>, item: &ItemView, asks: &mut Vec<Ask>) -> bool {
    if !item.texts.is_empty() {
        ui.add_space(space::XS);
        super::thread::head_ui(ui, scene, item, asks);
        super::thread::thread_ui(ui, scene, WordPlace::Text, &item.texts, asks);
    } else if item.selected == Part::Words {
        ui.label(scene.weak(scene.strings.text("words-none")));
    }
    scene.looking.is_some_and(|open| open.part.is_words())
}
