#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::check;
use crate::graph::Graph;
use crate::names_of_tree;
use crate::rules::{ABSENCES, Absent, HOMES, Home, MAY_LINK};

/// `(name, folder, [(dependency, kind)])`; a folder makes it a workspace package.
type Row<'a> = (&'a str, Option<&'a str>, &'a [(&'a str, Option<&'a str>)]);

fn metadata(rows: &[Row<'_>]) -> Value {
    let packages: Vec<Value> = rows
        .iter()
        .map(|(name, folder, _)| {
            let place = folder.map_or_else(|| "/registry/x".to_owned(), |f| format!("/tree/{f}"));
            json!({ "id": name, "name": name, "manifest_path": format!("{place}/Cargo.toml") })
        })
        .collect();
    let nodes: Vec<Value> = rows
        .iter()
        .map(|(name, _, deps)| {
            let deps: Vec<Value> = deps
                .iter()
                .map(|(to, kind)| json!({ "pkg": to, "dep_kinds": [{ "kind": kind }] }))
                .collect();
            json!({ "id": name, "deps": deps })
        })
        .collect();
    let members: Vec<&str> = rows
        .iter()
        .filter(|row| row.1.is_some())
        .map(|row| row.0)
        .collect();
    json!({
        "workspace_root": "/tree",
        "workspace_members": members,
        "packages": packages,
        "resolve": { "nodes": nodes },
    })
}

fn graph(rows: &[Row<'_>]) -> Graph {
    Graph::read(&metadata(rows)).unwrap()
}

#[test]
fn an_edge_against_the_direction_is_named() {
    let graph = graph(&[
        ("scrim-model", Some("crates/scrim-model"), &[]),
        (
            "scrim-desk",
            Some("crates/scrim-desk"),
            &[("scrim-model", None), ("scrim-store", None)],
        ),
        ("scrim-store", Some("crates/scrim-store"), &[]),
    ]);
    let (edge_count, breaches) = check::edges(&graph, MAY_LINK);
    assert_eq!(edge_count, 2);
    assert_eq!(
        breaches,
        ["`scrim-desk` depends on `scrim-store`, but may know only `scrim-model`, `scrim-wire`."]
    );
}

#[test]
fn a_build_script_is_no_way_round_and_a_test_is() {
    let graph = graph(&[
        ("scrim-store", Some("crates/scrim-store"), &[]),
        (
            "scrim-desk",
            Some("crates/scrim-desk"),
            &[("scrim-store", Some("build"))],
        ),
        (
            "scrim-media",
            Some("crates/scrim-media"),
            &[("scrim-store", Some("dev"))],
        ),
    ]);
    let (edge_count, breaches) = check::edges(&graph, MAY_LINK);
    assert_eq!(edge_count, 1);
    assert_eq!(breaches.len(), 1);
    assert!(breaches[0].starts_with("`scrim-desk` depends on `scrim-store`"));
}

#[test]
fn an_unknown_package_is_a_breach_unless_it_is_a_test() {
    let graph = graph(&[
        ("scrim-store", Some("crates/scrim-store"), &[]),
        (
            "scrim-new",
            Some("crates/scrim-new"),
            &[("scrim-store", None)],
        ),
        ("scrim-bench", Some("tests/bench"), &[("scrim-store", None)]),
    ]);
    let (_, breaches) = check::edges(&graph, MAY_LINK);
    assert_eq!(breaches.len(), 1);
    assert!(breaches[0].starts_with("`scrim-new` is in no layer"));
}

const PICTURES: &[Home] = &[Home {
    crates: &["image"],
    owners: &["scrim-decode"],
    tests_too: true,
    through: &[("scrim-window", "eframe")],
    because: "media is hostile",
}];

#[test]
fn a_crate_away_from_home_is_named_with_its_path() {
    let graph = graph(&[
        ("image", None, &[]),
        ("innocent", None, &[("image", None)]),
        (
            "scrim-media",
            Some("crates/scrim-media"),
            &[("innocent", None)],
        ),
        (
            "scrim-decode",
            Some("crates/scrim-decode"),
            &[("image", None)],
        ),
        ("scrim-smoke", Some("tests/smoke"), &[("image", None)]),
        (
            "scrim-runtime",
            Some("crates/scrim-runtime"),
            &[("scrim-decode", None), ("image", Some("dev"))],
        ),
    ]);
    assert_eq!(
        check::homes(&graph, PICTURES),
        [
            "`scrim-media` brings in `image` (scrim-media → innocent → image), which belongs to \
             `scrim-decode`, because media is hostile."
        ]
    );
}

#[test]
fn an_exception_covers_one_way_in_and_not_another() {
    let through_only = graph(&[
        ("image", None, &[]),
        ("eframe", None, &[("image", None)]),
        ("scrim-window", Some("ui"), &[("eframe", None)]),
    ]);
    assert!(check::homes(&through_only, PICTURES).is_empty());
    let directly_too = graph(&[
        ("image", None, &[]),
        ("eframe", None, &[("image", None)]),
        (
            "scrim-window",
            Some("ui"),
            &[("eframe", None), ("image", None)],
        ),
    ]);
    assert_eq!(check::homes(&directly_too, PICTURES).len(), 1);
}

#[test]
fn an_absence_is_read_from_the_tree() {
    let absent = Absent {
        package: "scrim-desk",
        crates: &["tokio", "rand"],
        because: "it is pure",
    };
    let clean = names_of_tree("scrim-desk v0.1.0 (/x)\nserde v1.0.0\ntokio-like v1.0.0\n");
    assert_eq!(check::absence(&absent, &clean), None);
    let breached: BTreeSet<String> = names_of_tree("scrim-desk v0.1.0\ntokio v1.54.0\n");
    assert_eq!(
        check::absence(&absent, &breached).unwrap(),
        "`scrim-desk` links `tokio`, but must not, because it is pure \
         (see `cargo tree -e normal -p scrim-desk -i tokio`)."
    );
}

#[test]
fn metadata_of_another_shape_is_refused() {
    let error = Graph::read(&json!({ "workspace_root": "/tree" })).unwrap_err();
    assert_eq!(error, "cargo metadata has no list `workspace_members`");
}

#[test]
fn the_rules_name_only_packages_that_have_a_layer() {
    let known: BTreeSet<&str> = MAY_LINK.iter().map(|(name, _)| *name).collect();
    let named = MAY_LINK
        .iter()
        .flat_map(|(_, allowed)| allowed.iter().copied())
        .chain(HOMES.iter().flat_map(|home| home.owners.iter().copied()))
        .chain(ABSENCES.iter().map(|absent| absent.package));
    for name in named {
        assert!(known.contains(name), "{name} has no layer");
    }
}

#[test]
fn the_allowed_edges_have_no_circle() {
    let mut placed: BTreeSet<&str> = BTreeSet::new();
    while placed.len() < MAY_LINK.len() {
        let before = placed.len();
        for (name, allowed) in MAY_LINK {
            if allowed.iter().all(|used| placed.contains(used)) {
                placed.insert(name);
            }
        }
        assert!(placed.len() > before, "the rules go round in a circle");
    }
}
