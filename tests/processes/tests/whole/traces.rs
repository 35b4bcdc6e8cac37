//! What a full run of the real agent and window leaves on disks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use memchr::memmem;
use serde_json::json;

use crate::support::{Agent, Needle, Session, World, all_media, words, write_marked};

const ITEMS: u64 = 3;
/// Where a program puts what nobody has told it to put elsewhere.
const PLACES: [&str; 6] = [
    "HOME",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
];

/// Which of `needles` stand in which files of `folder`.
fn on_disk(folder: &Path, needles: &[Needle]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(on_disk(&path, needles));
        } else if path.is_file() {
            found.extend(in_file(&path, &path, needles));
        }
    }
    found
}

fn in_file(path: &Path, name: &Path, needles: &[Needle]) -> BTreeSet<String> {
    // One that has gone since it was listed holds nothing.
    let bytes = std::fs::read(path).unwrap_or_default();
    let is_there = |needle: &&Needle| memmem::find(&bytes, &needle.bytes).is_some();
    let there = needles.iter().filter(is_there);
    there
        .map(|needle| format!("{} in {}", needle.what, name.display()))
        .collect()
}

/// The same of files that a process has open and that have no name any more. What is in memory only
/// is called `/memfd:`.
fn in_nameless(process: u32, needles: &[Needle]) -> BTreeSet<String> {
    let open = std::fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    let open = open.filter_map(|entry| {
        let path = entry.unwrap().path();
        Some((std::fs::read_link(&path).ok()?, path))
    });
    let on_disk = |name: &Path| {
        let name = name.to_string_lossy();
        name.ends_with(" (deleted)") && !name.starts_with("/memfd:")
    };
    open.filter(|(name, path)| on_disk(name) && path.is_file())
        .flat_map(|(name, path)| in_file(&path, &name, needles))
        .collect()
}

struct Places {
    folders: Vec<PathBuf>,
    needles: Vec<Needle>,
}

impl Places {
    #[track_caller]
    fn hold_nothing(&self) {
        for folder in &self.folders {
            assert_eq!(on_disk(folder, &self.needles), BTreeSet::new());
        }
    }

    /// A needle of each kind would be found in each of them.
    #[track_caller]
    fn would_tell(&self) {
        for folder in &self.folders {
            let planted = folder.join("planted");
            let all: Vec<u8> = self
                .needles
                .iter()
                .flat_map(|needle| [b"before".as_slice(), &needle.bytes].concat())
                .collect();
            std::fs::write(&planted, all).unwrap();
            assert_eq!(on_disk(folder, &self.needles).len(), self.needles.len());
            std::fs::remove_file(planted).unwrap();
        }
    }
}

#[test]
fn a_full_run_of_the_real_agent_and_window_leaves_no_medium_and_no_pixel_on_disk() {
    let world = World::new(|folder| write_marked(folder, ITEMS));
    let mut session = Session::open();
    let own = world.folder.path().join("own");
    let log = world.folder.path().join("agent.err");
    let mut command = Agent::open_to_us(&session);
    for place in PLACES {
        std::fs::create_dir_all(own.join(place)).unwrap();
        command.env(place, own.join(place));
    }
    command.current_dir(&own);
    let mut agent = Agent::spawn(&world, &mut command);
    agent.window_after(&mut session, 0);
    let mut needles = all_media(ITEMS);
    needles.extend((1..=ITEMS).map(words));
    let profile = world.profile.folder().to_owned();
    let places = Places {
        folders: vec![own, profile, session.folder().to_owned()],
        needles,
    };
    let samples = world.folder.path().join("samples");
    let look = |session: &mut Session| session.hands::<()>("uncover", json!([samples]));
    look(&mut session);
    for process in [agent.id(), agent.window] {
        assert_eq!(in_nameless(process, &places.needles), BTreeSet::new());
    }
    places.hold_nothing();
    session.press("break.take");
    session.hands::<()>("gone", json!(["item.label"]));
    session.press("break.end");
    let first: Vec<String> = session.hands("item", json!([]));
    look(&mut session);
    session.press("decide.allow");
    session.hands::<Vec<String>>("next_item", json!([first]));
    look(&mut session);
    session.press("decide.allow");
    world.until_taken(2);
    places.hold_nothing();
    agent.stop(&mut session);
    places.hold_nothing();
    assert_eq!(in_file(&log, &log, &places.needles), BTreeSet::new());
    places.would_tell();
    world.all_hold_the_same(2);
}
