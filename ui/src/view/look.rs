//! Questions of colleagues: the list of them, and what stands beside an item that is looked at for
//! one.

use egui::{RichText, ScrollArea, TextEdit, Ui};
use scrim_model::view::WordPlace;
use scrim_wire::limits::CONSULT_CHARS_MAX;
use scrim_wire::window::{Command, ItemView, LookView};

use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, outside, polite};
use crate::theme::{TYPE, space};

/// Widest column, in points: lines stay short enough to read.
const COLUMN: f32 = 560.0;

/// Identity of the answer's text field.
pub(crate) fn answer_id() -> egui::Id {
    egui::Id::unique("look.answer")
}

/// The list. Questions only: no item is drawn.
pub(crate) fn questions_ui(ui: &mut Ui, scene: &Scene<'_>, asks: &mut Vec<Ask>) {
    super::pages::heading(ui, scene, "asked-title", asks);
    let Some(model) = scene.model else { return };
    let is_looking = model
        .item
        .as_ref()
        .is_some_and(|i| i.for_colleague.is_some());
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(COLUMN.min(ui.available_width()));
        let words = match (model.asked_of_me.is_empty(), is_looking) {
            (true, _) => "asked-none",
            (false, true) => "asked-one-at-a-time",
            (false, false) => "asked-body",
        };
        ui.label(scene.weak(scene.strings.text(words)));
        for (n, asked) in model.asked_of_me.iter().enumerate() {
            ui.add_space(space::S);
            ui.label(outside(&asked.question));
            ui.horizontal_wrapped(|ui| {
                let look = Control::plain(format!("asked.{n}"), scene.strings.text("asked-look"))
                    .enabled(!is_looking);
                let ask = Ask::Command(Command::OpenLook(asked.consult_id.clone()));
                look.show(ui, scene, ask, asks);
                let at = super::when(scene, asked.asked_at);
                ui.label(scene.weak(scene.strings.with("asked-at", &[("at", at.into())])));
            });
        }
    });
}

/// Beside the item: the question, the answer, and what is known of the item.
pub(crate) fn side_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    (item, look): (&ItemView, &LookView),
    (answer, wants_focus): (&mut String, bool),
    asks: &mut Vec<Ask>,
) {
    let scroll = ScrollArea::vertical().id_salt(&item.id);
    scroll.auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        ui.label(scene.title(scene.strings.text("look-title")));
        polite(
            ui,
            "look.question",
            RichText::new(outside(&look.question)).size(TYPE[1]),
        );
        ui.add_space(space::S);
        answer_ui(ui, scene, (answer, wants_focus), asks);
        super::side::group(ui);
        super::side::appeal_ui(ui, scene, item, asks);
        super::side::reports_ui(ui, scene, item, asks);
        if !item.context.is_empty() {
            super::side::group(ui);
            ui.label(scene.title(scene.strings.text("context-title")));
            super::thread::thread_ui(ui, scene, WordPlace::Context, &item.context, asks);
        }
    });
}

fn answer_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    (answer, wants_focus): (&mut String, bool),
    asks: &mut Vec<Ask>,
) {
    let open = Control::of(scene, Act::Note).named(scene.strings.text("look-answer"));
    open.show(ui, scene, Ask::Act(Act::Note), asks);
    let field = TextEdit::multiline(answer)
        .id(answer_id())
        .desired_rows(4)
        .desired_width(f32::INFINITY)
        .char_limit(CONSULT_CHARS_MAX)
        .hint_text(scene.strings.text("ask-hint"));
    let response = ui.add(field);
    let name = scene.strings.text("look-answer");
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_label(name);
        node.set_author_id("look.answer");
    });
    if wants_focus {
        response.request_focus();
        response.scroll_to_me(None);
    }
    let send = Control::plain("look.send", scene.strings.text("look-send"));
    let send = send.enabled(!answer.trim().is_empty());
    send.show(ui, scene, Ask::Answer, asks);
}

/// In place of the actions: nothing is decided here.
pub(crate) fn bar_ui(ui: &mut Ui, scene: &Scene<'_>, asks: &mut Vec<Ask>) {
    ui.horizontal_wrapped(|ui| {
        let words = RichText::new(scene.strings.text("look-bar")).size(TYPE[1]);
        polite(ui, "look.bar", words);
        let close = Control::of(scene, Act::CloseTop).named(scene.strings.text("look-close"));
        close.show(ui, scene, Ask::Command(Command::CloseLook), asks);
    });
}
