//! Lists of hashes: imported, told, replaced, removed.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use support::{code, complained, said, scrim};

#[test]
fn a_list_is_imported_told_replaced_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("profile");
    let file = folder.path().join("list.txt");
    let path = file.to_str().unwrap();
    let hash = "a1".repeat(32);
    std::fs::write(
        &file,
        format!("# a comment\nsha256 {hash}\nmd5 {}\n", "b2".repeat(16)),
    )
    .unwrap();
    let done = scrim(
        &profile,
        &["hash-list", "import", path, "--name", "a hotline"],
        "",
    );
    assert_eq!(code(&done), 0, "{}", complained(&done));
    assert!(said(&done).contains("1 SHA-256, 0 SHA-1, 1 MD5, 0 PDQ"));
    let listed = scrim(&profile, &["hash-list", "list"], "");
    assert_eq!(
        said(&listed),
        "a hotline: 1 SHA-256, 0 SHA-1, 1 MD5, 0 PDQ\n"
    );

    std::fs::write(
        &file,
        format!("type,hash\nsha256,{hash}\nsha256,nonsense\n"),
    )
    .unwrap();
    let bad = scrim(
        &profile,
        &["hash-list", "import", path, "--name", "a hotline"],
        "",
    );
    assert_eq!(code(&bad), 65);
    assert!(complained(&bad).contains("Line 3") && !complained(&bad).contains("nonsense"));
    assert_eq!(
        said(&scrim(&profile, &["hash-list", "list"], "")),
        said(&listed),
        "it stays"
    );

    std::fs::write(&file, format!("type,hash\nsha256,{hash}\n")).unwrap();
    let again = scrim(
        &profile,
        &["hash-list", "import", path, "--name", "a hotline"],
        "",
    );
    assert_eq!(code(&again), 0);
    let listed = scrim(&profile, &["hash-list", "list"], "");
    assert_eq!(
        said(&listed),
        "a hotline: 1 SHA-256, 0 SHA-1, 0 MD5, 0 PDQ\n"
    );
    assert!(!said(&listed).contains(&hash));

    assert_eq!(
        code(&scrim(&profile, &["hash-list", "remove", "another"], "")),
        1
    );
    assert_eq!(
        code(&scrim(&profile, &["hash-list", "remove", "a hotline"], "")),
        0
    );
    assert_eq!(
        said(&scrim(&profile, &["hash-list", "list"], "")),
        "No hash list is imported.\n"
    );
}

#[test]
fn a_list_that_was_changed_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("profile");
    let file = folder.path().join("list.txt");
    std::fs::write(&file, format!("sha256 {}\n", "a1".repeat(32))).unwrap();
    let path = file.to_str().unwrap();
    scrim(
        &profile,
        &["hash-list", "import", path, "--name", "one"],
        "",
    );
    let kept = profile.join("hash-lists/1.hashes");
    let mut bytes = std::fs::read(&kept).unwrap();
    bytes[60] ^= 1;
    std::fs::write(&kept, bytes).unwrap();
    let listed = scrim(&profile, &["hash-list", "list"], "");
    assert_eq!(code(&listed), 1);
    assert!(said(&listed).contains("Import it again"));
}
