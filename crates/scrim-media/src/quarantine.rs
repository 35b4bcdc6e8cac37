//! Quarantine: media that have made their workers fail are not opened again in this run.
//!
//! A medium is known by the SHA-256 of its bytes. That is computed after a failure, and before a job only if a medium of
//! the same length has failed: the others cost nothing. All of it is in memory and ends with the pool.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use scrim_wire::worker::Rejection;
use sha2::{Digest, Sha256};

use crate::limits::{FAILURES_MAX, QUARANTINE_MEDIA_MAX};
use crate::medium::Medium;

/// Media that have failed, the one whose last failure is oldest first.
#[derive(Debug, Default)]
pub(crate) struct Quarantine {
    failed: Mutex<VecDeque<FailedMedium>>,
}

#[derive(Debug, Clone, Copy)]
struct FailedMedium {
    len: usize,
    hash: [u8; 32],
    failures: u8,
}

impl Quarantine {
    /// [`Rejection::Quarantined`] if this medium has failed too often.
    pub(crate) fn check(&self, medium: &Medium) -> Result<(), Rejection> {
        let len = medium.len();
        let is_held = |failed: &FailedMedium| failed.len == len && failed.failures >= FAILURES_MAX;
        if !self.failed().iter().any(is_held) {
            return Ok(());
        }
        let hash = hash(medium)?;
        if self
            .failed()
            .iter()
            .any(|failed| is_held(failed) && failed.hash == hash)
        {
            return Err(Rejection::Quarantined);
        }
        Ok(())
    }

    /// Remembers that this medium has made a worker fail.
    pub(crate) fn count(&self, medium: &Medium) -> Result<(), Rejection> {
        let hash = hash(medium)?;
        let mut all = self.failed();
        let known = all.iter().position(|failed| failed.hash == hash);
        let before = known
            .and_then(|at| all.remove(at))
            .map_or(0, |failed| failed.failures);
        if all.len() == QUARANTINE_MEDIA_MAX {
            all.pop_front();
        }
        all.push_back(FailedMedium {
            len: medium.len(),
            hash,
            failures: before.saturating_add(1),
        });
        Ok(())
    }

    fn failed(&self) -> MutexGuard<'_, VecDeque<FailedMedium>> {
        // An entry is taken out and put back without a call that could panic in between.
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(medium: &Medium) -> Result<[u8; 32], Rejection> {
    Ok(Sha256::digest(medium.bytes()?).into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn medium(number: usize) -> Medium {
        Medium::copy(&number.to_le_bytes()).unwrap()
    }

    #[test]
    fn the_second_failure_closes_a_medium_and_no_other_of_its_length() {
        let quarantine = Quarantine::default();
        quarantine.count(&medium(1)).unwrap();
        assert_eq!(quarantine.check(&medium(1)), Ok(()));
        quarantine.count(&medium(1)).unwrap();
        assert_eq!(quarantine.check(&medium(1)), Err(Rejection::Quarantined));
        assert_eq!(quarantine.check(&medium(2)), Ok(()));
    }

    #[test]
    fn it_is_bounded_and_forgets_the_oldest() {
        let quarantine = Quarantine::default();
        for number in 0..=QUARANTINE_MEDIA_MAX {
            for _ in 0..FAILURES_MAX {
                quarantine.count(&medium(number)).unwrap();
            }
        }
        assert_eq!(quarantine.failed().len(), QUARANTINE_MEDIA_MAX);
        assert_eq!(quarantine.check(&medium(0)), Ok(()));
        for number in [1, QUARANTINE_MEDIA_MAX] {
            assert_eq!(
                quarantine.check(&medium(number)),
                Err(Rejection::Quarantined)
            );
        }
    }

    #[test]
    fn the_sentence_is_calm_and_says_what_can_be_done() {
        let sentence = Rejection::Quarantined.sentence();
        assert!(sentence.contains("can be decided"), "{sentence}");
        assert!(!Rejection::Quarantined.may_pass_later());
    }
}
