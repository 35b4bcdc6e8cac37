//! Manual pages and shell completions of Scrim's programs, made from the same tables as their `--help`.
//!
//! Called by `packaging/linux/build`, and by nothing that ships. It must never write anything that a program's own
//! `--help` does not say, but for `scrim-agent` and `scrim-server`, whose examples stand here.

mod others;
mod page;

pub use others::page_of;

use std::io::{Error, Result};
use std::path::Path;

use clap::Command;
use clap_complete::{Shell, generate_to};

/// Programs with pages, in order, with all their commands built.
#[must_use]
pub fn programs() -> Vec<Command> {
    let programs = [
        scrim_cli::help::command(),
        others::agent(),
        others::server(),
    ];
    let built = |mut program: Command| {
        program.build();
        program
    };
    programs.into_iter().map(built).collect()
}

/// The commands of a program with the path of each, such as `scrim key move`, without the help that clap adds.
#[must_use]
pub fn commands(program: &Command) -> Vec<(String, &Command)> {
    let mut found = Vec::new();
    add(program, program.get_name().to_owned(), &mut found);
    found
}

fn add<'a>(command: &'a Command, path: String, found: &mut Vec<(String, &'a Command)>) {
    found.push((path.clone(), command));
    for sub in command.get_subcommands() {
        if sub.get_name() != "help" {
            add(sub, format!("{path} {}", sub.get_name()), found);
        }
    }
}

/// Writes every page and completion into `folder`: `man1/NAME.1`, `bash/NAME`, `zsh/_NAME`, `fish/NAME.fish`.
///
/// # Errors
/// What the disk said.
pub fn write_all(folder: &Path) -> Result<()> {
    for name in ["man1", "bash", "zsh", "fish"] {
        std::fs::create_dir_all(folder.join(name))?;
    }
    for program in programs() {
        for (path, command) in commands(&program) {
            let file = format!("man1/{}.1", path.replace(' ', "-"));
            let page = page::page(command, &path, others::page_of(&path))?;
            std::fs::write(folder.join(file), page)?;
        }
        complete(&program, folder)?;
    }
    Ok(())
}

fn complete(program: &Command, folder: &Path) -> Result<()> {
    let name = program.get_name().to_owned();
    for (shell, place) in [
        (Shell::Bash, "bash"),
        (Shell::Zsh, "zsh"),
        (Shell::Fish, "fish"),
    ] {
        let folder = folder.join(place);
        let mut program = program.clone();
        let made = generate_to(shell, &mut program, &name, &folder).map_err(Error::other)?;
        if shell == Shell::Bash {
            // bash-completion looks for the program's bare name.
            std::fs::rename(made, folder.join(&name))?;
        }
    }
    Ok(())
}
