//! Contenders side by side: each round lets them work in turn, step by step, so that what disturbs
//! one disturbs the other. `bench.py` makes ratios of what the programs print.
//!
//! **Must never**: be part of a package; judge its own figures.

use std::io::Write;
use std::time::{Duration, Instant};

use scrim_model::view::{FileViewed, MediumView, Part, RevealMode, ViewInterval, ViewState};
use scrim_model::{
    ActionKind, Decision, DecisionAction, DecisionId, PolicyId, RevealId, Timestamp,
};
use scrim_wire::protocol::Claim;
use serde::Serialize;

/// What goes wrong ends the program with a sentence.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Milliseconds of each round, one figure a round for each contender.
#[derive(Debug, Default, Serialize)]
pub struct Rounds {
    /// Medians of Scrim's steps.
    pub scrim: Vec<f64>,
    /// Medians of the other's steps.
    pub base: Vec<f64>,
    /// Scrim's slowest step of all.
    pub scrim_max: f64,
}

impl Rounds {
    /// Runs one round of `steps` of each contender in turn.
    ///
    /// # Errors
    /// Whatever a contender failed with.
    pub fn round(
        &mut self,
        steps: usize,
        mut scrim: impl FnMut() -> Outcome<()>,
        mut base: impl FnMut() -> Outcome<()>,
    ) -> Outcome<()> {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..steps {
            theirs.push(timed(&mut base)?);
            ours.push(timed(&mut scrim)?);
        }
        let slowest = ours.iter().copied().fold(self.scrim_max, f64::max);
        self.scrim_max = slowest;
        self.scrim.push(median(ours));
        self.base.push(median(theirs));
        Ok(())
    }
}

fn timed(work: &mut impl FnMut() -> Outcome<()>) -> Outcome<f64> {
    let began = Instant::now();
    work()?;
    Ok(milliseconds(began.elapsed()))
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000.0
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    match figures.len() {
        0 => f64::NAN,
        even if even % 2 == 0 => (figures[middle - 1] + figures[middle]) / 2.0,
        _ => figures[middle],
    }
}

/// Prints figures for `bench.py`.
///
/// # Errors
/// Nobody reads them.
pub fn say(figures: &impl Serialize) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, figures)?;
    writeln!(out)?;
    Ok(())
}

/// Rows of red, green and blue: soft slopes, edges and grain, as photographs have them.
#[must_use]
pub fn drawn(width: u32, height: u32) -> Vec<u8> {
    let mut grain = 1_u32;
    let mut bytes = Vec::with_capacity(width as usize * height as usize * 3);
    for y in 0..height {
        for x in 0..width {
            let edge = u32::from((x / 400 + y / 300) % 3 == 0) * 70;
            for slope in [
                x * 90 / width,
                y * 90 / height,
                (x + y) * 90 / (width + height),
            ] {
                grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                bytes.push((slope + edge + grain % 0x1000_0000 / 0x40_0000) as u8);
            }
        }
    }
    bytes
}

/// A fresh id, as the agent makes them.
#[must_use]
pub fn fresh() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// A usual decision about what was claimed, with a look at its picture.
///
/// # Errors
/// None that a fresh id could cause.
pub fn decision(
    claim: &Claim,
    policy_version: u64,
    policies: Vec<PolicyId>,
    at: Timestamp,
) -> Outcome<Decision> {
    Ok(Decision {
        decision_id: DecisionId::new(fresh())?,
        item_id: claim.item.id.clone(),
        item_version: claim.item.version,
        queue_id: claim.queue_id.clone(),
        claim_id: claim.claim_id.clone(),
        fence: claim.fence,
        policy_version,
        policy_ids: policies,
        actions: vec![DecisionAction {
            kind: ActionKind::Allow,
            duration_s: None,
        }],
        severity: 1,
        unsure: false,
        reason: "Two sentences about what was seen. They are as long as usual notes are.".into(),
        escalate: None,
        decided_at: at,
        skew_ms: -12,
        training: false,
        handle_ms: 4_321,
        supersedes: None,
        item_kind: None,
        item_texts: None,
        propagated_from: None,
        marks: Vec::new(),
        media: vec![MediumView {
            n: 0,
            sha256: Some("ab".repeat(32)),
            state: ViewState::Partial,
            file_viewed: FileViewed::No,
            ms_covered: 3_000,
            ms_clear: 1_200,
            policy_ids: Vec::new(),
            severity: None,
            loaded_by_choice: false,
            without_landlock: false,
            hashes: None,
        }],
    })
}

/// The looks that go on record with it.
///
/// # Errors
/// None that a fresh id could cause.
pub fn looks(at: Timestamp) -> Outcome<Vec<ViewInterval>> {
    let modes = [RevealMode::Hold, RevealMode::Latch];
    let look = |mode| -> Outcome<ViewInterval> {
        let id = RevealId::new(fresh())?;
        let opened = ViewInterval::opened(id, Part::Medium(0), mode, at);
        Ok(ViewInterval {
            duration_ms: Some(600),
            shown: true,
            ..opened
        })
    };
    modes.into_iter().map(look).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_in_the_middle() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
        assert!(median(Vec::new()).is_nan());
    }

    #[test]
    fn contenders_take_turns_and_each_round_has_one_figure() -> Outcome<()> {
        let turns = std::cell::RefCell::new(String::new());
        let turn = |who: char| {
            turns.borrow_mut().push(who);
            Ok(())
        };
        let mut rounds = Rounds::default();
        rounds.round(2, || turn('s'), || turn('b'))?;
        rounds.round(1, || turn('s'), || turn('b'))?;
        assert_eq!(turns.borrow().as_str(), "bsbsbs");
        assert_eq!((rounds.scrim.len(), rounds.base.len()), (2, 2));
        Ok(())
    }
}
