//! Journeys at a queue server that somebody else runs. It must say that it is a test server.

use std::path::Path;

use egui::Key;
use scrim_model::Environment;
use scrim_queue::{HttpQueue, Origin, QueueServer};
use scrim_wire::window::{Command, Screen};

use crate::covering_journeys::look_and_cover;
use crate::served::Served;
use crate::stage::{Failed, Look, Stage, hold};

/// A server that journeys may be run at.
#[derive(Debug, Clone)]
pub(crate) struct Elsewhere {
    origin: String,
    token: String,
}

/// Why nothing is run there.
#[derive(Debug)]
pub(crate) enum Refused {
    /// Decisions could have effect there.
    NotTest(String),
    /// It cannot be asked.
    Failed(Failed),
}

impl Elsewhere {
    /// Asks the server at `origin` what it is, with the token in the file.
    pub(crate) fn ask(origin: &str, token_file: &Path) -> Result<Self, Refused> {
        let failed = |what: &str, fault: &dyn std::fmt::Display| {
            Refused::Failed(Failed::new(format!(
                "{what}: {fault}. Nothing was changed there."
            )))
        };
        let token = std::fs::read_to_string(token_file)
            .map_err(|fault| failed("The token file cannot be read", &fault))?;
        let token = token.trim().to_owned();
        let parsed = Origin::parse(origin).map_err(|fault| failed("That is no server", &fault))?;
        let session = HttpQueue::new(parsed, &token)
            .session()
            .map_err(|fault| failed("The server cannot be asked", &fault))?;
        match session.environment {
            Environment::Test => Ok(Self {
                origin: origin.to_owned(),
                token,
            }),
            other => Err(Refused::NotTest(other.as_str().to_owned())),
        }
    }

    fn stage(&self) -> Result<Stage, Failed> {
        let served = Served::elsewhere(self.origin.clone(), self.token.clone());
        let mut stage = Stage::at(served, Look::default())?;
        stage.start_desk()?;
        Ok(stage)
    }
}

/// A journey at such a server.
pub(crate) struct There {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) run: fn(&Elsewhere) -> Result<(), Failed>,
}

/// All of them. They need one item with a picture in the queue.
pub(crate) const THERE: &[There] = &[
    There {
        name: "elsewhere-covered-first",
        about: "an item of that server is covered, shown in a look and covered again",
        run: covered_first,
    },
    There {
        name: "elsewhere-decided-once",
        about: "a decision arrives at that server, is taken back there, and nothing is held at the end",
        run: decided_once,
    },
];

fn open_item(stage: &mut Stage) -> Result<(), Failed> {
    let serving = stage.model().screen == Screen::Serving;
    hold!(
        serving,
        "the server has no item for this desk: its queue is empty, or its roles are others"
    );
    Ok(())
}

fn covered_first(there: &Elsewhere) -> Result<(), Failed> {
    let mut stage = there.stage()?;
    open_item(&mut stage)?;
    look_and_cover(&mut stage, 0.1)?;
    stage.command(Command::EndShift);
    Ok(())
}

fn decided_once(there: &Elsewhere) -> Result<(), Failed> {
    let mut stage = there.stage()?;
    open_item(&mut stage)?;
    let before = stage.served.decisions()?;
    stage.press(Key::F);
    stage.pass(6_000);
    let after = stage.served.decisions()?;
    let new: Vec<_> = after
        .iter()
        .filter(|made| before.iter().all(|had| had.decision_id != made.decision_id))
        .collect();
    hold!(new.len() == 1, "{} new decisions arrived, not 1", new.len());
    stage.served.revert(&new[0].decision_id)?;
    stage.command(Command::EndShift);
    hold!(stage.waiting()?.is_empty(), "something was not sent");
    Ok(())
}
