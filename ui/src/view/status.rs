//! The status bar: environment, queue, link, sync, break, history, help.

use egui::{Align, Label, Layout, Sense, Shape, Stroke, Ui, Vec2, vec2};
use scrim_model::Environment;
use scrim_model::text::cut_chars;
use scrim_wire::window::{LinkState, Screen};

use crate::actions::Act;
use crate::control::{Control, Scene, badge, outside, polite};
use crate::perform::Ask;
use crate::theme::space;

/// From this width on, in points, everything fits on one line in full.
const WIDE: f32 = 1_200.0;
/// Below this width, in points, one line is too short.
const NARROW: f32 = 900.0;

pub(crate) fn status_ui(ui: &mut Ui, scene: &Scene<'_>, screen: &Screen, asks: &mut Vec<Ask>) {
    let is_blank = scene.link_lost || *screen == Screen::CoveredAll;
    if ui.available_width() < NARROW {
        return two_lines_ui(ui, scene, screen, is_blank, asks);
    }
    ui.horizontal(|ui| {
        environment_ui(ui, scene);
        if is_blank {
            return;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            for act in controls(screen).into_iter().rev() {
                Control::of(scene, act).show(ui, scene, Ask::Act(act), asks);
            }
            settings_ui(ui, scene, asks);
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

/// Where it is and what can be done first; how things stand below.
fn two_lines_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    screen: &Screen,
    is_blank: bool,
    asks: &mut Vec<Ask>,
) {
    ui.horizontal(|ui| {
        environment_ui(ui, scene);
        if is_blank {
            return;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            for act in controls(screen).into_iter().rev() {
                Control::of(scene, act).show(ui, scene, Ask::Act(act), asks);
            }
        });
    });
    if is_blank {
        return;
    }
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            settings_ui(ui, scene, asks);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                link_words_ui(ui, scene);
                sync_ui(ui, scene);
                ui.add_space(space::S);
                queue_ui(ui, scene);
            });
        });
    });
}

fn settings_ui(ui: &mut Ui, scene: &Scene<'_>, asks: &mut Vec<Ask>) {
    Control::of(scene, Act::Settings).show(ui, scene, Ask::Act(Act::Settings), asks);
}

fn controls(screen: &Screen) -> Vec<Act> {
    match screen {
        Screen::Serving
        | Screen::QueueEmpty
        | Screen::OfflineEmpty
        | Screen::Connecting
        | Screen::LighterNext { .. }
        | Screen::LimitReached => {
            vec![Act::BreakTake, Act::History, Act::Help]
        }
        _ => vec![Act::History, Act::Help],
    }
}

fn environment_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let environment = scene.model.and_then(|model| model.environment.as_ref());
    let words = match environment {
        Some(Environment::Production) => scene.strings.text("environment-production"),
        Some(Environment::Test) => scene.strings.text("environment-test"),
        Some(Environment::Training) => scene.strings.text("environment-training"),
        Some(Environment::Other(name)) => scene
            .strings
            .with("environment-other", &[("name", outside(name).into())]),
        None => scene.strings.text("environment-none"),
    };
    badge(
        ui,
        "status.environment",
        &words,
        scene.palette.text,
        scene.palette.line,
    );
}

fn queue_ui(ui: &mut Ui, scene: &Scene<'_>) {
    let Some(model) = scene.model else { return };
    let width = ui.ctx().content_rect().width();
    if !model.queue_names.is_empty() {
        let names_max = if width < WIDE { 16 } else { 28 };
        let names = cut_chars(&outside(&model.queue_names), names_max);
        let names = scene.strings.with("queues", &[("names", names.into())]);
        ui.add(Label::new(names).truncate());
    }
    let mut words = scene.strings.count("waiting", model.waiting);
    if let Some(minutes) = model.oldest_min {
        let (key, n) = match minutes {
            0..120 => ("oldest-min", minutes),
            120..2_880 => ("oldest-h", minutes / 60),
            _ => ("oldest-d", minutes / 1_440),
        };
        words = format!("{words} · {}", scene.strings.count(key, n));
    }
    if width >= WIDE {
        let in_hand = scene.strings.count("in-hand", model.in_hand.into());
        words = format!("{words} · {in_hand}");
    }
    ui.add(Label::new(scene.weak(words)).truncate());
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
