//! `scrim doctor`: looks at everything a desk needs, changes nothing, and says it plainly.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use scrim_media::{Pool, PoolSettings, Posture};
use scrim_queue::{HttpQueue, Origin, QueueServer};
use scrim_runtime::{Profile, SignIn, sibling};
use scrim_store::StoreError;
use scrim_wire::call::CallFailed;
use serde::Serialize;

use crate::Found;
use crate::cli;
use crate::doctor_safety::{self, Said};
use crate::error::CliError;
use crate::limits::SKEW_MS_MAX;
use crate::others::{Profiles, beside, is_set, records_of, whole};
use crate::sign_in::{environment, roles};
use crate::terminal::say;

/// How one thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Standing {
    /// It works.
    Good,
    /// Worth knowing; nothing is broken.
    Note,
    /// Scrim cannot work as it should.
    Broken,
}

#[derive(Debug, Serialize)]
struct Finding {
    id: &'static str,
    standing: Standing,
    says: String,
}

/// What was found, and the figures that scripts ask for.
#[derive(Debug, Default, Serialize)]
struct Report {
    ok: bool,
    findings: Vec<Finding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skew_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decisions: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    worker: Option<Posture>,
}

impl Report {
    fn add(&mut self, id: &'static str, standing: Standing, says: impl Into<String>) {
        self.findings.push(Finding {
            id,
            standing,
            says: says.into(),
        });
    }

    fn good(&mut self, id: &'static str, says: impl Into<String>) {
        self.add(id, Standing::Good, says);
    }

    fn note(&mut self, id: &'static str, says: impl Into<String>) {
        self.add(id, Standing::Note, says);
    }

    fn said(&mut self, id: &'static str, said: Result<Said, String>) {
        match said {
            Ok(Said { good: true, says }) => self.good(id, says),
            Ok(Said { says, .. }) => self.note(id, says),
            Err(fault) => self.broken(id, fault),
        }
    }

    fn broken(&mut self, id: &'static str, says: impl Into<String>) {
        self.add(id, Standing::Broken, says);
    }
}

pub(crate) fn run(profiles: &Profiles, options: &cli::Doctor) -> Result<Found, CliError> {
    let mut report = Report::default();
    if let Some((profile, sign_in)) = sign_in(&mut report, profiles) {
        let place = doctor_safety::key_place(&profile, &sign_in);
        report.said("encryption", place);
        match whole(&profile, &sign_in) {
            Ok(sign_in) => server(&mut report, &sign_in),
            Err(fault) => report.broken("server", fault.to_string()),
        }
        records(&mut report, &profile, &sign_in);
    }
    programs(&mut report);
    worker(&mut report);
    desktop(&mut report);
    let swap = doctor_safety::swap();
    report.said("swap", Ok(swap));
    report.ok = report
        .findings
        .iter()
        .all(|finding| finding.standing != Standing::Broken);
    tell(&report, options.json)?;
    Ok(if report.ok {
        Found::AllWell
    } else {
        Found::SomethingBad
    })
}

fn tell(report: &Report, json: bool) -> Result<(), CliError> {
    if json {
        let text = serde_json::to_string_pretty(report).map_err(std::io::Error::other);
        return say(&text.map_err(CliError::io("writing the report"))?);
    }
    for finding in &report.findings {
        let mark = match finding.standing {
            Standing::Good => "ok     ",
            Standing::Note => "note   ",
            Standing::Broken => "broken ",
        };
        say(&format!("{mark} {}", finding.says))?;
    }
    say(if report.ok {
        "Nothing that matters is broken."
    } else {
        "Something that matters is broken. Nothing was changed."
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

fn server(report: &mut Report, sign_in: &SignIn) {
    let origin = match Origin::parse(&sign_in.origin) {
        Ok(origin) => origin,
        Err(refused) => return report.broken("server", refused.to_string()),
    };
    let before = now_ms();
    match HttpQueue::new(origin, &sign_in.token).session() {
        Ok(session) => {
            // The server's clock was read somewhere between the two instants; half way is nearest.
            let here = before + (now_ms() - before) / 2;
            let skew_ms = session.server_time.0 - here;
            report.skew_ms = Some(skew_ms);
            let says = format!(
                "Queue server: it answers. {} {} Its clock is {:.1} s from this one.",
                environment(&session.environment),
                roles(&session.roles),
                skew_ms as f64 / 1_000.0
            );
            if skew_ms.abs() > SKEW_MS_MAX {
                report.note("server", format!("{says} Check this computer's clock."));
            } else {
                report.good("server", says);
            }
        }
        Err(CallFailed::Unreachable { .. }) => report.broken(
            "server",
            "Queue server: it does not answer. Decisions are kept here and sent later.",
        ),
        Err(CallFailed::SignedOut) => report.broken(
            "server",
            "Queue server: it does not take this sign-in any more. Sign in again; nothing is lost.",
        ),
        Err(other) => report.broken("server", other.to_string()),
    }
}

/// Milliseconds since 1970; a clock before that reads as 0 and shows as skew.
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

fn records(report: &mut Report, profile: &Profile, sign_in: &SignIn) {
    let counted = records_of(profile, sign_in).and_then(|reader| {
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
        ))
    });
    match counted {
        Ok((decisions, pending, conflicts)) => {
            report.decisions = Some(decisions);
            report.pending = Some(pending);
            report.good(
                "records",
                format!("Records: they open. {decisions} decisions, {pending} waiting to sync, {conflicts} that did not go through as made."),
            );
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
    ] {
        match beside(program) {
            Ok(_) => report.good(id, format!("{program}: it is there.")),
            Err(error) => report.broken(id, error.to_string()),
        }
    }
}

fn worker(report: &mut Report) {
    // A missing program has been said already.
    let Ok(program) = sibling("scrim-decode") else {
        return;
    };
    match Pool::new(PoolSettings::new(program)).posture() {
        Ok(posture) => {
            report.worker = Some(posture);
            let yes = |is: bool| if is { "yes" } else { "NO" };
            let walls = format!(
                "Sandbox of the worker: Landlock version {} (0 is none), system-call list {}, limits {}, memory unreadable {}.",
                posture.landlock_abi,
                yes(posture.seccomp),
                yes(posture.rlimits),
                yes(posture.not_dumpable)
            );
            if posture.holds() {
                report.good("sandbox", walls);
            } else {
                let text = format!(
                    "{walls} Without all of them no media are opened; items can still be decided."
                );
                report.broken("sandbox", text);
            }
        }
        Err(rejection) => report.broken("sandbox", CliError::Worker(rejection).to_string()),
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
