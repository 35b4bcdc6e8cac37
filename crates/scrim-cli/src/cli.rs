//! The console's commands and options.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use scrim_model::retention::{Authority, RecordPart};

use crate::day::Day;
use crate::limits::DEMO_ITEMS_MAX;

/// Scrim's console: sign in, look after a desk's records, try Scrim out.
#[derive(Debug, Parser)]
#[command(name = "scrim", version)]
pub(crate) struct Cli {
    /// The profile's folder; without it, this account's own.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) profile: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Tries Scrim out: a server on this machine with generated items, and a throw-away profile.
    ///
    /// Everything is generated: abstract pictures and harmless words. When the window is closed for
    /// good, everything that was started is stopped and removed.
    Demo(Demo),
    /// Signs this profile in to a queue server.
    ///
    /// The token is read from standard input or from a file, never from the arguments, which other
    /// people on the machine could see. With --oidc no token is typed: a code is shown, and
    /// entered at the identity issuer on any device. If the server does not take what comes of it,
    /// nothing is changed.
    SignIn(SignIn),
    /// Signs this profile out: the token leaves this machine, records stay, encrypted.
    ///
    /// What the server does not have yet is sent when the same person signs in again.
    SignOut,
    /// Says where the key of the records is; takes it elsewhere, or changes it.
    Key(Key),
    /// Writes decisions that the server does not have to a file, when this desk cannot send them.
    ///
    /// They stay in the records as well, and are sent when the same person signs in again.
    Recover(Recover),
    /// Says what works and what does not: folder, sign-in, server, records, sandbox, programs.
    Doctor(Doctor),
    /// Writes decisions, statistics, or what is made of them for others. Reads only; works while Scrim runs.
    Export(Export),
    /// Lists what was exported from this desk, by whom and with which filters; checks that list.
    Exports,
    /// Keeps records from being erased, says what keeps them, and lets go of them.
    Hold(Hold),
    /// Keeps with a record that it was reported to an authority; not while Scrim runs.
    ///
    /// Scrim reports nothing itself. The day begins the time for which that authority's law wants the
    /// record kept.
    Reported(Report),
    /// Erases one part of a record for good, if no rule and no hold keeps it; not while Scrim runs.
    ///
    /// The chain stays whole and says that the part was erased. What the queue server, a backup or an
    /// export holds is not touched.
    Erase(Erase),
    /// Tells a lead how much their team has seen: groups of five or more, without names.
    ///
    /// The queue server works the figures out, from the totals in decisions and from nothing else.
    Exposure(Exposure),
    /// Imports hash lists for this desk: what is on one is said to be known.
    HashList(HashList),
    /// Walks the chain of records and names the first entry that is not as it was written.
    Verify(Verify),
    /// Copies the records into another folder and verifies the copy. Works while Scrim runs.
    ///
    /// The copy is encrypted with the same key, which is not in it. Nothing is overwritten.
    Backup(Backup),
    /// Runs the user journeys of `scrim-smoke`, which get all arguments that follow.
    #[command(disable_help_flag = true)]
    Smoke(Smoke),
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// How many items are generated.
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=DEMO_ITEMS_MAX))]
    pub(crate) items: u32,
    /// Chooses the items: the same seed gives the same ones.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Uses this empty folder and keeps it, with server.json (address and tokens) for scripts.
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct SignIn {
    /// The queue server's address: https://host or https://host:port.
    /// May be left out where the managed file names it.
    #[arg(value_name = "URL")]
    pub(crate) url: Option<String>,
    /// File that holds the token; without it the token is read from standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Signs in by a code at this identity issuer (OpenID Connect); without a value, at the one
    /// that the queue server names.
    #[arg(long, value_name = "ISSUER", num_args = 0..=1, default_missing_value = "", conflicts_with = "token_file")]
    pub(crate) oidc: Option<String>,
    /// What this desk is called at the issuer.
    #[arg(long, value_name = "ID", requires = "oidc")]
    pub(crate) client_id: Option<String>,
    /// File with a certificate authority of one's own (PEM), trusted as well.
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// Trusts that authority and no other.
    #[arg(long, requires = "ca")]
    pub(crate) only_this_ca: bool,
    /// SHA-256 of the server's public key, as sha256: and 64 hex digits; may be said several times.
    #[arg(long, value_name = "PIN")]
    pub(crate) pin: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct HashList {
    #[command(subcommand)]
    pub(crate) does: HashListDoes,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HashListDoes {
    /// Reads lines of "sha256 HASH" (sha1, md5, pdq as well), or CSV with columns "type" and "hash".
    ///
    /// A list of the same name is replaced once the new one is whole.
    Import {
        /// The file with the list.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// What the list is called on the screen.
        #[arg(long)]
        name: String,
    },
    /// Says which lists there are, without a single hash.
    List,
    /// Removes a list.
    Remove {
        /// Its name.
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Key {
    #[command(subcommand)]
    pub(crate) does: Option<KeyDoes>,
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum KeyDoes {
    /// Takes the key, and the token, to another place; not while Scrim runs.
    Move {
        /// Where to. A passphrase is asked for twice; a new one replaces the old one.
        #[arg(value_enum)]
        place: Place,
    },
    /// Puts the records under a new key; not while Scrim runs.
    Rotate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Place {
    /// A private file.
    File,
    /// The keyring of the desktop's session.
    Keyring,
    /// A file that opens with a passphrase only.
    Passphrase,
}

#[derive(Debug, Args)]
pub(crate) struct Hold {
    #[command(subcommand)]
    pub(crate) does: HoldDoes,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HoldDoes {
    /// Sets a hold on a record, or on every record that is there; not while Scrim runs.
    Set(SetHold),
    /// Lifts a hold; not while Scrim runs.
    Lift {
        /// The hold as the list shows it, or the record, if one hold is on it.
        #[arg(value_name = "HOLD")]
        hold: String,
        /// Why it is lifted.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Lists holds, and for one record how long each of its parts is kept and why.
    List {
        /// The decision; without it all holds.
        #[arg(value_name = "RECORD")]
        record: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SetHold {
    /// The decision.
    #[arg(
        value_name = "RECORD",
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    pub(crate) record: Option<String>,
    /// Every record that is there now.
    #[arg(long)]
    pub(crate) all: bool,
    /// Why: the reference of a case or an order, no person's name.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// A part that is held; may be said several times. Without it, all of them.
    #[arg(long, value_enum, value_name = "PART")]
    pub(crate) part: Vec<Part>,
    /// Last day of the hold, UTC; without it, until it is lifted.
    #[arg(long, value_name = "DAY")]
    pub(crate) until: Option<Day>,
    /// The day from which it was ordered, UTC; without it, today.
    #[arg(long, value_name = "DAY")]
    pub(crate) start: Option<Day>,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The decision.
    #[arg(value_name = "RECORD")]
    pub(crate) record: String,
    /// Whom it was reported to.
    #[arg(long, value_enum)]
    pub(crate) to: ReportedTo,
    /// The day on which it was reported, UTC, as YYYY-MM-DD.
    #[arg(long, value_name = "DAY")]
    pub(crate) on: Day,
    /// What they call the report.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reference: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Erase {
    /// The decision.
    #[arg(value_name = "RECORD")]
    pub(crate) record: String,
    /// The part.
    #[arg(long, value_enum)]
    pub(crate) part: Part,
    /// Does not ask.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Ids, policies, actions, severity, times.
    Judgement,
    /// What the moderator wrote.
    Words,
    /// What was viewed, with the media's hashes.
    Viewing,
}

impl Part {
    pub(crate) fn part(self) -> RecordPart {
        match self {
            Self::Judgement => RecordPart::Judgement,
            Self::Words => RecordPart::Words,
            Self::Viewing => RecordPart::Viewing,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportedTo {
    /// The CyberTipline of the USA's NCMEC.
    Us,
    /// The National Crime Agency of the United Kingdom.
    Uk,
}

impl ReportedTo {
    pub(crate) fn authority(self) -> Authority {
        match self {
            Self::Us => Authority::Us,
            Self::Uk => Authority::Uk,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Recover {
    /// The file: one decision a line, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Whose records, if nobody is signed in: the queue server's address.
    #[arg(long, value_name = "URL", requires = "moderator")]
    pub(crate) server: Option<String>,
    /// And the moderator's id.
    #[arg(long, value_name = "ID", requires = "server")]
    pub(crate) moderator: Option<String>,
    /// Does not ask.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// One JSON object for scripts.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Only the entries after the last time that all was well.
    #[arg(long)]
    pub(crate) new: bool,
    /// Asks the queue server how far it has seen the chain: finds entries missing at the end.
    #[arg(long)]
    pub(crate) online: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The folder for the copy; made if it is missing.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Exposure {
    /// The server's answer as one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// What is written.
    #[arg(value_enum)]
    pub(crate) what: What,
    /// First day, UTC, as YYYY-MM-DD. Needed for all but evidence.
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<Day>,
    /// Last day, inclusive, UTC, as YYYY-MM-DD. Needed for all but evidence.
    #[arg(long, value_name = "DAY")]
    pub(crate) to: Option<Day>,
    /// How it is written. Needed for all but evidence.
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// The file; it is whole or not there. Without it, standard output. For evidence a new folder.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Decisions of this queue only.
    #[arg(long, value_name = "ID")]
    pub(crate) queue: Option<String>,
    /// Decisions whose first policy is this one only.
    #[arg(long, value_name = "ID")]
    pub(crate) policy: Option<String>,
    /// Decisions whose first action is this one only.
    #[arg(long, value_name = "ACTION")]
    pub(crate) action: Option<String>,
    /// For evidence: which decision.
    #[arg(long, value_name = "ID", conflicts_with_all = ["from", "to", "format", "queue", "policy", "action"], requires = "output")]
    pub(crate) decision: Option<String>,
    /// For evidence: the day on which it was reported, from which it is to be kept.
    #[arg(long, value_name = "DAY", requires = "decision")]
    pub(crate) reported_on: Option<Day>,
    /// For evidence: the whole chain, not only the entries around the decision's. It shows when every decision
    /// of this desk was made.
    #[arg(long, requires = "decision")]
    pub(crate) whole_chain: bool,
    /// For decisions: names the reviewer in a column of its own, and leaves out what must not stand beside a name.
    #[arg(long, requires = "reason")]
    pub(crate) named: bool,
    /// Why the reviewer is named; they are shown it.
    #[arg(long, value_name = "TEXT", requires = "named")]
    pub(crate) reason: Option<String>,
    /// For statements and the tables for a regulator: what the platform says of its policies, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
    /// For statements and the tables for a regulator: what the platform says of its items, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    pub(crate) items: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// One row for each decision.
    Decisions,
    /// One row for each day, queue, policy and action; as json or html a document with totals.
    Stats,
    /// Figures about the team, for leads: of what Scrim has read from the queue server while their view was open.
    Team,
    /// One row for each decision of the team, for leads, of the same; nothing says whose it is.
    TeamDecisions,
    /// Statements of reasons for the EU's DSA Transparency Database; needs --rules and --items.
    Statements,
    /// The table for a regulator's report, as far as this desk's records go; --rules and --items say more.
    Regulator,
    /// The same of the team, for leads, of what Scrim has read from the queue server while their view was open.
    TeamRegulator,
    /// Drafts for an authority about one decision, in a new folder; nothing is sent.
    Evidence,
}

impl What {
    /// Whether it is made of the copy of the team's decisions.
    pub(crate) fn is_of_team(self) -> bool {
        matches!(self, Self::Team | Self::TeamDecisions | Self::TeamRegulator)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for spreadsheets (RFC 4180).
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// One JSON document, of statistics.
    Json,
    /// A workbook for spreadsheets.
    Xlsx,
    /// A report for people, of statistics.
    Html,
}

impl Format {
    /// As it is written in an argument.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
            Self::Html => "html",
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Smoke {
    /// Arguments for `scrim-smoke`.
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGUMENTS"
    )]
    pub(crate) arguments: Vec<std::ffi::OsString>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_commands_are_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn smoke_hands_every_argument_on() {
        let cli = Cli::try_parse_from(["scrim", "smoke", "--junit", "out.xml", "--help"])
            .expect("all of them are for scrim-smoke");
        let Command::Smoke(smoke) = cli.command else {
            panic!("another command");
        };
        assert_eq!(smoke.arguments, ["--junit", "out.xml", "--help"]);
    }
}
