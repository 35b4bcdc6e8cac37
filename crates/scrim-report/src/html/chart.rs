//! Charts as inline SVG. Every mark says its number in `data-value` and in words in its title.

use crate::html::text::{escaped, exact, named, short_date, whole};
use crate::limits::{CHART_BARS_MAX, CHART_NAME_CHARS_MAX};

/// One bar: its name and its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) value: u64,
}

/// A point with what lies around it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Range {
    pub(crate) name: String,
    /// Decisions that it is made of.
    pub(crate) n: u64,
    pub(crate) low: f64,
    pub(crate) point: f64,
    pub(crate) high: f64,
    /// The same in words.
    pub(crate) says: String,
}

/// The opening tag, with what the picture is for those who do not see it.
fn open(id: &str, (width, height): (f64, f64), title: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}\"><title id=\"{id}\">{}</title>",
        escaped(title)
    )
}

/// A round number that is no smaller: 1, 2, 2.5 or 5 times a power of ten.
fn round_up(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    let fits = steps
        .into_iter()
        .map(|step| step * power)
        .find(|top| *top >= value);
    fits.unwrap_or(value)
}

/// To a tenth: pictures need no more, and it keeps them short.
fn at(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}

const DAYS: (f64, f64) = (960.0, 240.0);
/// Left, right, top and bottom edge of what is drawn.
const DAYS_AREA: (f64, f64, f64, f64) = (40.0, 952.0, 12.0, 208.0);
/// Room that a date needs.
const DATE_WIDTH: f64 = 64.0;

/// Upright bars in the order of time.
pub(crate) fn over_time(id: &str, title: &str, bars: &[Bar]) -> String {
    let (left, right, top, bottom) = DAYS_AREA;
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or_default();
    // An even number, so that its half is whole as well.
    let most = round_up(most as f64).max(2.0);
    let mut out = open(id, DAYS, title);
    for part in [0.0, 0.5, 1.0] {
        let y = at(bottom - (bottom - top) * part);
        let label = exact(most * part);
        out.push_str(&format!(
            "<line class=\"grid\" x1=\"{left}\" x2=\"{right}\" y1=\"{y}\" y2=\"{y}\"/><text class=\"quiet\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{label}</text>",
            left - 8.0,
            at(y + 4.0)
        ));
    }
    let step = (right - left) / bars.len().max(1) as f64;
    let width = (step * 0.72).clamp(0.5, 44.0);
    let every = ((DATE_WIDTH / step).ceil() as usize).max(1);
    for (n, bar) in bars.iter().enumerate() {
        let middle = left + step * (n as f64 + 0.5);
        let height = (bottom - top) * bar.value as f64 / most;
        out.push_str(&format!(
            "<rect class=\"bar\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\" data-name=\"{}\" data-value=\"{}\"><title>{}: {}</title></rect>",
            at(middle - width / 2.0),
            at(bottom - height),
            at(width),
            at(height),
            if width > 6.0 { 2 } else { 0 },
            escaped(&bar.name),
            bar.value,
            escaped(&bar.name),
            whole(bar.value)
        ));
        if n % every == 0 {
            out.push_str(&format!(
                "<text class=\"quiet\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                at(middle),
                bottom + 20.0,
                escaped(&short_date(&bar.name))
            ));
        }
    }
    out.push_str("</svg>");
    out
}

const LINE: f64 = 28.0;
const WIDTH: f64 = 460.0;
const NAME_WIDTH: f64 = 176.0;
const VALUE_WIDTH: f64 = 56.0;

/// A name that fits beside a bar, with all of it in its title.
fn name_text(name: &str, y: f64) -> String {
    let short: String = if name.chars().count() > CHART_NAME_CHARS_MAX {
        name.chars()
            .take(CHART_NAME_CHARS_MAX - 1)
            .chain(['\u{2026}'])
            .collect()
    } else {
        name.to_owned()
    };
    format!(
        "<text x=\"0\" y=\"{}\">{}<title>{}</title></text>",
        at(y + 4.0),
        named(&short),
        named(name)
    )
}

/// The greatest ones, and what is left as one.
pub(crate) fn greatest(mut bars: Vec<Bar>) -> (Vec<Bar>, Option<Bar>) {
    bars.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.name.cmp(&b.name)));
    if bars.len() <= CHART_BARS_MAX {
        return (bars, None);
    }
    let left = bars.split_off(CHART_BARS_MAX - 1);
    let rest = Bar {
        name: format!("{} others", left.len()),
        value: left.iter().map(|bar| bar.value).sum(),
    };
    (bars, Some(rest))
}

/// Lying bars, the longest first.
pub(crate) fn lying(id: &str, title: &str, bars: Vec<Bar>) -> String {
    let (bars, rest) = greatest(bars);
    let all = || bars.iter().chain(&rest);
    let most = all().map(|bar| bar.value).max().unwrap_or_default().max(1) as f64;
    let mut out = open(id, (WIDTH, LINE * all().count().max(1) as f64), title);
    let room = WIDTH - NAME_WIDTH - VALUE_WIDTH;
    for (n, bar) in all().enumerate() {
        let middle = LINE * (n as f64 + 0.5);
        let length = room * bar.value as f64 / most;
        out.push_str(&name_text(&bar.name, middle));
        out.push_str(&format!(
            "<rect class=\"bar\" x=\"{NAME_WIDTH}\" y=\"{}\" width=\"{}\" height=\"16\" rx=\"2\" data-{}=\"{}\" data-value=\"{}\"><title>{}: {}</title></rect><text x=\"{}\" y=\"{}\">{}</text>",
            at(middle - 8.0),
            at(length),
            if n < bars.len() { "name" } else { "rest" },
            escaped(&bar.name),
            bar.value,
            named(&bar.name),
            whole(bar.value),
            at(NAME_WIDTH + length + 8.0),
            at(middle + 4.0),
            whole(bar.value)
        ));
    }
    out.push_str("</svg>");
    out
}

/// Those of most decisions, in their order, and how many are left.
pub(crate) fn of_most(ranges: &[Range]) -> (Vec<Range>, usize) {
    let mut places: Vec<usize> = (0..ranges.len()).collect();
    places.sort_by_key(|place| std::cmp::Reverse(ranges[*place].n));
    places.truncate(CHART_BARS_MAX);
    places.sort_unstable();
    let shown: Vec<Range> = places.iter().map(|place| ranges[*place].clone()).collect();
    let left = ranges.len() - shown.len();
    (shown, left)
}

/// Points on a common scale from 0, each with the stretch around it.
pub(crate) fn ranges(
    id: &str,
    title: &str,
    ranges: &[Range],
    label: impl Fn(f64) -> String,
) -> String {
    let most = round_up(ranges.iter().map(|r| r.high).fold(0.0, f64::max));
    let height = LINE * ranges.len() as f64 + 24.0;
    let mut out = open(id, (WIDTH, height), title);
    let room = WIDTH - NAME_WIDTH - VALUE_WIDTH / 2.0;
    let x = |value: f64| at(NAME_WIDTH + room * value / most);
    for part in [0.0, 0.5, 1.0] {
        let x = x(most * part);
        out.push_str(&format!(
            "<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"{}\"/><text class=\"quiet\" x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            at(height - 20.0),
            at(height - 4.0),
            escaped(&label(most * part))
        ));
    }
    for (n, range) in ranges.iter().enumerate() {
        let y = at(LINE * (n as f64 + 0.5));
        out.push_str(&name_text(&range.name, y));
        out.push_str(&format!(
            "<g data-name=\"{}\" data-low=\"{}\" data-value=\"{}\" data-high=\"{}\"><title>{}: {}</title><line class=\"range\" x1=\"{}\" x2=\"{}\" y1=\"{y}\" y2=\"{y}\"/><circle class=\"point\" cx=\"{}\" cy=\"{y}\" r=\"5\"/></g>",
            escaped(&range.name),
            exact(range.low),
            exact(range.point),
            exact(range.high),
            named(&range.name),
            escaped(&range.says),
            x(range.low),
            x(range.high),
            x(range.point)
        ));
    }
    out.push_str("</svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_at_a_round_number() {
        for (value, top) in [
            (0.0, 1.0),
            (1.0, 1.0),
            (3.0, 5.0),
            (23.0, 25.0),
            (501.0, 1_000.0),
        ] {
            assert_eq!(round_up(value), top, "{value}");
        }
        assert!((round_up(0.13) - 0.2).abs() < 1e-12);
    }

    #[test]
    fn points_of_most_decisions_are_drawn_in_their_order() {
        let range = |n: u64| Range {
            name: format!("p{n:02}"),
            n: if n == 19 { 1 } else { 100 - n },
            low: 0.0,
            point: 0.0,
            high: 0.0,
            says: String::new(),
        };
        let all: Vec<Range> = (4..20).rev().map(range).collect();
        let (shown, left) = of_most(&all);
        assert_eq!((shown.len(), left), (15, 1));
        assert_eq!((shown[0].n, shown[14].n), (82, 96));
    }

    #[test]
    fn what_finds_no_bar_of_its_own_is_in_the_last_one() {
        let bars = |n: u64| {
            let bar = |n| Bar {
                name: format!("p{n:02}"),
                value: n,
            };
            (1..=n).map(bar).collect::<Vec<_>>()
        };
        assert_eq!(greatest(bars(15)).1, None);
        let (shown, rest) = greatest(bars(20));
        assert_eq!((shown.len(), shown[0].value, shown[13].value), (14, 20, 7));
        let rest = rest.expect("six are left");
        assert_eq!((rest.name.as_str(), rest.value), ("6 others", 21));
    }
}
