//! What the heart lets out of an item's words: masks everywhere, and one span at a time.
#![allow(clippy::unwrap_used, reason = "tests")]

#[allow(dead_code, reason = "shared with the other tests of the heart")]
mod world;

use scrim_desk::Effect;
use scrim_desk::limits::UNDO_MS;
use scrim_model::ActionKind;
use scrim_model::limits::MARKS_MAX;
use scrim_model::mark::{Mark, Region};
use scrim_model::settings::{Key, Value};
use scrim_model::view::{Part, RevealMode, WordPlace, WordSpan};
use scrim_wire::window::{Command, ItemView, MaskedWords, NoticeKey};
use serde_json::json;
use world::World;

/// A talk about a garden. "onion" is on the list of words; "kite" is flagged.
fn talk() -> World {
    World::serving_items(vec![json!({"id": "item-t", "kind": "conversation",
        "texts": [
            {"id": "m0", "role": "message:A", "lang": "en", "body": "a kite, a red kite", "flagged": [[2, 6], [14, 18]]},
            {"id": "m1", "role": "message:red onion", "lang": "en", "body": "one ONION please"},
            {"id": "m2", "role": "message:B", "lang": "de", "body": "ein blauer Drachen", "flagged": [[11, 18]],
             "translations": [{"lang": "en", "body": "a blue kite", "by": "machine"}]},
            {"id": "m3", "role": "message:A", "lang": "de", "body": "bis morgen",
             "translations": [{"lang": "en", "body": "see you, onion", "by": "human"}]}],
        "context": [{"id": "c0", "body": "an onion around it"}],
        "reports": [{"class": "other", "text": "a secret report"}],
        "appeal": {"id": "a", "text": "a secret appeal", "decision_id": "d0"}})])
}

fn item(world: &World) -> ItemView {
    world.model().item.unwrap()
}

fn spans(words: &MaskedWords) -> Vec<WordSpan> {
    words.spans.iter().map(|span| span.key).collect()
}

#[test]
fn everything_that_a_person_wrote_is_masked() {
    let item = item(&talk());
    let bodies: Vec<_> = item.texts.iter().map(|t| t.words.body.as_str()).collect();
    assert_eq!(
        bodies,
        [
            "a ░░░░, a red ░░░░",
            "one ░░░░░ please",
            "ein blauer ░░░░░░░",
            "bis morgen"
        ]
    );
    assert_eq!(item.texts[1].role, "message:red ░░░░░");
    assert_eq!(item.texts[2].translations[0].words.body, "░ ░░░░ ░░░░");
    assert_eq!(item.texts[3].translations[0].words.body, "see you, ░░░░░");
    assert_eq!(item.context[0].words.body, "an ░░░░░ around it");
    assert_eq!(item.reports[0].words.body, "░ ░░░░░░ ░░░░░░");
    assert_eq!(item.appeal.unwrap().body, "░ ░░░░░░ ░░░░░░");
}

#[test]
fn spans_are_counted_in_characters_of_what_is_drawn() {
    let world = World::serving_items(vec![json!({"id": "i", "kind": "text",
        "texts": [{"id": "t", "body": "añ kite ö", "flagged": [[1, 3], [4, 8]]}]})]);
    let words = &item(&world).texts[0].words;
    assert_eq!(words.body, "a░ ░░░░ ö");
    let places: Vec<_> = words.spans.iter().map(|s| (s.from, s.to)).collect();
    assert_eq!(places, [(1, 2), (3, 7)]);
}

#[test]
fn a_span_is_revealed_alone_and_only_after_it_is_durable() {
    let mut world = talk();
    let second = spans(&item(&world).texts[0].words)[1];
    world.store_works = false;
    world.command(Command::RevealSpan(RevealMode::Hold, second));
    assert_eq!(item(&world).texts[0].words.body, "a ░░░░, a red ░░░░");
    world.store_works = true;
    world.clear_log();
    world.command(Command::RevealSpan(RevealMode::Hold, second));
    let shown = item(&world);
    assert_eq!(shown.texts[0].words.body, "a ░░░░, a red kite");
    assert_eq!(shown.texts[2].words.body, "ein blauer ░░░░░░░");
    assert_eq!(shown.reports[0].words.body, "░ ░░░░░░ ░░░░░░");
    let recorded = world.log.iter().find_map(|effect| match effect {
        Effect::RecordReveal { part, .. } => Some(part.clone()),
        _ => None,
    });
    assert_eq!(recorded, Some(Part::Span(second)));
    world.command(Command::CoverAgain);
    assert_eq!(item(&world).texts[0].words.body, "a ░░░░, a red ░░░░");
    assert_eq!(
        world.order_of(&["CoverNow", "CloseReveal"]),
        ["CoverNow", "CloseReveal"]
    );
}

#[test]
fn reports_translations_and_the_appeal_are_revealed_span_by_span() {
    let mut world = talk();
    let before = item(&world);
    let of_report = spans(&before.reports[0].words)[0];
    let of_translation = spans(&before.texts[2].translations[0].words)[0];
    let of_appeal = spans(before.appeal.as_ref().unwrap())[0];
    assert_eq!(of_translation.translation, Some(0));
    world.command(Command::RevealSpan(RevealMode::Latch, of_report));
    assert_eq!(item(&world).reports[0].words.body, "a secret report");
    world.command(Command::RevealSpan(RevealMode::Latch, of_translation));
    let shown = item(&world);
    assert_eq!(shown.texts[2].translations[0].words.body, "a blue kite");
    assert_eq!(shown.texts[2].words.body, "ein blauer ░░░░░░░");
    assert_eq!(shown.reports[0].words.body, "░ ░░░░░░ ░░░░░░");
    world.command(Command::RevealSpan(RevealMode::Latch, of_appeal));
    assert_eq!(item(&world).appeal.unwrap().body, "a secret appeal");
}

#[test]
fn a_span_that_is_not_there_reveals_nothing() {
    let mut world = talk();
    let before = item(&world);
    for (start, end) in [(0, 18), (2, 5), (6, 6)] {
        let made_up = WordSpan {
            place: WordPlace::Text,
            text: 0,
            translation: None,
            start,
            end,
        };
        world.command(Command::RevealSpan(RevealMode::Latch, made_up));
        assert_eq!(item(&world).texts, before.texts);
        assert!(item(&world).reveal.is_none());
    }
}

#[test]
fn all_words_open_together_and_cover_together() {
    let mut world = talk();
    let masked = item(&world);
    world.command(Command::Reveal(RevealMode::Latch));
    let shown = item(&world);
    assert_eq!(shown.texts[1].words.body, "one ONION please");
    assert_eq!(shown.texts[1].role, "message:red onion");
    assert_eq!(shown.texts[2].translations[0].words.body, "a blue kite");
    assert_eq!(shown.context[0].words.body, "an onion around it");
    world.command(Command::Decide(ActionKind::Allow));
    world.command(Command::Undo);
    assert_eq!(item(&world).texts, masked.texts);
}

#[test]
fn marks_point_into_the_item_stay_through_a_look_and_go_with_the_decision() {
    let mut world = talk();
    let texts = |first: &str, last: &str| Mark::Texts {
        first: first.to_owned(),
        last: last.to_owned(),
    };
    for unsound in [
        texts("m1", "m9"),
        texts("m2", "m1"),
        Mark::Region(Region::middle(0)),
    ] {
        world.command(Command::Mark(unsound));
    }
    assert!(world.model().draft.marks.is_empty());
    world.command(Command::Mark(texts("m0", "m1")));
    world.command(Command::Mark(texts("m0", "m1")));
    world.command(Command::Mark(texts("m3", "m3")));
    world.command(Command::Unmark(7));
    world.command(Command::Reveal(RevealMode::Latch));
    world.command(Command::CoverAgain);
    assert_eq!(world.model().draft.marks.len(), 2);
    world.command(Command::Unmark(1));
    world.command(Command::Decide(ActionKind::Allow));
    world.pass(UNDO_MS);
    assert_eq!(world.server.decisions[0].marks, [texts("m0", "m1")]);
}

#[test]
fn a_decision_holds_so_many_marks_and_says_so() {
    let mut world = World::serving(3);
    for n in 0..40 {
        let region = Region::middle(0).moved(n * 1_000, 0);
        world.command(Command::Mark(Mark::Region(region)));
    }
    assert_eq!(world.model().draft.marks.len(), MARKS_MAX);
    assert!(world.has_notice(NoticeKey::MarksFull));
}

#[test]
fn masks_can_cover_everything_and_a_change_covers_what_is_open() {
    let mut world = talk();
    world.command(Command::Reveal(RevealMode::Latch));
    assert_eq!(item(&world).texts[0].words.body, "a kite, a red kite");
    world.command(Command::SetSetting {
        key: Key::TextMask,
        value: Some(Value::Choice("whole".into())),
    });
    let masked = item(&world);
    assert!(masked.reveal.is_none(), "the look ends with its masks");
    let of_place = |texts: &[scrim_wire::window::TextView]| -> String {
        texts.iter().map(|t| t.words.body.as_str()).collect()
    };
    let words = of_place(&masked.texts) + &of_place(&masked.context);
    assert!(words.chars().all(|c| c == '░' || c == ' '), "{words}");
    let translated = &masked.texts[3].translations[0].words.body;
    assert_eq!(translated, "░░░ ░░░░ ░░░░░");
    assert_eq!(masked.texts[1].role, "message:░░░ ░░░░░");
    let all = spans(&masked.texts[0].words)[0];
    world.command(Command::RevealSpan(RevealMode::Latch, all));
    assert_eq!(item(&world).texts[0].words.body, "a kite, a red kite");
}

#[test]
fn words_of_ones_own_and_of_the_floor_are_masked_besides_the_list() {
    let mut world = talk();
    world.server.floor = Some(json!({"text.words": ["garden", "please"]}));
    world.command(Command::SetSetting {
        key: Key::TextWords,
        value: Some(Value::List(["morgen".to_owned()].into())),
    });
    world.pass(120_000);
    let shown = item(&world);
    let bodies: Vec<_> = shown.texts.iter().map(|t| t.words.body.as_str()).collect();
    assert_eq!(bodies[1], "one ░░░░░ ░░░░░░");
    assert_eq!(bodies[3], "bis ░░░░░░");
    world.command(Command::SetSetting {
        key: Key::TextWords,
        value: None,
    });
    assert_eq!(item(&world).texts[3].words.body, "bis morgen");
    assert_eq!(
        item(&world).texts[1].words.body,
        "one ░░░░░ ░░░░░░",
        "the floor's stay"
    );
}
