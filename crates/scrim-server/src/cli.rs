//! The commands of `scrim-server`.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tokio::net::TcpListener;

use scrim_model::ids::IdError;
use scrim_model::{Environment, ModeratorId, QueueId, Role};
use scrim_wire::protocol::{Contact, QueueInfo};

use crate::app::Settings;
use crate::auth::{User, new_token};
use crate::cli_settings::{Db, Setting, contact, set};
use crate::cli_stop::{told_to_stop, write_port};
use crate::clock::{Clock, SystemClock};
use crate::error::ServerError;
use crate::oidc::{OidcSettings, is_protected};
use crate::seed::{json_file, seed};
use crate::serve::serve;
use crate::storage::{QueuesAsked, Storage};

/// Scrim's reference queue server.
#[derive(Debug, Parser)]
#[command(name = "scrim-server", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves queue protocol v1 until it is told to stop.
    Serve(Serve),
    /// Fills the database from a folder of generated items.
    Seed {
        #[command(flatten)]
        db: Db,
        /// Folder with items.jsonl, policies.json and queues.json.
        #[arg(long)]
        from: PathBuf,
    },
    /// Tokens.
    #[command(subcommand)]
    Token(Token),
    /// Users.
    #[command(subcommand)]
    User(Users),
    /// Queues.
    #[command(subcommand)]
    Queue(Queues),
    /// Policies.
    #[command(subcommand)]
    Policy(Policy),
    /// What desks are told: the protection floor, the lead's settings, the safety contact.
    #[command(flatten)]
    Setting(Setting),
}

#[derive(Debug, Args)]
struct Serve {
    #[command(flatten)]
    db: Db,
    /// Address; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// File that the port is written to once the server is ready.
    #[arg(long)]
    port_file: Option<PathBuf>,
    /// Kind of server; always on the desks' screens.
    #[arg(long)]
    environment: Kind,
    /// Length of a lease, in seconds.
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    lease_s: u32,
    /// Time between heartbeats, in seconds.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    heartbeat_s: u32,
    /// Whom to call when someone is in danger, as NAME=NUMBER; may be said several times.
    #[arg(long, value_parser = contact)]
    duty_contact: Vec<Contact>,
    /// Stop when standard input closes.
    #[arg(long)]
    parent_watch: bool,
    /// A proxy ends TLS in front: allow other than loopback addresses.
    #[arg(long)]
    behind_tls_proxy: bool,
    /// Takes access tokens of this OpenID Connect issuer as well (https://…, as it stands in iss).
    #[arg(long, value_name = "URL", requires = "oidc_audience", value_parser = issuer)]
    oidc_issuer: Option<String>,
    /// What must stand in aud.
    #[arg(long, value_name = "AUDIENCE", requires = "oidc_issuer")]
    oidc_audience: Option<String>,
    /// What desks are called at the issuer; they are told.
    #[arg(long, value_name = "ID", default_value = "scrim")]
    oidc_client_id: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Production,
    Test,
    Training,
}

impl From<Kind> for Environment {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Production => Environment::Production,
            Kind::Test => Environment::Test,
            Kind::Training => Environment::Training,
        }
    }
}

#[derive(Debug, Args)]
struct Person {
    /// The user's id.
    #[arg(long, value_parser = user_id)]
    user: ModeratorId,
    /// moderator, lead, qa, ingest, effect or admin; may be said several times.
    #[arg(long, value_parser = role)]
    role: Vec<Role>,
    /// Shown in that person's own window only.
    #[arg(long, default_value = "")]
    name: String,
    /// BCP 47 tag of a language that they read; may be said several times.
    #[arg(long)]
    language: Vec<String>,
}

impl From<Person> for User {
    fn from(person: Person) -> Self {
        Self {
            id: person.user,
            name: person.name,
            roles: person.role,
            languages: person.language,
        }
    }
}

#[derive(Debug, Subcommand)]
enum Token {
    /// Makes a token, and the user if missing; the token is printed once and stored nowhere.
    Add {
        #[command(flatten)]
        db: Db,
        #[command(flatten)]
        person: Person,
    },
    /// Revokes all tokens of a user.
    Revoke {
        #[command(flatten)]
        db: Db,
        /// The user's id.
        #[arg(long, value_parser = user_id)]
        user: ModeratorId,
    },
}

#[derive(Debug, Subcommand)]
enum Users {
    /// Adds a user, or roles to one, or what the identity issuer calls them.
    Add {
        #[command(flatten)]
        db: Db,
        #[command(flatten)]
        person: Person,
        /// The user's subject (sub) at the identity issuer.
        #[arg(long, value_name = "SUBJECT")]
        subject: Option<String>,
    },
    /// Lists users and their roles.
    List(Db),
}

#[derive(Debug, Subcommand)]
enum Queues {
    /// Adds or renames a queue.
    Add {
        #[command(flatten)]
        db: Db,
        /// The queue's id.
        #[arg(long, value_parser = queue_id)]
        id: QueueId,
        /// Its name.
        #[arg(long)]
        name: String,
        /// A harm class in it; may be said several times.
        #[arg(long)]
        class: Vec<String>,
        /// Time in which items are promised to be decided, in seconds.
        #[arg(long)]
        sla_s: Option<u64>,
    },
    /// Lists queues and their open items.
    List(Db),
}

#[derive(Debug, Subcommand)]
enum Policy {
    /// Stores a policy tree; its version must be greater than the newest one's.
    Set {
        #[command(flatten)]
        db: Db,
        /// A PolicyTree as JSON.
        #[arg(long)]
        file: PathBuf,
    },
}

fn user_id(text: &str) -> Result<ModeratorId, IdError> {
    ModeratorId::new(text)
}

fn queue_id(text: &str) -> Result<QueueId, IdError> {
    QueueId::new(text)
}

fn issuer(text: &str) -> Result<String, String> {
    if is_protected(text) {
        Ok(text.to_owned())
    } else {
        Err("it must be an https:// address, or one of this machine".to_owned())
    }
}

fn role(text: &str) -> Result<Role, String> {
    match Role::from(text) {
        Role::Other(_) => Err("there is no such role".to_owned()),
        role => Ok(role),
    }
}

/// Carries a command out.
///
/// # Errors
/// [`ServerError`] says what failed; its text is for people.
pub fn run(cli: Cli) -> Result<(), ServerError> {
    let now = SystemClock.now();
    match cli.command {
        Command::Serve(options) => serve_until_told(options),
        Command::Seed { db, from } => {
            let done = seed(&db.open()?, &from, now)?;
            say(&format!(
                "{} queues, {} policies, {} items",
                done.queues, done.policies, done.items
            ))
        }
        Command::Token(Token::Add { db, person }) => {
            let (storage, user) = (db.open()?, User::from(person));
            storage.put_user(&user)?;
            let (token, hash) = new_token()?;
            storage.add_token(&user.id, &hash, now)?;
            say(&token)
        }
        Command::Token(Token::Revoke { db, user }) => {
            let revoked = db.open()?.revoke_tokens(&user, now)?;
            say(&format!("{revoked} tokens revoked"))
        }
        Command::User(Users::Add {
            db,
            person,
            subject,
        }) => {
            let (storage, user) = (db.open()?, User::from(person));
            storage.put_user(&user)?;
            match subject {
                Some(subject) => storage.put_subject(&user.id, &subject),
                None => Ok(()),
            }
        }
        Command::User(Users::List(db)) => {
            for user in db.open()?.users()? {
                let roles: Vec<&str> = user.roles.iter().map(Role::as_str).collect();
                say(&format!("{}\t{}\t{}", user.id, user.name, roles.join(",")))?;
            }
            Ok(())
        }
        Command::Queue(command) => queue(command),
        Command::Setting(command) => match set(command)? {
            Some(text) => say(&text),
            None => Ok(()),
        },
        Command::Policy(Policy::Set { db, file }) => {
            db.open()?.put_policies(&json_file(&file, "--file")?, now)
        }
    }
}

fn queue(command: Queues) -> Result<(), ServerError> {
    match command {
        Queues::Add {
            db,
            id,
            name,
            class,
            sla_s,
        } => db.open()?.put_queue(&QueueInfo {
            id,
            name,
            classes: class,
            pending: 0,
            oldest_at: None,
            sla_s,
            overdue: None,
            unassignable: None,
        }),
        Queues::List(db) => {
            for queue in db.open()?.queues(QueuesAsked::default())? {
                say(&format!("{}\t{}\t{}", queue.id, queue.name, queue.pending))?;
            }
            Ok(())
        }
    }
}

/// One line on standard output, at once.
fn say(line: &str) -> Result<(), ServerError> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")
        .and_then(|()| out.flush())
        .map_err(ServerError::io("writing to standard output"))
}

fn serve_until_told(options: Serve) -> Result<(), ServerError> {
    if !options.listen.ip().is_loopback() && !options.behind_tls_proxy {
        return Err(ServerError::NotLoopback);
    }
    let storage = Arc::new(options.db.open()?);
    let settings = Settings {
        environment: options.environment.into(),
        lease_s: options.lease_s,
        heartbeat_s: options.heartbeat_s,
        duty_contacts: options.duty_contact,
        behind_tls_proxy: options.behind_tls_proxy,
        oidc: options
            .oidc_issuer
            .zip(options.oidc_audience)
            .map(|(issuer, audience)| OidcSettings {
                issuer,
                audience,
                client_id: options.oidc_client_id,
            }),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(ServerError::io("starting"))?;
    runtime.block_on(async {
        let stop = told_to_stop(options.parent_watch)?;
        let listener = TcpListener::bind(options.listen)
            .await
            .map_err(ServerError::io("listening"))?;
        let at = listener
            .local_addr()
            .map_err(ServerError::io("listening"))?;
        if let Some(file) = &options.port_file {
            write_port(file, at.port())?;
        }
        say(&format!("listening on http://{at}"))?;
        serve(listener, settings, storage, Arc::new(SystemClock), stop).await
    })
}
