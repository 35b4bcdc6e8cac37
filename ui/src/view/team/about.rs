//! As of when the figures are, what keeps them from being whole, and the export.

use egui::{RichText, Ui};
use scrim_wire::window::{TeamAsk, TeamExport, TeamProblem, TeamView};

use super::explained_ui;
use crate::asks::Ask;
use crate::control::{Control, Scene, outside, polite};
use crate::team_page::TeamPage;
use crate::theme::{Room, TYPE};
use crate::view::{notices, when};

/// Draws the lines between the choices and the figures.
pub(super) fn about_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    view: &TeamView,
    page: &TeamPage,
    asks: &mut Vec<Ask>,
) {
    polite(
        ui,
        "team.facts",
        RichText::new(facts(scene, view)).size(TYPE[1]),
    );
    if page.waits_for_view {
        let words = scene.strings.text("team-working");
        polite(ui, "team.working", scene.weak(words));
    }
    if view.fetching {
        let words = scene.strings.text("team-fetching");
        polite(ui, "team.fetching", scene.weak(words));
    }
    if let Some(problem) = view.problem {
        let words = RichText::new(scene.strings.text(problem_words(problem)));
        let words = words.size(Room::around(ui).pick(TYPE[1], TYPE[0]));
        let is_error = problem == TeamProblem::NotKept;
        notices::boxed(ui, scene, is_error, |ui| {
            polite(ui, "team.problem", words);
        });
    } else if view.count == 0 && !view.fetching {
        let words = match &view.through {
            Some(day) if *day < view.query.from => {
                let day = [("day", outside(day).into())];
                scene.strings.with("team-empty-not-told", &day)
            }
            _ => scene.strings.text("team-empty"),
        };
        polite(ui, "team.empty", RichText::new(words).size(TYPE[1]));
    }
    explained_ui(ui, scene, "team-body");
    export_ui(ui, scene, view, asks);
}

/// The period, as of when, and of how many decisions.
fn facts(scene: &Scene<'_>, view: &TeamView) -> String {
    let query = &view.query;
    let days = [
        ("from", outside(&query.from).into()),
        ("to", outside(&query.to).into()),
    ];
    let as_of = match view.as_of {
        Some(at) => {
            let at = when(scene, at);
            scene.strings.with("team-as-of", &[("at", at.into())])
        }
        None => scene.strings.text("team-as-of-never"),
    };
    let mut facts = vec![
        scene.strings.with("team-days", &days),
        scene.strings.count("team-count", view.count),
        as_of,
    ];
    if let Some(day) = &view.through {
        let day = [("day", outside(day).into())];
        facts.push(scene.strings.with("team-through", &day));
    }
    facts.join(" · ")
}

fn problem_words(problem: TeamProblem) -> &'static str {
    match problem {
        TeamProblem::Offline => "team-problem-offline",
        TeamProblem::NotOffered => "team-problem-not-offered",
        TeamProblem::NotAllowed => "team-problem-not-allowed",
        TeamProblem::NotDrawn => "team-problem-not-drawn",
        TeamProblem::NotKept => "team-problem-not-kept",
    }
}

fn export_ui(ui: &mut Ui, scene: &Scene<'_>, view: &TeamView, asks: &mut Vec<Ask>) {
    ui.horizontal_wrapped(|ui| {
        Control::plain("team.export", scene.strings.text("team-export"))
            .about(scene.strings.text("team-export.help"))
            .enabled(!view.tables.is_empty())
            .show(ui, scene, Ask::Team(TeamAsk::Export), asks);
        let words = match &view.export {
            None => return,
            Some(TeamExport::Written(path)) => {
                let path = outside(path);
                let words = scene
                    .strings
                    .with("team-export-written", &[("path", path.into())]);
                scene.weak(words)
            }
            Some(TeamExport::NotWritten) => {
                let words = scene.strings.text("team-export-not-written");
                scene.weak(words).color(scene.palette.error)
            }
        };
        polite(ui, "team.export.result", words);
    });
}
