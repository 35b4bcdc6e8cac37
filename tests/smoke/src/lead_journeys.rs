//! Journeys of leads: the team's figures, the records behind them, and second reviews that are blind.

use egui::{Key, Modifiers};
use scrim_queue::QueueServer;
use scrim_report::EXPORT_LOG_FILE;
use scrim_runtime::{Clock, SystemClock};
use scrim_store::TEAM_FILE;
use scrim_wire::protocol::{Claim, ClaimsRequest, Drawing, SampleRequest};
use scrim_wire::window::{Command, TeamAsk, TeamDrill, TeamExport, TeamTableKind};

use crate::journeys::{Journey, images};
use crate::served::Judged;
use crate::stage::{Failed, Look, Stage, hold};

pub(crate) const LEADS: &[Journey] = &[
    Journey {
        name: "lead-reads-the-team",
        about: "a lead sees the team's figures and the records behind them, and nobody's name",
        run: lead_reads_the_team,
    },
    Journey {
        name: "today-is-told-tomorrow",
        about: "outside a test environment nothing of a day is told before it is over, and the view says so",
        run: today_is_told_tomorrow,
    },
    Journey {
        name: "second-review-is-blind",
        about: "a drawn decision comes to somebody else without the first one, and the disagreement reaches the lead",
        run: second_review_is_blind,
    },
    Journey {
        name: "figures-are-for-leads",
        about: "a moderator is offered no figures and gets none, and a copy of what a lead read at the same desk goes",
        run: figures_are_for_leads,
    },
];

/// A day later at the desk, so that the day of the decisions is over there.
const LATER_MS: i64 = 24 * 3_600_000;

/// A lead at a desk, after a moderator has decided `count` items with this finding.
fn led(count: u32, judged: &Judged<'_>, environment: &'static str) -> Result<Stage, Failed> {
    let mut stage = Stage::empty(&images(u64::from(count)), Look::default(), environment)?;
    let moderator = stage.served.person("first-reviewer", "moderator")?;
    for claim in claimed(&stage, "first-reviewer", "first-claims", count)? {
        let id = format!("first-{}", claim.item.id);
        stage.served.judge(&moderator, &claim, &id, judged)?;
    }
    stage.served.token = stage.served.token_of("lead-1", "lead")?;
    let now = stage.clock.utc_ms();
    stage.clock.stop_wall(Some(now + LATER_MS));
    stage.start_desk()?;
    Ok(stage)
}

fn claimed(stage: &Stage, user: &str, key: &str, count: u32) -> Result<Vec<Claim>, Failed> {
    let request = ClaimsRequest {
        count,
        ..ClaimsRequest::default()
    };
    let person = stage.served.person(user, "moderator")?;
    Ok(person.claim(key, &request)?.claims)
}

fn open(stage: &mut Stage) {
    stage.press_with(Key::T, Modifiers::COMMAND);
    stage.pass(1_000);
}

fn lead_reads_the_team() -> Result<(), Failed> {
    let mut stage = led(6, &Judged::REMOVED, "test")?;
    open(&mut stage);
    let view = stage.team().ok_or_else(|| Failed::new("no figures come"))?;
    hold!(
        view.count == 6 && view.as_of.is_some() && view.problem.is_none(),
        "the view is of {} decisions, as of {:?}, {:?}, {:?}",
        view.count,
        view.as_of,
        view.problem,
        view.query
    );
    hold!(
        stage.says("team-title") && stage.says_some_with("team-count", &[("n", 6.into())]),
        "the page does not say it"
    );
    let drill = TeamDrill {
        table: TeamTableKind::Actions,
        row: "remove".to_owned(),
        skip: 0,
    };
    stage.command(Command::Team(TeamAsk::Records(drill)));
    let records = stage.team().and_then(|view| view.records.clone());
    let records = records.ok_or_else(|| Failed::new("no records are listed"))?;
    hold!(
        records.total == 6 && records.rows.len() == 6,
        "{} records are listed",
        records.total
    );
    let told = serde_json::to_string(stage.team().unwrap_or_else(|| unreachable!()))?;
    for name in ["first-reviewer", "first-i", "lead-1"] {
        hold!(!told.contains(name), "the view holds {name}");
    }
    stage.press(Key::Escape);
    reported(&mut stage)?;
    stage.press(Key::Escape);
    hold!(stage.team().is_none(), "the figures stay after the page");
    open(&mut stage);
    hold!(stage.team().is_some(), "they do not come again");
    stage.lock();
    hold!(stage.team().is_none(), "they stay under the lock");
    Ok(())
}

/// The report on the screen as a file, and the line that says that it was made.
fn reported(stage: &mut Stage) -> Result<(), Failed> {
    stage.command(Command::Team(TeamAsk::Export));
    let view = stage
        .team()
        .ok_or_else(|| Failed::new("the figures are gone"))?;
    let Some(TeamExport::Written(file)) = &view.export else {
        return Err(Failed::new(format!(
            "no report is written: {:?}",
            view.export
        )));
    };
    let html = std::fs::read_to_string(file)?;
    hold!(
        html.contains("<h1>Decisions of a team</h1>") && !html.contains("first-reviewer"),
        "the report is not one, or names somebody"
    );
    let log = std::fs::read_to_string(stage.records().join(EXPORT_LOG_FILE))?;
    hold!(
        log.lines().count() == 1 && log.contains("\"team\""),
        "the report is not written down: {log}"
    );
    Ok(())
}

fn today_is_told_tomorrow() -> Result<(), Failed> {
    let now = || SystemClock.now().utc();
    let today = now().utc_day();
    let mut stage = led(6, &Judged::REMOVED, "production")?;
    open(&mut stage);
    let view = stage.team().ok_or_else(|| Failed::new("no figures come"))?;
    let yesterday = now().plus_ms(-LATER_MS).utc_day();
    hold!(
        view.through.as_ref() == Some(&yesterday) || now().utc_day() != today,
        "days are told up to {:?}",
        view.through
    );
    hold!(
        view.count == 0 && view.as_of.is_some() && view.problem.is_none()
            || now().utc_day() != today,
        "{} decisions of today are told",
        view.count
    );
    Ok(())
}

fn second_review_is_blind() -> Result<(), Failed> {
    let today = || SystemClock.now().utc().utc_day();
    // Midnight may come while the decisions are made, or after them.
    let from = today();
    let mut stage = led(6, &Judged::REMOVED, "test")?;
    let lead = stage.served.person("lead-1", "lead")?;
    let request = SampleRequest {
        size: 6,
        drawing: Drawing::Random,
        from,
        to: today(),
        queues: Vec::new(),
        practice: 0,
    };
    let sample = lead.draw_sample("draw-1", &request)?;
    hold!(sample.size == 6, "{} decisions are drawn", sample.size);
    let outcomes = stage.served.outcomes()?.len();
    hold!(
        claimed(&stage, "first-reviewer", "again-claims", 6)?.is_empty(),
        "the first reviewer is asked again"
    );
    let second = stage.served.person("second-reviewer", "moderator")?;
    let claims = claimed(&stage, "second-reviewer", "second-claims", 6)?;
    hold!(claims.len() == 6, "{} come to somebody else", claims.len());
    for (n, claim) in claims.iter().enumerate() {
        let state = second.item(&claim.item.id)?;
        hold!(
            state.decisions.is_empty(),
            "the second reviewer sees the first decision"
        );
        let judged = if n == 0 {
            &Judged::ALLOWED
        } else {
            &Judged::REMOVED
        };
        let id = format!("second-{n}");
        stage.served.judge(&second, claim, &id, judged)?;
    }
    hold!(
        stage.served.outcomes()?.len() == outcomes,
        "a blind review has an effect"
    );
    open(&mut stage);
    let view = stage.team().ok_or_else(|| Failed::new("no figures come"))?;
    hold!(
        view.count == 6,
        "reviews count as decisions: {}",
        view.count
    );
    let done = view.samples.as_ref().and_then(|samples| samples.first());
    hold!(
        done.is_some_and(|sample| sample.done == 6 && sample.differ == 1),
        "the sample stands at {done:?}"
    );
    hold!(
        view.disagreements.len() == 1
            && view.disagreements[0].first.action == "remove"
            && view.disagreements[0].second.action == "allow",
        "{} disagreements are listed",
        view.disagreements.len()
    );
    Ok(())
}

fn figures_are_for_leads() -> Result<(), Failed> {
    let mut stage = Stage::set(&images(2), Look::default())?;
    hold!(
        !stage.offers("team.open"),
        "a moderator is offered the figures"
    );
    open(&mut stage);
    let query = scrim_wire::window::TeamQuery {
        from: "2026-01-01".to_owned(),
        to: "2026-01-31".to_owned(),
        queue: None,
    };
    stage.command(Command::Team(TeamAsk::Show(query)));
    hold!(
        stage.team().is_none() && !stage.says("team-title"),
        "a moderator gets figures"
    );
    let mut stage = led(2, &Judged::REMOVED, "test")?;
    open(&mut stage);
    let copy = stage.records().join(TEAM_FILE);
    hold!(copy.exists(), "a lead keeps no copy of what was read");
    stage.served.token = stage.served.token_of("moderator-2", "moderator")?;
    stage.start_desk()?;
    stage.pass(1_000);
    hold!(!copy.exists(), "a moderator keeps the copy of a lead");
    Ok(())
}
