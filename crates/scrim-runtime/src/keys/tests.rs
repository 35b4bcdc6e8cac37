#![allow(clippy::unwrap_used, reason = "tests")]

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use scrim_model::ModeratorId;

use super::*;

fn sign_in(moderator: &str) -> SignIn {
    SignIn {
        origin: "https://q".into(),
        moderator_id: ModeratorId::new(moderator).unwrap(),
        token: "token-xyzzy".into(),
        connection: Default::default(),
    }
}

fn profile() -> (tempfile::TempDir, Profile) {
    let folder = tempfile::tempdir().unwrap();
    let profile = Profile::open(Some(folder.path())).unwrap();
    (folder, profile)
}

/// The keys of a desk whose key is in a file, whatever session the tests run in.
fn in_a_file(profile: &Profile) -> Keys {
    let keys = Keys::of(profile, &sign_in("m1"));
    let key = fresh().unwrap();
    keys.write(KeyPlace::File, Slot::Now, &key, None).unwrap();
    keys
}

fn secret(words: &str) -> Secret {
    Secret::new(words.to_owned())
}

fn holds(folder: &Path, needle: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, needle);
        }
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(needle.len()).any(|part| part == needle)
    })
}

#[test]
fn a_key_is_made_once_for_each_moderator_and_is_private() {
    let (_folder, profile) = profile();
    let keys = in_a_file(&profile);
    let first = records_key(&profile, &sign_in("m1")).unwrap();
    assert!(first == records_key(&profile, &sign_in("m1")).unwrap());
    assert!(first != records_key(&profile, &sign_in("m2")).unwrap());
    let file = keys.path(KeyPlace::File, Slot::Now);
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
}

#[test]
fn whoever_is_first_makes_the_key_and_all_get_the_same() {
    let (_folder, profile) = profile();
    let keys = Keys::of(&profile, &sign_in("m1"));
    let path = keys.path(KeyPlace::File, Slot::Now);
    file::write(&path, &[1; KEY_BYTES]).unwrap();
    file::write(&path, &[2; KEY_BYTES]).unwrap();
    assert!(keys.get_or_make(None).unwrap() == Key::new([1; KEY_BYTES]));
    assert_eq!(
        std::fs::read_dir(path.parent().unwrap()).unwrap().count(),
        1
    );
}

#[test]
fn a_damaged_key_file_is_said_and_kept() {
    let (_folder, profile) = profile();
    let keys = in_a_file(&profile);
    let file = keys.path(KeyPlace::File, Slot::Now);
    for spoilt in [vec![], vec![7; 31], vec![7; 33], vec![7; 99_999]] {
        std::fs::write(&file, &spoilt).unwrap();
        assert!(matches!(keys.get(None), Err(KeyError::Damaged)));
        assert_eq!(std::fs::read(&file).unwrap(), spoilt);
    }
}

#[test]
fn behind_a_passphrase_neither_key_nor_token_is_on_the_disk() {
    let (folder, profile) = profile();
    let keys = in_a_file(&profile);
    let key = keys.get(None).unwrap().unwrap();
    let typed = secret("three old kites");
    keys.move_to(KeyPlace::Passphrase, None, Some(&typed))
        .unwrap();
    keep_sign_in(&profile, &sign_in("m1"), Some(&typed)).unwrap();
    assert_eq!(keys.place().unwrap(), Some(KeyPlace::Passphrase));
    assert!(!holds(folder.path(), key.bytes()));
    assert!(!holds(folder.path(), b"token-xyzzy"));
    assert!(!holds(folder.path(), b"kites"));
    assert!(matches!(keys.get(None), Err(KeyError::NeedsPassphrase)));
    let wrong = keys.get(Some(&secret("three new kites")));
    assert!(matches!(wrong, Err(KeyError::WrongPassphrase)));
    assert!(keys.get(Some(&typed)).unwrap() == Some(key.clone()));
    let kept = profile.sign_in().unwrap().unwrap();
    assert_eq!(kept.token, "");
    assert_eq!(
        with_token(&profile, &kept, &key).unwrap().token,
        "token-xyzzy"
    );
    profile.forget_sign_in().unwrap();
    assert!(keys.token(&key).unwrap().is_none(), "signed out");

    keys.move_to(KeyPlace::File, Some(&typed), None).unwrap();
    assert_eq!(keys.place().unwrap(), Some(KeyPlace::File));
    assert!(
        keys.get(None).unwrap() == Some(key),
        "the same key all along"
    );
}

#[test]
fn a_wrapped_key_that_was_tampered_with_opens_nothing() {
    let (_folder, profile) = profile();
    let keys = in_a_file(&profile);
    let typed = secret("three old kites");
    keys.move_to(KeyPlace::Passphrase, None, Some(&typed))
        .unwrap();
    let path = keys.path(KeyPlace::Passphrase, Slot::Now);
    let good = String::from_utf8(std::fs::read(&path).unwrap()).unwrap();
    let flipped = good.replacen("\"sealed\":\"", "\"sealed\":\"0", 1);
    let slow = good.replacen("\"kib\":65536", "\"kib\":99999999", 1);
    for bad in [flipped, slow, "{}".to_owned(), String::new()] {
        assert_ne!(bad, good);
        std::fs::write(&path, bad).unwrap();
        assert!(keys.get(Some(&typed)).is_err());
    }
}

#[test]
fn a_rotated_key_opens_the_same_records_and_the_old_one_nothing() {
    let (_folder, profile) = profile();
    for place in [KeyPlace::File, KeyPlace::Passphrase] {
        let keys = in_a_file(&profile);
        let typed = secret("three old kites");
        if place == KeyPlace::Passphrase {
            keys.move_to(place, None, Some(&typed)).unwrap();
        }
        let typed = (place == KeyPlace::Passphrase).then_some(&typed);
        let records = profile.folder().join(format!("{place:?}"));
        let (mut store, _, old) = keys.open(&records, typed, Timestamp(0)).unwrap();
        store.save("mark", &7).unwrap();
        drop(store);
        keys.keep_token(&old, "token-xyzzy").unwrap();
        keys.rotate(&records, typed, Timestamp(0)).unwrap();
        let new = keys.get(typed).unwrap().unwrap();
        assert!(new != old);
        assert!(!keys.path(place, Slot::Next).exists());
        let (store, _, _) = keys.open(&records, typed, Timestamp(0)).unwrap();
        assert_eq!(store.load::<i32>("mark").unwrap(), Some(7));
        drop(store);
        assert!(matches!(
            Store::open(&records, &old, Timestamp(0)),
            Err(StoreError::WrongKey)
        ));
        assert_eq!(keys.token(&new).unwrap().unwrap().expose(), "token-xyzzy");
        file::remove(&keys.path(place, Slot::Now)).unwrap();
    }
}

#[test]
fn cut_off_at_any_step_of_a_rotation_the_records_open() {
    let (_folder, profile) = profile();
    let keys = in_a_file(&profile);
    let records = profile.folder().join("records");
    let (mut store, _, old) = keys.open(&records, None, Timestamp(0)).unwrap();
    let next = fresh().unwrap();
    keys.write(KeyPlace::File, Slot::Next, &next, None).unwrap();
    drop(keys.open_read_only(&records, None).unwrap());
    // The records are under the next key, and the machine dies before it takes its place.
    store.rekey(&next).unwrap();
    drop(store);
    assert!(keys.get(None).unwrap() == Some(old));
    drop(keys.open_read_only(&records, None).unwrap());
    let (store, _, key) = keys.open(&records, None, Timestamp(0)).unwrap();
    assert!(key == next);
    drop(store);
    assert!(
        keys.get(None).unwrap() == Some(next),
        "it has its place now"
    );
}

fn wanting(place: KeyPlace) -> Managed {
    let mut managed = Managed::absent();
    if let Ok(rules) = &mut managed.network {
        rules.key_place = Some(place);
    }
    managed
}

#[test]
fn a_key_that_is_kept_worse_than_managed_opens_nothing_and_can_only_be_moved_to_a_better_place() {
    let (folder, profile) = profile();
    let key = in_a_file(&profile).get(None).unwrap();
    let keys = Keys::under(&profile, &sign_in("m1"), &wanting(KeyPlace::Passphrase));
    let (file, passphrase) = (KeyPlace::File, KeyPlace::Passphrase);
    let is_kept_worse = |fault: &KeyError| {
        matches!(fault, KeyError::KeptWorse { found, wanted }
            if (*found, *wanted) == (file, passphrase))
    };
    assert!(is_kept_worse(&keys.get(None).unwrap_err()));
    assert!(is_kept_worse(&keys.get_or_make(None).unwrap_err()));
    let records = folder.path().join("records");
    let opened = keys.open(&records, None, Timestamp(0)).map(drop);
    assert!(is_kept_worse(&opened.unwrap_err()) && !records.exists());
    let read = keys.open_read_only(&records, None).map(drop);
    assert!(is_kept_worse(&read.unwrap_err()));
    let rotated = keys.rotate(&records, None, Timestamp(0));
    assert!(is_kept_worse(&rotated.unwrap_err()) && !records.exists());
    assert_eq!(keys.must_move().unwrap(), Some(passphrase));
    for worse in [file, KeyPlace::Keyring] {
        let moved = keys.move_to(worse, None, None);
        assert!(matches!(
            moved,
            Err(KeyError::NotThere(KeyPlace::Passphrase))
        ));
        assert_eq!(keys.place().unwrap(), Some(file));
    }
    let said = keys.get(None).unwrap_err().to_string();
    assert!(
        said.contains("behind a passphrase, and it is in a private file"),
        "{said}"
    );
    assert!(said.contains("`scrim key move passphrase`"), "{said}");

    let typed = secret("three old kites");
    keys.move_to(passphrase, None, Some(&typed)).unwrap();
    assert!(keys.get(Some(&typed)).unwrap() == key, "the same key");
    assert_eq!(keys.must_move().unwrap(), None);
    let less = Keys::under(&profile, &sign_in("m1"), &wanting(KeyPlace::Keyring));
    assert!(less.get(Some(&typed)).unwrap() == key, "better is enough");
}

#[test]
fn no_key_is_made_where_the_managed_file_wants_a_better_place() {
    let (_folder, profile) = profile();
    let keys = Keys::under(&profile, &sign_in("m1"), &wanting(KeyPlace::Passphrase));
    let made = keys.get_or_make(None);
    assert!(matches!(made, Err(KeyError::NotMade(KeyPlace::Passphrase))));
    assert_eq!(keys.place().unwrap(), None);
    assert!(!keys.path(KeyPlace::File, Slot::Now).exists());
    let typed = secret("three old kites");
    keys.move_to(KeyPlace::Passphrase, None, Some(&typed))
        .unwrap();
    assert!(keys.get(Some(&typed)).unwrap().is_some());
    assert!(
        !keys.path(KeyPlace::File, Slot::Now).exists(),
        "on no way there"
    );
}

#[test]
fn without_a_managed_file_and_under_one_that_cannot_be_used_there_is_no_rule() {
    let (_folder, profile) = profile();
    in_a_file(&profile);
    let mut broken = Managed::absent();
    broken.network = Err("it is not TOML".into());
    for managed in [Managed::absent(), broken] {
        let keys = Keys::under(&profile, &sign_in("m1"), &managed);
        assert!(keys.get(None).unwrap().is_some());
        assert_eq!(keys.must_move().unwrap(), None);
    }
}

#[test]
fn over_records_whose_key_is_gone_no_new_one_is_made() {
    let (_folder, profile) = profile();
    let keys = in_a_file(&profile);
    let folder = profile.store_folder(&sign_in("m1"));
    drop(keys.open(&folder, None, Timestamp(0)).unwrap());
    let file = keys.path(KeyPlace::File, Slot::Now);
    let kept = std::fs::read(&file).unwrap();
    let database = folder.join(scrim_store::DATABASE_FILE);
    for is_there in [true, false] {
        if !is_there {
            // What says that there was one is left.
            std::fs::remove_file(&database).unwrap();
        }
        std::fs::remove_file(&file).unwrap();
        let gone = |error: Option<KeyError>| matches!(error, Some(KeyError::Gone));
        assert!(gone(keys.open_read_only(&folder, None).err()));
        assert!(gone(keys.open(&folder, None, Timestamp(0)).err()));
        assert!(gone(records_key(&profile, &sign_in("m1")).err()));
        assert!(!file.exists() && keys.place().unwrap().is_none());
        std::fs::write(&file, &kept).unwrap();
        keys.open(&folder, None, Timestamp(0)).unwrap();
    }
}
