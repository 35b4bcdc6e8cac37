//! Asks a queue server every rule of the protocol.
//!
//! Exit codes: 0: it holds to all that could be asked; 1: it does not; 2: the command is wrong.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;
use scrim_contract::rules::RULES;
use scrim_contract::{Ground, Held, Tokens};

#[derive(Parser)]
#[command(
    version,
    about = "Asks a queue server every rule of the protocol. It writes to that server: never ask one in use."
)]
struct Options {
    /// The server's address, as `http://127.0.0.1:8080`.
    url: String,
    /// A queue that nobody else claims from.
    #[arg(long)]
    queue: String,
    /// Token of a moderator.
    #[arg(long, env = "SCRIM_CONTRACT_MODERATOR", hide_env_values = true)]
    token_moderator: String,
    /// Token of another moderator.
    #[arg(long, env = "SCRIM_CONTRACT_SECOND", hide_env_values = true)]
    token_second: String,
    /// Token of a lead.
    #[arg(long, env = "SCRIM_CONTRACT_LEAD", hide_env_values = true)]
    token_lead: String,
    /// Token of role ingest.
    #[arg(long, env = "SCRIM_CONTRACT_INGEST", hide_env_values = true)]
    token_ingest: String,
    /// Token of role effect.
    #[arg(long, env = "SCRIM_CONTRACT_EFFECT", hide_env_values = true)]
    token_effect: String,
    /// Only rules whose name has this in it.
    #[arg(long, default_value = "")]
    only: String,
}

fn main() -> std::io::Result<ExitCode> {
    let options = Options::parse();
    let tokens = Tokens {
        moderator: options.token_moderator,
        second: options.token_second,
        lead: options.token_lead,
        ingest: options.token_ingest,
        effect: options.token_effect,
    };
    let mut out = std::io::stdout().lock();
    let (mut held, mut broken, mut not_asked) = (0, 0, 0);
    for rule in RULES
        .iter()
        .filter(|rule| rule.name.contains(&options.only))
    {
        let words = rule.name.replace('_', " ");
        // What is found stands on standard error, where a broken rule has said it.
        let came_to = catch_unwind(AssertUnwindSafe(|| {
            (rule.ask)(&Ground::new(&options.url, &options.queue, &tokens))
        }));
        match came_to {
            Ok(Held::Yes) => {
                held += 1;
                writeln!(out, "holds      {words}")?;
            }
            Ok(Held::NotAsked(why)) => {
                not_asked += 1;
                writeln!(out, "not asked  {words}: {why}")?;
            }
            Err(_) => {
                broken += 1;
                writeln!(out, "BROKEN     {words}")?;
            }
        }
    }
    writeln!(out, "{held} hold, {broken} broken, {not_asked} not asked")?;
    Ok(ExitCode::from(u8::from(broken > 0)))
}
