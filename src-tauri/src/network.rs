//! Hears from the kernel that the machine is on another network, or on one again, and has calls that
//! failed tried at once.
//!
//! A change comes as many messages (interface, addresses, routes); they are told as one, once it is
//! quiet. What is heard can make a desk ask a server sooner, and nothing else. Where the kernel does
//! not tell, back-off goes on as it does.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, bind, recv, send, socket_with,
};
use scrim_runtime::Inward;

use crate::limits::{NETWORK_BYTES, NETWORK_LATEST, NETWORK_QUIET};
use crate::networks::{GROUPS, Heard, Networks, QUESTIONS, question};

/// Listens on a thread that ends with the desk.
pub(crate) fn listen(desk: &Sender<Inward>) -> io::Result<()> {
    let desk = desk.clone();
    std::thread::Builder::new()
        .name("scrim-network".into())
        .spawn(move || {
            let tell = || desk.send(scrim_runtime::network_changed()).is_ok();
            if let Err(fault) = hear(tell) {
                tracing::info!(%fault, "changes of the network are not heard any more");
            }
        })?;
    Ok(())
}

/// Tells of each change; returns when nobody listens any more.
fn hear(mut tell: impl FnMut() -> bool) -> io::Result<()> {
    let mut ear = Ear::open()?;
    tracing::info!("listening for changes of the network");
    loop {
        ear.wait_for_change()?;
        ear.wait_for_quiet()?;
        if !tell() {
            return Ok(());
        }
    }
}

struct Ear {
    socket: OwnedFd,
    networks: Networks,
    room: Vec<u8>,
}

impl Ear {
    /// Knows the networks as they are now.
    fn open() -> io::Result<Self> {
        let (family, kind) = (AddressFamily::NETLINK, SocketType::RAW);
        // Without another protocol it is rtnetlink.
        let socket = socket_with(family, kind, SocketFlags::CLOEXEC, None)?;
        bind(&socket, &SocketAddrNetlink::new(0, GROUPS))?;
        let mut ear = Self {
            socket,
            networks: Networks::default(),
            room: vec![0; NETWORK_BYTES],
        };
        ear.ask()?;
        Ok(ear)
    }

    /// Asks for everything; again, if so much happened meanwhile that some of it was lost.
    fn ask(&mut self) -> io::Result<()> {
        loop {
            match self.ask_once() {
                Err(Errno::NOBUFS | Errno::INTR) => {}
                asked => return Ok(asked?),
            }
        }
    }

    /// One question after the answer to the one before.
    fn ask_once(&mut self) -> Result<(), Errno> {
        self.networks = Networks::default();
        for kind in QUESTIONS {
            send(&self.socket, &question(kind), SendFlags::empty())?;
            while !self.next()?.is_done {}
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Heard, Errno> {
        let (bytes, _) = recv(&self.socket, &mut self.room[..], RecvFlags::empty())?;
        Ok(self.networks.hear(&self.room[..bytes]))
    }

    fn wait_for_change(&mut self) -> io::Result<()> {
        while !self.is_change()? {}
        Ok(())
    }

    /// Whether the next message tells of a change. One that was lost may have.
    fn is_change(&mut self) -> io::Result<bool> {
        match self.next() {
            Ok(heard) => Ok(heard.is_new),
            Err(Errno::NOBUFS) => self.ask().map(|()| true),
            Err(Errno::INTR) => Ok(false),
            Err(other) => Err(other.into()),
        }
    }

    /// Until nothing has changed for a while, but not for ever.
    fn wait_for_quiet(&mut self) -> io::Result<()> {
        let latest = Instant::now() + NETWORK_LATEST;
        let mut quiet = Instant::now() + NETWORK_QUIET;
        loop {
            let left = quiet.min(latest).saturating_duration_since(Instant::now());
            if left.is_zero() || !self.is_heard_within(left)? {
                return Ok(());
            }
            if self.is_change()? {
                quiet = Instant::now() + NETWORK_QUIET;
            }
        }
    }

    fn is_heard_within(&self, left: Duration) -> io::Result<bool> {
        let mut ears = [PollFd::from_borrowed_fd(self.socket.as_fd(), PollFlags::IN)];
        let left = Timespec::try_from(left).map_err(io::Error::other)?;
        match poll(&mut ears, Some(&left)) {
            Ok(count) => Ok(count > 0),
            Err(Errno::INTR) => Ok(false),
            Err(other) => Err(other.into()),
        }
    }
}

#[cfg(test)]
#[path = "network_tests.rs"]
mod tests;
