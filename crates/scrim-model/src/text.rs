//! Text as it may be drawn: masked spans, visible invisible characters, cut lengths.

/// What stands for one masked character.
pub const MASK: char = '░';

/// At most `chars_max` characters of `text`; a cut ends in an ellipsis.
#[must_use]
pub fn cut_chars(text: &str, chars_max: usize) -> String {
    if text.chars().nth(chars_max).is_none() {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// `body` with every byte range of `spans` masked; blanks stay, so that lines wrap as they did.
/// An empty `spans` masks everything: a text without marks is not a text without harm.
///
/// Ranges must lie on character boundaries (see `Item::checked`).
#[must_use]
pub fn masked(body: &str, spans: &[(u32, u32)]) -> String {
    if spans.is_empty() {
        masked_at(body, &[whole(body)])
    } else {
        masked_at(body, spans)
    }
}

/// As [`masked`], but no `spans` mask nothing: for those who have decided what is to be masked.
#[must_use]
pub fn masked_at(body: &str, spans: &[(u32, u32)]) -> String {
    body.char_indices()
        .map(|(at, c)| {
            let is_inside = |&(s, e): &(u32, u32)| (s as usize..e as usize).contains(&at);
            if spans.iter().any(is_inside) && !c.is_whitespace() {
                MASK
            } else {
                c
            }
        })
        .collect()
}

/// The span that is all of `body`.
#[must_use]
pub fn whole(body: &str) -> (u32, u32) {
    (0, u32::try_from(body.len()).unwrap_or(u32::MAX))
}

/// `spans` in order, without overlaps: those that touch or overlap become one.
#[must_use]
pub fn merged(mut spans: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    spans.sort_unstable();
    let mut out: Vec<(u32, u32)> = Vec::with_capacity(spans.len());
    for (start, end) in spans {
        match out.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => out.push((start, end)),
        }
    }
    out
}

/// Everything masked.
#[must_use]
pub fn masked_whole(body: &str) -> String {
    masked(body, &[])
}

/// Control, invisible and direction-changing characters as marked boxes (`⟦U+202E⟧`), so that a
/// text cannot hide from the person who reads it. Line feeds and tabs stay.
#[must_use]
pub fn made_visible(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    for c in body.chars() {
        if is_hidden(c) {
            out.push_str(&format!("⟦U+{:04X}⟧", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// Characters of Unicode's general categories Cc and Cf that change or hide text, without the
/// joiners (U+200C, U+200D) that Arabic, Indic scripts and emoji need.
pub(crate) fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_spans_and_keeps_blanks() {
        assert_eq!(masked("see the blue kite", &[(8, 17)]), "see the ░░░░ ░░░░");
        assert_eq!(masked("a b", &[]), "░ ░");
        assert_eq!(masked("añb", &[(1, 3)]), "a░b");
    }

    #[test]
    fn spans_that_touch_are_one() {
        assert_eq!(
            merged(vec![(4, 6), (0, 2), (2, 3), (5, 9)]),
            [(0, 3), (4, 9)]
        );
        assert_eq!(masked_at("a b", &[]), "a b");
    }

    #[test]
    fn direction_changes_are_shown() {
        assert_eq!(made_visible("a\u{202e}b"), "a⟦U+202E⟧b");
        assert_eq!(made_visible("line\nline"), "line\nline");
    }

    #[test]
    fn cuts_on_characters() {
        assert_eq!(cut_chars("ééé", 2), "é…");
        assert_eq!(cut_chars("éé", 2), "éé");
    }
}
