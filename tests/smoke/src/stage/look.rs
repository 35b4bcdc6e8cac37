//! How a stage's window looks, and the window without a display.

use egui_kittest::Harness;
use scrim_model::Timestamp;
use scrim_window::actions::Hand;
use scrim_window::theme::ThemeName;
use scrim_window::{WindowState, prepare, window_ui};

use crate::chosen::chosen;
use crate::clock::TurnedClock;

/// How the stage looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) theme: ThemeName,
    pub(crate) size: (f32, f32),
    pub(crate) scale: f32,
    /// Behind the built-in fonts, as the real window has them. Journeys need none.
    pub(crate) fonts: &'static [SystemFont],
}

/// Name and bytes.
pub(crate) type SystemFont = (String, Vec<u8>);

impl Default for Look {
    fn default() -> Self {
        let chosen = chosen();
        let scale = f32::from(chosen.scale_pct) / 100.0;
        Self {
            theme: chosen.theme.name(),
            size: (1280.0 / scale, 800.0 / scale),
            scale,
            fonts: &[],
        }
    }
}

/// A window in the words of this run.
pub(crate) fn window(look: Look, clock: &TurnedClock) -> Harness<'static, WindowState> {
    let clock = clock.clone();
    let harness = Harness::builder()
        .with_size(look.size)
        .with_pixels_per_point(look.scale)
        .allow_missing_glyphs()
        .with_render_cursor(false)
        .wgpu()
        .build_ui_state(
            move |ui, state: &mut WindowState| {
                state.set_wall(Timestamp(clock.utc_ms()));
                window_ui(ui, state, clock.ms());
            },
            WindowState::speaking(chosen().locale.strings(), look.theme, Hand::Right),
        );
    let fonts = look.fonts.iter();
    let fonts = fonts.map(|(name, bytes)| (name.clone(), bytes.as_slice().into()));
    prepare(&harness.ctx, look.theme, fonts.collect());
    harness
}
