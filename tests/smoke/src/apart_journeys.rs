//! Journeys of what lies beside the main job: an item that is aimed at the moderator, training,
//! changes of policies, a call to the duty contact, the end of a shift.

use egui::{Key, Modifiers};
use scrim_model::{Environment, Kind, PolicyTree};
use scrim_samples::{POLICIES_JSON, Sample};
use scrim_wire::protocol::Feedback;
use scrim_wire::window::{NoticeKey, Screen};

use crate::journeys::{Journey, checkered, desk, item, noticed};
use crate::stage::{Failed, Look, Stage, hold};

pub(crate) const APART: &[Journey] = &[
    Journey {
        name: "aimed-at-me",
        about: "asked first; then the item and its author are gone, and only its number is told",
        run: aimed_at_me,
    },
    Journey {
        name: "training-feedback",
        about: "a training server says what was expected; its decisions have no effect",
        run: training_feedback,
    },
    Journey {
        name: "practice-is-told",
        about: "that some items can be practice is said with the keys and where a shift ends, and not in training",
        run: practice_is_told,
    },
    Journey {
        name: "policy-changes-are-read",
        about: "what changed in the policies is listed before the next item, also after a restart",
        run: policy_changes,
    },
    Journey {
        name: "told-by-phone",
        about: "an urgent escalation without a connection shows whom to call until that is recorded",
        run: told_by_phone,
    },
    Journey {
        name: "shift-ends-with-nothing-held",
        about: "the end of a shift covers, gives back and says what is not confirmed",
        run: shift_ends,
    },
];

const SHIFT: Modifiers = Modifiers::SHIFT;

/// Items whose authors are `authors`, in this order.
fn by_authors(authors: &[&str]) -> Result<Vec<Sample>, Failed> {
    let mut samples = Vec::new();
    for (number, author) in (1..).zip(authors) {
        let mut sample = checkered(number, Kind::Image);
        let author = serde_json::json!({"id": author});
        sample.ingest.item.author = Some(serde_json::from_value(author)?);
        samples.push(sample);
    }
    Ok(samples)
}

fn aimed_at_me() -> Result<(), Failed> {
    let samples = by_authors(&["x", "y", "x", "y"])?;
    let mut stage = Stage::set(&samples, Look::default())?;
    stage.served.set_safety_contact("Safety=555 0199")?;
    stage.start_desk()?;
    stage.pass(2_000);
    let first = item(&mut stage);
    stage.press_with(Key::K, SHIFT);
    hold!(stage.model().confirm.is_some(), "nothing is asked in place");
    hold!(
        stage.says_with("confirm-aimed", &[("contact", "Safety · 555 0199".into())]),
        "the question does not say who is told"
    );
    stage.press(Key::Escape);
    hold!(item(&mut stage) == first, "Escape gives the item away");
    stage.press_with(Key::K, SHIFT);
    stage.pass(500);
    stage.press(Key::Enter);
    stage.pass(2_000);
    hold!(item(&mut stage) != first, "the item stays");
    hold!(noticed(&mut stage, NoticeKey::AimedAway), "it is not said");
    let first = first.unwrap_or_default();
    let told = stage.served.safety_notices()?;
    hold!(
        told.trim() == format!("1\t{first}"),
        "the safety contact reads {told:?}"
    );
    for _ in 0..2 {
        stage.press(Key::F);
        stage.pass(6_000);
    }
    let author_of = |id: &str| {
        let of_item = |sample: &&Sample| sample.ingest.item.id.as_str() == id;
        let author = samples.iter().find(of_item)?.ingest.item.author.as_ref();
        author.map(|author| author.id.clone())
    };
    let decided = stage.served.decisions()?;
    hold!(
        decided.len() == 2
            && decided
                .iter()
                .all(|decision| author_of(decision.item_id.as_str()) != author_of(&first)),
        "{} decisions, or one on that author",
        decided.len()
    );
    hold!(
        stage.model().screen == Screen::QueueEmpty,
        "an item of that author came back"
    );
    Ok(())
}

fn training_feedback() -> Result<(), Failed> {
    let mut samples = by_authors(&["x", "y"])?;
    for sample in &mut samples {
        sample.ingest.feedback = Some(Feedback {
            policy_ids: Vec::new(),
            explanation: "A plain pattern: nothing in the rules applies.".into(),
        });
    }
    let mut stage = Stage::set_at(&samples, Look::default(), "training")?;
    stage.pass(1_000);
    hold!(
        stage.model().environment == Some(Environment::Training),
        "the desk does not know that it is in training"
    );
    stage.press(Key::Num2);
    stage.press(Key::X);
    stage.pass(6_000);
    let told = stage.model().feedback;
    hold!(
        told.is_some_and(|told| !told.agrees && told.expected.is_empty()),
        "nothing is said of what was expected"
    );
    hold!(
        stage.shows("A plain pattern: nothing in the rules applies."),
        "the explanation is not shown"
    );
    stage.press(Key::A);
    hold!(stage.model().feedback.is_none(), "what was read stays");
    stage.press(Key::F);
    stage.pass(6_000);
    hold!(
        stage.model().feedback.is_some_and(|told| told.agrees),
        "the second decision was expected"
    );
    let decisions = stage.served.decisions()?;
    hold!(
        decisions.len() == 2 && decisions.iter().all(|decision| decision.training),
        "the decisions are not marked as training"
    );
    let outcomes = stage.served.outcomes()?;
    hold!(outcomes.is_empty(), "training has effect: {outcomes:?}");
    Ok(())
}

fn practice_is_told() -> Result<(), Failed> {
    for (environment, is_told) in [("test", true), ("training", false)] {
        let samples = by_authors(&["x"])?;
        let mut stage = Stage::set_at(&samples, Look::default(), environment)?;
        stage.pass(1_000);
        hold!(!stage.says("practice-told"), "it stands beside an item");
        stage.press(Key::Questionmark);
        hold!(
            stage.says("practice-told") == is_told,
            "with the keys, at a server of {environment}: {}",
            !is_told
        );
        stage.press(Key::Escape);
        stage.press_with(Key::E, Modifiers::CTRL);
        hold!(
            stage.says("practice-told") == is_told,
            "where a shift ends, at a server of {environment}: {}",
            !is_told
        );
    }
    Ok(())
}

fn policy_changes() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    let first = item(&mut stage);
    let mut tree: PolicyTree = serde_json::from_str(POLICIES_JSON)?;
    tree.version += 1;
    let Some(policy) = tree.policies.last_mut() else {
        return Err(Failed::new("the samples have no policies"));
    };
    policy.name = "Renamed policy".into();
    stage.served.set_policies(&tree)?;
    stage.start_desk()?;
    stage.pass(2_000);
    hold!(
        stage.model().screen == Screen::PoliciesChanged
            && stage.says_with("policy-changed", &[("name", "Renamed policy".into())]),
        "the change is not listed"
    );
    hold!(
        item(&mut stage).is_none(),
        "an item is open beside the list"
    );
    stage.start_desk()?;
    stage.pass(2_000);
    hold!(
        stage.model().screen == Screen::PoliciesChanged,
        "a restart forgets the list"
    );
    stage.press(Key::Enter);
    stage.pass(2_000);
    hold!(item(&mut stage) == first, "work does not go on");
    stage.press(Key::F);
    stage.pass(6_000);
    let sent = stage.served.decisions()?;
    hold!(
        sent.len() == 1 && sent[0].policy_version == tree.version,
        "the decision cites another version"
    );
    Ok(())
}

fn told_by_phone() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    stage.pass(1_000);
    stage.served.kill()?;
    stage.press(Key::P);
    stage.pass(500);
    stage.press(Key::Num1);
    stage.press(Key::Enter);
    stage.pass(70_000);
    hold!(
        noticed(&mut stage, NoticeKey::EscalationUnconfirmed) && stage.shows_some("555 0100"),
        "nobody is named to be called"
    );
    stage.press(Key::A);
    hold!(
        noticed(&mut stage, NoticeKey::EscalationUnconfirmed),
        "it can be waved away"
    );
    let mut notices = stage.model().notices.into_iter();
    let urgent = notices.find(|notice| notice.key == NoticeKey::EscalationUnconfirmed);
    let id = urgent.map_or_else(String::new, |notice| notice.id.to_string());
    stage.click(&format!("notice.told.{id}"))?;
    hold!(
        !noticed(&mut stage, NoticeKey::EscalationUnconfirmed),
        "it is not recorded"
    );
    stage.start_desk()?;
    stage.pass(70_000);
    hold!(
        !noticed(&mut stage, NoticeKey::EscalationUnconfirmed),
        "after a restart it is said again"
    );
    stage.served.back()?;
    stage.pass(70_000);
    let sent = stage.served.decisions()?;
    hold!(
        sent.len() == 1 && sent[0].is_urgent(),
        "{} decisions arrived instead of one",
        sent.len()
    );
    hold!(
        noticed(&mut stage, NoticeKey::EscalationConfirmed),
        "the confirmation is not said"
    );
    Ok(())
}

fn shift_ends() -> Result<(), Failed> {
    let mut stage = desk(3)?;
    stage.pass(1_000);
    stage.press(Key::F);
    stage.down(Key::R);
    stage.pass(300);
    hold!(stage.view().has_clear_pixels(), "the look does not open");
    stage.up(Key::R);
    stage.press_with(Key::E, Modifiers::CTRL);
    hold!(
        matches!(stage.model().screen, Screen::ShiftEnded { unconfirmed: 1 }),
        "the screen is {:?}",
        stage.model().screen
    );
    hold!(!stage.view().has_clear_pixels(), "something is left clear");
    stage.pass(7_000);
    hold!(
        stage.model().screen == Screen::ShiftEnded { unconfirmed: 0 },
        "the decision is not confirmed"
    );
    hold!(stage.model().in_hand == 0, "items are still held");
    let other = stage.served.person("moderator-2", "moderator")?;
    let waiting = scrim_queue::QueueServer::queues(&other)?;
    let open: u64 = waiting.iter().map(|queue| queue.pending).sum();
    hold!(open == 2, "{open} items are back in the queue instead of 2");
    stage.press(Key::B);
    stage.pass(2_000);
    hold!(item(&mut stage).is_some(), "the next shift does not start");
    Ok(())
}
