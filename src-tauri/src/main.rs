//! `scrim-agent`: Scrim's life cycle. It owns the store, the connection and the timer through
//! `scrim-runtime`, keeps the review window alive, and shows a tray where the desktop has one.
//!
//! **Must never**: decode or draw media, or open a webview: `tauri.conf.json` lists no window and
//! nothing here makes one. This crate is wiring only.

mod desktop;
mod doorbell;
mod hooks;
mod keeper;
mod limits;
mod lock;
mod network;
mod networks;
mod options;
mod tray;

use std::alloc::System;
use std::process::ExitCode;

use clap::Parser;
use scrim_runtime::{Inward, Profile, ProfileError, Runtime, assemble, sibling};
use tauri::Manager;
use tracing_subscriber::filter::LevelFilter;
use zeroizing_alloc::ZeroAlloc;

use options::Options;

/// What is freed is zeros at once: media, covers, words and keys, and the copies that libraries make.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    // Media is in this process's memory: no core file, no debugger of the same account.
    let guarded =
        rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    let options = Options::parse();
    let level = if options.verbose {
        LevelFilter::INFO
    } else {
        LevelFilter::WARN
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        // It would tell standard error, and panic, of a standard error that cannot be written.
        .log_internal_errors(false)
        .with_target(false)
        .init();
    if let Err(fault) = guarded {
        tracing::warn!(%fault, "this system does not let the agent keep its memory out of core files");
    }
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            tracing::error!("{fault}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let display = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some());
    if !display {
        return Err(
            "There is no display, so the review window cannot be shown. Your records are safe."
                .into(),
        );
    }
    let profile = Profile::open(options.profile.as_deref())?;
    let lock = match profile.lock() {
        Ok(lock) => lock,
        // Starting Scrim again always opens the window of the one that runs.
        Err(ProfileError::InUse) => return Ok(profile.ring()?),
        Err(other) => return Err(other.into()),
    };
    let (app, ears) = hooks::build_app()?;
    let (parts, told) = assemble(&profile, sibling("scrim-decode")?, ears)?;
    if let Some(file_name) = told.set_aside {
        tracing::error!(
            file_name,
            "The records were damaged. They were renamed, not deleted; tell your team lead before you go on."
        );
    }
    let runtime = Runtime::start(parts)?;
    let sender = runtime.sender();
    if let Some(why) = told.blocked {
        drop(sender.send(scrim_runtime::blocked(why)));
    }
    let running = std::thread::Builder::new()
        .name("scrim-desk".into())
        .spawn(move || runtime.run())?;
    lock::listen(&sender)?;
    network::listen(&sender)?;
    let tray = tray::build(app.handle(), &sender);
    let (keeper, keeping) = keeper::start(
        sibling("scrim-window")?,
        sender.clone(),
        app.handle().clone(),
        tray,
    )?;
    app.manage(keeper.clone());
    hooks::stop_on_signals(app.handle().clone())?;
    let rung = keeper.clone();
    doorbell::listen(&profile, move || rung.open())?;
    keeper.open();

    // Tauri asks to exit when its last window is gone; Scrim's agent has none and decides itself.
    // `run` would end the process here, with everything still held.
    app.run_return(|_, event| {
        if let tauri::RunEvent::ExitRequested {
            api, code: None, ..
        } = event
        {
            api.prevent_exit();
        }
    });
    // The event loop has ended: cover, give back, wait a little for answers, wipe.
    keeper.end();
    drop(sender.send(Inward::Stop));
    if running.join().is_err() {
        tracing::error!(
            "the desk ended on a fault of its own; what was decided is safe and is sent at the next start"
        );
    }
    drop(keeping.join());
    drop(lock);
    Ok(())
}
