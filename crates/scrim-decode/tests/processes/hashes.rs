//! Workers that a medium has taken over while its hashes were found.

use scrim_media::{MediumHashes, Pool, Rejection};

use crate::support::{cover, lying_pool, script};

/// What a new pool says of a medium that plays one trick.
fn outcome_of(trick: &str) -> Result<MediumHashes, Rejection> {
    let folder = tempfile::tempdir().unwrap();
    lying_pool(folder.path(), "hasher.walled").hashes(&script(trick))
}

/// Why a medium has no hash of its pixels; it has those of its bytes.
#[track_caller]
fn pixels_of(pool: &Pool, trick: &str) -> Option<Rejection> {
    let found = pool.hashes(&script(trick)).expect(trick);
    assert_eq!(found.sha256, [1; 32], "{trick}");
    found.picture.err()
}

#[test]
fn a_decoder_that_brings_its_worker_down_takes_only_the_pixels_hash_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let pool = lying_pool(folder.path(), "hasher.walled");
    assert_eq!(pixels_of(&pool, "is-honest"), None);
    for (trick, expected) in [
        ("panics-at-pixels", Rejection::WorkerDied),
        ("opens-a-socket-at-pixels", Rejection::WorkerDied),
        ("spins-at-pixels", Rejection::DeadlineExceeded),
        ("allocates-4-gb-at-pixels", Rejection::MemoryExceeded),
        ("sends-garbage-at-pixels", Rejection::BadAnswer),
        ("claims-a-quality-of-101-at-pixels", Rejection::BadAnswer),
    ] {
        assert_eq!(pixels_of(&pool, trick), Some(expected), "{trick}");
    }
}

#[test]
fn a_worker_that_lies_about_hashes_is_not_believed() {
    assert_eq!(
        outcome_of("is-honest").unwrap().picture.unwrap().quality,
        100
    );
    for (trick, expected) in [
        ("claims-a-quality-of-101", Rejection::BadAnswer),
        ("claims-quarantine", Rejection::BadAnswer),
        ("claims-quarantine-of-the-pixels", Rejection::BadAnswer),
        ("answers-with-a-picture", Rejection::BadAnswer),
        ("answers-twice", Rejection::BadAnswer),
        ("sends-descriptors", Rejection::BadAnswer),
        ("claims-no-sandbox", Rejection::NoSandbox),
        ("claims-another-build", Rejection::WrongBuild),
        ("fails", Rejection::WorkerDied),
        ("rejects", Rejection::Unsupported),
    ] {
        assert_eq!(outcome_of(trick), Err(expected), "{trick}");
    }
}

#[test]
fn a_medium_in_quarantine_still_has_the_hashes_of_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let pool = lying_pool(folder.path(), "quarantined.walled");
    for (trick, why) in [
        ("panics-at-pixels", Rejection::WorkerDied),
        ("answers-with-a-picture-at-pixels", Rejection::BadAnswer),
        ("claims-a-quality-of-101-at-pixels", Rejection::BadAnswer),
        (
            "claims-quarantine-of-the-pixels-at-pixels",
            Rejection::BadAnswer,
        ),
        (
            "claims-too-little-memory-for-the-pixels-at-pixels",
            Rejection::MemoryExceeded,
        ),
    ] {
        for expected in [why, why, Rejection::Quarantined, Rejection::Quarantined] {
            assert_eq!(pixels_of(&pool, trick), Some(expected), "{trick}");
        }
        // The same for its picture, which would be honest.
        let covered = cover(&pool, &script(trick)).map(drop);
        assert_eq!(covered, Err(Rejection::Quarantined), "{trick}");
    }
    assert_eq!(pixels_of(&pool, "is-honest"), None);
}

/// Nothing of a medium was read as a picture then: a worker that fails so says nothing of it.
#[test]
fn a_failure_at_the_bytes_alone_never_counts() {
    let folder = tempfile::tempdir().unwrap();
    let pool = lying_pool(folder.path(), "uncounted.walled");
    let medium = script("fails");
    // Two workers fail, and one failure counts.
    assert_eq!(pool.hashes(&medium), Err(Rejection::WorkerDied));
    let covered = cover(&pool, &medium).map(drop);
    assert_eq!(covered, Err(Rejection::WorkerDied));
    let covered = cover(&pool, &medium).map(drop);
    assert_eq!(covered, Err(Rejection::Quarantined));
}
