//! Cells without a window: the desk does what it is told, a step at a time.

use std::collections::BTreeSet;
use std::path::Path;

use scrim_model::{ActionKind, Kind};
use scrim_processes::faults::{Step, Victim};
use scrim_samples::Sample;

use super::judge::{Lapsing, judge};
use crate::support::{Call, Desk, Gate, HeldRecords, WorkerGate, World};

/// Two pictures, then a text.
const ITEMS: usize = 3;
/// Leases end soon where claims come to nobody.
pub(crate) const SHORT_LEASES: &[&str] = &["--lease-s", "3", "--heartbeat-s", "1"];

/// Small items that are opened without further questions, the pictures first.
pub(crate) fn write_items(folder: &Path, pictures: usize, texts: usize) {
    let settings = scrim_samples::Settings {
        side_max: Some(48),
        with_broken: false,
        kinds: vec![Kind::Image, Kind::Text],
        ..Default::default()
    };
    let is_plain = |sample: &Sample| {
        let item = &sample.ingest.item;
        let offers = |action| item.allowed_actions.contains(&action);
        item.media.iter().all(|medium| medium.known.is_none())
            && item.severity_hint <= 2
            && offers(ActionKind::Allow)
            && offers(ActionKind::Escalate)
    };
    let plain: Vec<Sample> = scrim_samples::generate(&settings)
        .filter(is_plain)
        .collect();
    let of = |kind: Kind, media: usize| {
        let fits =
            move |s: &&Sample| s.ingest.item.kind == kind && s.ingest.item.media.len() == media;
        plain.iter().filter(fits).cloned()
    };
    let mut samples: Vec<Sample> = of(Kind::Image, 1).take(pictures).collect();
    for sample in &mut samples {
        sample.ingest.item.priority = 2;
    }
    samples.extend(of(Kind::Text, 0).take(texts).map(|mut sample| {
        sample.ingest.item.priority = 4;
        sample
    }));
    assert_eq!(samples.len(), pictures + texts, "too few samples are plain");
    scrim_samples::write_samples(samples, folder, |_| {}).unwrap();
}

struct Stand {
    world: World,
    workers: WorkerGate,
    records: Option<HeldRecords>,
    /// What desks that have ended had said.
    said: Vec<String>,
}

impl Stand {
    fn new(leases: &'static [&'static str]) -> Self {
        let world = World::with_server(|folder| write_items(folder, 2, 1), leases);
        let workers = WorkerGate::new(world.folder.path());
        Self {
            world,
            workers,
            records: None,
            said: Vec::new(),
        }
    }

    fn desk(&self) -> Desk {
        self.world.desk_with(0, &self.workers.program, &["--told"])
    }

    /// A desk that has come to `step` with the first item.
    fn reach(&mut self, step: Step) -> Desk {
        let road = &self.world.road;
        match step {
            Step::ClaimSent => road.set_for(Call::Claims, Gate::LosesRequests),
            Step::ClaimAnswered => road.set_for(Call::Claims, Gate::LosesAnswers),
            Step::CoverBeingMade => self.workers.shut(),
            _ => {}
        }
        let mut desk = self.desk();
        match step {
            Step::ClaimSent | Step::ClaimAnswered => self.world.road.until_lost(),
            Step::CoverBeingMade => self.workers.until_held(),
            _ => {
                desk.until("an open item and two covers", |desk| {
                    desk.said_of("serving").count() > 0 && desk.said_of("preview").count() == 2
                });
                self.go_on(&mut desk, step);
            }
        }
        desk
    }

    fn go_on(&mut self, desk: &mut Desk, step: Step) {
        let road = &self.world.road;
        match step {
            Step::RevealRecorded => {
                self.workers.shut();
                desk.tell("reveal");
                self.workers.until_held();
            }
            Step::Revealed => {
                desk.tell("reveal");
                desk.until("a clear picture", |desk| desk.said_of("clear").count() > 0);
            }
            Step::Deciding => {
                self.records = Some(self.world.hold_records());
                desk.tell("decide");
            }
            Step::Held => decide(desk, "decide"),
            Step::InFlight => {
                road.set(Gate::LosesRequests);
                decide(desk, "decide");
                road.until_lost();
            }
            Step::Taken => {
                road.set(Gate::LosesAnswers);
                decide(desk, "decide");
                road.until_lost();
            }
            Step::Receipted => {
                decide(desk, "decide");
                desk.until_all(1, &["Accepted"]);
            }
            Step::ReadBack => {
                road.set_for(Call::Item, Gate::LosesAnswers);
                decide(desk, "escalate");
                road.until_lost();
            }
            Step::ReleaseSent | Step::ReleaseTaken => {
                let is_taken = step == Step::ReleaseTaken;
                let gate = if is_taken {
                    Gate::LosesAnswers
                } else {
                    Gate::LosesRequests
                };
                road.set_for(Call::Release, gate);
                desk.leave();
                road.until_lost();
            }
            _ => {}
        }
    }

    /// Every gate opens.
    fn let_go(&mut self) {
        self.records = None;
        self.workers.open();
        self.world.road.open();
    }

    /// Decides what is left, waits for every receipt, and has everything compared.
    fn finish(mut self, mut desk: Desk, cell: (Victim, Step), lapsing: Lapsing) {
        desk.reconnect();
        loop {
            desk.until("an item or the last receipt", |desk| {
                undecided(desk).is_some() || is_done(desk)
            });
            if is_done(&desk) {
                break;
            }
            decide(&mut desk, "decide");
        }
        if cell.1 == Step::ReadBack {
            desk.until("the confirmation", |desk| {
                desk.said_of("confirmed").count() > 0
            });
        }
        self.said.append(&mut desk.said);
        desk.stop();
        let rows = self.said.iter();
        let rows = rows.filter_map(|line| line.strip_prefix("decision "));
        let said: BTreeSet<String> = rows
            .map(|row| row.split(' ').next().unwrap().to_owned())
            .collect();
        judge(&self.world, cell, Some(&said), ITEMS, lapsing);
    }
}

/// Decides the open item and waits until it is said to be on record.
#[track_caller]
fn decide(desk: &mut Desk, how: &str) {
    let item = undecided(desk).expect("an open item").to_owned();
    desk.tell(how);
    desk.until("a decision", |desk| decided(desk).contains(item.as_str()));
}

fn decided(desk: &Desk) -> BTreeSet<&str> {
    let rows = desk.said_of("decision");
    rows.map(|row| row.split(' ').nth(1).unwrap()).collect()
}

/// The open item, if it is not decided.
fn undecided(desk: &Desk) -> Option<&str> {
    let open = desk.said_of("serving").next_back()?;
    (open != "-" && !decided(desk).contains(open)).then_some(open)
}

fn is_done(desk: &Desk) -> bool {
    let decisions = desk.decisions();
    decisions.len() == ITEMS && decisions.values().all(|state| *state == "Accepted")
}

pub(super) fn kill_the_agent(step: Step) {
    let is_unheard = step == Step::ClaimAnswered;
    let mut stand = Stand::new(if is_unheard { SHORT_LEASES } else { &[] });
    let desk = stand.reach(step);
    if step == Step::Deciding {
        assert!(stand.world.recorded().is_empty(), "nothing is on record");
    }
    stand.said = desk.kill();
    stand.let_go();
    let again = stand.desk();
    let lapsing = if is_unheard {
        Lapsing::Unheard
    } else {
        Lapsing::None
    };
    stand.finish(again, (Victim::Agent, step), lapsing);
}

pub(super) fn kill_the_server(step: Step) {
    let mut stand = Stand::new(&[]);
    let mut desk = stand.reach(step);
    stand.world.server.kill();
    let address = stand.world.server.start();
    stand.world.road.lead_to(address);
    stand.let_go();
    if matches!(step, Step::ReleaseSent | Step::ReleaseTaken) {
        stand.said.append(&mut desk.said);
        desk.stop();
        desk = stand.desk();
    }
    stand.finish(desk, (Victim::Server, step), Lapsing::None);
}

pub(super) fn kill_the_worker(step: Step) {
    let mut stand = Stand::new(&[]);
    let is_deciding = step == Step::Deciding;
    let mut desk = stand.reach(if is_deciding { Step::ItemOpen } else { step });
    if !matches!(step, Step::CoverBeingMade | Step::RevealRecorded) {
        // A worker for the item that is open now.
        desk.until("an open item", |desk| undecided(desk).is_some());
        stand.workers.shut();
        desk.tell("stronger");
        stand.workers.until_held();
    }
    if is_deciding {
        stand.go_on(&mut desk, step);
    }
    stand.workers.kill();
    stand.let_go();
    stand.finish(desk, (Victim::Worker, step), Lapsing::None);
}
