//! The lead's view, as far as the heart goes: who may ask.

use scrim_model::Role;
use scrim_wire::window::TeamAsk;

use crate::desk::Desk;
use crate::effect::Effect;

impl Desk {
    /// Roles that were given or taken since the desk connected count at once. Who leads no more has no lead's view.
    pub(crate) fn heard_roles(&mut self, roles: &[Role], out: &mut Vec<Effect>) {
        let led = self.leads();
        if let Some(session) = &mut self.session {
            session.roles = roles.to_vec();
        }
        if led && !self.leads() {
            out.push(Effect::Team(TeamAsk::Close));
        }
    }

    /// Passes on what a lead or QA asks. Nobody else's asking does anything, whatever the window says.
    pub(crate) fn ask_team(&mut self, ask: TeamAsk, out: &mut Vec<Effect>) {
        if self.leads() && !self.lock.is_on() {
            out.push(Effect::Team(ask));
        }
    }
}
