//! Hash lists of this profile: opened by the first who asks, then only read.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use scrim_media::{HashList, ListError, Listed};
use scrim_model::FileHashes;
use scrim_model::item::{Known, KnownMatch};
use scrim_wire::call::ClaimsTaken;

/// How the files of imported lists end.
const ENDING: &str = "hashes";

/// The lists of a profile, or none.
#[derive(Debug, Default)]
pub struct Lists {
    folder: Option<PathBuf>,
    open: OnceLock<Vec<HashList>>,
}

/// Where lists are in a profile's folder.
#[must_use]
pub fn lists_folder(profile: &Path) -> PathBuf {
    profile.join("hash-lists")
}

/// A list's file; open, or why not.
pub type FoundList = (PathBuf, Result<HashList, ListError>);

/// Every list in `folder`, by the names of their files: open, or why not. Empty if there is no such folder.
///
/// # Errors
/// The folder is there and cannot be read.
pub fn lists_in(folder: &Path) -> Result<Vec<FoundList>, std::io::Error> {
    let entries = match std::fs::read_dir(folder) {
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut places = Vec::new();
    for entry in entries {
        let place = entry?.path();
        if place.extension().is_some_and(|ending| ending == ENDING) {
            places.push(place);
        }
    }
    places.sort();
    let opened = places.into_iter().map(|place| {
        let list = HashList::open(&place);
        (place, list)
    });
    Ok(opened.collect())
}

impl Lists {
    /// Those in `folder`, which need not exist.
    #[must_use]
    pub fn in_folder(folder: PathBuf) -> Self {
        Self {
            folder: Some(folder),
            open: OnceLock::new(),
        }
    }

    /// Whoever asks first waits until they are open. What cannot be used is logged, and said by `scrim doctor`.
    fn all(&self) -> &[HashList] {
        self.open.get_or_init(|| {
            let found = self.folder.as_deref().map_or(Ok(Vec::new()), lists_in);
            let found = found.unwrap_or_else(|fault| {
                tracing::error!(kind = ?fault.kind(), "the folder of hash lists cannot be read");
                Vec::new()
            });
            let usable = found.into_iter().filter_map(|(_, list)| {
                list.inspect_err(|fault| tracing::error!(%fault, "a hash list"))
                    .ok()
            });
            usable.collect()
        })
    }

    /// Marks media whose SHA-256, as the server names it, is on a list: they need not be loaded.
    pub(crate) fn mark(&self, taken: &mut ClaimsTaken) {
        for claim in &mut taken.claims {
            for medium in &mut claim.item.media {
                let is_exact = |known: &Known| known.match_kind == KnownMatch::Exact;
                let (false, Some(sha256)) =
                    (medium.known.as_ref().is_some_and(is_exact), &medium.sha256)
                else {
                    continue;
                };
                let on = |list: &&HashList| told(list.has_sha256(sha256)).unwrap_or(false);
                if let Some(list) = self.all().iter().find(on) {
                    medium.known = Some(known(list, Listed::Exact));
                }
            }
        }
    }

    /// How a medium stands on the lists, closest first.
    pub(crate) fn find(&self, hashes: &FileHashes) -> Option<Known> {
        let found = self.all().iter().filter_map(|list| {
            let listed = told(list.find(hashes)).flatten()?;
            Some((listed, list))
        });
        let (listed, list) = found.min_by_key(|(listed, _)| *listed)?;
        Some(known(list, listed))
    }
}

fn known(list: &HashList, listed: Listed) -> Known {
    let (match_kind, distance) = match listed {
        Listed::Exact => (KnownMatch::Exact, None),
        Listed::Near(distance) => (KnownMatch::Near, Some(distance)),
    };
    Known {
        list: list.name().to_owned(),
        match_kind,
        distance,
    }
}

fn told<T>(looked: Result<T, ListError>) -> Option<T> {
    looked
        .inspect_err(|fault| tracing::error!(%fault, "a hash list"))
        .ok()
}
