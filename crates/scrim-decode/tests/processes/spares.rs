//! Workers that wait for their job.

use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use command_fds::{CommandFdExt, FdMapping};
use rustix::process::{Pid, Signal, kill_process};
use scrim_media::{Medium, Pool, PoolSettings};
use scrim_wire::build_id::BUILD_ID;
use scrim_wire::link::{LinkReader, LinkWriter, split};
use scrim_wire::shared::SharedPicture;
use scrim_wire::worker::{Answer, Job, JobKind, JobLimits, Waived};

use crate::support::{
    cover, honest_pool, living, lying_pool, medium, outcome_of, passes, says, until,
    waiting_spares, worker,
};

/// A pool of honest workers whose processes are called `name`.
fn pool_called(folder: &Path, name: &str) -> Pool {
    let program = folder.join(name);
    symlink(worker(), &program).unwrap();
    Pool::new(PoolSettings::new(program))
}

fn signal(pids: &[u32], signal: Signal) {
    for pid in pids {
        let pid = Pid::from_raw(i32::try_from(*pid).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }
}

/// Replaces those that were killed, once all of them are gone.
fn again(pool: &Pool, name: &str, killed: &[u32]) {
    let gone = || !living(name).iter().any(|pid| killed.contains(pid));
    until("they are gone", gone);
    pool.warm();
}

#[test]
fn a_job_takes_a_spare_and_another_takes_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let pool = pool_called(folder.path(), "replaced");
    pool.warm();
    pool.warm();
    let mut before = waiting_spares("replaced", 1);
    for _ in 0..3 {
        assert!(passes(&pool));
        let after = waiting_spares("replaced", 1);
        assert_ne!(after, before, "one process for each job");
        before = after;
    }
    drop(pool);
    let process = format!("/proc/{}", before[0]);
    assert!(!Path::new(&process).exists(), "ended and reaped");
}

#[test]
fn a_probe_leaves_no_spare() {
    let folder = tempfile::tempdir().unwrap();
    let pool = pool_called(folder.path(), "probed");
    assert!(pool.posture().unwrap().holds());
    assert!(living("probed").is_empty());
    pool.warm();
    assert!(pool.posture().unwrap().holds());
    assert!(
        living("probed").is_empty(),
        "it takes one and brings no other"
    );
}

#[test]
fn a_spare_that_died_while_it_waited_blames_no_medium() {
    let folder = tempfile::tempdir().unwrap();
    let pool = pool_called(folder.path(), "dead");
    pool.warm();
    for _ in 0..3 {
        let spares = waiting_spares("dead", 1);
        signal(&spares, Signal::KILL);
        assert!(passes(&pool));
        again(&pool, "dead", &spares);
    }
}

#[test]
fn a_spare_that_dies_with_its_job_unread_blames_no_medium() {
    let folder = tempfile::tempdir().unwrap();
    let pool = pool_called(folder.path(), "unread");
    pool.warm();
    for _ in 0..3 {
        let spares = waiting_spares("unread", 1);
        signal(&spares, Signal::STOP);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // The replacement is started once the job has been sent.
                until("another worker", || living("unread").len() == 2);
                signal(&spares, Signal::KILL);
            });
            // Here, because spares end with the thread that started them.
            assert!(passes(&pool));
        });
        again(&pool, "unread", &spares);
    }
}

#[test]
fn spares_of_a_thread_that_ended_are_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let pool = pool_called(folder.path(), "orphaned");
    std::thread::scope(|scope| {
        let starter = scope.spawn(|| {
            pool.warm();
            waiting_spares("orphaned", 1);
        });
        starter.join().unwrap();
    });
    until("they die with their thread", || {
        living("orphaned").is_empty()
    });
    assert!(passes(&pool));
}

/// Each thread has its own, as many as there may be jobs at once; one that ends takes no worker of another away.
#[test]
fn threads_that_come_and_go_disturb_no_job() {
    let folder = tempfile::tempdir().unwrap();
    let pool = pool_called(folder.path(), "threads");
    for _ in 0..4 {
        std::thread::scope(|scope| {
            for _ in 0..5 {
                scope.spawn(|| {
                    pool.warm();
                    fit(&pool, &medium());
                    let at_most = 2 + 2;
                    assert!(living("threads").len() <= at_most);
                });
            }
        });
    }
    // A thread's end is known to those who wait for it before its spare is free to be ended.
    let has = |count| {
        until("one spare for each living thread", || {
            pool.warm();
            living("threads").len() == count
        });
    };
    has(1);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| has(2));
        other.join().unwrap();
    });
    has(1);
}

#[test]
fn the_deadline_counts_from_the_job() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("patient");
    symlink(worker(), &program).unwrap();
    let pool = Pool::new(PoolSettings {
        deadline: Duration::from_millis(1500),
        ..PoolSettings::new(program)
    });
    pool.warm();
    waiting_spares("patient", 1);
    // Two seconds pass.
    let busy = lying_pool(folder.path(), "busy.walled");
    assert!(outcome_of(&busy, "spins").is_err());
    let spares = waiting_spares("patient", 1);
    assert!(passes(&pool));
    assert!(
        !living("patient").contains(&spares[0]),
        "the oldest was used"
    );
}

#[test]
fn waiting_spares_use_no_processor_time() {
    let folder = tempfile::tempdir().unwrap();
    let pool = pool_called(folder.path(), "idle");
    pool.warm();
    let spares = waiting_spares("idle", 1);
    let used = || -> Vec<String> {
        let used = |pid| {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
            let (_, fields) = stat.rsplit_once(')').unwrap();
            let fields: Vec<&str> = fields.split_whitespace().collect();
            fields[11..13].join(" ")
        };
        let switches = |pid| says(pid, "voluntary_ctxt_switches");
        spares
            .iter()
            .map(|pid| format!("{} {}", used(*pid), switches(*pid)))
            .collect()
    };
    let before = used();
    let other = honest_pool();
    for _ in 0..20 {
        assert!(passes(&other));
    }
    assert_eq!(used(), before);
}

/// A worker that is started by hand: `strays` are left open in it as they could be in any parent.
fn started(strays: &[i32]) -> (Child, LinkReader, LinkWriter) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let map = |parent_fd, child_fd| FdMapping {
        parent_fd,
        child_fd,
    };
    let stray = |number: &i32| map(OwnedFd::from(tempfile::tempfile().unwrap()), *number);
    let mappings: Vec<FdMapping> = strays.iter().map(stray).collect();
    let mut command = Command::new(worker());
    command.env_clear().stdin(OwnedFd::from(theirs));
    let child = command.fd_mappings(mappings).unwrap().spawn().unwrap();
    let (reader, writer) = split(ours);
    (child, reader, writer)
}

fn probe() -> Job {
    Job {
        build: BUILD_ID.to_owned(),
        kind: JobKind::Probe,
        media_len: 1,
        output_len: 4,
        deadline_ms: 1000,
        limits: JobLimits::default(),
        frame: 0,
        waived: Waived::default(),
    }
}

#[test]
fn a_spare_ends_when_its_link_closes() {
    let (mut child, reader, writer) = started(&[]);
    until("its walls", || says(child.id(), "Seccomp") == "2");
    drop((reader, writer));
    until("its end", || child.try_wait().unwrap().is_some());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn a_job_comes_with_two_descriptors_and_nothing_else_fits() {
    let shared = SharedPicture::create(4).unwrap();
    let file = shared.writer().unwrap();
    for (count, strays, does) in [
        (2, &[][..], true),
        (2, &[3, 4, 5, 9, 40][..], true),
        (0, &[], false),
        (1, &[], false),
        (3, &[], false),
        (8, &[], false),
    ] {
        let (mut child, mut reader, mut writer) = started(strays);
        writer.send(&probe(), &vec![file.as_fd(); count]).unwrap();
        let answer = reader.recv::<Answer>();
        assert_eq!(answer.is_ok(), does, "{count} with {strays:?}");
        if let Ok((answer, _)) = answer {
            assert!(answer.posture.holds(), "{strays:?}");
        }
        assert_eq!(child.wait().unwrap().success(), does);
    }
}

/// Isolation costs no visible time: a picture from a spare is there sooner than one from a worker that must be started.
/// The picture is small, so that what is measured is the way there.
#[test]
fn a_spare_saves_the_time_of_a_start() {
    let folder = tempfile::tempdir().unwrap();
    let small = medium();
    let timed = |of: &dyn Fn()| {
        let started = Instant::now();
        of();
        started.elapsed()
    };
    let mut all: [Vec<Duration>; 4] = Default::default();
    for round in 0..15 {
        let name = format!("timed-{round}");
        for (kind, made) in [fit as fn(&Pool, &Medium), covered].into_iter().enumerate() {
            let program = folder.path().join(format!("{kind}")).join(&name);
            std::fs::create_dir_all(program.parent().unwrap()).unwrap();
            let pool = pool_called(program.parent().unwrap(), &name);
            all[kind * 2].push(timed(&|| made(&pool, &small)));
            waiting_spares(&name, 1);
            all[kind * 2 + 1].push(timed(&|| made(&pool, &small)));
        }
    }
    let [fit_started, fit_spare, cover_started, cover_spare] = all.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    });
    for (what, started, spare) in [
        ("fit", fit_started, fit_spare),
        ("cover", cover_started, cover_spare),
    ] {
        let ratio = spare.as_secs_f64() / started.as_secs_f64();
        println!(
            "a small {what}: {started:?} with a start, {spare:?} from a spare, ratio {ratio:.2}"
        );
    }
    assert!(fit_spare < fit_started);
}

fn fit(pool: &Pool, medium: &Medium) {
    assert!(pool.fit(medium, 40, 30).is_ok());
}

fn covered(pool: &Pool, medium: &Medium) {
    assert!(cover(pool, medium).is_ok());
}
