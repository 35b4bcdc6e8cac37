//! The words of one sample.

use scrim_model::item::{Text, TranslatedBy, Translation};
use scrim_model::{Kind, Timestamp};

use crate::plan::{Plan, Special};
use crate::random::Random;
use crate::words::{BIOS, CAPTIONS, HIDDEN_LINES, LANGUAGES, LINES, Language, unmarked};

const MINUTE_MS: u64 = 60_000;

/// Everything written in the sample; what is sent at several times begins at `start`.
pub(crate) fn texts(plan: &Plan, start: Timestamp, random: &mut Random) -> Vec<Text> {
    let language = plan
        .lang
        .and_then(|tag| LANGUAGES.iter().find(|l| l.tag == tag))
        .unwrap_or_else(|| random.pick(LANGUAGES));
    match plan.kind {
        Kind::Image => Vec::new(),
        Kind::Text => vec![body(plan.special, language, start, random)],
        Kind::Conversation => conversation(plan.special, language, start, random),
        Kind::Account => account(language, start, random),
        Kind::Post => vec![text(
            "caption",
            "caption",
            "",
            start,
            random.pick::<&str>(CAPTIONS),
        )],
        Kind::Link => {
            let line = line(language, random.next_u64());
            vec![text("words", "link_text", language.tag, start, line)]
        }
        _ => {
            let words = "A {kind} of item that this desk has not met before.";
            vec![text("body", "body", "en", start, words)]
        }
    }
}

fn text(id: &str, role: &str, lang: &str, at: Timestamp, marked: &str) -> Text {
    let (body, flagged) = unmarked(marked);
    Text {
        id: id.to_owned(),
        role: role.to_owned(),
        lang: lang.to_owned(),
        at: Some(at),
        body,
        flagged,
        translations: Vec::new(),
    }
}

fn line(language: &Language, at: u64) -> &'static str {
    language.lines[place(at)]
}

fn place(at: u64) -> usize {
    usize::try_from(at % LINES as u64).expect("below twelve")
}

/// One to twelve lines, the first flagged word among them.
fn body(special: Special, language: &Language, at: Timestamp, random: &mut Random) -> Text {
    if special == Special::Hidden {
        return text("body", "body", "en", at, &HIDDEN_LINES.join("\n"));
    }
    let lines: Vec<_> = (4..4 + random.between(1, 12))
        .map(|n| line(language, n))
        .collect();
    text("body", "body", language.tag, at, &lines.join(" "))
}

/// 6–30 messages between A and B. Every run of six lines that begins at one of the first five
/// holds a flagged word.
fn conversation(
    special: Special,
    language: &Language,
    start: Timestamp,
    random: &mut Random,
) -> Vec<Text> {
    let count = random.between(6, 30);
    let first = random.below(5);
    let is_translated = language.tag != "en" && random.chance(50);
    let answers_in = if random.chance(10) {
        random.pick(LANGUAGES)
    } else {
        language
    };
    let (mut at, mut speaker_is_a) = (start, true);
    (0..count)
        .map(|n| {
            let spoken = if speaker_is_a { language } else { answers_in };
            let role = if speaker_is_a {
                "message:A"
            } else {
                "message:B"
            };
            let hidden = HIDDEN_LINES.get(usize::try_from(n / 2).unwrap_or(usize::MAX));
            let mut message = match hidden {
                Some(words) if special == Special::Hidden && n % 2 == 0 => {
                    text(&format!("m{n}"), role, "en", at, words)
                }
                _ => text(
                    &format!("m{n}"),
                    role,
                    spoken.tag,
                    at,
                    line(spoken, first + n),
                ),
            };
            if is_translated && message.lang != "en" {
                message.translations = vec![in_english(first + n)];
            }
            speaker_is_a ^= random.chance(85);
            let pause = random.between(1, 40) * MINUTE_MS;
            at = at.plus_ms(i64::try_from(pause).expect("less than an hour"));
            message
        })
        .collect()
}

fn in_english(at: u64) -> Translation {
    Translation {
        lang: "en".to_owned(),
        body: unmarked(line(&LANGUAGES[0], at)).0,
        by: TranslatedBy::Machine,
    }
}

/// A biography and two or three things that the account wrote.
fn account(language: &Language, start: Timestamp, random: &mut Random) -> Vec<Text> {
    let mut texts = vec![text("bio", "bio", "", start, random.pick::<&str>(BIOS))];
    for n in 0..random.between(2, 3) {
        let line = line(language, 4 + n * 5);
        texts.push(text(&format!("post{n}"), "post", language.tag, start, line));
    }
    texts
}
