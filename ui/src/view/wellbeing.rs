//! The wellbeing bar: minutes since the last break, the day's exposure, a due break, how the claim
//! stands.

use egui::{Align, Layout, Rect, Sense, Ui, vec2};
use scrim_model::breaks::BreakPhase;
use scrim_model::serving::Cap;
use scrim_model::settings::AtLimit;
use scrim_wire::window::{ClaimState, ExposureView, Screen};

use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, polite};
use crate::theme::{CONTROL_HEIGHT, Room, TYPE, space};

pub(crate) fn wellbeing_ui(ui: &mut Ui, scene: &Scene<'_>, screen: &Screen, asks: &mut Vec<Ask>) {
    let Some(model) = scene.model else { return };
    let wellbeing = &model.wellbeing;
    let is_due = matches!(wellbeing.phase, BreakPhase::Due | BreakPhase::Exhausted);
    ui.horizontal_wrapped(|ui| {
        let room = Room::around(ui);
        ui.set_min_height(room.pick(24.0, 20.0));
        ui.spacing_mut().interact_size.y = room.pick(CONTROL_HEIGHT, 20.0);
        let minutes = room.pick("active-min", "active-min.short");
        let minutes = scene.strings.count(minutes, wellbeing.active_min.into());
        ui.label(scene.weak(minutes));
        bar_ui(ui, scene, wellbeing.active_min, wellbeing.due_after_min);
        ui.add_space(space::S);
        exposure_ui(ui, scene, &wellbeing.exposure);
        if is_due && *screen != Screen::BreakNeeded {
            let words = if wellbeing.phase == BreakPhase::Due {
                let left = u64::from(wellbeing.snoozes_left);
                scene.strings.count("break-due", left)
            } else {
                scene.strings.text("break-due-last")
            };
            polite(
                ui,
                "wellbeing.due",
                scene.weak(words).color(scene.palette.text),
            );
            if wellbeing.phase == BreakPhase::Due {
                Control::of(scene, Act::BreakSnooze).show(
                    ui,
                    scene,
                    Ask::Act(Act::BreakSnooze),
                    asks,
                );
            }
        }
        super::checkin::reminder_ui(ui, scene, screen, asks);
        let claim = model.item.as_ref().map(|item| match item.claim {
            _ if item.for_colleague.is_some() => "claim-look",
            ClaimState::Held => "claim-held",
            ClaimState::Unconfirmed => "claim-unconfirmed",
            ClaimState::Advisory => "claim-advisory",
        });
        let Some(claim) = claim else { return };
        let words = scene.strings.text(claim);
        match room {
            Room::Wide => {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    polite(ui, "wellbeing.claim", scene.weak(words));
                });
            }
            Room::Tight => {
                let short = scene.strings.text(&format!("{claim}.short"));
                let short = polite(ui, "wellbeing.claim", scene.weak(format!("· {short}")));
                short.on_hover_text(words);
                // The action bar is full.
                super::decide::held_ui(ui, scene);
            }
        }
    });
}

/// One line: how much of the day's limits is used, in the same quiet words at every figure, and what
/// happens at the limit only once it is near.
fn exposure_ui(ui: &mut Ui, scene: &Scene<'_>, exposure: &ExposureView) {
    let numbers = [
        ("n", exposure.weighted_min.unwrap_or(0).into()),
        ("of", exposure.weighted_max.into()),
        ("clear", exposure.clear_min.into()),
        ("max", exposure.clear_max.into()),
    ];
    let mut today = match exposure.weighted_min {
        Some(weighted) if is_clear_nearer(exposure, weighted) => {
            scene.strings.with("exposure-today-clear", &numbers)
        }
        Some(_) => scene.strings.with("exposure-today", &numbers),
        None => scene.strings.text("exposure-unknown"),
    };
    if exposure.alone && Room::around(ui) == Room::Wide {
        today = format!("{today} · {}", scene.strings.text("exposure-alone"));
    }
    let shown = ui.label(scene.weak(today));
    let mut more = scene.strings.with("exposure-more", &numbers);
    if exposure.alone {
        more = format!("{more} {}", scene.strings.text("exposure-alone-more"));
    }
    shown.on_hover_text(more);
    let words = match (exposure.cap, exposure.at_limit) {
        (Cap::Under, _) => return,
        (Cap::Notice, AtLimit::LightOnly) => "exposure-near-light",
        (Cap::Notice, AtLimit::EndShift) => "exposure-near-end",
        (Cap::Reached, AtLimit::LightOnly) => "exposure-reached-light",
        (Cap::Reached, AtLimit::EndShift) => "exposure-reached-end",
    };
    let words = scene.weak(scene.strings.text(words));
    polite(ui, "wellbeing.exposure", words.color(scene.palette.text));
}

/// Whether the limit of clear view is the one that comes first.
fn is_clear_nearer(exposure: &ExposureView, weighted_min: u32) -> bool {
    let share = |n: u32, of: u32| u64::from(n) * u64::from(of);
    share(exposure.clear_min, exposure.weighted_max) > share(weighted_min, exposure.clear_max)
}

/// A calm bar: it fills, it does not count down, and it does not change its colour.
fn bar_ui(ui: &mut Ui, scene: &Scene<'_>, done: u32, of: u32) {
    let (rect, response) = ui.allocate_exact_size(
        vec2(Room::around(ui).pick(160.0, 64.0), TYPE[0]),
        Sense::hover(),
    );
    let rect = Rect::from_center_size(rect.center(), vec2(rect.width(), space::S));
    let share = done as f32 / of.max(1) as f32;
    ui.painter().rect_filled(rect, 4.0, scene.palette.rule);
    let mut filled = rect;
    filled.set_width(rect.width() * share.clamp(0.0, 1.0));
    ui.painter().rect_filled(filled, 4.0, scene.palette.weak);
    let words = scene
        .strings
        .with("break-bar", &[("n", done.into()), ("of", of.into())]);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Meter, true, &words));
}
