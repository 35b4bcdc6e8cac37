//! The lead's view as it is drawn: charts, tables, the keyboard's way through them, and sizes.

#![allow(clippy::unwrap_used, reason = "tests")]

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use scrim_wire::window::{Command, TeamAsk, TeamDrill, TeamFigure, TeamTableKind};

use crate::demo_team::*;
use crate::strings::Strings;
use crate::team_tests::{opened, opened_at};
use crate::theme::ThemeName;
use crate::view::team::{charts, figure_words};
use crate::window_tests::Window;

#[test]
fn every_table_has_a_title_a_sentence_and_words_for_its_columns_and_rows() {
    let strings = Strings::english();
    for kind in TeamTableKind::ALL {
        let id = kind.id();
        for words in ["title", "explained", "rows"] {
            let words = format!("team-{id}-{words}");
            assert!(strings.has(&words), "{words}");
        }
        for column in kind.columns() {
            let words = format!("team-column-{column}");
            assert!(strings.has(&words), "{words}");
        }
    }
    let window = opened();
    for kind in TeamTableKind::ALL {
        let id = kind.id();
        let sentence = strings.text(&format!("team-{id}-explained"));
        assert!(window.has_label(&sentence), "{id}");
        let title = strings.text(&format!("team-{id}-title"));
        let author_id = format!("team.table.{id}");
        let table = window.node(&author_id);
        assert_eq!(table.accesskit_node().role(), Role::Table, "{id}");
        assert_eq!(table.accesskit_node().label(), Some(title.clone()));
        let author_id = format!("team.chart.{id}.0");
        let chart = window.node(&author_id);
        assert_eq!(
            chart.accesskit_node().label(),
            Some(format!("Chart of “{title}”, see table"))
        );
    }
}

#[test]
fn what_a_chart_draws_is_what_its_table_says_and_the_table_says_every_cell() {
    let window = opened();
    let state = window.harness.state();
    let palette = crate::theme::Palette::of(ThemeName::Dark);
    let scene = crate::control::Scene::of(state, palette);
    for table in team_view().tables {
        let columns = table.kind.columns();
        for row in &table.rows {
            assert_eq!(row.cells.len(), columns.len(), "{:?}", table.kind);
            for (column, figure) in columns.iter().zip(&row.cells) {
                let id = format!("team.cell.{}.{}.{column}", table.kind.id(), row.id);
                assert_eq!(
                    window.cell(&id),
                    figure_words(&scene, column, *figure),
                    "{id}"
                );
            }
        }
        let at = |column: &str| columns.iter().position(|id| *id == column).unwrap();
        let is = |row: usize, column: &str| match table.rows[row].cells[at(column)] {
            TeamFigure::Is(value) => Some(value),
            _ => None,
        };
        let charts = charts(&table);
        assert!(!charts.is_empty());
        for series in charts.iter().flat_map(|chart| &chart.series) {
            let drawn: Vec<_> = series.dots.iter().map(|dot| (dot.row, dot.value)).collect();
            let told: Vec<_> = (0..table.rows.len())
                .filter_map(|row| Some((row, is(row, series.column)?)))
                .collect();
            assert_eq!(drawn, told, "{:?} {}", table.kind, series.column);
            for dot in &series.dots {
                let ends = columns
                    .contains(&"low")
                    .then(|| is(dot.row, "low").zip(is(dot.row, "high")));
                assert_eq!(dot.ends, ends.flatten(), "{:?}", table.kind);
            }
        }
        for chart in &charts {
            let ticks = chart.ticks();
            assert!((2..=7).contains(&ticks.len()), "{ticks:?}");
            for dot in chart.series.iter().flat_map(|series| &series.dots) {
                let (low, high) = dot.ends.unwrap_or((dot.value, dot.value));
                let inside = ticks[0] <= low.min(dot.value) + 1e-9
                    && high.max(dot.value) <= ticks[ticks.len() - 1] + 1e-9;
                assert!(inside, "{dot:?} {ticks:?}");
            }
        }
    }
}

#[test]
fn figures_are_told_in_units_of_people_and_words_stand_where_there_is_none() {
    let window = opened();
    for (cell, words) in [
        ("policies.spam.median-s", "7.2 s"),
        ("policies.harassment.p90-s", "1.5 min"),
        ("policies.violence.median-s", "withheld"),
        ("policies..count", "1928"),
        ("policies.rare.p90-s", "too few"),
        ("backlog.talk.oldest-s", "55.8 h"),
        ("backlog.images.unassignable-oldest-s", "not defined"),
        ("backlog.posts.unassignable", "not known"),
        ("sla.posts.share", "99.6 %"),
        ("agreement.cohen.value", "0.74"),
        ("agreement.cohen.prevalence", "54.2 %"),
        ("agreement.alpha_ratio.value", "too few"),
    ] {
        assert_eq!(window.cell(&format!("team.cell.{cell}")), words, "{cell}");
    }
    let today = format!("team.cell.time-to-action.{}.median-s", day(0));
    assert_eq!(window.cell(&today), "day not over");
    for name in [
        "no policy",
        "Remove",
        "an appeal",
        "Cohen’s κ",
        "shapes 2.1",
    ] {
        assert!(
            window.harness.query_all_by_label(name).count() > 0,
            "{name}"
        );
    }
}

#[test]
fn rows_without_records_are_no_controls() {
    let window = opened();
    for table in team_view().tables {
        let has_records = !matches!(
            table.kind,
            TeamTableKind::TimeToAction
                | TeamTableKind::Backlog
                | TeamTableKind::UnsureByQueue
                | TeamTableKind::UnsureByPolicy
                | TeamTableKind::NotMe
                | TeamTableKind::Agreement
        );
        for row in &table.rows {
            let id = format!("team.row.{}.{}", table.kind.id(), row.id);
            assert_eq!(window.has_id(&id), has_records, "{id}");
        }
    }
}

#[test]
fn the_keyboard_alone_reaches_a_section_a_row_and_the_way_back() {
    let mut window = opened_at([1280.0, 800.0], 1.0);
    for _ in 0..60 {
        if window.focused() == "team.go.detectors" {
            break;
        }
        window.press(Key::Tab);
    }
    assert_eq!(window.focused(), "team.go.detectors");
    window.press(Key::Enter);
    window.harness.run_steps(2);
    assert_eq!(window.focused(), "team.back.detectors");
    let seen = |window: &Window, id: &str| {
        let rect = window.node(id).rect();
        rect.top() >= 0.0 && rect.bottom() <= 800.0
    };
    assert!(seen(&window, "team.back.detectors"));
    window.press(Key::Tab);
    assert_eq!(window.focused(), "team.row.detectors.shapes 2.1");
    window.harness.run_steps(2);
    assert!(seen(&window, "team.row.detectors.shapes 2.1"));
    window.press(Key::Enter);
    let drill = TeamDrill {
        table: TeamTableKind::Detectors,
        row: "shapes 2.1".to_owned(),
        skip: 0,
    };
    assert_eq!(window.commands(), [Command::Team(TeamAsk::Records(drill))]);
    window.node("team.back.detectors").focus();
    window.step();
    window.press(Key::Enter);
    window.harness.run_steps(3);
    assert_eq!(window.focused(), "team.go.days");
    assert!(seen(&window, "team.go.days"));
}

#[test]
fn every_control_has_a_name_and_an_id_is_large_enough_and_inside_the_window() {
    for (size, scale) in [
        ([1280.0, 12_000.0], 1.0),
        ([1024.0, 12_000.0], 1.0),
        ([640.0, 16_000.0], 2.0),
        ([512.0, 16_000.0], 2.5),
    ] {
        let mut window = opened_at(size, scale);
        let mut all = vec![team_view(), team_view()];
        all[1].records = Some(records(TeamTableKind::Days, &day(3), 50, 120));
        for view in all {
            window.team(view);
            for button in window.harness.query_all_by_role(Role::Button) {
                let node = button.accesskit_node();
                let name = node.label().unwrap_or_default();
                assert!(!name.is_empty());
                assert!(node.author_id().is_some_and(|id| !id.is_empty()), "{name}");
                let rect = button.rect();
                assert!(rect.height() >= 28.0, "{name} {rect}");
                assert!(rect.right() <= size[0] + 0.5, "{size:?} {name} {rect}");
            }
            for cell in window.harness.query_all_by_role(Role::Cell) {
                let rect = cell.rect();
                assert!(rect.right() <= size[0] + 0.5, "{size:?} {rect}");
            }
        }
    }
}

#[test]
fn charts_are_no_stops_of_the_keyboard_and_the_wheel_goes_on_to_the_page() {
    let mut window = opened_at([1280.0, 800.0], 1.0);
    for _ in 0..200 {
        window.press(Key::Tab);
        let focused = window.focused();
        assert!(
            !focused.is_empty() && !focused.starts_with("team.chart"),
            "{focused}"
        );
        if focused == "team.row.policies.spam" {
            break;
        }
    }
    window.node("team.back.days").focus();
    window.harness.run_steps(3);
    let before = window.node("team.back.days").rect().top();
    let over = window.node("team.chart.days.0").rect().center();
    window.harness.event(egui::Event::PointerMoved(over));
    window.harness.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, -120.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: egui::Modifiers::NONE,
    });
    window.harness.run_steps(8);
    let after = window.node("team.back.days").rect().top();
    assert!(after < before, "{before} {after}");
}

#[test]
fn without_input_the_page_stands_still() {
    let mut window = opened_at([1280.0, 800.0], 1.0);
    window.harness.run_steps(3);
    let frames = window.harness.run();
    assert!(frames <= 1, "{frames} frames");
}
