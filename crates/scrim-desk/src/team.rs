//! The lead's view, as far as the heart goes: who may ask.

use scrim_wire::window::TeamAsk;

use crate::desk::Desk;
use crate::effect::Effect;

impl Desk {
    /// Passes on what a lead or QA asks. Nobody else's asking does anything, whatever the window says.
    pub(crate) fn ask_team(&mut self, ask: TeamAsk, out: &mut Vec<Effect>) {
        if self.leads() && !self.lock.is_on() {
            out.push(Effect::Team(ask));
        }
    }
}
