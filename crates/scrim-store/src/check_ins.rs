//! Check-ins: health data, in tables of their own.
//!
//! Nothing here is chained or joined with anything. Only the one writer reads it: a
//! [`Reader`](crate::Reader), which is what exports have, cannot. What is forgotten is overwritten in
//! the database and in its write-ahead log, so that no copy stays behind.

use rusqlite::{Transaction, params};
use scrim_model::Timestamp;
use scrim_model::checkin::{Answer, CheckIn, When, kept_days};

use crate::Store;
use crate::checked::grow_wal;
use crate::error::StoreError;
use crate::limits::CHECK_INS_MAX;

impl Store {
    /// Keeps a check-in and that its moment was asked on its day. Beyond [`CHECK_INS_MAX`] the
    /// oldest go.
    ///
    /// # Errors
    /// What SQLite said; then everything is as it was.
    pub fn keep_check_in(&mut self, check_in: &CheckIn) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.prepare_cached(
                "INSERT INTO check_ins (date, at_ms, moment, answer, go_easy)
                 VALUES (?, ?, ?, ?, ?)",
            )?
            .execute(params![
                check_in.date,
                check_in.at.0,
                word(check_in.when),
                u8::from(check_in.answer),
                check_in.go_easy
            ])?;
            tx.prepare_cached(
                "DELETE FROM check_ins WHERE id IN
                     (SELECT id FROM check_ins ORDER BY id DESC LIMIT -1 OFFSET ?)",
            )?
            .execute([CHECK_INS_MAX as i64])?;
            mark_asked(tx, check_in.when, check_in.date)
        })
    }

    /// Keeps that a moment was asked on the local day `date`, days since 1970-01-01.
    ///
    /// # Errors
    /// What SQLite said; then everything is as it was.
    pub fn check_in_asked(&mut self, when: When, date: i64) -> Result<(), StoreError> {
        self.write(|tx| mark_asked(tx, when, date))
    }

    /// Forgets the check-ins that are not of the last `keep_days` days, `today` with them.
    ///
    /// # Errors
    /// What SQLite said; what is to be forgotten may still be there then.
    pub fn forget_old_check_ins(&mut self, today: i64, keep_days: u32) -> Result<(), StoreError> {
        let kept = kept_days(today, keep_days);
        let (first, last) = (*kept.start(), *kept.end());
        self.forget("WHERE date NOT BETWEEN ? AND ?", &[first, last])
    }

    /// Forgets every check-in, and when it was last asked.
    ///
    /// # Errors
    /// What SQLite said; what is to be forgotten may still be there then.
    pub fn forget_check_ins(&mut self) -> Result<(), StoreError> {
        self.forget("", &[])
    }

    fn forget(&mut self, which: &str, arguments: &[i64]) -> Result<(), StoreError> {
        let gone = self.write(|tx| {
            let mut gone = 0;
            for table in ["check_ins", "check_in_asked"] {
                let delete = format!("DELETE FROM {table} {which}");
                gone += tx.execute(&delete, rusqlite::params_from_iter(arguments))?;
            }
            Ok(gone)
        })?;
        if gone > 0 {
            // The log is folded and begun anew, then overwritten in its whole length. A reader may
            // put that off until the next start; so the answer of the pragma (busy or not) decides
            // nothing.
            let conn = &mut self.reader.conn;
            conn.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(()))?;
            grow_wal(conn)?;
        }
        Ok(())
    }

    /// What is kept, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] for a row that is no check-in; otherwise what SQLite said.
    pub fn check_ins(&self) -> Result<Vec<CheckIn>, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT date, at_ms, moment, answer, go_easy FROM check_ins ORDER BY id",
        )?;
        type Row = (i64, i64, String, u8, bool);
        let rows = select.query_map([], |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ))
        })?;
        rows.map(|row| {
            let (date, at_ms, moment, answer, go_easy): Row = row?;
            Ok(CheckIn {
                date,
                at: Timestamp(at_ms),
                when: when(&moment)?,
                answer: Answer::try_from(answer).map_err(|_| StoreError::Unreadable)?,
                go_easy,
            })
        })
        .collect()
    }

    /// The local day on which each moment was last asked: days since 1970-01-01. What cannot be read
    /// is left out: at worst it is asked once more.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn check_ins_asked(&self) -> Result<Vec<(When, i64)>, StoreError> {
        let mut select = self
            .conn
            .prepare_cached("SELECT moment, date FROM check_in_asked ORDER BY moment")?;
        let mut rows = select.query([])?;
        let mut asked = Vec::new();
        while let Some(row) = rows.next()? {
            let read = (row.get::<_, String>(0), row.get::<_, i64>(1));
            if let (Ok(moment), Ok(date)) = read
                && let Ok(when) = when(&moment)
            {
                asked.push((when, date));
            }
        }
        Ok(asked)
    }
}

fn mark_asked(tx: &Transaction<'_>, when: When, date: i64) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT OR REPLACE INTO check_in_asked (moment, date) VALUES (?, ?)")?
        .execute(params![word(when), date])?;
    Ok(())
}

fn word(when: When) -> &'static str {
    match when {
        When::Before => "before",
        When::After => "after",
    }
}

fn when(word: &str) -> Result<When, StoreError> {
    match word {
        "before" => Ok(When::Before),
        "after" => Ok(When::After),
        _ => Err(StoreError::Unreadable),
    }
}
