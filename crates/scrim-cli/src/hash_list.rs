//! `scrim hash-list`: hashes of others, imported for this profile's desk.

use std::fs::File;
use std::io::BufReader;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use scrim_media::import_to;
use scrim_runtime::{FoundList, Profile, lists_folder, lists_in};

use crate::Found;
use crate::cli::{self, HashListDoes};
use crate::doctor_report::Report;
use crate::error::CliError;
use crate::others::Profiles;
use crate::terminal::say;

pub(crate) fn run(profiles: &Profiles, options: &cli::HashList) -> Result<Found, CliError> {
    match &options.does {
        HashListDoes::Import { file, name } => import(&profiles.make()?, file, name),
        HashListDoes::List => list(&profiles.existing()?),
        HashListDoes::Remove { name } => remove(&profiles.existing()?, name),
    }
}

fn import(profile: &Profile, file: &Path, name: &str) -> Result<Found, CliError> {
    let text = File::open(file).map_err(CliError::io("opening the list"))?;
    let folder = lists_folder(profile.folder());
    let made = std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder);
    made.map_err(CliError::io("making the folder of lists"))?;
    let place = place_of(&folder, name)?.unwrap_or_else(|| next_place(&folder));
    let imported = import_to(BufReader::new(text), name, &place)?;
    let [sha256, sha1, md5, pdq] = imported.counts;
    say(&format!(
        "Imported \u{201c}{name}\u{201d}: {sha256} SHA-256, {sha1} SHA-1, {md5} MD5, {pdq} PDQ; {} lines were there twice.",
        imported.repeated
    ))?;
    say(
        "It counts from the next start of Scrim on. Only equal SHA-256 may be decided without loading; all others are hints.",
    )?;
    Ok(Found::AllWell)
}

fn list(profile: &Profile) -> Result<Found, CliError> {
    let lists = all(&lists_folder(profile.folder()))?;
    if lists.is_empty() {
        say("No hash list is imported.")?;
    }
    let mut found = Found::AllWell;
    for (place, list) in lists {
        match list {
            Ok(list) => {
                let [sha256, sha1, md5, pdq] = list.counts();
                let name = list.name();
                say(&format!(
                    "{name}: {sha256} SHA-256, {sha1} SHA-1, {md5} MD5, {pdq} PDQ"
                ))?;
            }
            Err(fault) => {
                found = Found::SomethingBad;
                say(&format!("{}: {fault}", place.display()))?;
            }
        }
    }
    Ok(found)
}

fn remove(profile: &Profile, name: &str) -> Result<Found, CliError> {
    let folder = lists_folder(profile.folder());
    let Some(place) = place_of(&folder, name)? else {
        say("No hash list has that name. Nothing was changed.")?;
        return Ok(Found::SomethingBad);
    };
    std::fs::remove_file(place).map_err(CliError::io("removing the list"))?;
    say(&format!(
        "Removed \u{201c}{name}\u{201d}. A Scrim that runs uses it until it is started again."
    ))?;
    Ok(Found::AllWell)
}

fn all(folder: &Path) -> Result<Vec<FoundList>, CliError> {
    lists_in(folder).map_err(CliError::io("reading the folder of lists"))
}

/// The file of the list with this name.
fn place_of(folder: &Path, name: &str) -> Result<Option<PathBuf>, CliError> {
    let is_it = |(_, list): &FoundList| list.as_ref().is_ok_and(|list| list.name() == name);
    Ok(all(folder)?.into_iter().find(is_it).map(|(place, _)| place))
}

/// A file that is not there yet.
fn next_place(folder: &Path) -> PathBuf {
    let places = (1_u32..).map(|n| folder.join(format!("{n}.hashes")));
    let mut free = places.filter(|place| !place.exists());
    free.next().unwrap_or_else(|| folder.join("0.hashes"))
}

/// For the doctor.
pub(crate) fn look(report: &mut Report, profile: &Profile) {
    let lists = match all(&lists_folder(profile.folder())) {
        Ok(lists) if lists.is_empty() => return,
        Ok(lists) => lists,
        Err(fault) => return report.broken("hash_lists", fault.to_string()),
    };
    for (place, list) in lists {
        match list {
            Ok(list) => {
                let sum: u64 = list.counts().iter().sum();
                let name = list.name();
                report.good(
                    "hash_lists",
                    format!("Hash list \u{201c}{name}\u{201d}: {sum} hashes."),
                );
            }
            Err(fault) => {
                let place = place.display();
                report.broken("hash_lists", format!("{fault} ({place})"));
            }
        }
    }
}
