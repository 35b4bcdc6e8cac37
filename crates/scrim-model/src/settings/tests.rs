use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(json: serde_json::Value) -> (Settings, Vec<SettingRefused>) {
    Settings::read(json.as_object().unwrap())
}

fn floors(server: serde_json::Value, managed: serde_json::Value) -> Floors {
    Floors {
        server: read(server).0,
        managed: read(managed).0,
    }
}

#[test]
fn every_key_has_one_row_at_its_place_and_an_allowed_default() {
    for (place, row) in TABLE.iter().enumerate() {
        assert_eq!(row.key as usize, place, "{}", row.key.name());
        assert!(row.shape.allows(&row.default_value()), "{}", row.key.name());
        assert_eq!(Key::named(row.key.name()), Some(row.key));
        assert!(!row.basis.is_empty());
        let serde_name = serde_json::to_value(row.key).unwrap();
        assert_eq!(serde_name, json!(row.key.name()));
    }
}

#[test]
fn what_cannot_be_used_is_refused_by_name_and_the_rest_stands() {
    let (settings, refused) = read(json!({
        "cover.blur": "strong",
        "break": {"after_min": 40, "length_min": -3},
        "cap.weighted_min_day": 1e300,
        "cap.clear_min_day": 30.5,
        "reveal.latch_s": null,
        "cover.greyscale": "yes",
        "class.opt_out": ["a", 3],
        "no.such\nkey": true,
        "media": {"autoplay": "always"},
    }));
    assert_eq!(settings.to_json().len(), 2);
    assert_eq!(settings.get(Key::BreakAfter), Some(&Value::Number(40)));
    let text: Vec<_> = refused.iter().map(ToString::to_string).collect();
    let text = text.join("\n");
    assert_eq!(refused.len(), 8, "{text}");
    for part in [
        "break.length_min must be a whole number from 5 to 60 (min)",
        "cap.weighted_min_day must be a whole number from 10 to 480",
        "cap.clear_min_day must be",
        "reveal.latch_s must be a whole number from 1 to 60 (s)",
        "cover.greyscale must be on or off",
        "class.opt_out must be a list",
        "media.autoplay must be never, and nothing else",
        "no.such key",
    ] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
}

#[test]
fn a_huge_document_is_cut_and_says_so() {
    let huge: serde_json::Map<_, _> = (0..10_000).map(|n| (format!("k{n}"), json!(1))).collect();
    let (_, refused) = Settings::read(&huge);
    assert_eq!(refused.len(), SETTINGS_MAX + 1);
    assert_eq!(refused.last(), Some(&SettingRefused::TooMany));
}

#[test]
fn who_set_what_and_who_may_change_it() {
    let none = Settings::default();
    let at = |floors: &Floors, key| {
        let row = effective(floors, &none).row(key).clone();
        (row.value.to_string(), row.set_by, row.may_change)
    };
    let bare = Floors::default();
    let both = floors(
        json!({"break.after_min": 60, "cap.weighted_min_day": 120, "reveal.mode": "full"}),
        json!({"break.after_min": 45, "cap.weighted_min_day": 200, "cover.greyscale": true}),
    );
    let say = |text: &str, by, may| (text.to_owned(), by, may);
    use {MayChange::*, SetBy::*};
    assert_eq!(at(&bare, Key::BreakAfter), say("50", Default, AtLeast));
    assert_eq!(at(&bare, Key::CoverGreyscale), say("on", Default, Freely));
    assert_eq!(at(&bare, Key::CapWeighted), say("240", Default, No));
    assert_eq!(
        at(&both, Key::BreakAfter),
        say("45", OrganisationManaged, AtLeast)
    );
    assert_eq!(
        at(&both, Key::CapWeighted),
        say("120", OrganisationServer, No)
    );
    assert_eq!(
        at(&both, Key::RevealModeKey),
        say("full", OrganisationServer, No)
    );
    let lead = floors(json!({"break.after_min": 60}), json!({}));
    assert_eq!(at(&lead, Key::BreakAfter), say("60", Lead, AtLeast));
}

#[test]
fn a_refused_change_says_why() {
    let check = |floors: &Floors, key, value| {
        check_change(floors, key, &value).map_err(|why| why.to_string())
    };
    let bare = Floors::default();
    let pinned = floors(
        json!({"reveal.mode": "lens", "cover.greyscale": true}),
        json!({}),
    );
    assert_eq!(check(&bare, Key::BreakAfter, Value::Number(30)), Ok(()));
    assert_eq!(
        check(&bare, Key::BreakAfter, Value::Number(55)),
        Err("break.after_min can only be stricter than Scrim's default has it: 50".into())
    );
    assert_eq!(
        check(&bare, Key::BreakAfter, Value::Number(0)),
        Err("break.after_min must be a whole number from 5 to 60 (min of active time)".into())
    );
    assert_eq!(
        check(&bare, Key::CapWeighted, Value::Number(100)),
        Err("cap.weighted_min_day is set by the organisation".into())
    );
    assert_eq!(
        check(&pinned, Key::RevealModeKey, Value::Choice("full".into())),
        Err("reveal.mode is pinned by your organisation".into())
    );
    assert_eq!(
        check(&pinned, Key::CoverGreyscale, Value::Flag(false)),
        Err("cover.greyscale can only be stricter than your organisation has it: on".into())
    );
    assert_eq!(
        check(&bare, Key::CoverGreyscale, Value::Flag(false)),
        Ok(())
    );
}

#[test]
fn without_floors_the_plain_fields_are_the_documented_defaults() {
    let plain = Protection::default();
    assert_eq!(plain.reveal.lens_radius_per_mille, 150);
    assert_eq!(
        (plain.reveal.latch_ms, plain.reveal.idle_ms),
        (8_000, 15_000)
    );
    assert_eq!(plain.breaks, crate::breaks::BreakSettings::default());
    assert_eq!((plain.caps.weighted_min, plain.caps.notice_min), (240, 180));
    assert_eq!(plain.cover.step_min, crate::view::CoverStep::Normal);
    let weak_team = floors(json!({"cover.blur": "weak"}), json!({}));
    let plain = Protection::of(&effective(&weak_team, &Settings::default()));
    assert_eq!(plain.cover.step, crate::view::CoverStep::Normal);
    assert_eq!(plain.cover.step_min, crate::view::CoverStep::Weak);
}

#[test]
fn the_page_shows_this_table() {
    let page = include_str!("../../../../docs/protection.md");
    let table = table_markdown();
    assert!(
        page.contains(&table),
        "docs/protection.md is not current; put this table into it:\n{table}"
    );
}

fn value_of(row: &Row) -> BoxedStrategy<Value> {
    match row.shape {
        Shape::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
        Shape::Number { min, max, .. } => (min..=max).prop_map(Value::Number).boxed(),
        Shape::Choice(words) => proptest::sample::select(words.to_vec())
            .prop_map(|word| Value::Choice(word.to_owned()))
            .boxed(),
        Shape::Fixed(word) => Just(Value::Choice(word.to_owned())).boxed(),
        Shape::Classes | Shape::Words => proptest::collection::btree_set("[abc]", 0..3)
            .prop_map(Value::List)
            .boxed(),
    }
}

fn three() -> impl Strategy<Value = (Key, Option<Value>, Option<Value>, Option<Value>)> {
    proptest::sample::select(TABLE.to_vec()).prop_flat_map(|row| {
        let value = || proptest::option::of(value_of(&row));
        (Just(row.key), value(), value(), value())
    })
}

fn one(key: Key, value: Option<Value>) -> Settings {
    let mut settings = Settings::default();
    if let Some(value) = value {
        settings.set(key, value).unwrap();
    }
    settings
}

fn at_least(row: &Row, value: &Value, floor: &Value) -> bool {
    match row.order.stricter(row.shape, value, floor) {
        Some(joined) => joined == *value,
        None => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, ..crate::tests_seed() })]

    /// Never looser than either floor; personal choice counts only to the stricter side; what a
    /// change check lets through is what then is in force, and what it refuses never is.
    #[test]
    fn in_force_is_never_looser_than_a_floor((key, server, managed, personal) in three()) {
        let row = key.row();
        let floors = Floors { server: one(key, server.clone()), managed: one(key, managed.clone()) };
        let got = effective(&floors, &one(key, personal.clone())).row(key).clone();
        prop_assert!(row.shape.allows(&got.value));
        for floor in [&server, &managed].into_iter().flatten() {
            let pinned_by_other = row.order == Order::None && server != managed;
            prop_assert!(pinned_by_other || at_least(row, &got.value, floor), "{got:?}");
        }
        if row.order == Order::None && managed.is_some() {
            prop_assert_eq!(Some(&got.value), managed.as_ref());
        }
        if let Some(choice) = personal {
            match check_change(&floors, key, &choice) {
                // A list holds the floor's entries besides.
                Ok(()) if row.order == Order::Union => {
                    prop_assert!(at_least(row, &got.value, &choice));
                    prop_assert_eq!(got.own.as_ref(), Some(&choice));
                }
                Ok(()) => prop_assert_eq!(&got.value, &choice),
                Err(_) => {
                    let without = effective(&floors, &Settings::default()).row(key).clone();
                    prop_assert!(got.value != choice || without.value == choice);
                    // What was chosen before a floor rose is drawn up to the floor, no further down.
                    let least = without.least.unwrap_or(without.value);
                    prop_assert!(at_least(row, &got.value, &least));
                }
            }
        }
    }

    #[test]
    fn documents_read_back_as_themselves((key, a, _, _) in three()) {
        let settings = one(key, a);
        let (back, refused) = Settings::read(&settings.to_json());
        prop_assert_eq!(back, settings);
        prop_assert!(refused.is_empty());
    }

    #[test]
    fn no_text_at_all_makes_reading_panic(name in ".{0,80}", text in ".{0,20}", n in any::<f64>()) {
        let (_, refused) = read(json!({ name.clone(): text, "cap": {name.clone(): n} }));
        prop_assert!(refused.len() <= 2);
    }
}
