//! The lead's view while it is open: what was asked, and when it is read again. The reading is in `team_work`. For who
//! does not lead, the copy of what was read goes.

use scrim_wire::protocol::SampleRequest;
use scrim_wire::window::{TeamAsk, ToWindow};

use crate::inward::Inward;
use crate::limits::TEAM_READ_EVERY_MS;
use crate::runtime::Runtime;
use crate::seams::{Job, Work};
use crate::team_desk::TeamDesk;
use crate::team_work::{ReportJob, TeamAnswer, TeamJob};

impl Runtime {
    pub(crate) fn team_asked(&mut self, ask: TeamAsk) {
        let team = &mut self.team;
        match (ask, team.query.clone()) {
            (TeamAsk::Show(query), before) => {
                if before.is_none() {
                    team.opening += 1;
                    team.wanted.server = true;
                }
                (team.query, team.drill, team.export) = (Some(query), None, None);
            }
            (TeamAsk::Close, _) => return self.close_team(),
            (_, None) => return,
            (TeamAsk::Records(drill), _) => team.drill = Some(drill),
            (TeamAsk::CloseRecords, _) => team.drill = None,
            (TeamAsk::Export, query) => team.wanted.export = query,
            (
                TeamAsk::Draw {
                    size,
                    drawing,
                    practice,
                },
                Some(query),
            ) => {
                let request = SampleRequest {
                    size,
                    drawing,
                    from: query.from,
                    to: query.to,
                    queues: Vec::from_iter(query.queue),
                    practice,
                };
                team.wanted
                    .draws
                    .push((self.parts.randomness.id(), request));
            }
        }
        self.team.wanted.anything = true;
        self.read_team();
    }

    /// The view closes, whoever closes it; the window is told.
    pub(crate) fn close_team(&mut self) {
        if self.team.query.is_none() {
            return;
        }
        self.team = TeamDesk {
            is_busy: self.team.is_busy,
            opening: self.team.opening,
            forgets: self.team.forgets,
            ..TeamDesk::default()
        };
        self.send(ToWindow::Team(None), None);
    }

    /// Who is signed in does not lead: the view closes, and the copy goes.
    pub(crate) fn forget_team(&mut self) {
        self.close_team();
        self.team.forgets = true;
        self.forget_copy();
    }

    /// Takes the copy away if it is to go, once nothing is on its way that has it open. Without one nothing happens.
    fn forget_copy(&mut self) {
        if self.team.is_busy || !std::mem::take(&mut self.team.forgets) {
            return;
        }
        let Some(store) = &self.parts.store else {
            return;
        };
        let place = store.team_place();
        if !place.is_there() {
            return;
        }
        self.team.is_busy = true;
        self.in_flight += 1;
        let work = move || {
            if let Err(fault) = place.forget() {
                tracing::error!(
                    %fault,
                    "the copy of the team's decisions is not deleted; it is encrypted, and Scrim tries again by itself"
                );
            }
            Inward::TeamForgotten
        };
        self.calls.run(Job::new(Work::Team, work));
    }

    pub(crate) fn team_forgotten(&mut self) {
        self.team.is_busy = false;
        self.go_on_with_team();
    }

    /// Time until the server is to be read again for the open view, in milliseconds.
    pub(crate) fn team_after_ms(&self) -> u64 {
        let now = self.parts.clock.now().boot_ms;
        let at = self.team.read_at_ms.filter(|_| !self.team.is_busy);
        at.map_or(u64::MAX, |at| at.saturating_sub(now))
    }

    /// Reads the server again if it is time.
    pub(crate) fn look_after_team(&mut self) {
        if self.team_after_ms() == 0 {
            (self.team.wanted.anything, self.team.wanted.server) = (true, true);
            self.read_team();
        }
    }

    /// Begins a reading, unless one is on its way. What is here is shown first, what the server has comes after it.
    fn read_team(&mut self) {
        let Some(query) = self.team.query.clone() else {
            return;
        };
        if self.team.is_busy || !self.team.wanted.anything {
            return;
        }
        let (Some(store), Some(queue)) = (&self.parts.store, self.parts.queue.clone()) else {
            return;
        };
        let place = store.team_place();
        let now = self.parts.clock.now();
        let wanted = std::mem::take(&mut self.team.wanted);
        let shows_first = self.team.read_at_ms.is_none();
        let reads_server = (wanted.server && !shows_first) || !wanted.draws.is_empty();
        if wanted.server && !reads_server {
            (self.team.wanted.anything, self.team.wanted.server) = (true, true);
        }
        self.team.read_at_ms = Some(now.boot_ms.saturating_add(TEAM_READ_EVERY_MS));
        let job = TeamJob {
            opening: self.team.opening,
            query,
            drill: self.team.drill.clone(),
            export: self.team.export.clone(),
            samples: self.team.samples.clone(),
            policies: self.model().policies,
            now: now.utc(),
            reads_server,
            report: wanted.export.map(|query| ReportJob {
                query,
                folder: self.parts.reports.clone(),
                seal_key: store.kept_exports_key(),
            }),
            moderator: self.desk.moderator().map(ToString::to_string),
            draws: wanted.draws,
        };
        self.team.is_busy = true;
        self.in_flight += 1;
        let work = move || Inward::Team(Box::new(job.run(&place, &*queue)));
        self.calls.run(Job::new(Work::Team, work));
    }

    pub(crate) fn team_answered(&mut self, answer: TeamAnswer) {
        self.team.is_busy = false;
        if answer.opening == self.team.opening && self.team.query.is_some() {
            self.team.samples = answer.view.samples.clone();
            self.team.export = answer.view.export.clone();
            self.team.wanted.draws.extend(answer.draws);
            if answer.view.fetching {
                (self.team.wanted.anything, self.team.wanted.server) = (true, true);
            }
            // One for something else than is asked by now is no answer.
            if self.team.query.as_ref() == Some(&answer.view.query) {
                self.send(ToWindow::Team(Some(Box::new(answer.view))), None);
            }
        }
        self.go_on_with_team();
    }

    /// What waited for the copy to be free: first that it goes, then another reading.
    fn go_on_with_team(&mut self) {
        self.forget_copy();
        self.read_team();
    }
}
