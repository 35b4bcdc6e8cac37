use super::*;
use crate::strings::Strings;
use std::collections::HashSet;

#[test]
fn ids_are_unique_and_every_row_has_words_and_help() {
    let strings = Strings::english();
    let mut ids = HashSet::new();
    for row in TABLE {
        assert!(ids.insert(row.id), "{} twice", row.id);
        assert!(strings.has(row.words), "{}", row.words);
        assert!(strings.has(&format!("{}.help", row.words)), "{}", row.words);
    }
}

#[test]
fn keys_are_unique_wherever_two_rows_count_at_once() {
    let together = |a: Context, b: Context| {
        let on = |set: &[Context]| set.contains(&a) && set.contains(&b);
        a == b
            || on(&[Context::Always, Context::Item, Context::Working])
            || on(&[Context::Always, Context::Resting])
            || on(&[Context::Always, Context::Ended])
            || on(&[Context::Always, Context::CheckIn, Context::Resting])
            || on(&[Context::Always, Context::CheckIn, Context::Ended])
    };
    for hand in [Hand::Right, Hand::Left] {
        for (at, a) in TABLE.iter().enumerate() {
            for b in &TABLE[at + 1..] {
                if !together(a.context, b.context) {
                    continue;
                }
                for chord in a.keys_for(hand) {
                    assert!(!b.has_key(*chord, hand), "{} and {}: {chord:?}", a.id, b.id);
                }
            }
        }
    }
}

#[test]
fn every_known_decision_has_a_row_and_comes_back() {
    for kind in ActionKind::KNOWN {
        let act = act_of(kind).expect("every known kind has an act");
        assert_eq!(action(act).act, act);
        assert!(action(act).decides);
        assert_eq!(kind_of(act).as_ref(), Some(kind));
    }
}
