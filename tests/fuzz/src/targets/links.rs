//! Bytes and descriptors on a private link.
//!
//! An input is a row of pieces, each sent by one call: number of descriptors (1 byte), length of
//! the piece (2 bytes, little endian), bytes. Frames and pieces need not agree.

use std::io::IoSlice;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use scrim_wire::link::{LinkError, LinkReader, LinkWriter};
use serde::{Serialize, de::DeserializeOwned};

/// Most pieces of one input; more would fill the socket.
const PIECES_MAX: usize = 64;
/// One more than a link allows, so that too many come as well.
const DESCRIPTORS_MAX: usize = 9;

/// Reads messages of an input until the link fails.
pub(super) fn messages<T: DeserializeOwned>(input: &[u8]) -> (Vec<(T, Vec<OwnedFd>)>, LinkError) {
    let (ours, theirs) = UnixStream::pair().expect("the system gives a pair of sockets");
    let mut reader = LinkReader::new(theirs);
    send(&ours, input);
    drop(ours);
    let mut read = Vec::new();
    loop {
        match reader.recv::<T>() {
            Ok(message) => read.push(message),
            Err(error) => return (read, error),
        }
    }
}

fn send(to: &UnixStream, input: &[u8]) {
    let file = std::fs::File::open("/dev/null").expect("there is nothing");
    let mut rest = input;
    for _ in 0..PIECES_MAX {
        let Some(([count, low, high], after)) = rest.split_first_chunk::<3>() else {
            return;
        };
        let len = usize::from(u16::from_le_bytes([*low, *high])).min(after.len());
        let (piece, after) = after.split_at(len);
        rest = after;
        let descriptors = vec![file.as_fd(); usize::from(*count) % (DESCRIPTORS_MAX + 1)];
        send_piece(to, piece, &descriptors);
    }
}

/// An empty piece sends nothing. A full socket takes no more, which cuts the input short.
fn send_piece(to: &UnixStream, piece: &[u8], descriptors: &[BorrowedFd<'_>]) {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS_MAX))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !descriptors.is_empty() {
        control.push(SendAncillaryMessage::ScmRights(descriptors));
    }
    let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
    sendmsg(to, &[IoSlice::new(piece)], &mut control, flags).ok();
}

/// The input that carries `message` as a link sends it, with `count` descriptors.
pub(super) fn frame(message: &impl Serialize, count: u8) -> Vec<u8> {
    let body = postcard::to_stdvec(message).expect("a message can be written");
    let mut piece = (body.len() as u32).to_le_bytes().to_vec();
    piece.push(count);
    piece.extend(body);
    let mut input = vec![count];
    input.extend((piece.len() as u16).to_le_bytes());
    input.extend(piece);
    input
}

/// What was read is written and read again as the same bytes.
pub(super) fn same_again<T: Serialize + DeserializeOwned>(message: &T) {
    let bytes = postcard::to_stdvec(message).expect("what was read can be written");
    let again: T = postcard::from_bytes(&bytes).expect("what was written can be read");
    let again = postcard::to_stdvec(&again).expect("what was read can be written");
    assert!(again == bytes, "a message reads back as itself");
}

/// The link's own way of sending takes the message, or says that it is too long.
pub(super) fn can_be_sent(message: &impl Serialize) {
    let (ours, theirs) = UnixStream::pair().expect("the system gives a pair of sockets");
    drop(theirs);
    let sent = LinkWriter::new(ours).send(message, &[]);
    assert!(
        matches!(sent, Err(LinkError::Closed | LinkError::Length)),
        "{sent:?}"
    );
}
