//! Hears that the screen is locked, or that the machine goes to sleep, and has everything covered.
//!
//! | Bus | Signal | Sent by |
//! | --- | --- | --- |
//! | session | `ActiveChanged(true)` of a screen saver's interface | the desktop, when its lock or saver comes up |
//! | system | `org.freedesktop.login1.Session.Lock` | logind, when a session is asked to lock |
//! | system | `org.freedesktop.login1.Manager.PrepareForSleep(true)` | logind, before suspend |
//!
//! A session signal counts whoever sends it, and logind's whichever session it names: covering once
//! too often costs a key press, and no signal can uncover. A bus that is missing is no fault, the
//! lock then covers because it takes the focus.

use std::sync::mpsc::Sender;

use scrim_runtime::Inward;
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, MessageIterator, connection};
use zbus::message::{Message, Type};
use zbus::{MatchRule, names::BusName};

use crate::limits::BUS_ANSWER_MAX;

/// Whose `ActiveChanged` is heard.
const SCREEN_SAVERS: [&str; 4] = [
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
];
const LOGIND: &str = "org.freedesktop.login1";
const LOGIND_SESSION: &str = "org.freedesktop.login1.Session";
const LOGIND_MANAGER: &str = "org.freedesktop.login1.Manager";

/// One signal to listen for.
struct Ear {
    sender: Option<&'static str>,
    interface: &'static str,
    member: &'static str,
}

/// Listens on both buses, each on a thread that ends with its bus.
pub(crate) fn listen(desk: &Sender<Inward>) -> std::io::Result<()> {
    let session = SCREEN_SAVERS.map(|interface| Ear {
        sender: None,
        interface,
        member: "ActiveChanged",
    });
    let of_logind = |interface, member| Ear {
        sender: Some(LOGIND),
        interface,
        member,
    };
    let system = [
        of_logind(LOGIND_SESSION, "Lock"),
        of_logind(LOGIND_MANAGER, "PrepareForSleep"),
    ];
    on_thread("scrim-lock-1", desk, connection::Builder::session, session)?;
    on_thread("scrim-lock-2", desk, connection::Builder::system, system)
}

type Bus = fn() -> zbus::Result<connection::Builder<'static>>;

fn on_thread<const N: usize>(
    name: &str,
    desk: &Sender<Inward>,
    bus: Bus,
    ears: [Ear; N],
) -> std::io::Result<()> {
    let desk = desk.clone();
    std::thread::Builder::new()
        .name(name.into())
        .spawn(move || match hear(bus, &ears, &desk) {
            Ok(()) => tracing::info!("a bus ended; its screen lock is not heard any more"),
            Err(fault) => {
                tracing::info!(%fault, "a bus is not there; its screen lock is not heard")
            }
        })?;
    Ok(())
}

/// Returns when the bus or the desk has ended.
fn hear(bus: Bus, ears: &[Ear], desk: &Sender<Inward>) -> zbus::Result<()> {
    let bus: Connection = bus()?.method_timeout(BUS_ANSWER_MAX).build()?;
    // Before the rules, so that nothing is missed in between.
    let messages = MessageIterator::from(bus.clone());
    let rules = DBusProxy::new(&bus)?;
    for ear in ears {
        rules.add_match_rule(rule(ear)?)?;
    }
    tracing::info!("listening for the screen lock");
    for message in messages {
        if is_lock(&message?) && desk.send(scrim_runtime::locked()).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

fn rule(ear: &Ear) -> zbus::Result<MatchRule<'static>> {
    let rule = MatchRule::builder()
        .msg_type(Type::Signal)
        .interface(ear.interface)?
        .member(ear.member)?;
    let rule = match ear.sender {
        Some(name) => rule.sender(BusName::try_from(name)?)?,
        None => rule,
    };
    Ok(rule.build())
}

/// Whether a message says that the screen is being locked. Signals that only begin or end something
/// carry one flag, which says which.
fn is_lock(message: &Message) -> bool {
    let header = message.header();
    if header.message_type() != Type::Signal {
        return false;
    }
    let (Some(interface), Some(member)) = (header.interface(), header.member()) else {
        return false;
    };
    let begins = || message.body().deserialize::<bool>().unwrap_or(false);
    match (interface.as_str(), member.as_str()) {
        (LOGIND_SESSION, "Lock") => true,
        (LOGIND_MANAGER, "PrepareForSleep") => begins(),
        (saver, "ActiveChanged") if SCREEN_SAVERS.contains(&saver) => begins(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn says(interface: &str, member: &str, flag: Option<bool>) -> bool {
        let signal = Message::signal("/x", interface, member).unwrap();
        is_lock(&match flag {
            Some(flag) => signal.build(&flag).unwrap(),
            None => signal.build(&()).unwrap(),
        })
    }

    #[test]
    fn only_what_begins_a_lock_is_one() {
        for saver in SCREEN_SAVERS {
            assert!(says(saver, "ActiveChanged", Some(true)));
            assert!(!says(saver, "ActiveChanged", Some(false)));
            assert!(!says(saver, "ActiveChanged", None), "no flag");
        }
        assert!(says(LOGIND_SESSION, "Lock", None));
        assert!(!says(LOGIND_SESSION, "Unlock", None));
        assert!(says(LOGIND_MANAGER, "PrepareForSleep", Some(true)));
        assert!(!says(LOGIND_MANAGER, "PrepareForSleep", Some(false)));
        assert!(!says("org.example.Other", "ActiveChanged", Some(true)));
    }
}
