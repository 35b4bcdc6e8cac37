//! A try in a child of this process, for a decoder that may end the process when it fails.
//!
//! rav1d panics in its clean-up after every error of decoding, where no panic can come back (ADR 0021). Which edges the
//! child took is not seen; its outcome is. A panic from inside rav1d is an outcome; whatever else ends the child is not.
#![allow(unsafe_code, reason = "a child is made by fork")]

use std::io::Read;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rustix::process::{Pid, WaitOptions, waitpid};
use rustix::time::ClockId;

use super::class;
use crate::engine::time_of;
use crate::limits::{HANG_AFTER, STANDSTILL_AFTER};
use crate::memory;

const INSIDE_RAV1D: i32 = 3;
const PANICKED: i32 = 4;
const GREEDY: i32 = 5;
const SLOW: i32 = 6;

/// What `work` comes to, in a child that may add `memory_max` bytes to the memory in use.
pub(super) fn run(memory_max: usize, work: impl FnOnce() -> u64) -> u64 {
    let (mut ours, theirs) = UnixStream::pair().expect("there are descriptors");
    // SAFETY: the child calls the work and `_exit`; the only other thread of this program sleeps and holds no lock.
    match unsafe { libc::fork() } {
        -1 => panic!("no child can be made"),
        0 => child(memory_max, work, theirs),
        child => {
            drop(theirs);
            ours.set_read_timeout(Some(STANDSTILL_AFTER))
                .expect("is a time");
            let mut said = [0; 8];
            let answered = ours.read_exact(&mut said);
            let pid = Pid::from_raw(child).expect("a child's number");
            if answered
                .as_ref()
                .is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
            {
                rustix::process::kill_process(pid, rustix::process::Signal::KILL).expect("is ours");
                waitpid(Some(pid), WaitOptions::empty()).expect("is ours");
                panic!("the child took too long");
            }
            let (_, status) = waitpid(Some(pid), WaitOptions::empty())
                .expect("is ours")
                .expect("has ended");
            match (answered, status.exit_status()) {
                (Ok(()), Some(0)) => u64::from_le_bytes(said),
                (_, Some(INSIDE_RAV1D)) => class(b"inside rav1d"),
                (_, Some(SLOW)) => panic!("the child took too long"),
                (_, Some(GREEDY)) => panic!("the child took too much memory"),
                (_, Some(PANICKED)) => panic!("the child panicked"),
                (_, status) => panic!("the child ended with {status:?}"),
            }
        }
    }
}

fn child(memory_max: usize, work: impl FnOnce() -> u64, mut theirs: UnixStream) -> ! {
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map_or("", |place| place.file());
        if at.contains("rav1d") || at.contains("core/src/panicking") {
            end(INSIDE_RAV1D);
        }
    }));
    let before = memory::begin();
    let began = time_of(ClockId::ThreadCPUTime);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    let status = match outcome {
        Err(_) => PANICKED,
        Ok(_) if memory::peak_above(before) > memory_max => GREEDY,
        Ok(_) if time_of(ClockId::ThreadCPUTime) - began > HANG_AFTER => SLOW,
        Ok(class) => match std::io::Write::write_all(&mut theirs, &class.to_le_bytes()) {
            Ok(()) => 0,
            Err(_) => PANICKED,
        },
    };
    end(status)
}

fn end(status: i32) -> ! {
    // SAFETY: ends this process without running what the parent's copies would run.
    unsafe { libc::_exit(status) }
}
