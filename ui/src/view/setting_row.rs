//! What can be done about one setting, and its value and range in words.

use std::collections::BTreeSet;

use egui::{TextEdit, Ui};
use scrim_model::limits::LABEL_CHARS_MAX;
use scrim_model::settings::{EffectiveRow, Key, MayChange, Order, SetBy, Shape, Value};
use scrim_model::text::MASK;
use scrim_wire::window::Command;

use crate::asks::Ask;
use crate::control::{Control, Scene, outside};
use crate::settings_page::{SettingsPage, entry_id};

/// What people are told the setting named `key` is called.
pub(crate) fn name_of(scene: &Scene<'_>, key: &str) -> String {
    let words = words_of(key);
    if scene.strings.has(&words) {
        scene.strings.text(&words)
    } else {
        outside(key)
    }
}

/// Key of a setting's name in the catalogue; `.unit` and `.basis` are its attributes.
fn words_of(key: &str) -> String {
    format!("setting-{}", key.replace(['.', '_'], "-"))
}

/// Where the figures of a setting come from.
pub(super) fn basis_words(scene: &Scene<'_>, key: Key) -> String {
    let basis = scene
        .strings
        .text(&format!("{}.basis", words_of(key.name())));
    scene
        .strings
        .with("settings-basis", &[("basis", basis.into())])
}

fn unit_words(scene: &Scene<'_>, key: Key) -> String {
    scene
        .strings
        .text(&format!("{}.unit", words_of(key.name())))
}

fn choose(key: Key, value: Option<Value>) -> Ask {
    Ask::Command(Command::SetSetting { key, value })
}

/// Whether the moderator may choose `value`, as far as the window knows; the agent checks again.
fn may_choose(row: &EffectiveRow, value: &Value) -> bool {
    let shape = row.key.row().shape;
    let order = row.key.row().order;
    shape.allows(value)
        && match (row.may_change, &row.least) {
            (MayChange::No, _) => false,
            (MayChange::Freely, _) | (MayChange::AtLeast, None) => true,
            // A list is joined with the floor's.
            (MayChange::AtLeast, _) if order == Order::Union => true,
            (MayChange::AtLeast, Some(least)) => {
                order.stricter(shape, value, least).as_ref() == Some(value)
            }
        }
}

/// The controls of one setting; none if the moderator cannot change it.
pub(super) fn controls_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    row: &EffectiveRow,
    name: &str,
    page: &mut SettingsPage,
    asks: &mut Vec<Ask>,
) {
    if row.may_change == MayChange::No {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        match (row.key.row().shape, &row.value) {
            (Shape::Flag, _) => {
                words_ui(
                    ui,
                    scene,
                    row,
                    name,
                    [Value::Flag(true), Value::Flag(false)],
                    asks,
                );
            }
            (Shape::Choice(words), _) => {
                let values = words.iter().map(|word| Value::Choice((*word).to_owned()));
                words_ui(ui, scene, row, name, values, asks);
            }
            (Shape::Number { min, max, .. }, Value::Number(now)) => {
                number_ui(ui, scene, row, name, (min, max, *now), asks);
            }
            (Shape::Classes | Shape::Words, Value::List(_)) => {
                list_ui(ui, scene, row, name, page, asks)
            }
            _ => {}
        }
        if row.set_by == SetBy::You {
            let id = format!("setting.{}.default", row.key.name());
            Control::plain(id, scene.strings.text("settings-back"))
                .about(name)
                .show(ui, scene, choose(row.key, None), asks);
        }
    });
}

/// One control a value.
fn words_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    row: &EffectiveRow,
    name: &str,
    values: impl IntoIterator<Item = Value>,
    asks: &mut Vec<Ask>,
) {
    for value in values {
        let words = value_words(scene, row.key, &value);
        Control::plain(format!("setting.{}.{value}", row.key.name()), words)
            .about(name)
            .selected(value == row.value)
            .enabled(may_choose(row, &value))
            .show(ui, scene, choose(row.key, Some(value)), asks);
    }
}

/// One step less and one step more.
fn number_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    row: &EffectiveRow,
    name: &str,
    (min, max, now): (u32, u32, u32),
    asks: &mut Vec<Ask>,
) {
    let step = step_of(max - min);
    let least = match row.least {
        Some(Value::Number(least)) => least,
        _ => now,
    };
    // A step may end at the floor, but not pass it.
    let (floor, ceiling) = match (row.may_change, row.key.row().order) {
        (MayChange::AtLeast, Order::Higher) => (least.max(min), max),
        (MayChange::AtLeast, Order::Lower) => (min, least.min(max)),
        _ => (min, max),
    };
    let less = now.saturating_sub(step).clamp(floor, ceiling);
    let more = now.saturating_add(step).clamp(floor, ceiling);
    for (id, words, to) in [
        ("less", "settings-less", less),
        ("more", "settings-more", more),
    ] {
        Control::plain(
            format!("setting.{}.{id}", row.key.name()),
            scene.strings.text(words),
        )
        .about(scene.strings.with(
            "settings-about",
            &[("name", name.into()), ("value", to.to_string().into())],
        ))
        .enabled(to != now)
        .show(ui, scene, choose(row.key, Some(Value::Number(to))), asks);
    }
}

/// Small enough to meet every figure that matters, large enough to get there.
fn step_of(span: u32) -> u32 {
    match span {
        0..=80 => 1,
        81..=300 => 5,
        301..=600 => 10,
        _ => 100,
    }
}

/// Takes one's own classes or words away and adds one. The floor's stand in the row's value only.
fn list_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    row: &EffectiveRow,
    name: &str,
    page: &mut SettingsPage,
    asks: &mut Vec<Ask>,
) {
    let now = match &row.own {
        Some(Value::List(own)) => own.clone(),
        _ => BTreeSet::new(),
    };
    let is_words = row.key.row().shape == Shape::Words;
    for (place, entry) in now.iter().enumerate() {
        let mut without = now.clone();
        without.remove(entry);
        let value = Value::List(without);
        let words = scene.strings.with(
            "settings-take",
            &[("class", entry_words(row.key, entry).into())],
        );
        Control::plain(format!("setting.{}.take.{place}", row.key.name()), words)
            .about(name)
            .enabled(may_choose(row, &value))
            .show(ui, scene, choose(row.key, Some(value)), asks);
    }
    let typed = page.entries.entry(row.key).or_default();
    let field_name = scene.strings.text(if is_words {
        "settings-add-word-field"
    } else {
        "settings-add-field"
    });
    let field = TextEdit::singleline(typed)
        .id(entry_id(row.key))
        .desired_width(180.0)
        .char_limit(LABEL_CHARS_MAX)
        .align(egui::Align2::LEFT_CENTER)
        .hint_text(field_name.clone());
    let response = ui.add(field);
    let id = format!("setting.{}.field", row.key.name());
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_label(format!("{name}: {field_name}"));
        node.set_author_id(id.as_str());
    });
    let mut with = now.clone();
    let is_other = !holds(&row.value, typed.trim()) && with.insert(typed.trim().to_owned());
    let value = Value::List(with);
    let is_new = is_other && row.key.row().shape.allows(&value);
    let before = asks.len();
    Control::plain(
        format!("setting.{}.add", row.key.name()),
        scene.strings.text("settings-add"),
    )
    .about(name)
    .enabled(is_new)
    .show(ui, scene, choose(row.key, Some(value)), asks);
    if asks.len() > before {
        typed.clear();
    }
}

fn holds(value: &Value, entry: &str) -> bool {
    matches!(value, Value::List(list) if list.contains(entry))
}

/// A value, with its unit.
pub(super) fn value_words(scene: &Scene<'_>, key: Key, value: &Value) -> String {
    match (value, key.row().shape) {
        (Value::Flag(true), _) => scene.strings.text("settings-on"),
        (Value::Flag(false), _) => scene.strings.text("settings-off"),
        (Value::Number(n), Shape::Number { .. }) => scene.strings.with(
            "settings-number",
            &[
                ("n", n.to_string().into()),
                ("unit", unit_words(scene, key).into()),
            ],
        ),
        (Value::Number(n), _) => n.to_string(),
        (Value::Choice(word), _) => word_words(scene, word),
        (Value::List(set), _) if set.is_empty() => scene.strings.text("settings-none"),
        (Value::List(set), _) => {
            let words: Vec<_> = set.iter().map(|entry| entry_words(key, entry)).collect();
            words.join(", ")
        }
    }
}

/// One entry of a list. Of a word that is to be masked only the first letter is drawn.
fn entry_words(key: Key, entry: &str) -> String {
    match key.row().shape {
        Shape::Words => {
            let mut letters = outside(entry).chars().collect::<Vec<_>>();
            for letter in letters.iter_mut().skip(1) {
                *letter = MASK;
            }
            letters.into_iter().collect()
        }
        _ => outside(entry),
    }
}

fn word_words(scene: &Scene<'_>, word: &str) -> String {
    let key = format!("settings-word-{}", word.replace('_', "-"));
    if scene.strings.has(&key) {
        scene.strings.text(&key)
    } else {
        outside(word)
    }
}

/// Range, which way is stricter, and what keeps the moderator from changing it.
pub(super) fn range_words(scene: &Scene<'_>, row: &EffectiveRow, acts: bool) -> String {
    let strings = scene.strings;
    let (shape, order) = (row.key.row().shape, row.key.row().order);
    let range = match shape {
        Shape::Flag => strings.text("settings-range-flag"),
        Shape::Number { min, max, .. } => strings.with(
            "settings-range-number",
            &[
                ("min", min.to_string().into()),
                ("max", max.to_string().into()),
                ("unit", unit_words(scene, row.key).into()),
            ],
        ),
        Shape::Choice(words) => {
            let words: Vec<_> = words.iter().map(|word| word_words(scene, word)).collect();
            strings.with(
                "settings-range-choice",
                &[("words", words.join(", ").into())],
            )
        }
        Shape::Classes => strings.text("settings-range-classes"),
        Shape::Words => strings.text("settings-range-words"),
        Shape::Fixed(_) => return strings.text("settings-fixed"),
    };
    let stricter = match (order, shape) {
        (Order::Higher, Shape::Flag) => Some("settings-stricter-on"),
        (Order::Lower, Shape::Flag) => Some("settings-stricter-off"),
        (Order::Higher, Shape::Choice(_)) => Some("settings-stricter-later"),
        (Order::Lower, Shape::Choice(_)) => Some("settings-stricter-earlier"),
        (Order::Higher, _) => Some("settings-stricter-higher"),
        (Order::Lower, _) => Some("settings-stricter-lower"),
        (Order::Union, _) => Some("settings-stricter-union"),
        (Order::None, _) => None,
    };
    let mut parts = vec![range];
    parts.extend(stricter.map(|words| strings.text(words)));
    match (acts, row.may_change, &row.least) {
        (false, ..) => parts.push(strings.text("settings-no-effect")),
        (_, MayChange::No, Some(_)) => parts.push(strings.text("settings-pinned")),
        (_, MayChange::No, None) => parts.push(strings.text("settings-theirs")),
        (_, MayChange::AtLeast, Some(least)) => {
            let least = value_words(scene, row.key, least);
            parts.push(strings.with("settings-least", &[("least", least.into())]));
        }
        _ => {}
    }
    parts.join(" · ")
}
