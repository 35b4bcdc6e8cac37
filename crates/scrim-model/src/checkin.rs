//! How a moderator says that they are: 1 to 5, before and after, and "go easy on me today".
//!
//! Health data. It stays on the device, encrypted by the store, and is deleted after at most 30
//! days. These types cannot be serialised: [`CheckIns::to_store`] is the only way out, into bytes
//! that only the store takes. Debug output says nothing.

use serde::{Deserialize, Serialize};

use crate::limits::CHECKINS_MAX;
use crate::time::Timestamp;

const DAY_MS: i64 = 86_400_000;

/// Before or after work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum When {
    /// Before the shift.
    Before,
    /// After it.
    After,
}

/// One check-in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CheckIn {
    at: Timestamp,
    when: When,
    score: u8,
    go_easy: bool,
}

/// The score is not 1 to 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAScore;

impl std::fmt::Display for NotAScore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a check-in is 1 to 5; nothing was kept")
    }
}

impl std::error::Error for NotAScore {}

impl CheckIn {
    /// A check-in.
    ///
    /// # Errors
    /// [`NotAScore`] if `score` is not 1 to 5.
    pub fn new(at: Timestamp, when: When, score: u8, go_easy: bool) -> Result<Self, NotAScore> {
        if !(1..=5).contains(&score) {
            return Err(NotAScore);
        }
        Ok(Self {
            at,
            when,
            score,
            go_easy,
        })
    }

    /// When it was made.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// Before or after work.
    #[must_use]
    pub fn when(&self) -> When {
        self.when
    }

    /// 1 to 5.
    #[must_use]
    pub fn score(&self) -> u8 {
        self.score
    }

    /// "Go easy on me today": half the share of severe items.
    #[must_use]
    pub fn go_easy(&self) -> bool {
        self.go_easy
    }
}

impl std::fmt::Debug for CheckIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CheckIn(private)")
    }
}

/// A moderator's own check-ins, oldest first.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct CheckIns {
    kept: Vec<CheckIn>,
}

impl std::fmt::Debug for CheckIns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CheckIns(private)")
    }
}

/// The store's bytes are not check-ins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotCheckIns;

impl std::fmt::Display for NotCheckIns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the kept check-ins cannot be read; nothing else is affected")
    }
}

impl std::error::Error for NotCheckIns {}

/// The store's own form of one check-in.
#[derive(Serialize, Deserialize)]
struct Kept(i64, When, u8, bool);

impl CheckIns {
    /// Keeps a check-in, unless the moderator chose "do not store" (`stored` false: then those of
    /// before go as well). What is older than `keep_days` goes.
    pub fn add(&mut self, check_in: CheckIn, stored: bool, keep_days: u32) {
        if stored {
            self.kept.push(check_in);
        }
        self.prune(check_in.at, stored, keep_days);
    }

    /// Deletes what is older than `keep_days`, or everything if `stored` is false. A check-in from
    /// a future that a wrong clock made goes too once it is more than `keep_days` ahead.
    pub fn prune(&mut self, now: Timestamp, stored: bool, keep_days: u32) {
        let keep_ms = i64::from(keep_days).saturating_mul(DAY_MS);
        self.kept
            .retain(|c| stored && now.since_ms(c.at).saturating_abs() < keep_ms);
        let surplus = self.kept.len().saturating_sub(CHECKINS_MAX);
        self.kept.drain(..surplus);
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[CheckIn] {
        &self.kept
    }

    /// The store's bytes. For the encrypted store, and nothing else.
    #[must_use]
    pub fn to_store(&self) -> Vec<u8> {
        let kept: Vec<_> = self
            .kept
            .iter()
            .map(|c| Kept(c.at.0, c.when, c.score, c.go_easy))
            .collect();
        serde_json::to_vec(&kept).expect("numbers and booleans are JSON")
    }

    /// Reads [`CheckIns::to_store`].
    ///
    /// # Errors
    /// [`NotCheckIns`] for anything else.
    pub fn from_store(bytes: &[u8]) -> Result<Self, NotCheckIns> {
        let kept: Vec<Kept> = serde_json::from_slice(bytes).map_err(|_| NotCheckIns)?;
        let kept = kept
            .into_iter()
            .map(|Kept(at, when, score, go_easy)| {
                CheckIn::new(Timestamp(at), when, score, go_easy).map_err(|_| NotCheckIns)
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self { kept })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(day: i64) -> CheckIn {
        CheckIn::new(Timestamp(day * DAY_MS), When::Before, 2, true).unwrap()
    }

    #[test]
    fn only_one_to_five_and_debug_says_nothing() {
        assert_eq!(
            CheckIn::new(Timestamp(0), When::After, 0, false),
            Err(NotAScore)
        );
        assert_eq!(
            CheckIn::new(Timestamp(0), When::After, 6, false),
            Err(NotAScore)
        );
        assert_eq!(format!("{:?}", made(1)), "CheckIn(private)");
        let mut all = CheckIns::default();
        all.add(made(1), true, 30);
        assert_eq!(format!("{all:?}"), "CheckIns(private)");
    }

    #[test]
    fn thirty_days_and_do_not_store() {
        let mut all = CheckIns::default();
        for day in 0..40 {
            all.add(made(day), true, 30);
        }
        assert_eq!(all.all().len(), 30);
        assert_eq!(CheckIns::from_store(&all.to_store()), Ok(all.clone()));
        all.add(made(41), false, 30);
        assert!(all.all().is_empty());
        assert_eq!(
            CheckIns::from_store(b"[[0,\"Before\",9,false]]"),
            Err(NotCheckIns)
        );
    }

    #[test]
    fn a_flood_is_bounded() {
        let mut all = CheckIns::default();
        for _ in 0..CHECKINS_MAX + 7 {
            all.add(made(1), true, 30);
        }
        assert_eq!(all.all().len(), CHECKINS_MAX);
    }
}
