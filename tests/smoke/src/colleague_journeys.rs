//! Journeys with somebody else at the other end: a colleague's question, an item in another
//! language.

use egui::{Key, Modifiers};
use scrim_model::{Kind, Role};
use scrim_queue::QueueServer;
use scrim_samples::{Settings, sample_of};
use scrim_wire::protocol::{ClaimsRequest, ConsultRequest, ConsultState, ConsultTo};
use scrim_wire::window::{NoticeKey, Screen};

use crate::journeys::{Journey, checkered, desk, item, noticed};
use crate::stage::{Failed, Look, Stage, hold};

pub(crate) const COLLEAGUES: &[Journey] = &[
    Journey {
        name: "answer-a-colleague",
        about: "a colleague's item opens covered, cannot be decided, and the answer arrives once",
        run: answer_a_colleague,
    },
    Journey {
        name: "not-my-language",
        about: "an item in another language goes to somebody else and does not come back",
        run: not_my_language,
    },
];

fn answer_a_colleague() -> Result<(), Failed> {
    let mut stage = desk(8)?;
    let own = item(&mut stage);
    let other = stage.served.person("moderator-2", "moderator")?;
    let request = ClaimsRequest {
        count: 1,
        ..ClaimsRequest::default()
    };
    let claim = other.claim("other-1", &request)?.claims;
    let claim = claim
        .into_iter()
        .next()
        .ok_or_else(|| Failed::new("nothing is left for the colleague"))?;
    let theirs = claim.item.id.clone();
    let question = ConsultRequest {
        claim_id: claim.claim_id.clone(),
        to: ConsultTo::Role(Role::Moderator),
        question: "Is this a kite?".to_owned(),
    };
    other.ask("ask-1", &theirs, &question)?;
    stage.pass(31_000);
    hold!(
        stage.says_with("asked-count", &[("n", 1.into())]),
        "the question is not said"
    );
    stage.press_with(Key::U, Modifiers::COMMAND);
    hold!(stage.shows("Is this a kite?"), "the question is not listed");
    stage.click("asked.0")?;
    stage.pass(1_000);
    hold!(
        item(&mut stage).as_deref() == Some(theirs.as_str()),
        "the colleague's item does not open"
    );
    hold!(
        !stage.view().has_clear_pixels() && stage.says_around("medium-covered", &[]),
        "it does not open covered"
    );
    for key in [Key::F, Key::X, Key::K] {
        stage.press(key);
    }
    hold!(
        item(&mut stage).as_deref() == Some(theirs.as_str()) && stage.model().history.is_empty(),
        "something was decided on it"
    );
    stage.press_with(Key::R, Modifiers::SHIFT);
    hold!(stage.view().has_clear_pixels(), "it cannot be looked at");
    stage.press(Key::N);
    hold!(!stage.view().has_clear_pixels(), "answering does not cover");
    stage.text("A balloon.");
    stage.click("look.send")?;
    stage.pass(1_000);
    hold!(
        noticed(&mut stage, NoticeKey::AnswerSent),
        "the answer is not said to have arrived"
    );
    hold!(item(&mut stage) == own, "the own item does not come back");
    let told = other.item(&theirs)?.consults;
    hold!(
        told.len() == 1
            && told[0].state == ConsultState::Answered
            && told[0].answer.as_deref() == Some("A balloon."),
        "the colleague reads {told:?}"
    );
    hold!(
        stage.intervals_of(&theirs)?.len() == 1,
        "the look is not in the view log"
    );
    Ok(())
}

fn not_my_language() -> Result<(), Failed> {
    let text = |number| sample_of(&Settings::default(), number, Kind::Text, Vec::new());
    let samples = [text(1), text(2)];
    let mut stage = Stage::set(&samples, Look::default())?;
    let first = item(&mut stage);
    hold!(stage.offers("item.language"), "a text does not offer it");
    stage.press_with(Key::T, Modifiers::SHIFT);
    stage.pass(1_000);
    hold!(item(&mut stage) != first, "the item stays");
    hold!(
        noticed(&mut stage, NoticeKey::OtherLanguage),
        "it is not said where it goes"
    );
    stage.press(Key::F);
    stage.pass(20_000);
    hold!(
        stage.model().screen == Screen::QueueEmpty,
        "it came back to this desk"
    );
    let other = stage.served.person("moderator-2", "moderator")?;
    let request = ClaimsRequest {
        count: 5,
        ..ClaimsRequest::default()
    };
    let claims = other.claim("other-1", &request)?.claims;
    hold!(
        claims.len() == 1 && first.as_deref() == Some(claims[0].item.id.as_str()),
        "somebody else gets {} items",
        claims.len()
    );
    let picture = Stage::set(&[checkered(1, Kind::Image)], Look::default())?;
    hold!(
        !picture.offers("item.language"),
        "a picture without words offers it"
    );
    Ok(())
}
