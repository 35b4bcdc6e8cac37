//! A worker that a medium has taken over, for the process tests. A medium of the text `trick: NAME` scripts what it does;
//! with any other it works like `scrim-decode`. It stands behind the same walls, unless it is started by a name that ends
//! in `.free`, which proves that a trick would work without them. By a name that ends in `.dies` it dies at once.
#![allow(unsafe_code, reason = "some tricks are raw system calls")]

use std::fs::File;
use std::net::UdpSocket;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Command, ExitCode};

use scrim_decode::run::{Given, answer, confine, still};
use scrim_model::Pdq;
use scrim_wire::build_id::BUILD_ID;
use scrim_wire::link::{self, LinkReader, LinkWriter};
use scrim_wire::shared::map_read;
use scrim_wire::worker::{
    Answer, DecodedInfo, Format, HashRule, Job, JobKind, LINK_FD, Made, MediumHashes, PictureHash,
    Posture, Rejection,
};

#[path = "lying_worker/clips.rs"]
mod clips;
#[path = "../src/memory.rs"]
mod memory;

const POSTURE: Posture = Posture {
    landlock_abi: 1,
    seccomp: true,
    rlimits: true,
    not_dumpable: true,
};

/// Both halves of the link.
type Link = (LinkReader, LinkWriter);

fn main() -> ExitCode {
    let name = std::env::args().next().unwrap_or_default();
    if name.ends_with(".dies") {
        std::process::abort();
    }
    let (link, given, posture) = match name.ends_with(".free") {
        true => free(),
        false => confined(),
    };
    let len = given.job.media_len.try_into().expect("a length");
    let medium = map_read(&given.media, len).expect("a medium");
    match medium.strip_prefix(b"trick: ") {
        Some(trick) => {
            // A copy: the parent wipes the medium while a trick goes on.
            let trick = String::from_utf8_lossy(trick).into_owned();
            play(&trick, link, &given)
        }
        None => send(link, &answer(&given, posture, still)),
    }
}

fn confined() -> (Link, Given, Posture) {
    let mut walled = confine().expect("started by the pool");
    assert!(walled.posture.holds(), "the walls stand on this machine");
    let given = walled.wait().expect("the parent sends a job");
    ((walled.reader, walled.writer), given, walled.posture)
}

fn free() -> (Link, Given, Posture) {
    let (mut reader, writer) = link::split(link::inherited(LINK_FD).expect("started by the pool"));
    let (job, fds) = reader.recv::<Job>().expect("the parent sends a job");
    let [media, output] = <[OwnedFd; 2]>::try_from(fds).expect("two descriptors");
    ((reader, writer), Given { job, media, output }, POSTURE)
}

fn send((_reader, mut writer): Link, answer: &Answer) -> ExitCode {
    writer.send(answer, &[]).expect("can be sent");
    ExitCode::SUCCESS
}

/// A trick that worked ends like an honest job, so that the test sees it. One that ends in `-at-pixels` is played only
/// where hashing would decode.
fn play(trick: &str, link: Link, given: &Given) -> ExitCode {
    let trick = match trick.strip_suffix("-at-pixels") {
        Some(trick) if given.job.kind == (JobKind::Hashes { of_pixels: true }) => trick,
        Some(_) => "is-honest",
        None => trick,
    };
    match trick {
        "spins" => stay(),
        "panics" => panic!("on purpose"),
        "fails" => ExitCode::from(9),
        "allocates-4-gb" => {
            let bytes = vec![1_u8; 4 << 30];
            std::hint::black_box(&bytes);
            send(link, &honest(&given.job))
        }
        _ => {
            if leaves(trick, given) {
                return send(link, &honest(&given.job));
            }
            match false_answer(trick, &given.job) {
                Some(answer) => send(link, &answer),
                None => misuses_the_link(trick, link, given),
            }
        }
    }
}

/// Uses an authority that a worker does not have. False if the trick is another.
fn leaves(trick: &str, given: &Given) -> bool {
    match trick {
        "opens-a-file" => drop(File::open("/proc/self/status").expect("can be opened")),
        "writes-a-file" => drop(File::create("/tmp/scrim-escape").expect("can be made")),
        "opens-a-socket" => drop(UdpSocket::bind("127.0.0.1:0").expect("can be bound")),
        "copies-a-descriptor" => drop(given.output.try_clone().expect("can be copied")),
        "starts-a-process" => {
            let status = Command::new("/bin/true").status().expect("can be started");
            assert!(status.success());
        }
        "starts-a-thread" => std::thread::spawn(|| ()).join().expect("can be started"),
        "forks" => {
            if is_the_child() {
                // SAFETY: ends the child, which has nothing to clean up.
                unsafe { libc::_exit(0) }
            }
        }
        // SAFETY: asks to be traced by the parent; no memory is involved.
        "traces" => assert_eq!(0, unsafe { libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0) }),
        "kills-its-parent" => {
            let parent = rustix::process::getppid().expect("has a parent");
            rustix::process::test_kill_process(parent).expect("may be asked");
        }
        "makes-code" => {
            // SAFETY: a new mapping at an address of the kernel's choice touches no existing memory.
            let mapped = unsafe {
                rustix::mm::mmap_anonymous(
                    std::ptr::null_mut(),
                    4096,
                    rustix::mm::ProtFlags::WRITE | rustix::mm::ProtFlags::EXEC,
                    rustix::mm::MapFlags::PRIVATE,
                )
            };
            mapped.expect("can be mapped");
        }
        "seals-the-picture" => {
            let seal = rustix::fs::SealFlags::SEAL;
            rustix::fs::fcntl_add_seals(&given.output, seal).expect("can be sealed");
        }
        _ => return false,
    }
    true
}

/// An answer that is not to be believed.
fn false_answer(trick: &str, job: &Job) -> Option<Answer> {
    let mut answer = honest(job);
    match trick {
        "claims-another-build" => answer.build = "another".into(),
        "claims-no-sandbox" => answer.posture = Posture::default(),
        "claims-a-wide-picture" => change(&mut answer, |info| info.width = 513),
        "claims-no-height" => change(&mut answer, |info| info.height = 0),
        "claims-a-huge-picture" => change(&mut answer, |info| {
            (info.width, info.height) = (u32::MAX, u32::MAX);
        }),
        "claims-a-huge-source" => change(&mut answer, |info| info.source_width = 65_536),
        "claims-quarantine" => answer.result = Err(Rejection::Quarantined),
        "claims-quarantine-of-the-pixels" => {
            answer.result = Ok(hashed(Err(Rejection::Quarantined)));
        }
        "claims-too-little-memory-for-the-pixels" => {
            answer.result = Ok(hashed(Err(Rejection::MemoryExceeded)));
        }
        "claims-a-quality-of-101" => answer.result = Ok(hashed(Ok(101))),
        "answers-with-hashes" => answer.result = Ok(hashed(Ok(100))),
        "answers-with-a-picture" => answer.result = Ok(picture()),
        "rejects" => answer.result = Err(Rejection::Unsupported),
        "is-honest" => {}
        _ => {
            let JobKind::Moving(moving) = job.kind else {
                return None;
            };
            answer.result = Ok(clips::false_answer(trick, moving)?);
        }
    }
    Some(answer)
}

fn misuses_the_link(trick: &str, (mut reader, mut writer): Link, given: &Given) -> ExitCode {
    let answer = honest(&given.job);
    match trick.split(' ').next().unwrap_or_default() {
        "closes-without-an-answer" => {}
        "closes-and-stays" => {
            drop((reader, writer));
            stay();
        }
        "waits-for-another-job" => drop(reader.recv::<Job>()),
        "sends-garbage" => {
            let garbage = (String::from("garbage"), vec![0xff_u8; 300]);
            writer.send(&garbage, &[]).expect("can be sent");
        }
        "sends-too-much" => {
            let garbage = vec![7_u8; 3_000_000];
            writer.send(&garbage, &[]).expect("can be sent");
        }
        "floods" => while writer.send(&vec![7_u8; 3_000_000], &[]).is_ok() {},
        "floods-with-answers" => while writer.send(&answer, &[]).is_ok() {},
        "sends-descriptors" => {
            let fds = [given.media.as_fd(), given.output.as_fd()];
            writer.send(&answer, &fds).expect("can be sent");
        }
        "answers-twice" => {
            writer.send(&answer, &[]).expect("can be sent");
            writer.send(&answer, &[]).expect("can be sent");
        }
        "answers-and-stays" => {
            writer.send(&answer, &[]).expect("can be sent");
            stay();
        }
        "answers-and-writes" => {
            writer.send(&answer, &[]).expect("can be sent");
            while rustix::io::pwrite(&given.output, &[0xff; 16], 0).is_ok() {}
            stay();
        }
        "answers-and-fails" => {
            writer.send(&answer, &[]).expect("can be sent");
            return ExitCode::from(9);
        }
        "leaves-a-child-at-the-link" => {
            writer.send(&answer, &[]).expect("can be sent");
            if is_the_child() {
                // Until the parent has had enough of it.
                drop(reader.recv::<Job>());
            }
        }
        "leaves-a-child-that-writes" => {
            writer.send(&answer, &[]).expect("can be sent");
            drop((reader, writer));
            if is_the_child() {
                let told = trick.split(' ').nth(1).expect("where to tell it");
                let mut byte = 0_u8;
                let refused = loop {
                    byte = byte.wrapping_add(1);
                    if let Err(why) = rustix::io::pwrite(&given.output, &[byte; 16], 0) {
                        break why;
                    }
                };
                std::fs::write(format!("{told}.part"), refused.to_string()).expect("can be told");
                std::fs::rename(format!("{told}.part"), told).expect("can be told");
            }
        }
        other => panic!("no such trick: {other}"),
    }
    ExitCode::SUCCESS
}

fn stay() -> ! {
    loop {
        std::hint::spin_loop();
    }
}

fn is_the_child() -> bool {
    // SAFETY: this program has one thread, so that the child has all that it needs.
    let child = unsafe { libc::fork() };
    assert!(child >= 0, "can be forked");
    child == 0
}

fn honest(job: &Job) -> Answer {
    Answer {
        build: BUILD_ID.to_owned(),
        posture: POSTURE,
        result: Ok(match job.kind {
            JobKind::Hashes { .. } => hashed(Ok(100)),
            JobKind::Moving(moving) => clips::honest(moving),
            _ => picture(),
        }),
    }
}

fn picture() -> Made {
    Made::Picture(DecodedInfo {
        width: 2,
        height: 2,
        source_width: 4,
        source_height: 4,
        format: Format::Png,
        frames: 1,
    })
}

fn hashed(quality: Result<u8, Rejection>) -> Made {
    Made::Hashes(MediumHashes {
        sha256: [1; 32],
        md5: [2; 16],
        sha1: [3; 20],
        picture: quality.map(|quality| PictureHash {
            rule: HashRule::FullSizeAsStored,
            pdq: Pdq::from_bytes([0xa5; 32]),
            quality,
        }),
    })
}

fn change(answer: &mut Answer, by: impl FnOnce(&mut DecodedInfo)) {
    if let Ok(Made::Picture(info)) = &mut answer.result {
        by(info);
    }
}
