//! What `cargo metadata` says, reduced to names and linked edges.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

/// One package of the resolved graph.
#[derive(Debug, Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) is_member: bool,
    pub(crate) is_test: bool,
    /// Ids of packages that are linked into this one.
    pub(crate) links: BTreeSet<String>,
    /// Ids of packages that its build script uses.
    pub(crate) builds_with: BTreeSet<String>,
}

/// All packages by id.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) packages: BTreeMap<String, Package>,
}

impl Graph {
    /// Reads the answer of `cargo metadata --format-version 1`.
    ///
    /// # Errors
    /// A sentence that names the field which is missing or has another shape.
    pub(crate) fn read(answer: &Value) -> Result<Self, String> {
        let root = text(answer, "workspace_root")?;
        let tests_folder = format!("{root}/tests/");
        let members: BTreeSet<&str> = list(answer, "workspace_members")?
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let mut graph = Self::default();
        for package in list(answer, "packages")? {
            let id = text(package, "id")?;
            graph.packages.insert(
                id.to_owned(),
                Package {
                    name: text(package, "name")?.to_owned(),
                    is_member: members.contains(id),
                    is_test: text(package, "manifest_path")?.starts_with(&tests_folder),
                    ..Package::default()
                },
            );
        }
        let resolve = answer
            .get("resolve")
            .ok_or("cargo metadata has no `resolve`")?;
        for node in list(resolve, "nodes")? {
            let id = text(node, "id")?;
            let package = graph
                .packages
                .get_mut(id)
                .ok_or_else(|| format!("cargo metadata resolves {id} but does not describe it"))?;
            for edge in list(node, "deps")? {
                let to = text(edge, "pkg")?;
                for kind in list(edge, "dep_kinds")? {
                    match kind.get("kind").and_then(Value::as_str) {
                        None => package.links.insert(to.to_owned()),
                        Some("build") => package.builds_with.insert(to.to_owned()),
                        Some(_) => false,
                    };
                }
            }
        }
        Ok(graph)
    }

    /// The workspace's own packages.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.values().filter(|package| package.is_member)
    }

    /// Shortest way from `start` to each outside crate that it brings in itself, as names from
    /// `start` on. Other workspace packages are not entered (they answer for themselves), nor are
    /// the crates named in `not_into`.
    pub(crate) fn outside_paths(&self, start: &Package, not_into: &[&str]) -> Vec<Vec<String>> {
        let mut seen = BTreeSet::new();
        let mut paths = Vec::new();
        let mut waiting = VecDeque::from([(start, vec![start.name.clone()])]);
        while let Some((package, path)) = waiting.pop_front() {
            for id in &package.links {
                let Some(next) = self.packages.get(id) else {
                    continue;
                };
                if next.is_member || !seen.insert(id) {
                    continue;
                }
                let mut longer = path.clone();
                longer.push(next.name.clone());
                paths.push(longer.clone());
                if !not_into.contains(&next.name.as_str()) {
                    waiting.push_back((next, longer));
                }
            }
        }
        paths
    }
}

fn text<'a>(value: &'a Value, field: &str) -> Result<&'a str, String> {
    value
        .get(field)
        .and_then(Value::as_str)
        .ok_or_else(|| format!("cargo metadata has no text `{field}`"))
}

fn list<'a>(value: &'a Value, field: &str) -> Result<&'a [Value], String> {
    value
        .get(field)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .ok_or_else(|| format!("cargo metadata has no list `{field}`"))
}
