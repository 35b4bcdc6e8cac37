//! How the lead's view is opened, asked and left.
//!
//! | State | Event | Then |
//! | --- | --- | --- |
//! | closed | the key, with the right to it | open: asks for the last 28 days that are over |
//! | open | the view comes, or a newer one | shown |
//! | open | the key, `Esc`, another page, the lock, no right any more | closed: nothing of it is kept, the agent is told |
//! | open | the agent closes it | closed |
//! | closed | a view comes late | nothing of it is kept |

use scrim_model::Timestamp;
use scrim_wire::window::{Command, TeamAsk, TeamQuery, TeamView};

use crate::day::Day;
use crate::state::{Overlay, WindowState, is_blank};
use crate::team_page::{PERIODS, TeamPage, last_days};

impl WindowState {
    /// The wall clock, from the shell: what “the last 28 days” are. Before the first frame, and
    /// whenever one is drawn.
    pub fn set_wall(&mut self, now: Timestamp) {
        self.today = Day::of(now);
    }

    /// Whether this sign-in may see the page at this moment.
    fn may_see_team(&self) -> bool {
        let leads = self.model.as_ref().is_some_and(|model| model.leads);
        leads && !self.link_lost
    }

    /// Opens the page, or leaves it.
    pub(crate) fn toggle_team(&mut self) {
        if self.team.query.is_some() {
            self.overlay = None;
            return self.settle_team();
        }
        if !self.may_see_team() || is_blank(&self.screen()) {
            return;
        }
        self.toggle_overlay(Overlay::Team);
        let (from, to) = last_days(self.today, PERIODS[1]);
        let query = TeamQuery {
            from: from.text(),
            to: to.text(),
            queue: None,
        };
        self.team = TeamPage::open(query.clone());
        self.command(Command::Team(TeamAsk::Show(query)));
    }

    /// Carries out what the page asks for; nothing once it is closed.
    pub(crate) fn ask_team(&mut self, ask: TeamAsk) {
        if self.team.query.is_none() || !self.may_see_team() {
            return;
        }
        match &ask {
            TeamAsk::Show(query) => {
                self.team.from.clone_from(&query.from);
                self.team.to.clone_from(&query.to);
                self.team.query = Some(query.clone());
                self.team.waits_for_view = true;
                self.team.disagreements_from = 0;
            }
            TeamAsk::CloseRecords => {
                if let Some(view) = &mut self.team.view {
                    view.records = None;
                }
            }
            TeamAsk::Draw { .. } => self.team.waits_for_sample = true,
            TeamAsk::Records(_) | TeamAsk::Export | TeamAsk::Close => {}
        }
        self.command(Command::Team(ask));
    }

    /// Takes the view, or its end.
    pub(crate) fn take_team(&mut self, view: Option<Box<TeamView>>) {
        if self.team.query.is_none() {
            return;
        }
        let Some(view) = view else {
            self.forget_team();
            return;
        };
        let before = self.team.view.as_ref().map(|old| &old.samples);
        if view.problem.is_some() || before != Some(&view.samples) {
            self.team.waits_for_sample = false;
        }
        self.team.waits_for_view = false;
        let last = view.disagreements.len().saturating_sub(1);
        self.team.disagreements_from = self.team.disagreements_from.min(last);
        self.team.view = Some(view);
    }

    /// Leaves the records behind a row; `false` if none are listed.
    pub(crate) fn close_team_records(&mut self) -> bool {
        let view = self.team.view.as_ref();
        let has_records = view.is_some_and(|view| view.records.is_some());
        if has_records {
            self.ask_team(TeamAsk::CloseRecords);
        }
        has_records
    }

    /// The page does not outlive what it is shown by: its place in the window, and the right to it.
    pub(crate) fn settle_team(&mut self) {
        let is_shown = self.overlay == Some(Overlay::Team) && self.may_see_team();
        if self.team.query.is_some() && !is_shown {
            self.forget_team();
            self.command(Command::Team(TeamAsk::Close));
        }
    }

    /// Nothing of the view stays here.
    fn forget_team(&mut self) {
        self.team = TeamPage::default();
        if self.overlay == Some(Overlay::Team) {
            self.overlay = None;
        }
    }
}
