//! Screenshots of the lead's view, from a made-up view: the same figures every time.

use std::path::Path;

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use image::RgbaImage;
use scrim_window::Arrival;
use scrim_wire::window::{
    Screen, TeamExport, TeamProblem, TeamTableKind, TeamView, ToWindow, WindowModel,
};

use crate::clock::TurnedClock;
use crate::demo_team::{AS_OF, day, records, team_view};
use crate::stage::{Failed, Look, window, with_id};

/// Name of the picture, what is shown, and the id of the section that is gone to.
type State = (&'static str, TeamView, Option<&'static str>);

/// Writes one picture a state into `folder`, with `save`; returns how many.
pub(crate) fn take(
    folder: &Path,
    serving: &WindowModel,
    look: Look,
    suffix: &str,
    save: impl Fn(&Path, RgbaImage) -> Result<(), Failed>,
) -> Result<usize, Failed> {
    let model = WindowModel {
        screen: Screen::QueueEmpty,
        item: None,
        leads: true,
        ..serving.clone()
    };
    let states = states();
    let count = states.len();
    for (name, view, section) in states {
        let picture = drawn(&model, view, section, look)?;
        save(&folder.join(format!("{name}-{suffix}.png")), picture)?;
    }
    Ok(count)
}

fn states() -> Vec<State> {
    let mut behind = team_view();
    behind.records = Some(records(TeamTableKind::Days, &day(3), 50, 134));
    let mut offline = team_view();
    offline.problem = Some(TeamProblem::Offline);
    offline.export = Some(TeamExport::NotWritten);
    let mut exported = team_view();
    let path = "/home/ada/Documents/scrim-team-2026-01-05-2026-02-01.html";
    exported.export = Some(TeamExport::Written(path.to_owned()));
    let mut first = team_view();
    first.fetching = true;
    first.as_of = None;
    first.count = 0;
    first.samples = None;
    first.disagreements.clear();
    for table in &mut first.tables {
        table.rows.clear();
        table.n = 0;
    }
    let mut empty = first.clone();
    empty.fetching = false;
    empty.as_of = Some(AS_OF);
    let mut refused = empty.clone();
    refused.problem = Some(TeamProblem::NotAllowed);
    refused.tables.clear();
    vec![
        ("team", exported, None),
        ("team-days", team_view(), Some("days")),
        ("team-policies", team_view(), Some("policies")),
        ("team-in-time", team_view(), Some("sla")),
        ("team-open", team_view(), Some("backlog")),
        ("team-agreement", team_view(), Some("agreement")),
        ("team-disagreements", team_view(), Some("disagreements")),
        ("team-samples", team_view(), Some("samples")),
        ("team-records", behind, None),
        ("team-offline", offline, None),
        ("team-fetching", first, None),
        ("team-empty", empty, None),
        ("team-not-allowed", refused, None),
    ]
}

/// The window in which a lead has opened the page and gone to a section.
fn drawn(
    model: &WindowModel,
    view: TeamView,
    section: Option<&str>,
    look: Look,
) -> Result<RgbaImage, Failed> {
    let clock = TurnedClock::default();
    clock.stop_wall(Some(AS_OF.0));
    let mut harness = window(look, &clock);
    let arrival = |message| Arrival {
        message,
        pixels: None,
    };
    let shown = ToWindow::Model(Box::new(model.clone()));
    harness.state_mut().receive(arrival(shown), 0);
    // Panels take their final sizes in the frames after the first.
    harness.run_steps(3);
    harness.key_press_modifiers(Modifiers::CTRL, Key::T);
    harness.run_steps(2);
    let view = ToWindow::Team(Some(Box::new(view)));
    harness.state_mut().receive(arrival(view), 0);
    harness.run_steps(3);
    if let Some(section) = section {
        let id = format!("team.go.{section}");
        harness.get(with_id(&id)).click_accesskit();
        harness.run_steps(4);
    }
    harness.render().map_err(Failed::new)
}
