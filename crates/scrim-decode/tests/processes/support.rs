//! Pools, media that script a hostile worker, and a look at processes from outside.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use scrim_media::{Covered, Medium, Picture, Pool, PoolSettings, Rejection};
use scrim_model::view::{CoverStep, CoverStyle};

use scrim_samples::stills as samples;

pub(crate) const DEADLINE: Duration = Duration::from_secs(2);
/// Time for the start, the kill and the checks around a deadline, on a busy machine.
pub(crate) const SLACK: Duration = Duration::from_secs(3);

pub(crate) fn worker() -> PathBuf {
    env!("CARGO_BIN_EXE_scrim-decode").into()
}

pub(crate) fn lying_worker() -> PathBuf {
    let path = worker().with_file_name("examples").join("lying_worker");
    assert!(
        path.exists(),
        "run `cargo build -p scrim-decode --examples` first"
    );
    path
}

pub(crate) fn honest_pool() -> Pool {
    Pool::new(PoolSettings::new(worker()))
}

/// A pool whose workers are taken over by media that script them. `name` is how its processes are called: `.free` at its
/// end is without walls.
pub(crate) fn lying_pool(folder: &Path, name: &str) -> Pool {
    let link = folder.join(name);
    symlink(lying_worker(), &link).unwrap();
    Pool::new(PoolSettings {
        deadline: DEADLINE,
        ..PoolSettings::new(link)
    })
}

/// The same with workers for video and audio.
pub(crate) fn lying_film_pool(folder: &Path, name: &str) -> Pool {
    let link = folder.join(name);
    symlink(lying_worker(), &link).unwrap();
    Pool::new(PoolSettings {
        deadline: DEADLINE,
        moving_worker: link,
        ..PoolSettings::new(folder.join("no-worker"))
    })
}

pub(crate) fn medium() -> Medium {
    Medium::take(samples::png(40, 30)).unwrap()
}

pub(crate) fn script(trick: &str) -> Medium {
    Medium::take(format!("trick: {trick}").into_bytes()).unwrap()
}

pub(crate) fn cover(pool: &Pool, medium: &Medium) -> Result<Covered<Picture>, Rejection> {
    pool.cover(medium, CoverStep::Normal, CoverStyle::default())
}

/// Whether an honest job succeeds, one that takes hardly any time.
pub(crate) fn passes(pool: &Pool) -> bool {
    pool.fit(&medium(), 40, 30).is_ok()
}

pub(crate) fn size_of(cover: Covered<Picture>) -> (u32, u32) {
    (cover.picture().width(), cover.picture().height())
}

/// What a trick comes to, and that it is over in time.
pub(crate) fn outcome_of(pool: &Pool, trick: &str) -> Result<(u32, u32), Rejection> {
    let started = Instant::now();
    let outcome = cover(pool, &script(trick));
    assert!(
        started.elapsed() < DEADLINE + SLACK,
        "{trick} took too long"
    );
    outcome.map(size_of)
}

/// Processes of this one that are called `name` and have not ended, oldest first.
pub(crate) fn living(name: &str) -> Vec<u32> {
    // A child passes to another thread when its own ends, and is then missed by one look: two see it.
    let mut pids: Vec<u32> = children().into_iter().chain(children()).collect();
    pids.sort_unstable();
    pids.dedup();
    let is_meant = |pid: &u32| says(*pid, "Name") == name && !says(*pid, "State").starts_with('Z');
    pids.retain(is_meant);
    pids
}

/// The children of all threads, as one look at each finds them.
fn children() -> Vec<u32> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let lists = tasks.filter_map(|task| {
        // A thread may end meanwhile.
        std::fs::read_to_string(task.unwrap().path().join("children")).ok()
    });
    lists
        .flat_map(|list| {
            list.split_whitespace()
                .map(|pid| pid.parse().unwrap())
                .collect::<Vec<u32>>()
        })
        .collect()
}

/// A line of a process's status; empty if it is gone.
pub(crate) fn says(pid: u32, field: &str) -> String {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let mut lines = status.lines().filter_map(|line| line.strip_prefix(field));
    let line = lines.next().unwrap_or_default();
    line.trim_start_matches(':').trim().to_owned()
}

/// Waits for something that another process does.
#[track_caller]
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + DEADLINE + SLACK;
    while !is_so() {
        assert!(Instant::now() < end, "never: {what}");
        std::thread::yield_now();
    }
}

/// The spares called `name`, once there are `count`, each behind its walls and asleep.
#[track_caller]
pub(crate) fn waiting_spares(name: &str, count: usize) -> Vec<u32> {
    let is_ready = |pid: &u32| says(*pid, "Seccomp") == "2" && says(*pid, "State").starts_with('S');
    until("spares behind their walls", || {
        let all = living(name);
        all.len() == count && all.iter().all(is_ready)
    });
    living(name)
}
