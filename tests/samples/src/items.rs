//! A plan and its files as an item: labels, texts, reports and times.

use scrim_model::item::{Appeal, Author, Known, Link, Medium, Report, Signal, SmallVersion};
use scrim_model::{ActionKind, DecisionId, Item, ItemId, Kind, PolicyId, QueueId, Timestamp};
use scrim_wire::protocol::IngestItem;
use sha2::{Digest, Sha256};

use crate::files::PictureFile;
use crate::plan::{MatchKind, Plan, Special};
use crate::random::Random;
use crate::texts::texts;
use crate::words::REPORT_TEXTS;
use crate::{Sample, Settings};

/// A harm class: its policy, its name, the policy that one action key uses.
type Class = (&'static str, &'static str, Option<&'static str>);

/// The last one has no policy for one key.
const CLASSES: &[Class] = &[
    ("violence", "Violence", Some("violence.graphic")),
    ("harassment", "Harassment", Some("harassment.insult")),
    ("deception", "Deception", Some("deception.spam")),
    ("adult", "Adult content", Some("adult.unlabelled")),
    ("self-harm", "Self-harm", None),
];

/// The class of what is on the list.
const KNOWN: Class = ("child-safety", "Known match", Some("child-safety.known"));

/// From where items come.
const SOURCES: &[&str] = &[
    "user report",
    "trusted flagger",
    "automatic check",
    "routine check",
];

const MINUTE_MS: i64 = 60_000;
const WELL_FORMED: &str = "sample ids are short and without blanks";

/// Builds the sample: an item of `plan` with these files.
pub(crate) fn sample(plan: &Plan, pictures: Vec<PictureFile>, settings: &Settings) -> Sample {
    let mut random = Random::new(settings.seed, 1_000_000 + plan.number);
    let is_exact = plan.special == Special::Known(MatchKind::Exact);
    let class = class(plan, is_exact, &mut random);
    let source = if is_exact {
        "hash list"
    } else {
        random.pick(SOURCES)
    };
    let times = Times::of(plan, settings.now, &mut random);
    let media = (0_u32..)
        .zip(&pictures)
        .map(|(n, file)| medium(n, file, plan))
        .collect();
    let kind = plan.kind.as_str();
    let wants_default = plan.leads || random.chance(35);
    let default_policy = class
        .2
        .filter(|_| wants_default)
        .map(|id| PolicyId::new(id).expect(WELL_FORMED));
    let item = Item {
        id: ItemId::new(format!("sample-{}-{:04}", settings.seed, plan.number)).expect(WELL_FORMED),
        version: 1,
        kind: plan.kind.clone(),
        created_at: Some(times.created),
        reported_at: Some(times.reported),
        due_at: Some(times.due),
        priority: plan.priority,
        severity_hint: plan.severity,
        classes: vec![class.0.to_owned()],
        label: format!("{} · {source} · {kind}", class.1),
        reports: reports(is_exact, class.0, times.reported, &mut random),
        author: Some(author(&mut random)),
        texts: texts(plan, times.created, &mut random),
        media,
        link: (plan.kind == Kind::Link).then(|| link(!pictures.is_empty(), &mut random)),
        context: Vec::new(),
        signals: signals(&plan.kind, &mut random),
        appeal: (!plan.leads && random.chance(2)).then(|| appeal(plan.number)),
        allowed_actions: allowed_actions(&plan.kind),
        default_policy,
    };
    let names = (0_usize..).map(|n| format!("media/{:04}-{n}", plan.number));
    let (mut files, mut covers) = (Vec::new(), Vec::new());
    for (name, file) in names.zip(pictures) {
        covers.push(file.cover.map(|bytes| (format!("{name}-cover.jpg"), bytes)));
        files.push((format!("{name}.{}", file.format.ending()), file.bytes));
    }
    Sample {
        ingest: IngestItem {
            queue_id: queue(plan),
            item,
            feedback: None,
        },
        files,
        covers,
    }
}

fn class(plan: &Plan, is_exact: bool, random: &mut Random) -> &'static Class {
    if is_exact {
        return &KNOWN;
    }
    // One action key decides each of the first twelve: leave out what has no policy for it.
    let without_last = &CLASSES[..CLASSES.len() - 1];
    random.pick(if plan.leads { without_last } else { CLASSES })
}

fn medium(n: u32, file: &PictureFile, plan: &Plan) -> Medium {
    let known = match plan.special {
        Special::Known(kind) if n == 0 => Some(Known {
            list: "sample list".to_owned(),
            match_kind: kind.into(),
            distance: (kind == MatchKind::Near).then_some(4),
        }),
        _ => None,
    };
    Medium {
        n,
        mime: file.format.mime().to_owned(),
        bytes: file.bytes.len() as u64,
        width: file.size.map(|size| size.0),
        height: file.size.map(|size| size.1),
        duration_ms: None,
        sha256: Some(hex(&Sha256::digest(&file.bytes))),
        known,
        cover: file.cover.as_ref().map(|bytes| SmallVersion {
            bytes: bytes.len() as u64,
            sha256: Some(hex(&Sha256::digest(bytes))),
        }),
    }
}

/// Lower-case hexadecimal digits of `bytes`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn queue(plan: &Plan) -> QueueId {
    let name = match plan.kind {
        _ if plan.priority == 1 => "urgent",
        Kind::Conversation | Kind::Text => "conversations",
        Kind::Link | Kind::Account => "links-accounts",
        _ => "images-eu",
    };
    QueueId::new(name).expect(WELL_FORMED)
}

/// When things happened: content made, then reported, both before now; due after now.
struct Times {
    created: Timestamp,
    reported: Timestamp,
    due: Timestamp,
}

impl Times {
    fn of(plan: &Plan, now: Timestamp, random: &mut Random) -> Self {
        let mut minutes = |low, high| {
            i64::try_from(random.between(low, high)).expect("a few days of minutes") * MINUTE_MS
        };
        let reported = now.plus_ms(-minutes(10, 3 * 24 * 60));
        // A conversation of thirty messages ends well within two days.
        let created = reported.plus_ms(-minutes(2 * 24 * 60, 9 * 24 * 60));
        let due = if plan.leads {
            // The first twelve are due one after the other, and before everything else.
            let place = i64::try_from(plan.number).expect("at most twelve");
            now.plus_ms((20 + place) * MINUTE_MS)
        } else {
            now.plus_ms(minutes(60, u64::from(plan.priority) * 24 * 60))
        };
        Self {
            created,
            reported,
            due,
        }
    }
}

fn reports(is_exact: bool, class: &str, first: Timestamp, random: &mut Random) -> Vec<Report> {
    let count = if is_exact { 0 } else { random.between(1, 4) };
    (0..count)
        .map(|n| Report {
            class: class.to_owned(),
            text: (*random.pick(REPORT_TEXTS)).to_owned(),
            at: Some(first.plus_ms(i64::try_from(n).unwrap_or(0) * 2 * MINUTE_MS)),
        })
        .collect()
}

fn author(random: &mut Random) -> Author {
    Author {
        id: format!("author-{:03}", random.between(1, 80)),
        account_age_d: u32::try_from(random.between(1, 3_000)).ok(),
        prior_actions: u32::try_from(random.below(4)).unwrap_or(0),
    }
}

/// Names below `.example` belong to nobody (RFC 2606).
fn link(has_capture: bool, random: &mut Random) -> Link {
    let domains = [
        "seeds.example",
        "timetable.example",
        "chess.example",
        "soup.example",
    ];
    let redirects = ["go.example", "short.example"];
    let passed = usize::try_from(random.below(3)).unwrap_or(0);
    Link {
        domain: (*random.pick(&domains)).to_owned(),
        redirects: redirects[..passed]
            .iter()
            .map(|&name| name.to_owned())
            .collect(),
        capture: has_capture.then_some(0),
    }
}

fn signals(kind: &Kind, random: &mut Random) -> Vec<Signal> {
    if !random.chance(60) {
        return Vec::new();
    }
    let name = match kind {
        Kind::Text | Kind::Conversation => "text-check",
        _ => "picture-check",
    };
    let score = u32::try_from(random.between(400_000, 990_000)).unwrap_or(0);
    vec![Signal {
        name: name.to_owned(),
        version: "3.1".to_owned(),
        score,
        threshold: 700_000,
    }]
}

fn appeal(number: u64) -> Appeal {
    Appeal {
        id: format!("appeal-{number:04}"),
        text: "I think that this was a mistake. Please look again.".to_owned(),
        decision_id: DecisionId::new(format!("01990000-0000-7000-8000-{number:012}"))
            .expect(WELL_FORMED),
        at: None,
    }
}

fn allowed_actions(kind: &Kind) -> Vec<ActionKind> {
    use ActionKind::{
        AgeGate, Allow, Escalate, LimitAuthor, Remove, Restrict, SuspendAuthor, WarnAuthor,
    };
    match kind {
        Kind::Account => {
            vec![
                Allow,
                Remove,
                Restrict,
                WarnAuthor,
                LimitAuthor,
                SuspendAuthor,
                Escalate,
            ]
        }
        Kind::Text | Kind::Conversation => vec![Allow, Remove, Restrict, WarnAuthor, Escalate],
        _ => vec![Allow, Remove, Restrict, AgeGate, Escalate],
    }
}
