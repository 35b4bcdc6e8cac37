//! Whether a document keeps the rules of its shape, and those that stand in the documentation's words.

use std::fmt;

use scrim_model::Timestamp;

use super::Element;
use super::shape::{Child, DOCUMENTS, HASH_TYPE_CHARS_MAX, Is, RELEVANCE, Shape};

/// What is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// No such element is known here.
    Unknown,
    /// It stands after one that has to follow it.
    OutOfOrder,
    /// It may be there only once.
    Twice,
    /// It must be there. A draft may leave it to whoever reports.
    Missing,
    /// Neither `true` nor `false`.
    NotTruth,
    /// None of the published values.
    NotListed,
    /// No instant with its zone.
    NotATime,
    /// More characters than this.
    TooLong(usize),
    /// A hash without its kind, or without a value.
    NotAHash,
    /// Its being there is all that it says.
    NotEmpty,
    /// Whoever viewed the Exif viewed the file.
    ExifWithoutFile,
    /// What only supplements a report is not classified.
    ClassifiedSupplement,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("no such element is known"),
            Self::OutOfOrder => f.write_str("it stands after an element that has to follow it"),
            Self::Twice => f.write_str("it is there twice"),
            Self::Missing => f.write_str("it is missing"),
            Self::NotTruth => f.write_str("it is neither true nor false"),
            Self::NotListed => f.write_str("it is none of the published values"),
            Self::NotATime => f.write_str("it is no instant with its zone"),
            Self::TooLong(max) => write!(f, "it is longer than {max} characters"),
            Self::NotAHash => f.write_str("it needs a hashType and a value"),
            Self::NotEmpty => f.write_str("nothing belongs in it"),
            Self::ExifWithoutFile => f.write_str("whoever viewed the Exif viewed the file"),
            Self::ClassifiedSupplement => {
                f.write_str("what only supplements a report is not classified")
            }
        }
    }
}

/// A broken rule and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// Names of elements from the root on, with `/` between them.
    pub path: String,
    /// The rule.
    pub rule: Rule,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.rule)
    }
}

/// Every rule that the document breaks.
#[must_use]
pub fn check(root: &Element) -> Vec<Violation> {
    let mut found = Vec::new();
    match DOCUMENTS.iter().find(|(name, _)| *name == root.name) {
        Some((name, shape)) => inside(root, shape, name, &mut found),
        None => add(&mut found, &root.name, Rule::Unknown),
    }
    if root.name == "fileDetails" {
        of_file(root, &mut found);
    }
    found
}

fn add(found: &mut Vec<Violation>, path: &str, rule: Rule) {
    let path = path.to_owned();
    found.push(Violation { path, rule });
}

fn inside(element: &Element, shape: &Shape, path: &str, found: &mut Vec<Violation>) {
    let mut last = 0;
    let mut seen = Vec::new();
    for child in element.children() {
        let at = format!("{path}/{}", child.name);
        let place = shape.children.iter().position(|c| c.name == child.name);
        let Some(place) = place else {
            add(found, &at, Rule::Unknown);
            continue;
        };
        let known = &shape.children[place];
        if place < last {
            add(found, &at, Rule::OutOfOrder);
        }
        last = last.max(place);
        if seen.contains(&known.name) && !known.may_repeat {
            add(found, &at, Rule::Twice);
        }
        seen.push(known.name);
        content(child, known, &at, found);
    }
    for child in shape.children.iter().filter(|child| child.is_required) {
        if !seen.contains(&child.name) {
            add(found, &format!("{path}/{}", child.name), Rule::Missing);
        }
    }
}

fn content(element: &Element, child: &Child, path: &str, found: &mut Vec<Violation>) {
    let text = element.text();
    let broken = match child.is {
        Is::Group(shape) => return inside(element, shape, path, found),
        Is::Open => None,
        Is::Text(max) => (text.chars().count() > max).then_some(Rule::TooLong(max)),
        Is::Truth => (!["true", "false"].contains(&text.as_str())).then_some(Rule::NotTruth),
        Is::OneOf(values) => (!values.contains(&text.as_str())).then_some(Rule::NotListed),
        Is::Time => Timestamp::parse(&text).is_err().then_some(Rule::NotATime),
        Is::Flag => (!element.inside.is_empty()).then_some(Rule::NotEmpty),
        Is::Hash => {
            let kind = element
                .attributes
                .iter()
                .find(|(name, _)| name == "hashType");
            let kind = kind.map_or(0, |(_, kind)| kind.chars().count());
            let is_hash = !text.is_empty() && (1..=HASH_TYPE_CHARS_MAX).contains(&kind);
            (!is_hash).then_some(Rule::NotAHash)
        }
    };
    if let Some(rule) = broken {
        add(found, path, rule);
    }
}

fn of_file(root: &Element, found: &mut Vec<Violation>) {
    let is = |name, value| root.child(name).is_some_and(|child| child.text() == value);
    if is("exifViewedByEsp", "true") && !is("fileViewedByEsp", "true") {
        add(found, "fileDetails/fileViewedByEsp", Rule::ExifWithoutFile);
    }
    if is("fileRelevance", RELEVANCE[1]) {
        for name in ["fileAnnotations", "industryClassification"] {
            if root.child(name).is_some() {
                let path = format!("fileDetails/{name}");
                add(found, &path, Rule::ClassifiedSupplement);
            }
        }
    }
}
