//! A real server, a road to it that can be cut, a headless desk or the real agent in a session of its
//! own, each in a process or a thread of its own.

mod agent;
mod books;
mod console;
mod desk;
mod found;
mod front;
mod held_records;
mod managed;
mod road;
mod server;
mod session;
mod worker_gate;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use scrim_model::{ModeratorId, Timestamp};
use scrim_runtime::{Profile, SignIn, records_key};
use scrim_store::{OutboxRow, Store};
use tempfile::TempDir;

pub(crate) use agent::{Agent, signal, threads_say};
pub(crate) use console::{exported, ids, keyring, says, scrim, scrim_as, sign_in};
pub(crate) use desk::Desk;
pub(crate) use found::{
    Needle, all_media, children, decoded, file, found, found_if_it_lives, number, words,
    write_marked, write_pictures,
};
pub(crate) use front::{Authority, Front};
pub(crate) use held_records::HeldRecords;
pub(crate) use managed::Computer;
pub(crate) use road::{Bend, Call, Gate, Road, Told};
pub(crate) use server::Server;
pub(crate) use session::{Running, Session};
pub(crate) use worker_gate::WorkerGate;

/// Longest wait for anything. Nothing waits longer than it must; this only ends a test that hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(100);

/// A program of the workspace, beside the folder of this test's own program.
pub(crate) fn program(name: &str, package: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let mut found = own.ancestors().skip(1).map(|folder| folder.join(name));
    let Some(path) = found.find(|path| path.is_file()) else {
        panic!("{name} is missing: build it with `cargo build -p {package}` first");
    };
    path
}

/// The folder of the whole source.
pub(crate) fn repository() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap()
}

/// Server, road and profile of one moderator, signed in by way of the road.
pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) road: Road,
    pub(crate) profile: Profile,
    sign_in: SignIn,
    pub(crate) folder: TempDir,
}

impl World {
    /// A server with the items that `samples` writes into the folder that it is given.
    pub(crate) fn new(samples: impl FnOnce(&Path)) -> Self {
        Self::with_server(samples, &[])
    }

    /// The same, with more to tell the server at each start.
    pub(crate) fn with_server(samples: impl FnOnce(&Path), more: &'static [&'static str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        samples(&folder.path().join("samples"));
        let server = Server::seeded(folder.path(), more);
        let road = Road::to(server.address());
        let profile = Profile::open(Some(&folder.path().join("profile"))).unwrap();
        let sign_in = SignIn {
            origin: format!("http://{}", road.address),
            moderator_id: ModeratorId::new("m1").unwrap(),
            token: server.token("m1", "moderator"),
            connection: Default::default(),
        };
        profile.keep_sign_in(&sign_in).unwrap();
        Self {
            server,
            road,
            profile,
            sign_in,
            folder,
        }
    }

    /// With a few small generated items.
    pub(crate) fn plain() -> Self {
        Self::new(|folder| {
            let settings = scrim_samples::Settings {
                count: 10,
                side_max: Some(48),
                with_broken: false,
                ..Default::default()
            };
            scrim_samples::write_folder(&settings, folder).unwrap();
        })
    }

    /// A desk that decides `count` items.
    pub(crate) fn desk(&self, count: usize) -> Desk {
        self.desk_with(count, &program("scrim-decode", "scrim-decode"), &[])
    }

    pub(crate) fn desk_with(&self, count: usize, worker: &Path, more: &[&str]) -> Desk {
        Desk::start(
            self.folder.path(),
            self.profile.folder(),
            worker,
            count,
            more,
        )
    }

    /// From now on the moderator is reached at `origin`, and has yet to sign in there: the token for it.
    pub(crate) fn signs_in_at(&mut self, origin: String) -> String {
        self.profile.forget_sign_in().unwrap();
        self.sign_in.origin = origin;
        self.sign_in.token.clone()
    }

    /// The records while nobody can write them.
    pub(crate) fn hold_records(&self) -> HeldRecords {
        HeldRecords::of(&self.profile.store_folder(&self.sign_in))
    }

    /// What the desk's records say, read from outside.
    pub(crate) fn recorded(&self) -> Vec<OutboxRow> {
        let key = records_key(&self.profile, &self.sign_in).unwrap();
        let folder = self.profile.store_folder(&self.sign_in);
        let reader = Store::open_read_only(&folder, &key).unwrap();
        reader
            .decisions_between(Timestamp(0), Timestamp(i64::MAX))
            .unwrap()
    }

    /// Records, server and platform hold the same `count` decisions, each once.
    #[track_caller]
    pub(crate) fn all_hold_the_same(&self, count: usize) {
        let recorded = self.recorded();
        let on_desk: Vec<String> = recorded
            .iter()
            .map(|r| r.decision.decision_id.to_string())
            .collect();
        let on_server = self.server.decisions(&self.sign_in.token);
        let for_platform = self.server.outcomes();
        let set = |ids: &[String]| ids.iter().cloned().collect::<BTreeSet<_>>();
        for (who, ids) in [
            ("desk", &on_desk),
            ("server", &on_server),
            ("platform", &for_platform),
        ] {
            assert_eq!(ids.len(), count, "{who}");
            assert_eq!(set(ids), set(&on_desk), "{who}");
            assert_eq!(set(ids).len(), count, "{who} repeats one");
        }
        for row in &recorded {
            assert!(row.receipt.is_some(), "a decision without a receipt");
        }
        let items: BTreeSet<_> = recorded
            .iter()
            .map(|r| r.decision.item_id.to_string())
            .collect();
        assert_eq!(items.len(), count, "an item was decided twice");
    }

    /// What `scrim export` prints holds the same `count` decisions as the server.
    #[track_caller]
    pub(crate) fn exports_the_same(&self, count: usize) {
        let ids = self.exported();
        assert_eq!(ids.len(), count);
        let set = |ids: Vec<String>| ids.into_iter().collect::<BTreeSet<_>>();
        assert_eq!(set(ids), set(self.taken()));
    }

    /// Ids of the decisions that the server holds of this moderator.
    pub(crate) fn taken(&self) -> Vec<String> {
        self.server.decisions(&self.sign_in.token)
    }

    /// Waits until the server has as many of them.
    #[track_caller]
    pub(crate) fn until_taken(&self, count: usize) {
        let end = Instant::now() + PATIENCE;
        while self.taken().len() < count {
            assert!(Instant::now() < end, "the server has {:?}", self.taken());
        }
    }

    /// Ids of what `scrim export` prints.
    #[track_caller]
    pub(crate) fn exported(&self) -> Vec<String> {
        let output = std::process::Command::new(program("scrim", "scrim-cli"))
            .arg("--profile")
            .arg(self.profile.folder())
            .args(["export", "decisions", "--format", "jsonl"])
            .args(["--from", "2000-01-01", "--to", "2100-01-01"])
            .output()
            .unwrap();
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{complained}");
        let text = String::from_utf8(output.stdout).unwrap();
        let id = |line: &str| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            row["decision_id"].as_str().unwrap().to_owned()
        };
        text.lines().map(id).collect()
    }

    /// Writes into the records that the moderator has worked for `active_ms` since the last break
    /// or, if `rested_ms` is given, is in the middle of one.
    pub(crate) fn keep_break(&self, active_ms: u64, rested_ms: Option<u64>) {
        // Written at an instant in the future, so that no time away is counted.
        let saved = serde_json::json!({
            "timer": { "active_ms": active_ms, "snoozes_used": 0, "rested_ms": rested_ms },
            "boot_id": "", "boot_ms": 0, "utc_ms": i64::MAX,
        });
        self.save("break_timer", &saved);
    }

    /// Writes `value` into the records as what the desk remembers under `key`.
    pub(crate) fn save(&self, key: &str, value: &serde_json::Value) {
        let folder = self.profile.store_folder(&self.sign_in);
        let records = records_key(&self.profile, &self.sign_in).unwrap();
        let (mut store, _) = Store::open(&folder, &records, Timestamp(0)).unwrap();
        store.save(key, value).unwrap();
    }
}
