//! Who does not lead has no copy of the team's decisions, also when a reading was on its way as the role was taken.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use scrim_desk::Event;
use scrim_media::{Pool, PoolSettings};
use scrim_model::Timestamp;
use scrim_model::settings::ManagedFound;
use scrim_queue::{HttpQueue, Origin};
use scrim_runtime::{
    Clock, Executor, Hooks, Inward, Job, Lists, Parts, Passage, PassphraseStands, Runtime, Seams,
    SystemClock, SystemRandomness, Work, command,
};
use scrim_store::{KEY_BYTES, Key, Store, TEAM_FILE};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::Session;
use scrim_wire::window::{Command, TeamAsk, TeamQuery};
use serde_json::json;
use tempfile::TempDir;

/// Jobs that wait until somebody runs them.
#[derive(Clone, Default)]
struct Given(Arc<Mutex<Vec<Job>>>);

impl Executor for Given {
    fn run(&mut self, job: Job) {
        self.0.lock().unwrap().push(job);
    }
}

struct Nothing;

impl Passage for Nothing {}

/// A desk whose jobs are run one by one; its queue server is not reached.
struct Desk {
    runtime: Runtime,
    calls: Given,
    folder: TempDir,
}

impl Desk {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = Key::new([0x53; KEY_BYTES]);
        let (store, _) = Store::open(folder.path(), &key, Timestamp(0)).unwrap();
        // Nobody listens there any more.
        let nowhere = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", nowhere.local_addr().unwrap());
        drop(nowhere);
        let origin = Origin::parse(&origin).unwrap();
        let parts = Parts {
            clock: Box::new(SystemClock),
            randomness: Box::new(SystemRandomness),
            store: Some(store),
            queue: Some(Arc::new(HttpQueue::new(origin, "token"))),
            managed: ManagedFound::Absent,
            source: None,
            passphrase: PassphraseStands::Unset,
            pool: Arc::new(Pool::new(PoolSettings::new(PathBuf::from("no-worker")))),
            lists: Arc::new(Lists::default()),
            reports: folder.path().to_owned(),
            hooks: Hooks::default(),
        };
        let calls = Given::default();
        let seams = Seams {
            calls: Box::new(calls.clone()),
            media: Box::new(Given::default()),
            looks: Box::new(Given::default()),
            passage: Box::new(Nothing),
        };
        let runtime = Runtime::start_on(parts, seams);
        Self {
            runtime,
            calls,
            folder,
        }
    }

    fn has_copy(&self) -> bool {
        self.folder.path().join(TEAM_FILE).exists()
    }

    fn take(&mut self, event: Event) {
        self.runtime.take(Inward::Event(event));
    }

    /// The jobs about the team that were given since this was asked last.
    fn team_jobs(&self) -> Vec<Job> {
        let jobs = std::mem::take(&mut *self.calls.0.lock().unwrap());
        let of_team = jobs.into_iter().filter(|job| *job.work() == Work::Team);
        of_team.collect()
    }

    /// Runs the one job about the team that waits.
    fn run_team_job(&mut self) {
        let mut jobs = self.team_jobs();
        assert_eq!(jobs.len(), 1, "jobs about the team");
        let done = jobs.remove(0).run();
        self.runtime.take(done);
    }

    /// The lead's view opens.
    fn show_team(&mut self) {
        let query = TeamQuery {
            from: "2026-01-01".to_owned(),
            to: "2026-01-28".to_owned(),
            queue: None,
        };
        self.runtime
            .take(command(Command::Team(TeamAsk::Show(query))));
    }
}

fn session(role: &str) -> Box<Session> {
    let session = json!({"moderator_id": "m1", "display_name": "Moderator", "roles": [role],
        "server_time": SystemClock.now().utc(), "environment": "test"});
    Box::new(serde_json::from_value(session).unwrap())
}

/// A lead's desk that has a copy of what was read, at rest.
fn after_a_reading() -> Desk {
    let mut desk = Desk::start();
    desk.take(Event::Session(Ok(session("lead"))));
    assert!(desk.team_jobs().is_empty() && !desk.has_copy());
    desk.show_team();
    desk.run_team_job();
    assert!(desk.has_copy());
    // The server is to be read as well; it is not reached here.
    desk.run_team_job();
    desk
}

#[test]
fn the_copy_goes_with_the_role_though_the_view_closes_first() {
    for role in ["lead", "qa"] {
        let mut desk = after_a_reading();
        desk.take(Event::Day(Ok(session(role))));
        assert!(desk.team_jobs().is_empty(), "it is theirs");
        desk.take(Event::Day(Ok(session("moderator"))));
        assert!(!desk.runtime.model().leads);
        desk.run_team_job();
        assert!(!desk.has_copy());
        desk.take(Event::Day(Ok(session("moderator"))));
        assert!(desk.team_jobs().is_empty(), "nothing is there to go");
    }
}

#[test]
fn a_copy_of_an_earlier_lead_goes_when_somebody_else_connects() {
    let mut desk = after_a_reading();
    desk.runtime.take(command(Command::Team(TeamAsk::Close)));
    desk.take(Event::Session(Ok(session("moderator"))));
    desk.run_team_job();
    assert!(!desk.has_copy());
}

#[test]
fn the_copy_goes_after_a_reading_that_was_on_its_way() {
    let mut desk = Desk::start();
    desk.take(Event::Session(Ok(session("lead"))));
    desk.show_team();
    let mut readings = desk.team_jobs();
    assert_eq!(readings.len(), 1);
    desk.take(Event::Day(Ok(session("moderator"))));
    assert!(desk.team_jobs().is_empty(), "the reading has it open");
    let read = readings.remove(0).run();
    assert!(desk.has_copy());
    desk.runtime.take(read);
    desk.run_team_job();
    assert!(!desk.has_copy());
    assert!(desk.team_jobs().is_empty(), "read again for nobody");
}

#[test]
fn a_role_that_comes_back_meanwhile_has_the_team_read_anew() {
    let mut desk = after_a_reading();
    desk.take(Event::Day(Ok(session("moderator"))));
    let mut forgetting = desk.team_jobs();
    assert_eq!(forgetting.len(), 1);
    desk.take(Event::Day(Ok(session("lead"))));
    desk.show_team();
    assert!(desk.team_jobs().is_empty(), "not while it is deleted");
    let done = forgetting.remove(0).run();
    assert!(!desk.has_copy());
    desk.runtime.take(done);
    desk.run_team_job();
    assert!(desk.has_copy());
}

#[test]
fn the_copy_stays_while_the_roles_are_unknown() {
    let mut desk = after_a_reading();
    let unreachable = CallFailed::Unreachable { after_s: None };
    desk.take(Event::Day(Err(unreachable.clone())));
    desk.take(Event::Session(Err(unreachable)));
    assert!(desk.team_jobs().is_empty() && desk.has_copy());
    desk.take(Event::Day(Err(CallFailed::SignedOut)));
    assert!(desk.team_jobs().is_empty() && desk.has_copy());
}
