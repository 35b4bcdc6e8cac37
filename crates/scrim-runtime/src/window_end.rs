//! The agent's end of the window link.

use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;

use scrim_wire::build_id::BUILD_ID;
use scrim_wire::link::{LinkError, LinkReader, LinkWriter, split};
use scrim_wire::window::ToWindow;

use crate::limits::WINDOW_SEND_MAX;

/// Where the runtime sends what the window shows.
pub trait WindowEnd: Send {
    /// Sends one message, with the descriptor of a picture if it has one.
    ///
    /// # Errors
    /// The link is gone; the runtime then forgets this end.
    fn send(&mut self, message: ToWindow, picture: Option<OwnedFd>) -> Result<(), LinkError>;
}

/// A window in another process.
pub struct LinkEnd(LinkWriter);

impl WindowEnd for LinkEnd {
    fn send(&mut self, message: ToWindow, picture: Option<OwnedFd>) -> Result<(), LinkError> {
        let fds: Vec<_> = picture.iter().map(AsFd::as_fd).collect();
        self.0.send(&message, &fds)
    }
}

impl LinkEnd {
    /// Splits a link and greets the window.
    ///
    /// # Errors
    /// The link is gone already.
    pub fn greet(stream: UnixStream) -> Result<(Self, LinkReader), LinkError> {
        let (reader, writer) = split(stream);
        writer.set_send_timeout(WINDOW_SEND_MAX)?;
        let mut end = Self(writer);
        end.send(
            ToWindow::Hello {
                build: BUILD_ID.to_owned(),
            },
            None,
        )?;
        Ok((end, reader))
    }
}

impl Drop for LinkEnd {
    fn drop(&mut self) {
        self.0.close();
    }
}
