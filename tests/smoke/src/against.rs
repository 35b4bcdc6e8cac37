//! Journeys at a queue server that somebody else runs. It must say that it is a test server.

use std::path::Path;

use egui::Key;
use scrim_model::Environment;
use scrim_queue::{HttpQueue, Origin, QueueServer};
use scrim_report::kind_in_words;
use scrim_wire::call::CallFailed;
use scrim_wire::window::{Command, Screen};

use crate::covering_journeys::look_and_cover;
use crate::served::Served;
use crate::stage::{Failed, Look, Stage, hold};

/// What to do where the file of the token cannot be used.
const OTHER_FILE: &str =
    "Nothing was contacted. Name a file that holds a moderator's token and nothing else.";

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
    /// An address or a file is none; in words.
    Usage(String),
    /// It cannot be asked; in words.
    Failed(String),
}

/// The token in that file: one visible word. Otherwise why not, in words.
fn token_in(file: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(file).map_err(|fault| {
        let why = kind_in_words(fault.kind());
        format!("The file of --token-file cannot be read ({why}). {OTHER_FILE}")
    })?;
    let token = text.trim();
    match !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()) {
        true => Ok(token.to_owned()),
        false => Err(format!(
            "The file of --token-file holds no token. {OTHER_FILE}"
        )),
    }
}

/// Why the server cannot be asked, and what to do about it.
fn unasked(failed: &CallFailed) -> String {
    let what = match failed {
        CallFailed::Unreachable { .. } => {
            "The server does not answer at this address. Check --against, and whether the server runs."
                .to_owned()
        }
        CallFailed::Untrusted { why } => format!(
            "The certificate of the server at this address is not trusted: {why}. Check --against, or have its authority trusted on this computer."
        ),
        CallFailed::NotAllowed => "That address may not be contacted. Check --against.".to_owned(),
        CallFailed::SignedOut => {
            "The server does not take the token of --token-file. Name the file of another one, or ask whoever runs the server for it."
                .to_owned()
        }
        CallFailed::Refused { code, .. } if code.starts_with("http_") || code == "unknown" => {
            "There is a server at this address, but it is no queue server. Check --against."
                .to_owned()
        }
        CallFailed::Refused { code, .. } => {
            format!("The server does not say what it is ({code}). Ask whoever runs it.")
        }
        CallFailed::Broken { what } => format!(
            "What answers at this address is no queue server that Scrim understands ({what}). Check --against."
        ),
    };
    format!("{what} Nothing was changed there, and nothing was run.")
}

impl Elsewhere {
    /// Asks the server at `origin` what it is, with the token in the file.
    pub(crate) fn ask(origin: &str, token_file: &Path) -> Result<Self, Refused> {
        let token = token_in(token_file).map_err(Refused::Usage)?;
        let parsed = Origin::parse(origin).map_err(|fault| {
            Refused::Usage(format!("That is no address for --against. {fault}"))
        })?;
        let session = HttpQueue::new(parsed, &token)
            .session()
            .map_err(|failed| Refused::Failed(unasked(&failed)))?;
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
