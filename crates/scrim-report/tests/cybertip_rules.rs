//! Every rule of the CyberTipline's documents, with an example that breaks it.
#![allow(clippy::unwrap_used, reason = "tests")]

use scrim_report::cybertip::{
    Child, DOCUMENTS, Element, FILE_DETAILS, INCIDENT_TYPES, Is, REPORT, Rule, Shape, check,
};

fn file() -> Element {
    let mut root = Element::new("fileDetails");
    root.say("reportId", "4711");
    root.say("fileId", "f-1");
    root.say("originalFileName", "picture.png");
    root.say("fileViewedByEsp", "true");
    root.say("exifViewedByEsp", "true");
    root.say("fileRelevance", "Reported");
    let mut notes = Element::new("fileAnnotations");
    notes.push(Element::new("viral"));
    root.push(notes);
    root.say("industryClassification", "A2");
    for kind in ["MD5", "SHA1"] {
        root.push(
            Element::new("originalFileHash")
                .with("hashType", kind)
                .holding("ab"),
        );
    }
    root.say("additionalInfo", "nothing");
    root
}

fn report() -> Element {
    let mut root = Element::new("report");
    let mut summary = Element::new("incidentSummary");
    summary.say("incidentType", INCIDENT_TYPES[3]);
    summary.say("incidentDateTime", "2026-02-03T10:00:00Z");
    root.push(summary);
    let mut person = Element::new("reportingPerson");
    person.say("firstName", "A");
    person.say("email", "a@example.org");
    let mut reporter = Element::new("reporter");
    reporter.push(person);
    root.push(reporter);
    let mut capture = Element::new("ipCaptureEvent");
    capture.say("ipAddress", "203.0.113.1");
    capture.say("dateTime", "2026-02-03T10:00:00+01:00");
    let mut reported = Element::new("personOrUserReported");
    reported.say("espIdentifier", "user-1");
    reported.push(capture);
    root.push(reported);
    root
}

fn broken(root: &Element) -> Vec<(String, Rule)> {
    let found = check(root).into_iter();
    found.map(|found| (found.path, found.rule)).collect()
}

/// What is broken once `change` is done to a document that breaks nothing.
fn after(root: fn() -> Element, change: impl FnOnce(&mut Element)) -> Vec<(String, Rule)> {
    let mut root = root();
    assert_eq!(broken(&root), []);
    change(&mut root);
    broken(&root)
}

fn child<'a>(root: &'a mut Element, path: &[&str]) -> &'a mut Element {
    path.iter().fold(root, |element, name| {
        let inside = element.inside.iter_mut().find_map(|node| match node {
            scrim_report::cybertip::Node::Element(child) if child.name == *name => Some(child),
            _ => None,
        });
        inside.unwrap()
    })
}

fn set(element: &mut Element, text: &str) {
    element.inside.clear();
    *element = element.clone().holding(text);
}

fn take(element: &mut Element, name: &str) {
    let is_it = |node: &scrim_report::cybertip::Node| matches!(node, scrim_report::cybertip::Node::Element(child) if child.name == name);
    element.inside.retain(|node| !is_it(node));
}

fn one(path: &str, rule: Rule) -> Vec<(String, Rule)> {
    vec![(path.to_owned(), rule)]
}

#[test]
fn an_element_that_is_not_known_is_found_at_every_depth() {
    let root = Element::new("reports");
    assert_eq!(broken(&root), one("reports", Rule::Unknown));
    let found = after(file, |root| root.say("fileSize", "1"));
    assert_eq!(found, one("fileDetails/fileSize", Rule::Unknown));
    let found = after(report, |root| {
        child(root, &["personOrUserReported", "ipCaptureEvent"]).say("country", "x");
    });
    let path = "report/personOrUserReported/ipCaptureEvent/country";
    assert_eq!(found, one(path, Rule::Unknown));
}

#[test]
fn elements_stand_in_the_order_of_the_schema() {
    let found = after(file, |root| root.say("publiclyAvailable", "true"));
    assert_eq!(
        found,
        one("fileDetails/publiclyAvailable", Rule::OutOfOrder)
    );
    // The order that a published program once got wrong: the address is the first thing of its event.
    let found = after(report, |root| {
        let event = child(root, &["personOrUserReported", "ipCaptureEvent"]);
        event.inside.reverse();
    });
    let path = "report/personOrUserReported/ipCaptureEvent/ipAddress";
    assert_eq!(found, one(path, Rule::OutOfOrder));
}

#[test]
fn what_may_stand_once_stands_once() {
    let found = after(file, |root| root.say("additionalInfo", "more"));
    assert_eq!(found, one("fileDetails/additionalInfo", Rule::Twice));
}

#[test]
fn what_must_be_there_is_missed_alone() {
    let found = after(file, |root| take(root, "fileId"));
    assert_eq!(found, one("fileDetails/fileId", Rule::Missing));
    let found = after(report, |root| {
        take(child(root, &["incidentSummary"]), "incidentDateTime");
    });
    let path = "report/incidentSummary/incidentDateTime";
    assert_eq!(found, one(path, Rule::Missing));
}

#[test]
fn values_are_those_that_are_published() {
    for (name, text, rule) in [
        ("exifViewedByEsp", "yes", Rule::NotTruth),
        ("fileRelevance", "Supplemental", Rule::NotListed),
        ("industryClassification", "C1", Rule::NotListed),
    ] {
        let found = after(file, |root| set(child(root, &[name]), text));
        assert_eq!(found, one(&format!("fileDetails/{name}"), rule));
    }
    let found = after(report, |root| {
        set(child(root, &["incidentSummary", "incidentType"]), "Other");
    });
    let path = "report/incidentSummary/incidentType";
    assert_eq!(found, one(path, Rule::NotListed));
    let found = after(report, |root| {
        let time = child(root, &["incidentSummary", "incidentDateTime"]);
        set(time, "2026-02-03");
    });
    let path = "report/incidentSummary/incidentDateTime";
    assert_eq!(found, one(path, Rule::NotATime));
}

#[test]
fn texts_are_as_long_as_they_may_be() {
    let long = "x".repeat(2_057);
    let found = after(file, |root| set(child(root, &["originalFileName"]), &long));
    let path = "fileDetails/originalFileName";
    assert_eq!(found, one(path, Rule::TooLong(2_056)));
    assert_eq!(
        after(file, |root| set(
            child(root, &["originalFileName"]),
            &long[1..]
        )),
        []
    );
}

#[test]
fn a_hash_says_its_kind_and_an_annotation_nothing() {
    let found = after(file, |root| {
        child(root, &["originalFileHash"]).attributes.clear();
    });
    assert_eq!(found, one("fileDetails/originalFileHash", Rule::NotAHash));
    let found = after(file, |root| {
        child(root, &["originalFileHash"]).inside.clear();
    });
    assert_eq!(found, one("fileDetails/originalFileHash", Rule::NotAHash));
    let found = after(file, |root| {
        set(child(root, &["fileAnnotations", "viral"]), "true");
    });
    assert_eq!(
        found,
        one("fileDetails/fileAnnotations/viral", Rule::NotEmpty)
    );
}

#[test]
fn whoever_viewed_the_exif_viewed_the_file() {
    let found = after(file, |root| set(child(root, &["fileViewedByEsp"]), "false"));
    assert_eq!(
        found,
        one("fileDetails/fileViewedByEsp", Rule::ExifWithoutFile)
    );
    let found = after(file, |root| take(root, "fileViewedByEsp"));
    assert_eq!(
        found,
        one("fileDetails/fileViewedByEsp", Rule::ExifWithoutFile)
    );
}

#[test]
fn a_supplement_is_not_classified() {
    let found = after(file, |root| {
        set(child(root, &["fileRelevance"]), "Supplemental Reported");
    });
    assert_eq!(
        found,
        [
            (
                "fileDetails/fileAnnotations".to_owned(),
                Rule::ClassifiedSupplement
            ),
            (
                "fileDetails/industryClassification".to_owned(),
                Rule::ClassifiedSupplement
            ),
        ]
    );
}

/// The orders as they were compared with the sources, so that a slip in the data is seen.
#[test]
fn the_order_is_the_one_that_was_compared() {
    let names =
        |shape: &Shape| -> Vec<&str> { shape.children.iter().map(|child| child.name).collect() };
    assert_eq!(
        names(&FILE_DETAILS).join(" "),
        "reportId fileId fileName originalFileName uploadedToEspTimestamp locationOfFile \
         fileViewedByEsp exifViewedByEsp publiclyAvailable fileRelevance fileAnnotations \
         industryClassification originalFileHash ipCaptureEvent deviceId details additionalInfo"
    );
    assert_eq!(
        names(&REPORT).join(" "),
        "batchedReport incidentSummary internetDetails lawEnforcement reporter \
         personOrUserReported intendedRecipient victim additionalInfo"
    );
    fn twice(children: &[Child]) -> bool {
        let mut names: Vec<&str> = children.iter().map(|child| child.name).collect();
        names.sort_unstable();
        let own = names.windows(2).any(|two| two[0] == two[1]);
        own || children.iter().any(|child| match child.is {
            Is::Group(shape) => twice(shape.children),
            _ => false,
        })
    }
    assert!(DOCUMENTS.iter().all(|(_, shape)| !twice(shape.children)));
}
