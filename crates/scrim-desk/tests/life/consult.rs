use scrim_desk::Effect;
use scrim_desk::limits::{CONSULT_POLL_MS, QUESTIONS_MAX};
use scrim_model::mark::{Mark, Region};
use scrim_model::{ItemId, Role};
use scrim_wire::call::CallFailed;
use scrim_wire::protocol::ReleaseWhy;
use scrim_wire::window::{Command, NoticeKey, QuestionState, QuestionView};

use crate::world::World;

fn ask(world: &mut World) {
    world.command(Command::AskColleague {
        to: Role::Lead,
        question: "is this one of the kites? ".into(),
    });
}

fn questions(world: &World) -> Vec<QuestionView> {
    world
        .model()
        .item
        .map(|item| item.questions)
        .unwrap_or_default()
}

fn keys_sent(world: &World) -> Vec<String> {
    let key = |effect: &Effect| match effect {
        Effect::AskColleague { key, .. } => Some(key.clone()),
        _ => None,
    };
    world.log.iter().filter_map(key).collect()
}

#[test]
fn a_question_keeps_the_claim_and_the_answer_brings_the_item_next() {
    let mut world = World::serving(3);
    let asked = world.open_item().unwrap();
    ask(&mut world);
    assert_ne!(
        world.open_item().as_ref(),
        Some(&asked),
        "it goes behind the others"
    );
    assert_eq!(world.model().in_hand, 3, "and its claim is kept");
    assert!(world.order_of(&["Release"]).is_empty());
    assert_eq!(world.server.questions.len(), 1);
    world.server.answer_questions("no, a balloon");
    world.pass(CONSULT_POLL_MS + 1_000);
    assert!(world.has_notice(NoticeKey::QuestionAnswered));
    world.command(Command::Decide("allow".into()));
    assert_eq!(world.open_item(), Some(asked));
    let answered = questions(&world);
    assert_eq!(answered[0].question, "is this one of the kites?");
    assert_eq!(answered[0].state, QuestionState::Answered);
    assert_eq!(answered[0].answer.as_deref(), Some("no, a balloon"));
    world.clear_log();
    world.pass(60_000);
    assert!(
        world.order_of(&["ReadQuestions"]).is_empty(),
        "asked on and on"
    );
}

#[test]
fn a_question_whose_answer_was_lost_is_asked_again_with_the_same_key() {
    let mut world = World::serving(1);
    world.server.reachable = false;
    ask(&mut world);
    world.pass(30_000);
    assert_eq!(questions(&world)[0].state, QuestionState::Sending);
    world.server.reachable = true;
    world.pass(120_000);
    assert_eq!(questions(&world)[0].state, QuestionState::Open);
    let mut keys = keys_sent(&world);
    keys.dedup();
    assert_eq!(keys.len(), 1);
    assert_eq!(world.server.questions.len(), 1);
}

#[test]
fn a_refused_question_is_said_and_stops_nothing_else() {
    let mut world = World::serving(2);
    world.server.refuses = Some(CallFailed::Refused {
        code: "invalid".into(),
        message: String::new(),
    });
    ask(&mut world);
    assert!(world.has_notice(NoticeKey::QuestionRefused));
    world.server.refuses = None;
    world.clear_log();
    world.pass(60_000);
    assert!(keys_sent(&world).is_empty(), "asked again by itself");
}

#[test]
fn questions_are_bounded_and_an_empty_one_is_none() {
    let mut world = World::serving(1);
    world.command(Command::AskColleague {
        to: Role::Lead,
        question: "  ".into(),
    });
    assert!(questions(&world).is_empty());
    for _ in 0..=QUESTIONS_MAX {
        ask(&mut world);
    }
    assert_eq!(questions(&world).len(), QUESTIONS_MAX);
    assert!(world.has_notice(NoticeKey::QuestionsFull));
}

#[test]
fn what_is_handed_over_goes_with_its_draft_and_does_not_come_back() {
    let mut world = World::serving(2);
    let item: ItemId = world.open_item().unwrap();
    world.command(Command::Digit(2));
    world.command(Command::Note("half done".into()));
    world.command(Command::Mark(Mark::Region(Region::middle(0))));
    world.command(Command::HandOver);
    assert_ne!(world.open_item(), Some(item.clone()));
    let handed = world.log.iter().find_map(|effect| match effect {
        Effect::Release { request, .. } if request.why == ReleaseWhy::HandOver => {
            Some((request.draft.clone().unwrap(), request.claim_ids.len()))
        }
        _ => None,
    });
    let (draft, claims) = handed.unwrap();
    assert_eq!((draft.note.as_str(), claims), ("half done", 1));
    assert_eq!(draft.policy_ids[0].as_str(), "violence");
    assert_eq!(draft.marks, [Mark::Region(Region::middle(0))]);
    assert!(world.has_notice(NoticeKey::HandedOver));
    let excluded = world.log.iter().rev().find_map(|effect| match effect {
        Effect::Claim { request, .. } => Some(request.exclude_items.contains(&item)),
        _ => None,
    });
    assert_eq!(excluded, Some(true));
}

#[test]
fn what_a_colleague_handed_over_is_filled_in_and_said() {
    let mut world = World::serving(0);
    world.server.hands_over = true;
    world
        .server
        .open
        .push_back(serde_json::json!({"id": "item-h", "kind": "image",
        "media": [{"n": 0, "mime": "image/png", "bytes": 10}]}));
    world.pass(15_000);
    let draft = world.model().draft;
    assert_eq!(draft.note, "theirs");
    assert_eq!(draft.chosen.unwrap().as_str(), "violence");
    assert_eq!(
        draft.marks,
        [Mark::Region(Region::middle(0))],
        "none that points nowhere"
    );
    assert!(world.has_notice(NoticeKey::TakenOver));
}
