//! The status bar: environment, queue, link, sync, break, history, help.

use egui::{Align, Color32, FontId, Label, Layout, Sense, Shape, Stroke, Ui, Vec2, vec2};
use scrim_model::Environment;
use scrim_model::text::cut_chars;
use scrim_wire::window::{LinkState, Screen, WindowModel};

use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, badge, outside, polite};
use crate::state::{is_blank, is_working};
use crate::theme::{Room, TYPE, space};

/// Widest words of the environment on a line in full, as a share of the window's width; longer ones are shortened, so that
/// the link's words have room.
const ENVIRONMENT_MAX: f32 = 0.22;

/// From this width on, in points, everything fits on one line in full.
const WIDE: f32 = 1_200.0;

pub(crate) fn status_ui(ui: &mut Ui, scene: &Scene<'_>, screen: &Screen, asks: &mut Vec<Ask>) {
    let is_blank = scene.link_lost || is_blank(screen);
    let room = Room::around(ui);
    ui.horizontal(|ui| {
        environment_ui(ui, scene);
        if is_blank {
            return;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            // A lead has one control more; on a short line two others show their keys alone, so that the link's words fit.
            let leads = scene.model.is_some_and(|model| model.leads);
            let is_short = leads && room == Room::Tight;
            let shown = |act: Act| match act {
                Act::History | Act::Settings if is_short => Control::of(scene, act).bare(),
                _ => Control::of(scene, act),
            };
            for act in controls(screen).into_iter().rev() {
                shown(act).show(ui, scene, Ask::Act(act), asks);
            }
            if is_working(screen) {
                asked_ui(ui, scene, asks);
            }
            shown(Act::Settings).show(ui, scene, Ask::Act(Act::Settings), asks);
            if leads {
                let team = Control::of(scene, Act::Team);
                let is_wide = ui.ctx().content_rect().width() >= WIDE;
                let team = if is_wide { team } else { team.bare() };
                team.show(ui, scene, Ask::Act(Act::Team), asks);
            }
            if room == Room::Tight {
                // The queue is what can be missed; it is said when the pointer rests on the badge.
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    link_words_ui(ui, scene);
                    sync_ui(ui, scene);
                });
                return;
            }
            ui.add_space(space::S);
            sync_ui(ui, scene);
            link_words_ui(ui, scene);
            ui.add_space(space::S);
            // What is left of the line; the link's words may be long, and are worth more.
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                queue_ui(ui, scene)
            });
        });
    });
}

/// How many colleagues ask; nothing while nobody does.
fn asked_ui(ui: &mut Ui, scene: &Scene<'_>, asks: &mut Vec<Ask>) {
    let asked = scene.model.map_or(0, |model| model.asked_of_me.len());
    if asked > 0 {
        let control = Control::of(scene, Act::Asked);
        let control = control
            .named(scene.strings.count("asked-count", asked as u64))
            .brief();
        control.show(ui, scene, Ask::Act(Act::Asked), asks);
    }
}

fn controls(screen: &Screen) -> Vec<Act> {
    if is_working(screen) {
        vec![Act::BreakTake, Act::History, Act::Help]
    } else {
        vec![Act::History, Act::Help]
    }
}

fn environment_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let environment = scene.model.and_then(|model| model.environment.as_ref());
    let key = match environment {
        Some(Environment::Production) => "environment-production",
        Some(Environment::Test) => "environment-test",
        Some(Environment::Training) => "environment-training",
        Some(Environment::Other(_)) => "environment-other",
        // Behind a passphrase nobody knows yet which server it is, or who is signed in.
        None if scene.model.is_some_and(is_locked) => "environment-locked",
        None => "environment-none",
    };
    let words = match environment {
        Some(Environment::Other(name)) => {
            scene.strings.with(key, &[("name", outside(name).into())])
        }
        _ => scene.strings.text(key),
    };
    let drawn = match Room::around(ui) {
        Room::Wide if fits(ui, &words) => words.clone(),
        Room::Wide if matches!(environment, Some(Environment::Other(_))) => words.clone(),
        Room::Wide => scene.strings.text(&format!("{key}.short")),
        Room::Tight if matches!(environment, Some(Environment::Other(_))) => cut_chars(&words, 16),
        Room::Tight => scene.strings.text(&format!("{key}.short")),
    };
    let (ink, line) = (scene.palette.text, scene.palette.line);
    let response = badge(ui, "status.environment", (&drawn, &words), ink, line);
    if drawn != words && Room::around(ui) == Room::Wide {
        response.on_hover_text(words);
    } else if Room::around(ui) == Room::Tight {
        let queue = queue_words(scene, true).map_or(String::new(), |(names, counts)| {
            format!("\n{names}\n{counts}")
        });
        response.on_hover_text(words + &queue);
    }
}

fn fits(ui: &Ui, words: &str) -> bool {
    let font = FontId::proportional(TYPE[0]);
    let words = ui
        .painter()
        .layout_no_wrap(words.to_owned(), font, Color32::PLACEHOLDER);
    words.size().x <= ui.ctx().content_rect().width() * ENVIRONMENT_MAX
}

fn is_locked(model: &WindowModel) -> bool {
    matches!(model.screen, Screen::Locked { .. })
}

fn queue_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let is_wide = ui.ctx().content_rect().width() >= WIDE;
    let Some((names, counts)) = queue_words(scene, is_wide) else {
        return;
    };
    if !names.is_empty() {
        ui.add(Label::new(names).truncate());
    }
    ui.add(Label::new(scene.weak(counts)).truncate());
}

/// The names of the queues, and how much waits in them; everything, or what fits a shorter line.
fn queue_words(scene: &Scene<'_>, everything: bool) -> Option<(String, String)> {
    let model = scene.model?;
    let names_max = if everything { 28 } else { 16 };
    let names = cut_chars(&outside(&model.queue_names), names_max);
    let names = match names.as_str() {
        "" => names,
        _ => scene.strings.with("queues", &[("names", names.into())]),
    };
    let mut counts = scene.strings.count("waiting", model.waiting);
    if let Some(minutes) = model.oldest_min {
        let (key, n) = match minutes {
            0..120 => ("oldest-min", minutes),
            120..2_880 => ("oldest-h", minutes / 60),
            _ => ("oldest-d", minutes / 1_440),
        };
        counts = format!("{counts} · {}", scene.strings.count(key, n));
    }
    if everything {
        let in_hand = scene.strings.count("in-hand", model.in_hand.into());
        counts = format!("{counts} · {in_hand}");
    }
    Some((names, counts))
}

fn link_words_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let Some(model) = scene.model else { return };
    let words = match model.link {
        LinkState::Unknown => scene.strings.text("link-unknown"),
        LinkState::Online => scene.strings.text("link-online"),
        LinkState::Offline { retry_in_s } => scene
            .strings
            .with("link-offline", &[("s", retry_in_s.into())]),
    };
    let draw_sign = |ui: &mut Ui| {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(12.0), Sense::hover());
        let at = rect.center();
        let palette = &scene.palette;
        match model.link {
            LinkState::Online => {
                ui.painter().circle_filled(at, 4.0, palette.fine);
            }
            LinkState::Unknown => {
                let ring = Stroke::new(2.0, palette.weak);
                ui.painter().circle_stroke(at, 4.0, ring);
            }
            LinkState::Offline { .. } => {
                let points = [(-5.0, 4.0), (5.0, 4.0), (0.0, -5.0)];
                let points = points.map(|(x, y)| at + vec2(x, y)).to_vec();
                let shape = Shape::convex_polygon(points, palette.less, Stroke::NONE);
                ui.painter().add(shape);
            }
        }
    };
    let right_to_left = ui.layout().prefer_right_to_left();
    if !right_to_left {
        draw_sign(ui);
    }
    polite(
        ui,
        "status.link",
        scene.weak(words).color(scene.palette.text),
    );
    if right_to_left {
        draw_sign(ui);
    }
}

fn sync_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let Some(model) = scene.model else { return };
    let words = match model.waiting_to_sync {
        0 => scene.strings.text("to-sync-none"),
        n => scene.strings.count("to-sync", n.into()),
    };
    polite(ui, "status.sync", scene.weak(words));
}
