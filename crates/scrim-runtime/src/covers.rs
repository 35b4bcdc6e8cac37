//! Covers: a medium is fetched, held against what its item names, and covered.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use scrim_desk::{CoverOf, Event, MediumFailure};
use scrim_media::{Covered, Medium, Picture, Pool};
use scrim_model::view::CoverKey;
use scrim_model::{ClaimId, MediumKey};
use scrim_queue::QueueServer;
use scrim_wire::call::CallFailed;
use sha2::{Digest, Sha256};

use crate::films::{Made, made};
use crate::inward::Inward;
use crate::runtime::Runtime;
use crate::seams::{Job, Work};

impl Runtime {
    pub(crate) fn prepare_cover(
        &mut self,
        key: CoverKey,
        claim: ClaimId,
        (of, small): (CoverOf, bool),
    ) {
        let whole = self.shelf.media.contains_key(&key.medium);
        let there = self.shelf.covered.get(&key);
        if let Some(picture) = there.filter(|_| whole || small) {
            let (width, height) = picture.picture().source_size();
            self.send_cover(&key);
            // The heart hears of it in the next steps, like of any other cover.
            let known = self.shelf.films.get(&key).cloned();
            let known = known.map(|known| Event::FilmKnown {
                key: key.clone(),
                known,
            });
            let ready = Event::CoverReady {
                key,
                width,
                height,
                whole,
            };
            for event in known.into_iter().chain([ready]) {
                self.sender()
                    .send(Inward::Event(event))
                    .expect("the runtime keeps the receiver");
            }
            return;
        }
        let Some(queue) = self.parts.queue.clone() else {
            return;
        };
        let (pool, held) = (
            Arc::clone(&self.parts.pool),
            self.shelf.media.get(&key.medium).cloned(),
        );
        self.in_flight += 1;
        let work = Work::Cover(key.clone());
        let is_ahead = !self.desk.has_open(&key.medium.item);
        let is_gone = self.shelf.is_gone(&key.medium.item);
        let named = self.desk.sha256_named(&key.medium);
        let job = Job::new(work, move || {
            if is_gone.load(Ordering::Relaxed) {
                return Inward::CalledOff;
            }
            let failed = |failure| {
                Inward::Done(Event::MediumFailed {
                    medium: key.medium.clone(),
                    failure,
                })
            };
            if small && held.is_none() {
                match from_small(&*queue, &pool, &key, &claim) {
                    // Without it the whole is fetched, as if there were no other.
                    None => {}
                    Some((medium, picture)) => {
                        return Inward::Covered {
                            source: picture.picture().source_size(),
                            key,
                            medium,
                            whole: false,
                            picture,
                            film: None,
                        };
                    }
                }
            }
            let named = named.as_deref();
            let medium = match held.map_or_else(|| fetch(&*queue, &key.medium, &claim, named), Ok) {
                Ok(medium) => medium,
                Err(failure) => return failed(failure),
            };
            match made(&pool, &medium, &key, of) {
                Ok(Made::Cover { picture, film }) => Inward::Covered {
                    source: picture.picture().source_size(),
                    key,
                    medium,
                    whole: true,
                    picture,
                    film,
                },
                Ok(Made::Sound(film)) => Inward::Heard { key, medium, film },
                Err(rejection) => Inward::NotCovered {
                    key: key.medium.clone(),
                    medium,
                    reason: rejection.to_string(),
                },
            }
        });
        self.media.run(job.made_ahead(is_ahead));
    }
}

/// The cover of a medium's smaller version. That one is not kept: nothing else is made of it.
fn from_small(
    queue: &dyn QueueServer,
    pool: &Pool,
    key: &CoverKey,
    claim: &ClaimId,
) -> Option<(Arc<Medium>, Covered<Picture>)> {
    let bytes = queue.medium_cover(&key.medium, claim).ok()?;
    let medium = Medium::take(bytes).ok()?;
    let picture = pool.cover(&medium, key.step, key.style).ok()?;
    Some((Arc::new(medium), picture))
}

/// Fetches a medium into sealed memory. Bytes that are not those which the item names, by their SHA-256, are not opened: a
/// decision would be about something else than its record says.
fn fetch(
    queue: &dyn QueueServer,
    medium: &MediumKey,
    claim: &ClaimId,
    named: Option<&str>,
) -> Result<Arc<Medium>, MediumFailure> {
    let bytes = queue.medium(medium, claim).map_err(|failed| match failed {
        CallFailed::Unreachable { .. }
        | CallFailed::SignedOut
        | CallFailed::Untrusted { .. }
        | CallFailed::NotAllowed => MediumFailure::Unavailable,
        other => MediumFailure::Rejected {
            reason: other.to_string(),
        },
    })?;
    if named.is_some_and(|named| !is_sha256_of(named, &bytes)) {
        tracing::warn!("a medium is not the file that its item names");
        return Err(MediumFailure::Rejected {
            reason: OTHER_FILE.to_owned(),
        });
    }
    Medium::take(bytes)
        .map(Arc::new)
        .map_err(|rejection| MediumFailure::Rejected {
            reason: rejection.to_string(),
        })
}

/// For people, beside "cannot be shown".
const OTHER_FILE: &str = "the server sent another file than the item names, and it was not opened";

/// Whether the hexadecimal digits are those of the bytes' SHA-256.
fn is_sha256_of(named: &str, bytes: &[u8]) -> bool {
    let digest = Sha256::digest(bytes);
    let digits = digest.iter().map(|byte| format!("{byte:02x}"));
    digits.collect::<String>().eq_ignore_ascii_case(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4's own example.
    #[test]
    fn only_the_file_that_is_named_is_taken() {
        let named = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert!(is_sha256_of(named, b"abc"));
        assert!(is_sha256_of(&named.to_uppercase(), b"abc"));
        for other in [&b"abd"[..], b"ab", b""] {
            assert!(!is_sha256_of(named, other));
        }
        assert!(!is_sha256_of("", b"abc") && !is_sha256_of("ba78", b"abc"));
    }
}
