//! The settings and privacy pages without a display.

#![allow(clippy::unwrap_used, reason = "tests")]

use egui::Key as Press;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use scrim_model::settings::{Floors, Key, Protection, Settings, Shape, TABLE, Value, effective};
use scrim_wire::leaves;
use scrim_wire::window::{Command, Screen, SettingsView, ToWindow};
use serde_json::json;

use crate::demo_models::*;
use crate::strings::Strings;
use crate::window_tests::Window;

fn view(server: serde_json::Value, personal: serde_json::Value) -> SettingsView {
    let read = |json: serde_json::Value| Settings::read(json.as_object().unwrap()).0;
    let floors = Floors {
        server: read(server),
        managed: Settings::default(),
    };
    let effective = effective(&floors, &read(personal));
    SettingsView {
        rows: effective.rows().to_vec(),
        not_acted_on: vec![Key::CoverSketch],
        reveal: Protection::of(&effective).reveal,
        media_max_pct: Protection::of(&effective).media_max_pct,
        in_doubt: false,
    }
}

fn open(view: SettingsView) -> Window {
    let mut window = Window::sized(model(Screen::QueueEmpty), [1280.0, 9_000.0], 1.0);
    window.receive(ToWindow::Settings(Box::new(view)));
    window.click("Settings");
    window
}

fn set(key: Key, value: Value) -> Command {
    let value = Some(value);
    Command::SetSetting { key, value }
}

impl Window {
    fn press_id(&mut self, id: &str) {
        self.node(id).click_accesskit();
        self.harness.run_steps(2);
    }

    fn disabled(&self, id: &str) -> bool {
        self.node(id).accesskit_node().is_disabled()
    }
}

#[test]
fn every_setting_is_shown_with_its_name_and_every_control_has_role_name_and_id() {
    let strings = Strings::english();
    let window = open(view(json!({}), json!({})));
    for row in TABLE {
        let id = format!("setting.{}", row.key.name());
        assert!(window.has_id(&id), "{id}");
        let words = format!("setting-{}", row.key.name().replace(['.', '_'], "-"));
        assert!(strings.has(&words), "{words}");
        assert!(
            window
                .harness
                .query_all_by_label(&strings.text(&words))
                .count()
                > 0,
            "{words}"
        );
        // The page says what the table and docs/protection.md say.
        assert_eq!(strings.text(&format!("{words}.basis")), row.basis);
        if let Shape::Number { unit, .. } = row.shape {
            assert_eq!(strings.text(&format!("{words}.unit")), unit);
        }
    }
    for button in window.harness.query_all_by_role(Role::Button) {
        let node = button.accesskit_node();
        assert!(node.author_id().is_some_and(|id| !id.is_empty()));
        assert!(node.label().is_some_and(|name| !name.is_empty()));
    }
    assert!(window.has_id("settings.preview"));
}

#[test]
fn a_value_is_chosen_and_what_the_floor_forbids_cannot_be() {
    let floor = json!({"cover.greyscale": true, "break.after_min": 30, "cap.clear_min_day": 20});
    let mut window = open(view(floor, json!({"break.length_min": 12})));
    assert!(window.disabled("setting.cover.blur.weak"));
    assert!(window.disabled("setting.cover.greyscale.off"));
    window.press_id("setting.cover.blur.strong");
    let strong = Value::Choice("strong".into());
    assert_eq!(window.commands(), [set(Key::CoverBlur, strong)]);
    assert!(window.disabled("setting.break.after_min.more"));
    window.press_id("setting.break.after_min.less");
    assert_eq!(window.commands(), [set(Key::BreakAfter, Value::Number(29))]);
    window.press_id("setting.break.length_min.default");
    let key = Key::BreakLength;
    assert_eq!(
        window.commands(),
        [Command::SetSetting { key, value: None }]
    );
    // Somebody else's, and what has no effect yet, are to be read only.
    for id in [
        "setting.cap.clear_min_day.less",
        "setting.cover.sketch.on",
        "setting.skip.always",
    ] {
        assert!(!window.has_id(id), "{id}");
    }
}

#[test]
fn harm_classes_are_added_and_taken_away() {
    let mut window = open(view(json!({}), json!({"class.opt_out": ["hate"]})));
    window.node("setting.class.opt_out.field").focus();
    window.harness.run_steps(2);
    window.type_in("spam");
    window.step();
    window.press_id("setting.class.opt_out.add");
    let both = ["hate", "spam"].map(str::to_owned).into_iter().collect();
    assert_eq!(
        window.commands(),
        [set(Key::ClassOptOut, Value::List(both))]
    );
    window.press_id("setting.class.opt_out.take.0");
    assert_eq!(
        window.commands(),
        [set(Key::ClassOptOut, Value::List(Default::default()))]
    );
}

#[test]
fn words_to_mask_are_single_words_and_are_not_spelled_out() {
    let mut window = open(view(json!({}), json!({"text.words": ["lantern"]})));
    window.node("setting.text.words.field").focus();
    window.harness.run_steps(2);
    window.type_in("two words");
    window.step();
    window.press_id("setting.text.words.add");
    assert_eq!(window.commands(), [], "two words are no word");
    assert!(window.has_label("Take away l░░░░░░"));
    window.press_id("setting.text.words.take.0");
    assert_eq!(
        window.commands(),
        [set(Key::TextWords, Value::List(Default::default()))]
    );
}

#[test]
fn the_search_narrows_the_list_and_its_letters_are_not_keys() {
    let mut window = open(view(json!({}), json!({})));
    window.node("settings.search.field").focus();
    window.harness.run_steps(2);
    window.press(Press::B);
    assert_eq!(window.commands(), []);
    window.type_in("greyscale");
    window.step();
    assert!(window.has_label("1 setting"));
    assert!(!window.has_id("setting.break.after_min"));
}

#[test]
fn keys_open_and_close_the_pages_and_a_look_ends() {
    let mut window = Window::of(image(2));
    window.receive(ToWindow::Settings(Box::new(view(json!({}), json!({})))));
    window
        .harness
        .key_press_modifiers(egui::Modifiers::CTRL, Press::Comma);
    window.step();
    assert!(window.has_id("settings.search.field"));
    window.later(500);
    window
        .harness
        .key_press_modifiers(egui::Modifiers::CTRL, Press::P);
    window.step();
    assert!(window.has_label("What leaves this computer"));
    window.press(Press::Escape);
    assert!(window.has_label("covered image, 1 of 2"));
    // The keyboard alone reaches a control of a setting.
    window.later(500);
    window
        .harness
        .key_press_modifiers(egui::Modifiers::CTRL, Press::Comma);
    window.step();
    let mut focused = String::new();
    for _ in 0..40 {
        window.press(Press::Tab);
        let of =
            |node: egui_kittest::Node<'_>| node.accesskit_node().author_id().map(str::to_owned);
        focused = window
            .harness
            .query_all(egui_kittest::kittest::by().predicate(|node| node.is_focused()))
            .find_map(of)
            .unwrap_or_default();
        if focused == "setting.cover.blur.strong" {
            break;
        }
    }
    assert_eq!(focused, "setting.cover.blur.strong");
    window.sent();
    window.press(Press::Enter);
    assert_eq!(
        window.commands(),
        [set(Key::CoverBlur, Value::Choice("strong".into()))]
    );
}

#[test]
fn the_privacy_page_names_every_call_and_every_field() {
    let strings = Strings::english();
    let mut window = Window::sized(model(Screen::QueueEmpty), [1280.0, 6_000.0], 1.0);
    window
        .harness
        .key_press_modifiers(egui::Modifiers::CTRL, Press::P);
    window.harness.run_steps(2);
    for row in leaves::TABLE {
        let words = format!("privacy-{}", row.id);
        assert!(strings.has(&words), "{words}");
        assert!(window.has_label(&strings.text(&words)), "{words}");
        for field in row.fields {
            assert!(
                window.harness.query_all_by_label_contains(field).count() > 0,
                "{field}"
            );
        }
    }
    for words in crate::view::privacy::STAYS {
        assert!(strings.has(words), "{words}");
    }
}
