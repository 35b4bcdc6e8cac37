//! Journeys of the keys that find, read and mark.

use egui::{Key, Modifiers};
use scrim_model::item::{Text, TranslatedBy, Translation};
use scrim_model::mark::{Mark, Region};
use scrim_model::view::Part;
use scrim_model::{Kind, Timestamp};
use scrim_samples::{Sample, Settings, sample_of};
use scrim_wire::window::ItemView;

use crate::journeys::checkered;
use crate::stage::{Failed, Look, Stage, hold};

pub(crate) fn search_policy() -> Result<(), Failed> {
    let mut stage = Stage::set(&[checkered(1, Kind::Image)], Look::default())?;
    stage.press_with(Key::R, Modifiers::SHIFT);
    stage.press(Key::Slash);
    hold!(
        !stage.view().has_clear_pixels(),
        "the search does not cover"
    );
    stage.type_in("violence");
    hold!(
        stage.shows("Violence › Threat"),
        "the sub-policy is not found"
    );
    stage.press(Key::Escape);
    hold!(
        !stage.shows("Violence › Threat") && stage.model().draft.chosen.is_none(),
        "Esc does not close the search, or chooses"
    );
    stage.press(Key::Slash);
    stage.type_in("violence");
    stage.press(Key::F);
    for key in [Key::ArrowDown, Key::ArrowDown, Key::ArrowUp, Key::ArrowDown] {
        stage.press(key);
    }
    hold!(
        stage.model().history.is_empty(),
        "a decision key counted while searching"
    );
    stage.press(Key::Enter);
    let chosen = stage.model().draft.chosen;
    hold!(
        chosen
            .as_ref()
            .is_some_and(|id| id.as_str() == "violence.threat"),
        "{chosen:?} is chosen"
    );
    stage.press(Key::X);
    hold!(
        stage.model().history.len() == 1,
        "deciding does not go on after the search"
    );
    Ok(())
}

/// A talk about a kite: four messages, a long pause, two flagged ones, one of them translated.
pub(crate) fn talk(number: u64) -> Sample {
    let settings = Settings::default();
    let mut sample = sample_of(&settings, number, Kind::Conversation, Vec::new());
    let start = settings.now.plus_ms(-7 * 86_400_000);
    let said = |n: u32, who: &str, lang: &str, body: &str, flagged: &[(u32, u32)]| Text {
        id: format!("m{n}"),
        role: format!("message:{who}"),
        lang: lang.to_owned(),
        at: Some(later(start, n)),
        body: body.to_owned(),
        flagged: flagged.to_vec(),
        translations: Vec::new(),
    };
    let mut kite = said(
        3,
        "B",
        "de",
        "Der rote Drachen liegt im Garten.",
        &[(9, 16)],
    );
    kite.translations = vec![Translation {
        lang: "en".to_owned(),
        body: "The red kite is in the garden.".to_owned(),
        by: TranslatedBy::Machine,
    }];
    sample.ingest.item.texts = vec![
        said(0, "A", "en", "Good morning! Did the beans get water?", &[]),
        said(
            1,
            "B",
            "en",
            "Yes. Shall we fly the kite on Sunday?",
            &[(22, 26)],
        ),
        said(2, "A", "en", "After the game of chess.", &[]),
        kite,
    ];
    sample
}

/// Minutes apart, and two days after the second message.
fn later(start: Timestamp, n: u32) -> Timestamp {
    let pause = if n > 1 { 2 * 86_400_000 } else { 0 };
    start.plus_ms(i64::from(n) * 60_000 + pause)
}

fn open_item(stage: &mut Stage) -> Result<ItemView, Failed> {
    let item = stage.model().item;
    item.ok_or_else(|| Failed::new("no item is open"))
}

fn bodies(stage: &mut Stage) -> Result<Vec<String>, Failed> {
    let item = open_item(stage)?;
    Ok(item.texts.into_iter().map(|text| text.words.body).collect())
}

const MASKED: [&str; 4] = [
    "Good morning! Did the beans get water?",
    "Yes. Shall we fly the ░░░░ on Sunday?",
    "After the game of ░░░░░.",
    "Der rote ░░░░░░░ liegt im Garten.",
];

pub(crate) fn masked_conversation() -> Result<(), Failed> {
    let mut stage = Stage::set(&[talk(1)], Look::default())?;
    hold!(
        bodies(&mut stage)? == MASKED,
        "not masked: {:?}",
        bodies(&mut stage)?
    );
    let reports = open_item(&mut stage)?.reports;
    hold!(
        reports
            .iter()
            .all(|r| !r.words.body.contains(char::is_alphanumeric)),
        "a report is not masked"
    );
    stage.press(Key::J);
    hold!(at_text(&stage, 2), "J does not go to the flagged message");
    hold!(bodies(&mut stage)? == MASKED, "going there reveals");
    stage.down(Key::R);
    stage.pass(400);
    let shown = bodies(&mut stage)?;
    hold!(
        shown[1] == "Yes. Shall we fly the kite on Sunday?",
        "holding does not read the words: {}",
        shown[1]
    );
    hold!(
        shown[2..] == MASKED[2..],
        "other words were revealed with them"
    );
    hold!(stage.shows(&shown[1]), "the words are not in the window");
    stage.press(Key::J);
    stage.up(Key::R);
    stage.pass(400);
    hold!(
        bodies(&mut stage)? == MASKED,
        "letting go does not cover the words"
    );
    hold!(!stage.shows(&shown[1]), "the words stay in the window");
    hold!(at_text(&stage, 2), "a step counted while looking");
    stage.press(Key::F);
    hold!(
        stage.model().history.len() == 1,
        "deciding does not go on after reading"
    );
    Ok(())
}

/// Whether the text with this number, of four of which two are flagged, is said to be the current one.
pub(crate) fn at_text(stage: &Stage, n: u64) -> bool {
    let values = [("n", n.into()), ("of", 4.into()), ("flagged", 2.into())];
    stage.says_with("words-position", &values)
}

pub(crate) fn translation_is_masked() -> Result<(), Failed> {
    let mut stage = Stage::set(&[talk(1)], Look::default())?;
    stage.press(Key::T);
    let translated = |stage: &mut Stage| -> Result<String, Failed> {
        let item = open_item(stage)?;
        Ok(item.texts[3].translations[0].words.body.clone())
    };
    let masked = "░░░ ░░░ ░░░░ ░░ ░░ ░░░ ░░░░░░░";
    hold!(
        translated(&mut stage)?.starts_with(masked),
        "the translation is not masked"
    );
    let says = |stage: &Stage| {
        let languages = [("lang", "en".into()), ("from", "de".into())];
        stage.says_some_with("translated-machine", &languages)
    };
    hold!(says(&stage), "it does not say who translated");
    stage.press(Key::J);
    stage.press(Key::J);
    stage.down(Key::R);
    stage.pass(400);
    hold!(
        translated(&mut stage)? == "The red kite is in the garden.",
        "holding does not read the translation"
    );
    let open = open_item(&mut stage)?.reveal.map(|reveal| reveal.part);
    hold!(
        matches!(&open, Some(Part::Span(span)) if span.translation == Some(0)),
        "the look is about {open:?}"
    );
    hold!(
        bodies(&mut stage)? == MASKED,
        "the original was revealed with it"
    );
    stage.up(Key::R);
    stage.pass(400);
    hold!(
        translated(&mut stage)?.starts_with(masked),
        "letting go does not cover"
    );
    stage.press(Key::T);
    hold!(!says(&stage), "T does not go back to the original");
    Ok(())
}

pub(crate) fn mark_region_is_sent() -> Result<(), Failed> {
    let samples = [checkered(1, Kind::Image), checkered(2, Kind::Image)];
    let mut stage = Stage::set(&samples, Look::default())?;
    stage.press(Key::M);
    for key in [Key::ArrowLeft, Key::ArrowLeft, Key::ArrowDown] {
        stage.press(key);
    }
    stage.press_with(Key::ArrowRight, Modifiers::SHIFT);
    stage.press(Key::F);
    hold!(
        stage.model().history.is_empty(),
        "a decision key counted while marking"
    );
    stage.press(Key::Enter);
    let made = Region::middle(0).moved(-50_000, 25_000).resized(25_000, 0);
    let marks = [Mark::Region(made)];
    hold!(
        stage.model().draft.marks == marks,
        "the mark is {:?}",
        stage.model().draft.marks
    );
    hold!(!stage.view().is_revealed(), "marking reveals");
    stage.press(Key::R);
    stage.press(Key::R);
    stage.pass(400);
    hold!(
        stage.model().draft.marks == marks,
        "the mark is lost when the picture is covered again"
    );
    stage.crash_window();
    stage.open_window();
    hold!(
        stage.model().draft.marks == marks,
        "the mark is lost with the window"
    );
    stage.press(Key::F);
    stage.pass(6_000);
    hold!(
        stage.model().waiting_to_sync == 0,
        "the decision has not arrived"
    );
    let sent = stage.served.decisions()?;
    hold!(
        sent.len() == 1 && sent[0].marks == marks,
        "the server has other marks"
    );
    Ok(())
}
