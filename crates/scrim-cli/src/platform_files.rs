//! The files in which a platform says what a desk's records do not hold.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Take};
use std::path::Path;

use scrim_report::statement::{ItemFacts, PlatformRules};

use crate::cli::Export;
use crate::error::CliError;
use crate::limits::PLATFORM_FILE_BYTES_MAX;

/// One of them, and the option that names it.
struct PlatformFile {
    what: &'static str,
    text: BufReader<Take<File>>,
}

impl PlatformFile {
    fn open(what: &'static str, path: &Path) -> Result<Self, CliError> {
        let file = File::open(path).map_err(unread(what))?;
        let bytes = file.metadata().map_err(unread(what))?.len();
        if bytes > PLATFORM_FILE_BYTES_MAX {
            return Err(CliError::PlatformFileTooLarge { what });
        }
        // By the byte more a pipe, and a file that grows meanwhile, are found to be too large.
        let text = BufReader::new(file.take(PLATFORM_FILE_BYTES_MAX + 1));
        Ok(Self { what, text })
    }

    /// What was read of it, if that is all of it.
    fn whole<T>(&self, read: Result<T, CliError>) -> Result<T, CliError> {
        match self.text.get_ref().limit() {
            0 => Err(CliError::PlatformFileTooLarge { what: self.what }),
            _ => read,
        }
    }
}

fn unread(what: &'static str) -> impl FnOnce(std::io::Error) -> CliError {
    move |error| CliError::PlatformFileUnread {
        what,
        kind: error.kind(),
    }
}

/// Says where it is wrong, and never what stands there.
fn wrong(what: &'static str, line: usize, fault: &serde_json::Error) -> CliError {
    match fault.io_error_kind() {
        Some(kind) => CliError::PlatformFileUnread { what, kind },
        None => CliError::PlatformFile {
            what,
            line,
            column: fault.column(),
        },
    }
}

/// What the platform says of its policies: one JSON object.
pub(crate) fn rules(options: &Export) -> Result<PlatformRules, CliError> {
    let Some(path) = &options.rules else {
        return Ok(PlatformRules::default());
    };
    let mut file = PlatformFile::open("--rules", path)?;
    let read = serde_json::from_reader(&mut file.text);
    file.whole(read.map_err(|fault| wrong("--rules", fault.line(), &fault)))
}

/// What the platform says of its items: one JSON object a line, by the item's id.
pub(crate) fn items(options: &Export) -> Result<BTreeMap<String, ItemFacts>, CliError> {
    let Some(path) = &options.items else {
        return Ok(BTreeMap::new());
    };
    let mut file = PlatformFile::open("--items", path)?;
    let read = each_item(&mut file.text);
    file.whole(read)
}

fn each_item(text: &mut impl BufRead) -> Result<BTreeMap<String, ItemFacts>, CliError> {
    let mut items = BTreeMap::new();
    for (n, line) in text.lines().enumerate() {
        let line = line.map_err(unread("--items"))?;
        if line.trim().is_empty() {
            continue;
        }
        let facts: ItemFacts =
            serde_json::from_str(&line).map_err(|fault| wrong("--items", n + 1, &fault))?;
        items.insert(facts.item_id.clone(), facts);
    }
    Ok(items)
}
