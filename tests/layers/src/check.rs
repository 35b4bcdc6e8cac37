//! Compares the graph with the rules; each breach is one sentence.

use std::collections::BTreeSet;

use crate::graph::{Graph, Package};
use crate::rules::{Absent, Home};

/// Breaches among the workspace's own packages, and the number of edges that were looked at.
pub(crate) fn edges(graph: &Graph, may_link: &[(&str, &[&str])]) -> (usize, Vec<String>) {
    let mut edge_count = 0;
    let mut breaches = Vec::new();
    for package in graph.members() {
        let allowed = may_link
            .iter()
            .find(|(name, _)| *name == package.name)
            .map(|(_, allowed)| *allowed);
        if allowed.is_none() && !package.is_test {
            breaches.push(format!(
                "`{}` is in no layer: add it to the architecture and to tests/layers/src/rules.rs.",
                package.name
            ));
        }
        let uses: BTreeSet<&String> = package.links.union(&package.builds_with).collect();
        for id in uses {
            let Some(used) = graph.packages.get(id).filter(|used| used.is_member) else {
                continue;
            };
            edge_count += 1;
            if let Some(allowed) = allowed
                && !allowed.contains(&used.name.as_str())
            {
                breaches.push(format!(
                    "`{}` depends on `{}`, but may know only {}.",
                    package.name,
                    used.name,
                    listed(allowed)
                ));
            }
        }
    }
    (edge_count, breaches)
}

/// Breaches by packages that bring in an outside crate which has its home elsewhere.
pub(crate) fn homes(graph: &Graph, homes: &[Home]) -> Vec<String> {
    let mut breaches = Vec::new();
    for home in homes {
        for package in graph.members().filter(|package| !is_owner(package, home)) {
            let through: Vec<&str> = home
                .through
                .iter()
                .filter(|(name, _)| *name == package.name)
                .map(|(_, crate_name)| *crate_name)
                .collect();
            for path in graph.outside_paths(package, &through) {
                let found = path.last().map_or("", String::as_str);
                if home.crates.contains(&found) {
                    breaches.push(format!(
                        "`{}` brings in `{found}` ({}), which belongs to {}, because {}.",
                        package.name,
                        path.join(" → "),
                        listed(home.owners),
                        home.because
                    ));
                }
            }
        }
    }
    breaches
}

/// The breach, if any, of one absence by the names in the package's linked tree.
pub(crate) fn absence(absent: &Absent, tree: &BTreeSet<String>) -> Option<String> {
    let found: Vec<&str> = absent
        .crates
        .iter()
        .copied()
        .filter(|name| tree.contains(*name))
        .collect();
    if found.is_empty() {
        return None;
    }
    Some(format!(
        "`{}` links {}, but must not, because {} (see `cargo tree -e normal -p {} -i {}`).",
        absent.package,
        listed(&found),
        absent.because,
        absent.package,
        found[0]
    ))
}

fn is_owner(package: &Package, home: &Home) -> bool {
    home.owners.contains(&package.name.as_str()) || (home.tests_too && package.is_test)
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() {
        return "nothing".to_owned();
    }
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}
