//! Check-ins: a card on the screens of a break and of the end of a shift, and a page that is there
//! at any time. Plain words, no figures but the keys. What was answered before stands on the page only
//! when it is asked for, as a list: no sums, no curve.

use egui::{Frame, RichText, ScrollArea, Stroke, Ui};
use scrim_model::checkin::When;
use scrim_wire::window::{CheckInStands, CheckInView, Screen};

use crate::actions::{Act, action};
use crate::asks::Ask;
use crate::control::{Control, Scene, polite};
use crate::day::Day;
use crate::state::KeptCheckIns;
use crate::theme::{CORNER, TYPE, margin, space};

/// Widest column of the page, in points.
const COLUMN: f32 = 560.0;

/// Whether `screen` has the card on it.
fn has_card(screen: &Screen) -> bool {
    matches!(screen, Screen::OnBreak | Screen::ShiftEnded { .. })
}

/// The card, where there is something to say.
pub(crate) fn card_ui(ui: &mut Ui, scene: &Scene<'_>, screen: &Screen, asks: &mut Vec<Ask>) {
    let Some(model) = scene.model.filter(|_| has_card(screen)) else {
        return;
    };
    if model.check_in.stands != CheckInStands::NotNow {
        question_ui(ui, scene, model.check_in, asks);
    }
}

/// The way to the page while an item is open or comes: to the side, nothing waits for it.
pub(crate) fn reminder_ui(ui: &mut Ui, scene: &Scene<'_>, screen: &Screen, asks: &mut Vec<Ask>) {
    let offered = scene.model.is_some_and(|model| model.check_in.is_offered());
    if offered && !has_card(screen) {
        Control::of(scene, Act::CheckIns).show(ui, scene, Ask::Act(Act::CheckIns), asks);
    }
}

/// The page.
pub(crate) fn page_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    kept: Option<&KeptCheckIns>,
    asks: &mut Vec<Ask>,
) {
    super::pages::heading(ui, scene, "check-in-page", asks);
    let Some(model) = scene.model else { return };
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(COLUMN.min(ui.available_width()));
        ui.spacing_mut().item_spacing.y = space::M;
        ui.label(scene.strings.text("check-in-body"));
        if model.check_in.stands == CheckInStands::NotNow {
            ui.label(scene.strings.text("check-in-none"));
            ui.label(scene.weak(kept_words(scene, model.check_in)));
        } else {
            question_ui(ui, scene, model.check_in, asks);
        }
        ui.horizontal_wrapped(|ui| {
            for act in [
                Act::CheckInShow,
                Act::CheckInForget,
                Act::Settings,
                Act::Privacy,
            ] {
                Control::of(scene, act).show(ui, scene, Ask::Act(act), asks);
            }
        });
        if let Some(kept) = kept {
            list_ui(ui, scene, kept);
        }
    });
}

/// What was answered, newest first.
fn list_ui(ui: &mut Ui, scene: &Scene<'_>, kept: &KeptCheckIns) {
    let words = match kept {
        None => "check-in-list-unreadable",
        Some(rows) if rows.is_empty() => "check-in-list-none",
        Some(_) => "check-in-list",
    };
    polite(ui, "checkin.list", scene.weak(scene.strings.text(words)));
    ui.spacing_mut().item_spacing.y = space::XS;
    for row in kept.iter().flatten() {
        let moment = match row.when {
            When::Before => "check-in-list-before",
            When::After => "check-in-list-after",
        };
        let answer = action(Act::CheckIn(row.answer.into())).words;
        let facts = [
            Day(row.date).text(),
            scene.strings.text(moment),
            scene.strings.text(answer),
        ];
        ui.label(facts.join(" · "));
    }
}

fn question_ui(ui: &mut Ui, scene: &Scene<'_>, view: CheckInView, asks: &mut Vec<Ask>) {
    let frame = Frame::new()
        .fill(scene.palette.panel)
        .stroke(Stroke::new(1.0, scene.palette.rule))
        .corner_radius(CORNER)
        .inner_margin(margin(space::M, space::M));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = space::S;
        let title = match view.stands {
            CheckInStands::Offered(When::Before) => "check-in-before",
            CheckInStands::Offered(When::After) => "check-in-after",
            CheckInStands::Answered | CheckInStands::NotNow => "check-in-answered",
        };
        let title = RichText::new(scene.strings.text(title)).size(TYPE[1]);
        polite(ui, "checkin.title", title.strong());
        if let CheckInStands::Offered(_) = view.stands {
            ui.horizontal_wrapped(|ui| {
                for n in 1..=5 {
                    let act = Act::CheckIn(n);
                    Control::of(scene, act).show(ui, scene, Ask::Act(act), asks);
                }
            });
            ui.horizontal_wrapped(|ui| {
                let skip = Control::of(scene, Act::CheckInSkip);
                skip.show(ui, scene, Ask::Act(Act::CheckInSkip), asks);
            });
        }
        ui.label(scene.weak(kept_words(scene, view)));
    });
}

fn kept_words(scene: &Scene<'_>, view: CheckInView) -> String {
    match view.kept_days {
        Some(days) => scene.strings.count("check-in-kept", days.into()),
        None => scene.strings.text("check-in-not-kept"),
    }
}
