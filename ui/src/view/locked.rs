//! The lock: how to go on, and a field for the passphrase where one is set.

use egui::{Key, TextEdit, Ui};
use scrim_wire::window::{Command, LockKey, Screen};

use crate::actions::Act;
use crate::asks::Ask;
use crate::control::{Control, Scene, polite};
use crate::limits::PASSPHRASE_CHARS_MAX;
use crate::locked::Passphrase;
use crate::theme::space;

/// Width of the field, in points.
const FIELD: f32 = 320.0;

/// Identity of the field.
pub(crate) fn field_id() -> egui::Id {
    egui::Id::unique("lock.passphrase")
}

pub(crate) fn locked_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    key: LockKey,
    passphrase: &mut Passphrase,
    asks: &mut Vec<Ask>,
) {
    let screen = Screen::Locked { key };
    if key == LockKey::Press {
        return super::screens::screen_ui(ui, scene, &screen, asks);
    }
    super::screens::centred_ui(ui, |ui| {
        let (title, body, _) = super::screens::words_of(&screen);
        let title = egui::RichText::new(scene.strings.text(title)).heading();
        polite(ui, "screen.title", title);
        ui.label(scene.strings.text(body));
        let says = match key {
            LockKey::PassphraseAgain => "lock-again",
            LockKey::Trying => "lock-trying",
            LockKey::Press | LockKey::Passphrase => "lock-ask",
        };
        polite(ui, "lock.says", scene.weak(scene.strings.text(says)));
        ui.spacing_mut().item_spacing.y = space::S;
        field_ui(ui, scene, key, passphrase, asks);
    });
}

fn field_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    key: LockKey,
    passphrase: &mut Passphrase,
    asks: &mut Vec<Ask>,
) {
    let is_open = key != LockKey::Trying;
    let name = scene.strings.text("lock-field");
    ui.label(scene.title(name.clone()));
    let field = TextEdit::singleline(&mut passphrase.typed)
        .id(field_id())
        .password(true)
        .align(egui::Align2::LEFT_CENTER)
        .char_limit(PASSPHRASE_CHARS_MAX)
        .desired_width(FIELD.min(ui.available_width()));
    let response = ui.add_enabled(is_open, field);
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_label(name);
        node.set_author_id("lock.passphrase");
    });
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    // Not `response.has_focus()`: it says no while the window itself is without focus, and each
    // request restarts the input method, whose answer draws another frame that would ask again.
    let is_chosen = ui.memory(|memory| memory.has_focus(response.id));
    if is_open && !is_chosen && !entered {
        response.request_focus();
    }
    ui.add_space(space::S);
    let mut pressed = Vec::new();
    Control::of(scene, Act::Unlock)
        .enabled(is_open && !passphrase.typed.is_empty())
        .show(ui, scene, Ask::Act(Act::Unlock), &mut pressed);
    if is_open && (entered || !pressed.is_empty()) && !passphrase.typed.is_empty() {
        asks.push(Ask::Command(Command::Unlock(Some(passphrase.take()))));
        forget_typing(ui);
    }
}

/// The toolkit remembers what was typed for its own undo.
fn forget_typing(ui: &Ui) {
    ui.ctx().data_mut(|data| {
        data.remove::<egui::text_edit::TextEditState>(field_id());
    });
}
