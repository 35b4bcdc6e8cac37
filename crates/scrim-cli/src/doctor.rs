//! `scrim doctor`: looks at everything a desk needs, changes nothing, and says it plainly.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use scrim_media::{Pool, PoolSettings, Posture, Rejection, Waived};
use scrim_runtime::{Managed, Profile, SignIn, sibling};
use scrim_store::StoreError;

use crate::Found;
use crate::cli;
use crate::doctor_network;
use crate::doctor_report::Report;
use crate::doctor_safety;
use crate::error::CliError;
use crate::hash_list;
use crate::others::{Profiles, beside, is_set, records_of};

pub(crate) fn run(profiles: &Profiles, options: &cli::Doctor) -> Result<Found, CliError> {
    let (mut report, managed) = (Report::new(), Managed::of_this_computer());
    doctor_network::managed(&mut report, &managed);
    if let Some((profile, sign_in)) = sign_in(&mut report, profiles) {
        report.said("encryption", doctor_safety::key_place(&profile, &sign_in));
        doctor_network::key_rule(&mut report, &profile, &sign_in, &managed);
        doctor_network::server(&mut report, &profile, &sign_in, &managed);
        records(&mut report, &profile, &sign_in, &managed);
        hash_list::look(&mut report, &profile);
    }
    programs(&mut report);
    worker(&mut report, managed.waived());
    window(&mut report);
    desktop(&mut report);
    report.said("swap", Ok(doctor_safety::swap()));
    report.tell(options.json)?;
    Ok(if report.is_ok() {
        Found::AllWell
    } else {
        Found::SomethingBad
    })
}

fn sign_in(report: &mut Report, profiles: &Profiles) -> Option<(Profile, SignIn)> {
    let profile = match profiles.existing() {
        Ok(profile) => profile,
        Err(error) => {
            report.broken("profile", error.to_string());
            return None;
        }
    };
    let shown = profile.folder().display();
    match others_may(profile.folder()) {
        Ok(false) => report.good("profile", format!("Profile folder: {shown}")),
        Ok(true) => report.note(
            "profile",
            format!(
                "Profile folder: {shown}. Others on this machine may look into it (chmod 700)."
            ),
        ),
        Err(error) => report.broken(
            "profile",
            CliError::io("looking at the folder")(error).to_string(),
        ),
    }
    match profile.sign_in() {
        Ok(Some(sign_in)) => {
            if sign_in.token.is_empty() {
                report.good(
                    "sign_in",
                    "Signed in. The token is sealed under the key of the records.",
                );
            } else {
                token_file(report, profile.folder());
            }
            Some((profile, sign_in))
        }
        Ok(None) => {
            report.note("sign_in", "Not signed in. Use `scrim sign-in URL`.");
            None
        }
        Err(error) => {
            report.broken("sign_in", error.to_string());
            None
        }
    }
}

fn token_file(report: &mut Report, folder: &Path) {
    match others_may(&folder.join("sign-in.json")) {
        Ok(false) => report.good(
            "sign_in",
            "Signed in. The token is kept in a private file, not in a keyring.",
        ),
        Ok(true) => report.broken(
            "sign_in",
            "Signed in, but others on this machine may read the token's file. Sign in again, and have the old token revoked.",
        ),
        Err(error) => {
            let error = CliError::io("looking at the sign-in")(error);
            report.broken("sign_in", error.to_string());
        }
    }
}

/// Whether anyone but the owner has any right.
fn others_may(path: &Path) -> std::io::Result<bool> {
    Ok(std::fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

fn records(report: &mut Report, profile: &Profile, sign_in: &SignIn, managed: &Managed) {
    let counted = records_of(profile, sign_in).and_then(|reader| {
        doctor_network::floor(report, &reader, managed);
        let mut decisions = 0;
        let all = (
            scrim_model::Timestamp(i64::MIN),
            scrim_model::Timestamp(i64::MAX),
        );
        reader.each_decision_between(all.0, all.1, |_| {
            decisions += 1;
            std::ops::ControlFlow::Continue(())
        })?;
        Ok((
            decisions,
            reader.pending_outbox()?.len(),
            reader.conflicts()?.len(),
            reader.reads_beside()?,
        ))
    });
    match counted {
        Ok((decisions, pending, conflicts, reads_beside)) => {
            report.decisions = Some(decisions);
            report.pending = Some(pending);
            let text = format!(
                "Records: they open. {decisions} decisions, {pending} waiting to sync, {conflicts} that did not go through as made."
            );
            match reads_beside {
                true => report.good("records", text),
                false => report.broken(
                    "records",
                    format!("{text} Something beside them that Scrim remembers cannot be read. Every decision is kept. Start Scrim: it begins that anew."),
                ),
            }
        }
        Err(CliError::Store(StoreError::NoStore)) => {
            report.note(
                "records",
                "Records: none yet. They are made when Scrim first starts.",
            );
        }
        Err(error) => report.broken("records", format!("Records: {error}")),
    }
}

fn programs(report: &mut Report) {
    for (id, program) in [
        ("agent", "scrim-agent"),
        ("window", "scrim-window"),
        ("decode", "scrim-decode"),
        ("decode-av", "scrim-decode-av"),
    ] {
        match beside(program) {
            Ok(_) => report.good(id, format!("{program}: it is there.")),
            Err(error) => report.broken(id, error.to_string()),
        }
    }
}

fn worker(report: &mut Report, waived: Waived) {
    // A missing program has been said already.
    let Ok(program) = sibling("scrim-decode") else {
        return;
    };
    let pool = Pool::new(PoolSettings {
        waived,
        ..PoolSettings::new(program)
    });
    let posture = pool.posture();
    report.worker = posture.ok();
    walls(report, "sandbox", "the worker", posture, waived);
    if sibling("scrim-decode-av").is_ok() {
        let posture = pool.moving_posture();
        walls(
            report,
            "sandbox-av",
            "the worker for video and audio",
            posture,
            waived,
        );
    }
}

fn walls(
    report: &mut Report,
    id: &'static str,
    whose: &str,
    posture: Result<Posture, Rejection>,
    waived: Waived,
) {
    let posture = match posture {
        Ok(posture) => posture,
        Err(rejection) => return report.broken(id, CliError::Worker(rejection).to_string()),
    };
    let yes = |is: bool| if is { "yes" } else { "NO" };
    let walls = format!(
        "Sandbox of {whose}: Landlock version {} (0 is none), system-call list {}, limits {}, memory unreadable {}.",
        posture.landlock_abi,
        yes(posture.seccomp),
        yes(posture.rlimits),
        yes(posture.not_dumpable)
    );
    if posture.holds() {
        report.good(id, walls);
    } else if posture.holds_but_for(waived) {
        let text = format!(
            "{walls} The managed file allows workers without Landlock: media are opened behind the other walls, and every record says so."
        );
        report.note(id, text);
    } else {
        let text =
            format!("{walls} Without all of them no media are opened; items can still be decided.");
        report.broken(id, text);
    }
}

/// The window's walls, raised by the window's own program and by no window.
fn window(report: &mut Report) {
    let Ok(program) = sibling("scrim-window") else {
        return;
    };
    let asked = Command::new(program)
        .arg("--walls")
        .stdin(Stdio::null())
        .output();
    let walls = match asked {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).into_owned()
        }
        _ => {
            return report.broken(
                "window_walls",
                "Walls of the window: its program does not run.",
            );
        }
    };
    let walls = walls.trim();
    if walls.contains("OFF") {
        report.broken(
            "window_walls",
            format!("Walls of the window: {walls}. The window works without them, and less is held back if it is attacked."),
        );
    } else {
        report.good("window_walls", format!("Walls of the window: {walls}."));
    }
}

fn desktop(report: &mut Report) {
    if is_set("WAYLAND_DISPLAY") {
        report.good("display", "Display: Wayland.");
    } else if is_set("DISPLAY") {
        report.note(
            "display",
            "Display: X11. Other programs on the same display can see the window and read keys.",
        );
    } else {
        report.note(
            "display",
            "Display: none here, so the window cannot open from this terminal.",
        );
    }
    if is_set("DBUS_SESSION_BUS_ADDRESS") {
        report.good("session_bus", "Session bus: there.");
    } else {
        report.note(
            "session_bus",
            "Session bus: none. There is no tray, no notification and no screen reader.",
        );
    }
}
