#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs::File;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;

use super::*;

#[test]
fn a_reader_sees_what_a_writer_wrote_and_nobody_can_change_it() {
    let mut shared = SharedPicture::create(4096).unwrap();
    let writer = File::from(shared.writer().unwrap());
    writer.write_all_at(b"covered", 0).unwrap();
    assert!(matches!(shared.bytes(), Err(SharedError::NotSealed)));
    assert!(matches!(shared.read_only(), Err(SharedError::NotSealed)));
    shared.freeze().unwrap();
    assert_eq!(&shared.bytes().unwrap()[..7], b"covered");
    assert!(writer.write_all_at(b"changed", 0).is_err());
    assert!(writer.set_len(1).is_err());
    assert!(matches!(shared.write(0, b"x"), Err(SharedError::Frozen)));
    assert!(matches!(shared.writer(), Err(SharedError::Frozen)));
    let seen = map_read(shared.read_only().unwrap(), 7).unwrap();
    assert_eq!(&*seen, b"covered");
}

#[test]
fn a_read_only_descriptor_cannot_be_turned_into_a_writing_one() {
    let shared = SharedPicture::from_bytes(b"covered").unwrap();
    let reader = shared.read_only().unwrap();
    let path = format!("/proc/self/fd/{}", reader.as_raw_fd());
    // Opening may succeed for the owner of the file; writing must not.
    if let Ok(mut again) = File::options().write(true).open(path) {
        assert!(again.write_all(b"changed").is_err());
    }
    assert_eq!(shared.bytes().unwrap(), b"covered");
}

#[test]
fn wiping_reaches_every_reader() {
    let mut shared = SharedPicture::from_bytes(&[255; 10_000]).unwrap();
    let seen = map_read(shared.read_only().unwrap(), 10_000).unwrap();
    assert_eq!(seen.to_vec(), vec![255; 10_000]);
    shared.wipe();
    assert_eq!(seen.to_vec(), vec![0; 10_000]);
    let kept = shared.read_only().unwrap();
    drop(shared);
    assert_eq!(map_read(&kept, 1).unwrap().to_vec(), vec![0]);
}

#[test]
fn dropping_wipes() {
    let shared = SharedPicture::from_bytes(&[255; 512]).unwrap();
    let kept = shared.read_only().unwrap();
    drop(shared);
    assert_eq!(map_read(kept, 512).unwrap().to_vec(), vec![0; 512]);
}

#[test]
fn sizes_and_seals_are_checked_before_mapping() {
    assert!(matches!(SharedPicture::create(0), Err(SharedError::Size)));
    let too_much = SHARED_BYTES_MAX + 1;
    assert!(matches!(
        SharedPicture::create(too_much),
        Err(SharedError::Size)
    ));
    let shared = SharedPicture::from_bytes(&[1; 100]).unwrap();
    for wrong in [0, 101, usize::MAX] {
        let got = map_read(shared.read_only().unwrap(), wrong);
        assert!(matches!(got, Err(SharedError::Size)));
    }
    // A file that can still be written, one that can shrink, and one that is no memory file at all.
    let open = SharedPicture::create(100).unwrap();
    let got = map_read(open.writer().unwrap(), 100);
    assert!(matches!(got, Err(SharedError::NotSealed)));
    let file = tempfile::tempfile().unwrap();
    file.set_len(100).unwrap();
    let got = map_read(file, 100);
    assert!(matches!(got, Err(SharedError::NotSealed)));
}

#[test]
fn tampered_seals_are_noticed() {
    let mut shared = SharedPicture::create(100).unwrap();
    let writer = shared.writer().unwrap();
    rustix::fs::fcntl_add_seals(&writer, SealFlags::SEAL).unwrap();
    assert!(matches!(shared.freeze(), Err(SharedError::NotSealed)));
}
