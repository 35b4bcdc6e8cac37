//! Tauri's application, and what the desk tells it.

use std::sync::Mutex;

use scrim_runtime::{Hooks, Nudge};
use scrim_wire::window::WindowModel;
use signal_hook::consts::{SIGINT, SIGTERM};
use tauri::{App, AppHandle};
use tauri_plugin_notification::NotificationExt;

/// Builds the application (no window, no webview) and the ears through which the desk reaches it.
#[allow(
    clippy::disallowed_methods,
    reason = "Tauri's own macro ends the process if its context is broken at start"
)]
pub(crate) fn build_app() -> tauri::Result<(App, Hooks)> {
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_notification::init())
        .build(tauri::generate_context!())?;
    let (for_nudges, for_models) = (app.handle().clone(), app.handle().clone());
    let last = Mutex::new((u32::MAX, u32::MAX));
    let hooks = Hooks {
        nudge: Box::new(move |nudge| tell(&for_nudges, nudge)),
        shown: Box::new(move |model: &WindowModel| {
            let figures = (model.wellbeing.active_min, model.waiting_to_sync);
            let mut last = last.lock().expect("nothing panics while it is held");
            if std::mem::replace(&mut *last, figures) != figures {
                crate::tray::show(&for_models, model);
            }
        }),
    };
    Ok((app, hooks))
}

/// A quiet notification; a desktop without notifications loses nothing, the window says it too.
fn tell(app: &AppHandle, nudge: Nudge) {
    let (title, body) = match nudge {
        Nudge::BreakDue => ("Time for a break", "You can finish what is open first."),
        Nudge::BreakOver => ("Your break can end", "Come back when you are ready."),
    };
    if let Err(fault) = app.notification().builder().title(title).body(body).show() {
        tracing::info!(%fault, "a notification could not be shown");
    }
}

/// Ends the application on SIGTERM and SIGINT.
pub(crate) fn stop_on_signals(app: AppHandle) -> std::io::Result<()> {
    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGINT])?;
    std::thread::Builder::new()
        .name("scrim-signals".into())
        .spawn(move || {
            if signals.forever().next().is_some() {
                app.exit(0);
            }
        })?;
    Ok(())
}
