//! Models for tests: harmless words and generated pictures only.

use scrim_model::breaks::BreakPhase;
use scrim_model::item::TranslatedBy;
use scrim_model::serving::Cap;
use scrim_model::settings::AtLimit;
use scrim_model::text::masked;
use scrim_model::view::{CoverKey, CoverStep, CoverStyle, Part, RevealMode, WordPlace, WordSpan};
use scrim_model::{
    ActionKind, DecisionId, Environment, ItemId, Kind, MediumKey, PolicyId, PolicyNode, PolicyTree,
    RevealId, Timestamp,
};
use scrim_wire::window::{
    AuthorView, CheckInStands, CheckInView, ClaimState, ConfirmView, ConfirmWhat, Draft,
    ExposureView, HeldView, ItemView, LinkState, MaskedWords, MediumState, ReportView, RevealView,
    Screen, SpanView, TextView, ToWindow, TranslationView, Wellbeing, WindowModel,
};

fn policy(id: &str, parent: Option<&str>, name: &str, digit: u8) -> PolicyNode {
    PolicyNode {
        id: PolicyId::new(id).expect("an id"),
        parent: parent.map(|id| PolicyId::new(id).expect("an id")),
        name: name.to_owned(),
        text: String::new(),
        digit: Some(digit),
        severity: 3,
        actions: Vec::new(),
        needs_reason: false,
        needs_second_review: false,
    }
}

/// A tree of two levels.
pub fn policies() -> PolicyTree {
    PolicyTree {
        version: 12,
        policies: vec![
            policy("child", None, "Child safety", 1),
            policy("violence", None, "Violence", 2),
            policy("graphic", Some("violence"), "Graphic", 1),
            policy("threat", Some("violence"), "Threat", 2),
            policy("harassment", None, "Harassment", 3),
            policy("hate", None, "Hate", 4),
            policy("spam", None, "Spam and deception", 5),
        ],
    }
}

/// A model without an item.
pub fn model(screen: Screen) -> WindowModel {
    WindowModel {
        revision: 1,
        screen,
        environment: Some(Environment::Test),
        moderator: "Ada".to_owned(),
        leads: false,
        practice: false,
        queue_names: "Images · EU".to_owned(),
        waiting: 12,
        oldest_min: Some(130),
        in_hand: 6,
        link: LinkState::Online,
        waiting_to_sync: 2,
        held: Vec::new(),
        item: None,
        copies: None,
        policies: policies(),
        draft: Draft::default(),
        confirm: None,
        asked_of_me: Vec::new(),
        feedback: None,
        correction: None,
        policy_changes: Vec::new(),
        asks_reason: false,
        wellbeing: Wellbeing {
            active_min: 34,
            due_after_min: 50,
            phase: BreakPhase::Working,
            snoozes_left: 2,
            exposure: ExposureView {
                weighted_min: Some(46),
                weighted_max: 240,
                clear_min: 8,
                clear_max: 60,
                cap: Cap::Under,
                at_limit: AtLimit::LightOnly,
                alone: false,
                go_easy: false,
            },
        },
        check_in: CheckInView {
            stands: CheckInStands::NotNow,
            kept_days: Some(30),
        },
        notices: Vec::new(),
        conflicts: Vec::new(),
        history: Vec::new(),
        duty_contacts: vec!["Duty lead: extension 12".to_owned()],
    }
}

/// Words, masked at `spans` of bytes; none: all.
pub fn words(place: WordPlace, text: u32, body: &str, spans: &[(u32, u32)]) -> MaskedWords {
    let all = [scrim_model::text::whole(body)];
    let spans = if spans.is_empty() { &all } else { spans };
    let chars =
        |byte: u32| u32::try_from(body[..byte as usize].chars().count()).expect("short words");
    let view = |&(start, end): &(u32, u32)| SpanView {
        key: WordSpan {
            place,
            text,
            translation: None,
            start,
            end,
        },
        from: chars(start),
        to: chars(end),
    };
    MaskedWords {
        body: masked(body, spans),
        spans: spans.iter().map(view).collect(),
    }
}

/// The texts with the numbers of their places.
fn numbered(mut texts: Vec<TextView>) -> Vec<TextView> {
    for (text, n) in texts.iter_mut().zip(0..) {
        text.id = format!("m{n}");
        for span in &mut text.words.spans {
            span.key.text = n;
        }
    }
    texts
}

/// A text, masked at `spans`.
pub fn text(role: &str, lang: &str, body: &str, spans: &[(u32, u32)]) -> TextView {
    TextView {
        role: role.to_owned(),
        role_masks: Vec::new(),
        lang: lang.to_owned(),
        at: Some(Timestamp(1_770_000_000_000)),
        id: String::new(),
        words: words(WordPlace::Text, 0, body, spans),
        flagged: !spans.is_empty(),
        translations: Vec::new(),
    }
}

fn item(kind: Kind, media: usize) -> ItemView {
    ItemView {
        id: ItemId::new("item-1").expect("an id"),
        kind,
        label: "Violence · user report".to_owned(),
        classes: vec!["violence".to_owned()],
        severity_hint: 3,
        priority: 2,
        known: None,
        known_exact: false,
        copy_of: None,
        without_landlock: false,
        parts: (0..media)
            .map(|n| Part::Medium(u32::try_from(n).expect("few")))
            .chain([Part::Words])
            .collect(),
        selected: if media > 0 {
            Part::Medium(0)
        } else {
            Part::Words
        },
        media: vec![
            MediumState::Covered {
                width: 1600,
                height: 1200,
                whole: true,
            };
            media
        ],
        films: vec![None; media],
        step: CoverStep::Normal,
        step_min: CoverStep::Normal,
        style: CoverStyle::default(),
        texts: Vec::new(),
        context: Vec::new(),
        reports: vec![
            ReportView {
                class: "violence".to_owned(),
                words: words(WordPlace::Report, 0, "This should not be here.", &[]),
            },
            ReportView {
                class: "spam".to_owned(),
                words: MaskedWords::default(),
            },
        ],
        appeal: None,
        author: Some(AuthorView {
            account_age_d: Some(41),
            prior_actions: 1,
        }),
        signals: vec!["violence 0.93 (≥ 0.80)".to_owned()],
        link: None,
        allowed: vec![
            ActionKind::Allow,
            ActionKind::Remove,
            ActionKind::Restrict,
            ActionKind::AgeGate,
            ActionKind::Escalate,
        ],
        claim: ClaimState::Held,
        reveal: None,
        questions: Vec::new(),
        can_ask: true,
        for_colleague: None,
        reported_at: Some(Timestamp(1_770_000_000_000)),
    }
}

/// An image item with `media` pictures.
pub fn image(media: usize) -> WindowModel {
    let mut image = item(Kind::Image, media);
    image.texts = vec![text("caption", "en", "A caption of SAMPLE 123.", &[])];
    WindowModel {
        item: Some(image),
        ..model(Screen::Serving)
    }
}

/// A translation, masked whole.
fn in_translation(text: u32, body: &str) -> MaskedWords {
    let mut words = words(WordPlace::Text, text, body, &[]);
    words.spans[0].key.translation = Some(0);
    words
}

/// A conversation.
pub fn conversation() -> WindowModel {
    let mut talk = item(Kind::Conversation, 0);
    talk.texts = numbered(vec![
        text(
            "message:A",
            "en",
            "Good morning, is the meeting at ten?",
            &[(0, 4)],
        ),
        text(
            "message:B",
            "en",
            "Yes, bring the green folder please.",
            &[(5, 20)],
        ),
        text("message:A", "ar", "صباح الخير", &[(0, 8)]),
        text("message:B", "he", "בוקר טוב", &[(0, 8)]),
        text(
            "message:A",
            "ja",
            "おはようございます、会議は十時です。",
            &[(0, 6)],
        ),
        text("message:B", "hi", "सुप्रभात, बैठक दस बजे है।", &[(0, 6)]),
    ]);
    talk.texts[2].translations = vec![TranslationView {
        lang: "en".to_owned(),
        by: TranslatedBy::Machine,
        words: in_translation(2, "Good morning"),
    }];
    WindowModel {
        item: Some(talk),
        ..model(Screen::Serving)
    }
}

/// `model` with a reveal of the selected part.
pub fn revealed(mut model: WindowModel, id: &str, mode: RevealMode, open: bool) -> WindowModel {
    let item = model.item.as_mut().expect("an item");
    item.reveal = Some(RevealView {
        id: reveal_id(id),
        mode,
        part: item.selected.clone(),
        open,
        colour: false,
        sound: false,
    });
    model
}

/// Held decisions.
pub fn with_held(mut model: WindowModel, count: usize) -> WindowModel {
    model.held = (0..count)
        .map(|n| HeldView {
            decision_id: DecisionId::new(format!("d{n}")).expect("an id"),
            action: ActionKind::Remove,
            left_ms: 8_000,
        })
        .collect();
    model
}

/// Asks for an escalation.
pub fn confirming(mut model: WindowModel, ready: bool) -> WindowModel {
    model.confirm = Some(ConfirmView {
        what: ConfirmWhat::Action(ActionKind::Escalate),
        to: "lead".to_owned(),
        priority: 2,
        ready,
    });
    model
}

/// A reveal's id.
pub fn reveal_id(id: &str) -> RevealId {
    RevealId::new(id).expect("an id")
}

/// Medium `n` of the item.
pub fn medium(n: u32) -> MediumKey {
    MediumKey {
        item: ItemId::new("item-1").expect("an id"),
        n,
    }
}

/// The message of a covered preview.
pub fn covered(n: u32, width: u32, height: u32) -> ToWindow {
    ToWindow::Covered {
        key: CoverKey {
            style: CoverStyle::default(),
            medium: medium(n),
            step: CoverStep::Normal,
            at_ms: None,
        },
        width,
        height,
    }
}

/// The message of clear pixels.
pub fn clear(reveal: &str, n: u32, width: u32, height: u32) -> ToWindow {
    ToWindow::Clear {
        reveal: reveal_id(reveal),
        medium: medium(n),
        width,
        height,
    }
}

/// A generated picture: soft waves when covered, a checker when clear. RGBA8.
pub fn pixels(width: u32, height: u32, is_clear: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let wave = ((x * 200 / width) + (y * 100 / height)) / 2;
            let grey = u8::try_from(60 + wave % 150).expect("under 256");
            let on = (x / 24 + y / 24) % 2 == 0;
            let pixel = match (is_clear, on) {
                (false, _) => [grey, grey, grey, 255],
                (true, true) => [200, 120, 60, 255],
                (true, false) => [40, 70, 160, 255],
            };
            bytes.extend(pixel);
        }
    }
    bytes
}
