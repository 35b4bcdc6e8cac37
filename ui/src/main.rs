//! Scrim's review window: a thin shell around `scrim_window`. Started by scrim-agent, which hands
//! it one end of a socket pair as descriptor 3; it ends with that link.

#![allow(
    clippy::print_stderr,
    reason = "the shell's few lines for whoever started it"
)]

mod connection;
mod sandbox;
mod speaker;
mod system_fonts;

use std::alloc::System;
use std::io::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime};

use connection::{Connection, Next};
use scrim_model::Timestamp;
use scrim_window::actions::Hand;
use scrim_window::limits::SCALE_RANGE;
use scrim_window::theme::ThemeName;
use scrim_window::{WindowState, draw, is_only_keys, listen, prepare, watch};
use scrim_wire::link;
use scrim_wire::window::{FromWindow, ToWindow};
use zeroizing_alloc::ZeroAlloc;

/// What is freed is zeros at once: pictures, words, and the copies that libraries make.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

/// The descriptor of the link (the same number in the agent).
const LINK_FD: i32 = 3;
/// A frame of 60 Hz (ADR 0008).
const ANSWER_WAIT: Duration = Duration::from_millis(16);
/// “Command line usage error” of sysexits.h.
const USAGE: u8 = 64;

/// Raises the walls, says which of them stand, and ends: what `scrim doctor` asks for.
fn say_walls() -> ExitCode {
    let walls = sandbox::enter().walls();
    match writeln!(std::io::stdout(), "{walls}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn main() -> ExitCode {
    if std::env::args_os().skip(1).eq(["--walls"]) {
        return say_walls();
    }
    let inherited = link::inherited(LINK_FD);
    let Ok(stream) = inherited else {
        complain("scrim-window is started by scrim-agent. Start Scrim, and the window opens.");
        return ExitCode::from(USAGE);
    };
    let cookie = speaker::cookie();
    complain(&sandbox::enter().to_string());
    let viewport = egui::ViewportBuilder::default()
        .with_title("Scrim")
        .with_app_id("scrim")
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([640.0, 400.0])
        .with_icon(egui::IconData::default());
    let options = eframe::NativeOptions {
        viewport,
        clipboard_shortcuts: false,
        dithering: false,
        ..eframe::NativeOptions::default()
    };
    let shell = move |cc: &eframe::CreationContext<'_>| -> Result<Box<dyn eframe::App>, _> {
        Ok(Box::new(Shell::new(&cc.egui_ctx, stream, cookie)?))
    };
    match eframe::run_native("scrim", options, Box::new(shell)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!(
                "The window could not be opened, and nothing was shown: {error}"
            ));
            ExitCode::FAILURE
        }
    }
}

/// One line on standard error. A full disk behind it is no reason to show nothing.
fn complain(line: &str) {
    writeln!(std::io::stderr().lock(), "{line}").ok();
}

struct Shell {
    state: WindowState,
    connection: Option<Connection>,
    started: Instant,
}

impl Shell {
    fn new(
        ctx: &egui::Context,
        stream: std::os::unix::net::UnixStream,
        cookie: speaker::Cookie,
    ) -> Result<Self, link::LinkError> {
        let theme = ThemeName::from_word(&setting("SCRIM_THEME"));
        let hand = match setting("SCRIM_HAND").as_str() {
            "left" => Hand::Left,
            _ => Hand::Right,
        };
        let fonts = system_fonts::read().into_iter();
        let fonts = fonts.map(|(name, bytes)| (name, bytes.into()));
        prepare(ctx, theme, fonts.collect());
        if let Ok(percent) = setting("SCRIM_SCALE").parse::<f32>() {
            let scale = (percent / 100.0).clamp(*SCALE_RANGE.start(), *SCALE_RANGE.end());
            ctx.set_zoom_factor(scale);
        }
        let wake = {
            let ctx = ctx.clone();
            move || ctx.request_repaint()
        };
        let mut state = WindowState::new(theme, hand);
        state.set_speaker(Box::new(speaker::Desktop::find(cookie)));
        Ok(Self {
            state,
            connection: Some(Connection::open(stream, wake)?),
            started: Instant::now(),
        })
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn receive_all(&mut self, ctx: &egui::Context) {
        while let Some(connection) = &self.connection {
            let next = connection.next();
            if matches!(next, Next::Nothing) {
                return;
            }
            self.take(ctx, next);
        }
    }

    /// Waits a moment for what the agent makes of a command, and for the pixels of a look that it opens, so that one
    /// frame answers a key rather than two. An answer that takes longer is in a later frame.
    fn receive_answer(&mut self, ctx: &egui::Context) {
        let until = Instant::now() + ANSWER_WAIT;
        let mut has_answer = false;
        while let Some(connection) = &self.connection {
            let next = connection.next_until(until);
            let is_over = matches!(next, Next::Nothing);
            has_answer |= matches!(&next, Next::Arrival(arrival) if matches!(arrival.message, ToWindow::Model(_)));
            self.take(ctx, next);
            if is_over || has_answer && !self.state.awaits_clear() {
                // What came with it is in the same frame.
                return self.receive_all(ctx);
            }
        }
    }

    fn take(&mut self, ctx: &egui::Context, next: Next) {
        let arrival = match next {
            Next::Arrival(arrival) => arrival,
            Next::Nothing => return,
            Next::Closed => return self.end(ctx),
        };
        match arrival.message {
            ToWindow::Raise => ctx.send_viewport_cmd(egui::ViewportCommand::Focus),
            ToWindow::Close => self.end(ctx),
            _ => self.state.receive(arrival, self.now_ms()),
        }
    }

    /// Sends what waits; `true` if a command was among it.
    fn send_all(&mut self, ctx: &egui::Context) -> bool {
        let mut asked = false;
        for message in self.state.take_outgoing() {
            let Some(connection) = &mut self.connection else {
                return false;
            };
            asked |= matches!(message, FromWindow::Command(_));
            if connection.send(&message).is_err() {
                self.end(ctx);
            }
        }
        asked
    }

    fn end(&mut self, ctx: &egui::Context) {
        self.connection = None;
        self.state.link_closed();
        ctx.send_viewport_cmd(egui::ViewportCommand::Close);
    }
}

impl eframe::App for Shell {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.receive_all(ctx);
        let now_ms = self.now_ms();
        watch(ctx, &mut self.state, now_ms);
        if ctx.input(|input| input.viewport().close_requested())
            && let Some(connection) = &mut self.connection
            && connection.send(&FromWindow::Closing).is_err()
        {
            self.connection = None;
        }
        self.send_all(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        let now_ms = self.now_ms();
        self.state.set_wall(wall());
        listen(&ctx, &mut self.state, now_ms);
        if self.send_all(&ctx) && is_only_keys(&ctx) {
            self.receive_answer(&ctx);
        }
        let now_ms = self.now_ms();
        draw(ui, &mut self.state, now_ms);
        self.send_all(&ctx);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.state.link_closed();
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.extreme_bg_color.to_normalized_gamma_f32()
    }
}

/// The wall clock; the beginning of its scale if it stands before that.
fn wall() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let ms = since.map_or(0, |since| since.as_millis());
    Timestamp(i64::try_from(ms).unwrap_or(i64::MAX))
}

/// An environment variable of the window; empty if it is not set.
fn setting(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}
