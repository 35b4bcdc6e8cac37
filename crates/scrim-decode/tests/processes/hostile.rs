//! Workers that a medium has taken over: each is stopped for a reason that is named, and the next picture comes at once.

use std::time::{Duration, Instant};

use scrim_media::{Pool, Rejection};
use scrim_model::view::{CoverStep, CoverStyle};

use crate::support::{
    DEADLINE, SLACK, cover, lying_film_pool, lying_pool, medium, outcome_of, passes, script,
    size_of, until,
};

/// Each of these works without the walls (see below) and kills the worker behind them.
const ESCAPES: [&str; 11] = [
    "opens-a-file",
    "writes-a-file",
    "opens-a-socket",
    "starts-a-process",
    "starts-a-thread",
    "forks",
    "traces",
    "kills-its-parent",
    "makes-code",
    "copies-a-descriptor",
    "seals-the-picture",
];

/// Everything else, and what it is called.
const LIES: [(&str, Rejection); 29] = [
    ("spins", Rejection::DeadlineExceeded),
    ("waits-for-another-job", Rejection::DeadlineExceeded),
    ("allocates-4-gb", Rejection::MemoryExceeded),
    ("panics", Rejection::WorkerDied),
    ("fails", Rejection::WorkerDied),
    ("closes-without-an-answer", Rejection::BadAnswer),
    ("closes-and-stays", Rejection::BadAnswer),
    ("sends-garbage", Rejection::BadAnswer),
    ("sends-too-much", Rejection::BadAnswer),
    ("floods", Rejection::BadAnswer),
    ("floods-with-answers", Rejection::BadAnswer),
    ("sends-descriptors", Rejection::BadAnswer),
    ("answers-twice", Rejection::BadAnswer),
    ("answers-and-stays", Rejection::BadAnswer),
    ("answers-and-writes", Rejection::BadAnswer),
    ("answers-and-fails", Rejection::WorkerDied),
    ("leaves-a-child-at-the-link", Rejection::WorkerDied),
    ("leaves-a-child-that-writes", Rejection::WorkerDied),
    ("claims-another-build", Rejection::WrongBuild),
    ("claims-no-sandbox", Rejection::NoSandbox),
    ("claims-a-wide-picture", Rejection::BadAnswer),
    ("claims-no-height", Rejection::BadAnswer),
    ("claims-a-huge-picture", Rejection::BadAnswer),
    ("claims-a-huge-source", Rejection::BadAnswer),
    ("claims-quarantine", Rejection::BadAnswer),
    ("answers-with-hashes", Rejection::BadAnswer),
    ("rejects", Rejection::Unsupported),
    ("opens-a-file", Rejection::WorkerDied),
    ("starts-a-process", Rejection::WorkerDied),
];

/// How soon the next picture is there as a rule; on a machine that does much else one of them may take longer.
const NEXT_WITHIN: Duration = Duration::from_millis(200);
const EACH_WITHIN: Duration = Duration::from_secs(2);

fn timed_next(pool: &Pool) -> Duration {
    let (medium, started) = (medium(), Instant::now());
    pool.fit(&medium, 40, 30).expect("the next job succeeds");
    started.elapsed()
}

#[test]
fn a_worker_that_tries_to_leave_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let pool = lying_pool(folder.path(), "leaver.walled");
    assert_eq!(
        outcome_of(&pool, "is-honest"),
        Ok((2, 2)),
        "it is the trick that ends it"
    );
    for trick in ESCAPES {
        assert_eq!(
            outcome_of(&pool, trick),
            Err(Rejection::WorkerDied),
            "{trick}"
        );
    }
}

#[test]
fn the_escapes_would_work_without_the_walls() {
    let folder = tempfile::tempdir().unwrap();
    let pool = lying_pool(folder.path(), "leaver.free");
    for trick in ESCAPES {
        // Nothing is left behind outside, and what has been sealed cannot be frozen: that is noticed without walls too.
        let expected = match trick {
            "writes-a-file" => continue,
            "seals-the-picture" => Err(Rejection::BadAnswer),
            _ => Ok((2, 2)),
        };
        assert_eq!(outcome_of(&pool, trick), expected, "{trick} proves nothing");
    }
}

#[test]
fn a_hostile_worker_is_stopped_and_the_next_picture_is_there_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let pool = lying_pool(folder.path(), "liar.walled");
    pool.warm();
    let mut nexts = Vec::new();
    for (trick, expected) in LIES {
        assert_eq!(outcome_of(&pool, trick), Err(expected), "{trick}");
        nexts.push((timed_next(&pool), trick));
    }
    nexts.sort_unstable();
    let (usual, slowest) = (nexts[nexts.len() / 2], nexts[nexts.len() - 1]);
    println!("the next picture after a hostile worker: usually {usual:?}, at most {slowest:?}");
    assert!(usual.0 <= NEXT_WITHIN, "{nexts:?}");
    assert!(slowest.0 <= EACH_WITHIN, "{nexts:?}");
}

/// The worker for video and audio is believed no more than the other.
#[test]
fn a_hostile_worker_for_video_is_stopped_and_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let pool = lying_film_pool(folder.path(), "film-liar.walled");
    for (trick, expected) in [
        ("is-honest", Rejection::BadAnswer),
        ("answers-with-hashes", Rejection::BadAnswer),
        ("claims-a-huge-picture", Rejection::BadAnswer),
        ("claims-quarantine", Rejection::BadAnswer),
        ("claims-no-sandbox", Rejection::NoSandbox),
        ("claims-another-build", Rejection::WrongBuild),
        ("spins", Rejection::DeadlineExceeded),
        ("opens-a-file", Rejection::WorkerDied),
        ("starts-a-thread", Rejection::WorkerDied),
        ("allocates-4-gb", Rejection::MemoryExceeded),
        ("rejects", Rejection::Unsupported),
    ] {
        let started = Instant::now();
        let (step, style) = (CoverStep::Normal, CoverStyle::default());
        let sheet = pool.sheet(&script(trick), 9, step, style);
        assert_eq!(sheet.unwrap_err(), expected, "{trick}");
        assert!(
            started.elapsed() < DEADLINE + SLACK,
            "{trick} took too long"
        );
    }
    let waveform = pool.waveform(&script("answers-with-a-picture"));
    assert_eq!(waveform.unwrap_err(), Rejection::BadAnswer);
}

/// Somebody outside of every wall who keeps the link is a liar as well.
#[test]
fn a_child_that_keeps_the_link_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let pool = lying_pool(folder.path(), "keeper.free");
    let got = outcome_of(&pool, "leaves-a-child-at-the-link");
    assert_eq!(got, Err(Rejection::BadAnswer));
    assert!(passes(&pool));
}

/// Even without walls nobody changes pixels that have been frozen: a child keeps the descriptor and goes on writing
/// until it is refused.
#[test]
fn frozen_pixels_cannot_be_written_by_what_a_worker_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let pool = lying_pool(folder.path(), "writer.free");
    let told = folder.path().join("told");
    let trick = format!("leaves-a-child-that-writes {}", told.display());
    let started = Instant::now();
    let made = cover(&pool, &script(&trick)).expect("its answer is in order");
    assert!(started.elapsed() < DEADLINE);
    let frozen = made.bytes().unwrap().to_vec();
    until("the child is refused", || told.exists());
    let why = std::fs::read_to_string(&told).unwrap();
    assert!(why.contains("not permitted"), "{why}");
    assert_eq!(made.bytes().unwrap(), frozen);
    assert_eq!(size_of(made), (2, 2));
}
