//! One manual page.

use std::io::Result;

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use scrim_cli::help::{CODES, Page};

/// The page of `command`, which has that path, in the language of `man`.
pub(crate) fn page(command: &Command, path: &str, told: Option<&Page>) -> Result<Vec<u8>> {
    let name = path.replace(' ', "-");
    // What `--help` says at its end stands in sections of its own here.
    let man = Man::new(command.clone().after_long_help(None).after_help(None))
        .title(name.to_uppercase())
        .manual("Scrim's manual")
        .source("Scrim")
        // In the date's place: the same sources give the same page.
        .date(concat!("version ", env!("CARGO_PKG_VERSION")));
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_description_section(&mut out)?;
    if command.get_arguments().next().is_some() {
        man.render_options_section(&mut out)?;
    }
    if command.has_subcommands() {
        man.render_subcommands_section(&mut out)?;
    }
    if let Some(told) = told {
        sections(told, path).to_writer(&mut out)?;
    }
    Ok(out)
}

fn sections(told: &Page, path: &str) -> Roff {
    let mut roff = Roff::new();
    let examples = told.examples_of(path);
    if !examples.is_empty() {
        roff.control("SH", ["EXAMPLES"]);
    }
    for (what, line) in examples {
        roff.control("TP", []);
        roff.text([roman(format!("{what}:"))]);
        // As it is, so that it can be copied.
        roff.control("EX", []);
        roff.text([bold(line)]);
        roff.control("EE", []);
    }
    roff.control("SH", ["EXIT STATUS"]);
    for code in told.codes {
        let meant = CODES.iter().find(|(known, _)| known == code);
        roff.control("TP", []);
        roff.text([bold(code.to_string())]);
        roff.text([roman(meant.map_or("", |(_, what)| *what))]);
    }
    for (title, rows) in [("FILES", told.files), ("ENVIRONMENT", told.environment)] {
        if rows.is_empty() {
            continue;
        }
        roff.control("SH", [title]);
        for (name, what) in rows {
            roff.control("TP", []);
            roff.text([bold(*name)]);
            roff.text([roman(*what)]);
        }
    }
    roff
}
