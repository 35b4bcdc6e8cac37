//! Private links: framed messages over an inherited socket pair, with file descriptors beside them.
//!
//! One frame on the wire (`SOCK_STREAM`):
//!
//! | Bytes | Meaning |
//! | --- | --- |
//! | 4 | length of the body in bytes, u32 little endian, 1 to [`FRAME_BYTES_MAX`] |
//! | 1 | number of descriptors that belong to this frame, 0 to [`FRAME_FDS_MAX`] |
//! | n | body, one postcard value, used to its last byte |
//!
//! Descriptors travel as `SCM_RIGHTS` with the frame's first byte. The link carries no names, no paths and no
//! authority besides the descriptors. Whatever breaks the table above is a [`LinkError`], after which the link must be
//! dropped: there is no way back into step. Used by agent ↔ window and agent ↔ worker.
//!
//! This module must never panic on bytes from the other end and never keep more than one frame in memory.

use std::collections::VecDeque;
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use self::inherit::inherited;

/// Largest body of one frame, in bytes.
pub const FRAME_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most descriptors of one frame, and most that may be waiting at the reader.
pub const FRAME_FDS_MAX: usize = 8;
/// Bytes before the body.
const HEADER_BYTES: usize = 5;
/// A body is read in steps of this size, so that a claimed length costs nothing until its bytes arrive.
const READ_STEP_BYTES: usize = 64 * 1024;

/// Why a link failed. After any of these the link must be dropped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// The other end closed the link between two frames.
    #[error("The other part of Scrim closed its link.")]
    Closed,
    /// The link ended inside a frame.
    #[error("The link between two parts of Scrim broke off in the middle of a message.")]
    BrokenOff,
    /// A length of zero or over [`FRAME_BYTES_MAX`], sent or received.
    #[error(
        "A message on a private link had a length that is not allowed, so the link was closed."
    )]
    Length,
    /// More descriptors than announced or allowed, or fewer than announced.
    #[error("A message on a private link came with the wrong descriptors, so the link was closed.")]
    Descriptors,
    /// The body is not the value that was expected.
    #[error("A message on a private link could not be understood, so the link was closed.")]
    Malformed,
    /// The deadline passed before a whole frame was there.
    #[error("The other part of Scrim did not answer in time.")]
    Deadline,
    /// An inherited descriptor is missing, of another kind, or already taken.
    #[error("This program was not started by Scrim: its private link is missing.")]
    NotInherited,
    /// The system refused.
    #[error("The system refused a private link: {0}")]
    System(#[source] io::Error),
}

impl From<Errno> for LinkError {
    fn from(errno: Errno) -> Self {
        match errno {
            Errno::PIPE | Errno::CONNRESET => Self::Closed,
            Errno::AGAIN => Self::Deadline,
            other => Self::System(other.into()),
        }
    }
}

/// The sending half of a link.
#[derive(Debug)]
pub struct LinkWriter {
    stream: Arc<UnixStream>,
}

/// The receiving half of a link.
#[derive(Debug)]
pub struct LinkReader {
    stream: Arc<UnixStream>,
    waiting_fds: VecDeque<OwnedFd>,
    ended_unread: bool,
}

/// Splits one end of a socket pair into halves, which may live on two threads. Both use the one descriptor; it is
/// closed with the last of them.
#[must_use]
pub fn split(stream: UnixStream) -> (LinkReader, LinkWriter) {
    let stream = Arc::new(stream);
    let reader = LinkReader {
        stream: Arc::clone(&stream),
        waiting_fds: VecDeque::new(),
        ended_unread: false,
    };
    (reader, LinkWriter { stream })
}

impl LinkWriter {
    /// Wraps one end of a socket pair.
    pub fn new(stream: UnixStream) -> Self {
        Self {
            stream: Arc::new(stream),
        }
    }

    /// Limits how long one `send` may block when the other end does not read; then it fails with
    /// [`LinkError::Deadline`]. Without this call a send waits for ever.
    pub fn set_send_timeout(&self, limit: Duration) -> Result<(), LinkError> {
        self.stream
            .set_write_timeout(Some(limit))
            .map_err(LinkError::System)
    }

    /// Sends one message and copies of `fds` (at most [`FRAME_FDS_MAX`]). Blocks until the system has taken it all.
    pub fn send(
        &mut self,
        message: &impl Serialize,
        fds: &[BorrowedFd<'_>],
    ) -> Result<(), LinkError> {
        let body = postcard::to_stdvec(message).map_err(|_| LinkError::Malformed)?;
        if body.is_empty() || body.len() > FRAME_BYTES_MAX {
            return Err(LinkError::Length);
        }
        if fds.len() > FRAME_FDS_MAX {
            return Err(LinkError::Descriptors);
        }
        let mut header = [0_u8; HEADER_BYTES];
        let length = u32::try_from(body.len()).map_err(|_| LinkError::Length)?;
        header[..4].copy_from_slice(&length.to_le_bytes());
        header[4] = u8::try_from(fds.len()).map_err(|_| LinkError::Descriptors)?;
        self.send_all(&header, &body, fds)
    }

    fn send_all(
        &self,
        header: &[u8],
        body: &[u8],
        fds: &[BorrowedFd<'_>],
    ) -> Result<(), LinkError> {
        let total = header.len() + body.len();
        let mut sent = 0;
        while sent < total {
            let head = &header[sent.min(header.len())..];
            let tail = &body[sent.saturating_sub(header.len())..];
            let parts = [IoSlice::new(head), IoSlice::new(tail)];
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(FRAME_FDS_MAX))];
            let mut control = SendAncillaryBuffer::new(&mut space);
            let first = sent == 0 && !fds.is_empty();
            if first && !control.push(SendAncillaryMessage::ScmRights(fds)) {
                return Err(LinkError::Descriptors);
            }
            match sendmsg(&*self.stream, &parts, &mut control, SendFlags::NOSIGNAL) {
                Ok(0) => return Err(LinkError::BrokenOff),
                Ok(count) => sent += count,
                Err(Errno::INTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
        Ok(())
    }

    /// Closes both directions, for both halves and the other end; a blocked `recv` returns [`LinkError::Closed`].
    pub fn close(&self) {
        // The only failure is a link that is closed already, which is what was asked for.
        drop(self.stream.shutdown(std::net::Shutdown::Both));
    }
}

impl LinkReader {
    /// Wraps one end of a socket pair.
    pub fn new(stream: UnixStream) -> Self {
        Self {
            stream: Arc::new(stream),
            waiting_fds: VecDeque::new(),
            ended_unread: false,
        }
    }

    /// Whether the other end closed the link before it had read all that was sent to it. Known once a `recv` has come to
    /// that end.
    #[must_use]
    pub fn ended_unread(&self) -> bool {
        self.ended_unread
    }

    /// Waits for the next message and its descriptors (close-on-exec, in the order sent).
    pub fn recv<T: DeserializeOwned>(&mut self) -> Result<(T, Vec<OwnedFd>), LinkError> {
        self.recv_until(None)
    }

    /// Like [`Self::recv`], but gives up with [`LinkError::Deadline`] when the whole message is not there at
    /// `deadline`.
    pub fn recv_before<T: DeserializeOwned>(
        &mut self,
        deadline: Instant,
    ) -> Result<(T, Vec<OwnedFd>), LinkError> {
        self.recv_until(Some(deadline))
    }

    fn recv_until<T: DeserializeOwned>(
        &mut self,
        deadline: Option<Instant>,
    ) -> Result<(T, Vec<OwnedFd>), LinkError> {
        let mut header = [0_u8; HEADER_BYTES];
        self.fill(&mut header, deadline, LinkError::Closed)?;
        let [a, b, c, d, fd_count] = header;
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        if length == 0 || length > FRAME_BYTES_MAX {
            return Err(LinkError::Length);
        }
        if usize::from(fd_count) > FRAME_FDS_MAX {
            return Err(LinkError::Descriptors);
        }
        let mut body = Vec::new();
        while body.len() < length {
            let start = body.len();
            body.resize(length.min(start + READ_STEP_BYTES), 0);
            self.fill(&mut body[start..], deadline, LinkError::BrokenOff)?;
        }
        if self.waiting_fds.len() != usize::from(fd_count) {
            return Err(LinkError::Descriptors);
        }
        let (message, rest) =
            postcard::take_from_bytes::<T>(&body).map_err(|_| LinkError::Malformed)?;
        if !rest.is_empty() {
            return Err(LinkError::Malformed);
        }
        Ok((message, self.waiting_fds.drain(..).collect()))
    }

    /// Fills `buffer` exactly. `at_start` is the error for an end of stream before the first byte.
    fn fill(
        &mut self,
        buffer: &mut [u8],
        deadline: Option<Instant>,
        at_start: LinkError,
    ) -> Result<(), LinkError> {
        let mut filled = 0;
        let mut at_start = Some(at_start);
        while filled < buffer.len() {
            if let Some(deadline) = deadline {
                wait_readable(self.stream.as_fd(), deadline)?;
            }
            match self.receive_some(&mut buffer[filled..]) {
                Ok(0) => return Err(at_start.take().unwrap_or(LinkError::BrokenOff)),
                Ok(count) => {
                    filled += count;
                    at_start = None;
                }
                Err(LinkError::System(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn receive_some(&mut self, buffer: &mut [u8]) -> Result<usize, LinkError> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(FRAME_FDS_MAX))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let received = recvmsg(
            &*self.stream,
            &mut [IoSliceMut::new(buffer)],
            &mut control,
            RecvFlags::CMSG_CLOEXEC,
        );
        // The kernel's word for an end that was closed with bytes waiting at it.
        self.ended_unread |= matches!(received, Err(Errno::CONNRESET));
        let received = received?;
        for message in control.drain() {
            if let RecvAncillaryMessage::ScmRights(fds) = message {
                self.waiting_fds.extend(fds);
            }
        }
        let cut = received.flags.contains(ReturnFlags::CTRUNC);
        if cut || self.waiting_fds.len() > FRAME_FDS_MAX {
            return Err(LinkError::Descriptors);
        }
        Ok(received.bytes)
    }
}

/// Waits until `fd` can be read (or has ended) without a busy loop; [`LinkError::Deadline`] when the time is over.
pub fn wait_readable(fd: BorrowedFd<'_>, deadline: Instant) -> Result<(), LinkError> {
    loop {
        let left = deadline
            .checked_duration_since(Instant::now())
            .ok_or(LinkError::Deadline)?;
        let timeout = Timespec::try_from(left).map_err(|_| LinkError::Deadline)?;
        let mut fds = [PollFd::new(&fd, PollFlags::IN)];
        match poll(&mut fds, Some(&timeout)) {
            Ok(0) | Err(Errno::INTR) => {}
            Ok(_) => return Ok(()),
            Err(errno) => return Err(errno.into()),
        }
    }
}

#[allow(
    unsafe_code,
    reason = "a descriptor that the parent left open is known by its number only"
)]
mod inherit {
    use std::os::fd::{BorrowedFd, FromRawFd, OwnedFd, RawFd};
    use std::os::unix::net::UnixStream;
    use std::sync::atomic::{AtomicU64, Ordering};

    use rustix::fs::FileType;
    use rustix::io::{FdFlags, fcntl_setfd};
    use rustix::net::SocketType;
    use rustix::net::sockopt::socket_type;

    use super::LinkError;

    /// One bit for each number already taken, so that no number gets two owners.
    static TAKEN: AtomicU64 = AtomicU64::new(0);

    /// Takes over the socket that the parent left open as `fd` (the standard input, or 3 to 63). Fails if it is missing, not a socket, or
    /// already taken. Call this first in `main`, before anything else opens descriptors.
    pub fn inherited(fd: RawFd) -> Result<UnixStream, LinkError> {
        if fd != 0 && !(3..64).contains(&fd) {
            return Err(LinkError::NotInherited);
        }
        // SAFETY: the borrow lives for two calls only; a number that is not open makes fstat fail with EBADF.
        let borrowed = unsafe { BorrowedFd::borrow_raw(fd) };
        let stat = rustix::fs::fstat(borrowed).map_err(|_| LinkError::NotInherited)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::Socket {
            return Err(LinkError::NotInherited);
        }
        // Messages of a datagram socket have no end of the link between them: nobody would ever hear of it.
        if socket_type(borrowed) != Ok(SocketType::STREAM) {
            return Err(LinkError::NotInherited);
        }
        let bit = 1_u64 << fd;
        if TAKEN.fetch_or(bit, Ordering::SeqCst) & bit != 0 {
            return Err(LinkError::NotInherited);
        }
        fcntl_setfd(borrowed, FdFlags::CLOEXEC)?;
        // SAFETY: the number is open, a socket, and `TAKEN` gives it to one caller only. Nothing in this program opens
        // descriptors before its `main` takes the inherited ones, and one that has its link at 0 reads no standard input.
        Ok(UnixStream::from(unsafe { OwnedFd::from_raw_fd(fd) }))
    }
}

#[cfg(test)]
#[path = "link_tests.rs"]
mod tests;
