//! An item's texts as a thread: sides, a time line with the flagged ones, and long pauses said.

use egui::accesskit::Role;
use egui::{Align, Frame, RichText, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use scrim_model::Timestamp;
use scrim_model::item::TranslatedBy;
use scrim_model::view::WordPlace;
use scrim_wire::window::{ItemView, TextView};

use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, outside, paint_tone, polite};
use crate::limits::PAUSE_SAID_MS;
use crate::reading::{TextAt, flagged, languages, shown};
use crate::theme::{CORNER, FOCUS_RING, TIME_LINE, Tone, margin, space};
use crate::view::words::{body_ui, is_from_right};

/// Share of the width that a message of a conversation takes.
const MESSAGE_WIDTH: f32 = 0.86;

/// What stands above the item's texts: where the moderator is, and the keys to go on.
pub(crate) fn head_ui(ui: &mut Ui, scene: &Scene<'_>, item: &ItemView, asks: &mut Vec<Ask>) {
    let marked = flagged(item);
    let of = (item.texts.len() + item.context.len()) as u64;
    if of < 2 && marked.is_empty() && languages(item) == 0 {
        return;
    }
    if of > 1 {
        time_line_ui(ui, scene, item);
    }
    ui.horizontal_wrapped(|ui| {
        if !marked.is_empty() {
            let previous = Control::of(scene, Act::FlaggedPrevious).brief();
            previous.show(ui, scene, Ask::Act(Act::FlaggedPrevious), asks);
            let next = Control::of(scene, Act::FlaggedNext);
            next.show(ui, scene, Ask::Act(Act::FlaggedNext), asks);
        }
        if languages(item) > 0 {
            let translation = Control::of(scene, Act::Translation);
            let translation = translation.selected(scene.reading.language > 0);
            translation.show(ui, scene, Ask::Act(Act::Translation), asks);
        }
        let flagged = marked.len() as u64;
        let words = match scene.reading.current.and_then(|at| number_of(item, at)) {
            Some(n) => {
                let values = [
                    ("n", n.into()),
                    ("of", of.into()),
                    ("flagged", flagged.into()),
                ];
                scene.strings.with("words-position", &values)
            }
            None => {
                let values = [("n", of.into()), ("flagged", flagged.into())];
                scene.strings.with("words-count", &values)
            }
        };
        polite(ui, "words.position", scene.weak(words));
    });
}

/// A text's number among all of the item, from 1.
fn number_of(item: &ItemView, (place, n): TextAt) -> Option<u64> {
    let before = match place {
        WordPlace::Text => 0,
        WordPlace::Context => item.texts.len() as u64,
        WordPlace::Report | WordPlace::Appeal => return None,
    };
    Some(before + u64::from(n) + 1)
}

/// One mark a text in reading order; flagged ones have a shape and a hue, the current one a ring.
fn time_line_ui(ui: &mut Ui, scene: &Scene<'_>, item: &ItemView) {
    let all: Vec<(TextAt, &TextView)> = places(item).collect();
    let size = vec2(ui.available_width(), TIME_LINE);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let rail = Stroke::new(1.0, scene.palette.rule);
    ui.painter().hline(rect.x_range(), rect.center().y, rail);
    let step = (rect.width() - TIME_LINE) / (all.len().max(2) - 1) as f32;
    for (n, (at, text)) in all.iter().enumerate() {
        let x = rect.left() + TIME_LINE / 2.0 + step * n as f32;
        let centre = pos2(x, rect.center().y);
        if text.flagged {
            paint_tone(ui, centre, Tone::Less, scene.palette.tone(Tone::Less));
        } else {
            let tick = Stroke::new(1.0, scene.palette.weak);
            ui.painter().vline(x, centre.y - 4.0..=centre.y + 4.0, tick);
        }
        if scene.reading.current == Some(*at) {
            let ring = Stroke::new(FOCUS_RING, scene.palette.accent);
            ui.painter()
                .circle_stroke(centre, TIME_LINE / 2.0 - 1.0, ring);
        }
    }
    let flagged = all.iter().filter(|(_, text)| text.flagged).count() as u64;
    let values = [
        ("n", (all.len() as u64).into()),
        ("flagged", flagged.into()),
    ];
    let spoken = scene.strings.with("time-line", &values);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
    ui.ctx()
        .accesskit_node_builder(response.id, |node| node.set_author_id("words.time_line"));
}

/// All texts with their places, in reading order.
fn places(item: &ItemView) -> impl Iterator<Item = (TextAt, &TextView)> {
    let texts = item.texts.iter().zip(0_u32..);
    let context = item.context.iter().zip(0_u32..);
    let texts = texts.map(|(text, n)| ((WordPlace::Text, n), text));
    texts.chain(context.map(|(text, n)| ((WordPlace::Context, n), text)))
}

/// A thread: the first speaker on the left, everyone else on the right.
pub(crate) fn thread_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    place: WordPlace,
    texts: &[TextView],
    asks: &mut Vec<Ask>,
) {
    let first = texts.first().map(|text| text.role.as_str());
    let mut before: Option<Timestamp> = None;
    for (text, n) in texts.iter().zip(0_u32..) {
        if let Some(words) = pause(scene, before, text.at) {
            ui.vertical_centered(|ui| ui.label(scene.weak(words)));
        }
        before = text.at.or(before);
        let is_message = text.role.starts_with("message");
        let is_answer = is_message && first != Some(text.role.as_str());
        let room = ui.available_width();
        let width = room * if is_message { MESSAGE_WIDTH } else { 1.0 };
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            if is_answer {
                ui.add_space(room - width);
            }
            ui.vertical(|ui| {
                ui.set_width(width);
                text_ui(ui, scene, (place, n), text, asks);
            });
        });
    }
}

/// “2 days later”, if it was long.
fn pause(scene: &Scene<'_>, before: Option<Timestamp>, at: Option<Timestamp>) -> Option<String> {
    let ms = at?.since_ms(before?);
    if ms < PAUSE_SAID_MS {
        return None;
    }
    let hours = ms.unsigned_abs() / 3_600_000;
    Some(if hours < 48 {
        scene.strings.count("hours-later", hours)
    } else {
        scene.strings.count("days-later", hours / 24)
    })
}

fn text_ui(ui: &mut Ui, scene: &Scene<'_>, at: TextAt, text: &TextView, asks: &mut Vec<Ask>) {
    let (words, translation) = shown(text, scene.reading.language);
    let lang = translation.map_or(text.lang.as_str(), |n| text.translations[n].lang.as_str());
    let frame = Frame::new()
        .fill(scene.palette.panel)
        .stroke(Stroke::new(1.0, scene.palette.rule))
        .corner_radius(CORNER)
        .inner_margin(margin(space::S, space::XS));
    let response = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = space::XS;
        let is_marked = at.0 == WordPlace::Text && super::marks::has_text(scene, at.1);
        ui.label(head_of(scene, text, translation, is_marked));
        body_ui(ui, scene, words, is_from_right(lang), asks);
    });
    let rect = response.response.rect;
    if scene.reading.current == Some(at) {
        let line = Stroke::new(FOCUS_RING, scene.palette.accent);
        ui.painter()
            .rect_stroke(rect, CORNER, line, StrokeKind::Inside);
    }
    if scene.reading.wanted == Some(at) {
        ui.scroll_to_rect(rect, Some(Align::Center));
    }
}

/// Who, which language, when; flagged or not.
fn head_of(
    scene: &Scene<'_>,
    text: &TextView,
    translation: Option<usize>,
    is_marked: bool,
) -> RichText {
    let who = text.role.strip_prefix("message:").unwrap_or(&text.role);
    let mut facts = vec![outside(who)];
    match translation {
        Some(n) => {
            let translation = &text.translations[n];
            let key = match translation.by {
                TranslatedBy::Human => "translated-human",
                TranslatedBy::Machine => "translated-machine",
                TranslatedBy::Other(_) => "translated-other",
            };
            let (lang, from) = (outside(&translation.lang), outside(&text.lang));
            let values = [("lang", lang.into()), ("from", from.into())];
            facts.push(scene.strings.with(key, &values));
        }
        None => facts.push(outside(&text.lang)),
    }
    facts.extend(text.at.map(|at| super::when(scene, at)));
    if text.flagged {
        facts.push(scene.strings.text("message-flagged"));
    }
    if is_marked {
        facts.push(scene.strings.text("message-marked"));
    }
    facts.retain(|fact| !fact.is_empty());
    scene.weak(facts.join(" · "))
}
