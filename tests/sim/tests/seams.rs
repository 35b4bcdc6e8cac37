//! What ships stands on threads and the network: nobody there uses a seam.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};

/// What the simulation calls, and the files in which that stands.
const SEAMS: [(&str, &[&str]); 2] = [
    ("start_on(", &["crates/scrim-runtime/src/runtime.rs"]),
    ("::on_road(", &["crates/scrim-queue/src/http.rs"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn nothing_that_ships_uses_a_seam() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap();
    let mut found = Vec::new();
    sources(&root.join("src-tauri/src"), &mut found);
    sources(&root.join("ui/src"), &mut found);
    for entry in std::fs::read_dir(root.join("crates")).unwrap() {
        sources(&entry.unwrap().path().join("src"), &mut found);
    }
    for (seam, homes) in SEAMS {
        let users = found
            .iter()
            .filter(|path| std::fs::read_to_string(path).unwrap().contains(seam));
        let users: Vec<_> = users.map(|path| path.strip_prefix(root).unwrap()).collect();
        let homes: Vec<_> = homes.iter().map(Path::new).collect();
        assert_eq!(users, homes, "{seam}");
    }
}
