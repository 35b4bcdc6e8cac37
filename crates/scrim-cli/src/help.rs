//! What `--help` and the manual pages say beyond the options: examples, exit codes, files, environment.

use clap::{Command, CommandFactory};

use crate::cli::Cli;

/// What is told of one command, and of the commands below it.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Its name; empty for `scrim` itself.
    pub command: &'static str,
    /// What for, and the line.
    pub examples: &'static [(&'static str, &'static str)],
    /// Exit codes that it ends with.
    pub codes: &'static [u8],
    /// Files that it reads or writes, each with a word about it.
    pub files: &'static [(&'static str, &'static str)],
    /// Variables that it looks at, each with a word about it.
    pub environment: &'static [(&'static str, &'static str)],
}

/// What every exit code means.
pub const CODES: [(u8, &str); 11] = [
    (0, "all is well"),
    (1, "something bad was found"),
    (2, "the command was written wrongly"),
    (
        3,
        "scrim smoke only: refused, because the server's environment is not test",
    ),
    (
        4,
        "scrim smoke only: no display, or something else that the real window needs",
    ),
    (65, "a file holds something else than it should"),
    (66, "there is nothing to read"),
    (69, "something is not there, or Scrim runs"),
    (70, "a bug, or a program that Scrim started failed"),
    (74, "reading or writing failed"),
    (77, "that is not allowed"),
];

type Told = (&'static str, &'static str);

const PROFILE: Told = (
    "~/.local/share/scrim",
    "the profile, where --profile names no other folder",
);
const SIGN_IN: Told = (
    "PROFILE/sign-in.json",
    "server, moderator, and the token or that it is kept elsewhere",
);
const RECORDS: Told = ("PROFILE/desks/*/desk.db", "the records, encrypted");
const KEYS: Told = ("PROFILE/keys/*", "the key of the records, or where it is");
const LOG: Told = ("PROFILE/desks/*/exports.log", "one line for each export");
const SEAL: Told = (
    "PROFILE/desks/*/exports.seal",
    "the end of that list, under a key that lies in the records",
);
const LOCK: Told = (
    "PROFILE/agent.lock",
    "held while Scrim runs, and by commands that write",
);
const LISTS: Told = ("PROFILE/hash-lists/*", "imported hash lists");
const MANAGED: Told = (
    "/etc/scrim/managed.toml",
    "what whoever looks after this computer has set",
);
const DATA_HOME: Told = (
    "XDG_DATA_HOME",
    "where the profile is, in the place of ~/.local/share",
);
const BUS: Told = (
    "DBUS_SESSION_BUS_ADDRESS",
    "the session's bus, through which a keyring is reached",
);
const DISPLAYS: Told = (
    "DISPLAY, WAYLAND_DISPLAY",
    "the display on which the window opens",
);
const LOG_LEVEL: Told = (
    "SCRIM_LOG",
    "how much the server says: error, warn, info, debug",
);
const RUNTIME: Told = (
    "XDG_RUNTIME_DIR",
    "set to the folder for temporary files if it is not set",
);

const READS: &[Told] = &[DATA_HOME, BUS];

/// Every command's page, in the order of the commands.
pub const PAGES: &[Page] = &[
    Page {
        command: "",
        examples: &[
            ("Try Scrim out, with generated items", "scrim demo"),
            (
                "Sign in; the token is typed and not shown",
                "scrim sign-in https://queue.example",
            ),
            ("See whether everything works", "scrim doctor"),
            ("Read all of a command's options", "scrim export --help"),
        ],
        codes: &[0, 1, 2, 3, 4, 65, 66, 69, 70, 74, 77],
        files: &[PROFILE, SIGN_IN, RECORDS, KEYS, LOG, LISTS, MANAGED],
        environment: &[DATA_HOME, BUS, DISPLAYS],
    },
    Page {
        command: "demo",
        examples: &[
            ("300 generated items", "scrim demo"),
            (
                "More of them, others, and a folder that is kept",
                "scrim demo --items 1000 --seed 7 --keep /tmp/scrim-demo",
            ),
        ],
        codes: &[0, 2, 69, 70, 74],
        files: &[(
            "DIR/server.json",
            "with --keep: the demo server's address and tokens",
        )],
        environment: &[DISPLAYS, LOG_LEVEL],
    },
    Page {
        command: "sign-in",
        examples: &[
            (
                "With a token from a file",
                "scrim sign-in https://queue.example --token-file token.txt",
            ),
            (
                "With a code at the server's identity issuer",
                "scrim sign-in https://queue.example --oidc",
            ),
            (
                "To a server with a certificate authority of one's own",
                "scrim sign-in https://queue.example --ca team.pem --only-this-ca",
            ),
        ],
        codes: &[0, 1, 2, 69, 74, 77],
        files: &[SIGN_IN, KEYS, MANAGED],
        environment: READS,
    },
    Page {
        command: "sign-out",
        examples: &[("Take the token off this machine", "scrim sign-out")],
        codes: &[0, 2, 66, 74],
        files: &[SIGN_IN],
        environment: &[DATA_HOME],
    },
    Page {
        command: "key",
        examples: &[
            ("Where the key is", "scrim key"),
            ("Put a passphrase before it", "scrim key move passphrase"),
            ("Change it", "scrim key rotate"),
        ],
        codes: &[0, 1, 2, 66, 69, 74, 77],
        files: &[KEYS, RECORDS, LOCK, MANAGED],
        environment: READS,
    },
    Page {
        command: "recover",
        examples: &[
            (
                "What this desk cannot send",
                "scrim recover --out unsent.jsonl",
            ),
            (
                "The same after a sign-out",
                "scrim recover --out unsent.jsonl --server https://queue.example --moderator m1",
            ),
        ],
        codes: &[0, 1, 2, 66, 74, 77],
        files: &[RECORDS, KEYS, LOG],
        environment: READS,
    },
    Page {
        command: "doctor",
        examples: &[
            ("For people", "scrim doctor"),
            ("For scripts", "scrim doctor --json"),
        ],
        codes: &[0, 1, 2, 66, 69, 74, 77],
        files: &[SIGN_IN, RECORDS, KEYS, LISTS, MANAGED],
        environment: &[DATA_HOME, BUS, DISPLAYS],
    },
    Page {
        command: "export",
        examples: &[
            (
                "All decisions of February as a table",
                "scrim export decisions --from 2026-02-01 --to 2026-02-28 --format csv -o february.csv",
            ),
            (
                "A report for people",
                "scrim export stats --from 2026-02-01 --to 2026-02-28 --format html -o february.html",
            ),
            (
                "Statements of reasons for the EU's database",
                "scrim export statements --from 2026-02-01 --to 2026-02-28 --format jsonl --rules rules.json --items items.jsonl -o statements.jsonl",
            ),
            (
                "The team's table for a regulator's report, for leads",
                "scrim export team-regulator --from 2026-01-01 --to 2026-06-30 --format csv --rules rules.json --items items.jsonl -o half-year.csv",
            ),
            (
                "Drafts for an authority about one decision",
                "scrim export evidence --decision ID --reported-on 2026-02-04 -o pack",
            ),
            (
                "Decisions with the name of whoever made them",
                "scrim export decisions --from 2026-02-01 --to 2026-02-28 --format csv -o named.csv --named --reason \"Audit 4/26\"",
            ),
        ],
        codes: &[0, 1, 2, 65, 66, 74, 77],
        files: &[RECORDS, KEYS, LOG],
        environment: READS,
    },
    Page {
        command: "exports",
        examples: &[("What was exported from this desk", "scrim exports")],
        codes: &[0, 1, 2, 66, 74, 77],
        files: &[RECORDS, KEYS, LOG, SEAL],
        environment: READS,
    },
    Page {
        command: "hold",
        examples: &[
            (
                "Keep one record until the hold is lifted",
                "scrim hold set ID --reason \"Case 17/26\"",
            ),
            (
                "Keep what was written, of every record, to the end of the year",
                "scrim hold set --all --part words --until 2026-12-31 --reason \"Order 3/26\"",
            ),
            (
                "Lift it",
                "scrim hold lift hold-4f1a09c2b7de --reason \"Case closed\"",
            ),
            ("All holds", "scrim hold list"),
            (
                "What keeps one record, and until when",
                "scrim hold list ID",
            ),
        ],
        codes: &[0, 1, 2, 66, 69, 74, 77],
        files: &[RECORDS, KEYS, LOCK],
        environment: READS,
    },
    Page {
        command: "reported",
        examples: &[(
            "A report to the CyberTipline",
            "scrim reported ID --to us --on 2026-02-04 --reference 4711",
        )],
        codes: &[0, 1, 2, 66, 69, 74, 77],
        files: &[RECORDS, KEYS, LOCK],
        environment: READS,
    },
    Page {
        command: "erase",
        examples: &[(
            "Erase what the moderator wrote",
            "scrim erase ID --part words",
        )],
        codes: &[0, 1, 2, 66, 69, 74, 77],
        files: &[RECORDS, KEYS, LOCK],
        environment: READS,
    },
    Page {
        command: "exposure",
        examples: &[
            ("A table", "scrim exposure"),
            ("For scripts", "scrim exposure --json"),
        ],
        codes: &[0, 1, 2, 66, 69, 74, 77],
        files: &[SIGN_IN, KEYS, MANAGED],
        environment: READS,
    },
    Page {
        command: "hash-list",
        examples: &[
            (
                "Import a list",
                "scrim hash-list import list.csv --name \"Team list\"",
            ),
            ("Which lists there are", "scrim hash-list list"),
            ("Remove one", "scrim hash-list remove \"Team list\""),
        ],
        codes: &[0, 1, 2, 65, 66, 74],
        files: &[LISTS],
        environment: &[DATA_HOME],
    },
    Page {
        command: "verify",
        examples: &[
            ("Every entry", "scrim verify"),
            ("What came since the last time", "scrim verify --new"),
            (
                "With the end of the chain, as the queue server saw it",
                "scrim verify --online",
            ),
        ],
        codes: &[0, 1, 2, 66, 69, 74, 77],
        files: &[
            RECORDS,
            KEYS,
            (
                "PROFILE/desks/*/desk.whole",
                "how far all was well the last time",
            ),
        ],
        environment: READS,
    },
    Page {
        command: "backup",
        examples: &[("A copy on another disk", "scrim backup /media/backup/scrim")],
        codes: &[0, 1, 2, 66, 74, 77],
        files: &[RECORDS, KEYS],
        environment: READS,
    },
    Page {
        command: "smoke",
        examples: &[(
            "All journeys, with a file for CI",
            "scrim smoke --junit junit.xml --screenshots shots",
        )],
        codes: &[0, 1, 2, 3, 4, 69, 70],
        files: &[],
        environment: &[RUNTIME],
    },
];

impl Page {
    /// The lines for the command of that path, such as `scrim key move`: its own and those of the commands below it.
    #[must_use]
    pub fn examples_of(&self, path: &str) -> Vec<Told> {
        let is_below = |line: &str| {
            let rest = line.strip_prefix(path);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let examples = self.examples.iter().copied();
        examples.filter(|(_, line)| is_below(line)).collect()
    }
}

/// The page of the command with that path, such as `scrim key move`.
#[must_use]
pub fn page_of(path: &str) -> Option<&'static Page> {
    let name = path.split(' ').nth(1).unwrap_or_default();
    PAGES.iter().find(|page| page.command == name)
}

/// Every command and option, with what stands on the pages.
#[must_use]
pub fn command() -> Command {
    told(Cli::command(), "scrim")
}

fn told(command: Command, path: &str) -> Command {
    let below: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    let command = below.into_iter().fold(command, |command, name| {
        let path = format!("{path} {name}");
        command.mut_subcommand(name, |sub| told(sub, &path))
    });
    match page_of(path) {
        Some(page) => command.after_long_help(text(page, path)),
        None => command,
    }
}

fn text(page: &Page, path: &str) -> String {
    let mut text = String::new();
    let mut part = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let blank = if text.is_empty() { "" } else { "\n" };
            text.push_str(&format!("{blank}{title}:\n{}", lines.concat()));
        }
    };
    let line = |(what, line): (&str, &str)| format!("  {what}:\n      {line}\n");
    let named = |(name, what): &Told| format!("  {name}\n      {what}\n");
    let code = |code: &u8| {
        let meant = CODES.iter().find(|(known, _)| known == code);
        format!("  {code:<3} {}\n", meant.map_or("", |(_, what)| what))
    };
    part(
        "Examples",
        page.examples_of(path).into_iter().map(line).collect(),
    );
    part("Exit codes", page.codes.iter().map(code).collect());
    part("Files", page.files.iter().map(named).collect());
    part("Environment", page.environment.iter().map(named).collect());
    text
}
