//! Words from outside: masked as they come, each masked stretch a control of its own. Never a
//! link, never selectable.

use egui::accesskit::Role;
use egui::text::{CCursor, LayoutJob, TextFormat};
use egui::{
    Color32, FontId, Galley, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2,
};
use scrim_model::text::MASK;
use scrim_model::view::{Part, WordSpan};
use scrim_wire::window::MaskedWords;

use crate::asks::Ask;
use crate::control::Scene;
use crate::reading::{TextAt, span_id};
use crate::theme::{FOCUS_RING, LINE_WITH_SPANS, TYPE};
use crate::view::drawn_words::Drawn;
use crate::view::right_to_left;

/// Words, masks and all. `from_right`: what the language says, if the words do not. Returns the
/// response of the whole.
pub(crate) fn body_ui(
    ui: &mut Ui,
    scene: &Scene<'_>,
    words: &MaskedWords,
    from_right: bool,
    asks: &mut Vec<Ask>,
) -> Response {
    let drawn = Drawn::of(words);
    let (response, rects) = if right_to_left::is_right_to_left(&drawn.body, from_right) {
        right_to_left::body_ui(ui, &drawn)
    } else {
        left_to_right_ui(ui, &drawn)
    };
    // A reader that spells out hundreds of mask signs is of no use.
    if drawn.body.contains(MASK) {
        let spoken = scene.strings.text("words-covered");
        ui.ctx()
            .accesskit_node_builder(response.id, |node| node.set_value(spoken));
    }
    let of = drawn.spans.len() as u64;
    for (n, ((span, from, to), rects)) in drawn.spans.iter().zip(rects).enumerate() {
        let words = slice(&drawn.body, *from, *to);
        let name = if words.contains(MASK) {
            let values = [("n", (n as u64 + 1).into()), ("of", of.into())];
            scene.strings.with("span-covered", &values)
        } else {
            words
        };
        span_ui(ui, scene, span, &rects, (name, n == 0), asks);
    }
    response
}

fn slice(body: &str, from: usize, to: usize) -> String {
    body.chars().skip(from).take(to - from).collect()
}

fn left_to_right_ui(ui: &mut Ui, drawn: &Drawn) -> (Response, Vec<Vec<Rect>>) {
    let ink = ui.visuals().text_color();
    let mut format = TextFormat::simple(FontId::proportional(TYPE[1]), ink);
    if !drawn.spans.is_empty() {
        format.line_height = Some(LINE_WITH_SPANS);
        format.valign = egui::Align::Center;
    }
    let mut job = LayoutJob::single_section(drawn.body.clone(), format);
    job.wrap.max_width = ui.available_width();
    let galley = ui.painter().layout_job(job);
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &drawn.body));
    let rects = drawn.spans.iter();
    let rects = rects
        .map(|(_, from, to)| {
            let rects = rects_of(&galley, *from, *to).into_iter();
            rects.map(|r| r.translate(rect.min.to_vec2())).collect()
        })
        .collect();
    ui.painter().galley(rect.min, galley, ink);
    (response, rects)
}

/// Where characters `from` to `to` stand, one rectangle a row.
fn rects_of(galley: &Galley, from: usize, to: usize) -> Vec<Rect> {
    let mut rects: Vec<Rect> = Vec::new();
    for at in from..to {
        let left = galley.pos_from_cursor(CCursor {
            index: at.into(),
            prefer_next_row: true,
        });
        let mut right = galley.pos_from_cursor(CCursor {
            index: (at + 1).into(),
            prefer_next_row: false,
        });
        if right.top() > left.top() + 1.0 {
            // A blank at the end of a row.
            right = left;
        }
        let rect = Rect::from_min_max(left.left_top(), right.right_bottom());
        match rects.last_mut() {
            Some(last) if (last.top() - rect.top()).abs() < 1.0 => *last = last.union(rect),
            _ => rects.push(rect),
        }
    }
    rects
}

/// One stretch: press and hold, or focus and `R`, to look; a click or `Enter` keeps it open.
fn span_ui(
    ui: &Ui,
    scene: &Scene<'_>,
    span: &WordSpan,
    rects: &[Rect],
    (name, is_first): (String, bool),
    asks: &mut Vec<Ask>,
) {
    let Some((first, rest)) = rects.split_first() else {
        return;
    };
    let id = span_id(span);
    let main = ui.interact(tall(*first), id, Sense::click());
    let mut is_down = main.is_pointer_button_down_on();
    let mut hovered = main.hovered();
    for (n, rect) in rest.iter().enumerate() {
        let more = ui.interact(tall(*rect), id.with(n), Sense::CLICK);
        is_down |= more.is_pointer_button_down_on();
        hovered |= more.hovered();
    }
    let is_first = |at: TextAt| at == (span.place, span.text) && is_first;
    if scene.reading.wanted.is_some_and(is_first) {
        main.request_focus();
    }
    let (pressed, by_pointer) =
        ui.input(|input| (input.pointer.primary_pressed(), input.pointer.any_click()));
    if is_down && pressed {
        asks.push(Ask::SpanDown(*span));
    } else if main.clicked() && !by_pointer {
        asks.push(Ask::SpanToggle(*span));
    }
    if main.has_focus() {
        asks.push(Ask::SpanFocused(*span));
    }
    let open = scene
        .looking
        .is_some_and(|open| open.part == Part::Span(*span));
    let stroke = match (main.has_focus(), open, hovered) {
        (true, _, _) => Stroke::new(FOCUS_RING, scene.palette.accent),
        (_, true, _) => Stroke::new(1.0, scene.palette.accent),
        (_, _, true) => Stroke::new(1.0, scene.palette.text),
        _ => Stroke::new(1.0, Color32::TRANSPARENT),
    };
    for rect in rects {
        // No wider, or it takes the blanks beside the words.
        let ring = rect.shrink2(vec2(0.0, 1.0)).expand2(vec2(FOCUS_RING, 0.0));
        ui.painter()
            .rect_stroke(ring, 4.0, stroke, StrokeKind::Inside);
    }
    main.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let help = scene.strings.text("span-help");
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_author_id(author_id(span));
        node.set_description(help);
    });
}

/// At least as high as a finger needs.
fn tall(rect: Rect) -> Rect {
    rect.expand2(vec2(
        0.0,
        ((LINE_WITH_SPANS - rect.height()) / 2.0).max(0.0),
    ))
}

/// `span.text.3.8`: text 3, from byte 8.
fn author_id(span: &WordSpan) -> String {
    let place = format!("{:?}", span.place).to_lowercase();
    let translation = span.translation.map_or(String::new(), |n| format!(".t{n}"));
    format!("span.{place}.{}{translation}.{}", span.text, span.start)
}

/// Whether the language is written from the right.
pub(crate) fn is_from_right(lang: &str) -> bool {
    let language = lang.split('-').next().unwrap_or(lang);
    matches!(
        language,
        "ar" | "he" | "fa" | "ur" | "ps" | "yi" | "dv" | "ku"
    )
}
