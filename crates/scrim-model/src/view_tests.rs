use proptest::prelude::*;

use super::*;
use crate::area::{Frame, Lens};

fn interval(mode: RevealMode, duration_ms: Option<u64>, shown: bool) -> ViewInterval {
    let id = RevealId::new("r").expect("an id");
    ViewInterval {
        duration_ms,
        shown,
        ..ViewInterval::opened(id, Part::Medium(0), mode, Timestamp(0))
    }
}

fn still(ms_on_screen: u64, intervals: &[ViewInterval]) -> MediumView {
    film(None, ms_on_screen, intervals)
}

fn film(timeline_ms: Option<u64>, ms_on_screen: u64, intervals: &[ViewInterval]) -> MediumView {
    let looked = Looked {
        n: 0,
        timeline_ms,
        ms_on_screen,
        intervals,
    };
    medium_view(None, looked)
}

#[test]
fn a_lens_never_views_the_entire_file() {
    let mut lens = interval(RevealMode::Hold, Some(2_000), true);
    lens.area = Area::whole();
    let view = still(5_000, &[lens]);
    assert_eq!(
        (view.state, view.file_viewed),
        (ViewState::Partial, FileViewed::No)
    );
    assert_eq!((view.ms_clear, view.ms_covered), (2_000, 3_000));
}

#[test]
fn a_crash_says_unknown_and_never_no() {
    let view = still(5_000, &[interval(RevealMode::Full, None, true)]);
    assert_eq!(
        (view.state, view.file_viewed),
        (ViewState::Unknown, FileViewed::Unknown)
    );
}

#[test]
fn a_reveal_that_showed_nothing_counts_for_nothing() {
    let view = still(0, &[interval(RevealMode::Full, Some(400), false)]);
    assert_eq!(
        (view.state, view.file_viewed, view.ms_clear),
        (ViewState::None, FileViewed::No, 0)
    );
}

#[test]
fn a_weaker_cover_is_a_cover() {
    let mut blurred = interval(RevealMode::Full, Some(400), true);
    blurred.cover = CoverKind::Blur(CoverStep::Weak);
    let view = still(400, &[blurred]);
    assert_eq!(
        (view.state, view.file_viewed, view.ms_clear),
        (ViewState::Covered, FileViewed::No, 0)
    );
}

#[test]
fn a_film_is_viewed_when_its_whole_time_line_was() {
    let play = |from, to| ViewInterval {
        played: vec![(from, to)],
        ..interval(RevealMode::Full, Some(1_000), true)
    };
    let state = |intervals: &[ViewInterval]| {
        let view = film(Some(3_000), 0, intervals);
        (view.state, view.file_viewed)
    };
    let no = (ViewState::Partial, FileViewed::No);
    let yes = (ViewState::Full, FileViewed::Yes);
    assert_eq!(state(&[interval(RevealMode::Full, Some(9), true)]), no);
    assert_eq!(state(&[play(2_000, 3_000), play(0, 1_999)]), no);
    assert_eq!(state(&[play(2_000, 3_000), play(0, 2_000)]), yes);
    let crashed = interval(RevealMode::Full, None, false);
    assert_eq!(state(&[play(0, 3_000), crashed.clone()]), yes);
    assert_eq!(
        state(&[play(0, 2_000), crashed]),
        (ViewState::Unknown, FileViewed::Unknown)
    );
}

#[test]
fn the_lens_area_is_the_union_of_its_positions() {
    let at = |x| {
        let mut one = interval(RevealMode::Hold, Some(10), true);
        let lens = Lens {
            x,
            y: 500_000,
            radius_per_mille: 100,
        };
        one.area.see(lens, (100, 100), Frame::WHOLE);
        one
    };
    let (left, right) = (at(200_000), at(800_000));
    let cells = left.area.cells() + right.area.cells();
    let seen = |intervals: &[ViewInterval]| {
        area_seen(Looked {
            n: 0,
            timeline_ms: None,
            ms_on_screen: 0,
            intervals,
        })
        .cells()
    };
    assert_eq!(seen(&[left.clone(), right, left.clone()]), cells);
    assert_eq!(
        seen(&[left, interval(RevealMode::Full, Some(1), true)]),
        1_024
    );
}

#[test]
fn an_item_is_what_its_media_are() {
    use {FileViewed as F, ViewState as S};
    let of = |media: &[(S, F)]| {
        let media: Vec<_> = media
            .iter()
            .map(|&(state, file_viewed)| MediumView {
                state,
                file_viewed,
                ..propagated_view(0, None)
            })
            .collect();
        item_view(&media)
    };
    let (full, none) = ((S::Full, F::Yes), (S::None, F::No));
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[full, full]), Some(full));
    assert_eq!(of(&[full, none]), Some((S::Partial, F::No)));
    assert_eq!(of(&[none, none]), Some(none));
    assert_eq!(of(&[none, (S::Covered, F::No)]), Some((S::Covered, F::No)));
    let unknown = (S::Unknown, F::Unknown);
    assert_eq!(of(&[full, unknown]), Some(unknown));
}

#[test]
fn old_rows_are_read_and_plain_ones_written_as_before() {
    let old = serde_json::json!({"reveal_id": "r", "part": {"medium": 0}, "mode": "full",
        "opened_at": "1970-01-01T00:00:00.000Z", "duration_ms": 5, "shown": true, "colour": false});
    let read: ViewInterval = serde_json::from_value(old.clone()).expect("an interval");
    assert_eq!(read, interval(RevealMode::Full, Some(5), true));
    assert_eq!(serde_json::to_value(&read).expect("JSON"), old);
}

fn any_interval() -> impl Strategy<Value = ViewInterval> {
    let mode = prop_oneof![
        Just(RevealMode::Hold),
        Just(RevealMode::Latch),
        Just(RevealMode::Full)
    ];
    let duration = proptest::option::weighted(0.8, 0_u64..10_000);
    (mode, duration, any::<bool>(), any::<bool>()).prop_map(|(mode, duration, shown, blurred)| {
        let mut one = interval(mode, duration, shown);
        if blurred {
            one.cover = CoverKind::Sketch;
        }
        one
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..crate::tests_seed() })]

    #[test]
    fn yes_needs_a_closed_whole_clear_look_and_unknown_is_never_no(
        intervals in proptest::collection::vec(any_interval(), 0..8), on_screen in 0_u64..100_000
    ) {
        let view = still(on_screen, &intervals);
        let whole = |i: &ViewInterval| i.mode == RevealMode::Full && i.shown
            && i.duration_ms.is_some() && i.cover == CoverKind::Clear;
        prop_assert_eq!(view.file_viewed == FileViewed::Yes, intervals.iter().any(whole));
        let crashed = intervals.iter().any(|i| i.duration_ms.is_none());
        prop_assert!(!crashed || view.file_viewed != FileViewed::No);
        prop_assert_eq!(view.file_viewed == FileViewed::Yes, view.state == ViewState::Full);
    }
}

#[test]
fn a_full_view_of_a_part_is_not_the_whole_file() {
    let part = |frame| {
        let mut one = interval(RevealMode::Full, Some(10), true);
        one.area.see_all(frame);
        one
    };
    let upper = Frame {
        bottom: 500_000,
        ..Frame::WHOLE
    };
    let lower = Frame {
        top: 500_000,
        ..Frame::WHOLE
    };
    let viewed = |intervals: &[ViewInterval]| {
        let view = still(20, intervals);
        (view.state, view.file_viewed)
    };
    assert_eq!(viewed(&[part(upper)]), (ViewState::Partial, FileViewed::No));
    assert_eq!(
        viewed(&[part(upper), part(lower)]),
        (ViewState::Full, FileViewed::Yes),
        "one half after the other is the whole"
    );
    let mut lens = interval(RevealMode::Hold, Some(10), true);
    lens.area = part(lower).area;
    assert_eq!(
        viewed(&[part(upper), lens]),
        (ViewState::Partial, FileViewed::No),
        "a lens adds nothing to it"
    );
}
