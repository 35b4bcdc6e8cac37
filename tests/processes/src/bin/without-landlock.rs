//! Runs a program as a kernel without Landlock would: `without-landlock PROGRAM ARGUMENT …`.
//!
//! A filter lets the call that asks for Landlock fail as an unknown one does; what the program
//! starts inherits the filter.

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::process::Command;

use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args_os().skip(1);
    let program = words.next().ok_or("which program?")?;
    let filter = SeccompFilter::new(
        BTreeMap::from([(libc::SYS_landlock_create_ruleset, Vec::new())]),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::ENOSYS as u32),
        std::env::consts::ARCH.try_into()?,
    )?;
    let filter: BpfProgram = filter.try_into()?;
    seccompiler::apply_filter(&filter)?;
    // Returns only if it cannot be run.
    Err(Command::new(program).args(words).exec().into())
}
