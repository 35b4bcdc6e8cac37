//! Real processes: the worker behind its real walls, and a worker that lies.
#![allow(clippy::unwrap_used, reason = "tests")]

mod samples;

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use scrim_media::{Medium, Pool, PoolSettings, Rejection, RevealProof};
use scrim_model::view::{CoverStep, CoverStyle};
use scrim_wire::shared::map_read;

const DEADLINE: Duration = Duration::from_secs(2);
/// Time for the start, the kill and the checks around a deadline, on a busy machine.
const SLACK: Duration = Duration::from_secs(3);

fn worker() -> PathBuf {
    env!("CARGO_BIN_EXE_scrim-decode").into()
}

fn lying_worker() -> PathBuf {
    let path = worker().with_file_name("examples").join("lying_worker");
    assert!(
        path.exists(),
        "run `cargo build -p scrim-decode --examples` first"
    );
    path
}

fn honest_pool() -> Pool {
    Pool::new(PoolSettings::new(worker()))
}

fn medium() -> Medium {
    Medium::take(samples::png(40, 30)).unwrap()
}

/// A pool whose worker plays one trick.
fn lying_pool(folder: &Path, trick: &str) -> Pool {
    let link = folder.join(format!("worker.{trick}"));
    symlink(lying_worker(), &link).unwrap();
    Pool::new(PoolSettings {
        deadline: DEADLINE,
        ..PoolSettings::new(link)
    })
}

fn outcome_of(trick: &str) -> Result<(u32, u32), Rejection> {
    let folder = tempfile::tempdir().unwrap();
    let pool = lying_pool(folder.path(), trick);
    let started = Instant::now();
    let outcome = pool.cover(&medium(), CoverStep::Normal, CoverStyle::default());
    assert!(
        started.elapsed() < DEADLINE + SLACK,
        "{trick} took too long"
    );
    outcome.map(|cover| (cover.picture().width(), cover.picture().height()))
}

const IN_COLOUR: CoverStyle = CoverStyle {
    grey: false,
    sketch: false,
};

#[test]
fn the_walls_stand_on_this_machine() {
    let posture = honest_pool().posture().unwrap();
    assert!(posture.holds(), "{posture:?}");
}

#[test]
fn every_format_becomes_a_cover_and_a_fit_behind_the_walls() {
    let pool = honest_pool();
    for (name, bytes) in samples::all(900, 600) {
        let medium = Medium::take(bytes).unwrap();
        for step in [CoverStep::Weak, CoverStep::Normal, CoverStep::Strong] {
            for (grey, sketch) in [(false, false), (true, false), (true, true)] {
                let style = CoverStyle { grey, sketch };
                let cover = pool.cover(&medium, step, style).expect(name);
                assert_eq!(
                    (cover.picture().width(), cover.picture().height()),
                    (512, 341)
                );
                assert_eq!(cover.bytes().unwrap().len(), 512 * 341 * 4);
                assert_eq!(cover.picture().source_size(), (900, 600));
            }
        }
        let fit = pool.fit(&medium, 300, 300).expect(name);
        let clear = fit.reveal(RevealProof::from_durable("reveal-1"));
        assert_eq!(
            (clear.picture().width(), clear.picture().height()),
            (300, 200)
        );
        assert_eq!(clear.reveal_id(), "reveal-1");
        let mapping = map_read(clear.read_only().unwrap(), clear.picture().byte_len()).unwrap();
        assert_eq!(&*mapping, clear.bytes().unwrap());
        assert!(mapping.iter().any(|&byte| byte > 0));
        clear.wipe();
        assert!(
            mapping.iter().all(|&byte| byte == 0),
            "wiped for the window too"
        );
    }
}

#[test]
fn the_same_pixels_come_out_with_and_without_walls() {
    let bytes = samples::jpeg(900, 600, true);
    let kind = scrim_wire::worker::JobKind::Cover {
        sigma_per_mille: 25,
        grey: false,
        sketch: false,
    };
    let (_, expected) = scrim_decode::decode::decode(&bytes, kind, Default::default()).unwrap();
    let medium = Medium::take(bytes).unwrap();
    let cover = honest_pool()
        .cover(&medium, CoverStep::Normal, IN_COLOUR)
        .unwrap();
    assert_eq!(cover.bytes().unwrap(), expected.bytes);
}

#[test]
fn a_12_megapixel_picture_passes_behind_the_walls() {
    let pool = honest_pool();
    for bytes in [samples::jpeg(4000, 3000, false), samples::png(4000, 3000)] {
        let medium = Medium::take(bytes).unwrap();
        let cover = pool
            .cover(&medium, CoverStep::Normal, CoverStyle::default())
            .unwrap();
        assert_eq!(cover.picture().height(), 384);
        let fit = pool.fit(&medium, 1920, 1080).unwrap();
        assert_eq!(
            (fit.picture().width(), fit.picture().height()),
            (1440, 1080)
        );
    }
}

#[test]
fn bad_media_have_their_reasons_and_disturb_nothing() {
    let pool = honest_pool();
    let png = samples::png(400, 300);
    for (bytes, expected) in [
        (png[..png.len() / 2].to_vec(), Rejection::Truncated),
        (b"harmless text".to_vec(), Rejection::Unsupported),
        (
            samples::png_claiming(65_535, 65_535, &[0; 9]),
            Rejection::TooLarge,
        ),
        (samples::png_claiming(0, 0, &[]), Rejection::Malformed),
    ] {
        let bad = Medium::take(bytes).unwrap();
        let got = pool
            .cover(&bad, CoverStep::Normal, CoverStyle::default())
            .unwrap_err();
        assert_eq!(got, expected);
        assert!(
            pool.cover(&medium(), CoverStep::Normal, CoverStyle::default())
                .is_ok()
        );
    }
}

#[test]
fn a_picture_that_needs_too_much_memory_is_stopped() {
    // 16-bit colour: the header is within 256 megapixels, the pixels are not within the memory of a worker.
    let mut bytes = samples::png_claiming(15_000, 17_000, &[0; 9]);
    bytes[24] = 16;
    let checksum_at = 29;
    let header: Vec<u8> = bytes[12..checksum_at].to_vec();
    bytes[checksum_at..checksum_at + 4].copy_from_slice(&samples::crc32(&header).to_be_bytes());
    let medium = Medium::take(bytes).unwrap();
    let got = honest_pool()
        .cover(&medium, CoverStep::Normal, CoverStyle::default())
        .unwrap_err();
    assert_eq!(got, Rejection::MemoryExceeded);
}

/// Each of these works without the walls (see the last test of this file) and kills the worker behind them.
const ESCAPES: [&str; 8] = [
    "opens-a-file",
    "writes-a-file",
    "opens-a-socket",
    "starts-a-process",
    "starts-a-thread",
    "traces",
    "kills-its-parent",
    "makes-code",
];

#[test]
fn a_worker_that_tries_to_leave_is_stopped() {
    assert_eq!(
        outcome_of("honest"),
        Ok((2, 2)),
        "it is the trick that ends it"
    );
    for trick in ESCAPES {
        assert_eq!(outcome_of(trick), Err(Rejection::WorkerDied), "{trick}");
    }
}

#[test]
fn the_escapes_would_work_without_the_walls() {
    for trick in ESCAPES
        .into_iter()
        .filter(|trick| *trick != "writes-a-file")
    {
        let free = outcome_of(&format!("free-{trick}"));
        assert_eq!(free, Ok((2, 2)), "{trick} proves nothing");
    }
}

#[test]
fn a_worker_that_lies_is_not_believed() {
    for (trick, expected) in [
        ("spins", Rejection::DeadlineExceeded),
        ("allocates-4-gb", Rejection::MemoryExceeded),
        ("panics", Rejection::WorkerDied),
        ("dies-at-once", Rejection::WorkerDied),
        ("fails", Rejection::WorkerDied),
        ("closes-without-an-answer", Rejection::BadAnswer),
        ("closes-and-stays", Rejection::BadAnswer),
        ("sends-garbage", Rejection::BadAnswer),
        ("sends-too-much", Rejection::BadAnswer),
        ("sends-a-descriptor", Rejection::BadAnswer),
        ("answers-twice", Rejection::BadAnswer),
        ("answers-and-stays", Rejection::BadAnswer),
        ("answers-and-fails", Rejection::WorkerDied),
        ("claims-another-build", Rejection::WrongBuild),
        ("claims-no-sandbox", Rejection::NoSandbox),
        ("claims-a-wide-picture", Rejection::BadAnswer),
        ("claims-no-height", Rejection::BadAnswer),
        ("claims-a-huge-picture", Rejection::BadAnswer),
        ("claims-a-huge-source", Rejection::BadAnswer),
        ("rejects", Rejection::Unsupported),
    ] {
        assert_eq!(outcome_of(trick), Err(expected), "{trick}");
    }
    assert_eq!(outcome_of("honest"), Ok((2, 2)));
}

/// The same pool with one place: the program behind its path lies first and is honest then.
#[test]
fn the_next_honest_job_succeeds_after_every_lie() {
    for trick in ["opens-a-socket", "spins", "sends-garbage", "answers-twice"] {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join(format!("worker.{trick}"));
        symlink(lying_worker(), &program).unwrap();
        let pool = Pool::new(PoolSettings {
            concurrency: 1,
            deadline: DEADLINE,
            ..PoolSettings::new(program.clone())
        });
        assert!(
            pool.cover(&medium(), CoverStep::Normal, CoverStyle::default())
                .is_err(),
            "{trick}"
        );
        std::fs::remove_file(&program).unwrap();
        symlink(worker(), &program).unwrap();
        assert!(
            pool.cover(&medium(), CoverStep::Normal, CoverStyle::default())
                .is_ok(),
            "{trick}"
        );
    }
}

#[test]
fn many_threads_share_one_pool() {
    let pool = honest_pool();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                assert!(
                    pool.cover(&medium(), CoverStep::Strong, CoverStyle::default())
                        .is_ok()
                )
            });
        }
    });
}

#[test]
fn a_worker_that_scrim_did_not_start_does_nothing() {
    let status = std::process::Command::new(worker()).status().unwrap();
    assert_eq!(
        status.code(),
        Some(i32::from(scrim_wire::worker::EXIT_NOT_INHERITED))
    );
}
