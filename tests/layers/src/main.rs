//! Scrim's layer check: fails when a package knows another that the architecture does not allow,
//! or links an outside crate that has its home elsewhere.
//!
//! It reads what cargo says about the workspace and nothing else: no network, no source files. It
//! never repairs anything. `./dev test` calls it. The rules are data, in `rules.rs`.
//!
//! Two of cargo's answers are used. `cargo metadata` gives the edges; there, features are the union
//! of the whole workspace, tests included. `cargo tree` gives what one package links on its own,
//! which is how packages are shipped; absences are checked on that.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a console program: the verdict is its output"
)]

mod check;
#[cfg(test)]
mod claims;
mod graph;
mod rules;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, ExitCode};

use graph::Graph;
use rules::{ABSENCES, HOMES, MAY_LINK};

fn main() -> ExitCode {
    match verdict() {
        Ok((line, breaches)) if breaches.is_empty() => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Ok((_, breaches)) => {
            for breach in &breaches {
                eprintln!("layers: {breach}");
            }
            eprintln!("layers: {} breaches", breaches.len());
            ExitCode::FAILURE
        }
        Err(reason) => {
            eprintln!("layers: could not be checked: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// The line to print when all is well, and the breaches.
fn verdict() -> Result<(String, Vec<String>), String> {
    let platform = host_platform()?;
    let answer = output_of(
        &cargo(),
        &[
            "metadata",
            "--format-version=1",
            "--offline",
            "--filter-platform",
            &platform,
        ],
    )?;
    let answer = serde_json::from_str(&answer)
        .map_err(|error| format!("cargo metadata did not answer in JSON: {error}"))?;
    let graph = Graph::read(&answer)?;

    let (edge_count, mut breaches) = check::edges(&graph, MAY_LINK);
    breaches.extend(check::homes(&graph, HOMES));
    let mut trees: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for absent in ABSENCES {
        let tree = match trees.get(absent.package) {
            Some(tree) => tree,
            None => trees
                .entry(absent.package)
                .or_insert(linked_names(absent.package)?),
        };
        breaches.extend(check::absence(absent, tree));
    }
    let line = format!(
        "layers: {} packages, {edge_count} edges, all allowed",
        graph.members().count()
    );
    Ok((line, breaches))
}

/// Names of everything that `package` links when it is built by itself.
fn linked_names(package: &str) -> Result<BTreeSet<String>, String> {
    let tree = output_of(
        &cargo(),
        &[
            "tree",
            "--offline",
            "--package",
            package,
            "--edges=normal",
            "--prefix=none",
            "--no-dedupe",
            "--format={p}",
        ],
    )?;
    Ok(names_of_tree(&tree))
}

/// First word of each line of `cargo tree --prefix=none --format={p}`.
fn names_of_tree(tree: &str) -> BTreeSet<String> {
    tree.lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

fn host_platform() -> Result<String, String> {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    output_of(&rustc, &["--version", "--verbose"])?
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
        .ok_or_else(|| "rustc does not name its host".to_owned())
}

fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

fn output_of(program: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .map_err(|error| format!("{program} did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "{program} {} failed: {}",
            arguments[0],
            String::from_utf8_lossy(&output.stderr).trim()
        ));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{program} did not answer in UTF-8"))
}
