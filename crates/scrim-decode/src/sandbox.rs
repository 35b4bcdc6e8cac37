//! The walls of a worker, raised before it reads its job and before any thread exists.
//!
//! | Wall | What it takes away |
//! | --- | --- |
//! | parent-death signal | a worker never outlives the agent's thread that started it |
//! | not dumpable, no core file | other programs of the user cannot read its memory; nothing reaches a disk |
//! | strays closed | descriptors that the parent left open without meaning to |
//! | limits | address space, processor time, descriptors but the two of the job, processes, file size |
//! | Landlock | every file right, network right and scope that the kernel knows; nothing is allowed |
//! | seccomp | every system call that decoding does not need; one of them kills the process |
//!
//! A worker that lacks a wall decodes nothing, unless its job waives it ([`Posture::holds_but_for`]); only Landlock can be
//! waived.

use std::collections::BTreeMap;

use landlock::{
    ABI, Access, AccessFs, AccessNet, LandlockStatus, Ruleset, RulesetAttr, RulesetStatus, Scope,
};
use rustix::process::{DumpableBehavior, Resource, Rlimit, Signal};
use scrim_wire::worker::{
    FIT_PIXELS_MAX, LINK_FD, OUTPUT_FD, Posture, WORKER_CPU_SECONDS_MAX, WORKER_FDS_MAX,
    WORKER_MEMORY_BYTES_MAX,
};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

use crate::descriptors::close_strays;

/// `fcntl` commands that are allowed: reading the seals of a memory file, and the question whether a descriptor is open
/// that the standard library asks before it closes one in debug builds.
const FCNTL_COMMANDS: [u64; 2] = [libc::F_GET_SEALS as u64, libc::F_GETFD as u64];
/// Standard error, which the parent has tied to nothing.
const STDERR_FD: u64 = 2;

/// Raises every wall and says which of them stand. Call it once, first in `main`, from the only thread, after the
/// inherited descriptors were taken.
#[must_use]
pub fn enter() -> Posture {
    let parent_death = rustix::process::set_parent_process_death_signal(Some(Signal::KILL)).is_ok();
    let not_dumpable = rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)
        .is_ok()
        && limit(Resource::Core, 0);
    let rlimits = parent_death && close_strays() && set_limits();
    let landlock_abi = enter_landlock();
    // Room for the two descriptors of the job, and for nothing after them; Landlock needed one for its rules before.
    let rlimits = limit(Resource::Nofile, WORKER_FDS_MAX) && rlimits;
    let seccomp = enter_seccomp();
    Posture {
        landlock_abi,
        seccomp,
        rlimits,
        not_dumpable,
    }
}

fn set_limits() -> bool {
    limit(Resource::As, WORKER_MEMORY_BYTES_MAX)
        && limit(Resource::Cpu, WORKER_CPU_SECONDS_MAX)
        && limit(Resource::Nproc, 0)
        && limit(Resource::Fsize, FIT_PIXELS_MAX * 4)
}

fn limit(resource: Resource, most: u64) -> bool {
    let limit = Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    rustix::process::setrlimit(resource, limit).is_ok()
}

/// Denies all that the kernel's Landlock can deny. The version in force, 0 if none.
fn enter_landlock() -> u8 {
    // An access that an older kernel does not know is left out; a kernel without Landlock gives 0.
    let best = ABI::V10;
    let restricted = Ruleset::default()
        .handle_access(AccessFs::from_all(best))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(best)))
        .and_then(|rules| rules.scope(Scope::from_all(best)))
        .and_then(landlock::Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self);
    match restricted {
        Ok(status) if status.ruleset != RulesetStatus::NotEnforced && status.no_new_privs => {
            match status.landlock {
                LandlockStatus::Available { effective_abi, .. } => effective_abi as u8,
                _ => 0,
            }
        }
        _ => 0,
    }
}

fn enter_seccomp() -> bool {
    filter().is_some_and(|program| seccompiler::apply_filter(&program).is_ok())
}

/// The list of allowed calls; anything else kills the process. `None` if this processor is not supported.
fn filter() -> Option<BpfProgram> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        PLAIN_CALLS.iter().map(|&call| (call, Vec::new())).collect();
    let link = LINK_FD as u64;
    let output = OUTPUT_FD as u64;
    let executable = SeccompCmpOp::MaskedEq(libc::PROT_EXEC as u64);
    for (call, argument, operator, value) in [
        (libc::SYS_recvmsg, 0, SeccompCmpOp::Eq, link),
        (libc::SYS_sendmsg, 0, SeccompCmpOp::Eq, link),
        (libc::SYS_pwrite64, 0, SeccompCmpOp::Eq, output),
        (libc::SYS_write, 0, SeccompCmpOp::Eq, STDERR_FD),
        (libc::SYS_fcntl, 1, SeccompCmpOp::Eq, FCNTL_COMMANDS[0]),
        (libc::SYS_fcntl, 1, SeccompCmpOp::Eq, FCNTL_COMMANDS[1]),
        (libc::SYS_mmap, 2, executable.clone(), 0),
        (libc::SYS_mprotect, 2, executable, 0),
    ] {
        let width = SeccompCmpArgLen::Dword;
        let condition = SeccompCondition::new(argument, width, operator, value).ok()?;
        let rule = SeccompRule::new(vec![condition]).ok()?;
        rules.entry(call).or_default().push(rule);
    }
    let arch = std::env::consts::ARCH.try_into().ok()?;
    SeccompFilter::new(
        rules,
        SeccompAction::KillProcess,
        SeccompAction::Allow,
        arch,
    )
    .ok()?
    .try_into()
    .ok()
}

/// Calls that need no look at their arguments: memory, locks, time, exit. `sched_getaffinity` is the allocator's
/// question for the number of processors when memory runs out.
const PLAIN_CALLS: &[i64] = &[
    libc::SYS_brk,
    libc::SYS_clock_gettime,
    libc::SYS_close,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_fstat,
    libc::SYS_futex,
    libc::SYS_getrandom,
    libc::SYS_lseek,
    libc::SYS_madvise,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_restart_syscall,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_sigaltstack,
];
