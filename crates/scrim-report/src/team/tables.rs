//! The tables, one function each: how many they are made of, and their rows.

use std::collections::{BTreeMap, BTreeSet};

use scrim_model::Timestamp;
use scrim_model::days::{date_number, date_text};
use scrim_model::team::{DetectorCount, ReviewKind, TeamGroup};
use scrim_wire::window::{TeamFigure, TeamRow};

use super::{TeamSource, count, queue_name, told};
use crate::limits::{GROUP_MIN, TEAM_DAYS_MAX};
use crate::suppress::{Figure, Rate, Times, together};

type Table = (u64, Vec<TeamRow>);

fn row(id: &str, name: String, cells: Vec<TeamFigure>) -> TeamRow {
    TeamRow {
        id: id.to_owned(),
        name,
        cells,
    }
}

fn all(source: &TeamSource<'_>) -> u64 {
    source.groups.iter().map(|group| group.count).sum()
}

/// Groups by one of their names.
fn by<'a>(
    source: &TeamSource<'a>,
    name: impl Fn(&'a TeamGroup) -> &'a str,
) -> BTreeMap<&'a str, Vec<&'a TeamGroup>> {
    let mut found: BTreeMap<&str, Vec<&TeamGroup>> = BTreeMap::new();
    for group in source.groups {
        found.entry(name(group)).or_default().push(group);
    }
    found
}

fn sum(groups: &[&TeamGroup], of: impl Fn(&TeamGroup) -> u64) -> u64 {
    groups.iter().map(|group| of(group)).sum()
}

/// Every day of the query that has begun, those without a decision as well; only those with one where they are many.
fn days_of(source: &TeamSource<'_>) -> Vec<String> {
    let last = source.query.to.clone().min(source.today());
    match date_number(&source.query.from).zip(date_number(&last)) {
        Some((from, to)) if (0..TEAM_DAYS_MAX).contains(&(to - from)) => {
            (from..=to).map(date_text).collect()
        }
        _ => {
            let days: BTreeSet<&str> = source.groups.iter().map(|g| g.day.as_str()).collect();
            days.into_iter().map(str::to_owned).collect()
        }
    }
}

pub(super) fn days(source: &TeamSource<'_>) -> Table {
    let found = by(source, |group| &group.day);
    let of = |day: &String| {
        found
            .get(day.as_str())
            .map_or(0, |its| sum(its, |g| g.count))
    };
    let figure = |day: &String| match source.is_told(day) {
        true => count(of(day)),
        false => TeamFigure::DayNotOver,
    };
    let rows = days_of(source)
        .iter()
        .map(|day| row(day, String::new(), vec![figure(day)]))
        .collect();
    (all(source), rows)
}

/// Decisions and active times.
pub(super) fn timed<'a>(
    source: &TeamSource<'a>,
    id: impl Fn(&'a TeamGroup) -> &'a str,
    name: impl Fn(&str) -> String,
) -> Table {
    let one = |(id, its): (&str, Vec<&TeamGroup>)| {
        let parts = its.iter().map(|group| {
            let times = source.shape(group).times();
            times.map(|()| group.handle_ms.iter().map(|ms| u64::from(*ms)).collect())
        });
        let (values, why_not) = together(parts);
        let cells = [count(sum(&its, |g| g.count))]
            .into_iter()
            .chain(seconds(Times::of_values(values, why_not), 1_000.0))
            .collect();
        row(id, name(id), cells)
    };
    (all(source), by(source, id).into_iter().map(one).collect())
}

/// n, median and p90, `per` of the values being a second.
fn seconds(times: Times, per: f64) -> [TeamFigure; 3] {
    let second = |figure: Figure| match figure {
        Figure::Is(value) => TeamFigure::Is(value / per),
        other => told(other),
    };
    [count(times.n), second(times.median), second(times.p90)]
}

pub(super) fn time_to_action(source: &TeamSource<'_>) -> Table {
    let found = by(source, |group| &group.day);
    let mut n = 0;
    let mut one = |day: String| {
        let its = found.get(day.as_str()).map_or(&[][..], Vec::as_slice);
        let parts = its.iter().map(|group| {
            let told = source.shape(group).waits(group.action_s.len() as u64);
            told.map(|()| group.action_s.iter().map(|s| u64::from(*s)).collect())
        });
        let (values, why_not) = together(parts);
        n += values.len() as u64;
        let cells = match source.is_told(&day) {
            true => seconds(Times::of_values(values, why_not), 1.0).to_vec(),
            false => vec![TeamFigure::DayNotOver; 3],
        };
        row(&day, String::new(), cells)
    };
    let rows = days_of(source).into_iter().map(&mut one).collect();
    (n, rows)
}

/// The part, the share and its interval; of fewer than [`GROUP_MIN`] none of them.
fn share(part: u64, n: u64) -> [TeamFigure; 4] {
    let rate = match n {
        0 => Rate::of_counts(0, 0, Figure::NotDefined),
        n if n < GROUP_MIN => Rate::of_counts(0, 0, Figure::TooFew),
        n => Rate::of_counts(part, n, Figure::NotDefined),
    };
    [rate.part, rate.share, rate.low, rate.high].map(told)
}

/// Queues of the query: those that there are now, and those that decisions name.
fn queues<'a>(source: &TeamSource<'a>) -> BTreeSet<&'a str> {
    let wanted = |id: &&str| {
        source
            .query
            .queue
            .as_ref()
            .is_none_or(|q| q.as_str() == *id)
    };
    let now = source.queues.iter().map(|queue| queue.id.as_str());
    let then = source.groups.iter().map(|group| group.queue.as_str());
    now.chain(then).filter(wanted).collect()
}

/// What is open and overdue now counts as missed.
pub(super) fn sla(source: &TeamSource<'_>) -> Table {
    let found = by(source, |group| &group.queue);
    let mut n = 0;
    let rows = queues(source).into_iter().filter_map(|id| {
        let its = found.get(id).map_or(&[][..], Vec::as_slice);
        let (due, met) = (sum(its, |g| g.due), sum(its, |g| g.met));
        let now = source.queues.iter().find(|queue| queue.id.as_str() == id);
        let overdue = now.and_then(|queue| queue.overdue);
        n += due + overdue.unwrap_or(0);
        let [met, shares @ ..] = match overdue {
            Some(overdue) => share(met, due + overdue),
            None => [
                share(met, due)[0],
                TeamFigure::NotKnown,
                TeamFigure::NotKnown,
                TeamFigure::NotKnown,
            ],
        };
        let overdue = overdue.map_or(TeamFigure::NotKnown, count);
        let cells = [count(due), met, overdue].into_iter().chain(shares);
        let has_any = due > 0 || now.is_some_and(|queue| queue.sla_s.is_some());
        has_any.then(|| row(id, queue_name(source, id), cells.collect()))
    });
    let rows = rows.collect();
    (n, rows)
}

pub(super) fn backlog(source: &TeamSource<'_>) -> Table {
    let wanted = queues(source);
    let its = || {
        let queues = source.queues.iter();
        queues.filter(|queue| wanted.contains(queue.id.as_str()))
    };
    let age = |at: Option<Timestamp>| match at {
        Some(at) => TeamFigure::Is((source.now.since_ms(at).max(0) / 1_000) as f64),
        None => TeamFigure::NotDefined,
    };
    let rows = its().map(|queue| {
        let (stuck, since) = match &queue.unassignable {
            Some(of) => (count(of.count), age(of.oldest_at)),
            None => (TeamFigure::NotKnown, TeamFigure::NotKnown),
        };
        let cells = vec![count(queue.pending), age(queue.oldest_at), stuck, since];
        row(queue.id.as_str(), queue.name.clone(), cells)
    });
    (its().map(|queue| queue.pending).sum(), rows.collect())
}

pub(super) fn unsure<'a>(
    source: &TeamSource<'a>,
    id: impl Fn(&'a TeamGroup) -> &'a str,
    name: impl Fn(&str) -> String,
) -> Table {
    let mut n = 0;
    let mut rows = Vec::new();
    for (id, its) in by(source, id) {
        let parts = its.iter().map(|group| {
            let rates = source.shape(group).rates();
            rates.map(|()| vec![(group.unsure, group.count)])
        });
        let (told_of, why_not) = together(parts);
        let (part, of) = told_of.iter().fold((0, 0), |(part, n), (unsure, count)| {
            (part + unsure, n + count)
        });
        n += of;
        let rate = Rate::of_counts(part, of, why_not);
        let figures = [rate.part, rate.share, rate.low, rate.high].map(told);
        let cells = std::iter::once(count(rate.n)).chain(figures).collect();
        rows.push(row(id, name(id), cells));
    }
    (n, rows)
}

/// Of the days of a queue whose number the server tells.
pub(super) fn not_me(source: &TeamSource<'_>) -> Table {
    let mut decided: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for group in source.groups {
        *decided.entry((&group.queue, &group.day)).or_default() += group.count;
    }
    let mut by_queue: BTreeMap<&str, Option<(u64, u64)>> =
        queues(source).into_iter().map(|id| (id, None)).collect();
    for day in source.not_me.iter().filter(|day| source.is_told(&day.day)) {
        let sums = by_queue.entry(day.queue_id.as_str()).or_default();
        if let Some(not_me) = day.not_me {
            let made = decided.get(&(day.queue_id.as_str(), day.day.as_str()));
            let (part, n) = sums.unwrap_or((0, 0));
            *sums = Some((part + not_me, n + not_me + made.copied().unwrap_or(0)));
        }
    }
    let n = by_queue.values().flatten().map(|(_, n)| n).sum();
    let one = |(id, sums): (&str, Option<(u64, u64)>)| {
        let cells = match sums {
            Some((part, n)) => std::iter::once(count(n)).chain(share(part, n)).collect(),
            None => vec![TeamFigure::TooFew; 5],
        };
        row(id, queue_name(source, id), cells)
    };
    (n, by_queue.into_iter().map(one).collect())
}

pub(super) fn overturns(source: &TeamSource<'_>) -> Table {
    let mut all = 0;
    let kinds = [ReviewKind::Appeal, ReviewKind::Sample, ReviewKind::Second];
    let rows = kinds.iter().map(|kind| {
        let its = || source.pairs.iter().filter(|pair| pair.review == *kind);
        let (n, part) = (
            its().count() as u64,
            its().filter(|pair| pair.is_overturned()).count() as u64,
        );
        all += n;
        let cells = std::iter::once(count(n)).chain(share(part, n));
        row(kind.as_str(), String::new(), cells.collect())
    });
    let rows = rows.collect();
    (all, rows)
}

pub(super) fn detectors(counts: &[DetectorCount]) -> Table {
    let mut found: BTreeMap<(&str, &str), (u64, u64)> = BTreeMap::new();
    for of in counts {
        let key = (of.detector.name.as_str(), of.detector.version.as_str());
        let sums = found.entry(key).or_default();
        *sums = (sums.0 + of.flagged, sums.1 + of.right);
    }
    let n = found.values().map(|(flagged, _)| flagged).sum();
    let one = |((name, version), (flagged, right)): ((&str, &str), (u64, u64))| {
        let cells = std::iter::once(count(flagged)).chain(share(right, flagged));
        let shown = match version {
            "" => name.to_owned(),
            version => format!("{name} {version}"),
        };
        row(&format!("{name}\t{version}"), shown, cells.collect())
    };
    (n, found.into_iter().map(one).collect())
}
