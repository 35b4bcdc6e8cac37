//! Words are masked again here, at once, when a look at them ends: nothing waits for the agent.

use scrim_model::text::MASK;
use scrim_wire::window::{MaskedWords, WindowModel};

/// Masks everything again that the agent had masked: the same stretches, whichever was open.
pub(crate) fn mask(model: &mut WindowModel) {
    let Some(item) = &mut model.item else { return };
    for text in item.texts.iter_mut().chain(&mut item.context) {
        cover_spans(&mut text.words);
        text.role = covered(&text.role, &text.role_masks);
        for translation in &mut text.translations {
            cover_spans(&mut translation.words);
        }
    }
    for report in &mut item.reports {
        cover_spans(&mut report.words);
    }
    if let Some(appeal) = &mut item.appeal {
        cover_spans(appeal);
    }
}

fn cover_spans(words: &mut MaskedWords) {
    let spans: Vec<_> = words
        .spans
        .iter()
        .map(|span| (span.from, span.to))
        .collect();
    words.body = covered(&words.body, &spans);
}

/// `words` with these characters masked; blanks stay.
fn covered(words: &str, spans: &[(u32, u32)]) -> String {
    let mut spans = spans.iter().peekable();
    let covered = words.chars().zip(0_u32..).map(|(c, at)| {
        while spans.next_if(|(_, to)| *to <= at).is_some() {}
        let inside = spans.peek().is_some_and(|(from, _)| *from <= at);
        if inside && !c.is_whitespace() {
            MASK
        } else {
            c
        }
    });
    covered.collect()
}
