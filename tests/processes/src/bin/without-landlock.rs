//! Runs a program as a kernel without Landlock would: `without-landlock PROGRAM ARGUMENT …`. With `--nor WALL` before it
//! another wall of a worker cannot be raised either: `limits`, `system-call-list` or `unreadable-memory`.
//!
//! A filter lets the calls that ask for them fail as unknown ones do; what the program starts inherits the filter.

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::process::Command;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args_os().skip(1);
    let mut fails = Rules::from([(libc::SYS_landlock_create_ruleset, Vec::new())]);
    let mut program = words.next().ok_or("which program?")?;
    while program == "--nor" {
        let wall = words.next().ok_or("which wall?")?;
        fails.extend(calls_of(wall.to_str().ok_or("a wall has a plain name")?)?);
        program = words.next().ok_or("which program?")?;
    }
    let filter = SeccompFilter::new(
        fails,
        SeccompAction::Allow,
        SeccompAction::Errno(libc::ENOSYS as u32),
        std::env::consts::ARCH.try_into()?,
    )?;
    let filter: BpfProgram = filter.try_into()?;
    seccompiler::apply_filter(&filter)?;
    // Returns only if it cannot be run.
    Err(Command::new(program).args(words).exec().into())
}

/// What is called to raise a wall.
fn calls_of(wall: &str) -> Result<Rules, Box<dyn std::error::Error>> {
    let always = Vec::new;
    Ok(match wall {
        "limits" => Rules::from([
            (libc::SYS_prlimit64, always()),
            (libc::SYS_setrlimit, always()),
        ]),
        "system-call-list" => Rules::from([(libc::SYS_seccomp, always())]),
        "unreadable-memory" => {
            let dumpable = SeccompCondition::new(
                0,
                SeccompCmpArgLen::Dword,
                SeccompCmpOp::Eq,
                libc::PR_SET_DUMPABLE as u64,
            )?;
            Rules::from([(libc::SYS_prctl, vec![SeccompRule::new(vec![dumpable])?])])
        }
        other => return Err(format!("{other} is no wall").into()),
    })
}
