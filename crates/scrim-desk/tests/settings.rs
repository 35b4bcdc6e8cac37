//! Settings and floors through the whole heart: what is below a floor never holds.
#![allow(clippy::unwrap_used, reason = "tests")]

#[allow(dead_code, reason = "shared with the other tests of the heart")]
mod world;

use proptest::prelude::*;
use scrim_desk::{Effect, acts_on};
use scrim_model::ActionKind;
use scrim_model::settings::{
    EffectiveRow, Floor, KeptSettings, Key, ManagedFound, MayChange, Order, Row, SetBy, Settings,
    SettingsFound, Shape, TABLE, Value,
};
use scrim_model::view::{CoverStep, CoverStyle};
use scrim_wire::window::{Command, NoticeKey};
use serde_json::json;
use world::World;

fn set(world: &mut World, key: Key, value: Value) {
    world.command(Command::SetSetting {
        key,
        value: Some(value),
    });
}

fn row(world: &World, key: Key) -> EffectiveRow {
    let view = world.desk.settings_view();
    view.rows.into_iter().find(|row| row.key == key).unwrap()
}

fn value(world: &World, key: Key) -> Value {
    row(world, key).value
}

fn settings(json: serde_json::Value) -> Settings {
    let (settings, refused) = Settings::read(json.as_object().unwrap());
    assert_eq!(refused, []);
    settings
}

fn word(word: &str) -> Value {
    Value::Choice(word.to_owned())
}

#[test]
fn a_choice_holds_over_a_restart_and_can_be_taken_back() {
    let mut world = World::serving(2);
    set(&mut world, Key::BreakAfter, Value::Number(30));
    assert_eq!(world.model().wellbeing.due_after_min, 30);
    world.restart();
    assert_eq!(world.model().wellbeing.due_after_min, 30);
    assert_eq!(row(&world, Key::BreakAfter).set_by, SetBy::You);
    world.command(Command::SetSetting {
        key: Key::BreakAfter,
        value: None,
    });
    assert_eq!(world.model().wellbeing.due_after_min, 50);
}

#[test]
fn a_list_of_ones_own_is_joined_with_the_floors_and_never_lost() {
    let mut world = World::serving(1);
    let list = |words: &[&str]| Value::List(words.iter().map(|w| (*w).to_owned()).collect());
    set(&mut world, Key::ClassOptOut, list(&["spam"]));
    world.server.floor = Some(json!({"class.opt_out": ["hate"]}));
    world.pass(120_000);
    assert_eq!(value(&world, Key::ClassOptOut), list(&["hate", "spam"]));
    assert!(!world.has_notice(NoticeKey::SettingTakenBack));
    set(&mut world, Key::ClassOptOut, list(&["spam"]));
    assert!(!world.has_notice(NoticeKey::SettingBelowFloor));
    let own = row(&world, Key::ClassOptOut).own;
    assert_eq!(own, Some(list(&["spam"])), "the floor's are not one's own");
    world.restart();
    assert_eq!(value(&world, Key::ClassOptOut), list(&["hate", "spam"]));
    world.server.floor = None;
    world.pass(120_000);
    assert_eq!(value(&world, Key::ClassOptOut), list(&["spam"]));
}

#[test]
fn what_is_taken_back_comes_back_under_the_settings_of_now() {
    let texts = json!({"id": "item-a", "kind": "text",
        "texts": [{"id": "t", "body": "see the kite", "flagged": [[8, 12]]}]});
    let picture = json!({"id": "item-b", "kind": "image",
        "media": [{"n": 0, "mime": "image/png", "bytes": 10}]});
    let mut world = World::serving_items(vec![texts, picture]);
    world.command(Command::Decide(ActionKind::Allow));
    set(&mut world, Key::TextMask, word("whole"));
    set(&mut world, Key::CoverBlur, word("strong"));
    world.command(Command::Undo);
    let item = world.model().item.unwrap();
    assert_eq!(item.texts[0].words.body, "░░░ ░░░ ░░░░");
    assert_eq!(item.step, CoverStep::Strong);
}

#[test]
fn what_is_looser_or_out_of_range_or_not_ones_own_is_refused_and_said() {
    let mut world = World::serving(1);
    for (key, value, said) in [
        (
            Key::BreakAfter,
            Value::Number(55),
            NoticeKey::SettingBelowFloor,
        ),
        (Key::CoverBlur, word("weak"), NoticeKey::SettingBelowFloor),
        (
            Key::BreakAfter,
            Value::Number(4),
            NoticeKey::SettingOutOfRange,
        ),
        (
            Key::BreakAfter,
            Value::Flag(true),
            NoticeKey::SettingOutOfRange,
        ),
        (
            Key::CapWeighted,
            Value::Number(10),
            NoticeKey::SettingNotYours,
        ),
        (Key::Targets, word("off"), NoticeKey::SettingNotYours),
    ] {
        let before = row(&world, key);
        world.clear_log();
        set(&mut world, key, value);
        assert_eq!(row(&world, key), before, "{said:?}");
        let last = world.model().notices.pop().unwrap();
        assert_eq!((last.key, last.arg.as_str()), (said, key.name()));
        let written = world
            .log
            .iter()
            .any(|e| matches!(e, Effect::SaveSettings(_)));
        assert!(!written, "a refused value is written");
    }
}

#[test]
fn the_floor_is_the_stricter_of_organisation_and_lead_and_holds_without_a_connection() {
    let mut world = World::serving(2);
    world.server.floor = Some(json!({"break.after_min": 40, "cover.blur": "strong"}));
    world.server.lead = Some(json!({"break": {"after_min": 30}, "cap.weighted_min_day": 100}));
    world.restart();
    assert_eq!(world.model().wellbeing.due_after_min, 30);
    assert_eq!(world.model().wellbeing.exposure.weighted_max, 100);
    assert!(!world.has_notice(NoticeKey::FloorChanged) || world.desk.settings_revision() > 0);
    world.server.reachable = false;
    world.restart();
    assert_eq!(world.model().wellbeing.due_after_min, 30);
    assert_eq!(world.model().wellbeing.exposure.weighted_max, 100);
    set(&mut world, Key::BreakAfter, Value::Number(31));
    set(&mut world, Key::CoverBlur, word("normal"));
    assert_eq!(world.model().wellbeing.due_after_min, 30);
    assert_eq!(value(&world, Key::CoverBlur), word("strong"));
    set(&mut world, Key::BreakAfter, Value::Number(20));
    assert_eq!(world.model().wellbeing.due_after_min, 20);
}

#[test]
fn a_floor_raised_in_mid_shift_takes_effect_takes_back_what_is_below_and_covers_anew() {
    let mut world = World::serving(3);
    set(&mut world, Key::BreakAfter, Value::Number(45));
    assert_eq!(world.model().item.unwrap().step, CoverStep::Normal);
    world.clear_log();
    world.server.floor = Some(json!({"break.after_min": 25, "cover.blur": "strong"}));
    world.pass(61_000);
    assert_eq!(world.model().wellbeing.due_after_min, 25);
    assert_eq!(world.model().item.unwrap().step, CoverStep::Strong);
    assert!(
        world.covers_asked() >= 3,
        "items in hand keep the weaker cover"
    );
    assert!(world.has_notice(NoticeKey::FloorChanged));
    assert!(world.has_notice(NoticeKey::SettingTakenBack));
    world.command(Command::Weaker);
    assert_eq!(world.model().item.unwrap().step, CoverStep::Strong);
    // Said once, not with every session.
    let notices = world.model().notices.len();
    world.pass(200_000);
    assert_eq!(world.model().notices.len(), notices);
    // A server that lowers its own floor again may do so; the old choice does not come back.
    world.server.floor = None;
    world.pass(61_000);
    assert_eq!(world.model().wellbeing.due_after_min, 50);
}

#[test]
fn a_kept_value_below_the_floor_is_taken_back_written_and_said() {
    let mut world = World::serving(1);
    world.server.floor = Some(json!({"cover.greyscale": true, "break.after_min": 30}));
    world.restart();
    let SettingsFound::Kept(mut kept) = world.settings.clone() else {
        panic!("nothing kept");
    };
    kept.personal =
        settings(json!({"cover.greyscale": false, "break.after_min": 60, "break.length_min": 15}));
    world.settings = SettingsFound::Kept(kept);
    world.server.reachable = false;
    world.restart();
    assert_eq!(value(&world, Key::CoverGreyscale), Value::Flag(true));
    assert_eq!(value(&world, Key::BreakAfter), Value::Number(30));
    assert_eq!(value(&world, Key::BreakLength), Value::Number(15));
    assert!(world.has_notice(NoticeKey::SettingTakenBack));
    let SettingsFound::Kept(kept) = &world.settings else {
        panic!("nothing kept");
    };
    assert_eq!(kept.personal, settings(json!({"break.length_min": 15})));
}

#[test]
fn edited_records_fall_back_to_the_stricter_of_what_is_read_and_the_defaults() {
    let mut world = World::serving(1);
    world.server.reachable = false;
    world.settings = SettingsFound::Doubtful(Box::new(KeptSettings {
        personal: settings(json!({"cover.greyscale": false, "break.length_min": 20})),
        server: settings(json!({"break.after_min": 60, "cap.clear_min_day": 30})),
        managed: Floor::default(),
    }));
    world.restart();
    assert!(world.has_notice(NoticeKey::SettingsDoubtful));
    assert!(world.desk.settings_view().in_doubt);
    assert_eq!(value(&world, Key::CoverGreyscale), Value::Flag(true));
    assert_eq!(value(&world, Key::BreakAfter), Value::Number(50));
    assert_eq!(value(&world, Key::BreakLength), Value::Number(20));
    assert_eq!(value(&world, Key::CapClear), Value::Number(30));
    // The server's word ends the doubt.
    world.server.reachable = true;
    world.pass(120_000);
    assert!(!world.desk.settings_view().in_doubt);
    assert_eq!(value(&world, Key::CapClear), Value::Number(60));
}

#[test]
fn a_broken_managed_file_never_means_no_floor() {
    let mut world = World::serving(1);
    world.managed = ManagedFound::Read(settings(json!({"cap.clear_min_day": 20})));
    world.restart();
    assert_eq!(value(&world, Key::CapClear), Value::Number(20));
    assert_eq!(
        row(&world, Key::CapClear).set_by,
        SetBy::OrganisationManaged
    );
    world.managed = ManagedFound::Unusable {
        floor: settings(json!({"cap.weighted_min_day": 480, "sounds": false})),
        why: "cap.clear_min_day must be a whole number".into(),
    };
    world.restart();
    assert!(world.has_notice(NoticeKey::ManagedUnusable));
    assert_eq!(value(&world, Key::CapClear), Value::Number(20));
    assert_eq!(value(&world, Key::CapWeighted), Value::Number(240));
    set(&mut world, Key::CoverGreyscale, Value::Flag(false));
    assert_eq!(value(&world, Key::CoverGreyscale), Value::Flag(true));
    // The last good one is still the last good one.
    world.restart();
    assert_eq!(value(&world, Key::CapClear), Value::Number(20));
    world.managed = ManagedFound::Absent;
    world.restart();
    assert!(world.has_notice(NoticeKey::ManagedGone));
    assert_eq!(value(&world, Key::CapClear), Value::Number(60));
}

#[test]
fn a_session_floor_that_cannot_be_read_keeps_the_last_one_and_the_defaults() {
    let mut world = World::serving(1);
    world.server.floor = Some(json!({"cap.clear_min_day": 20}));
    world.restart();
    world.server.floor =
        Some(json!({"cap.clear_min_day": "none", "cap.weighted_min_day": 480, "later.key": 1}));
    world.pass(61_000);
    assert!(world.has_notice(NoticeKey::FloorUnusable));
    let said = |world: &World, key: NoticeKey| {
        let notices = world.model().notices;
        let notice = notices.into_iter().find(|notice| notice.key == key);
        notice.map(|notice| notice.arg).unwrap_or_default()
    };
    let why = said(&world, NoticeKey::FloorUnusable);
    assert!(why.contains(" must be "), "key and range: {why}");
    assert_eq!(value(&world, Key::CapClear), Value::Number(20));
    assert_eq!(value(&world, Key::CapWeighted), Value::Number(240));
    // Unknown keys alone are passed over.
    world.server.floor = Some(json!({"cap.clear_min_day": 30, "later.key": 1}));
    world.pass(61_000);
    assert!(world.has_notice(NoticeKey::FloorUnknownKeys));
    assert_eq!(value(&world, Key::CapClear), Value::Number(30));
}

#[test]
fn cover_settings_apply_to_new_covers() {
    let mut world = World::serving_items(
        (0..2)
            .map(|n| {
                json!({"id": format!("item-{n}"), "kind": "image", "classes": [format!("class-{n}")],
                "media": [{"n": 0, "mime": "image/png", "bytes": 10}]})
            })
            .collect(),
    );
    set(&mut world, Key::CoverGreyscale, Value::Flag(false));
    let classes = ["class-0".to_owned()].into_iter().collect();
    world.clear_log();
    set(&mut world, Key::CoverStylePerClass, Value::List(classes));
    assert_eq!(world.model().item.unwrap().step, CoverStep::Strong);
    let asked: Vec<_> = world
        .log
        .iter()
        .filter_map(|effect| match effect {
            Effect::PrepareCover { key, .. } => Some((key.step, key.style)),
            _ => None,
        })
        .collect();
    let in_colour = CoverStyle {
        grey: false,
        sketch: false,
    };
    assert_eq!(asked, [(CoverStep::Strong, in_colour)]);
    world.command(Command::Weaker);
    assert_eq!(world.model().item.unwrap().step, CoverStep::Strong);
}

#[test]
fn a_sketch_is_asked_for_and_taken_back_for_everything_in_hand() {
    let mut world = World::serving(3);
    for sketch in [true, false] {
        world.clear_log();
        set(&mut world, Key::CoverSketch, Value::Flag(sketch));
        let asked: Vec<CoverStyle> = world
            .log
            .iter()
            .filter_map(|effect| match effect {
                Effect::PrepareCover { key, .. } => Some(key.style),
                _ => None,
            })
            .collect();
        assert_eq!(asked, [CoverStyle { grey: true, sketch }; 3]);
        assert_eq!(world.model().item.unwrap().style.sketch, sketch);
    }
}

#[test]
fn what_has_no_effect_yet_is_named() {
    let named: Vec<_> = World::serving(1).desk.settings_view().not_acted_on;
    for row in TABLE {
        assert_eq!(named.contains(&row.key), !acts_on(row.key));
    }
}

fn value_of(row: &Row) -> BoxedStrategy<Value> {
    match row.shape {
        Shape::Flag => any::<bool>().prop_map(Value::Flag).boxed(),
        Shape::Number { min, max, .. } => (min..=max).prop_map(Value::Number).boxed(),
        Shape::Choice(words) => proptest::sample::select(words.to_vec())
            .prop_map(|word| Value::Choice(word.to_owned()))
            .boxed(),
        Shape::Fixed(only) => Just(Value::Choice(only.to_owned())).boxed(),
        Shape::Classes | Shape::Words => proptest::collection::btree_set("[a-d]", 0..3)
            .prop_map(Value::List)
            .boxed(),
    }
}

fn document() -> impl Strategy<Value = Settings> {
    let all: Vec<_> = TABLE
        .iter()
        .map(|row| proptest::option::weighted(0.3, value_of(row)))
        .collect();
    all.prop_map(|values| {
        let mut settings = Settings::default();
        for (row, value) in TABLE.iter().zip(values) {
            if let Some(value) = value {
                settings.set(row.key, value).unwrap();
            }
        }
        settings
    })
}

fn no_looser(key: Key, value: &Value, floor: &Value) -> bool {
    let row = key.row();
    row.order.stricter(row.shape, value, floor).as_ref() == Some(value)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Random choice, session and managed file, through a start, a session, every choice made anew
    /// and a start without a connection.
    #[test]
    fn in_force_is_never_laxer_than_any_floor(personal in document(), server in document(), managed in document()) {
        let mut world = World::serving(0);
        world.settings = SettingsFound::Kept(Box::new(KeptSettings { personal: personal.clone(), ..KeptSettings::default() }));
        world.server.floor = Some(server.to_json().into());
        world.managed = ManagedFound::Read(managed.clone());
        world.restart();
        for key in personal.keys() {
            set(&mut world, key, personal.get(key).unwrap().clone());
        }
        world.server.reachable = false;
        world.restart();
        for row in world.desk.settings_view().rows {
            let key = row.key;
            if key.row().who == scrim_model::settings::Who::Nobody {
                continue;
            }
            let ordered = key.row().order != Order::None;
            for floor in [server.get(key), managed.get(key)].into_iter().flatten() {
                prop_assert!(!ordered || no_looser(key, &row.value, floor), "{row:?} is below {floor:?}");
            }
            if let (MayChange::AtLeast | MayChange::Freely, Some(wanted)) = (row.may_change, personal.get(key)) {
                let least = row.least.as_ref().is_none_or(|least| no_looser(key, wanted, least));
                prop_assert!(!least || &row.value == wanted, "{row:?} although {wanted:?} was chosen");
            }
        }
    }

    /// Raising a floor never makes anything laxer, and joining is never laxer than its parts.
    #[test]
    fn a_stricter_floor_is_never_laxer_in_force(personal in document(), server in document(), more in document()) {
        use scrim_model::settings::{Floors, effective};
        let floors = |server: Floor| Floors { server, managed: Floor::default() };
        let raised = server.joined(&more);
        for key in raised.keys() {
            let value = raised.get(key).unwrap();
            for part in [&server, &more] {
                if let Some(part) = part.get(key).filter(|_| key.row().order != Order::None) {
                    prop_assert!(no_looser(key, value, part));
                }
            }
        }
        let (before, after) = (effective(&floors(server.clone()), &personal), effective(&floors(raised), &personal));
        for (old, new) in before.rows().iter().zip(after.rows()) {
            // Naming a key of the lead or the organisation for the first time replaces its default.
            if old.key.row().order != Order::None && server.get(old.key).is_some() {
                prop_assert!(no_looser(old.key, &new.value, &old.value), "{old:?} {new:?}");
            }
        }
    }
}
