//! Putting a desk together for a profile, on this machine's clocks and disks.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use scrim_media::{Pool, PoolSettings};
use scrim_queue::{HttpQueue, Origin, OriginRefused, QueueServer};
use scrim_store::{Opening, Store, StoreError};
use thiserror::Error;

use crate::clock::{Clock, Randomness, SystemClock, SystemRandomness};
use crate::keys::{KeyError, records_key};
use crate::managed;
use crate::profile::{Profile, ProfileError};
use crate::runtime::{Hooks, Parts};

/// Why a desk cannot be put together.
#[derive(Debug, Error)]
pub enum AssembleError {
    /// The profile.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The key of the records.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The records.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stored server address.
    #[error(transparent)]
    Origin(#[from] OriginRefused),
}

/// Parts for `profile` with the decode worker at `worker`. Without a sign-in the desk has neither
/// store nor queue and says "signed out". The second value is the name of a damaged database that
/// was set aside, if one was.
///
/// # Errors
/// [`AssembleError`]; nothing was changed then.
pub fn assemble(
    profile: &Profile,
    worker: PathBuf,
    hooks: Hooks,
) -> Result<(Parts, Option<String>), AssembleError> {
    let clock = SystemClock;
    let mut set_aside = None;
    let (mut store, mut queue): (_, Option<Arc<dyn QueueServer>>) = (None, None);
    if let Some(sign_in) = profile.sign_in()? {
        let origin = Origin::parse(&sign_in.origin)?;
        let (mut opened, how) = {
            let key = records_key(profile, &sign_in)?;
            Store::open(&profile.store_folder(&sign_in), &key, clock.now().utc())?
        };
        if let Opening::SetAside { file_name } = how {
            set_aside = Some(file_name);
        }
        let desk = opened.desk_id(|| SystemRandomness.id())?;
        store = Some(opened);
        queue = Some(Arc::new(
            HttpQueue::new(origin, &sign_in.token).for_desk(desk),
        ));
    }
    let parts = Parts {
        clock: Box::new(clock),
        randomness: Box::new(SystemRandomness),
        store,
        queue,
        managed: managed::read(Path::new(managed::FILE), managed::ROOT),
        pool: Arc::new(Pool::new(PoolSettings::new(worker))),
        hooks,
    };
    Ok((parts, set_aside))
}
