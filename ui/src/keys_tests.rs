#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::actions::action;
use crate::places;

const ITEM: &[Context] = &[Context::Item, Context::Working, Context::Always];
const HERE: Situation<'static> = Situation {
    contexts: ITEM,
    in_text: false,
    is_covered_all: false,
};
const TEXT: Situation<'static> = Situation {
    contexts: ITEM,
    in_text: true,
    is_covered_all: false,
};

fn down(key: Key) -> KeyEvent {
    KeyEvent {
        logical: key,
        physical: None,
        pressed: true,
        repeat: false,
        shift: false,
        ctrl: false,
        alt: false,
    }
}

fn up(key: Key) -> KeyEvent {
    KeyEvent {
        pressed: false,
        ..down(key)
    }
}

#[test]
fn a_decision_key_decides_once_however_long_it_is_held() {
    let mut keys = KeyBoard::default();
    assert_eq!(
        keys.take(down(Key::X), HERE, 1_000),
        Some(KeyAsk::Do(Act::Remove))
    );
    let repeat = KeyEvent {
        repeat: true,
        ..down(Key::X)
    };
    for ms in [1_500, 1_530, 1_560] {
        assert_eq!(keys.take(repeat, HERE, ms), None);
        assert!(keys.is_ours(repeat, HERE, 0));
    }
}

#[test]
fn bounce_is_passed_over_but_a_second_press_is_not() {
    let mut keys = KeyBoard::default();
    assert!(keys.take(down(Key::F), HERE, 1_000).is_some());
    assert_eq!(keys.take(up(Key::F), HERE, 1_010), None);
    assert_eq!(keys.take(down(Key::F), HERE, 1_059), None);
    assert!(keys.take(down(Key::F), HERE, 1_200).is_some());
}

#[test]
fn decision_keys_are_dead_while_looking_and_300_ms_after() {
    let mut keys = KeyBoard::default();
    assert_eq!(
        keys.take(down(Key::R), HERE, 1_000),
        Some(KeyAsk::HoldStart(Act::Look))
    );
    for key in [Key::F, Key::X, Key::P, Key::K, Key::Z] {
        assert_eq!(keys.take(down(key), HERE, 2_000), None, "{key:?}");
    }
    assert!(
        keys.take(down(Key::Num3), HERE, 2_100).is_some(),
        "a policy can be chosen while looking"
    );
    assert_eq!(
        keys.take(up(Key::R), HERE, 3_000),
        Some(KeyAsk::HoldEnd(Act::Look))
    );
    assert_eq!(keys.take(down(Key::F), HERE, 3_299), None);
    assert_eq!(
        keys.take(down(Key::X), HERE, 3_300),
        Some(KeyAsk::Do(Act::Remove))
    );
}

#[test]
fn a_short_press_is_a_tap() {
    let mut keys = KeyBoard::default();
    keys.take(down(Key::R), HERE, 1_000);
    assert_eq!(
        keys.take(up(Key::R), HERE, 1_249),
        Some(KeyAsk::Tap(Act::Look))
    );
    keys.take(down(Key::R), HERE, 2_000);
    assert_eq!(
        keys.take(up(Key::R), HERE, 2_250),
        Some(KeyAsk::HoldEnd(Act::Look))
    );
}

#[test]
fn losing_the_keyboard_lets_every_key_go() {
    let mut keys = KeyBoard::default();
    keys.take(down(Key::R), HERE, 1_000);
    keys.release_all(1_500);
    assert!(!keys.is_held(Act::Look));
    assert!(keys.is_guarded(1_700));
    assert_eq!(keys.take(up(Key::R), HERE, 1_600), None);
}

#[test]
fn in_text_only_cover_all_works_and_space_is_a_space() {
    let mut keys = KeyBoard::default();
    for key in [Key::F, Key::R, Key::Num1, Key::Space, Key::Z] {
        assert_eq!(keys.take(down(key), TEXT, 1_000), None, "{key:?}");
        assert!(!keys.is_ours(down(key), TEXT, 0));
    }
    assert_eq!(
        keys.take(down(Key::F9), TEXT, 1_000),
        Some(KeyAsk::Do(Act::CoverAll))
    );
}

#[test]
fn cover_all_twice_within_a_second_counts_once_whichever_key() {
    let covered = Situation {
        is_covered_all: true,
        ..HERE
    };
    let mut keys = KeyBoard::default();
    assert!(keys.take(down(Key::F9), HERE, 1_000).is_some());
    assert_eq!(keys.take(down(Key::Space), covered, 1_999), None);
    assert!(keys.take(down(Key::Space), covered, 2_100).is_some());
}

#[test]
fn logical_first_then_physical_and_digits_by_place() {
    let mut keys = KeyBoard::default();
    // Dvorak: the key that types “e” stands where “d” does; “e” counts, “d” must not.
    let dvorak = KeyEvent {
        physical: Some(Key::D),
        ..down(Key::E)
    };
    assert_eq!(keys.take(dvorak, HERE, 1_000), Some(KeyAsk::Do(Act::Label)));
    // A letter that does nothing here is not the one at its place.
    let unbound = KeyEvent {
        physical: Some(Key::X),
        ..down(Key::B)
    };
    let on_item = Situation {
        contexts: &[Context::Item],
        ..HERE
    };
    assert_eq!(keys.take(unbound, on_item, 2_000), None);
    // AZERTY: the digit row types signs.
    let azerty = KeyEvent {
        physical: Some(Key::Num6),
        ..down(Key::Minus)
    };
    assert_eq!(
        keys.take(azerty, HERE, 3_000),
        Some(KeyAsk::Do(Act::Digit(6)))
    );
}

#[test]
fn a_confirmation_shadows_the_item() {
    let at = Situation {
        contexts: &[Context::Confirm, Context::Always],
        in_text: false,
        is_covered_all: false,
    };
    let mut keys = KeyBoard::default();
    assert_eq!(
        keys.take(down(Key::Num1), at, 1_000),
        Some(KeyAsk::Do(Act::Priority(1)))
    );
    assert_eq!(keys.take(down(Key::X), at, 1_100), None);
    // A double tap asks once; it never confirms.
    assert_eq!(keys.take(down(Key::P), at, 1_150), None);
    assert_eq!(
        keys.take(down(Key::Enter), at, 1_200),
        Some(KeyAsk::Do(Act::Confirm))
    );
    assert_eq!(
        keys.take(down(Key::Escape), at, 1_300),
        Some(KeyAsk::Do(Act::Cancel))
    );
}

#[test]
fn the_left_hand_map_moves_the_hold_key() {
    let mut keys = KeyBoard {
        hand: Hand::Left,
        ..KeyBoard::default()
    };
    assert_eq!(
        keys.take(down(Key::U), HERE, 1_000),
        Some(KeyAsk::HoldStart(Act::Look))
    );
    assert_eq!(keys.take(down(Key::R), HERE, 1_000), None);
}

/// What a keyboard asks for when `first` goes down and `second` follows after `gap_ms`, both from
/// the item.
fn pair(hand: Hand, first: Key, second: Key, gap_ms: u64) -> [Option<KeyAsk>; 2] {
    let mut keys = KeyBoard::new(hand);
    let first = keys.take(down(first), HERE, 10_000);
    [first, keys.take(down(second), HERE, 10_000 + gap_ms)]
}

/// Whether `ask` decides, or asks for what can be a decision.
fn decides(ask: Option<KeyAsk>) -> bool {
    matches!(ask, Some(KeyAsk::Do(act)) if action(act).decides)
}

#[test]
fn neighbours_pressed_together_never_decide() {
    let mut pairs = 0;
    for hand in [Hand::Right, Hand::Left] {
        for first in places::all() {
            for second in places::all().filter(|key| places::are_neighbours(first, *key)) {
                for gap_ms in [0, 1, TOGETHER_MS - 1] {
                    pairs += 1;
                    let asks = pair(hand, first, second, gap_ms);
                    assert!(!decides(asks[1]), "{first:?} {second:?}: {asks:?}");
                    // What the first one decided is called off by the second.
                    let off = asks[1] == Some(KeyAsk::Slipped);
                    assert_eq!(decides(asks[0]), off, "{first:?} {second:?}: {asks:?}");
                }
            }
        }
    }
    assert!(pairs > 500, "{pairs}");
}

#[test]
fn keys_apart_in_place_or_time_are_both_meant() {
    // A roll over two fingers: policy and action.
    let asks = pair(Hand::Right, Key::Num2, Key::X, 5);
    assert_eq!(asks[1], Some(KeyAsk::Do(Act::Remove)));
    let asks = pair(Hand::Right, Key::F, Key::G, TOGETHER_MS);
    assert_eq!(
        asks,
        [Act::Allow, Act::AgeGate].map(|act| Some(KeyAsk::Do(act)))
    );
}

#[test]
fn no_key_decides_within_300_ms_of_a_hold() {
    for hold in [Key::R, Key::C] {
        for key in places::all().filter(|key| *key != hold) {
            for after_ms in [0, 150, GUARD_AFTER_HOLD_MS - 1] {
                let mut keys = KeyBoard::default();
                keys.take(down(hold), HERE, 10_000);
                assert!(
                    !decides(keys.take(down(key), HERE, 10_500)),
                    "{key:?} in a hold"
                );
                keys.take(up(hold), HERE, 11_000);
                let ask = keys.take(down(key), HERE, 11_000 + after_ms);
                assert!(!decides(ask), "{key:?} {after_ms} ms after a hold: {ask:?}");
            }
        }
    }
}

#[test]
fn letters_for_a_field_that_is_gone_are_no_keys() {
    let mut keys = KeyBoard::default();
    keys.field_gone(10_000);
    for (n, key) in [Key::F, Key::K, Key::B, Key::R, Key::X]
        .into_iter()
        .enumerate()
    {
        let at_ms = 10_100 + 900 * n as u64;
        assert!(keys.is_ours(down(key), HERE, at_ms));
        assert_eq!(keys.take(down(key), HERE, at_ms), None, "{key:?}");
    }
    assert_eq!(
        keys.take(down(Key::F9), HERE, 14_000),
        Some(KeyAsk::Do(Act::CoverAll)),
        "covering works always"
    );
    assert_eq!(
        keys.take(down(Key::F), HERE, 14_700 + FIELD_GONE_MS),
        Some(KeyAsk::Do(Act::Allow)),
        "after a second without a key"
    );
}

#[test]
fn covering_is_never_guarded_and_lifting_is() {
    let covered = Situation {
        is_covered_all: true,
        ..HERE
    };
    let asked = Some(KeyAsk::Do(Act::CoverAll));
    let mut keys = KeyBoard::default();
    assert_eq!(keys.take(down(Key::F9), HERE, 10_000), asked);
    assert_eq!(keys.take(down(Key::F9), covered, 10_500), None);
    assert_eq!(keys.take(down(Key::F9), covered, 11_100), asked, "lifted");
    assert_eq!(
        keys.take(down(Key::F9), HERE, 11_250),
        asked,
        "covered again at once"
    );
    assert_eq!(keys.take(down(Key::F9), covered, 11_400), None);
}
