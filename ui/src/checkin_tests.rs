#![allow(clippy::unwrap_used, reason = "tests")]

use egui::Key;
use scrim_model::checkin::{Answer, When};
use scrim_wire::window::{CheckInStands, Command, KeptCheckIn, Screen, ToWindow, WindowModel};

use crate::demo_models::{image, model};
use crate::window_tests::Window;

fn offered(mut model: WindowModel, when: When) -> WindowModel {
    model.check_in.stands = CheckInStands::Offered(when);
    model
}

fn ended() -> WindowModel {
    model(Screen::ShiftEnded { unconfirmed: 0 })
}

fn open_page(window: &mut Window) {
    window
        .harness
        .key_press_modifiers(egui::Modifiers::CTRL, Key::I);
    window.step();
}

fn answer(n: u8) -> Command {
    Command::CheckIn(Answer::try_from(n).unwrap())
}

#[test]
fn the_card_stands_on_the_break_and_at_the_end_and_keys_answer_it() {
    let before = offered(model(Screen::OnBreak), When::Before);
    let after = offered(ended(), When::After);
    for (model, title) in [
        (before, "Before you start: how are you?"),
        (after, "The shift is over: how are you?"),
    ] {
        for (key, command) in [
            (Key::Num1, answer(1)),
            (Key::Num5, answer(5)),
            (Key::Num0, Command::SkipCheckIn),
        ] {
            let mut window = Window::of(model.clone());
            assert!(window.has_label(title));
            for name in [
                "Not well",
                "Not so well",
                "All right",
                "Well",
                "Very well",
                "Skip",
            ] {
                assert!(window.has_label(name), "{name}");
            }
            window.press(key);
            assert_eq!(window.commands(), [command]);
        }
    }
}

#[test]
fn without_an_offer_there_is_no_card_and_digits_do_nothing() {
    for model in [model(Screen::OnBreak), ended()] {
        let mut window = Window::of(model);
        assert!(!window.has_label("All right") && !window.has_label("Skip"));
        window.press(Key::Num3);
        assert_eq!(window.commands(), []);
    }
}

#[test]
fn beside_an_item_there_is_one_quiet_control_and_digits_stay_policies() {
    let mut window = Window::of(offered(image(1), When::Before));
    assert!(window.has_label("Check-in") && !window.has_label("All right"));
    window.press(Key::Num3);
    assert_eq!(window.commands(), [Command::Digit(3)]);
    open_page(&mut window);
    assert!(window.has_label("Before you start: how are you?"));
    window.press(Key::Num3);
    assert_eq!(window.commands(), [answer(3)]);
    assert!(!Window::of(image(1)).has_label("Check-in"));
}

#[test]
fn what_is_kept_is_shown_when_asked_for_and_gone_with_the_page() {
    let mut window = Window::of(ended());
    let kept = [(20_485, When::After, 4), (20_485, When::Before, 2)];
    let kept = kept.map(|(date, when, answer)| KeptCheckIn {
        date,
        when,
        answer: Answer::try_from(answer).unwrap(),
    });
    window.receive(ToWindow::CheckIns(Some(kept.to_vec())));
    open_page(&mut window);
    let first = "2026-02-01 · after work · Well";
    assert!(!window.has_label(first), "it was not asked for");
    window.node("checkin.show").click();
    window.step();
    assert_eq!(window.commands(), [Command::ShowCheckIns]);
    window.receive(ToWindow::CheckIns(Some(kept.to_vec())));
    window.step();
    assert!(window.has_label(first));
    assert!(window.has_label("2026-02-01 · before work · Not so well"));
    window.node("checkin.forget").click();
    window.step();
    window.step();
    assert!(!window.has_label(first), "forgotten and still shown");
    window.receive(ToWindow::CheckIns(Some(kept.to_vec())));
    window.step();
    window.press(Key::Escape);
    open_page(&mut window);
    assert!(!window.has_label(first), "it stays");
    window.receive(ToWindow::CheckIns(None));
    window.step();
    assert!(window.has_label("What is kept cannot be read. Nothing was changed."));
}

#[test]
fn the_page_says_what_is_kept_shows_no_answer_and_forgets_on_demand() {
    let mut kept = ended();
    kept.check_in.stands = CheckInStands::Answered;
    let window = Window::of(kept.clone());
    assert!(window.has_label("Thank you.") && !window.has_label("All right"));
    assert!(window.has_label("Answers stay on this computer for 30 days. Then they are deleted."));
    kept.check_in.kept_days = None;
    let mut window = Window::of(kept);
    assert!(window.has_label("Answers are not kept: you chose so in the settings."));
    open_page(&mut window);
    window.node("checkin.forget").click();
    window.step();
    assert_eq!(window.commands(), [Command::ForgetCheckIns]);
}
