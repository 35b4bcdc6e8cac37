//! The managed file: a floor that whoever looks after this computer sets.
//!
//! It counts only if its owner is trusted and nobody else can write it. One that is there and does
//! not count, or cannot be read in full, never means "no floor": the heart is told so.

use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use scrim_model::settings::{Floor, ManagedFound, Settings};
use scrim_model::text::cut_chars;

use crate::limits::{MANAGED_BYTES_MAX, MANAGED_SAID_CHARS_MAX};

/// Where it lies.
#[cfg(target_os = "macos")]
pub(crate) const FILE: &str = "/Library/Application Support/Scrim/managed.toml";
/// Where it lies.
#[cfg(not(target_os = "macos"))]
pub(crate) const FILE: &str = "/etc/scrim/managed.toml";
/// Whose it must be.
pub(crate) const ROOT: u32 = 0;

/// Reads the managed file at `path`, which must belong to the user `owner`.
pub(crate) fn read(path: &Path, owner: u32) -> ManagedFound {
    match text_of(path, owner) {
        Ok(None) => ManagedFound::Absent,
        Ok(Some(text)) => floor_of(&text),
        Err(why) => unusable(why),
    }
}

fn unusable(why: impl Into<String>) -> ManagedFound {
    ManagedFound::Unusable {
        floor: Floor::default(),
        why: cut_chars(&why.into(), MANAGED_SAID_CHARS_MAX),
    }
}

/// The file's text; `None` if there is no file.
fn text_of(path: &Path, owner: u32) -> Result<Option<String>, String> {
    let opened = std::fs::OpenOptions::new()
        .read(true)
        // A link may lead to somebody else's file, and a pipe would wait.
        .custom_flags((rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits() as i32)
        .open(path);
    let mut file = match opened {
        Ok(file) => file,
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(format!("it cannot be opened ({})", fault.kind())),
    };
    let facts = file.metadata().map_err(|fault| fault.kind().to_string())?;
    if !facts.is_file() {
        return Err("it is not a plain file".into());
    }
    if facts.uid() != owner || facts.mode() & 0o022 != 0 {
        return Err("it must belong to the administrator and nobody else may write it".into());
    }
    let mut bytes = Vec::new();
    (&mut file)
        .take(MANAGED_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .map_err(|fault| format!("it cannot be read ({})", fault.kind()))?;
    if bytes.len() as u64 > MANAGED_BYTES_MAX {
        return Err(format!("it is larger than {MANAGED_BYTES_MAX} bytes"));
    }
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|_| "it is not UTF-8 text".into())
}

/// The table `protection`. Other tables belong to other parts of Scrim.
fn floor_of(text: &str) -> ManagedFound {
    let Ok(document) = toml::from_str::<serde_json::Map<String, serde_json::Value>>(text) else {
        return unusable("it is not TOML, or holds dates, which no setting has");
    };
    let table = match document.get("protection") {
        None => return ManagedFound::Read(Floor::default()),
        Some(serde_json::Value::Object(table)) => table,
        Some(_) => return unusable("[protection] must be a table"),
    };
    let (floor, refused) = Settings::read(table);
    if refused.is_empty() {
        return ManagedFound::Read(floor);
    }
    let said: Vec<String> = refused.iter().map(ToString::to_string).collect();
    ManagedFound::Unusable {
        floor,
        why: cut_chars(&said.join("; "), MANAGED_SAID_CHARS_MAX),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use std::os::unix::fs::PermissionsExt;

    use scrim_model::settings::{Key, Value};

    use super::*;

    struct File(tempfile::TempDir);

    impl File {
        fn of(text: &[u8]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("managed.toml"), text).unwrap();
            let file = Self(folder);
            file.mode(0o644);
            file
        }

        fn mode(&self, mode: u32) {
            let rights = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(self.0.path().join("managed.toml"), rights).unwrap();
        }

        fn owner(&self) -> u32 {
            std::fs::metadata(self.0.path()).unwrap().uid()
        }

        fn read(&self) -> ManagedFound {
            read(&self.0.path().join("managed.toml"), self.owner())
        }

        fn why(&self) -> String {
            match self.read() {
                ManagedFound::Unusable { why, .. } => why,
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn dotted_and_nested_keys_make_a_floor_and_other_tables_are_left_alone() {
        let file = File::of(
            b"version = 1\n[origins]\nqueue = \"https://q\"\n[protection]\n\"cap.clear_min_day\" = 20\n\
              break.after_min = 40\n\"class.opt_out\" = [\"a\"]\n",
        );
        let ManagedFound::Read(floor) = file.read() else {
            panic!("{:?}", file.read());
        };
        assert_eq!(floor.get(Key::CapClear), Some(&Value::Number(20)));
        assert_eq!(floor.get(Key::BreakAfter), Some(&Value::Number(40)));
        assert_eq!(floor.keys().count(), 3);
        assert_eq!(
            read(Path::new("/nowhere/managed.toml"), 0),
            ManagedFound::Absent
        );
    }

    #[test]
    fn the_example_in_the_packages_can_be_used_as_it_is() {
        let example = include_bytes!("../../../packaging/managed/managed.toml.example");
        let found = File::of(example).read();
        assert!(
            matches!(&found, ManagedFound::Read(floor) if floor.keys().count() > 5),
            "{found:?}"
        );
    }

    #[test]
    fn what_cannot_be_used_is_said_and_the_rest_is_handed_on() {
        let file =
            File::of(b"[protection]\ncap.clear_min_day = 0\nbreak.after_min = 40\nno.key = 1\n");
        let ManagedFound::Unusable { floor, why } = file.read() else {
            panic!("{:?}", file.read());
        };
        assert_eq!(floor.get(Key::BreakAfter), Some(&Value::Number(40)));
        assert!(
            why.contains("cap.clear_min_day must be a whole number from 1 to 240"),
            "{why}"
        );
        assert!(why.contains("no.key"), "{why}");
        for (text, said) in [
            (&b"[protection"[..], "not TOML"),
            (b"\xff\xfe", "not UTF-8"),
            (b"protection = 3", "must be a table"),
            (&vec![b'#'; 70_000], "larger than"),
        ] {
            assert!(
                File::of(text).why().contains(said),
                "{}",
                File::of(text).why()
            );
        }
    }

    #[test]
    fn a_file_that_others_can_write_or_that_is_somebody_elses_does_not_count() {
        let file = File::of(b"[protection]\n");
        for mode in [0o664, 0o646, 0o666] {
            file.mode(mode);
            assert!(file.why().contains("nobody else may write it"));
        }
        file.mode(0o644);
        let path = file.0.path().join("managed.toml");
        assert!(matches!(
            read(&path, file.owner() + 1),
            ManagedFound::Unusable { .. }
        ));
        let link = file.0.path().join("link.toml");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(matches!(
            read(&link, file.owner()),
            ManagedFound::Unusable { .. }
        ));
        assert!(matches!(
            read(file.0.path(), file.owner()),
            ManagedFound::Unusable { .. }
        ));
    }
}
