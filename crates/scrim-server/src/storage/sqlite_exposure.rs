//! The exposure view: weeks worked out once from the decisions' view totals.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, params};

use scrim_model::Timestamp;
use scrim_model::settings::{Key, Settings, Value};
use scrim_wire::protocol::{Exposure, ExposureGroup, ExposureWeek, SettingsObject};

use super::columns::{from_id, from_json, from_sql, to_json};
use super::contract::Kept;
use super::sqlite_kept;
use crate::error::ServerError;
use crate::exposure::{PersonWeek, groups, minutes, weighted_16ms};
use crate::limits::{EXPOSURE_WAIT_MS, EXPOSURE_WEEKS, PEOPLE_MIN};
use crate::looked::Looked;

const DAY_MS: i64 = 86_400_000;
const WEEK_MS: i64 = 7 * DAY_MS;
/// The Unix epoch was a Thursday; the Monday before it.
const FIRST_MONDAY_MS: i64 = -3 * DAY_MS;
/// Weighted minutes of a day, where the floor does not say otherwise. The notice is three quarters.
const CAP_MIN_DEFAULT: u64 = 240;

/// The newest finished weeks.
pub(super) fn exposure(tx: &Transaction<'_>, now: Timestamp) -> Result<Exposure, ServerError> {
    let ended = now.plus_ms(-EXPOSURE_WAIT_MS).0;
    let monday = ended - (ended - FIRST_MONDAY_MS).rem_euclid(WEEK_MS);
    let people_min = people_min(tx)?;
    let mut weeks = Vec::new();
    for back in 1..=EXPOSURE_WEEKS {
        let week = week(tx, Timestamp(monday - back * WEEK_MS), people_min)?;
        weeks.push(narrowed(week, people_min));
    }
    Ok(Exposure {
        people_min: u32::try_from(people_min).unwrap_or(u32::MAX),
        weeks,
    })
}

/// A week that was worked out when the floor asked for less: only everyone together stays, and only
/// if they are enough, because differences of the other groups may be too small now.
fn narrowed(mut week: ExposureWeek, people_min: usize) -> ExposureWeek {
    if (week.people_min as usize) < people_min {
        let before = week.groups.len();
        let stays =
            |group: &ExposureGroup| group.queue_id.is_none() && group.people as usize >= people_min;
        week.groups.retain(stays);
        week.some_hidden |= week.groups.len() < before;
    }
    week
}

/// A week's answer: the first one that was given, or a new one.
fn week(
    tx: &Transaction<'_>,
    from: Timestamp,
    people_min: usize,
) -> Result<ExposureWeek, ServerError> {
    let stored: Option<String> = tx
        .query_row(
            "SELECT body FROM exposure_weeks WHERE week_from = ?1",
            [from.0],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(body) = stored {
        return from_json(&body, "a week's exposure");
    }
    let cap_min = cap_min(tx)?;
    let notice_min = cap_min * 3 / 4;
    let (groups, some_hidden) = groups(&people(tx, from)?, (notice_min, cap_min), people_min);
    let week = ExposureWeek {
        from,
        people_min: u32::try_from(people_min).unwrap_or(u32::MAX),
        notice_min: u32::try_from(notice_min).unwrap_or(u32::MAX),
        cap_min: u32::try_from(cap_min).unwrap_or(u32::MAX),
        groups,
        some_hidden,
    };
    tx.execute(
        "INSERT INTO exposure_weeks (week_from, body) VALUES (?1, ?2)",
        params![from.0, to_json(&week)?],
    )?;
    Ok(week)
}

fn cap_min(tx: &Transaction<'_>) -> Result<u64, ServerError> {
    Ok(of_floor(tx, Key::CapWeighted)?.unwrap_or(CAP_MIN_DEFAULT))
}

/// Never less than five, whatever the floor says.
fn people_min(tx: &Transaction<'_>) -> Result<usize, ServerError> {
    let asked = of_floor(tx, Key::LeadExposureGroup)?;
    let asked = asked.and_then(|min| usize::try_from(min).ok());
    Ok(asked.map_or(PEOPLE_MIN, |min| min.max(PEOPLE_MIN)))
}

/// A number of the floor, dotted or nested, if it is there and in range.
fn of_floor(tx: &Transaction<'_>, key: Key) -> Result<Option<u64>, ServerError> {
    let Some(floor) = sqlite_kept::kept(tx, Kept::Floor)? else {
        return Ok(None);
    };
    let floor: SettingsObject = from_json(&floor, "the floor")?;
    let (floor, _) = Settings::read(&floor);
    Ok(match floor.get(key) {
        Some(Value::Number(number)) => Some(u64::from(*number)),
        _ => None,
    })
}

fn people(tx: &Transaction<'_>, from: Timestamp) -> Result<Vec<PersonWeek>, ServerError> {
    let mut statement = tx.prepare_cached(
        "SELECT user_id, (decided_at - ?1) / 86400000, severity, queue_id,
                sum(ms_covered), sum(ms_lens), sum(ms_clear)
         FROM view_totals WHERE training = 0 AND decided_at >= ?1 AND decided_at < ?2
         GROUP BY 1, 2, 3, 4",
    )?;
    let mut rows = statement.query(params![from.0, from.plus_ms(WEEK_MS).0])?;
    let mut days: BTreeMap<String, (PersonWeek, BTreeMap<i64, u64>)> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (person, by_day) = days.entry(row.get(0)?).or_default();
        let looked = Looked {
            ms_covered: from_sql(row.get(4)?),
            ms_lens: from_sql(row.get(5)?),
            ms_clear: from_sql(row.get(6)?),
        };
        person.queues.insert(from_id(row.get(3)?)?);
        let day = by_day.entry(row.get(1)?).or_default();
        *day = day.saturating_add(weighted_16ms(row.get(2)?, looked));
    }
    let weeks = days.into_values().map(|(mut person, by_day)| {
        person.busiest_min = minutes(by_day.into_values().max().unwrap_or(0));
        person
    });
    Ok(weeks.collect())
}
