//! The programs beside `scrim`: what their commands are, and what is told of them.

use clap::{Command, CommandFactory};
use scrim_cli::help::{Page, page_of as console_page_of};

#[allow(
    dead_code,
    reason = "of the agent's options only their help is of interest here"
)]
#[path = "../../../src-tauri/src/options.rs"]
mod options;

const AGENT: Page = Page {
    command: "scrim-agent",
    examples: &[
        (
            "Start Scrim, or show the window of the one that runs",
            "scrim-agent",
        ),
        ("With another profile", "scrim-agent --profile /srv/desk-7"),
    ],
    codes: &[0, 1, 2],
    files: &[
        (
            "~/.local/share/scrim",
            "the profile, where --profile names no other folder",
        ),
        ("PROFILE/agent.lock", "held while it runs"),
        (
            "PROFILE/agent.socket",
            "where a second start asks it to show its window",
        ),
        (
            "/etc/scrim/managed.toml",
            "what whoever looks after this computer has set",
        ),
    ],
    environment: &[
        (
            "XDG_DATA_HOME",
            "where the profile is, in the place of ~/.local/share",
        ),
        (
            "DISPLAY, WAYLAND_DISPLAY",
            "the display on which the window opens",
        ),
        (
            "DBUS_SESSION_BUS_ADDRESS",
            "the session's bus: tray, lock, network, keyring",
        ),
    ],
};

const SERVER: Page = Page {
    command: "scrim-server",
    examples: &[
        (
            "Try it on this machine",
            "scrim-server serve --db server.db --environment test --listen 127.0.0.1:8080",
        ),
        (
            "Generated items",
            "scrim-server seed --db server.db --from samples",
        ),
        (
            "A moderator's token",
            "scrim-server token add --db server.db --user m1 --role moderator",
        ),
        (
            "Nobody signs in with them any more",
            "scrim-server token revoke --db server.db --user m1",
        ),
        (
            "A user whom the identity issuer knows",
            "scrim-server user add --db server.db --user m1 --role moderator --subject 7f3a",
        ),
        ("Who there is", "scrim-server user list --db server.db"),
        (
            "A queue that promises four hours",
            "scrim-server queue add --db server.db --id images --name Images --sla-s 14400",
        ),
        ("Which there are", "scrim-server queue list --db server.db"),
        (
            "A new version of the policies",
            "scrim-server policy set --db server.db --file policies.json",
        ),
        (
            "A floor for every desk",
            "scrim-server floor set --db server.db floor.json",
        ),
        ("What it is", "scrim-server floor show --db server.db"),
        ("None", "scrim-server floor clear --db server.db"),
        (
            "Whom a moderator may turn to",
            "scrim-server safety-contact set --db server.db \"Mel=+1 555 0100\"",
        ),
        (
            "Who it is",
            "scrim-server safety-contact show --db server.db",
        ),
        ("Nobody", "scrim-server safety-contact clear --db server.db"),
        (
            "Items of which somebody said that they are aimed at them",
            "scrim-server safety-contact notices --db server.db --since 12",
        ),
    ],
    codes: &[0, 1, 2],
    files: &[(
        "FILE",
        "with --db: the database, made if it is not there; with its log beside it",
    )],
    environment: &[(
        "SCRIM_LOG",
        "how much it says: error, warn, info, debug, trace",
    )],
};

pub(crate) fn agent() -> Command {
    options::Options::command()
}

pub(crate) fn server() -> Command {
    scrim_server::cli::Cli::command()
}

/// What is told of the command with that path.
#[must_use]
pub fn page_of(path: &str) -> Option<&'static Page> {
    match path.split(' ').next() {
        Some("scrim-agent") => Some(&AGENT),
        Some("scrim-server") => Some(&SERVER),
        _ => console_page_of(path),
    }
}
