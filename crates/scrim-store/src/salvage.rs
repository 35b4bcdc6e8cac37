//! A damaged database is set aside, and what can be read of it goes into a new one.
//!
//! | step | what is there if everything stops right after it |
//! | --- | --- |
//! | `desk.db.new` is written with all that could be read | the damaged database; the next start begins again |
//! | it becomes `desk.db.salvaged` | both; the next start goes on here |
//! | the damaged database gets its new name | the same |
//! | `desk.db.salvaged` takes the database's name | the new database; the next start tells of it |
//!
//! A decision is taken over if its header has the stored hash and every part has the hash that the
//! header says; it keeps its id, so that a server that has it already answers "duplicate". The new
//! chain begins with those decisions, each with place and hash in the old one; holds, their ends and
//! reports follow. Where an entry may have been lost it may have been a hold, so all that was saved is
//! held until somebody has looked. Where exposure or settings may have been lost, a row says so that cannot be read: the day then counts as full, and
//! settings as doubtful.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use scrim_model::Timestamp;

use crate::error::StoreError;
use crate::files::{name_for_damaged, remove, set_aside, suffixed, sync_folder};
use crate::holds::hold_in_doubt;
use crate::opening::SetAside;
use crate::remake::{begin_fresh, end_fresh};
use crate::schema::migrate;
use crate::source::Source;
use crate::verify::KEPT_HEAD_FILE;
use crate::wreck::{Place, Survey, Wreck};
use crate::{key, mend};

const SALVAGED_FILE: &str = "desk.db.salvaged";
/// Key of the saved value that tells the next opening of it.
const TOLD_KEY: &str = "set_aside";
/// Tables beside the chain that are taken over as far as they can be read.
const TABLES: [&str; 11] = [
    "view_intervals",
    "saved",
    "claims",
    "drafts",
    "releases",
    "reverts",
    "exposure",
    "exposure_days",
    "settings",
    "check_ins",
    "check_in_asked",
];

/// What has been done so far; tests look at the folder after each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The new database is whole and durable.
    Salvaged,
    /// The damaged one has its new name.
    SetAside,
    /// The new one is in its place.
    Replaced,
}

type After<'a> = &'a mut dyn FnMut(Step);

/// Puts a new database, with what can be read of the damaged one, in its place.
pub(crate) fn replace_damaged(
    source: &Source,
    now: Timestamp,
    after: After<'_>,
) -> Result<(), StoreError> {
    let file_name = name_for_damaged(&source.folder, now)?;
    key::keep_check(&source.folder, &[&source.key])?;
    let mut conn = begin_fresh(source)?;
    migrate(&mut conn)?;
    fill(&mut conn, &mut Wreck::of(source)?, file_name, now)?;
    mend::clear(&source.folder)?;
    conn.close().map_err(|(_, error)| error)?;
    let fresh = end_fresh(&source.folder)?;
    std::fs::rename(fresh, salvaged(&source.folder)).map_err(StoreError::disk(
        "saving what can be read of damaged records",
    ))?;
    sync_folder(&source.folder)?;
    after(Step::Salvaged);
    finish_by_steps(source, after)
}

/// Goes on where a start was cut off between setting aside and replacing.
pub(crate) fn finish(source: &Source) -> Result<(), StoreError> {
    finish_by_steps(source, &mut |_| {})
}

fn finish_by_steps(source: &Source, after: After<'_>) -> Result<(), StoreError> {
    let salvaged = salvaged(&source.folder);
    let failed = || StoreError::disk("putting saved records in their place");
    if !salvaged.try_exists().map_err(failed())? {
        return Ok(());
    }
    // Under another key this refuses, and nothing has been moved.
    let conn = source.connect_to(&salvaged, source.only_reads())?;
    let told = told(&conn).map_err(|error| match error {
        StoreError::Damaged => StoreError::WrongKey,
        other => other,
    })?;
    drop(conn);
    if let Some(told) = told {
        set_aside(&source.folder, &told.file_name)?;
    }
    after(Step::SetAside);
    // What was whole is the old chain, not this one.
    remove(&suffixed(&source.folder, KEPT_HEAD_FILE, "")).map_err(failed())?;
    mend::forget_schema(&source.folder)?;
    std::fs::rename(&salvaged, source.path()).map_err(failed())?;
    sync_folder(&source.folder)?;
    after(Step::Replaced);
    Ok(())
}

fn salvaged(folder: &Path) -> PathBuf {
    suffixed(folder, SALVAGED_FILE, "")
}

/// What the last salvage has left to tell.
pub(crate) fn told(conn: &Connection) -> Result<Option<SetAside>, StoreError> {
    let text: Option<String> = conn
        .query_row("SELECT value FROM saved WHERE key = ?", [TOLD_KEY], |row| {
            row.get(0)
        })
        .optional()?;
    text.map(|text| serde_json::from_str(&text).map_err(|_| StoreError::Unreadable))
        .transpose()
}

/// It was told in a run that came to its end; one that died may have shown it to nobody.
pub(crate) fn forget_told(conn: &Connection) -> Result<(), StoreError> {
    conn.execute("DELETE FROM saved WHERE key = ?", [TOLD_KEY])?;
    Ok(())
}

/// Everything that can be read goes into the new database, in one transaction.
fn fill(
    conn: &mut Connection,
    wreck: &mut Wreck,
    file_name: String,
    now: Timestamp,
) -> Result<(), StoreError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (mut saved, mut lost_known) = (0, 0);
    let survey = wreck.survey();
    for seq in 1..=survey.last {
        match wreck.place(seq, &survey) {
            Place::Decision(decision) => {
                decision.write(&tx)?;
                saved += 1;
            }
            Place::Other => {}
            Place::Lost => lost_known += 1,
        }
    }
    save_holds(&tx, wreck, &survey, now)?;
    if wreck.is_older() {
        save_reverts(&tx, &survey)?;
    }
    for table in TABLES {
        let (rows, whole) = wreck.rows_of(table);
        let whole = whole && !wreck.is_older();
        for row in &rows {
            row.write(&tx, table)?;
        }
        match table {
            // A chain of its own: a server would take the new one for a cut-off old one.
            "saved" => drop(tx.execute("DELETE FROM saved WHERE key = 'desk_id'", [])?),
            "exposure" | "exposure_days" if !whole => doubt_exposure(&tx)?,
            "settings" if !whole => doubt_settings(&tx)?,
            _ => {}
        }
    }
    save_reverts(&tx, &survey)?;
    let told = SetAside {
        file_name,
        saved,
        lost_known,
    };
    let text = serde_json::to_string(&told).map_err(|_| StoreError::Unreadable)?;
    tx.execute(
        "INSERT OR REPLACE INTO saved (key, value) VALUES (?, ?)",
        [TOLD_KEY, &text],
    )?;
    Ok(tx.commit()?)
}

/// What keeps records goes on keeping them; what may have been lost keeps them as well.
fn save_holds(
    tx: &Connection,
    wreck: &mut Wreck,
    survey: &Survey,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut misses_some = survey.misses_some() || wreck.is_older();
    for seq in survey.keeping() {
        match wreck.keeping(*seq) {
            Some(entry) => entry.write(tx)?,
            None => misses_some = true,
        }
    }
    match misses_some {
        true => hold_in_doubt(tx, now),
        false => Ok(()),
    }
}

/// Requests to undo a decision as the chain tells them; what is there already stays.
fn save_reverts(tx: &Connection, survey: &Survey) -> Result<(), StoreError> {
    survey
        .reverts()
        .try_for_each(|row| row.write(tx, "reverts"))
}

/// A day that belongs to no ledger: the whole is refused, and no figure is lowered.
fn doubt_exposure(tx: &Connection) -> Result<(), StoreError> {
    tx.execute(
        "INSERT OR IGNORE INTO exposure_days (desk_id, day, date, weighted, severe_clear_ms)
         VALUES ('', 0, '', 0, 0)",
        [],
    )?;
    Ok(())
}

/// Settings without their hash are doubtful: the stricter of them and the defaults holds.
fn doubt_settings(tx: &Connection) -> Result<(), StoreError> {
    tx.execute(
        "INSERT OR IGNORE INTO settings (one, sha256, body) VALUES (1, ?, ?)",
        params![[0_u8; 0].as_slice(), b"{}".as_slice()],
    )?;
    Ok(())
}

#[cfg(test)]
#[path = "salvage_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "salvage_holds_tests.rs"]
mod holds_tests;
