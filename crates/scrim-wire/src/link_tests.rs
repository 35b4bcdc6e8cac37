#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{Read, Write};
use std::thread;

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Note {
    number: u32,
    text: String,
    bytes: Vec<u8>,
}

fn note(number: u32, len: usize) -> Note {
    Note {
        number,
        text: "sample".into(),
        bytes: vec![7; len],
    }
}

fn halves() -> (LinkWriter, LinkReader) {
    let (a, b) = UnixStream::pair().unwrap();
    (LinkWriter::new(a), LinkReader::new(b))
}

fn raw() -> (UnixStream, LinkReader) {
    let (a, b) = UnixStream::pair().unwrap();
    (a, LinkReader::new(b))
}

#[test]
fn messages_of_every_size_arrive_in_order_over_two_threads() {
    let (mut writer, mut reader) = halves();
    let sizes = [0, 1, 65_536, 1_000_000, FRAME_BYTES_MAX - 64];
    let sender = thread::spawn(move || {
        for (number, len) in (0_u32..).zip(sizes) {
            writer.send(&note(number, len), &[]).unwrap();
        }
    });
    for (number, len) in (0_u32..).zip(sizes) {
        let (got, fds) = reader.recv::<Note>().unwrap();
        assert_eq!(got, note(number, len));
        assert!(fds.is_empty());
    }
    sender.join().unwrap();
    assert!(matches!(reader.recv::<Note>(), Err(LinkError::Closed)));
}

#[test]
fn an_end_that_did_not_read_is_told_from_one_that_did() {
    for reads in [true, false] {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let (mut reader, mut writer) = split(ours);
        writer.send(&7_u8, &[]).unwrap();
        let mut theirs = LinkReader::new(theirs);
        if reads {
            theirs.recv::<u8>().unwrap();
        }
        assert!(!reader.ended_unread());
        drop(theirs);
        assert!(matches!(reader.recv::<u8>(), Err(LinkError::Closed)));
        assert_eq!(reader.ended_unread(), !reads);
    }
}

#[test]
fn descriptors_arrive_with_their_own_frame_and_close_on_exec() {
    let (mut writer, mut reader) = halves();
    let (mut one, other_one) = UnixStream::pair().unwrap();
    let (mut two, other_two) = UnixStream::pair().unwrap();
    writer.send(&1_u8, &[other_one.as_fd()]).unwrap();
    writer.send(&2_u8, &[]).unwrap();
    writer
        .send(&3_u8, &[other_two.as_fd(), other_one.as_fd()])
        .unwrap();
    let (number, first) = reader.recv::<u8>().unwrap();
    assert_eq!((number, first.len()), (1, 1));
    let (number, none) = reader.recv::<u8>().unwrap();
    assert_eq!((number, none.len()), (2, 0));
    let (number, both) = reader.recv::<u8>().unwrap();
    assert_eq!((number, both.len()), (3, 2));
    let flags = rustix::io::fcntl_getfd(&both[0]).unwrap();
    assert!(flags.contains(rustix::io::FdFlags::CLOEXEC));
    let mut streams = both.into_iter().map(UnixStream::from);
    let mut byte = [0_u8; 1];
    streams.next().unwrap().write_all(b"2").unwrap();
    streams.next().unwrap().write_all(b"1").unwrap();
    two.read_exact(&mut byte).unwrap();
    assert_eq!(&byte, b"2");
    one.read_exact(&mut byte).unwrap();
    assert_eq!(&byte, b"1");
}

#[test]
fn lengths_outside_the_limits_are_refused_at_both_ends() {
    let (mut writer, _reader) = halves();
    let big = vec![0_u8; FRAME_BYTES_MAX];
    assert!(matches!(
        writer.send(&big.as_slice(), &[]),
        Err(LinkError::Length)
    ));
    assert!(matches!(writer.send(&(), &[]), Err(LinkError::Length)));
    for length in [0_u32, FRAME_BYTES_MAX as u32 + 1, u32::MAX] {
        let (mut raw, mut reader) = raw();
        raw.write_all(&length.to_le_bytes()).unwrap();
        raw.write_all(&[0]).unwrap();
        assert!(matches!(reader.recv::<u8>(), Err(LinkError::Length)));
    }
}

#[test]
fn a_wrong_number_of_descriptors_is_refused() {
    // Announced, but not there.
    let (mut stream, mut reader) = raw();
    stream.write_all(&[1, 0, 0, 0, 1, 42]).unwrap();
    assert!(matches!(reader.recv::<u8>(), Err(LinkError::Descriptors)));
    // More than allowed.
    let (mut stream, mut reader) = raw();
    stream.write_all(&[1, 0, 0, 0, 9, 42]).unwrap();
    assert!(matches!(reader.recv::<u8>(), Err(LinkError::Descriptors)));
    // There, but not announced.
    let (stream, mut reader) = raw();
    let fds = [stream.as_fd()];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    assert!(control.push(SendAncillaryMessage::ScmRights(&fds)));
    let frame = [1, 0, 0, 0, 0, 42];
    sendmsg(
        &stream,
        &[IoSlice::new(&frame)],
        &mut control,
        SendFlags::NOSIGNAL,
    )
    .unwrap();
    assert!(matches!(reader.recv::<u8>(), Err(LinkError::Descriptors)));
}

#[test]
fn trailing_bytes_and_broken_frames_are_refused() {
    let (mut stream, mut reader) = raw();
    stream.write_all(&[2, 0, 0, 0, 0, 42, 42]).unwrap();
    assert!(matches!(reader.recv::<u8>(), Err(LinkError::Malformed)));
    let (mut stream, mut reader) = raw();
    stream.write_all(&[2, 0, 0, 0, 0, 42]).unwrap();
    drop(stream);
    assert!(matches!(reader.recv::<u8>(), Err(LinkError::BrokenOff)));
}

#[test]
fn half_a_frame_meets_the_deadline() {
    let (mut stream, mut reader) = raw();
    stream.write_all(&[2, 0, 0, 0, 0, 42]).unwrap();
    let deadline = Instant::now() + Duration::from_millis(20);
    let got = reader.recv_before::<u16>(deadline);
    assert!(matches!(got, Err(LinkError::Deadline)));
}

#[test]
fn a_closed_link_ends_a_blocked_reader_and_fails_the_writer() {
    let (a, b) = UnixStream::pair().unwrap();
    let (mut reader, _keep) = split(a);
    let blocked = thread::spawn(move || reader.recv::<u8>().map(|_| ()));
    let mut writer = LinkWriter::new(b);
    writer.close();
    assert!(matches!(blocked.join().unwrap(), Err(LinkError::Closed)));
    assert!(matches!(writer.send(&1_u8, &[]), Err(LinkError::Closed)));
}

#[test]
fn a_number_that_is_no_link_is_refused() {
    for fd in [-1, 1, 2, 63, 64, 4096] {
        assert!(matches!(inherited(fd), Err(LinkError::NotInherited)));
    }
}

proptest! {
    #[test]
    fn any_bytes_end_in_a_message_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let (mut stream, mut reader) = raw();
        stream.write_all(&bytes).unwrap();
        drop(stream);
        // At most one frame for each six bytes, then the end is an error: the loop cannot run on.
        let frames = std::iter::from_fn(|| reader.recv::<Note>().ok()).count();
        prop_assert!(frames <= bytes.len() / 6);
    }

    #[test]
    fn whatever_is_sent_is_received(number in any::<u32>(), text in ".{0,40}", bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let (mut writer, mut reader) = halves();
        let sent = Note { number, text, bytes };
        writer.send(&sent, &[]).unwrap();
        prop_assert_eq!(reader.recv::<Note>().unwrap().0, sent);
    }
}
