//! A decision made durable (decision, view log and outbox in one transaction of the real store)
//! against a write of 4 KiB and `fdatasync` on a preallocated file in the same folder.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use clap::Parser;
use scrim_bench::{Outcome, Rounds, decision, fresh, looks, say};
use scrim_model::{PolicyId, Timestamp};
use scrim_store::{Key, Salt, Store};
use scrim_wire::protocol::Claim;
use serde::Serialize;
use serde_json::json;

const BLOCK: usize = 4_096;
/// Blocks of the preallocated file, which are written in turn.
const BLOCKS: usize = 1_024;
/// A decision of the year 2026.
const NOW: Timestamp = Timestamp(1_770_000_000_000);

#[derive(Parser)]
struct Options {
    /// Folder on the disk to be measured.
    #[arg(long)]
    folder: PathBuf,
    /// Rounds.
    #[arg(long, default_value_t = 9)]
    rounds: usize,
    /// Commits in a round.
    #[arg(long, default_value_t = 60)]
    steps: usize,
    /// Decisions that are in the records before the steady state is measured.
    #[arg(long, default_value_t = 2_000)]
    before: usize,
}

#[derive(Serialize)]
struct Figures {
    /// Records of some weeks, whose log has been folded several times.
    steady: Rounds,
    /// New records in each round.
    growing: Rounds,
}

/// The file that the disk's own time is measured with.
struct Floor {
    file: File,
    at: usize,
}

impl Floor {
    fn new(folder: &Path) -> Outcome<Self> {
        let mut file = OpenOptions::new()
            .create_new(true)
            .write(true)
            .open(folder.join("floor"))?;
        for _ in 0..BLOCKS {
            file.write_all(&[0; BLOCK])?;
        }
        file.sync_all()?;
        Ok(Self { file, at: 0 })
    }

    fn write(&mut self) -> Outcome<()> {
        self.at = (self.at + 1) % BLOCKS;
        self.file.seek(SeekFrom::Start((self.at * BLOCK) as u64))?;
        self.file
            .write_all(&[u8::try_from(self.at % 251)?; BLOCK])?;
        self.file.sync_data()?;
        Ok(())
    }
}

fn salts() -> impl FnMut() -> Salt {
    let mut n = 0_u8;
    move || {
        n = n.wrapping_add(1);
        [n; 32]
    }
}

fn claim() -> Outcome<Claim> {
    Ok(serde_json::from_value(json!({
        "claim_id": fresh(), "fence": 1, "expires_at": "2026-03-01T00:00:00Z", "queue_id": "queue",
        "item": {"id": fresh(), "kind": "image", "version": 1},
    }))?)
}

/// One decision on record, as the agent puts it there.
fn commit(store: &mut Store) -> Outcome<()> {
    let policies = vec![PolicyId::new("spam")?];
    let made = decision(&claim()?, 2, policies, NOW)?;
    store.commit_decision(&made, false, &looks(NOW)?, &mut salts())?;
    Ok(())
}

fn open(folder: &Path) -> Outcome<Store> {
    Ok(Store::open(folder, &Key::new([7; 32]), NOW)?.0)
}

fn main() -> Outcome<()> {
    let options = Options::parse();
    let folder = tempfile::tempdir_in(&options.folder)?;
    let mut floor = Floor::new(folder.path())?;
    let mut figures = Figures {
        steady: Rounds::default(),
        growing: Rounds::default(),
    };
    let mut store = open(&folder.path().join("steady"))?;
    for _ in 0..options.before {
        commit(&mut store)?;
    }
    for round in 0..options.rounds {
        let write = || floor.write();
        figures
            .steady
            .round(options.steps, || commit(&mut store), write)?;
        let mut new = open(&folder.path().join(format!("new-{round}")))?;
        let write = || floor.write();
        figures
            .growing
            .round(options.steps, || commit(&mut new), write)?;
    }
    say(&figures)
}
