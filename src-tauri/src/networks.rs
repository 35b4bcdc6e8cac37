//! What the kernel says of this machine's networks (rtnetlink), and whether that is something new.
//!
//! Only what decides where a connection goes is remembered: which interfaces carry anything, which
//! addresses they have, and which ways lead out. A router that says again what it said before, and a
//! radio that tells how well it hears, change nothing.

use std::collections::{BTreeMap, BTreeSet};

/// The end of an answer to a question.
const DONE: u16 = 3;
/// A question was not understood.
const ERROR: u16 = 2;
const NEW_LINK: u16 = 16;
const DEL_LINK: u16 = 17;
const NEW_ADDRESS: u16 = 20;
const DEL_ADDRESS: u16 = 21;
const NEW_ROUTE: u16 = 24;
const DEL_ROUTE: u16 = 25;

/// Bytes of the header that each message begins with.
const HEADER_BYTES: usize = 16;

/// Everything about interfaces, addresses and routes, once: what to ask, in this order.
pub(crate) const QUESTIONS: [u16; 3] = [18, 22, 26];

/// Multicast groups in which the kernel tells of links, addresses and routes.
pub(crate) const GROUPS: u32 = 0x1 | 0x10 | 0x40 | 0x100 | 0x400;

/// A question for everything of one kind.
pub(crate) fn question(kind: u16) -> Vec<u8> {
    const ALL_OF_IT: u16 = 0x1 | 0x300;
    let mut out = Vec::new();
    out.extend_from_slice(&20_u32.to_ne_bytes());
    out.extend_from_slice(&kind.to_ne_bytes());
    out.extend_from_slice(&ALL_OF_IT.to_ne_bytes());
    out.resize(20, 0);
    out
}

/// What one datagram brought.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Heard {
    /// A connection may go another way now.
    pub(crate) is_new: bool,
    /// A question is answered.
    pub(crate) is_done: bool,
}

/// The networks as last heard.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Networks {
    /// Interface → it carries something.
    links: BTreeMap<u32, bool>,
    addresses: BTreeSet<Vec<u8>>,
    ways: BTreeSet<Vec<u8>>,
}

impl Networks {
    /// Takes one datagram in. What is cut short or not known is passed over.
    pub(crate) fn hear(&mut self, datagram: &[u8]) -> Heard {
        let mut heard = Heard::default();
        let mut rest = datagram;
        while let Some((kind, body, after)) = message(rest) {
            match kind {
                DONE | ERROR => heard.is_done = true,
                kind => heard.is_new |= self.take(kind, body).unwrap_or_default(),
            }
            rest = after;
        }
        heard
    }

    /// Whether it is something new; `None` if it is about nothing that counts.
    fn take(&mut self, kind: u16, body: &[u8]) -> Option<bool> {
        match kind {
            NEW_LINK => {
                let (index, carries) = link(body)?;
                Some(self.links.insert(index, carries).unwrap_or_default() != carries)
            }
            DEL_LINK => Some(self.links.remove(&link(body)?.0) == Some(true)),
            NEW_ADDRESS => Some(self.addresses.insert(address(body)?)),
            DEL_ADDRESS => Some(self.addresses.remove(&address(body)?)),
            NEW_ROUTE => Some(self.ways.insert(way(body)?)),
            DEL_ROUTE => Some(self.ways.remove(&way(body)?)),
            _ => None,
        }
    }
}

/// Kind and body of the first message, and what follows it.
fn message(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let len = number(bytes, 0)? as usize;
    let kind = short(bytes, 4)?;
    let body = bytes.get(HEADER_BYTES..len)?;
    let after = bytes.get(len.next_multiple_of(4)..).unwrap_or_default();
    Some((kind, body, after))
}

/// An interface, and whether it is up and has a carrier. A machine's talk with itself is left out,
/// and what a bridge says of its ports.
fn link(body: &[u8]) -> Option<(u32, bool)> {
    const UP: u32 = 0x1;
    const LOOPBACK: u32 = 0x8;
    const RUNNING: u32 = 0x40;
    let (family, index, flags) = (*body.first()?, number(body, 4)?, number(body, 8)?);
    let counts = family == 0 && flags & LOOPBACK == 0;
    counts.then_some((index, flags & (UP | RUNNING) == UP | RUNNING))
}

/// What makes an address this one and not another: family, length, interface, address. One that is
/// good on its cable alone leads to no server.
fn address(body: &[u8]) -> Option<Vec<u8>> {
    const LINK: u8 = 253;
    const ADDRESS: u16 = 1;
    const LOCAL: u16 = 2;
    let (family, length, scope) = (*body.first()?, *body.get(1)?, *body.get(3)?);
    let interface = body.get(4..8)?;
    let of =
        |wanted| attributes(body.get(8..).unwrap_or_default()).find(|(kind, _)| *kind == wanted);
    let (_, bytes) = of(LOCAL).or_else(|| of(ADDRESS))?;
    (scope < LINK).then(|| [&[family, length], interface, bytes].concat())
}

/// What makes a way out this one and not another: family, table, interface, gateway, rank. Ways to
/// single places are left out, and what the kernel only remembers.
fn way(body: &[u8]) -> Option<Vec<u8>> {
    const UNICAST: u8 = 1;
    const CLONED: u32 = 0x200;
    const TELLING: [u16; 4] = [4, 5, 6, 15];
    let (family, length) = (*body.first()?, *body.get(1)?);
    let (table, kind, flags) = (*body.get(4)?, *body.get(7)?, number(body, 8)?);
    let mut key = vec![family, table];
    for (kind, bytes) in attributes(body.get(12..)?) {
        if TELLING.contains(&kind) {
            key.extend_from_slice(&kind.to_ne_bytes());
            key.extend_from_slice(bytes);
        }
    }
    (length == 0 && kind == UNICAST && flags & CLONED == 0).then_some(key)
}

/// Attributes up to the first that is cut short.
fn attributes(mut bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let len = usize::from(short(bytes, 0)?);
        let kind = short(bytes, 2)?;
        let value = bytes.get(4..len)?;
        bytes = bytes.get(len.next_multiple_of(4)..).unwrap_or_default();
        Some((kind, value))
    })
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_ne_bytes(four.try_into().ok()?))
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_ne_bytes(two.try_into().ok()?))
}

#[cfg(test)]
#[path = "networks_tests.rs"]
mod tests;
