//! The files in which a platform says what a desk's records do not hold.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use scrim_report::statement::{ItemFacts, PlatformRules};

use crate::cli::Export;
use crate::error::CliError;
use crate::limits::PLATFORM_FILE_BYTES_MAX;

fn opened(path: &Path) -> Result<impl BufRead + use<>, CliError> {
    let file = File::open(path).map_err(CliError::io("opening a file of the platform"))?;
    Ok(BufReader::new(file.take(PLATFORM_FILE_BYTES_MAX)))
}

/// Says where it is wrong, and never what stands there.
fn wrong(what: &'static str, line: usize, column: usize) -> CliError {
    CliError::PlatformFile { what, line, column }
}

/// What the platform says of its policies: one JSON object.
pub(crate) fn rules(options: &Export) -> Result<PlatformRules, CliError> {
    let Some(path) = &options.rules else {
        return Ok(PlatformRules::default());
    };
    serde_json::from_reader(opened(path)?)
        .map_err(|fault| wrong("--rules", fault.line(), fault.column()))
}

/// What the platform says of its items: one JSON object a line, by the item's id.
pub(crate) fn items(options: &Export) -> Result<BTreeMap<String, ItemFacts>, CliError> {
    let mut items = BTreeMap::new();
    let Some(path) = &options.items else {
        return Ok(items);
    };
    for (n, line) in opened(path)?.lines().enumerate() {
        let line = line.map_err(CliError::io("reading a file of the platform"))?;
        if line.trim().is_empty() {
            continue;
        }
        let facts: ItemFacts =
            serde_json::from_str(&line).map_err(|fault| wrong("--items", n + 1, fault.column()))?;
        items.insert(facts.item_id.clone(), facts);
    }
    Ok(items)
}
