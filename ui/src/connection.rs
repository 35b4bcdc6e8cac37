//! The link to the agent: one thread reads it, the frame writes it.
//!
//! The reader maps the pixels of a message before it hands the message over, and wakes the window
//! for every message. It ends with the link; a message that breaks the protocol ends the link.

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::time::{Duration, Instant};

use scrim_window::Arrival;
use scrim_window::picture::PixelBytes;
use scrim_wire::build_id;
use scrim_wire::link::{LinkError, LinkReader, LinkWriter, split};
use scrim_wire::shared::map_read;
use scrim_wire::window::{FromWindow, ToWindow};

/// Most messages that wait for a frame; the reader then waits as well.
const WAITING_MAX: usize = 128;
/// An agent that does not read for this long is gone.
const SEND_LIMIT: Duration = Duration::from_secs(5);

/// The window's end of the link.
pub(crate) struct Connection {
    writer: LinkWriter,
    arrivals: Receiver<Arrival>,
}

/// What the next look at the link brought.
pub(crate) enum Next {
    /// A message.
    Arrival(Arrival),
    /// Nothing more for now.
    Nothing,
    /// The link has ended.
    Closed,
}

impl Connection {
    /// Says hello and starts the reading thread, which calls `wake` for every message.
    pub(crate) fn open(
        stream: UnixStream,
        wake: impl Fn() + Send + 'static,
    ) -> Result<Self, LinkError> {
        let (reader, mut writer) = split(stream);
        writer.set_send_timeout(SEND_LIMIT)?;
        let build = build_id::BUILD_ID.to_owned();
        writer.send(&FromWindow::Hello { build }, &[])?;
        let (sender, arrivals) = sync_channel(WAITING_MAX);
        std::thread::Builder::new()
            .name("link".to_owned())
            .spawn(move || {
                read_all(reader, &sender, &wake);
                // The closed channel is what tells the frame that the link is gone.
                drop(sender);
                wake();
            })
            .map_err(LinkError::System)?;
        Ok(Self { writer, arrivals })
    }

    /// The next message, if there is one.
    pub(crate) fn next(&self) -> Next {
        match self.arrivals.try_recv() {
            Ok(arrival) => Next::Arrival(arrival),
            Err(TryRecvError::Empty) => Next::Nothing,
            Err(TryRecvError::Disconnected) => Next::Closed,
        }
    }

    /// The next message; waits for it until `until`.
    pub(crate) fn next_until(&self, until: Instant) -> Next {
        let wait = until.saturating_duration_since(Instant::now());
        match self.arrivals.recv_timeout(wait) {
            Ok(arrival) => Next::Arrival(arrival),
            Err(RecvTimeoutError::Timeout) => Next::Nothing,
            Err(RecvTimeoutError::Disconnected) => Next::Closed,
        }
    }

    /// Sends one message.
    pub(crate) fn send(&mut self, message: &FromWindow) -> Result<(), LinkError> {
        self.writer.send(message, &[])
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.writer.close();
    }
}

fn read_all(mut reader: LinkReader, sender: &SyncSender<Arrival>, wake: &dyn Fn()) {
    let mut greeted = false;
    while let Ok((message, fds)) = reader.recv::<ToWindow>() {
        match &message {
            ToWindow::Hello { build } if !greeted => {
                if build_id::check(build).is_err() {
                    return;
                }
                greeted = true;
                continue;
            }
            _ if !greeted => return,
            _ => {}
        }
        let Some(arrival) = with_pixels(message, fds) else {
            return;
        };
        if sender.send(arrival).is_err() {
            return;
        }
        wake();
    }
}

/// Maps the pixels that belong to a message. `None`: descriptors that do not fit it.
fn with_pixels(message: ToWindow, mut fds: Vec<OwnedFd>) -> Option<Arrival> {
    let Some(length) = message.bytes_behind() else {
        return fds.is_empty().then(|| message.into());
    };
    let fd = fds.pop().filter(|_| fds.is_empty())?;
    let pixels: PixelBytes = Box::new(map_read(fd, length).ok()?);
    Some(Arrival {
        message,
        pixels: Some(pixels),
    })
}
