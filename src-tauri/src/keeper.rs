//! Keeps the review window alive: starts it when asked, starts it again when it dies.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::Instant;

use scrim_runtime::limits::{WINDOW_DEATHS_MAX, WINDOW_DEATHS_WITHIN};
use scrim_runtime::{Inward, LinkEnd, WindowHost, read_window};
use tauri::AppHandle;

/// Asks for the window.
#[derive(Clone)]
pub(crate) struct Keeper {
    wishes: Sender<Wish>,
    desk: Sender<Inward>,
    /// The agent ends: a window that goes away is not missed.
    ending: Arc<AtomicBool>,
}

enum Wish {
    Open,
    End,
}

impl Keeper {
    /// Opens the window, or brings it to the front.
    pub(crate) fn open(&self) {
        // Both receivers live until the agent ends; then there is nothing to open any more.
        drop(self.desk.send(Inward::Raise));
        drop(self.wishes.send(Wish::Open));
    }

    /// From now on no window is started again, and the keeper's thread ends with the one that is open.
    pub(crate) fn end(&self) {
        self.ending.store(true, Ordering::SeqCst);
        drop(self.wishes.send(Wish::End));
    }
}

/// Starts the keeper. When the moderator closes the window and no tray is shown to come back by, the
/// agent ends.
pub(crate) fn start(
    program: PathBuf,
    desk: Sender<Inward>,
    app: AppHandle,
    tray: bool,
) -> std::io::Result<(Keeper, JoinHandle<()>)> {
    let (wishes, wished) = channel();
    let ending = Arc::new(AtomicBool::new(false));
    let keeper = Keeper {
        wishes,
        desk: desk.clone(),
        ending: Arc::clone(&ending),
    };
    let thread = std::thread::Builder::new()
        .name("scrim-keeper".into())
        .spawn(move || {
            let host = WindowHost { program };
            let is_ending = || ending.load(Ordering::SeqCst);
            let mut number = 0;
            let mut next = wished.recv();
            while let Ok(Wish::Open) = next {
                let mut ends = false;
                // What was wished while it was open is fulfilled; what comes after this is new.
                let mut on_closing = || ends |= wished.try_iter().any(|w| matches!(w, Wish::End));
                if !keep_open(&host, &desk, &mut number, &mut on_closing, &is_ending) {
                    app.exit(1);
                    return;
                }
                if ends || is_ending() {
                    return;
                }
                next = match wished.try_recv() {
                    Ok(wish) => Ok(wish),
                    Err(_) if tray && crate::desktop::shows_trays() => wished.recv(),
                    Err(_) => {
                        app.exit(0);
                        return;
                    }
                };
            }
        })?;
    Ok((keeper, thread))
}

/// Keeps one window open until the moderator closes it or the agent ends. `false` if it cannot be
/// kept alive.
fn keep_open(
    host: &WindowHost,
    desk: &Sender<Inward>,
    number: &mut u64,
    on_closing: &mut dyn FnMut(),
    is_ending: &dyn Fn() -> bool,
) -> bool {
    let mut deaths: VecDeque<Instant> = VecDeque::new();
    loop {
        *number += 1;
        let crashed = match show_once(host, desk, *number, on_closing) {
            Ok(crashed) => crashed,
            Err(fault) => {
                tracing::error!("{fault}");
                return false;
            }
        };
        if !crashed || is_ending() {
            return true;
        }
        tracing::warn!("the review window died; it is started again, nothing is lost");
        let now = Instant::now();
        deaths.push_back(now);
        deaths.retain(|at| now.duration_since(*at) < WINDOW_DEATHS_WITHIN);
        if deaths.len() > WINDOW_DEATHS_MAX {
            tracing::error!(
                "the review window keeps dying; your decisions are safe. Run `scrim doctor`."
            );
            return false;
        }
    }
}

/// One window from start to end; returns whether it died.
fn show_once(
    host: &WindowHost,
    desk: &Sender<Inward>,
    window: u64,
    on_closing: &mut dyn FnMut(),
) -> Result<bool, Box<dyn std::error::Error>> {
    let (mut child, stream) = host.start()?;
    let (end, reader) = LinkEnd::greet(stream)?;
    let opened = Inward::WindowOpened {
        window,
        end: Box::new(end),
    };
    let crashed = desk.send(opened).is_ok() && read_window(reader, window, desk, on_closing);
    // The link is gone: what is left of the process has nothing to do any more.
    match child.kill() {
        Ok(()) => {}
        Err(fault) => tracing::warn!(%fault, "the window's process could not be ended"),
    }
    child.wait()?;
    Ok(crashed)
}
