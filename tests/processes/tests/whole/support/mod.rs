//! A real server, a road to it that can be cut, and a headless desk, each in a process or a thread
//! of its own.

mod desk;
mod road;
mod server;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use scrim_model::{ModeratorId, Timestamp};
use scrim_runtime::{Profile, SignIn};
use scrim_store::{OutboxRow, Store};
use tempfile::TempDir;

pub(crate) use desk::Desk;
pub(crate) use road::{Gate, Road};
pub(crate) use server::Server;

/// Longest wait for anything. Nothing waits longer than it must; this only ends a test that hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(40);

/// A program of the workspace, beside the folder of this test's own program.
pub(crate) fn program(name: &str, package: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let mut found = own.ancestors().skip(1).map(|folder| folder.join(name));
    let Some(path) = found.find(|path| path.is_file()) else {
        panic!("{name} is missing: build it with `cargo build -p {package}` first");
    };
    path
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
    pub(crate) fn new(samples: impl FnOnce(&std::path::Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        samples(&folder.path().join("samples"));
        let server = Server::seeded(folder.path());
        let road = Road::to(server.address());
        let profile = Profile::open(Some(&folder.path().join("profile"))).unwrap();
        let sign_in = SignIn {
            origin: format!("http://{}", road.address),
            moderator_id: ModeratorId::new("m1").unwrap(),
            token: server.token("m1", "moderator"),
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

    pub(crate) fn desk_with(&self, count: usize, worker: &std::path::Path, more: &[&str]) -> Desk {
        Desk::start(
            self.folder.path(),
            self.profile.folder(),
            worker,
            count,
            more,
        )
    }

    /// What the desk's records say, read from outside.
    pub(crate) fn recorded(&self) -> Vec<OutboxRow> {
        let reader = Store::open_read_only(&self.profile.store_folder(&self.sign_in)).unwrap();
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
}
