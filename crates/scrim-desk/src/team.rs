//! The lead's view, as far as the heart goes: who may ask, and who may have what was read.

use scrim_model::Role;
use scrim_wire::window::TeamAsk;

use crate::desk::Desk;
use crate::effect::Effect;

impl Desk {
    /// Roles that were given or taken since the desk connected count at once. Who does not lead has no lead's view, and
    /// no copy of the team's decisions from a time when they, or somebody at the same desk, did.
    pub(crate) fn heard_roles(&mut self, roles: &[Role], out: &mut Vec<Effect>) {
        if let Some(session) = &mut self.session {
            session.roles = roles.to_vec();
        }
        if !roles.iter().any(may_lead) {
            out.push(Effect::ForgetTeam);
        }
    }

    /// Passes on what a lead or QA asks. Nobody else's asking does anything, whatever the window says.
    pub(crate) fn ask_team(&mut self, ask: TeamAsk, out: &mut Vec<Effect>) {
        if self.leads() && !self.lock.is_on() {
            out.push(Effect::Team(ask));
        }
    }
}

/// Whether a role has the lead's view.
pub(crate) fn may_lead(role: &Role) -> bool {
    matches!(role, Role::Lead | Role::Qa)
}
