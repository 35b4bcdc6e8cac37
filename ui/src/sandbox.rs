//! The window's walls (architecture, wall 1), raised before any thread exists.
//!
//! | Wall | What it takes away |
//! | --- | --- |
//! | not dumpable | other programs of the user cannot read the window's memory |
//! | Landlock | every file but libraries, fonts, display and graphics devices; all writing but to `/dev/dri`, `/dev/shm` and the session's runtime folder |
//! | seccomp | starting programs, tracing, every socket but local ones |
//!
//! X11 lets every client read every other's windows and keys: a session without Wayland is
//! reported as the weaker posture that it is. A wall that this system lacks is reported, not fatal.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use landlock::{
    ABI, Access, AccessFs, AccessNet, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope,
};
use rustix::process::DumpableBehavior;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

/// Which walls stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Posture {
    /// Files are walled off.
    pub(crate) landlock: bool,
    /// Calls are walled off.
    pub(crate) seccomp: bool,
    /// Memory cannot be read by the user's other programs.
    pub(crate) not_dumpable: bool,
    /// The display server keeps clients apart.
    pub(crate) wayland: bool,
}

impl Posture {
    /// The walls alone, without the display, as the end of a sentence.
    pub(crate) fn walls(&self) -> String {
        let word = |stands: bool| if stands { "on" } else { "OFF" };
        format!(
            "landlock {}, seccomp {}, not dumpable {}",
            word(self.landlock),
            word(self.seccomp),
            word(self.not_dumpable)
        )
    }
}

impl std::fmt::Display for Posture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = |stands: bool| if stands { "on" } else { "OFF" };
        write!(
            f,
            "window walls: landlock {}, seccomp {}, not dumpable {}, display {}",
            word(self.landlock),
            word(self.seccomp),
            word(self.not_dumpable),
            if self.wayland {
                "wayland"
            } else {
                "x11 (weaker: other programs can read the screen and keys)"
            }
        )
    }
}

/// Raises every wall and says which of them stand. Call it from the only thread.
pub(crate) fn enter() -> Posture {
    let not_dumpable =
        rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok();
    Posture {
        landlock: enter_landlock(),
        seccomp: filter().is_some_and(|program| seccompiler::apply_filter(&program).is_ok()),
        not_dumpable,
        wayland: std::env::var_os("WAYLAND_DISPLAY").is_some_and(|name| !name.is_empty()),
    }
}

/// What may be read: libraries, fonts, drivers, locale, the processor's and cards' description.
const READ: &[&str] = &[
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc",
    "/opt",
    "/nix/store",
    "/run/opengl-driver",
    "/proc/self",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/driver",
    "/proc/sys/kernel",
    "/sys",
    "/dev/urandom",
    "/var/cache/fontconfig",
    "/tmp/.X11-unix",
];

/// What may be written as well: graphics devices and memory shared with the display server.
const WRITE: &[&str] = &[
    "/dev/dri",
    "/dev/shm",
    "/dev/null",
    "/dev/nvidiactl",
    "/dev/nvidia0",
];

fn paths(list: &[&str], from_session: [Option<OsString>; 2]) -> Vec<PathBuf> {
    let fixed = list.iter().map(PathBuf::from);
    let session = from_session.into_iter().flatten().map(PathBuf::from);
    // A relative path would mean whatever folder the window was started in.
    fixed
        .chain(session)
        .filter(|path| path.is_absolute())
        .collect()
}

fn enter_landlock() -> bool {
    let best = ABI::V6;
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let authority = std::env::var_os("XAUTHORITY")
        .or_else(|| home.map(|home| home.join(".Xauthority").into_os_string()));
    let runtime = std::env::var_os("XDG_RUNTIME_DIR");
    let read = paths(READ, [authority, None]);
    let write = paths(WRITE, [runtime, None]);
    // A path that this machine lacks needs no rule. Rights that a plain file cannot have are left
    // out for it by the best-effort mode.
    let rules = |paths: Vec<PathBuf>, access| {
        paths
            .into_iter()
            .filter_map(|path| PathFd::new(path).ok())
            .map(move |fd| Ok::<_, landlock::RulesetError>(PathBeneath::new(fd, access)))
    };
    let may_write = AccessFs::from_all(best) & !AccessFs::Execute;
    let restricted = Ruleset::default()
        .handle_access(AccessFs::from_all(best))
        .and_then(|ruleset| ruleset.handle_access(AccessNet::from_all(best)))
        .and_then(|ruleset| ruleset.scope(Scope::Signal))
        .and_then(Ruleset::create)
        .and_then(|ruleset| ruleset.add_rules(rules(read, AccessFs::from_read(best))))
        .and_then(|ruleset| ruleset.add_rules(rules(write, may_write)))
        .and_then(landlock::RulesetCreated::restrict_self);
    restricted.is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
}

/// Everything is allowed but this list, which fails with “not permitted”: a driver that tries one
/// of them goes on without it.
fn filter() -> Option<BpfProgram> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        DENIED.iter().map(|&call| (call, Vec::new())).collect();
    let not_local = SeccompCondition::new(
        0,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::Ne,
        libc::AF_UNIX as u64,
    )
    .ok()?;
    rules.insert(
        libc::SYS_socket,
        vec![SeccompRule::new(vec![not_local]).ok()?],
    );
    let denied = SeccompAction::Errno(libc::EPERM as u32);
    let arch = std::env::consts::ARCH.try_into().ok()?;
    SeccompFilter::new(rules, SeccompAction::Allow, denied, arch)
        .ok()?
        .try_into()
        .ok()
}

const DENIED: &[i64] = &[
    libc::SYS_add_key,
    libc::SYS_bpf,
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_io_uring_setup,
    libc::SYS_keyctl,
    libc::SYS_mount,
    libc::SYS_open_by_handle_at,
    libc::SYS_perf_event_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_request_key,
    libc::SYS_setns,
    libc::SYS_unshare,
    libc::SYS_userfaultfd,
];

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::disallowed_methods,
        clippy::disallowed_types,
        reason = "the test tries what the walls must stop"
    )]

    use std::net::{TcpListener, UdpSocket};
    use std::os::unix::net::UnixStream;
    use std::process::Command;

    /// Landlock and seccomp hold for the thread that raises them: the other tests go on freely.
    #[test]
    fn the_walls_hold() {
        let own = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        assert!(std::fs::read(own).is_ok());
        let walled = std::thread::spawn(move || {
            let posture = super::enter();
            assert!(posture.landlock && posture.seccomp && posture.not_dumpable);
            assert!(std::fs::read(own).is_err(), "a user's file was read");
            let file = std::env::temp_dir().join("scrim-window-wall");
            assert!(std::fs::write(file, "x").is_err(), "a file was written");
            assert!(std::fs::write("/etc/scrim-window-wall", "x").is_err());
            assert!(TcpListener::bind("127.0.0.1:0").is_err(), "a TCP socket");
            assert!(UdpSocket::bind("127.0.0.1:0").is_err(), "a UDP socket");
            assert!(Command::new("/bin/true").status().is_err(), "a program ran");
            assert!(std::fs::read_dir("/usr/share").is_ok(), "fonts can be read");
            assert!(UnixStream::pair().is_ok(), "the display can be spoken to");
        });
        walled.join().unwrap();
    }
}
