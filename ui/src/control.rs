//! The window's own widgets, made from rows of the action table: visible key beside the name,
//! role, label and author id, a focus ring, at least 28 points high.

use std::sync::Arc;

use egui::accesskit::{Live, Role};
use egui::{
    Align2, Color32, FontId, Galley, Key, Pos2, Rect, Response, RichText, Sense, Shape, Stroke,
    StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use scrim_model::ActionKind;
use scrim_model::text::{cut_chars, made_visible};
use scrim_wire::window::WindowModel;

use crate::actions::{Act, Chord, Hand, act_of, action};
use crate::asks::Ask;
use crate::limits::TEXT_CHARS_MAX;
use crate::looking::Open;
use crate::marking::Marking;
use crate::picture::Pictures;
use crate::player::Player;
use crate::reading::Reading;
use crate::state::WindowState;
use crate::strings::Strings;
use crate::theme::{
    CONTROL_HEIGHT, CONTROL_HEIGHT_TIGHT, CORNER, FOCUS_RING, Palette, Room, TYPE, Tone, space,
};

/// What a view may read.
pub(crate) struct Scene<'a> {
    pub(crate) model: Option<&'a WindowModel>,
    pub(crate) strings: &'a Strings,
    pub(crate) palette: Palette,
    pub(crate) hand: Hand,
    pub(crate) pictures: &'a Pictures,
    pub(crate) playing: Shown<'a>,
    pub(crate) looking: Option<&'a Open>,
    pub(crate) colour: bool,
    pub(crate) lens: Pos2,
    /// As a share of the displayed long side.
    pub(crate) lens_radius: f32,
    pub(crate) zoom: u8,
    /// Largest share of the window's area that a medium may take.
    pub(crate) media_max: f32,
    pub(crate) link_lost: bool,
    pub(crate) reading: &'a Reading,
    pub(crate) marking: Option<Marking>,
}

/// What of a film that plays may be shown.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub(crate) player: &'a Player,
    /// The sound key is down, or was tapped.
    pub(crate) wants_sound: bool,
    /// It is allowed to be heard.
    pub(crate) is_heard: bool,
    /// There is somewhere to play to.
    pub(crate) has_speaker: bool,
    /// It will be paused soon.
    pub(crate) asks_presence: bool,
}

impl<'a> Scene<'a> {
    pub(crate) fn of(state: &'a WindowState, palette: Palette) -> Self {
        Self {
            model: state.model.as_deref(),
            strings: &state.strings,
            palette,
            hand: state.keys.hand,
            pictures: &state.pictures,
            playing: Shown {
                player: &state.player,
                wants_sound: state.wants_sound(),
                is_heard: state.is_heard(),
                has_speaker: !state.sounding.is_absent(),
                asks_presence: state.asks_presence,
            },
            looking: state.looking.open(),
            colour: state.colour,
            lens: state.lens,
            lens_radius: state.lens_radius(),
            zoom: state.zoom,
            media_max: state.media_max(),
            link_lost: state.link_lost,
            reading: &state.reading,
            marking: state.marking,
        }
    }

    /// What people are told an action is called.
    pub(crate) fn action_name(&self, kind: &ActionKind) -> String {
        match act_of(kind) {
            Some(act) => self.strings.text(action(act).words),
            None => self
                .strings
                .with("action-other", &[("name", outside(kind.as_str()).into())]),
        }
    }

    /// A line of lower rank.
    pub(crate) fn weak(&self, words: impl Into<String>) -> RichText {
        RichText::new(words).size(TYPE[0]).color(self.palette.weak)
    }

    /// The title of a group.
    pub(crate) fn title(&self, words: impl Into<String>) -> RichText {
        RichText::new(words)
            .size(TYPE[0])
            .color(self.palette.weak)
            .strong()
    }

    /// The first key of `act`, as it stands on the keyboard.
    pub(crate) fn key(&self, act: Act) -> Option<String> {
        let chord = action(act).keys_for(self.hand).first()?;
        Some(chord_text(*chord, self.strings))
    }
}

/// Words that came from outside, as they may be drawn.
pub(crate) fn outside(words: &str) -> String {
    made_visible(&cut_chars(words, TEXT_CHARS_MAX))
}

/// `Shift+R`, `Space`, `?`.
pub(crate) fn chord_text(chord: Chord, strings: &Strings) -> String {
    let name = match chord.key {
        Key::Space => strings.text("key-space"),
        Key::Enter => strings.text("key-enter"),
        Key::Escape => strings.text("key-esc"),
        Key::Backspace => strings.text("key-backspace"),
        Key::Minus => "-".to_owned(),
        Key::Equals => "=".to_owned(),
        Key::Plus => "+".to_owned(),
        Key::Slash => "/".to_owned(),
        Key::Backslash => "\\".to_owned(),
        Key::Semicolon => ";".to_owned(),
        Key::OpenBracket => "[".to_owned(),
        Key::CloseBracket => "]".to_owned(),
        Key::ArrowLeft => "←".to_owned(),
        Key::ArrowRight => "→".to_owned(),
        Key::ArrowUp => "↑".to_owned(),
        Key::ArrowDown => "↓".to_owned(),
        Key::Comma => ",".to_owned(),
        Key::Period => ".".to_owned(),
        Key::Questionmark => "?".to_owned(),
        Key::PageUp => strings.text("key-page-up"),
        Key::PageDown => strings.text("key-page-down"),
        key => key.name().to_owned(),
    };
    let with = |held: bool, words: &str| match held {
        true => strings.text(words) + "+",
        false => String::new(),
    };
    with(chord.ctrl, "key-ctrl") + &with(chord.shift, "key-shift") + &name
}

/// Marks the panel that is being drawn as a landmark.
pub(crate) fn region(ui: &Ui, id: &str, label: &str, role: Role) {
    ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
        node.set_role(role);
        node.set_label(label);
        node.set_author_id(id);
    });
}

/// A line that a screen reader says when it changes, without interrupting.
pub(crate) fn polite(ui: &mut Ui, id: &str, words: RichText) -> Response {
    let response = ui.label(words);
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_live(Live::Polite);
        node.set_author_id(id);
    });
    response
}

/// What is written on a control, with the sizes of its parts.
struct Laid {
    width: f32,
    hides_name: bool,
    key: Option<Arc<Galley>>,
    key_width: f32,
    shape_width: f32,
    gap: f32,
    pad: f32,
    name: Arc<Galley>,
    ink: Color32,
    weak: Color32,
}

/// One control.
pub(crate) struct Control {
    id: String,
    name: String,
    help: String,
    key: Option<String>,
    tone: Option<Tone>,
    selected: Option<bool>,
    enabled: bool,
    width: Option<f32>,
    dim_key: bool,
    brief: bool,
    bare: bool,
}

impl Control {
    /// The control of a row.
    pub(crate) fn of(scene: &Scene<'_>, act: Act) -> Self {
        let row = action(act);
        let name = match act {
            Act::Digit(n) | Act::Priority(n) => scene.strings.count(row.words, n.into()),
            _ => scene.strings.text(row.words),
        };
        Self {
            help: scene.strings.text(&format!("{}.help", row.words)),
            key: scene.key(act),
            tone: row.tone,
            ..Self::plain(row.id, name)
        }
    }

    /// A control without a row: one of many of a kind.
    pub(crate) fn plain(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            help: String::new(),
            key: None,
            tone: None,
            selected: None,
            enabled: true,
            width: None,
            dim_key: false,
            brief: false,
            bare: false,
        }
    }

    /// What a screen reader adds, and what is shown when the pointer rests on it.
    pub(crate) fn about(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Another name than its row's: the same act means something else here.
    pub(crate) fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    pub(crate) fn keyed(mut self, key: impl Into<String>, counts_now: bool) -> Self {
        self.key = Some(key.into());
        self.dim_key = !counts_now;
        self
    }

    pub(crate) fn selected(mut self, selected: bool) -> Self {
        self.selected = Some(selected);
        self
    }

    pub(crate) fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    pub(crate) fn wide(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// Where there is little room, only its key is drawn; its name is said when the pointer rests on
    /// it, and by screen readers.
    pub(crate) fn brief(mut self) -> Self {
        self.brief = true;
        self
    }

    /// Only its key is drawn, however much room there is.
    pub(crate) fn bare(mut self) -> Self {
        self.bare = true;
        self
    }

    /// Draws it; pushes `ask` when it is clicked.
    pub(crate) fn show(self, ui: &mut Ui, scene: &Scene<'_>, ask: Ask, asks: &mut Vec<Ask>) {
        if self.draw(ui, &scene.palette).clicked() {
            asks.push(ask);
        }
    }

    /// Draws it, and nothing is asked for: what it does is the page's own affair.
    pub(crate) fn respond(self, ui: &mut Ui, scene: &Scene<'_>) -> Response {
        self.draw(ui, &scene.palette)
    }

    /// How wide it is drawn, in points.
    pub(crate) fn width(&self, ui: &Ui, scene: &Scene<'_>) -> f32 {
        self.lay(ui, &scene.palette).width
    }

    /// What is written on it. A name that is wider than where it stands ends with an ellipsis.
    fn lay(&self, ui: &Ui, palette: &Palette) -> Laid {
        let room = Room::around(ui);
        let name_font = FontId::proportional(room.pick(TYPE[1], TYPE[0]));
        let pad = room.pick(space::S, 5.0);
        let gap = room.pick(space::S, space::XS);
        let is_bare = (self.bare || self.brief && room == Room::Tight) && self.key.is_some();
        let key_font = FontId::proportional(TYPE[0]);
        let is_selected = self.selected == Some(true);
        let ink = match (self.enabled, is_selected) {
            (false, _) => palette.weak,
            (true, true) => palette.on_accent,
            (true, false) => palette.text,
        };
        let weak = if is_selected { ink } else { palette.weak };
        let painter = ui.painter();
        let key = self.key.as_ref().map(|key| {
            let colour = if self.dim_key { weak } else { ink };
            painter.layout_no_wrap(key.clone(), key_font.clone(), colour)
        });
        let key_width = key.as_ref().map_or(0.0, |galley| {
            galley.size().x.max(8.0) + room.pick(10.0, 8.0) + gap
        });
        let shape_width = self.tone.map_or(0.0, |_| 10.0 + 6.0);
        let around = 2.0 * pad + key_width + shape_width;
        let most = self.width.unwrap_or(f32::INFINITY);
        let name_room = (most.min(ui.max_rect().width()) - around).max(1.0);
        let drawn = if is_bare {
            String::new()
        } else {
            self.name.clone()
        };
        let job = egui::text::LayoutJob {
            wrap: egui::text::TextWrapping::truncate_at_width(name_room),
            ..egui::text::LayoutJob::simple_singleline(drawn, name_font, ink)
        };
        let name = painter.layout_job(job);
        let around = if is_bare { around - gap } else { around };
        Laid {
            width: self.width.unwrap_or(around + name.size().x),
            // What is not drawn in full is said when the pointer rests on it.
            hides_name: is_bare || name.elided,
            key,
            key_width,
            shape_width,
            gap,
            pad,
            name,
            ink,
            weak,
        }
    }

    fn draw(self, ui: &mut Ui, palette: &Palette) -> Response {
        let laid = self.lay(ui, palette);
        let room = Room::around(ui);
        let size = vec2(laid.width, room.pick(CONTROL_HEIGHT, CONTROL_HEIGHT_TIGHT));
        let (_, rect) = ui.allocate_space(size);
        let sense = if self.enabled {
            Sense::click()
        } else {
            Sense::hover()
        };
        let response = ui.interact(rect, ui.make_persistent_id(&self.id), sense);
        if response.gained_focus() {
            // What the keyboard has reached is in sight.
            response.scroll_to_me(None);
        }
        let is_selected = self.selected == Some(true);
        paint_ground(ui, &response, rect, is_selected, self.enabled, palette);
        let hides_name = laid.hides_name;
        self.paint(ui, palette, rect, laid);
        self.describe(ui, &response);
        match (self.help.is_empty(), hides_name) {
            (true, false) => response,
            (true, true) => response.on_hover_text(self.name),
            (false, true) => response.on_hover_text(format!("{}. {}", self.name, self.help)),
            (false, false) => response.on_hover_text(self.help),
        }
    }

    /// Draws what is written on it.
    fn paint(&self, ui: &Ui, palette: &Palette, rect: Rect, laid: Laid) {
        let ink = laid.ink;
        let mut x = rect.left() + laid.pad;
        if let Some(galley) = laid.key {
            let size = vec2(laid.key_width - laid.gap, 20.0);
            let cap = Rect::from_min_size(pos2(x, rect.center().y - 10.0), size);
            let line = Stroke::new(1.0, laid.weak);
            ui.painter().rect_stroke(cap, 4.0, line, StrokeKind::Inside);
            ui.painter()
                .galley(cap.center() - galley.size() / 2.0, galley, ink);
            x += laid.key_width;
        }
        if let Some(tone) = self.tone {
            let is_selected = self.selected == Some(true);
            let colour = if is_selected { ink } else { palette.tone(tone) };
            paint_tone(ui, pos2(x + 5.0, rect.center().y), tone, colour);
            x += laid.shape_width;
        }
        let name_at = pos2(x, rect.center().y - laid.name.size().y / 2.0);
        ui.painter().galley(name_at, laid.name, ink);
    }

    fn describe(&self, ui: &Ui, response: &Response) {
        let (name, enabled, selected) = (self.name.clone(), self.enabled, self.selected);
        response.widget_info(|| match selected {
            Some(on) => WidgetInfo::selected(Role::Button, enabled, on, &name),
            None => WidgetInfo::labeled(Role::Button, enabled, &name),
        });
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_author_id(self.id.as_str());
            if let Some(key) = &self.key {
                node.set_keyboard_shortcut(key.as_str());
            }
            if !self.help.is_empty() {
                node.set_description(self.help.as_str());
            }
        });
    }
}

fn paint_ground(
    ui: &Ui,
    response: &Response,
    rect: Rect,
    is_selected: bool,
    enabled: bool,
    palette: &Palette,
) {
    let fill = match (is_selected, enabled) {
        (true, _) => palette.accent,
        (false, true) => palette.raised,
        (false, false) => Color32::TRANSPARENT,
    };
    let hovered = response.hovered() && enabled;
    let line = if hovered { palette.text } else { palette.line };
    let line = if enabled { line } else { palette.rule };
    ui.painter().rect(
        rect,
        CORNER,
        fill,
        Stroke::new(1.0, line),
        StrokeKind::Inside,
    );
    if response.has_focus() {
        let ring = Stroke::new(FOCUS_RING, palette.accent);
        ui.painter()
            .rect_stroke(rect.expand(2.0), CORNER + 2, ring, StrokeKind::Outside);
    }
}

/// The shape that goes with a hue, so that nothing is said by colour alone.
pub(crate) fn paint_tone(ui: &Ui, at: Pos2, tone: Tone, colour: Color32) {
    let painter = ui.painter();
    let corner = |x: f32, y: f32| at + vec2(x, y);
    let filled = |points: Vec<Pos2>| Shape::convex_polygon(points, colour, Stroke::NONE);
    match tone {
        Tone::Fine => {
            painter.circle_stroke(at, 4.0, Stroke::new(2.0, colour));
        }
        Tone::Stop => {
            painter.rect_filled(Rect::from_center_size(at, Vec2::splat(8.0)), 0.0, colour);
        }
        Tone::Less => {
            painter.add(filled(vec![
                corner(-5.0, -4.0),
                corner(5.0, -4.0),
                corner(0.0, 5.0),
            ]));
        }
        Tone::Pass => {
            let points = [(0.0, -5.5), (5.5, 0.0), (0.0, 5.5), (-5.5, 0.0)];
            painter.add(filled(points.map(|(x, y)| corner(x, y)).to_vec()));
        }
    }
}

/// A word in a box that is no control: as it is drawn, and as it is said.
pub(crate) fn badge(
    ui: &mut Ui,
    id: &str,
    (drawn, said): (&str, &str),
    ink: Color32,
    line: Color32,
) -> Response {
    let galley = ui
        .painter()
        .layout_no_wrap(drawn.to_owned(), FontId::proportional(TYPE[0]), ink);
    let size = vec2(galley.size().x + 2.0 * space::S, 24.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    ui.painter()
        .rect_stroke(rect, CORNER, Stroke::new(1.0, line), StrokeKind::Inside);
    ui.painter().galley(
        Align2::CENTER_CENTER
            .anchor_size(rect.center(), galley.size())
            .min,
        galley,
        ink,
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said));
    ui.ctx()
        .accesskit_node_builder(response.id, |node| node.set_author_id(id));
    response
}
