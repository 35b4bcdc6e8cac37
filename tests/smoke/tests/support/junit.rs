//! Whether a report is JUnit XML: the structure of the schema that Jenkins' xUnit plug-in publishes
//! (junit-10.xsd), as far as Scrim writes it, and what CI systems add to it: figures that are right.

use roxmltree::{Document, Node};

/// Element, attributes that it must have, those that it may have, children that it may have.
type Rule = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

const RULES: &[Rule] = &[
    (
        "testsuites",
        &[],
        &["name", "time", "tests", "failures", "errors"],
        &["testsuite"],
    ),
    (
        "testsuite",
        &["name", "tests", "failures", "errors", "time"],
        &[
            "group",
            "skipped",
            "timestamp",
            "hostname",
            "id",
            "package",
            "file",
            "log",
            "url",
            "version",
        ],
        &[
            "testsuite",
            "properties",
            "testcase",
            "system-out",
            "system-err",
        ],
    ),
    (
        "testcase",
        &["name", "classname", "time"],
        &["assertions", "status", "class", "file", "line", "group"],
        &["skipped", "error", "failure", "system-out", "system-err"],
    ),
    ("failure", &["type", "message"], &[], &[]),
    ("system-out", &[], &[], &[]),
];

/// The cases of the report.
///
/// # Panics
/// The report is no such document, or its counts or times are not those of its cases.
#[track_caller]
pub(crate) fn cases(xml: &str) -> Vec<Case> {
    let document = Document::parse(xml).expect("well-formed XML");
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    for node in document.descendants().filter(Node::is_element) {
        check(node);
    }
    let suites: Vec<Node<'_, '_>> = root.children().filter(Node::is_element).collect();
    for suite in suites.iter().chain([&root]) {
        counts(*suite);
    }
    let cases = document
        .descendants()
        .filter(|n| n.has_tag_name("testcase"));
    cases.map(Case::of).collect()
}

/// One case.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) class: String,
    pub(crate) name: String,
    pub(crate) failure: Option<String>,
    /// Ids of the actions that were carried out.
    pub(crate) actions: Vec<String>,
}

impl Case {
    fn of(node: Node<'_, '_>) -> Self {
        let text = |name: &str| {
            let found = node.children().find(|child| child.has_tag_name(name));
            found.map(|child| child.text().unwrap_or_default().to_owned())
        };
        let attribute = |name: &str| node.attribute(name).unwrap_or_default().to_owned();
        let output = text("system-out").unwrap_or_default();
        let actions = output.strip_prefix("actions: ").unwrap_or_default();
        Self {
            class: attribute("classname"),
            name: attribute("name"),
            failure: text("failure"),
            actions: actions.split_whitespace().map(str::to_owned).collect(),
        }
    }
}

#[track_caller]
fn check(node: Node<'_, '_>) {
    let name = node.tag_name().name();
    let rule = RULES.iter().find(|rule| rule.0 == name);
    let (_, must, may, children) = rule.unwrap_or_else(|| panic!("<{name}> is not JUnit's"));
    for attribute in *must {
        assert!(
            node.has_attribute(*attribute),
            "<{name}> has no {attribute}"
        );
    }
    for attribute in node.attributes() {
        let attribute = attribute.name();
        let known = must.contains(&attribute) || may.contains(&attribute);
        assert!(known, "<{name}> cannot have {attribute}");
    }
    for child in node.children() {
        if child.is_element() {
            let child = child.tag_name().name();
            assert!(children.contains(&child), "<{name}> cannot hold <{child}>");
        } else if !children.is_empty() {
            let text = child.text().unwrap_or_default();
            assert!(text.trim().is_empty(), "<{name}> cannot hold {text:?}");
        }
    }
}

fn number(node: Node<'_, '_>, name: &str) -> f64 {
    let text = node.attribute(name).unwrap_or_default();
    let number: f64 = text
        .parse()
        .unwrap_or_else(|_| panic!("{name} is {text:?}"));
    assert!(number.is_finite() && number >= 0.0, "{name} is {number}");
    number
}

#[track_caller]
fn counts(suite: Node<'_, '_>) {
    let all = || suite.descendants().filter(|n| n.has_tag_name("testcase"));
    let with = |name: &'static str| {
        let holds = move |case: &Node<'_, '_>| case.children().any(|n| n.has_tag_name(name));
        all().filter(holds).count() as f64
    };
    assert_eq!(number(suite, "tests"), all().count() as f64);
    assert_eq!(number(suite, "failures"), with("failure"));
    assert_eq!(number(suite, "errors"), with("error"));
    let seconds: f64 = all().map(|case| number(case, "time")).sum();
    // Each is rounded to a millisecond.
    let off = (number(suite, "time") - seconds).abs();
    assert!(off <= 0.001 * (1 + all().count()) as f64, "{off} s off");
}
