//! Power is lost, disks lie, fill up, fail and decay, at every change of random lives of a store.
//!
//! After each of these the store is opened as the agent opens it, from a real folder. It must look
//! as after the last call that had returned, or as after the one that was running.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "power/life.rs"]
mod life;
mod support;

use std::path::Path;

use scrim_faults::{Disk, Image, Lies, Moment, Seeded};
use scrim_store::{DATABASE_FILE, OpenOptions, Opening, Store, StoreError, Verdict};
use support::*;

use life::{call, seen};

const CALLS: usize = 12;
/// Of a call with more changes, some are passed over.
const MOMENTS_MAX: usize = 60;

/// A store on a faulty disk, the folder for its other files, and all that it has looked like.
struct Desk {
    folder: tempfile::TempDir,
    disk: Disk,
    store: Option<Store>,
    looks: Vec<String>,
    rng: Seeded,
    salt: u8,
}

fn memory_folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    match memory.is_dir() {
        true => tempfile::tempdir_in(memory).unwrap(),
        false => tempfile::tempdir().unwrap(),
    }
}

impl Desk {
    /// Not opened yet. The database is there without a byte, as a start leaves it before SQLite.
    fn new(seed: u64, sector_bytes: usize) -> Desk {
        let folder = memory_folder();
        let mut image = Image::default();
        image.put(folder.path().join(DATABASE_FILE).to_str().unwrap(), b"");
        Desk {
            disk: Disk::holding(&image, sector_bytes),
            folder,
            store: None,
            looks: Vec::new(),
            rng: Seeded::new(seed),
            salt: 0,
        }
    }

    fn opened(seed: u64) -> Desk {
        let mut desk = Desk::new(seed, 512);
        desk.open().unwrap();
        desk
    }

    fn options(&self) -> OpenOptions {
        OpenOptions {
            vfs: Some(self.disk.vfs().to_owned()),
            grow_wal: false,
        }
    }

    fn open(&mut self) -> Result<(), StoreError> {
        self.store = None;
        let (mut store, _) = Store::open_with(self.folder.path(), &key(), NOW, &self.options())?;
        store.desk_id(|| "desk-1".to_owned())?;
        self.looks.push(seen(&store)?);
        self.store = Some(store);
        Ok(())
    }

    /// One random call. A disk that fails in it leaves the store as it was; but what was to be
    /// forgotten is forgotten even if its copies in the log could not be overwritten.
    fn step(&mut self, seed: u64) -> Result<(), StoreError> {
        let before = self.look();
        let store = self.store.as_mut().unwrap();
        let (forgets, answer) = call(store, &mut self.rng, &mut self.salt);
        let after = self.look();
        let refused = matches!(&answer, Err(error) if !forgets || rule(error));
        assert!(
            !refused || before == after,
            "seed {seed}: {answer:?}
{before}
{after}"
        );
        self.looks.push(after);
        answer
    }

    fn look(&self) -> String {
        seen(self.store.as_ref().unwrap()).unwrap()
    }

    /// What the agent finds that starts on `image`.
    fn found(&self, image: &Image) -> Found {
        let folder = memory_folder();
        for entry in std::fs::read_dir(self.folder.path()).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
        image.write_to(folder.path()).unwrap();
        let usual = OpenOptions {
            grow_wal: false,
            ..OpenOptions::default()
        };
        let (mut store, opening) = Store::open_with(folder.path(), &key(), NOW, &usual).unwrap();
        if let Opening::SetAside(told) = opening {
            assert!(
                folder.path().join(told.file_name).exists(),
                "renamed, never deleted"
            );
            return Found::SetAside;
        }
        let look = seen(&store).unwrap();
        assert!(whole(&store), "the chain holds");
        commit(&mut store, &decision(99));
        assert!(whole(&store), "and can be gone on with");
        Found::Look(look)
    }
}

/// Whether the store's own rules refused, and not the disk.
fn rule(error: &StoreError) -> bool {
    !matches!(error, StoreError::DiskFull | StoreError::Sqlite { .. })
}

fn whole(store: &Store) -> bool {
    matches!(store.verify().unwrap(), Verdict::Whole { .. })
}

#[derive(Debug, PartialEq)]
enum Found {
    Look(String),
    SetAside,
}

impl Found {
    /// The place of what is seen in `looks`; nothing if the store was set aside.
    #[track_caller]
    fn place(&self, looks: &[String], seed: u64) -> Option<usize> {
        let Found::Look(look) = self else {
            return None;
        };
        let place = looks.iter().rposition(|known| known == look);
        assert!(
            place.is_some(),
            "seed {seed}: never has the store looked like this: {look}"
        );
        place
    }
}

/// Loses power at each of `moments`, `ways` times; a store must look like one of `allowed`.
fn lose_power(desk: &Desk, moments: &[Moment], ways: u64, allowed: &[String], seed: u64) -> u64 {
    let mut last = None;
    let mut losses = 0;
    // A log that is overwritten in its whole length is a thousand changes of one kind.
    let step = 1 + moments.len() / MOMENTS_MAX;
    for moment in moments.iter().step_by(step) {
        for way in 0..ways {
            let mut rng = Seeded::new(seed ^ (moment.changes() << 20) ^ (way << 50));
            let left = moment.after_power_loss(&mut rng);
            losses += 1;
            if last.as_ref() == Some(&left) {
                continue;
            }
            let found = desk.found(&left);
            let place = found.place(allowed, seed);
            assert!(
                place.is_some(),
                "seed {seed}, change {}: set aside",
                moment.changes()
            );
            last = Some(left);
        }
    }
    losses
}

/// Random lives with power lost before every change of every call.
fn lives(seeds: std::ops::Range<u64>, sector_bytes: usize) {
    let mut losses = 0;
    for seed in seeds {
        let mut desk = Desk::new(seed, sector_bytes);
        desk.disk.keep_moments();
        desk.open().unwrap();
        let moments = desk.disk.take_moments();
        losses += lose_power(&desk, &moments, 1, &desk.looks, seed);
        for _ in 0..CALLS {
            let before = desk.look();
            // The store's own rules may refuse.
            drop(desk.step(seed));
            let after = desk.look();
            let moments = desk.disk.take_moments();
            losses += lose_power(&desk, &moments, 2, &[before, after.clone()], seed);
            losses += lose_power(&desk, &[desk.disk.moment()], 1, &[after], seed);
        }
    }
    assert!(losses > 200, "{losses}");
}

#[test]
fn power_lost_at_any_change_leaves_every_answered_call_and_nothing_half() {
    lives(0..3, 512);
}

#[test]
fn power_lost_in_other_lives_neither() {
    lives(3..6, 512);
}

#[test]
fn power_lost_on_a_disk_with_large_sectors_does_no_more() {
    lives(100..102, 4096);
}

/// One of these stands between a promise and what was kept, so some of it may be gone: but what is
/// there is a whole beginning of what was, or the store says that it is damaged.
#[test]
fn a_disk_that_lies_about_syncs_leaves_a_whole_beginning_or_is_set_aside() {
    let (mut lost, mut set_aside) = (0, 0);
    for seed in 0..90 {
        let mut desk = Desk::opened(seed);
        desk.disk.set_lies(match seed % 2 {
            0 => Lies::Always,
            _ => Lies::OnceAfter(seed % 17),
        });
        (0..CALLS).for_each(|_| drop(desk.step(seed)));
        let left = desk.disk.moment().after_power_loss(&mut Seeded::new(seed));
        match desk.found(&left).place(&desk.looks, seed) {
            Some(place) => lost += usize::from(desk.looks[place] != desk.look()),
            None => set_aside += 1,
        }
    }
    assert!(
        lost > 10,
        "such a disk does lose: {lost} of 90, {set_aside} set aside"
    );
}

/// Forty desks on disks that begin to `fail` somewhere: after a loss of power each is found as it
/// was in its last moment.
#[track_caller]
fn what_fails_leaves_the_last_moment(fail: impl Fn(&Desk, u64)) {
    for seed in 0..40 {
        let mut desk = Desk::opened(seed);
        fail(&desk, seed);
        for _ in 0..CALLS {
            drop(desk.step(seed));
        }
        let left = desk.disk.moment().after_power_loss(&mut Seeded::new(seed));
        let now = [desk.look()];
        assert!(desk.found(&left).place(&now, seed).is_some());
    }
}

#[test]
fn one_change_that_fails_fails_one_call_whole() {
    what_fails_leaves_the_last_moment(|desk, seed| desk.disk.fail_after(seed % 50));
}

#[test]
fn a_sync_that_fails_is_told_and_what_was_answered_is_there() {
    what_fails_leaves_the_last_moment(|desk, seed| desk.disk.fail_sync_after(seed % 20));
}

#[test]
fn a_full_disk_refuses_calls_whole_and_takes_them_again_when_there_is_room() {
    let mut full = 0;
    for seed in 0..40 {
        let mut desk = Desk::opened(seed);
        desk.disk.set_free_bytes(Some(seed * 1500));
        for _ in 0..CALLS {
            let answer = desk.step(seed);
            full += u32::from(matches!(answer, Err(StoreError::DiskFull)));
        }
        desk.disk.set_free_bytes(None);
        let mut store = desk.store.take().unwrap();
        commit(&mut store, &decision(50));
        desk.looks.push(seen(&store).unwrap());
        drop(store);
        let left = desk.disk.moment().after_power_loss(&mut Seeded::new(seed));
        assert!(
            desk.found(&left)
                .place(&desk.looks[desk.looks.len() - 1..], seed)
                .is_some()
        );
    }
    assert!(full > 10, "{full}");
}

#[test]
fn a_disk_that_became_read_only_keeps_and_shows_what_is_there() {
    for seed in 0..15 {
        let mut desk = Desk::opened(seed);
        (0..CALLS).for_each(|_| drop(desk.step(seed)));
        let (look, before) = (desk.look(), desk.disk.live());
        desk.disk.set_read_only(true);
        let store = desk.store.as_mut().unwrap();
        let refused = store.save("note", &seed);
        assert!(refused.is_err());
        assert_eq!(desk.look(), look);
        desk.store = None;
        let refused = Store::open_with(desk.folder.path(), &key(), NOW, &desk.options());
        assert!(
            !matches!(refused, Err(StoreError::Damaged | StoreError::WrongKey)),
            "{refused:?}"
        );
        drop(refused);
        assert!(desk.disk.live() == before, "not a byte was changed");
        desk.disk.set_read_only(false);
        desk.open().unwrap();
        assert_eq!(desk.look(), look);
    }
}

/// A flipped bit in the last commit of the log ends it there, as a loss of power would; anywhere else
/// the damage is found.
#[test]
fn a_bit_that_flips_is_never_a_word_of_the_record() {
    let (mut set_aside, mut shorter) = (0, 0);
    for seed in 0..90 {
        let mut desk = Desk::opened(seed);
        (0..CALLS).for_each(|_| drop(desk.step(seed)));
        let mut image = desk.disk.durable();
        if seed % 3 == 0 {
            // Everything in the database, no log.
            desk.store = None;
            image = desk.disk.live();
        }
        let names: Vec<String> = image.names().map(str::to_owned).collect();
        let mut rng = Seeded::new(seed);
        let name = &names[rng.index(names.len())];
        image.flip(name, rng.bits() >> 1);
        match desk.found(&image).place(&desk.looks, seed) {
            None => set_aside += 1,
            Some(place) => shorter += usize::from(place + 1 < desk.looks.len()),
        }
    }
    assert!(
        set_aside > 40 && shorter > 0,
        "{set_aside} set aside, {shorter} shorter"
    );
}
