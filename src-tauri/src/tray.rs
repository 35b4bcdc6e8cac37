//! The tray: open review, time since the last break, waiting to sync, take a break, quit. Optional:
//! many desktops show none, and the library that draws it panics when it is missing.
//!
//! The library takes a tray also on a desktop that shows none. Whether there is a way back to the
//! agent is asked at the moment when that counts ([`crate::desktop::shows_trays`]).

use std::sync::mpsc::Sender;

use scrim_runtime::Inward;
use scrim_wire::window::{Command, WindowModel};
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Manager, Wry};

/// The two lines that change.
struct Lines {
    rested: MenuItem<Wry>,
    waiting: MenuItem<Wry>,
}

/// Builds the tray if this desktop can have one; says whether it did.
pub(crate) fn build(app: &AppHandle, desk: &Sender<Inward>) -> bool {
    if !possible() {
        tracing::info!("no tray on this desktop; closing the window ends Scrim");
        return false;
    }
    match try_build(app, desk.clone()) {
        Ok(lines) => app.manage(lines),
        Err(fault) => {
            tracing::warn!(%fault, "the tray cannot be shown");
            false
        }
    }
}

fn try_build(app: &AppHandle, desk: Sender<Inward>) -> tauri::Result<Lines> {
    let open = MenuItem::with_id(app, "open", "Open review", true, None::<&str>)?;
    let rested = MenuItem::with_id(
        app,
        "rested",
        "0 min since your last break",
        false,
        None::<&str>,
    )?;
    let waiting = MenuItem::with_id(app, "waiting", "0 waiting to sync", false, None::<&str>)?;
    let rest = MenuItem::with_id(app, "break", "Take a break", true, None::<&str>)?;
    let quit = MenuItem::with_id(app, "quit", "Quit", true, None::<&str>)?;
    let line = PredefinedMenuItem::separator(app)?;
    let menu = Menu::with_items(app, &[&open, &line, &rested, &waiting, &line, &rest, &quit])?;
    let mut tray = TrayIconBuilder::new().menu(&menu).tooltip("Scrim");
    if let Some(icon) = app.default_window_icon() {
        tray = tray.icon(icon.clone());
    }
    tray.on_menu_event(move |app, event| chosen(app, &desk, event.id().as_ref()))
        .build(app)?;
    Ok(Lines { rested, waiting })
}

fn chosen(app: &AppHandle, desk: &Sender<Inward>, id: &str) {
    match id {
        "open" => {
            if let Some(keeper) = app.try_state::<crate::keeper::Keeper>() {
                keeper.open();
            }
        }
        "break" => {
            let command = scrim_runtime::command(Command::TakeBreak);
            // The desk listens until the agent ends.
            drop(desk.send(command));
        }
        "quit" => app.exit(0),
        _ => {}
    }
}

/// Writes the model's two figures into the menu.
pub(crate) fn show(app: &AppHandle, model: &WindowModel) {
    let Some(lines) = app.try_state::<Lines>() else {
        return;
    };
    let rested = format!("{} min since your last break", model.wellbeing.active_min);
    let waiting = format!("{} waiting to sync", model.waiting_to_sync);
    for (item, text) in [(&lines.rested, rested), (&lines.waiting, waiting)] {
        if let Err(fault) = item.set_text(text) {
            tracing::debug!(%fault, "the tray's text cannot be changed");
        }
    }
}

/// A session bus and one of the two indicator libraries.
fn possible() -> bool {
    let names = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];
    std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some() && names.iter().any(|name| loads(name))
}

#[allow(
    unsafe_code,
    reason = "asking the loader whether a library is there runs that library's constructors"
)]
fn loads(name: &str) -> bool {
    // SAFETY: the two libraries named above are the desktop's own and are about to be loaded by the
    // tray itself in the same way.
    unsafe { libloading::Library::new(name) }.is_ok()
}
