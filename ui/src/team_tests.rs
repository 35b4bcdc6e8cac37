//! The lead's view without a display: opened, read, asked and left by keys and by controls.

#![allow(clippy::unwrap_used, reason = "tests")]

use egui::Key;
use egui_kittest::kittest::{NodeT, Queryable, by};
use scrim_model::view::RevealMode;
use scrim_wire::limits::TEAM_RECORDS_PAGE;
use scrim_wire::protocol::Drawing;
use scrim_wire::window::{
    Command, CoverWhy, FromWindow, LockKey, Screen, TeamAsk, TeamDrill, TeamExport, TeamProblem,
    TeamQuery, TeamRecords, TeamTableKind, TeamView, ToWindow, WindowModel,
};

use crate::demo_models::*;
use crate::demo_team::*;
use crate::strings::Strings;
use crate::window_tests::Window;

fn lead(mut model: WindowModel) -> WindowModel {
    model.leads = true;
    model
}

fn query(from: i64, to: i64) -> TeamQuery {
    TeamQuery {
        from: day(from),
        to: day(to),
        queue: None,
    }
}

fn show(query: TeamQuery) -> Command {
    Command::Team(TeamAsk::Show(query))
}

impl Window {
    pub(crate) fn press_team(&mut self) {
        self.later(500);
        let ctrl = egui::Modifiers::CTRL;
        self.harness.key_press_modifiers(ctrl, Key::T);
        self.step();
    }

    pub(crate) fn team(&mut self, view: TeamView) {
        self.receive(ToWindow::Team(Some(Box::new(view))));
        self.harness.run_steps(2);
    }

    pub(crate) fn at_once(&mut self, id: &str) {
        self.node(id).click_accesskit();
        self.harness.run_steps(3);
    }

    pub(crate) fn write(&mut self, id: &str, words: &str) {
        self.node(id).focus();
        self.harness.run_steps(2);
        self.harness
            .key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
        self.step();
        self.type_in(words);
        self.step();
    }

    pub(crate) fn is_disabled(&self, id: &str) -> bool {
        self.node(id).accesskit_node().is_disabled()
    }

    pub(crate) fn focused(&self) -> String {
        let of =
            |node: egui_kittest::Node<'_>| node.accesskit_node().author_id().map(str::to_owned);
        let focused = by().predicate(|node| node.is_focused());
        let mut found = self.harness.query_all(focused).filter_map(of);
        found.next().unwrap_or_default()
    }

    /// The words of one cell.
    pub(crate) fn cell(&self, id: &str) -> String {
        self.node(id).accesskit_node().label().unwrap_or_default()
    }
}

/// A lead's window that is high enough for the whole page.
pub(crate) fn opened_at(size: [f32; 2], scale: f32) -> Window {
    let mut window = Window::sized(lead(model(Screen::QueueEmpty)), size, scale);
    window.harness.state_mut().set_wall(AS_OF);
    window.press_team();
    assert_eq!(window.commands(), [show(query(28, 1))]);
    window.team(team_view());
    window
}

pub(crate) fn opened() -> Window {
    opened_at([1280.0, 12_000.0], 1.0)
}

#[test]
fn the_page_is_offered_to_leads_and_to_nobody_else() {
    let mut window = Window::of(image(1));
    assert!(!window.has_id("team.open"));
    window.press_team();
    assert_eq!(window.commands(), []);
    assert!(window.has_label("covered image, 1 of 1"));
    window.receive(ToWindow::Team(Some(Box::new(team_view()))));
    window.step();
    assert!(window.harness.state().team.view.is_none());

    let mut window = Window::of(lead(image(1)));
    window.harness.state_mut().set_wall(AS_OF);
    window.click("Team");
    assert_eq!(window.commands(), [show(query(28, 1))]);
    assert!(window.has_id("team.wait"));
    window.team(team_view());
    assert!(!window.has_id("team.wait") && window.has_id("team.facts"));
}

#[test]
fn entering_covers_and_nothing_of_the_item_is_left_on_the_screen() {
    let mut window = Window::looking(RevealMode::Latch);
    window.model(lead(revealed(image(2), "r1", RevealMode::Latch, true)));
    window.step();
    window.sent();
    let ctrl = egui::Modifiers::CTRL;
    window.harness.key_press_modifiers(ctrl, Key::T);
    window.step();
    assert!(!window.harness.state().has_clear_pixels());
    let covered = FromWindow::Covered {
        reveal: reveal_id("r1"),
        why: CoverWhy::Hidden,
    };
    let sent = window.sent();
    assert!(sent.contains(&covered), "{sent:?}");
    assert!(!window.has_label("covered image, 1 of 2"));
    window.press(Key::Escape);
    assert!(window.has_label("covered image, 1 of 2"));
}

#[test]
fn escape_closes_the_records_then_the_page_and_the_key_closes_it_as_well() {
    let mut window = opened();
    let mut view = team_view();
    view.records = Some(records(TeamTableKind::Days, &day(3), 0, 120));
    window.team(view);
    assert!(window.has_label("Decisions behind a row"));
    window.press(Key::Escape);
    assert_eq!(window.commands(), [Command::Team(TeamAsk::CloseRecords)]);
    assert!(window.has_id("team.facts"));
    window.press(Key::Escape);
    assert_eq!(window.commands(), [Command::Team(TeamAsk::Close)]);
    assert!(!window.has_id("team.facts"));
    assert!(window.harness.state().team.view.is_none());
    window.press_team();
    window.team(team_view());
    window.press_team();
    let commands = window.commands();
    assert_eq!(commands.last(), Some(&Command::Team(TeamAsk::Close)));
    assert!(!window.has_id("team.facts"));
}

#[test]
fn the_page_does_not_outlive_the_lock_the_right_to_it_another_page_or_its_end() {
    let lock = model(Screen::Locked {
        key: LockKey::Press,
    });
    let left = model(Screen::Left {
        revoked: false,
        waiting: 0,
        urgent: false,
    });
    for after in [lead(lock), left, model(Screen::QueueEmpty)] {
        let mut window = opened();
        window.model(after);
        assert!(window.harness.state().team.view.is_none());
        window.step();
        assert!(!window.has_id("team.facts"));
        assert_eq!(window.commands(), [Command::Team(TeamAsk::Close)]);
        // What was on its way is not taken any more.
        window.team(team_view());
        assert!(window.harness.state().team.view.is_none());
        window.model(lead(model(Screen::QueueEmpty)));
        window.step();
        assert!(!window.has_id("team.facts"));
    }
    let mut window = opened();
    window.press(Key::H);
    let commands = window.commands();
    assert!(commands.contains(&Command::Team(TeamAsk::Close)));
    assert!(window.harness.state().team.view.is_none());
    let mut window = opened();
    window.receive(ToWindow::Team(None));
    window.step();
    assert!(!window.has_id("team.facts") && window.has_id("screen.title"));
    assert_eq!(window.commands(), [], "the agent has closed it");
    let mut window = opened();
    window.harness.state_mut().link_closed();
    assert!(window.harness.state().team.view.is_none());
}

#[test]
fn covering_everything_hides_the_page_and_it_comes_back_with_the_rest() {
    let mut window = opened();
    window.press(Key::F9);
    assert!(!window.has_id("team.facts"));
    window.model(lead(model(Screen::CoveredAll)));
    window.model(lead(model(Screen::QueueEmpty)));
    window.step();
    assert!(window.has_id("team.facts"));
}

#[test]
fn a_period_and_a_queue_are_chosen_and_what_is_no_period_is_said_and_not_asked() {
    let mut window = opened();
    window.at_once("team.period.7");
    window.at_once("team.queue.talk");
    let asked = window.commands();
    let mut week = query(7, 1);
    assert_eq!(asked[0], show(week.clone()));
    week.queue = Some(team_view().queues[1].0.clone());
    assert_eq!(asked[1], show(week.clone()));
    assert!(window.has_id("team.working"));
    window.team(team_view());
    assert!(!window.has_id("team.working"));
    for (from, to, fault) in [
        ("2026-02-30", "2026-02-01", "That is no day."),
        ("soon", "2026-02-01", "That is no day."),
        ("2026-02-01", "2026-01-31", "The first day is after"),
        ("2026-01-31", "2026-02-03", "The last day has not begun"),
        ("2025-01-31", "2026-02-01", "More than 366 days"),
    ] {
        window.write("team.from", from);
        window.write("team.to", to);
        window.press(Key::Enter);
        let said = window.cell("team.period.fault");
        let said = if said.is_empty() {
            let node = window.node("team.period.fault");
            node.accesskit_node().value().unwrap_or_default()
        } else {
            said
        };
        assert!(said.starts_with(fault), "{from} {to}: {said}");
        assert!(window.is_disabled("team.period.show"));
        assert_eq!(window.commands(), [], "{from} {to}");
    }
    window.write("team.from", "2026-01-02");
    window.write("team.to", "2026-02-02");
    window.press(Key::Enter);
    let days = TeamQuery {
        from: "2026-01-02".to_owned(),
        to: "2026-02-02".to_owned(),
        ..week
    };
    assert_eq!(window.commands(), [show(days)]);
}

#[test]
fn letters_in_a_field_are_letters_and_escape_leaves_the_field_only() {
    let mut window = opened();
    window.node("team.from").focus();
    window.harness.run_steps(2);
    for key in [Key::B, Key::H, Key::Escape] {
        window.press(key);
    }
    assert_eq!(window.commands(), []);
    assert!(window.has_id("team.facts"));
    window.press(Key::Escape);
    assert_eq!(window.commands(), [Command::Team(TeamAsk::Close)]);
}

#[test]
fn a_row_lists_its_records_a_page_at_a_time_and_the_way_back() {
    let mut window = opened();
    let drill = |skip| TeamDrill {
        table: TeamTableKind::Policies,
        row: "harassment".to_owned(),
        skip,
    };
    let ask = |skip| Command::Team(TeamAsk::Records(drill(skip)));
    window.at_once("team.row.policies.harassment");
    assert_eq!(window.commands(), [ask(0)]);
    let page = |skip| TeamView {
        records: Some(records(TeamTableKind::Policies, "harassment", skip, 120)),
        ..team_view()
    };
    window.team(page(0));
    assert!(window.has_label("By policy · Harassment"));
    assert!(window.has_label("1–50 of 120"));
    assert!(window.is_disabled("team.records.before"));
    window.at_once("team.records.after");
    assert_eq!(window.commands(), [ask(TEAM_RECORDS_PAGE)]);
    window.team(page(2 * TEAM_RECORDS_PAGE));
    assert!(window.has_label("101–120 of 120"));
    assert!(window.is_disabled("team.records.after"));
    window.at_once("team.records.before");
    assert_eq!(window.commands(), [ask(TEAM_RECORDS_PAGE)]);
    window.click("Back to the figures");
    assert_eq!(window.commands(), [Command::Team(TeamAsk::CloseRecords)]);
    assert!(window.has_id("team.facts"));
    window.team(TeamView {
        records: Some(TeamRecords {
            drill: drill(0),
            total: 0,
            rows: Vec::new(),
        }),
        ..team_view()
    });
    assert!(window.has_label("There is no decision behind this row."));
}

#[test]
fn every_problem_says_what_happened_what_is_safe_and_what_to_do() {
    for (problem, words, has_tables) in [
        (TeamProblem::Offline, "There is no connection", true),
        (
            TeamProblem::NotOffered,
            "This queue server does not give",
            false,
        ),
        (TeamProblem::NotAllowed, "This sign-in may not see", false),
        (
            TeamProblem::NotKept,
            "The copy of the team’s decisions",
            true,
        ),
    ] {
        let mut window = opened();
        window.team(TeamView {
            problem: Some(problem),
            ..team_view()
        });
        let said = window.harness.query_all_by_label_contains(words).count();
        assert_eq!(said, 1, "{problem:?}");
        assert_eq!(window.has_id("team.table.days"), has_tables, "{problem:?}");
    }
    let mut window = opened();
    let mut none = team_view();
    none.count = 0;
    none.as_of = None;
    none.disagreements.clear();
    for table in &mut none.tables {
        table.rows.clear();
    }
    window.team(none.clone());
    assert!(window.has_id("team.empty") && !window.has_id("team.table.days"));
    none.through = Some("2026-01-31".to_owned());
    (none.query.from, none.query.to) = ("2026-02-01".to_owned(), "2026-02-01".to_owned());
    window.team(none.clone());
    let days = [("day", "2026-01-31".into())];
    let words = Strings::english().with("team-empty-not-told", &days);
    assert!(window.has_label(&words));
    none.fetching = true;
    window.team(none);
    assert!(window.has_id("team.fetching") && !window.has_id("team.empty"));
    let words = Strings::english().with("team-through", &days);
    let said = window.harness.query_all_by_label_contains(&words).count();
    assert_eq!(said, 1, "of which days nothing is told yet");
}

#[test]
fn the_export_names_its_file_or_says_what_went_wrong() {
    let mut window = opened();
    window.at_once("team.export");
    assert_eq!(window.commands(), [Command::Team(TeamAsk::Export)]);
    let with = |export| TeamView {
        export: Some(export),
        ..team_view()
    };
    window.team(with(TeamExport::Written("/home/ada/team.html".to_owned())));
    assert!(window.has_label("Written: /home/ada/team.html"));
    window.team(with(TeamExport::NotWritten));
    let said = "The report was not written";
    assert_eq!(window.harness.query_all_by_label_contains(said).count(), 1);
}

#[test]
fn disagreements_stand_side_by_side_a_page_at_a_time() {
    let mut window = opened();
    let said = |window: &Window, words: &str| window.harness.query_all_by_label(words).count();
    assert!(said(&window, "The second line is aimed at one person.") > 0);
    assert!(said(&window, "It reads like a joke between friends.") > 0);
    assert!(said(&window, "No reason was written.") > 0);
    assert!(window.has_label("1–10 of 23"));
    window.at_once("team.disagreements.after");
    window.at_once("team.disagreements.after");
    assert!(window.has_label("21–23 of 23"));
    assert!(window.is_disabled("team.disagreements.after"));
    window.at_once("team.disagreements.before");
    assert!(window.has_label("11–20 of 23"));
    assert_eq!(window.commands(), [], "nothing is asked of the agent");
}

#[test]
fn a_sample_is_drawn_once_and_only_what_the_server_can_draw() {
    let mut window = opened();
    window.at_once("team.sample.stratified");
    window.write("team.sample.size", "500");
    window.write("team.sample.practice", "3");
    window.at_once("team.sample.draw");
    let draw = TeamAsk::Draw {
        size: 500,
        drawing: Drawing::Stratified,
        practice: 3,
    };
    assert_eq!(window.commands(), [Command::Team(draw)]);
    assert!(window.is_disabled("team.sample.draw"), "until it is listed");
    let mut view = team_view();
    view.samples.as_mut().unwrap().truncate(1);
    window.team(view);
    assert!(!window.is_disabled("team.sample.draw"));
    for size in ["0", "501", "x", ""] {
        window.write("team.sample.size", size);
        if size.is_empty() {
            window.press(Key::Backspace);
        }
        assert!(window.is_disabled("team.sample.draw"), "{size}");
        window.press(Key::Enter);
        assert_eq!(window.commands(), [], "{size}");
    }
    let practice = Strings::english().text("team-practice-explained");
    assert!(window.has_label(&practice));
    window.team(TeamView {
        problem: Some(TeamProblem::Offline),
        ..team_view()
    });
    window.write("team.sample.size", "20");
    assert!(window.is_disabled("team.sample.draw"));
    window.team(TeamView {
        samples: None,
        ..team_view()
    });
    assert!(!window.has_id("team.sample.draw"));
}
