//! A worker that misbehaves on purpose, for the process tests. Its trick is the last part of the name that it is started
//! by (the tests make links to it). It stands behind the same walls as `scrim-decode`, except for the `free-` tricks,
//! which prove that a trick would work without them.
#![allow(unsafe_code, reason = "one trick is a raw system call")]

use std::fs::File;
use std::net::UdpSocket;
use std::os::fd::AsFd;
use std::process::{Command, ExitCode};

use scrim_decode::run::{Inherited, confine};
use scrim_wire::build_id::BUILD_ID;
use scrim_wire::link::{self, LinkReader, LinkWriter};
use scrim_wire::worker::{Answer, DecodedInfo, Format, Job, LINK_FD, Posture, Rejection};

#[path = "../src/memory.rs"]
mod memory;

const POSTURE: Posture = Posture {
    landlock_abi: 1,
    seccomp: true,
    rlimits: true,
    not_dumpable: true,
};

fn main() -> ExitCode {
    let name = std::env::args().next().unwrap_or_default();
    let trick = name.rsplit("worker.").next().unwrap_or_default().to_owned();
    if trick == "dies-at-once" {
        std::process::abort();
    }
    let (mut reader, writer, output) = match trick.strip_prefix("free-") {
        Some(_) => free(),
        None => confined(),
    };
    let job = reader.recv::<Job>().expect("the parent sends a job").0;
    play(&trick, (reader, writer, output), job)
}

type Ends = (LinkReader, LinkWriter, Option<std::os::fd::OwnedFd>);

fn confined() -> Ends {
    let Inherited {
        reader,
        writer,
        output,
        posture,
        ..
    } = confine().expect("started by the pool");
    assert!(posture.holds(), "the walls stand on this machine");
    (reader, writer, Some(output))
}

fn free() -> Ends {
    let (reader, writer) = link::split(link::inherited(LINK_FD).expect("started by the pool"));
    (reader, writer, None)
}

fn play(trick: &str, (reader, mut writer, output): Ends, job: Job) -> ExitCode {
    let mut answer = honest();
    match trick.trim_start_matches("free-") {
        "opens-a-file" => drop(File::open("/proc/self/status").expect("can be opened")),
        "writes-a-file" => drop(File::create("/tmp/scrim-escape").expect("can be made")),
        "opens-a-socket" => drop(UdpSocket::bind("127.0.0.1:0").expect("can be bound")),
        "starts-a-process" => {
            let status = Command::new("/bin/true").status().expect("can be started");
            assert!(status.success());
        }
        "starts-a-thread" => std::thread::spawn(|| ()).join().expect("can be started"),
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
        "spins" => loop {
            std::hint::spin_loop();
        },
        "allocates-4-gb" => {
            let bytes = vec![1_u8; 4 << 30];
            std::hint::black_box(&bytes);
        }
        "panics" => panic!("on purpose"),
        "closes-without-an-answer" => return ExitCode::SUCCESS,
        "closes-and-stays" => {
            drop((reader, writer));
            loop {
                std::hint::spin_loop();
            }
        }
        "fails" => return ExitCode::from(9),
        "sends-garbage" => {
            let garbage = (String::from("garbage"), vec![0xff_u8; 300]);
            writer.send(&garbage, &[]).expect("can be sent");
            return ExitCode::SUCCESS;
        }
        "sends-too-much" => {
            let garbage = vec![7_u8; 3_000_000];
            writer.send(&garbage, &[]).expect("can be sent");
            return ExitCode::SUCCESS;
        }
        "claims-another-build" => answer.build = "another".into(),
        "claims-no-sandbox" => answer.posture = Posture::default(),
        "claims-a-wide-picture" => change(&mut answer, |info| info.width = 513),
        "claims-no-height" => change(&mut answer, |info| info.height = 0),
        "claims-a-huge-picture" => change(&mut answer, |info| {
            (info.width, info.height) = (u32::MAX, u32::MAX);
        }),
        "claims-a-huge-source" => change(&mut answer, |info| info.source_width = 65_536),
        "rejects" => answer.result = Err(Rejection::Unsupported),
        "sends-a-descriptor" => {
            let output = output.expect("only behind walls");
            writer
                .send(&answer, &[output.as_fd()])
                .expect("can be sent");
            return ExitCode::SUCCESS;
        }
        "answers-twice" => writer.send(&answer, &[]).expect("can be sent"),
        "answers-and-stays" => {
            writer.send(&answer, &[]).expect("can be sent");
            loop {
                std::hint::spin_loop();
            }
        }
        "answers-and-fails" => {
            writer.send(&answer, &[]).expect("can be sent");
            return ExitCode::from(9);
        }
        "honest" => {}
        other => panic!("no such trick: {other}, job of {} bytes", job.media_len),
    }
    // A trick that worked ends like an honest job, so that the test sees it.
    writer.send(&answer, &[]).expect("can be sent");
    ExitCode::SUCCESS
}

fn honest() -> Answer {
    Answer {
        build: BUILD_ID.to_owned(),
        posture: POSTURE,
        result: Ok(DecodedInfo {
            width: 2,
            height: 2,
            source_width: 4,
            source_height: 4,
            format: Format::Png,
        }),
    }
}

fn change(answer: &mut Answer, by: impl FnOnce(&mut DecodedInfo)) {
    if let Ok(info) = &mut answer.result {
        by(info);
    }
}
