//! `scrim demo`: the whole product on this machine, with generated items and a throw-away profile.

mod started;

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use scrim_queue::{HttpQueue, Origin, QueueServer};
use scrim_runtime::{Profile, SignIn};
use serde::Serialize;
use tempfile::TempDir;

use crate::Found;
use crate::cli::Demo;
use crate::error::CliError;
use crate::others::{beside, has_display};
use crate::terminal::say;
use started::{Started, first_line, run_to_end, stop_on_signals};

const NOTHING_KEPT: &str = "Everything that the demo had started is stopped.";

/// What `server.json` holds, for scripts. The tokens are good for this throw-away server only.
#[derive(Serialize)]
struct Access<'a> {
    origin: &'a str,
    moderator_token: &'a str,
    effect_token: &'a str,
}

/// The demo's folder: removed at the end, or kept on request.
enum Folder {
    Temporary(TempDir),
    Kept(PathBuf),
}

impl Folder {
    fn path(&self) -> &Path {
        match self {
            Self::Temporary(folder) => folder.path(),
            Self::Kept(folder) => folder,
        }
    }
}

pub(crate) fn run(options: &Demo) -> Result<Found, CliError> {
    let agent = beside("scrim-agent")?;
    if !has_display() {
        return Err(CliError::NoDisplay);
    }
    let folder = folder(options.keep.as_deref())?;
    let root = folder.path();
    say(&format!("Making {} generated items …", options.items))?;
    make_items(options, root)?;
    say("Starting a queue server on this machine …")?;
    let moderator = add_token(root, "demo-moderator", "moderator", "Demo moderator")?;
    let effect = add_token(root, "demo-platform", "effect", "Demo platform")?;
    let (server, origin) = start_server(root)?;
    sign_in(root, &origin, &moderator)?;
    let access = Access {
        origin: &origin,
        moderator_token: &moderator,
        effect_token: &effect,
    };
    write_access(root, &access)?;
    say("Opening Scrim. Close its window to end the demo.")?;
    let mut command = Command::new(agent);
    command.arg("--profile").arg(profile_folder(root));
    let mut agent = Started::new("scrim-agent", command.stdin(Stdio::null()))?;
    let told = stop_on_signals(&agent)?;
    let ended = agent.wait()?;
    server.stop()?;
    match folder {
        Folder::Temporary(folder) => {
            let closed = folder.close();
            closed.map_err(CliError::io("removing the demo's folder"))?;
            say("The demo has ended; its folder is removed.")?;
        }
        Folder::Kept(folder) => {
            let shown = folder.display();
            say(&format!("The demo has ended; its folder is kept: {shown}"))?;
        }
    }
    if ended.success() || told.were_told() {
        Ok(Found::AllWell)
    } else {
        Err(CliError::Started {
            program: "scrim-agent",
            what: format!("ended early ({ended})"),
            kept: NOTHING_KEPT,
        })
    }
}

fn folder(keep: Option<&Path>) -> Result<Folder, CliError> {
    let failed = || CliError::io("making the demo's folder");
    let Some(keep) = keep else {
        // Made by tempfile with rights for its owner alone.
        let made = tempfile::Builder::new().prefix("scrim-demo-").tempdir();
        return made.map(Folder::Temporary).map_err(failed());
    };
    match std::fs::read_dir(keep) {
        Ok(mut inside) => {
            if inside.next().is_some() {
                let text =
                    "The folder of --keep is not empty. Nothing was changed. Name a new one.";
                return Err(CliError::Usage(text.to_owned()));
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failed()(error)),
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(keep).map_err(failed())?;
    keep.canonicalize().map(Folder::Kept).map_err(failed())
}

fn database(root: &Path) -> PathBuf {
    root.join("server.db")
}

fn profile_folder(root: &Path) -> PathBuf {
    root.join("profile")
}

fn make_items(options: &Demo, root: &Path) -> Result<(), CliError> {
    let samples = root.join("samples");
    let now = jiff::Timestamp::try_from(SystemTime::now())
        .map_err(|_| CliError::Usage("This computer's clock is outside the calendar.".into()))?;
    let mut command = Command::new(beside("scrim-samples")?);
    command
        .args(["--seed", &options.seed.to_string()])
        .args(["--count", &options.items.to_string()])
        // Due times and ages then read as they would on a working day.
        .args(["--now", &now.to_string()])
        .arg("--out")
        .arg(&samples);
    run_to_end("scrim-samples", &mut command)?;
    let mut command = server_command(root, &["seed"])?;
    command.arg("--from").arg(&samples);
    run_to_end("scrim-server", &mut command).map(drop)
}

fn server_command(root: &Path, words: &[&str]) -> Result<Command, CliError> {
    let mut command = Command::new(beside("scrim-server")?);
    command.args(words).arg("--db").arg(database(root));
    Ok(command)
}

fn add_token(root: &Path, user: &str, role: &str, name: &str) -> Result<String, CliError> {
    let mut command = server_command(root, &["token", "add"])?;
    command.args(["--user", user, "--role", role, "--name", name]);
    let said = run_to_end("scrim-server", &mut command)?;
    Ok(said.trim().to_owned())
}

fn start_server(root: &Path) -> Result<(Started, String), CliError> {
    let mut command = server_command(root, &["serve"])?;
    command
        .args(["--environment", "test", "--parent-watch"])
        .args(["--duty-contact", "Demo duty desk=extension 100"])
        .env(
            "SCRIM_LOG",
            std::env::var_os("SCRIM_LOG").unwrap_or_else(|| "warn".into()),
        )
        // Its standard input is this process's end of a pipe: it ends when this process does.
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut server = Started::new("scrim-server", &mut command)?;
    let line = first_line("scrim-server", server.output())?;
    let origin = line.trim().strip_prefix("listening on ");
    let origin = origin.ok_or_else(|| CliError::Started {
        program: "scrim-server",
        what: "did not say where it listens".to_owned(),
        kept: NOTHING_KEPT,
    })?;
    Ok((server, origin.to_owned()))
}

fn sign_in(root: &Path, origin: &str, token: &str) -> Result<(), CliError> {
    let session = HttpQueue::new(Origin::parse(origin)?, token)
        .session()
        .map_err(CliError::SignIn)?;
    let profile = Profile::open(Some(&profile_folder(root)))?;
    profile.keep_sign_in(&SignIn {
        origin: origin.to_owned(),
        moderator_id: session.moderator_id,
        token: token.to_owned(),
        connection: Default::default(),
    })?;
    Ok(())
}

/// Written beside and renamed: a script that waits for the file reads all of it.
fn write_access(root: &Path, access: &Access<'_>) -> Result<(), CliError> {
    let failed = || CliError::io("writing server.json");
    let text = serde_json::to_vec(access).map_err(|error| failed()(error.into()))?;
    let fresh = root.join("server.json.new");
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(&fresh).map_err(failed())?;
    file.write_all(&text)
        .and_then(|()| std::fs::rename(&fresh, root.join("server.json")))
        .map_err(failed())
}
