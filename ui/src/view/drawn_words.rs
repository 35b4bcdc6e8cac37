//! Words from outside, ready to be laid out in either direction.

use scrim_model::text::made_visible;
use scrim_model::view::WordSpan;
use scrim_wire::window::MaskedWords;

use crate::limits::TEXT_CHARS_MAX;

/// Words as they are drawn: invisible characters shown, cut at a limit, with the places of the
/// stretches in characters of that.
pub(crate) struct Drawn {
    pub(crate) body: String,
    pub(crate) spans: Vec<(WordSpan, usize, usize)>,
}

impl Drawn {
    pub(crate) fn of(words: &MaskedWords) -> Self {
        let chars: Vec<char> = words.body.chars().take(TEXT_CHARS_MAX).collect();
        let is_cut = words.body.chars().nth(TEXT_CHARS_MAX).is_some();
        let mut drawn = Self {
            body: String::new(),
            spans: Vec::new(),
        };
        let mut length = 0;
        let mut at = 0;
        let mut add = |from: usize, to: usize, body: &mut String| {
            let piece: String = chars.get(from..to).unwrap_or_default().iter().collect();
            let piece = made_visible(&piece);
            length += piece.chars().count();
            body.push_str(&piece);
            length
        };
        for span in &words.spans {
            let from = (span.from as usize).clamp(at, chars.len());
            let to = (span.to as usize).clamp(from, chars.len());
            let start = add(at, from, &mut drawn.body);
            let end = add(from, to, &mut drawn.body);
            if end > start {
                drawn.spans.push((span.key, start, end));
            }
            at = to;
        }
        add(at, chars.len(), &mut drawn.body);
        if is_cut {
            drawn.body.push('…');
        }
        drawn
    }
}
