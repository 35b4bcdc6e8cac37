//! Figures in words: counts as they are, times in a unit that people use, shares as per cent.

use scrim_wire::window::TeamFigure;

use crate::control::Scene;

/// What a column's figures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// How many.
    Count,
    /// Seconds.
    Time,
    /// From 0 to 1.
    Share,
    /// A coefficient.
    Plain,
}

/// What the figures of a column are, by its id.
pub(crate) fn unit_of(column: &str) -> Unit {
    match column {
        "share" | "low" | "high" | "prevalence" => Unit::Share,
        "value" => Unit::Plain,
        _ if column.ends_with("-s") => Unit::Time,
        _ => Unit::Count,
    }
}

/// A unit of time: its words in the catalogue, and its length in seconds.
pub(super) type TimeUnit = (&'static str, f64);

/// The unit in which a time is told.
pub(super) fn time_unit(seconds: f64) -> TimeUnit {
    match seconds.abs() {
        // What would be rounded to 60.0 is told in the next unit.
        s if s < 59.95 => ("team-time-s", 1.0),
        s if s < 3_597.0 => ("team-time-min", 60.0),
        _ => ("team-time-h", 3_600.0),
    }
}

/// A figure, or the word in its place.
pub(crate) fn figure_words(scene: &Scene<'_>, column: &str, figure: TeamFigure) -> String {
    let words = match figure {
        TeamFigure::Is(value) => return value_words(scene, unit_of(column), value),
        TeamFigure::NotDefined => "team-not-defined",
        TeamFigure::TooFew => "team-too-few",
        TeamFigure::Withheld => "team-withheld",
        TeamFigure::DayNotOver => "team-day-not-over",
        TeamFigure::NotKnown => "team-not-known",
    };
    scene.strings.text(words)
}

fn value_words(scene: &Scene<'_>, unit: Unit, value: f64) -> String {
    match unit {
        Unit::Count => format!("{value:.0}"),
        Unit::Plain => format!("{value:.2}"),
        Unit::Share => {
            let n = format!("{:.1}", value * 100.0);
            scene.strings.with("team-share", &[("n", n.into())])
        }
        Unit::Time => time_words(scene, value, time_unit(value)),
    }
}

fn time_words(scene: &Scene<'_>, seconds: f64, (words, length): TimeUnit) -> String {
    let n = format!("{:.1}", seconds / length);
    scene.strings.with(words, &[("n", n.into())])
}

/// A value beside an axis whose largest one is `top`: in one unit with it, and as short as may be.
pub(super) fn tick_words(scene: &Scene<'_>, unit: Unit, value: f64, top: f64) -> String {
    let (words, n) = match unit {
        Unit::Count | Unit::Plain => return short(value),
        Unit::Share => ("team-share", value * 100.0),
        Unit::Time => {
            let (words, length) = time_unit(top);
            (words, value / length)
        }
    };
    scene.strings.with(words, &[("n", short(n).into())])
}

/// Two decimals at most, none that say nothing.
fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}
