//! A window without a screen: it keeps the newest model and tells what it shows to the auditor.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex};

use scrim_model::RevealId;
use scrim_runtime::WindowEnd;
use scrim_wire::link::LinkError;
use scrim_wire::window::{ToWindow, WindowModel};

use crate::audit::Audit;
use crate::passage::Doom;
use crate::shared::open;

/// What a window shows.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    pub(crate) model: Option<WindowModel>,
    /// It died; nobody has told the agent yet.
    pub(crate) is_gone: bool,
    /// Reveals that opened and that nobody has said to be presented.
    pub(crate) opened: VecDeque<RevealId>,
    last_opened: Option<RevealId>,
}

/// The agent's end of it.
pub(crate) struct SimWindow {
    pub(crate) desk: usize,
    pub(crate) audit: Arc<Mutex<Audit>>,
    pub(crate) doom: Arc<Mutex<Doom>>,
    pub(crate) shown: Arc<Mutex<Shown>>,
}

impl WindowEnd for SimWindow {
    fn send(&mut self, message: ToWindow, _picture: Option<OwnedFd>) -> Result<(), LinkError> {
        let mut shown = open(&self.shown);
        if shown.is_gone {
            return Err(LinkError::Closed);
        }
        if open(&self.doom).is_dead() {
            return Ok(());
        }
        if let ToWindow::Model(model) = message {
            open(&self.audit).shown(self.desk, &model);
            let reveal = model.item.as_ref().and_then(|item| item.reveal.as_ref());
            let open_now = reveal
                .filter(|reveal| reveal.open)
                .map(|reveal| reveal.id.clone());
            if open_now.is_some() && open_now != shown.last_opened {
                shown.opened.extend(open_now.clone());
                shown.last_opened = open_now;
            }
            shown.model = Some(*model);
        }
        Ok(())
    }
}
