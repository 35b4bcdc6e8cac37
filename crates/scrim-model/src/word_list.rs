//! The list of words that are masked wherever a person wrote them.

use std::collections::BTreeSet;

use crate::limits::{LISTED_WORD_CHARS_MAX, LISTED_WORDS_MAX};
use crate::text::{is_hidden, merged};

/// Words to mask, compared without case and without invisible characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordList {
    /// Compared with whole words.
    whole: BTreeSet<String>,
    /// Of scripts that put no blanks between words, or with signs inside: looked for anywhere.
    anywhere: BTreeSet<String>,
}

impl WordList {
    /// One word a line; `#` begins a comment. Lines beyond [`LISTED_WORDS_MAX`] and words longer
    /// than [`LISTED_WORD_CHARS_MAX`] characters are passed over.
    #[must_use]
    pub fn of_lines(lines: &str) -> Self {
        let words = lines
            .lines()
            .map(|line| folded(line.split('#').next().unwrap_or_default().trim()))
            .filter(|word| !word.is_empty() && word.chars().count() <= LISTED_WORD_CHARS_MAX);
        let mut list = Self::default();
        for word in words.take(LISTED_WORDS_MAX) {
            if word.chars().any(|c| has_no_blanks(c) || !is_in_word(c)) {
                list.anywhere.insert(word);
            } else {
                list.whole.insert(word);
            }
        }
        list
    }

    /// Byte ranges of `body` that hold a listed word, in order, on character boundaries, without
    /// overlaps.
    #[must_use]
    pub fn spans(&self, body: &str) -> Vec<(u32, u32)> {
        let mut spans = Vec::new();
        let mut run: Option<usize> = None;
        let ends = body.char_indices().map(|(at, c)| (at, Some(c)));
        for (at, c) in ends.chain([(body.len(), None)]) {
            let in_word = c.is_some_and(is_in_word);
            match (run, in_word) {
                (None, true) => run = Some(at),
                (Some(start), false) => {
                    if self.whole.contains(&folded(&body[start..at])) {
                        spans.push((start, at));
                    }
                    run = None;
                }
                _ => {}
            }
        }
        if !self.anywhere.is_empty() {
            let folded = Folded::of(body);
            for word in &self.anywhere {
                spans.extend(folded.find(word));
            }
        }
        let whole = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let spans = spans.into_iter().map(|(s, e)| (whole(s), whole(e)));
        merged(spans.collect())
    }
}

/// A body as words are compared, and where each of its bytes comes from.
struct Folded {
    text: String,
    /// For every byte of `text`, the character of the body that it comes from: start and end.
    from: Vec<(usize, usize)>,
}

impl Folded {
    fn of(body: &str) -> Self {
        let (mut text, mut from) = (String::new(), Vec::new());
        for (at, c) in body.char_indices().filter(|(_, c)| !is_silent(*c)) {
            text.extend(c.to_lowercase().filter(|c| !is_silent(*c)));
            from.resize(text.len(), (at, at + c.len_utf8()));
        }
        Self { text, from }
    }

    /// Byte ranges of the body that read as `word`.
    fn find<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
        let found = self.text.match_indices(word);
        found.map(|(at, found)| (self.from[at].0, self.from[at + found.len() - 1].1))
    }
}

/// As words are compared: small letters, nothing invisible.
fn folded(word: &str) -> String {
    let heard = word.chars().filter(|c| !is_silent(*c));
    let small = heard.flat_map(char::to_lowercase);
    small.filter(|c| !is_silent(*c)).collect()
}

/// Whether a word goes on with it.
fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || is_silent(c)
}

/// Characters that change nothing about which word it is.
fn is_silent(c: char) -> bool {
    is_hidden(c)
        || matches!(c, '\u{200c}' | '\u{200d}' | '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}')
}

/// Thai, Lao, Burmese, Khmer, kana and Han: no blanks between words.
fn has_no_blanks(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'a>(list: &WordList, body: &'a str) -> Vec<&'a str> {
        let spans = list.spans(body).into_iter();
        spans
            .map(|(start, end)| &body[start as usize..end as usize])
            .collect()
    }

    #[test]
    fn whole_words_of_any_case_with_or_without_hidden_characters() {
        let list = WordList::of_lines("# neutral\nkite\nÄpfel # fruit\n\n");
        assert_eq!(
            found(&list, "A KITE, kites, ki\u{200b}te; äpfel"),
            ["KITE", "ki\u{200b}te", "äpfel"]
        );
    }

    #[test]
    fn scripts_without_blanks_are_searched_anywhere() {
        let list = WordList::of_lines("会議");
        assert_eq!(found(&list, "おはよう、会議は十時です。"), ["会議"]);
    }

    #[test]
    fn words_with_signs_inside_and_of_every_script_are_found() {
        let list = WordList::of_lines("e-mail\ndon't\nहिन्दी\nKite会議");
        let body = "An E-Mail; DON\u{200b}'T! यह हिन्दी है. kite\u{200b}会議";
        assert_eq!(
            found(&list, body),
            ["E-Mail", "DON\u{200b}'T", "हिन्दी", "kite\u{200b}会議"]
        );
        assert_eq!(found(&WordList::of_lines("İx-y"), "aİX-Yb"), ["İX-Y"]);
        assert_eq!(
            found(&WordList::of_lines("izmir"), "İZMİR I\u{307}zmir"),
            ["İZMİR", "I\u{307}zmir"]
        );
    }

    #[test]
    fn what_is_listed_twice_or_overlaps_is_one_range() {
        let list = WordList::of_lines("e-mail\nE-Mail\nmail\nkite");
        assert_eq!(found(&list, "e-mail to a kite"), ["e-mail", "kite"]);
    }

    #[test]
    fn an_empty_list_finds_nothing() {
        assert!(WordList::default().spans("see the kite").is_empty());
    }
}
