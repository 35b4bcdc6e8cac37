//! One frame: cover what must be covered, read the keys, draw, carry out what was asked for.
//!
//! The order is the protection: everything that can end a look comes before anything that draws
//! one, and the column with the text field is drawn before the media.

use std::time::Duration;

use egui::accesskit::Role;
use egui::{Event, FocusDirection, Key, PointerButton, Ui, vec2};
use scrim_model::view::WordSpan;
use scrim_wire::window::{CoverWhy, FromWindow, ItemView, LookView, Screen};

use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Scene, region};
use crate::fonts::Font;
use crate::keys::{KeyAsk, KeyEvent, Situation};
use crate::limits::{LENS_STEP, SCALE_RANGE};
use crate::reading::span_id;
use crate::state::{Overlay, WindowState, is_blank};
use crate::theme::{self, Room, ThemeName, space};
use crate::view;

/// Makes `ctx` ready for [`window_ui`]: look and fonts. Once, before the first frame.
pub fn prepare(ctx: &egui::Context, theme: ThemeName, fallback_fonts: Vec<Font>) {
    crate::fonts::install(ctx, fallback_fonts);
    theme::apply(ctx, theme);
}

/// Covers if focus, visibility or time demand it. Part of every frame; the shell also calls it
/// when no frame is drawn (minimised).
pub fn watch(ctx: &egui::Context, state: &mut WindowState, now_ms: u64) {
    let (has_focus, is_hidden) = ctx.input(|input| {
        let lost = |event: &Event| matches!(event, Event::WindowFocused(false));
        let viewport = input.viewport();
        let hidden = viewport.minimized == Some(true) || viewport.occluded == Some(true);
        (input.focused && !input.events.iter().any(lost), hidden)
    });
    state.cover_if_due(has_focus, is_hidden, now_ms);
}

/// [`listen`], then [`draw`]. `now_ms`: any steady clock, the same as in [`WindowState::receive`].
pub fn window_ui(ui: &mut Ui, state: &mut WindowState, now_ms: u64) {
    listen(&ui.ctx().clone(), state, now_ms);
    draw(ui, state, now_ms);
}

/// Covers what must be covered and takes this frame's keys; nothing is drawn. What a key asked for
/// can be sent, and its answer received, before [`draw`] draws the same frame: see
/// [`is_only_keys`].
pub fn listen(ctx: &egui::Context, state: &mut WindowState, now_ms: u64) {
    clamp_scale(ctx);
    watch(ctx, state, now_ms);
    read_input(ctx, state, now_ms);
}

/// Whether nothing but keys that [`listen`] took was done in this frame. Only then may another item
/// take the place of the one on the screen before the frame is drawn: what was pressed with the
/// pointer, or with a key of the toolkit, was meant for what was on the screen.
#[must_use]
pub fn is_only_keys(ctx: &egui::Context) -> bool {
    let meant = |event: &Event| {
        matches!(
            event,
            Event::Key { .. }
                | Event::Text(_)
                | Event::Ime(_)
                | Event::Paste(_)
                | Event::PointerButton { .. }
                | Event::Touch { .. }
                | Event::AccessKitActionRequest(_)
        )
    };
    ctx.input(|input| !input.events.iter().any(meant) && !input.pointer.any_down())
}

/// Draws the window and takes what was asked for, after [`listen`] in the same frame.
pub fn draw(ui: &mut Ui, state: &mut WindowState, now_ms: u64) {
    let ctx = ui.ctx().clone();
    if state.in_text {
        state.cover(CoverWhy::TextField);
        state.pause(false);
    }
    state.play_on(now_ms);
    let revealed = state.looking.open().map(|open| open.id.clone());
    state.pictures.upload(&ctx, revealed.as_ref(), state.colour);
    if let Some(at_ms) = state.player.at_ms() {
        let reel = &mut state.pictures.reel;
        reel.upload(&ctx, at_ms, revealed.as_ref(), state.colour);
    }

    let mut asks = Vec::new();
    state.asks_presence = state.asks_presence_at(now_ms);
    let presented = draw_all(ui, state, &mut asks);
    state.clear_drawn = presented;
    if presented && let Some(reveal) = state.looking.presented() {
        state.send(FromWindow::Presented { reveal });
    }
    state.reading.wanted = None;
    for ask in asks {
        state.perform(ask, now_ms);
    }
    let title = view::title(state);
    if state.title != title {
        ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
        state.title = title;
    }
    if let Some(wait_ms) = state.next_frame_ms() {
        ctx.request_repaint_after(Duration::from_millis(wait_ms));
    }
    if let Some(at) = state.next_deadline_ms() {
        ctx.request_repaint_after(Duration::from_millis(at.saturating_sub(now_ms)));
    }
}

/// Whether clear pixels or clear words are in the frame.
fn draw_all(ui: &mut Ui, state: &mut WindowState, asks: &mut Vec<Ask>) -> bool {
    let palette = crate::theme::Palette::of(state.theme);
    state.settle_team();
    if state.overlay != Some(Overlay::CheckIn) {
        state.check_ins = None;
    }
    let screen = state.screen();
    let panel = |margin| egui::Frame::new().fill(palette.panel).inner_margin(margin);
    let room = Room::around(ui);
    let bar = || {
        panel(room.pick(
            theme::margin(space::M, space::S),
            theme::margin(space::S, space::XS),
        ))
    };
    if room == Room::Tight {
        let spacing = ui.spacing_mut();
        spacing.item_spacing = vec2(space::XS, space::XS);
        spacing.interact_size.y = theme::CONTROL_HEIGHT_TIGHT;
    }
    let (status, wellbeing) = (egui::Panel::top("status"), egui::Panel::bottom("wellbeing"));
    status.frame(bar()).show(ui, |ui| {
        let scene = Scene::of(state, palette);
        let label = scene.strings.text("region-status");
        region(ui, "region.status", &label, Role::Banner);
        view::status::status_ui(ui, &scene, &screen, asks);
    });
    if state.link_lost || is_blank(&screen) {
        return blank(ui, state, palette, &screen, asks);
    }
    wellbeing.frame(bar()).show(ui, |ui| {
        let scene = Scene::of(state, palette);
        let label = scene.strings.text("region-wellbeing");
        region(ui, "region.wellbeing", &label, Role::ContentInfo);
        view::wellbeing::wellbeing_ui(ui, &scene, &screen, asks);
    });
    let has_item = screen == Screen::Serving && state.item_id().is_some();
    if has_item && state.overlay.is_none() {
        return draw_item(ui, state, palette, asks);
    }
    let around = room.pick(
        theme::margin(space::M, space::M),
        theme::margin(space::S, space::S),
    );
    let ground = panel(around).fill(palette.ground);
    egui::CentralPanel::default().frame(ground).show(ui, |ui| {
        let mut note = std::mem::take(&mut state.correct_note);
        let mut question = std::mem::take(&mut state.question);
        let mut page = std::mem::take(&mut state.settings_page);
        let mut team = std::mem::take(&mut state.team);
        let wants_question = std::mem::take(&mut state.wants_question);
        let scene = Scene::of(state, palette);
        let label = scene.strings.text("region-item");
        region(ui, "region.item", &label, Role::Main);
        view::notices::notices_ui(ui, &scene, asks);
        let correction = scene.model.and_then(|model| model.correction.as_ref());
        match state.overlay {
            Some(Overlay::History) if correction.is_some() => {
                view::correct::correct_ui(ui, &scene, &mut note, asks);
            }
            Some(Overlay::Ask) => {
                view::ask::ask_ui(ui, &scene, (&mut question.words, wants_question), asks);
            }
            Some(Overlay::Settings) => {
                view::settings::settings_ui(ui, &scene, state.settings.as_deref(), &mut page, asks);
            }
            Some(Overlay::Privacy) => view::privacy::privacy_ui(ui, &scene, asks),
            Some(Overlay::CheckIn) => {
                view::checkin::page_ui(ui, &scene, state.check_ins.as_ref(), asks);
            }
            Some(Overlay::Team) => {
                view::team::team_ui(ui, &scene, state.today, &mut team, asks);
            }
            Some(Overlay::Help) => view::pages::help_ui(ui, &scene, asks),
            Some(Overlay::History) => view::pages::history_ui(ui, &scene, asks),
            Some(Overlay::Asked) => view::look::questions_ui(ui, &scene, asks),
            None => view::screens::screen_ui(ui, &scene, &screen, asks),
        }
        state.correct_note = note;
        state.question = question;
        state.settings_page = page;
        state.team = team;
    });
    read_focus(ui.ctx(), state);
    false
}

fn blank(
    ui: &mut Ui,
    state: &mut WindowState,
    palette: crate::theme::Palette,
    screen: &Screen,
    asks: &mut Vec<Ask>,
) -> bool {
    let ground = egui::Frame::new()
        .fill(palette.ground)
        .inner_margin(theme::margin(space::M, space::M));
    egui::CentralPanel::default().frame(ground).show(ui, |ui| {
        let mut passphrase = std::mem::take(&mut state.passphrase);
        let scene = Scene::of(state, palette);
        region(
            ui,
            "region.item",
            &scene.strings.text("region-item"),
            Role::Main,
        );
        match screen {
            Screen::Locked { key } if !scene.link_lost => {
                view::locked::locked_ui(ui, &scene, *key, &mut passphrase, asks);
            }
            _ => view::screens::screen_ui(ui, &scene, screen, asks),
        }
        state.passphrase = passphrase;
    });
    read_focus(ui.ctx(), state);
    false
}

fn draw_item(
    ui: &mut Ui,
    state: &mut WindowState,
    palette: crate::theme::Palette,
    asks: &mut Vec<Ask>,
) -> bool {
    let size = ui.ctx().content_rect().size();
    let room = Room::around(ui);
    let panel = egui::Frame::new()
        .fill(palette.panel)
        .inner_margin(room.pick(
            theme::margin(space::M, space::S),
            theme::margin(space::S, space::XS),
        ));
    let has_notices = state
        .model
        .as_ref()
        .is_some_and(|model| !model.notices.is_empty() || model.feedback.is_some());
    if room == Room::Tight && has_notices {
        // Over the whole width, so that they take few lines.
        egui::Panel::top("notices").frame(panel).show(ui, |ui| {
            view::notices::notices_ui(ui, &Scene::of(state, palette), asks);
        });
    }
    egui::Panel::bottom("actions").frame(panel).show(ui, |ui| {
        let scene = Scene::of(state, palette);
        let label = scene.strings.text("region-actions");
        region(ui, "region.actions", &label, Role::Toolbar);
        if look_of(&scene).is_some() {
            view::look::bar_ui(ui, &scene, asks);
        } else {
            view::decide::decide_ui(ui, &scene, asks);
        }
    });
    let width = (size.x * 0.29).clamp(room.pick(232.0, 208.0), 420.0);
    let side = egui::Panel::right("side")
        .resizable(false)
        .exact_size(width)
        .frame(panel);
    let mut note = std::mem::take(&mut state.note);
    let mut search = std::mem::take(&mut state.search);
    let mut answer = std::mem::take(&mut state.answer);
    let wants_note = std::mem::take(&mut state.wants_note);
    side.show(ui, |ui| {
        let scene = Scene::of(state, palette);
        let label = scene.strings.text("region-side");
        region(ui, "region.side", &label, Role::Complementary);
        match look_of(&scene) {
            Some(look) => {
                view::look::side_ui(ui, &scene, look, (&mut answer.words, wants_note), asks);
            }
            None => view::side::side_ui(ui, &scene, &mut search, &mut note, wants_note, asks),
        }
    });
    state.note = note;
    state.answer = answer;
    state.search = search;
    read_focus(ui.ctx(), state);
    if state.in_text {
        state.cover(CoverWhy::TextField);
        state.pause(false);
    }
    let ground = panel.fill(palette.ground);
    let centre = egui::CentralPanel::default().frame(ground).show(ui, |ui| {
        let scene = Scene::of(state, palette);
        let label = scene.strings.text("region-item");
        region(ui, "region.item", &label, Role::Main);
        view::item::item_ui(ui, &scene, asks)
    });
    centre.inner
}

/// The open item with the question that it is looked at for, if it is.
fn look_of<'a>(scene: &Scene<'a>) -> Option<(&'a ItemView, &'a LookView)> {
    let item = scene.model?.item.as_ref()?;
    Some((item, item.for_colleague.as_ref()?))
}

/// Which of the text fields has the focus.
fn read_focus(ctx: &egui::Context, state: &mut WindowState) {
    let focused = ctx.memory(|memory| memory.focused());
    state.search.has_focus = focused == Some(view::search::search_id());
    let fields = [
        view::side::note_id(),
        view::correct::note_id(),
        view::ask::field_id(),
        view::look::answer_id(),
        view::locked::field_id(),
    ];
    let in_settings = state.overlay == Some(Overlay::Settings)
        && focused.is_some_and(crate::settings_page::is_field);
    let in_team =
        state.overlay == Some(Overlay::Team) && focused.is_some_and(crate::team_page::is_field);
    state.in_text = in_team
        || in_settings
        || state.search.has_focus
        || fields.iter().any(|id| focused == Some(*id));
    let lost = |span: &WordSpan| focused != Some(span_id(span));
    if state.reading.focused.as_ref().is_some_and(lost) {
        state.reading.focused = None;
    }
}

fn read_input(ctx: &egui::Context, state: &mut WindowState, now_ms: u64) {
    if std::mem::take(&mut state.leaves_field) {
        ctx.memory_mut(egui::Memory::stop_text_input);
        state.in_text = false;
    }
    let was_in_text = state.in_text;
    let was_in_search = state.search.has_focus;
    if let Some(span) = state.reading.left.take() {
        ctx.memory_mut(|memory| memory.surrender_focus(span_id(&span)));
    }
    read_focus(ctx, state);
    let events = ctx.input(|input| input.events.clone());
    let mut ours = vec![false; events.len()];
    let mut used = false;
    let mut arrows = vec2(0.0, 0.0);
    for (event, ours) in events.iter().zip(&mut ours) {
        match event {
            Event::Key { .. } => {
                used = true;
                if was_in_search && is_escape(event) {
                    state.perform_key(KeyAsk::Do(Act::SearchClose));
                }
                *ours = take_key(state, event, was_in_text, now_ms);
                arrows += arrow(event);
            }
            // Shortcuts of the toolkit for the clipboard and typed text outside text fields.
            Event::Text(_) | Event::Ime(_) | Event::Paste(_) => *ours = !state.in_text,
            Event::Copy | Event::Cut | Event::PasteImage(_) => *ours = true,
            Event::PointerMoved(_) => {
                used = true;
                state.looking.moved(now_ms);
            }
            Event::PointerButton {
                button: PointerButton::Primary,
                pressed: false,
                ..
            } => {
                used = true;
                state.pointer_up(now_ms);
            }
            Event::PointerButton { .. } | Event::MouseWheel { .. } => used = true,
            _ => {}
        }
    }
    if used {
        state.active(now_ms);
    }
    let is_marking = state.marking.is_some();
    if (state.is_revealed() || is_marking) && arrows != vec2(0.0, 0.0) {
        if !is_marking {
            state.move_lens(arrows.x * LENS_STEP, arrows.y * LENS_STEP, now_ms);
        }
        ctx.memory_mut(|memory| memory.move_focus(FocusDirection::None));
    }
    if ours.contains(&true) {
        let mut keep = ours.into_iter().map(|ours| !ours);
        ctx.input_mut(|input| input.events.retain(|_| keep.next().unwrap_or(true)));
    }
}

/// Takes one key event; `true` if the toolkit must not see it.
fn take_key(state: &mut WindowState, event: &Event, was_in_text: bool, now_ms: u64) -> bool {
    let Event::Key {
        key,
        physical_key,
        pressed,
        repeat,
        modifiers,
    } = *event
    else {
        return false;
    };
    // Escape left the text field before this code ran; it must not close anything else as well.
    if key == Key::Escape && was_in_text {
        return false;
    }
    let key_event = KeyEvent {
        logical: key,
        physical: physical_key,
        pressed,
        repeat,
        shift: modifiers.shift,
        ctrl: modifiers.command || modifiers.ctrl,
        alt: modifiers.alt,
    };
    let at = Situation {
        contexts: state.contexts(),
        in_text: state.in_text,
        is_covered_all: state.is_covered_all(),
    };
    let scales = key_event.ctrl && matches!(key, Key::Equals | Key::Plus | Key::Minus | Key::Num0);
    let activates = key == Key::Enter && pressed && state.keys.is_guarded(now_ms);
    let ours = !scales && (state.keys.is_ours(key_event, at, now_ms) || activates);
    if let Some(ask) = state.keys.take(key_event, at, now_ms) {
        state.perform_key(ask);
    }
    ours
}

fn is_escape(event: &Event) -> bool {
    matches!(
        event,
        Event::Key {
            key: Key::Escape,
            pressed: true,
            ..
        }
    )
}

fn arrow(event: &Event) -> egui::Vec2 {
    let Event::Key {
        key, pressed: true, ..
    } = event
    else {
        return vec2(0.0, 0.0);
    };
    match key {
        Key::ArrowLeft => vec2(-1.0, 0.0),
        Key::ArrowRight => vec2(1.0, 0.0),
        Key::ArrowUp => vec2(0.0, -1.0),
        Key::ArrowDown => vec2(0.0, 1.0),
        _ => vec2(0.0, 0.0),
    }
}

/// The toolkit's own zoom keys go further than the window is designed for.
fn clamp_scale(ctx: &egui::Context) {
    let scale = ctx.zoom_factor();
    let clamped = scale.clamp(*SCALE_RANGE.start(), *SCALE_RANGE.end());
    if (scale - clamped).abs() > f32::EPSILON {
        ctx.set_zoom_factor(clamped);
    }
}
