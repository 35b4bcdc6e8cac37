//! Workers without Landlock, where the managed file allows them: they open media, every record says so, and no other wall
//! may be missing.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use scrim_media::{Medium, Pool, PoolSettings, Rejection, Waived};
use scrim_model::Kind;
use scrim_model::view::{CoverStep, CoverStyle};
use scrim_samples::{Settings, stills};
use serde_json::json;

use crate::support::{Agent, Computer, Session, World, program, scrim_as};

const WITHOUT_LANDLOCK: &str = env!("CARGO_BIN_EXE_without-landlock");
const WAIVED: Waived = Waived { landlock: true };
const ALLOWS: &str = "[workers]\nallow_without = [\"landlock\"]\n";

/// `scrim-decode` and `scrim-decode-av` where walls cannot be raised: Landlock, and those that are named.
struct Kernel(tempfile::TempDir);

impl Kernel {
    fn without(walls: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let nor: String = walls.iter().map(|wall| format!("--nor {wall} ")).collect();
        for name in ["scrim-decode", "scrim-decode-av"] {
            let worker = program(name, name);
            let script = format!(
                "#!/bin/sh\nexec '{WITHOUT_LANDLOCK}' {nor}'{}'\n",
                worker.display()
            );
            let path = folder.path().join(name);
            std::fs::write(&path, script).unwrap();
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
        }
        Self(folder)
    }

    fn worker(&self) -> PathBuf {
        self.0.path().join("scrim-decode")
    }
}

fn pool(worker: PathBuf, waived: Waived) -> Pool {
    Pool::new(PoolSettings {
        waived,
        ..PoolSettings::new(worker)
    })
}

/// Why there is no cover, if there is none, and whether the medium says that a wall was missing.
fn covered(pool: &Pool, bytes: Vec<u8>) -> (Result<(), Rejection>, bool) {
    let medium = Medium::take(bytes).unwrap();
    let made = pool.cover(&medium, CoverStep::Normal, CoverStyle::default());
    (made.map(drop), medium.take_without_landlock())
}

#[test]
fn without_landlock_media_are_opened_where_that_is_allowed_and_say_so() {
    let kernel = Kernel::without(&[]);
    let strict = pool(kernel.worker(), Waived::default());
    let bytes = || stills::png(40, 30);
    assert_eq!(
        covered(&strict, bytes()),
        (Err(Rejection::NoSandbox), false)
    );
    let lenient = pool(kernel.worker(), WAIVED);
    assert_eq!(covered(&lenient, bytes()), (Ok(()), true));
    // Also one that is found to be damaged, and one that brings its worker down.
    assert!(covered(&lenient, b"neither picture nor film".to_vec()).1);
    assert_eq!(
        covered(&lenient, too_large_for_a_worker()),
        (Err(Rejection::MemoryExceeded), true)
    );
    let medium = Medium::take(bytes()).unwrap();
    lenient.hashes(&medium).unwrap();
    assert!(medium.take_without_landlock());
    lenient.fit(&medium, 40, 30).unwrap();
    assert!(medium.take_without_landlock());
    assert!(!medium.take_without_landlock(), "it was said");
    for posture in [lenient.posture(), lenient.moving_posture()] {
        let posture = posture.unwrap();
        assert!(!posture.holds() && posture.holds_but_for(WAIVED));
    }
    // What the kernel has is used, whatever is allowed.
    let whole = pool(program("scrim-decode", "scrim-decode"), WAIVED);
    assert_eq!(covered(&whole, bytes()), (Ok(()), false));
    assert!(!covered(&whole, too_large_for_a_worker()).1);
}

#[test]
fn no_other_wall_may_be_missing_whatever_is_allowed() {
    for wall in ["limits", "system-call-list", "unreadable-memory"] {
        let kernel = Kernel::without(&[wall]);
        let pool = pool(kernel.worker(), WAIVED);
        let posture = pool.posture();
        assert!(!posture.unwrap().holds_but_for(WAIVED), "{wall}");
        assert_eq!(
            covered(&pool, stills::png(40, 30)),
            (Err(Rejection::NoSandbox), false),
            "{wall}"
        );
    }
}

/// 16-bit colour: the header is within the limits, the pixels are not within the memory of a worker.
fn too_large_for_a_worker() -> Vec<u8> {
    let mut bytes = stills::png_claiming(15_000, 17_000, &[0; 9]);
    bytes[24] = 16;
    let sum = stills::crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

fn pictures() -> World {
    World::new(|folder| {
        let settings = Settings {
            count: 3,
            side_max: Some(48),
            with_broken: false,
            kinds: vec![Kind::Image],
            ..Default::default()
        };
        scrim_samples::write_folder(&settings, folder).unwrap();
    })
}

/// The lines of the doctor's report on both workers, where the whole console runs without Landlock.
fn sandboxes(computer: &Computer, world: &World) -> Vec<String> {
    let mut command = computer.command(Path::new(WITHOUT_LANDLOCK));
    command.arg(program("scrim", "scrim-cli"));
    let output = scrim_as(command, world, &["doctor"], "", None);
    let report = String::from_utf8(output.stdout).unwrap();
    let lines = report.lines().filter(|line| line.contains("Sandbox of"));
    let lines: Vec<String> = lines.map(str::to_owned).collect();
    assert_eq!(lines.len(), 2, "{report}");
    lines
}

#[test]
fn where_the_managed_file_allows_it_pictures_come_and_window_record_and_doctor_say_how() {
    let world = pictures();
    let mut session = Session::open();
    let computer = Computer::managed(ALLOWS);
    let own = session.command("unshare".as_ref());
    let mut command = computer.wrapped(own, Path::new(WITHOUT_LANDLOCK));
    command.arg(program("scrim-agent", "scrim-agent"));
    let mut agent = Agent::spawn(&world, &mut command);
    agent.window_after(&mut session, 0);
    session.until("medium.0", "covered image");
    session.until("item.walls", "weaker walls");
    let item: Vec<String> = session.hands("item", json!([]));
    session.press("decide.allow");
    session.hands::<Vec<String>>("next_item", json!([item]));
    session.until("status.sync", "all synced");
    agent.stop(&mut session);
    let recorded = world.recorded();
    let media: Vec<_> = recorded
        .iter()
        .flat_map(|row| &row.decision.media)
        .collect();
    assert!(!media.is_empty() && media.iter().all(|medium| medium.without_landlock));
    let says = sandboxes(&computer, &world);
    let allowed = |line: &String| line.starts_with("note") && line.contains("every record says so");
    assert!(says.iter().all(allowed), "{says:?}");
    world.all_hold_the_same(1);
}

#[test]
fn a_managed_file_that_others_can_write_allows_nothing() {
    let (world, computer) = (pictures(), Computer::managed(ALLOWS));
    computer.lets_others_write();
    let says = sandboxes(&computer, &world);
    let refused =
        |line: &String| line.starts_with("broken") && line.contains("no media are opened");
    assert!(says.iter().all(refused), "{says:?}");
}
