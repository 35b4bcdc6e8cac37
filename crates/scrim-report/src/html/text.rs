//! Words and numbers as a person reads them.

use crate::suppress::Figure;

/// `text` as content or attribute of an HTML element. What HTML has no sign for becomes U+FFFD.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// A group's name; an empty one is a group without a policy.
pub(crate) fn named(name: &str) -> String {
    if name.is_empty() {
        "(none)".to_owned()
    } else {
        escaped(name)
    }
}

/// Thousands apart by a narrow space.
pub(crate) fn whole(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// `1` or `many` of them.
pub(crate) fn count_of(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", whole(n), if n == 1 { one } else { many })
}

/// A share of one as per cent.
pub(crate) fn per_cent(share: f64) -> String {
    format!("{:.1}\u{202f}%", share * 100.0)
}

/// Milliseconds as seconds, or as minutes and seconds.
pub(crate) fn seconds(ms: f64) -> String {
    let tenths = (ms / 100.0).round();
    if tenths < 600.0 {
        return format!("{:.1}\u{202f}s", tenths / 10.0);
    }
    let seconds = (ms / 1_000.0).round();
    let (minutes, rest) = ((seconds / 60.0).floor(), seconds % 60.0);
    format!("{minutes}\u{202f}min {rest:02}\u{202f}s")
}

/// The same beside an axis, without digits that say nothing.
pub(crate) fn per_cent_axis(share: f64) -> String {
    format!("{}\u{202f}%", (share * 1_000.0).round() / 10.0)
}

/// The same of seconds.
pub(crate) fn seconds_axis(ms: f64) -> String {
    if ms < 60_000.0 {
        return format!("{}\u{202f}s", (ms / 10.0).round() / 100.0);
    }
    format!("{}\u{202f}min", (ms / 600.0).round() / 100.0)
}

/// A number in its spelling for machines: the fewest digits that read back as it.
pub(crate) fn exact(value: f64) -> String {
    value.to_string()
}

/// Cells of a table that have numbers, or one as wide as all of them with the word in their place.
pub(crate) fn cells(figures: &[(Figure, &dyn Fn(f64) -> String)]) -> String {
    let word = figures.first().and_then(|(figure, _)| figure.word());
    match word {
        Some(word) => format!(
            "<td class=\"word\" colspan=\"{}\">{word}</td>",
            figures.len()
        ),
        None => figures
            .iter()
            .map(|(figure, says)| cell(*figure, says))
            .collect(),
    }
}

/// The number for machines beside the one for people, or the word in its place.
fn cell(figure: Figure, for_people: impl Fn(f64) -> String) -> String {
    match (figure.value(), figure.word()) {
        (Some(value), _) => format!(
            "<td data-value=\"{}\">{}</td>",
            exact(value),
            for_people(value)
        ),
        (None, word) => format!("<td class=\"word\">{}</td>", word.unwrap_or_default()),
    }
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `YYYY-MM-DD` as "3 Feb", `YYYY-MM` as "Feb 2026"; anything else as it is.
pub(crate) fn short_date(text: &str) -> String {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let month = month
        .and_then(|month| month.parse::<usize>().ok())
        .and_then(|month| MONTHS.get(month.wrapping_sub(1)));
    match (year, month, day.map(str::parse::<u8>)) {
        (_, Some(month), Some(Ok(day))) => format!("{day} {month}"),
        (Some(year), Some(month), None) => format!("{month} {year}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(whole(7), "7");
        assert_eq!(whole(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(per_cent(0.125), "12.5\u{202f}%");
        assert_eq!(seconds(2_345.0), "2.3\u{202f}s");
        assert_eq!(seconds(59_960.0), "1\u{202f}min 00\u{202f}s");
        assert_eq!(seconds(125_000.0), "2\u{202f}min 05\u{202f}s");
        assert_eq!(per_cent_axis(0.25), "25\u{202f}%");
        assert_eq!(per_cent_axis(0.125), "12.5\u{202f}%");
        assert_eq!(seconds_axis(2_500.0), "2.5\u{202f}s");
        assert_eq!(seconds_axis(250_000.0), "4.17\u{202f}min");
        assert_eq!(short_date("2026-02-03"), "3 Feb");
        assert_eq!(short_date("2026-12"), "Dec 2026");
        assert_eq!(short_date("-009999-01-01"), "-009999-01-01");
    }

    #[test]
    fn text_opens_no_tag_and_no_attribute() {
        assert_eq!(
            escaped("<a b='c' d=\"e\">&\u{0}\n"),
            "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;\u{fffd} "
        );
        assert_eq!(named(""), "(none)");
    }
}
