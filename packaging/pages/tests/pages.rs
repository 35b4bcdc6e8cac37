//! Every page is a page and every completion is a script, by the programs that will read them.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::Command;

use scrim_pages::{commands, page_of, programs, write_all};

fn written() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write_all(folder.path()).unwrap();
    folder
}

fn files(folder: &Path, kind: &str) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder.join(kind)).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

/// As `man` shows it, without styles; what it warns of is a failure.
fn shown(page: &Path) -> String {
    let output = Command::new("man")
        .args(["--warnings=w", "--encoding=UTF-8", "--local-file"])
        .arg(page)
        .env("MANWIDTH", "100")
        .env("MANPAGER", "cat")
        .env("LC_ALL", "C.UTF-8")
        .env("GROFF_NO_SGR", "1")
        .env("MAN_KEEP_FORMATTING", "")
        .output()
        .expect("man is there: ./dev installs man-db");
    let complaints = String::from_utf8_lossy(&output.stderr);
    let name = page.display();
    assert!(output.status.success(), "{name}: {complaints}");
    assert_eq!(complaints, "", "{name}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_command_and_option_of_every_program_says_what_it_is_for() {
    for program in programs() {
        for (path, command) in commands(&program) {
            assert!(command.get_about().is_some(), "{path}");
            for option in command.get_arguments() {
                let help = option.get_help().map(ToString::to_string);
                let help = help.unwrap_or_default();
                assert!(!help.is_empty(), "{path}: {}", option.get_id());
            }
        }
    }
}

/// As a shell would, as far as the examples need it.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    let words = parts.flat_map(|(n, part)| match n % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

#[test]
fn every_example_of_every_page_is_taken_by_its_program() {
    for program in programs() {
        let page = page_of(program.get_name()).unwrap();
        for (_, line) in page.examples {
            let taken = program.clone().try_get_matches_from(words(line));
            assert!(
                taken.is_ok() || line.ends_with("--help"),
                "{line}: {:?}",
                taken.err()
            );
        }
    }
}

#[test]
fn man_shows_every_page_without_a_warning_and_with_every_section() {
    let folder = written();
    let mut expected = 0;
    for program in programs() {
        for (path, command) in commands(&program) {
            let name = path.replace(' ', "-");
            let text = shown(&folder.path().join(format!("man1/{name}.1")));
            for part in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "EXIT STATUS"] {
                assert!(
                    text.contains(&format!("\n{part}\n")),
                    "{name}: {part}\n{text}"
                );
            }
            // Lines are filled with blanks.
            let filled: Vec<&str> = text.split_whitespace().collect();
            let filled = filled.join(" ");
            assert!(filled.contains(&format!("{name} - ")), "{name}\n{text}");
            for (_, line) in page_of(&path).unwrap().examples_of(&path) {
                assert!(text.contains(line), "{name}: {line}\n{text}");
            }
            for option in command.get_arguments() {
                if let Some(long) = option.get_long() {
                    assert!(text.contains(&format!("--{long}")), "{name}: --{long}");
                }
            }
            expected += 1;
        }
    }
    assert_eq!(files(folder.path(), "man1").len(), expected);
}

#[test]
fn pages_and_completions_are_the_same_every_time() {
    let (one, two) = (written(), written());
    for kind in ["man1", "bash", "zsh", "fish"] {
        let (ones, twos) = (files(one.path(), kind), files(two.path(), kind));
        assert_eq!(ones.len(), twos.len());
        for (a, b) in ones.iter().zip(&twos) {
            assert_eq!(a.file_name(), b.file_name());
            assert!(std::fs::read(a).unwrap() == std::fs::read(b).unwrap());
        }
    }
}

#[test]
fn bash_reads_its_completions_and_completes_with_them() {
    let folder = written();
    for file in files(folder.path(), "bash") {
        let output = Command::new("bash").arg("-n").arg(&file).output().unwrap();
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {complaints}", file.display());
    }
    // What a person gets who types `scrim exp` and the tabulator.
    let script = "source \"$1\"; COMP_WORDS=(scrim exp); COMP_CWORD=1; _scrim scrim exp scrim; printf '%s\\n' \"${COMPREPLY[@]}\"";
    let output = Command::new("bash")
        .args(["--norc", "-c", script, "bash"])
        .arg(folder.path().join("bash/scrim"))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let found: Vec<&str> = said.lines().collect();
    assert_eq!(found, ["export", "exports", "exposure"]);
}

#[test]
fn every_shell_is_told_every_command() {
    let folder = written();
    for program in programs() {
        let name = program.get_name();
        for file in [
            format!("bash/{name}"),
            format!("zsh/_{name}"),
            format!("fish/{name}.fish"),
        ] {
            let text = std::fs::read_to_string(folder.path().join(&file)).unwrap();
            for sub in program.get_subcommands() {
                assert!(text.contains(sub.get_name()), "{file}: {}", sub.get_name());
            }
        }
    }
}
