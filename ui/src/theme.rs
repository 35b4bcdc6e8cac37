//! Colours, spacing, type and timing: the only place that names any of them.
//!
//! Neutral slate greys, one muted accent, four semantic hues that never stand alone (each has its
//! own shape, see [`Tone`]). A test computes the contrast of every pair that is drawn.

use egui::style::ScrollStyle;
use egui::{
    Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, TextStyle, Ui, Vec2, Visuals, vec2,
};

/// Which colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ThemeName {
    /// Light on dark.
    #[default]
    Dark,
    /// Dark on light.
    Light,
    /// Black and white, for those who need it.
    Contrast,
}

impl ThemeName {
    /// Every theme.
    pub const ALL: [Self; 3] = [Self::Dark, Self::Light, Self::Contrast];

    /// Reads `dark`, `light` or `contrast`; anything else is the default.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "contrast" => Self::Contrast,
            _ => Self::Dark,
        }
    }
}

/// What a control means. Each has a hue *and* a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Leave it: a ring.
    Fine,
    /// Take it down: a square.
    Stop,
    /// Less of it: a triangle.
    Less,
    /// Someone else: a diamond.
    Pass,
}

/// The colours of one theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Behind everything.
    pub ground: Color32,
    /// Bars and the side column.
    pub panel: Color32,
    /// Controls.
    pub raised: Color32,
    /// Words.
    pub text: Color32,
    /// Words of lower rank.
    pub weak: Color32,
    /// Outlines of controls.
    pub line: Color32,
    /// Hairlines between regions; carries no meaning.
    pub rule: Color32,
    /// The one accent: focus, selection.
    pub accent: Color32,
    /// Words on the accent.
    pub on_accent: Color32,
    /// Behind media and in place of them.
    pub medium: Color32,
    /// Errors, and nothing else.
    pub error: Color32,
    /// See [`Tone::Fine`].
    pub fine: Color32,
    /// See [`Tone::Stop`].
    pub stop: Color32,
    /// See [`Tone::Less`].
    pub less: Color32,
    /// See [`Tone::Pass`].
    pub pass: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    let [_, r, g, b] = hex.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

impl Palette {
    /// The colours of `name`.
    #[must_use]
    pub const fn of(name: ThemeName) -> Self {
        match name {
            ThemeName::Dark => Self {
                ground: rgb(0x1a_1e_23),
                panel: rgb(0x20_25_2b),
                raised: rgb(0x2a_30_37),
                text: rgb(0xe2_e6_ea),
                weak: rgb(0xaa_b4_be),
                line: rgb(0x7c_87_92),
                rule: rgb(0x33_3a_42),
                accent: rgb(0x7d_b3_be),
                on_accent: rgb(0x0e_16_19),
                medium: rgb(0x30_36_3d),
                error: rgb(0xe6_96_8c),
                fine: rgb(0x93_bd_9c),
                stop: rgb(0xc9_a5_cf),
                less: rgb(0xd2_b6_7c),
                pass: rgb(0x98_b5_dc),
            },
            ThemeName::Light => Self {
                ground: rgb(0xe9_ec_ef),
                panel: rgb(0xf2_f4_f6),
                raised: rgb(0xfa_fb_fc),
                text: rgb(0x1e_24_2a),
                weak: rgb(0x4b_55_5f),
                line: rgb(0x72_7c_86),
                rule: rgb(0xcd_d3_d9),
                accent: rgb(0x2b_65_73),
                on_accent: rgb(0xff_ff_ff),
                medium: rgb(0xd4_d9_de),
                error: rgb(0x9c_2b_21),
                fine: rgb(0x2d_65_3a),
                stop: rgb(0x72_3f_7c),
                less: rgb(0x6e_51_10),
                pass: rgb(0x2f_54_8a),
            },
            ThemeName::Contrast => Self {
                ground: rgb(0x00_00_00),
                panel: rgb(0x00_00_00),
                raised: rgb(0x12_12_12),
                text: rgb(0xff_ff_ff),
                weak: rgb(0xe0_e0_e0),
                line: rgb(0xff_ff_ff),
                rule: rgb(0x8a_8a_8a),
                accent: rgb(0x8f_dc_ea),
                on_accent: rgb(0x00_00_00),
                medium: rgb(0x20_20_20),
                error: rgb(0xff_b0_a6),
                fine: rgb(0xa8_e6_b4),
                stop: rgb(0xea_c4_f0),
                less: rgb(0xf5_d7_90),
                pass: rgb(0xb4_d2_ff),
            },
        }
    }

    /// The hue of a tone.
    #[must_use]
    pub const fn tone(&self, tone: Tone) -> Color32 {
        match tone {
            Tone::Fine => self.fine,
            Tone::Stop => self.stop,
            Tone::Less => self.less,
            Tone::Pass => self.pass,
        }
    }
}

/// Spacing, in points.
pub mod space {
    /// Between things that belong together.
    pub const XS: f32 = 4.0;
    /// Between controls.
    pub const S: f32 = 8.0;
    /// Around regions.
    pub const M: f32 = 16.0;
    /// Between groups.
    pub const L: f32 = 24.0;
}

/// How much room there is. A screen of 1280 × 800 pixels at 200 % has 640 × 400 points: there,
/// everything that a decision needs is kept and drawn smaller, and what only explains it is shortened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// From 900 × 560 points on.
    Wide,
    /// Anything less.
    Tight,
}

impl Room {
    /// Smallest window that is not tight, in points.
    const WIDE: Vec2 = vec2(900.0, 560.0);

    /// The room in the window that `ui` belongs to.
    #[must_use]
    pub fn around(ui: &Ui) -> Self {
        let size = ui.ctx().content_rect().size();
        if size.x < Self::WIDE.x || size.y < Self::WIDE.y {
            Self::Tight
        } else {
            Self::Wide
        }
    }

    /// `wide` or `tight`, whichever the room is.
    #[must_use]
    pub fn pick<T>(self, wide: T, tight: T) -> T {
        match self {
            Self::Wide => wide,
            Self::Tight => tight,
        }
    }
}

/// Corner radius, in points.
pub const CORNER: u8 = 6;
/// Height of a control, in points; never under 28.
pub const CONTROL_HEIGHT: f32 = 32.0;
/// Height of a control where there is little room, in points.
pub const CONTROL_HEIGHT_TIGHT: f32 = 28.0;
/// Height of a line of words that has stretches to press, in points; never under 28.
pub const LINE_WITH_SPANS: f32 = 28.0;
/// Height of a conversation's time line, in points.
pub const TIME_LINE: f32 = 20.0;
/// Width of the focus ring, in points.
pub const FOCUS_RING: f32 = 2.0;
/// Type sizes: notes, words, titles.
pub const TYPE: [f32; 3] = [13.0, 15.0, 19.0];

/// Makes `ctx` look like `name`: no animation, no blinking, no shadow, no link colours.
pub fn apply(ctx: &egui::Context, name: ThemeName) {
    let palette = Palette::of(name);
    let egui_theme = match name {
        ThemeName::Light => egui::Theme::Light,
        ThemeName::Dark | ThemeName::Contrast => egui::Theme::Dark,
    };
    ctx.set_theme(egui_theme);
    ctx.all_styles_mut(|style| {
        let [small, body, title] = TYPE;
        let font = |size| FontId::new(size, FontFamily::Proportional);
        style.text_styles = [
            (TextStyle::Small, font(small)),
            (TextStyle::Body, font(body)),
            (TextStyle::Button, font(body)),
            (TextStyle::Heading, font(title)),
            (
                TextStyle::Monospace,
                FontId::new(small, FontFamily::Monospace),
            ),
        ]
        .into();
        style.animation_time = 0.0;
        style.scroll_animation = egui::style::ScrollAnimation::none();
        style.explanation_tooltips = false;
        style.url_in_tooltip = false;
        style.spacing.item_spacing = vec2(space::S, space::S);
        style.spacing.button_padding = vec2(space::S, space::XS);
        style.spacing.interact_size = vec2(CONTROL_HEIGHT, CONTROL_HEIGHT);
        style.spacing.scroll = scroll();
        style.interaction.selectable_labels = false;
        style.interaction.tooltip_delay = 0.6;
        style.visuals = visuals(&palette, name);
    });
}

/// Bars lie in a margin that is always kept free for them: nothing moves when one comes or goes.
fn scroll() -> ScrollStyle {
    let mut scroll = ScrollStyle {
        floating: true,
        content_margin: Margin {
            right: (2.0 * space::S) as i8,
            ..Margin::ZERO
        },
        bar_width: space::S,
        bar_outer_margin: 0.0,
        floating_width: space::S,
        floating_allocated_width: 0.0,
        dormant_background_opacity: 1.0,
        active_background_opacity: 1.0,
        interact_background_opacity: 1.0,
        dormant_handle_opacity: 1.0,
        active_handle_opacity: 1.0,
        interact_handle_opacity: 1.0,
        ..ScrollStyle::solid()
    };
    scroll.fade.strength = 0.0;
    scroll.kinetic.decay_time = 0.0;
    scroll
}

fn visuals(palette: &Palette, name: ThemeName) -> Visuals {
    let mut visuals = if name == ThemeName::Light {
        Visuals::light()
    } else {
        Visuals::dark()
    };
    visuals.panel_fill = palette.panel;
    visuals.window_fill = palette.panel;
    visuals.window_stroke = Stroke::new(1.0, palette.line);
    visuals.extreme_bg_color = palette.ground;
    visuals.faint_bg_color = palette.raised;
    visuals.text_edit_bg_color = Some(palette.raised);
    visuals.override_text_color = Some(palette.text);
    visuals.weak_text_color = Some(palette.weak);
    visuals.hyperlink_color = palette.text;
    visuals.warn_fg_color = palette.less;
    visuals.error_fg_color = palette.error;
    visuals.selection.bg_fill = palette.accent.gamma_multiply(0.35);
    visuals.selection.stroke = Stroke::new(FOCUS_RING, palette.accent);
    visuals.text_cursor.blink = false;
    visuals.text_cursor.stroke = Stroke::new(2.0, palette.accent);
    visuals.popup_shadow = egui::Shadow::NONE;
    visuals.window_shadow = egui::Shadow::NONE;
    visuals.image_loading_spinners = false;
    visuals.interact_cursor = None;
    let widgets = &mut visuals.widgets;
    for widget in [
        &mut widgets.noninteractive,
        &mut widgets.inactive,
        &mut widgets.hovered,
        &mut widgets.active,
        &mut widgets.open,
    ] {
        widget.corner_radius = CornerRadius::same(CORNER);
        // Only the handles of scroll bars are drawn with it.
        widget.bg_fill = palette.line;
        widget.weak_bg_fill = palette.raised;
        widget.bg_stroke = Stroke::new(1.0, palette.line);
        widget.fg_stroke = Stroke::new(1.0, palette.text);
        widget.expansion = 0.0;
    }
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, palette.rule);
    visuals
}

/// A region's inner margin.
#[must_use]
pub fn margin(horizontal: f32, vertical: f32) -> Margin {
    // Spacing constants are small whole numbers; the casts are exact.
    Margin::symmetric(horizontal as i8, vertical as i8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG 2.2, "relative luminance" and "contrast ratio".
    fn contrast(a: Color32, b: Color32) -> f64 {
        let luminance = |c: Color32| {
            let channel = |v: u8| {
                let v = f64::from(v) / 255.0;
                if v <= 0.04045 {
                    v / 12.92
                } else {
                    ((v + 0.055) / 1.055).powf(2.4)
                }
            };
            0.2126 * channel(c.r()) + 0.7152 * channel(c.g()) + 0.0722 * channel(c.b())
        };
        let (x, y) = (luminance(a), luminance(b));
        (x.max(y) + 0.05) / (x.min(y) + 0.05)
    }

    #[test]
    fn the_measure_is_right() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
    }

    #[test]
    fn every_pair_of_every_theme_can_be_read() {
        for name in ThemeName::ALL {
            let p = Palette::of(name);
            for ground in [p.ground, p.panel, p.raised, p.medium] {
                for (what, words) in [
                    ("text", p.text),
                    ("weak", p.weak),
                    ("error", p.error),
                    ("fine", p.fine),
                    ("stop", p.stop),
                    ("less", p.less),
                    ("pass", p.pass),
                    ("accent", p.accent),
                ] {
                    let ratio = contrast(words, ground);
                    assert!(ratio >= 4.5, "{name:?} {what} on {ground:?}: {ratio:.2}");
                }
            }
            for ground in [p.ground, p.panel, p.raised] {
                let ratio = contrast(p.line, ground);
                assert!(ratio >= 3.0, "{name:?} line on {ground:?}: {ratio:.2}");
            }
            assert!(contrast(p.on_accent, p.accent) >= 4.5, "{name:?}");
        }
    }
}
