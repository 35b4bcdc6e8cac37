//! `scrim export team`, `team-decisions` and `team-regulator`: of the copy of the team's decisions that the agent keeps
//! for leads.

use std::io::Write;
use std::ops::ControlFlow;

use scrim_model::{QueueId, Timestamp};
use scrim_report::{
    Format, RegulatorCounts, RegulatorItem, RegulatorOthers, RegulatorTable, ReportError,
    Selection, ServerSaid, TeamLines, TeamReport, TeamSource,
};
use scrim_runtime::kept_policies;
use scrim_store::{Reader, StoreError, TeamFilter, TeamItem, TeamLine, TeamStore};
use scrim_wire::window::TeamQuery;

use crate::cli::Export;
use crate::error::CliError;
use crate::limits::PROGRESS_STEP;
use crate::platform_files::{items, rules};
use crate::progress::Progress;
use crate::terminal::now;

pub(crate) fn report(
    records: &Reader,
    store: &TeamStore,
    options: &Export,
    selection: &Selection,
) -> Result<TeamReport, CliError> {
    let query = TeamQuery {
        from: selection.period.first_day(),
        to: selection.period.last_day(),
        queue: queue(options)?,
    };
    let queue = query.queue.as_ref().map(QueueId::as_str);
    let data = store.data(&query.from, &query.to, queue);
    let data = data.map_err(of_copy)?;
    let policies = kept_policies(records)?;
    let source = TeamSource {
        query: &query,
        groups: &data.groups,
        pairs: &data.pairs,
        detectors: &data.detectors,
        not_me: &data.not_me,
        queues: &data.queues,
        policies: &policies,
        // As old as the figures are: two exports of one reading are the same.
        now: data.as_of.unwrap_or_else(now),
        through: data.through.as_deref(),
    };
    Ok(TeamReport::of(&source, data.as_of))
}

fn queue(options: &Export) -> Result<Option<QueueId>, CliError> {
    let id = options.queue.clone().map(QueueId::new).transpose();
    id.map_err(|_| CliError::Usage("That is no id of a queue. Nothing was written.".to_owned()))
}

/// The table for a regulator, and how many decisions it is of.
pub(crate) fn regulator(
    store: &TeamStore,
    options: &Export,
    selection: &Selection,
) -> Result<(RegulatorTable, u64), CliError> {
    let filter = TeamFilter {
        from: selection.period.first_day(),
        to: selection.period.last_day(),
        queue: queue(options)?.map(String::from),
        ..TeamFilter::default()
    };
    let (rules, items) = (rules(options)?, items(options)?);
    let mut counts = RegulatorCounts::new(&rules, &items);
    let take = |item: TeamItem<'_>| {
        counts.item(&RegulatorItem {
            id: item.id,
            policy: item.policy,
            passed_on: item.passed_on,
            copied: item.copied,
            server: Some(ServerSaid {
                languages: item.languages,
                reported: item.reported,
                flagged: item.flagged,
            }),
        });
    };
    let totals = store.totals(&filter, take).map_err(of_copy)?;
    for of in &totals.actions {
        counts.actions(&of.policy, &of.action, of.count);
    }
    let others = RegulatorOthers {
        appeals: totals.appeals.as_deref(),
        reviewers: totals.reviewers.as_deref(),
        detectors: Some(&totals.detectors),
        ..RegulatorOthers::default()
    };
    Ok((counts.table(&others), totals.decisions))
}

/// What of the period the copy does not have, in words.
pub(crate) fn missing(
    store: &TeamStore,
    selection: &Selection,
) -> Result<Option<String>, CliError> {
    let through = store.through().map_err(of_copy)?;
    Ok(match (store.as_of().map_err(of_copy)?, through) {
        (None, _) => Some(
            "The queue server was not read to its end, so decisions are missing in it. Open the team's figures in the window until they are there, then export again.".to_owned(),
        ),
        (Some(_), Some(day)) if day < selection.period.last_day() => Some(format!(
            "The queue server tells a day when it is over, and was last read up to {day}: later days are not in it."
        )),
        _ => None,
    })
}

/// The copy of the team's decisions.
pub(crate) fn store(records: &Reader) -> Result<TeamStore, CliError> {
    records.team_place().open_read_only().map_err(of_copy)
}

/// What is wrong with the copy, which is not the records.
fn of_copy(error: StoreError) -> CliError {
    match error {
        StoreError::NoStore => CliError::NoTeam,
        StoreError::Damaged | StoreError::Unreadable => CliError::TeamCopy,
        other => other.into(),
    }
}

/// Row by row: millions do not stand in memory. Says how many.
pub(crate) fn write_decisions(
    store: &TeamStore,
    selection: &Selection,
    format: Format,
    out: &mut dyn Write,
) -> Result<usize, ReportError> {
    let (from, to) = (selection.period.first_day(), selection.period.last_day());
    let mut lines = TeamLines::begin(out, format)?;
    let mut failed = None;
    let mut progress = Progress::over(selection.period, now());
    let (mut count, mut reached) = (0_usize, selection.period.from);
    let take = |line: TeamLine<'_>| {
        count += 1;
        if count.is_multiple_of(PROGRESS_STEP) {
            let day = format!("{}T00:00:00Z", line.day);
            reached = Timestamp::parse(&day).unwrap_or(reached);
            progress.reached(reached, count);
        }
        match lines.row(line.words(), line.severity, line.unsure) {
            Ok(()) => ControlFlow::Continue(()),
            Err(fault) => {
                failed = Some(fault);
                ControlFlow::Break(())
            }
        }
    };
    let read = store.each(&from, &to, selection.queue.as_deref(), take);
    progress.end();
    match failed {
        Some(fault) => return Err(fault),
        None => read.map_err(|fault| ReportError::NotRead(of_copy(fault).to_string()))?,
    }
    lines.end()?;
    Ok(count)
}
