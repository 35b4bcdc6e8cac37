//! A medium that makes its worker fail twice is not opened again.

use scrim_media::{Medium, Pool, PoolSettings, Rejection};

use crate::support::{
    cover, living, lying_pool, medium, outcome_of, passes, script, waiting_spares,
};

#[test]
fn a_medium_that_fails_twice_is_not_opened_again_in_this_run() {
    let folder = tempfile::tempdir().unwrap();
    let pool = lying_pool(folder.path(), "failing.walled");
    for (trick, why) in [
        ("panics", Rejection::WorkerDied),
        ("answers-twice", Rejection::BadAnswer),
        ("claims-no-height", Rejection::BadAnswer),
        ("allocates-4-gb", Rejection::MemoryExceeded),
        ("spins", Rejection::DeadlineExceeded),
    ] {
        assert_eq!(outcome_of(&pool, trick), Err(why), "{trick}");
        let again = pool.fit(&script(trick), 100, 100).unwrap_err();
        assert_eq!(again, why, "{trick}");
        let spares = waiting_spares("failing.walled", 1);
        for _ in 0..2 {
            assert_eq!(
                outcome_of(&pool, trick),
                Err(Rejection::Quarantined),
                "{trick}"
            );
        }
        assert_eq!(
            living("failing.walled"),
            spares,
            "{trick}: no worker was used"
        );
    }
    let same_length = outcome_of(&pool, "rejects");
    assert_eq!(same_length, Err(Rejection::Unsupported));
    let other = Medium::take(b"trick: panicx".to_vec()).unwrap();
    assert_eq!(cover(&pool, &other).unwrap_err(), Rejection::WorkerDied);
    assert!(passes(&pool));

    let folder = tempfile::tempdir().unwrap();
    let next_run = lying_pool(folder.path(), "later.walled");
    assert_eq!(outcome_of(&next_run, "panics"), Err(Rejection::WorkerDied));
}

#[test]
fn what_is_not_the_fault_of_a_medium_never_counts() {
    let folder = tempfile::tempdir().unwrap();
    let pool = lying_pool(folder.path(), "innocent.walled");
    let dying = lying_pool(folder.path(), "innocent.dies");
    let missing = Pool::new(PoolSettings::new("/nowhere/scrim-decode".into()));
    for _ in 0..4 {
        for (trick, why) in [
            ("claims-another-build", Rejection::WrongBuild),
            ("claims-no-sandbox", Rejection::NoSandbox),
            ("rejects", Rejection::Unsupported),
        ] {
            assert_eq!(outcome_of(&pool, trick), Err(why));
        }
        assert_eq!(cover(&missing, &medium()).unwrap_err(), Rejection::NoWorker);
        // These die before they have read a job.
        assert_eq!(cover(&dying, &medium()).unwrap_err(), Rejection::WorkerDied);
    }
}
