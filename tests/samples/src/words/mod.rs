//! Harmless words: a talk about a garden, bus times, chess, soup and a kite, line by line the same
//! in fourteen languages.
//!
//! Braces mark the words that a sample flags. They stand for nothing: flags in sample data are
//! arbitrary.

mod languages;

pub use languages::LANGUAGES;

/// Lines of the talk, the same number in every language.
pub const LINES: usize = 12;

/// One language's talk.
#[derive(Debug, Clone, Copy)]
pub struct Language {
    /// BCP 47 tag.
    pub tag: &'static str,
    /// The lines, with flagged words in braces.
    pub lines: [&'static str; LINES],
}

/// `marked` without its braces, and the UTF-8 byte ranges that they held.
#[must_use]
pub fn unmarked(marked: &str) -> (String, Vec<(u32, u32)>) {
    let mut body = String::with_capacity(marked.len());
    let mut spans = Vec::new();
    let mut start = 0;
    for letter in marked.chars() {
        let here = u32::try_from(body.len()).expect("sample texts are short");
        match letter {
            '{' => start = here,
            '}' => spans.push((start, here)),
            _ => body.push(letter),
        }
    }
    (body, spans)
}

/// Lines that hide: direction changes, a blank of no width, a soft hyphen, a byte order mark.
pub const HIDDEN_LINES: &[&str] = &[
    "The \u{202e}bus\u{202c} leaves at nine.",
    "A blue {ki\u{200b}te} and a red {ki\u{00ad}te}.",
    "\u{feff}Two carrots,\u{2060} one \u{2066}onion\u{2069}.",
    "Knight to \u{200f}f3\u{200e}, your move.",
];

/// What people write when they report a sample.
pub const REPORT_TEXTS: &[&str] = &[
    "Please have a look at this.",
    "I am not sure that this belongs here.",
    "This was posted several times this week.",
    "Bitte einmal ansehen, danke.",
    "Est-ce bien à sa place ici ?",
    "No estoy seguro de que esto vaya aquí.",
    "SAMPLE report, nothing to see.",
    "",
];

/// What an account says of itself.
pub const BIOS: &[&str] = &[
    "Balcony gardener. Mostly tomatoes, sometimes beans.",
    "Timetables, trams and the odd {kite}.",
    "Schach am Dienstag, Suppe am Mittwoch.",
    "Recipes for one pot and two people.",
];

/// What stands with a post.
pub const CAPTIONS: &[&str] = &[
    "Sample pictures from the pattern workshop.",
    "Stripes, rings and a {kite} of squares.",
    "Farbproben für die neue Decke.",
    "Essais de couleurs pour le {cerf-volant}.",
    "凧の色見本です。",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_become_byte_ranges() {
        let (body, spans) = unmarked("a {凧} b {é}");
        assert_eq!(body, "a 凧 b é");
        let words: Vec<&str> = spans
            .iter()
            .map(|&(start, end)| &body[start as usize..end as usize])
            .collect();
        assert_eq!(words, ["凧", "é"]);
    }

    #[test]
    fn every_language_flags_something_and_no_brace_is_left() {
        assert_eq!(LANGUAGES.len(), 14);
        for language in LANGUAGES {
            let all: Vec<_> = language.lines.iter().map(|line| unmarked(line)).collect();
            assert!(
                all.iter().any(|(_, spans)| !spans.is_empty()),
                "{}",
                language.tag
            );
            assert!(all.iter().all(|(body, _)| !body.contains(['{', '}'])));
        }
    }
}
