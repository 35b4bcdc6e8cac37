//! The doctor's look at what is managed and at the way out: server, certificates, proxy, origins.

use std::time::{SystemTime, UNIX_EPOCH};

use scrim_model::settings::{ManagedFound, SettingsFound};
use scrim_queue::QueueServer;
use scrim_runtime::{Keys, Managed, NetworkRules, Profile, Reach, SignIn};
use scrim_store::Reader;
use scrim_wire::call::CallFailed;

use crate::doctor_report::Report;
use crate::limits::SKEW_MS_MAX;
use crate::others::queue;
use crate::sign_in::{environment, roles};

/// The managed file: whether it counts, and what it fixes.
pub(crate) fn managed(report: &mut Report, managed: &Managed) {
    match &managed.found {
        ManagedFound::Absent => report.good("managed", "Managed file: none on this computer."),
        ManagedFound::Read(floor) => report.good(
            "managed",
            format!("Managed file: it counts. Settings in its floor: {}.", floor.keys().count()),
        ),
        ManagedFound::Unusable { why, .. } => report.broken(
            "managed",
            format!("Managed file: it is there and cannot be used in full ({why}). The stricter of the last good one and the defaults holds."),
        ),
    }
    match &managed.network {
        Ok(rules) => network_rules(report, rules),
        Err(why) => {
            let text = format!(
                "Allowed origins: none, because of the managed file ({why}). No server is contacted; everything decided is kept."
            );
            report.broken("origins", text);
        }
    }
}

fn network_rules(report: &mut Report, rules: &NetworkRules) {
    match &rules.proxy {
        Some(proxy) => report.good(
            "proxy",
            format!(
                "Proxy: every call goes through {}, as managed.",
                proxy.as_text()
            ),
        ),
        None => report.good(
            "proxy",
            "Proxy: none. Proxies of the environment are not used.",
        ),
    }
    match &rules.updates {
        Some(origin) => report.note(
            "updates",
            format!(
                "Updates: {} is allowed. This version does not fetch any itself.",
                origin.as_str()
            ),
        ),
        None => report.note(
            "updates",
            "Updates: by your package system. Scrim fetches none itself.",
        ),
    }
}

/// Whether the key of the records lies where the managed file wants it.
pub(crate) fn key_rule(
    report: &mut Report,
    profile: &Profile,
    sign_in: &SignIn,
    managed: &Managed,
) {
    let Some(wanted) = managed.key_place() else {
        return;
    };
    let place = wanted.words();
    match Keys::under(profile, sign_in, managed).must_move() {
        Ok(None) => report.good("key_rule", format!("Keys: {place} or better, as managed.")),
        Ok(Some(_)) => report.broken(
            "key_rule",
            format!(
                "Keys: the managed file wants the key of the records {place}, and it is not there. Nothing is opened with it. Quit Scrim and run `scrim key move {}`.",
                wanted.name()
            ),
        ),
        Err(fault) => report.broken("key_rule", fault.to_string()),
    }
}

/// The queue server, as the desk itself would ask it.
pub(crate) fn server(report: &mut Report, profile: &Profile, sign_in: &SignIn, managed: &Managed) {
    let reach = match Reach::new(&sign_in.origin, &sign_in.connection, managed) {
        Ok(reach) => reach,
        Err(error) => return report.broken("server", error.to_string()),
    };
    origins(report, &reach);
    let before = now_ms();
    let answer = queue(profile, sign_in, managed).map(|queue| queue.session());
    match answer {
        Err(error) => report.broken("server", error.to_string()),
        Ok(Ok(session)) => {
            trusted(report, &reach);
            report.good(
                "server",
                format!(
                    "Queue server: it answers. {} {}",
                    environment(&session.environment),
                    roles(&session.roles)
                ),
            );
            // The server's clock was read somewhere between the two instants; half way is nearest.
            let here = before + (now_ms() - before) / 2;
            clock(report, session.server_time.0 - here);
        }
        Ok(Err(failed)) => silent(report, &reach, failed),
    }
}

fn origins(report: &mut Report, reach: &Reach) {
    let mut places = vec![reach.origin.as_str().to_owned()];
    if let Some(issuer) = &reach.issuer {
        places.push(format!(
            "{} (identity issuer)",
            issuer.address().origin().as_str()
        ));
    }
    places.extend(
        reach
            .also
            .iter()
            .map(|origin| format!("{} (managed)", origin.as_str())),
    );
    let text = format!(
        "Allowed origins: {}. Nothing else is contacted.",
        places.join(", ")
    );
    report.good("origins", text);
}

fn trusted(report: &mut Report, reach: &Reach) {
    if reach.origin.as_str().starts_with("https://") {
        let whom = reach.trust.in_words();
        report.good(
            "trust",
            format!("Certificates: {whom}. The server's is good."),
        );
    } else {
        let text = "Certificates: none needed, the server is on this machine (plain HTTP).";
        report.note("trust", text);
    }
}

fn silent(report: &mut Report, reach: &Reach, failed: CallFailed) {
    match failed {
        CallFailed::Unreachable { .. } if reach.issuer.is_some() => report.broken(
            "server",
            "Queue server: it, or the identity issuer, does not answer. Decisions are kept here and sent later.",
        ),
        CallFailed::Unreachable { .. } => report.broken(
            "server",
            "Queue server: it does not answer. Decisions are kept here and sent later.",
        ),
        CallFailed::SignedOut => report.broken(
            "server",
            "Queue server: it does not take this sign-in any more. Sign in again; nothing is lost.",
        ),
        CallFailed::Untrusted { why } => {
            report.untrusted = Some(why.id());
            let whom = reach.trust.in_words();
            report.broken(
                "trust",
                format!("Certificates: {whom}. The server's is not trusted: {why}. Nothing was sent to it; everything decided is kept."),
            );
        }
        other => report.broken("server", other.to_string()),
    }
}

/// The server's clock less this one.
fn clock(report: &mut Report, skew_ms: i64) {
    report.skew_ms = Some(skew_ms);
    let says = format!(
        "Clock: the server's is {:.1} s from this one.",
        skew_ms as f64 / 1_000.0
    );
    if skew_ms.abs() > SKEW_MS_MAX {
        report.note("clock", format!("{says} Check this computer's clock."));
    } else {
        report.good("clock", says);
    }
}

/// Milliseconds since 1970; a clock before that reads as 0 and shows as skew.
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

/// Which floors are in force, and where they come from.
pub(crate) fn floor(report: &mut Report, reader: &Reader, managed: &Managed) {
    let kept = match reader.settings() {
        Ok(SettingsFound::None) => {
            return report.note("floor", "Floor: none was heard yet; the defaults hold.");
        }
        Ok(SettingsFound::Kept(kept)) => kept,
        Ok(SettingsFound::Doubtful(_)) => {
            return report.broken(
                "floor",
                "Floor: the kept settings are not as they were written. The stricter of them and the defaults holds.",
            );
        }
        Err(error) => return report.broken("floor", format!("Floor: {error}")),
    };
    let here = match &managed.found {
        ManagedFound::Read(floor) => floor.keys().count(),
        _ => kept.managed.keys().count(),
    };
    let server = kept.server.keys().count();
    report.good(
        "floor",
        format!("Floor: settings from the queue server: {server}, from this computer's managed file: {here}. The stricter holds, setting by setting; all others follow the defaults."),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor_report::Standing;
    use scrim_queue::{Origin, ProxyAddress};
    use scrim_runtime::Connection;

    fn ruled(rules: NetworkRules) -> Managed {
        Managed {
            found: ManagedFound::Absent,
            network: Ok(rules),
        }
    }

    #[test]
    fn what_is_managed_is_said_and_an_unusable_file_is_broken() {
        let mut report = Report::new();
        let proxy = ProxyAddress::parse("http://proxy.example:3128").expect("a proxy");
        let updates = Origin::parse("https://updates.example").expect("an origin");
        let rules = NetworkRules {
            proxy: Some(proxy),
            updates: Some(updates),
            ..NetworkRules::default()
        };
        managed(&mut report, &ruled(rules));
        assert!(report.is_ok());
        assert!(
            report
                .words_of("proxy")
                .contains("http://proxy.example:3128")
        );
        assert!(
            report
                .words_of("updates")
                .contains("https://updates.example")
        );

        let mut report = Report::new();
        let unusable = Managed {
            found: ManagedFound::Absent,
            network: Err("tls.pins must be …".to_owned()),
        };
        managed(&mut report, &unusable);
        assert_eq!(report.standing_of("origins"), Some(Standing::Broken));
        assert!(report.words_of("origins").contains("tls.pins"));
    }

    #[test]
    fn a_certificate_that_is_not_trusted_is_told_apart_from_silence() {
        let connection = Connection::default();
        let managed = ruled(NetworkRules::default());
        let reach = Reach::new("https://queue.example", &connection, &managed);
        let reach = reach.expect("nothing is contacted for it");
        let mut report = Report::new();
        silent(
            &mut report,
            &reach,
            CallFailed::Unreachable { after_s: None },
        );
        assert_eq!(report.standing_of("server"), Some(Standing::Broken));
        let mut report = Report::new();
        let why = scrim_wire::call::Untrusted::Pin;
        silent(&mut report, &reach, CallFailed::Untrusted { why });
        assert_eq!(report.standing_of("trust"), Some(Standing::Broken));
        assert_eq!(report.untrusted, Some("pin"));
        assert_eq!(report.standing_of("server"), None);
    }
}
