//! Cells of the real window: it is killed, the agent starts another one, and the moderator goes on.

use rustix::process::Signal;
use scrim_processes::faults::{Step, Victim};
use serde_json::json;

use super::headless::write_items;
use super::judge::{Lapsing, judge};
use crate::support::{Agent, Call, Gate, HeldRecords, Session, World, signal};

/// Pictures, all of them.
const ITEMS: usize = 2;

struct Stand {
    world: World,
    session: Session,
    records: Option<HeldRecords>,
    /// Decisions that were made before the window died.
    made: usize,
}

impl Stand {
    fn new() -> Self {
        Self {
            world: World::new(|folder| write_items(folder, ITEMS, 0)),
            session: Session::open(),
            records: None,
            made: 0,
        }
    }

    /// An agent and a window that have come to `step` with the first item.
    fn reach(&mut self, step: Step) -> Agent {
        let early = match step {
            Step::ClaimSent => Some((Call::Claims, Gate::LosesRequests)),
            Step::ClaimAnswered => Some((Call::Claims, Gate::LosesAnswers)),
            Step::CoverBeingMade => Some((Call::Medium, Gate::HoldsRequests)),
            _ => None,
        };
        if let Some((call, gate)) = early {
            self.world.road.set_for(call, gate);
            let agent = Agent::start(&self.world, &mut self.session);
            self.world.road.until_lost();
            return agent;
        }
        let agent = Agent::open(&self.world, &mut self.session);
        self.go_on(&agent, step);
        agent
    }

    fn go_on(&mut self, agent: &Agent, step: Step) {
        let road = &self.world.road;
        match step {
            Step::RevealRecorded => self.session.press("reveal.full"),
            Step::Revealed => {
                self.session.press("reveal.full");
                self.session.until("item.cover", "you are looking");
            }
            Step::Deciding => {
                self.records = Some(self.world.hold_records());
                self.session.press("decide.allow");
            }
            Step::Held => self.decide("decide.allow"),
            Step::InFlight | Step::Taken => {
                let is_taken = step == Step::Taken;
                road.set(if is_taken {
                    Gate::LosesAnswers
                } else {
                    Gate::LosesRequests
                });
                self.decide("decide.allow");
                self.world.road.until_lost();
            }
            Step::Receipted => {
                self.decide("decide.allow");
                self.session.until("status.sync", "all synced");
            }
            Step::ReadBack => {
                road.set_for(Call::Item, Gate::LosesAnswers);
                self.decide("decide.escalate");
                self.world.road.until_lost();
            }
            Step::ReleaseSent | Step::ReleaseTaken => {
                let is_taken = step == Step::ReleaseTaken;
                let gate = if is_taken {
                    Gate::LosesAnswers
                } else {
                    Gate::LosesRequests
                };
                road.set_for(Call::Release, gate);
                signal(agent.id(), Signal::TERM);
                road.until_lost();
            }
            _ => {}
        }
    }

    /// Decides the open item; the window shows the next one, or that there is none.
    fn decide(&mut self, how: &str) {
        let item: Vec<String> = self.session.hands("item", json!([]));
        self.session.press(how);
        if how == "decide.escalate" {
            self.session.press("confirm.accept");
        }
        self.made += 1;
        if self.made < ITEMS {
            self.session
                .hands::<Vec<String>>("next_item", json!([item]));
        } else {
            self.session.hands::<()>("gone", json!(["item.label"]));
        }
    }
}

pub(super) fn kill_the_window(step: Step) {
    let mut stand = Stand::new();
    let mut agent = stand.reach(step);
    let before = agent.window;
    signal(before, Signal::KILL);
    stand.session.hands::<()>("ended", json!([before]));
    if step == Step::Deciding {
        assert!(stand.world.recorded().is_empty(), "nothing is on record");
    }
    stand.records = None;
    stand.world.road.open();
    let at_the_end = matches!(step, Step::ReleaseSent | Step::ReleaseTaken);
    if at_the_end {
        agent.ends(&mut stand.session);
        agent = Agent::start(&stand.world, &mut stand.session);
    } else {
        agent.window_after(&mut stand.session, before);
    }
    if step == Step::Deciding {
        // On record, or the window died with the key in its hand; nobody was told either.
        stand.session.hands::<Vec<String>>("item", json!([]));
        stand.made = stand.world.recorded().len();
    }
    while stand.made < ITEMS {
        stand.decide("decide.allow");
    }
    stand.session.until("status.sync", "all synced");
    let log = agent.stop(&mut stand.session);
    assert_ne!(
        log.contains("died"),
        at_the_end,
        "missed, and only then: {log}"
    );
    let cell = (Victim::Window, step);
    judge(&stand.world, cell, None, ITEMS, Lapsing::None);
}
