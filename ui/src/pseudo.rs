//! A language that nobody speaks, `en-XA`: English with an accent on every letter that takes one,
//! and words about two fifths longer. What is cut off in it has no room for other languages, and
//! what is plain in it does not come from the catalogue.

use std::borrow::Cow;

/// Letters and what stands for them; vowels stand twice, which makes words longer.
const LETTERS: &[(char, &str)] = &[
    ('a', "áá"),
    ('c', "ç"),
    ('d', "ď"),
    ('e', "éé"),
    ('g', "ğ"),
    ('h', "ĥ"),
    ('i', "íí"),
    ('j', "ĵ"),
    ('k', "ķ"),
    ('l', "ĺ"),
    ('n', "ñ"),
    ('o', "óó"),
    ('r', "ř"),
    ('s', "š"),
    ('t', "ť"),
    ('u', "úú"),
    ('w', "ŵ"),
    ('y', "ý"),
    ('z', "ž"),
];

/// English words as they are in `en-XA`.
pub(crate) fn respelled(words: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(words.len() * 2);
    for letter in words.chars() {
        let plain = letter.to_ascii_lowercase();
        match LETTERS.iter().find(|(of, _)| *of == plain) {
            None => out.push(letter),
            Some((_, drawn)) if letter == plain => out.push_str(drawn),
            Some((_, drawn)) => {
                let mut drawn = drawn.chars();
                out.extend(drawn.next().into_iter().flat_map(char::to_uppercase));
                out.push_str(drawn.as_str());
            }
        }
    }
    Cow::Owned(out)
}
