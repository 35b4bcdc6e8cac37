//! The agent without Tauri, its window a script: it decides the first items that come and says on
//! standard output what the model shows, one line per change:
//!
//! | line | meaning |
//! | --- | --- |
//! | `link online` / `link offline` | the connection, as the status bar says it |
//! | `serving ITEM` | an item is open; `-`: none is any more |
//! | `medium ITEM N covered` / `medium ITEM N rejected REASON` | what became of a medium |
//! | `clear ITEM` | clear pixels came for a reveal |
//! | `decision ID ITEM STATE` | a row of the history |
//! | `preview ITEM N` | a covered preview came |
//! | `confirmed ITEM` | the server shows the item as escalated |
//! | `left WAITING` | nobody is signed in any more; that many decisions wait |
//!
//! Standard input: `reconnect` tries the connection now; `decide`, `escalate`, `reveal` and `stronger`
//! do so to the open item, which is meant for `--told`; `break` takes a break and `back` ends it; `lock`
//! is the machine's lock and `unlock` lifts it; the end of input stops the desk.

use std::alloc::System;
use std::collections::{HashMap, HashSet};
use std::io::{BufRead, Write};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::Sender;

use clap::Parser;
use scrim_model::view::{Part, RevealMode};
use scrim_model::{ActionKind, DecisionId, ItemId};
use scrim_runtime::{Hooks, Inward, Profile, Runtime, WindowEnd, assemble, command, locked};
use scrim_wire::link::LinkError;
use scrim_wire::window::{
    Command, FromWindow, ItemView, LinkState, MediumState, NoticeKey, PolicyChange, Screen,
    SyncState, ToWindow, WindowModel,
};
use tracing_subscriber::filter::LevelFilter;
use zeroizing_alloc::ZeroAlloc;

/// As in the agent.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

#[derive(Parser)]
struct Options {
    /// Folder of the profile.
    #[arg(long)]
    profile: PathBuf,
    /// The decode worker.
    #[arg(long)]
    worker: PathBuf,
    /// How many items to decide.
    #[arg(long)]
    decide: usize,
    /// The note of every decision.
    #[arg(long)]
    note: Option<String>,
    /// Reveal each item that has a covered picture before deciding it.
    #[arg(long)]
    reveal: bool,
    /// Do only what standard input says; what is clear stays so.
    #[arg(long)]
    told: bool,
}

const WINDOW: u64 = 1;

struct Script {
    options: Options,
    sender: Sender<Inward>,
    link: Option<bool>,
    /// Items that were asked to be decided.
    asked: HashSet<ItemId>,
    revealing: Option<ItemId>,
    revealed: HashSet<ItemId>,
    serving: Option<ItemId>,
    media: HashSet<(ItemId, usize)>,
    history: HashMap<DecisionId, SyncState>,
    confirming: bool,
    confirmed: HashSet<u64>,
    policies: Vec<PolicyChange>,
}

/// The test that started this reads every line; without it there is nothing to go on for.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .expect("the test reads what the desk says");
}

impl WindowEnd for Script {
    fn send(&mut self, message: ToWindow, picture: Option<OwnedFd>) -> Result<(), LinkError> {
        match message {
            ToWindow::Model(model) => self.look(&model),
            ToWindow::Clear { reveal, medium, .. } if picture.is_some() => {
                say(&format!("clear {}", medium.item));
                self.revealed.insert(medium.item);
                self.ask(FromWindow::Presented { reveal });
                if !self.options.told {
                    self.ask(FromWindow::Command(Command::CoverAgain));
                }
            }
            ToWindow::Covered { key, .. } if picture.is_some() => {
                say(&format!("preview {} {}", key.medium.item, key.medium.n));
            }
            _ => {}
        }
        Ok(())
    }
}

impl Script {
    fn ask(&self, message: FromWindow) {
        let window = WINDOW;
        let sent = self.sender.send(Inward::FromWindow { window, message });
        sent.expect("the runtime runs as long as it calls its window");
    }

    fn look(&mut self, model: &WindowModel) {
        if let Screen::Left { waiting, .. } = model.screen {
            assert!(model.item.is_none() && model.history.is_empty());
            return say(&format!("left {waiting}"));
        }
        let online = match model.link {
            LinkState::Unknown => None,
            LinkState::Online => Some(true),
            LinkState::Offline { .. } => Some(false),
        };
        if online != self.link {
            self.link = online;
            say(if online == Some(true) {
                "link online"
            } else {
                "link offline"
            });
        }
        for row in model.history.iter().rev() {
            if self.history.insert(row.decision_id.clone(), row.state) != Some(row.state) {
                say(&format!(
                    "decision {} {} {:?}",
                    row.decision_id, row.item_id, row.state
                ));
            }
        }
        self.look_at_escalations(model);
        // Read as soon as they are listed, once for each list.
        if !model.policy_changes.is_empty() && self.policies != model.policy_changes {
            self.ask(FromWindow::Command(Command::PoliciesRead));
        }
        self.policies.clone_from(&model.policy_changes);
        if model.copies.is_some() {
            self.ask(FromWindow::Command(Command::LookAtCopies));
        }
        match &model.item {
            Some(item) => self.look_at(item),
            None if self.serving.take().is_some() => say("serving -"),
            None => {}
        }
    }

    /// What is asked in place is confirmed as soon as it can be.
    fn look_at_escalations(&mut self, model: &WindowModel) {
        let ready = model.confirm.as_ref().is_some_and(|c| c.ready);
        if ready && !self.confirming {
            self.ask(FromWindow::Command(Command::Confirm));
        }
        self.confirming = ready;
        for notice in &model.notices {
            if notice.key == NoticeKey::EscalationConfirmed && self.confirmed.insert(notice.id) {
                say(&format!("confirmed {}", notice.arg));
            }
        }
    }

    fn look_at(&mut self, item: &ItemView) {
        if self.serving.as_ref() != Some(&item.id) {
            self.serving = Some(item.id.clone());
            say(&format!("serving {}", item.id));
        }
        for (n, state) in item.media.iter().enumerate() {
            let line = match state {
                MediumState::Covered { .. } => format!("medium {} {n} covered", item.id),
                MediumState::Rejected { reason } => {
                    format!("medium {} {n} rejected {reason}", item.id)
                }
                _ => continue,
            };
            if self.media.insert((item.id.clone(), n)) {
                say(&line);
            }
        }
        if self.options.told {
            return;
        }
        let loading = item.media.iter().any(|m| matches!(m, MediumState::Loading));
        if loading || self.asked.len() >= self.options.decide || self.asked.contains(&item.id) {
            return;
        }
        let covered = matches!(item.media.first(), Some(MediumState::Covered { .. }));
        if self.options.reveal && covered && !self.revealed.contains(&item.id) {
            if self.revealing.as_ref() != Some(&item.id) {
                self.revealing = Some(item.id.clone());
                self.ask(FromWindow::Command(Command::Select(Part::Medium(0))));
                self.ask(FromWindow::Command(Command::Reveal(RevealMode::Latch)));
            }
            return;
        }
        self.asked.insert(item.id.clone());
        if let Some(note) = self.options.note.clone() {
            self.ask(FromWindow::Command(Command::Note(note)));
        }
        self.ask(FromWindow::Command(Command::Decide(ActionKind::Allow)));
    }
}

fn main() -> ExitCode {
    // The loudest level: whatever could be logged is.
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(std::io::stderr)
        // It would tell standard error, and panic, of a standard error that cannot be written.
        .log_internal_errors(false)
        .with_ansi(false)
        .init();
    match run(Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            tracing::error!("{fault}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> Result<(), Box<dyn std::error::Error>> {
    let profile = Profile::open(Some(&options.profile))?;
    let _lock = profile.lock()?;
    let (parts, told) = assemble(&profile, options.worker.clone(), Hooks::default())?;
    if told.set_aside.is_some() {
        return Err("the records were damaged".into());
    }
    if let Some(why) = told.blocked {
        return Err(why.into());
    }
    let runtime = Runtime::start(parts)?;
    let sender = runtime.sender();
    let script = Script {
        options,
        sender: sender.clone(),
        link: None,
        asked: HashSet::new(),
        revealing: None,
        revealed: HashSet::new(),
        serving: None,
        media: HashSet::new(),
        history: HashMap::new(),
        confirming: false,
        confirmed: HashSet::new(),
        policies: Vec::new(),
    };
    sender.send(Inward::WindowOpened {
        window: WINDOW,
        end: Box::new(script),
    })?;
    std::thread::spawn(move || listen(&sender));
    runtime.run();
    Ok(())
}

fn listen(sender: &Sender<Inward>) {
    let mut told = true;
    for line in std::io::stdin().lock().lines() {
        let asked = line.as_deref().ok().and_then(messages);
        told = asked.is_some_and(|messages| {
            let mut messages = messages.into_iter();
            messages.all(|one| sender.send(one).is_ok())
        });
        if !told {
            break;
        }
    }
    // A runtime that is gone needs no telling.
    if told {
        drop(sender.send(Inward::Stop));
    }
}

/// What a line of standard input asks for.
fn messages(line: &str) -> Option<Vec<Inward>> {
    let commands = match line {
        "reconnect" => vec![Command::Reconnect],
        "decide" => vec![Command::Decide(ActionKind::Allow)],
        "escalate" => vec![Command::Decide(ActionKind::Escalate)],
        "reveal" => vec![
            Command::Select(Part::Medium(0)),
            Command::Reveal(RevealMode::Latch),
        ],
        "stronger" => vec![Command::Stronger],
        "break" => vec![Command::TakeBreak],
        "back" => vec![Command::EndBreak],
        "lock" => return Some(vec![locked()]),
        "unlock" => vec![Command::Unlock(None)],
        _ => return None,
    };
    Some(commands.into_iter().map(command).collect())
}
