//! Putting a desk together for a profile, on this machine's clocks and disks.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use scrim_media::{Pool, PoolSettings};
use scrim_queue::{HttpQueue, Origin, OriginRefused};
use scrim_store::{Opening, Store, StoreError};
use scrim_wire::window::Secret;
use thiserror::Error;

use crate::clock::{Clock, Randomness, SystemClock, SystemRandomness};
use crate::keys::{KeyError, records_key};
use crate::managed;
use crate::profile::{Profile, ProfileError, SignIn};
use crate::runtime::{Hooks, Parts};
use crate::source::{Found, Opened, PassphraseStands, Source};

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
    let mut source = ProfileSource {
        profile: profile.clone(),
        opened: None,
        set_aside: None,
    };
    let (mut store, mut queue, mut passphrase) = (None, None, PassphraseStands::Unset);
    match source.open(None)? {
        Found::Nobody => {}
        Found::Sealed => passphrase = PassphraseStands::Sealed,
        Found::Open(opened) => {
            store = Some(opened.store);
            queue = Some(opened.queue);
            if opened.has_passphrase {
                passphrase = PassphraseStands::Set;
            }
        }
    }
    let set_aside = source.set_aside.take();
    let parts = Parts {
        clock: Box::new(SystemClock),
        randomness: Box::new(SystemRandomness),
        store,
        queue,
        managed: managed::read(Path::new(managed::FILE), managed::ROOT),
        source: Some(Box::new(source)),
        passphrase,
        pool: Arc::new(Pool::new(PoolSettings::new(worker))),
        hooks,
    };
    Ok((parts, set_aside))
}

/// Sign-ins of a profile.
struct ProfileSource {
    profile: Profile,
    /// The sign-in that was opened last.
    opened: Option<SignIn>,
    /// A damaged database that was set aside at that.
    set_aside: Option<String>,
}

impl Source for ProfileSource {
    fn open(&mut self, _typed: Option<&Secret>) -> Result<Found, AssembleError> {
        self.opened = self.profile.sign_in()?;
        let Some(sign_in) = &self.opened else {
            return Ok(Found::Nobody);
        };
        let origin = Origin::parse(&sign_in.origin)?;
        let now = SystemClock.now().utc();
        let (mut store, how) = {
            let key = records_key(&self.profile, sign_in)?;
            Store::open(&self.profile.store_folder(sign_in), &key, now)?
        };
        if let Opening::SetAside { file_name } = how {
            tracing::error!(
                file_name,
                "The records were damaged. They were renamed, not deleted; tell your team lead before you go on."
            );
            self.set_aside = Some(file_name);
        }
        let desk = store.desk_id(|| SystemRandomness.id())?;
        let queue = HttpQueue::new(origin, &sign_in.token).for_desk(desk);
        Ok(Found::Open(Box::new(Opened {
            store,
            queue: Arc::new(queue),
            has_passphrase: false,
        })))
    }

    fn has_changed(&self) -> bool {
        // What cannot be read is no other sign-in.
        self.profile.sign_in().is_ok_and(|now| now != self.opened)
    }

    fn is_passphrase(&self, _typed: &Secret) -> bool {
        false
    }

    fn forget_token(&mut self) -> Result<(), AssembleError> {
        self.opened = None;
        Ok(self.profile.forget_sign_in()?)
    }
}
