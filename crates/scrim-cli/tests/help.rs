//! Nothing is left without a word, and every example is one that works.
#![allow(clippy::unwrap_used, reason = "tests")]

use clap::Command;
use scrim_cli::help::{CODES, PAGES, Page, command, page_of};

fn each(command: &Command, path: &str, visit: &mut dyn FnMut(&Command, &str)) {
    visit(command, path);
    for sub in command.get_subcommands() {
        each(sub, &format!("{path} {}", sub.get_name()), visit);
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
fn every_command_and_every_option_says_what_it_is_for() {
    let mut count = 0;
    each(&command(), "scrim", &mut |command, path| {
        assert!(command.get_about().is_some(), "{path}");
        for option in command.get_arguments() {
            let help = option.get_help().map(ToString::to_string);
            let help = help.unwrap_or_default();
            assert!(!help.is_empty(), "{path}: {}", option.get_id());
            for value in option.get_possible_values() {
                let is_flag = ["true", "false"].contains(&value.get_name());
                assert!(is_flag || value.get_help().is_some(), "{path}: {value:?}");
            }
            count += 1;
        }
    });
    assert!(count > 50, "{count}");
}

#[test]
fn every_command_has_examples_exit_codes_and_what_it_touches() {
    let mut pages = 0;
    each(&command(), "scrim", &mut |command, path| {
        let page = page_of(path).unwrap_or_else(|| panic!("no page of {path}"));
        assert!(!page.examples_of(path).is_empty(), "{path}");
        let told = command.get_after_long_help().unwrap().to_string();
        for part in ["Examples:", "Exit codes:", "Environment:"] {
            assert!(told.contains(part), "{path}: {part}");
        }
        pages += usize::from(path.matches(' ').count() < 2);
    });
    assert_eq!(pages, PAGES.len(), "a page of a command that is not there");
    for page in PAGES {
        let known = page
            .codes
            .iter()
            .all(|code| CODES.iter().any(|c| c.0 == *code));
        assert!(known && page.codes.is_sorted(), "{}", page.command);
        // Every command can be written wrongly.
        assert!(page.codes.starts_with(&[0]), "{}", page.command);
        assert!(page.codes.contains(&2), "{}", page.command);
    }
    let all = page_of("scrim").unwrap().codes;
    assert!(CODES.iter().map(|(code, _)| code).eq(all), "{all:?}");
}

#[test]
fn whatever_opens_the_records_may_find_them_damaged_or_not_be_allowed_to() {
    let opens = |page: &&Page| {
        let mut files = page.files.iter();
        files.any(|(file, _)| file.starts_with("PROFILE/keys/"))
    };
    for page in PAGES.iter().filter(opens) {
        for code in [1, 77] {
            assert!(page.codes.contains(&code), "{}: {code}", page.command);
        }
    }
}

#[test]
fn every_example_is_taken() {
    for page in PAGES {
        for (_, line) in page.examples {
            let taken = command().try_get_matches_from(words(line));
            let is_help = line.ends_with("--help");
            assert!(taken.is_ok() || is_help, "{line}: {:?}", taken.err());
        }
    }
}

#[test]
fn help_of_a_command_below_another_shows_its_own_examples() {
    let page = page_of("scrim key move").unwrap();
    let lines = page.examples_of("scrim key move");
    assert_eq!(lines.len(), 1);
    assert_eq!(page_of("scrim").unwrap().examples_of("scrim").len(), 4);
    assert_eq!(
        page_of("scrim key").unwrap().examples_of("scrim key").len(),
        3
    );
}
