//! What happens to desks: time, moderators, calls, messages, deaths.

use scrim_desk::Event;
use scrim_queue::Asking;
use scrim_runtime::{Inward, Job, Work};
use scrim_wire::window::{Command, CoverWhy, FromWindow};

use crate::fault::Fault;
use crate::items;
use crate::limits::{ACT_MS, GIVE_UP_MS, TICK_MS_MAX, WAY_MS};
use crate::moderator;
use crate::network::Fate;
use crate::shared::open;
use crate::trace::plain;
use crate::world::{Due, Unfit, World};

impl World {
    pub(crate) fn start_desk(&mut self, desk: usize) -> Result<(), Unfit> {
        if self.desks[desk].run.is_some() {
            return Ok(());
        }
        self.note(&format!("desk {desk}: starts"));
        let around = self.around.clone();
        self.desks[desk].start(&around)?;
        let life = self.desks[desk].lives;
        self.later((1, TICK_MS_MAX), Due::Tick { desk, life });
        self.later(ACT_MS, Due::Act { desk });
        self.collect(desk);
        Ok(())
    }

    pub(crate) fn tick(&mut self, desk: usize, life: u64) {
        if self.desks[desk].lives != life {
            return;
        }
        let Some(run) = &mut self.desks[desk].run else {
            return;
        };
        run.runtime.take(Inward::Event(Event::Tick));
        let soon = run.runtime.tick_after_ms();
        self.later((soon, TICK_MS_MAX.max(soon)), Due::Tick { desk, life });
        self.aftermath(desk);
    }

    /// Something reaches a runtime, if it is the one that it belongs to.
    pub(crate) fn message(&mut self, desk: usize, life: u64, message: Inward) {
        if self.desks[desk].lives != life {
            return;
        }
        if let Some(run) = &mut self.desks[desk].run {
            run.runtime.take(message);
        }
        self.aftermath(desk);
    }

    /// What follows from a step of a desk: messages to itself, jobs, its death.
    fn aftermath(&mut self, desk: usize) {
        self.collect(desk);
        if self.desks[desk].is_dead() {
            self.desk_dies(desk);
        }
    }

    pub(crate) fn collect(&mut self, desk: usize) {
        let life = self.desks[desk].lives;
        let Some(run) = &mut self.desks[desk].run else {
            return;
        };
        run.runtime.take_arrived();
        let (calls, media) = (run.calls.take(), run.media.take());
        let opened: Vec<_> = open(&run.shown).opened.drain(..).collect();
        let window = self.desks[desk].window();
        for job in calls {
            self.later((1, WAY_MS), Due::Call { desk, life, job });
        }
        for job in media {
            // Decoding is not under test: covers and hashes are there after a while.
            let event = match job.work() {
                Work::Cover(key) => Some(Event::CoverReady {
                    key: key.clone(),
                    width: 16,
                    height: 16,
                    whole: true,
                }),
                Work::Hashes(medium) => Some(Event::HashesFound {
                    medium: medium.clone(),
                    hashes: items::hashes(&medium.item).map(Box::new),
                    listed: None,
                }),
                Work::Call | Work::Team | Work::Clear(_) | Work::Ahead(_) | Work::Clip(_) => None,
            };
            if let Some(event) = event {
                let message = Inward::Done(event);
                self.later(
                    (20, WAY_MS),
                    Due::Message {
                        desk,
                        life,
                        message,
                    },
                );
            }
        }
        let handed: Vec<_> = open(&self.around.audit).handed.drain(..).collect();
        let handed = handed
            .into_iter()
            .filter(|(of, _)| *of == desk)
            .map(|(_, reveal)| reveal);
        for reveal in opened.into_iter().chain(handed) {
            let message = FromWindow::Presented {
                reveal: reveal.clone(),
            };
            self.window_says(desk, (life, window), (5, 40), message);
            if self.rng.chance(300) {
                let why = CoverWhy::FocusLost;
                let message = FromWindow::Covered { reveal, why };
                self.window_says(desk, (life, window), (50, 4_000), message);
            }
        }
    }

    fn window_says(
        &mut self,
        desk: usize,
        (life, window): (u64, u64),
        when: (u64, u64),
        message: FromWindow,
    ) {
        let message = Inward::FromWindow { window, message };
        self.later(
            when,
            Due::Message {
                desk,
                life,
                message,
            },
        );
    }

    pub(crate) fn window_starts(&mut self, desk: usize, life: u64) {
        if self.desks[desk].lives == life {
            self.note(&format!("desk {desk}: a new window"));
            let around = self.around.clone();
            self.desks[desk].open_window(&around);
            self.collect(desk);
        }
    }

    /// The moderator looks at the screen and does something.
    pub(crate) fn act(&mut self, desk: usize) {
        let life = self.desks[desk].lives;
        let window = self.desks[desk].window();
        let Some(run) = &self.desks[desk].run else {
            return;
        };
        let Some(model) = open(&run.shown).model.clone() else {
            return;
        };
        let Some(command) = moderator::next(&mut self.rng, &model) else {
            return;
        };
        self.note(&format!("desk {desk}: {}", word(&command)));
        self.take_back_what_left(desk, life, &command);
        self.window_says(desk, (life, window), (1, 5), FromWindow::Command(command));
    }

    /// `undo-after-send`: what is in flight is shown as taken back.
    fn take_back_what_left(&mut self, desk: usize, life: u64, command: &Command) {
        if self.around.fault != Some(Fault::UndoAfterSend) || *command != Command::Undo {
            return;
        }
        let left = open(&self.around.audit).in_flight(desk);
        if let Some(decision_id) = left {
            let message = Inward::Event(Event::Withdrawn {
                decision_id,
                durable: true,
            });
            self.after(
                0,
                Due::Message {
                    desk,
                    life,
                    message,
                },
            );
        }
    }

    /// A call is made: the road decides what becomes of it.
    pub(crate) fn call(&mut self, desk: usize, life: u64, job: Job) {
        let fate = self.fate(desk);
        {
            let mut traffic = open(&self.around.traffic);
            traffic.fate = fate;
            traffic.got_through = false;
        }
        let message = job.run();
        let (late, word, got_through) = {
            let mut traffic = open(&self.around.traffic);
            let late = std::mem::take(&mut traffic.late);
            (late, std::mem::take(&mut traffic.word), traffic.got_through)
        };
        self.note(&format!("desk {desk}: {word}"));
        for (desk, asking) in late {
            self.later((200, 3 * GIVE_UP_MS), Due::LateRequest { desk, asking });
        }
        if fate.server_dies {
            self.server_dies();
        }
        let longest = if got_through { WAY_MS } else { GIVE_UP_MS };
        self.went.lost_calls += usize::from(!got_through);
        self.later(
            (1, longest),
            Due::Message {
                desk,
                life,
                message,
            },
        );
    }

    fn fate(&mut self, desk: usize) -> Fate {
        let mut fate = Fate::default();
        if !self.desks[desk].line_is_up || !open(&self.around.server).is_up() {
            fate.is_lost = true;
        } else if self.is_stormy {
            match self.rng.below(1_000) {
                0..=29 => fate.is_lost = true,
                30..=54 => fate.comes_late = true,
                55..=84 => fate.is_doubled = true,
                85..=134 => fate.answer_is_lost = true,
                135..=149 => fate.is_turned_away = true,
                150..=155 => fate.server_dies = true,
                _ => {}
            }
        }
        fate
    }

    pub(crate) fn late_request(&mut self, desk: usize, asking: &Asking) {
        let answered = open(&self.around.server).call(asking);
        self.note(&format!("desk {desk}: a late {}", plain(&asking.path)));
        if let Ok(answered) = answered {
            open(&self.around.audit).server_did(desk, asking, &answered);
        }
    }

    pub(crate) fn server_dies(&mut self) {
        if !open(&self.around.server).is_up() {
            return;
        }
        self.note("the server dies");
        self.went.deaths += 1;
        open(&self.around.server).die();
        self.later((500, 20_000), Due::ServerStart);
    }

    /// An agent ends without a word, and is started again after a while.
    pub(crate) fn desk_dies(&mut self, desk: usize) {
        if self.desks[desk].run.is_none() {
            return;
        }
        let power = self.rng.chance(400);
        let how = if power { "loses power" } else { "dies" };
        self.note(&format!("desk {desk}: {how}"));
        self.went.deaths += 1;
        let around = self.around.clone();
        self.desks[desk].die(&around, power);
        let longest = if self.rng.chance(150) {
            200_000
        } else {
            20_000
        };
        self.later((200, longest), Due::Start { desk });
    }
}

/// A command without its content.
fn word(command: &Command) -> String {
    let text = format!("{command:?}");
    let end = text.find(['(', ' ', '{']).unwrap_or(text.len());
    match command {
        Command::Decide(action) => format!("Decide {}", action.as_str()),
        _ => text[..end].to_owned(),
    }
}
