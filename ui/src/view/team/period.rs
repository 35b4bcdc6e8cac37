//! What the page is about: the period and the queue.

use egui::Ui;
use scrim_model::QueueId;
use scrim_wire::window::{TeamAsk, TeamQuery, TeamView};

use super::field_ui;
use crate::asks::Ask;
use crate::control::{Control, Scene, outside, polite};
use crate::day::Day;
use crate::team_page::{PERIODS, PeriodFault, TeamPage, last_days};

/// Draws the choices.
pub(super) fn period_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    today: Day,
    view: &TeamView,
    page: &mut TeamPage,
    asks: &mut Vec<Ask>,
) {
    let Some(query) = page.query.clone() else {
        return;
    };
    ui.horizontal_wrapped(|ui| {
        ui.label(scene.title(scene.strings.text("team-period")));
        for days in PERIODS {
            let choice = with_days(&query, last_days(today, days));
            let name = scene.strings.count("team-days-last", days.unsigned_abs());
            Control::plain(format!("team.period.{days}"), name)
                .selected(choice.from == query.from && choice.to == query.to)
                .show(ui, scene, Ask::Team(TeamAsk::Show(choice)), asks);
        }
        days_ui(ui, scene, today, &query, page, asks);
    });
    queues_ui(ui, scene, view, &query, asks);
}

fn with_days(query: &TeamQuery, (from, to): (Day, Day)) -> TeamQuery {
    TeamQuery {
        from: from.text(),
        to: to.text(),
        queue: query.queue.clone(),
    }
}

/// Any two days.
fn days_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    today: Day,
    query: &TeamQuery,
    page: &mut TeamPage,
    asks: &mut Vec<Ask>,
) {
    let in_from = field_ui(ui, scene, "from", &mut page.from);
    let in_to = field_ui(ui, scene, "to", &mut page.to);
    let typed = page.typed(today);
    let show = Control::plain("team.period.show", scene.strings.text("team-show"))
        .enabled(typed.is_ok())
        .respond(ui, scene);
    match typed {
        Ok(days) if show.clicked() || in_from || in_to => {
            asks.push(Ask::Team(TeamAsk::Show(with_days(query, days))));
        }
        Ok(_) => {}
        Err(fault) => {
            let words = scene.strings.text(fault_words(fault));
            let words = scene.weak(words).color(scene.palette.error);
            polite(ui, "team.period.fault", words);
        }
    }
}

fn fault_words(fault: PeriodFault) -> &'static str {
    match fault {
        PeriodFault::NotADay => "team-fault-not-a-day",
        PeriodFault::Reversed => "team-fault-reversed",
        PeriodFault::NotBegun => "team-fault-not-begun",
        PeriodFault::TooLong => "team-fault-too-long",
    }
}

fn queues_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    view: &TeamView,
    query: &TeamQuery,
    asks: &mut Vec<Ask>,
) {
    ui.horizontal_wrapped(|ui| {
        ui.label(scene.title(scene.strings.text("team-queue")));
        let mut choice_ui = |id: &str, name: String, queue: Option<&QueueId>| {
            let choice = TeamQuery {
                queue: queue.cloned(),
                ..query.clone()
            };
            Control::plain(id, name)
                .selected(query.queue.as_ref() == queue)
                .show(ui, scene, Ask::Team(TeamAsk::Show(choice)), asks);
        };
        let all = scene.strings.text("team-queues-all");
        choice_ui("team.queues.all", all, None);
        for (id, name) in &view.queues {
            choice_ui(&format!("team.queue.{id}"), outside(name), Some(id));
        }
    });
}
