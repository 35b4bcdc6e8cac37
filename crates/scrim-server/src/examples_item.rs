//! The fullest example of an item, and the plain values that all examples are made of.

use scrim_model::item::{
    Appeal, Author, Known as KnownHit, KnownMatch, Link, Medium, Report, Signal, SmallVersion,
    Text, TranslatedBy, Translation,
};
use scrim_model::{ActionKind, Item, Kind, Timestamp};

/// An id; the texts here are ids by their looks.
pub(crate) fn id<T: TryFrom<String>>(text: &str) -> T {
    T::try_from(text.to_owned())
        .ok()
        .expect("the examples' ids hold no blanks")
}

pub(crate) fn text(text: &str) -> String {
    text.to_owned()
}

pub(crate) fn at() -> Timestamp {
    Timestamp(1_767_225_600_000)
}

fn words() -> Text {
    Text {
        id: text("t1"),
        role: text("body"),
        lang: text("en"),
        at: Some(at()),
        body: text("…"),
        flagged: vec![(0, 3)],
        translations: vec![Translation {
            lang: text("de"),
            body: text("…"),
            by: TranslatedBy::Machine,
        }],
    }
}

fn medium() -> Medium {
    Medium {
        n: 0,
        mime: text("image/jpeg"),
        bytes: 1,
        width: Some(1),
        height: Some(1),
        duration_ms: Some(1),
        sha256: Some(text("00")),
        known: Some(KnownHit {
            list: text("l1"),
            match_kind: KnownMatch::Near,
            distance: Some(1),
        }),
        cover: Some(SmallVersion {
            bytes: 1,
            sha256: Some(text("00")),
        }),
    }
}

pub(crate) fn item() -> Item {
    Item {
        id: id("i1"),
        version: 1,
        kind: Kind::Image,
        created_at: Some(at()),
        reported_at: Some(at()),
        due_at: Some(at()),
        priority: 1,
        severity_hint: 1,
        classes: vec![text("spam")],
        label: text("l"),
        reports: vec![Report {
            class: text("spam"),
            text: text("…"),
            at: Some(at()),
        }],
        author: Some(Author {
            id: text("a1"),
            account_age_d: Some(1),
            prior_actions: 1,
        }),
        texts: vec![words()],
        media: vec![medium()],
        link: Some(Link {
            domain: text("example.org"),
            redirects: vec![text("example.org")],
            capture: Some(0),
        }),
        context: vec![words()],
        signals: vec![Signal {
            name: text("d1"),
            version: text("v"),
            score: 1,
            threshold: 1,
        }],
        appeal: Some(Appeal {
            id: text("ap1"),
            text: text("…"),
            decision_id: id("d0"),
            at: Some(at()),
        }),
        allowed_actions: vec![ActionKind::Allow],
        default_policy: Some(id("p1")),
    }
}
