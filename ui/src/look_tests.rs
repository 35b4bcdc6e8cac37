//! Items that are looked at for a colleague, and what is being written when an item goes.

#![allow(clippy::unwrap_used, reason = "tests")]

use egui::Key;
use scrim_model::ItemId;
use scrim_wire::window::{AskedView, Command, LookView, Screen, WindowModel};

use crate::demo_models::{image, model};
use crate::window_tests::Window;

/// An item of a colleague; `consult` names the question.
fn looked_at(consult: &str) -> WindowModel {
    let mut model = image(1);
    model.asked_of_me = vec![asked(consult)];
    let item = model.item.as_mut().unwrap();
    item.id = ItemId::new(format!("of-{consult}")).unwrap();
    item.allowed.clear();
    item.can_ask = false;
    item.for_colleague = Some(LookView {
        consult_id: consult.to_owned(),
        question: "Is this a kite?".to_owned(),
    });
    model
}

fn asked(consult: &str) -> AskedView {
    AskedView {
        consult_id: consult.to_owned(),
        question: "Is this a kite?".to_owned(),
        asked_at: scrim_model::Timestamp(1_770_000_000_000),
    }
}

/// The own item, while that question is still open.
fn own(consult: Option<&str>) -> WindowModel {
    let mut model = image(1);
    model.asked_of_me = consult.map(asked).into_iter().collect();
    model
}

fn writing(words: &str) -> Window {
    let mut window = Window::of(looked_at("q"));
    window.press(Key::N);
    window.step();
    window.type_in(words);
    window
}

fn answer(window: &Window) -> &str {
    &window.harness.state().answer.words
}

#[test]
fn a_look_says_what_it_is_decides_nothing_and_sends_its_answer() {
    let mut window = Window::of(looked_at("q"));
    assert!(window.has_label("Is this a kite?"));
    assert!(window.has_label("You look at this for a colleague. Nothing is decided here."));
    for key in [Key::F, Key::X, Key::K, Key::U, Key::M] {
        window.press(key);
    }
    assert_eq!(window.commands(), []);
    window.press(Key::N);
    window.step();
    window.type_in("A balloon.");
    window.node("look.send").click();
    window.step();
    assert_eq!(
        window.commands(),
        [Command::AnswerColleague("A balloon.".to_owned())]
    );
    let mut window = Window::of(looked_at("q"));
    window.press(Key::Escape);
    assert_eq!(window.commands(), [Command::CloseLook]);
}

#[test]
fn what_is_written_outlives_covering_and_breaks_and_goes_with_its_question() {
    let mut window = writing("half an answer");
    window.model(model(Screen::CoveredAll));
    window.step();
    window.model(looked_at("q"));
    window.step();
    assert_eq!(answer(&window), "half an answer");
    window.model(own(Some("q")));
    assert_eq!(
        answer(&window),
        "half an answer",
        "it can be looked at again"
    );
    window.model(looked_at("other"));
    assert_eq!(answer(&window), "", "another question");
    let mut window = writing("sent");
    window.model(own(None));
    assert_eq!(answer(&window), "", "nobody asks any more");
}

#[test]
fn letters_meant_for_a_field_do_nothing_to_the_item_that_comes() {
    let mut window = writing("a bal");
    window.sent();
    window.model(own(None));
    window.step();
    for key in [Key::L, Key::F, Key::K, Key::R, Key::B, Key::X] {
        window.later(200);
        window.down(key);
        window.type_in("x");
        window.up(key);
    }
    assert_eq!(window.commands(), []);
    assert_eq!(window.harness.state().note, "", "no other field takes them");
    window.later(1_100);
    window.down(Key::F);
    assert_eq!(window.commands().len(), 1, "keys count again");
}
