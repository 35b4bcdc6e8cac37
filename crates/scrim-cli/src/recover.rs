//! `scrim recover`: decisions that the server does not have, for whoever looks after the queue.

use std::io::Write;

use scrim_model::ModeratorId;
use scrim_queue::Origin;
use scrim_report::{sha256, write_atomically_after};
use scrim_runtime::{Profile, SignIn};

use crate::Found;
use crate::audit::Draft;
use crate::cli::Recover;
use crate::error::CliError;
use crate::others::{Desk, Profiles};
use crate::terminal::{confirmed, say};

const WARNING: &str = "The file is not encrypted. It holds decisions and notes, no media and no item's words. Give it to whoever looks after the queue, and delete it. Write it? (yes/no)";

pub(crate) fn run(profiles: &Profiles, options: &Recover) -> Result<Found, CliError> {
    let profile = profiles.existing()?;
    let desk = Desk::of(&profile, &whose(&profile, options)?)?;
    desk.not_among_records(&options.out)?;
    let rows = desk.records.pending_outbox()?;
    if rows.is_empty() {
        say("Every decision has its answer from the server. Nothing was written.")?;
        return Ok(Found::AllWell);
    }
    if !options.yes && !confirmed(WARNING)? {
        return Err(CliError::NotConfirmed);
    }
    let mut text = Vec::new();
    for row in &rows {
        serde_json::to_writer(&mut text, &row.decision)
            .map_err(|fault| CliError::io("writing the file")(fault.into()))?;
        text.push(b'\n');
    }
    let draft = Draft {
        what: "recover",
        format: "jsonl",
        records: rows.len(),
        ..Draft::default()
    };
    write_atomically_after(
        &options.out,
        |out: &mut dyn Write| Ok(out.write_all(&text)?),
        || draft.write_down(&desk, Some(&options.out), sha256(&text)),
    )?;
    say(&match rows.len() {
        1 => "1 decision was written. It stays in the records and is sent at the next sign-in."
            .to_owned(),
        n => format!(
            "{n} decisions were written. They stay in the records and are sent at the next sign-in."
        ),
    })?;
    Ok(Found::AllWell)
}

/// Who is signed in, or who is named: after a sign-out nobody is.
fn whose(profile: &Profile, options: &Recover) -> Result<SignIn, CliError> {
    let (Some(server), Some(moderator)) = (&options.server, &options.moderator) else {
        return profile.sign_in()?.ok_or(CliError::NotSignedIn);
    };
    let moderator_id = ModeratorId::new(moderator.clone())
        .map_err(|_| CliError::Usage("That is no moderator's id.".to_owned()))?;
    Ok(SignIn {
        origin: Origin::parse(server)?.as_str().to_owned(),
        moderator_id,
        token: String::new(),
        connection: Default::default(),
    })
}
