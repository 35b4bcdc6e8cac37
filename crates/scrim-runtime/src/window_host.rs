//! Starting the window's process.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use command_fds::{CommandFdExt, FdMapping};
use thiserror::Error;

/// Why the window cannot be started.
#[derive(Debug, Error)]
pub enum WindowHostError {
    /// The program is not there or cannot be run.
    #[error(
        "The review window cannot be started ({0}). Your decisions are safe. Install all parts of Scrim from one package."
    )]
    Spawn(#[source] std::io::Error),
}

/// How the window is started.
#[derive(Debug, Clone)]
pub struct WindowHost {
    /// The program.
    pub program: PathBuf,
}

impl WindowHost {
    /// Starts a window whose end of the link is descriptor 3; returns the agent's end.
    ///
    /// # Errors
    /// [`WindowHostError`].
    pub fn start(&self) -> Result<(Child, UnixStream), WindowHostError> {
        let (ours, theirs) = UnixStream::pair().map_err(WindowHostError::Spawn)?;
        let mut command = Command::new(&self.program);
        command.stdin(std::process::Stdio::null());
        command
            .fd_mappings(vec![FdMapping {
                parent_fd: OwnedFd::from(theirs),
                child_fd: 3,
            }])
            .map_err(|_| {
                WindowHostError::Spawn(std::io::Error::other("descriptor 3 is taken twice"))
            })?;
        let child = command.spawn().map_err(WindowHostError::Spawn)?;
        Ok((child, ours))
    }
}

/// The program `name` that was installed beside this one, or beside the folder of test binaries.
///
/// # Errors
/// The system does not say where this program is, or `name` is not there.
pub fn sibling(name: &str) -> Result<PathBuf, std::io::Error> {
    let own = std::env::current_exe()?;
    let folders = own.ancestors().skip(1).take(2).map(Path::to_owned);
    let found = folders
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    found.ok_or_else(|| {
        let text = format!("{name} is not beside this program");
        std::io::Error::new(std::io::ErrorKind::NotFound, text)
    })
}
