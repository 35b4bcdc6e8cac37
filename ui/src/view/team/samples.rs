//! Samples for a blind second review: what was drawn and how far they are, and drawing one.

use egui::Ui;
use scrim_wire::protocol::{Drawing, Sample};
use scrim_wire::window::{TeamAsk, TeamProblem, TeamView};

use super::{explained_ui, field_ui};
use crate::asks::Ask;
use crate::control::{Control, Scene, outside, polite};
use crate::team_page::TeamPage;
use crate::theme::space;
use crate::view::when;

/// Ways to draw one, with their words in the catalogue.
const WAYS: [(Drawing, &str); 3] = [
    (Drawing::Random, "team-drawing-random"),
    (Drawing::Stratified, "team-drawing-stratified"),
    (Drawing::RiskWeighted, "team-drawing-risk-weighted"),
];

/// Draws the form and the list.
pub(super) fn samples_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    view: &TeamView,
    page: &mut TeamPage,
    asks: &mut Vec<Ask>,
) {
    let Some(samples) = &view.samples else {
        ui.label(scene.strings.text("team-samples-not-offered"));
        return;
    };
    explained_ui(ui, scene, "team-samples-explained");
    form_ui(ui, scene, view, page, asks);
    explained_ui(ui, scene, "team-practice-explained");
    ui.add_space(space::S);
    if samples.is_empty() {
        ui.label(scene.strings.text("team-samples-none"));
    }
    for sample in samples {
        ui.label(sample_words(scene, sample));
    }
}

fn form_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    view: &TeamView,
    page: &mut TeamPage,
    asks: &mut Vec<Ask>,
) {
    ui.horizontal_wrapped(|ui| {
        let in_size = field_ui(ui, scene, "sample.size", &mut page.size);
        let in_practice = field_ui(ui, scene, "sample.practice", &mut page.practice);
        let drawing = drawing_ui(ui, scene, page);
        let sample = page.sample();
        let is_open = matches!(view.problem, None | Some(TeamProblem::NotDrawn));
        let may = is_open && !page.waits_for_sample;
        let draw = Control::plain("team.sample.draw", scene.strings.text("team-sample-draw"))
            .about(scene.strings.text("team-sample-draw.help"))
            .enabled(sample.is_some() && may)
            .respond(ui, scene);
        let is_asked = draw.clicked() || in_size || in_practice;
        if let Some((size, practice)) = sample.filter(|_| is_asked && may) {
            asks.push(Ask::Team(TeamAsk::Draw {
                size,
                drawing,
                practice,
            }));
        }
        let words = if sample.is_none() {
            scene
                .weak(scene.strings.text("team-sample-fault"))
                .color(scene.palette.error)
        } else if !is_open {
            scene.weak(scene.strings.text("team-sample-not-now"))
        } else if page.waits_for_sample {
            scene.weak(scene.strings.text("team-sample-waits"))
        } else {
            return;
        };
        polite(ui, "team.sample.state", words);
    });
}

/// How it is drawn: one control a way.
fn drawing_ui(ui: &mut Ui, scene: &Scene<'_>, page: &mut TeamPage) -> Drawing {
    let mut chosen = page.drawing.clone().unwrap_or(Drawing::Random);
    for (way, words) in WAYS {
        let response = Control::plain(
            format!("team.sample.{}", way.as_str()),
            scene.strings.text(words),
        )
        .about(scene.strings.text(&format!("{words}.help")))
        .selected(way == chosen)
        .respond(ui, scene);
        if response.clicked() {
            page.drawing = Some(way.clone());
            chosen = way;
        }
    }
    chosen
}

fn sample_words(scene: &Scene<'_>, sample: &Sample) -> String {
    let known = WAYS.into_iter().find(|(way, _)| *way == sample.drawing);
    let drawing = match known {
        Some((_, words)) => scene.strings.text(words),
        None => outside(sample.drawing.as_str()),
    };
    let numbers = [
        ("at", when(scene, sample.at).into()),
        ("drawing", drawing.into()),
        ("size", sample.size.into()),
        ("done", sample.done.into()),
        ("differ", sample.differ.into()),
        ("practice", sample.practice.into()),
    ];
    scene.strings.with("team-sample", &numbers)
}
