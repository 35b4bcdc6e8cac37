//! The managed file: what counts, what is said, what holds.
#![allow(clippy::unwrap_used, reason = "tests")]
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use std::path::PathBuf;

use scrim_model::settings::{Key, Value as Setting};

use super::*;
use crate::keys::KeyPlace;

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

    fn path(&self) -> PathBuf {
        self.0.path().join("managed.toml")
    }

    fn all(&self) -> Managed {
        Managed::read(&self.path(), self.owner())
    }

    fn read(&self) -> ManagedFound {
        self.all().found
    }

    fn why(&self) -> String {
        match self.read() {
            ManagedFound::Unusable { why, .. } => why,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn dotted_and_nested_keys_make_a_floor() {
    let file = File::of(
        b"version = 1\n[origins]\nupdates = \"https://u\"\n[protection]\n\"cap.clear_min_day\" = 20\n\
          break.after_min = 40\n\"class.opt_out\" = [\"a\"]\n",
    );
    let ManagedFound::Read(floor) = file.read() else {
        panic!("{:?}", file.read());
    };
    assert_eq!(floor.get(Key::CapClear), Some(&Setting::Number(20)));
    assert_eq!(floor.get(Key::BreakAfter), Some(&Setting::Number(40)));
    assert_eq!(floor.keys().count(), 3);
    assert_eq!(
        Managed::read(Path::new("/nowhere/managed.toml"), 0),
        Managed::absent()
    );
}

#[test]
fn the_example_in_the_packages_can_be_used_as_it_is() {
    let example = include_bytes!("../../../packaging/managed/managed.toml.example");
    let all = File::of(example).all();
    assert!(all.network.is_ok(), "{all:?}");
    let found = all.found;
    assert!(
        matches!(&found, ManagedFound::Read(floor) if floor.keys().count() > 5),
        "{found:?}"
    );
}

#[test]
fn what_cannot_be_used_is_said_and_the_rest_is_handed_on() {
    let file = File::of(b"[protection]\ncap.clear_min_day = 0\nbreak.after_min = 40\nno.key = 1\n");
    let ManagedFound::Unusable { floor, why } = file.read() else {
        panic!("{:?}", file.read());
    };
    assert_eq!(floor.get(Key::BreakAfter), Some(&Setting::Number(40)));
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
        Managed::read(&path, file.owner() + 1).found,
        ManagedFound::Unusable { .. }
    ));
    let link = file.0.path().join("link.toml");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(matches!(
        Managed::read(&link, file.owner()).found,
        ManagedFound::Unusable { .. }
    ));
    assert!(matches!(
        Managed::read(file.0.path(), file.owner()).found,
        ManagedFound::Unusable { .. }
    ));
}

fn rules(text: &str) -> Result<NetworkRules, String> {
    File::of(text.as_bytes()).all().network
}

#[test]
fn every_rule_of_the_network_is_read() {
    let pin = format!("sha256:{}", "ab".repeat(32));
    let all = rules(&format!(
        "[server]\nurl = \"https://queue.example\"\noidc_issuer = \"https://id.example/realms/d\"\n\
         oidc_client_id = \"desks\"\n[tls]\npins = [\"{pin}\"]\n\
         [proxy]\nurl = \"http://proxy.example:3128\"\n\
         [origins]\nalso = [\"https://login.example\"]\nupdates = \"https://updates.example\"\n\
         media = \"https://media.example\"\n[keys]\nrequire = \"keyring\"\n"
    ))
    .unwrap();
    assert_eq!(all.server.unwrap().as_str(), "https://queue.example");
    assert_eq!(all.issuer.unwrap().as_str(), "https://id.example/realms/d");
    assert_eq!(all.client_id.as_deref(), Some("desks"));
    assert!(all.trust.unwrap().in_words().contains("one of 1 named"));
    assert_eq!(all.proxy.unwrap().as_text(), "http://proxy.example:3128");
    assert_eq!(all.also[0].as_str(), "https://login.example");
    assert!(all.updates.is_some() && all.media.is_some());
    assert_eq!(all.key_place, Some(KeyPlace::Keyring));
}

#[test]
fn a_rule_that_cannot_be_used_is_said_and_then_none_counts_while_the_floor_does() {
    for (text, said) in [
        (
            "[server]\nurl = \"http://queue.example\"",
            "server.url must be https://",
        ),
        (
            "[server]\nport = 3",
            "server.port is no key that Scrim knows",
        ),
        ("[servers]\n", "servers is no table that Scrim knows"),
        ("server = 3", "[server] must be a table"),
        ("version = 2", "version must be 1"),
        ("[tls]\npins = [\"sha256:ab\"]", "tls.pins must be sha256:"),
        (
            "[tls]\nonly_this_ca = true",
            "tls.only_this_ca needs ca_file",
        ),
        (
            "[tls]\nca_file = \"ca.pem\"",
            "tls.ca_file must be a full path",
        ),
        (
            "[tls]\nca_file = \"/nowhere/ca.pem\"",
            "a file that is not there",
        ),
        (
            "[proxy]\nurl = \"socks5://p:1\"",
            "proxy.url must be http://host:port",
        ),
        (
            "[origins]\nalso = \"https://x\"",
            "origins.also must be a short list",
        ),
        ("[keys]\nrequire = \"paper\"", "keys.require must be"),
        (
            "[workers]\nallow_without = [\"landlock\", \"seccomp\"]",
            "workers.allow_without may name \"landlock\" and no other wall",
        ),
        (
            "[workers]\nallow_without = true",
            "workers.allow_without must be a short list",
        ),
    ] {
        let file = File::of(format!("{text}\n[protection]\nbreak.after_min = 40\n").as_bytes());
        let all = file.all();
        assert!(
            all.network.as_ref().is_err_and(|why| why.contains(said)),
            "{all:?}"
        );
        let ManagedFound::Unusable { floor, why } = all.found else {
            panic!("{text}");
        };
        assert!(why.contains(said), "{why}");
        assert_eq!(floor.get(Key::BreakAfter), Some(&Setting::Number(40)));
    }
    // A wrong floor takes no rule away.
    let all = File::of(b"[protection]\nno.key = 1\n[server]\nurl = \"https://q\"\n").all();
    assert!(matches!(all.found, ManagedFound::Unusable { .. }));
    assert!(all.network.unwrap().server.is_some());
}

#[test]
fn a_wall_is_waived_only_by_a_file_that_counts_and_is_read_in_full() {
    let waives = "[workers]\nallow_without = [\"landlock\"]\n";
    let file = File::of(waives.as_bytes());
    assert!(file.all().waived().landlock);
    assert!(
        !Managed::read(&file.path(), file.owner() + 1)
            .waived()
            .landlock
    );
    file.mode(0o664);
    assert!(!file.all().waived().landlock);
    for text in [
        "[workers]\nallow_without = []\n".to_owned(),
        format!("{waives}[protection]\nno.key = 1\n"),
        format!("{waives}[proxy]\nno_key = 1\n"),
        "[workers]\nallow_without = [\"seccomp\"]\n".to_owned(),
        String::new(),
    ] {
        let all = File::of(text.as_bytes()).all();
        assert_eq!(all.waived(), Waived::default(), "{text}");
    }
    assert_eq!(Managed::absent().waived(), Waived::default());
}

#[test]
fn an_authority_that_others_can_write_does_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, CA).unwrap();
    let text = format!(
        "[tls]\nca_file = \"{}\"\nonly_this_ca = true\n",
        ca.display()
    );
    let mode = |mode| {
        std::fs::set_permissions(&ca, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(0o644);
    let trust = rules(&text).unwrap().trust.unwrap();
    assert!(trust.in_words().contains("no other"));
    mode(0o664);
    assert!(
        rules(&text)
            .unwrap_err()
            .contains("nobody else may write it")
    );
    mode(0o644);
    std::fs::write(&ca, "no certificate").unwrap();
    assert!(rules(&text).unwrap_err().contains("PEM"));
    let link = folder.path().join("link.pem");
    std::os::unix::fs::symlink(&ca, &link).unwrap();
    let text = format!("[tls]\nca_file = \"{}\"\n", link.display());
    assert!(rules(&text).is_err());
}

const CA: &str = include_str!("managed_test_ca.pem");
