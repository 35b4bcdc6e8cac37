//! A computer with a managed file: `/etc` as its processes see it has one, and nobody else's has.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Its `/etc`.
pub(crate) struct Computer {
    etc: TempDir,
}

impl Computer {
    /// The machine's own `/etc` with this managed file in it.
    pub(crate) fn managed(toml: &str) -> Self {
        let etc = tempfile::tempdir().unwrap();
        // What this account cannot read is missing, and is not needed.
        let mut copy = Command::new("cp");
        copy.args(["-r", "--preserve=links", "/etc/."])
            .arg(etc.path());
        copy.stderr(std::process::Stdio::null()).status().unwrap();
        std::fs::create_dir_all(etc.path().join("scrim")).unwrap();
        let computer = Self { etc };
        std::fs::write(computer.file(), toml).unwrap();
        computer
    }

    /// Others than its owner may write the managed file.
    pub(crate) fn lets_others_write(&self) {
        std::fs::set_permissions(self.file(), PermissionsExt::from_mode(0o666)).unwrap();
    }

    /// Another file of its `/etc`.
    pub(crate) fn has(&self, path: &str, text: &str) {
        std::fs::write(self.etc.path().join(path), text).unwrap();
    }

    fn file(&self) -> PathBuf {
        self.etc.path().join("scrim/managed.toml")
    }

    /// `program` as a process of this computer, in a mount namespace of its own. Whoever is not root
    /// is the root of a user namespace there, to whom the managed file belongs.
    pub(crate) fn command(&self, program: &Path) -> Command {
        self.wrapped(Command::new("unshare"), program)
    }

    /// The same for a program that is wrapped already: `unshare` of a desktop session.
    pub(crate) fn wrapped(&self, mut unshare: Command, program: &Path) -> Command {
        if !rustix::process::getuid().is_root() {
            unshare.args(["--user", "--map-root-user"]);
        }
        unshare
            .args(["--mount", "--", "sh", "-c"])
            .arg(r#"mount --bind "$0" /etc && exec "$@""#)
            .arg(self.etc.path())
            .arg(program);
        unshare
    }
}
