//! Putting a desk together for a profile, on this machine's clocks and disks.

use std::path::PathBuf;
use std::sync::Arc;

use directories::UserDirs;
use scrim_media::{Pool, PoolSettings};
use scrim_queue::Origin;
use scrim_store::Opening;
use scrim_wire::window::Secret;

use crate::clock::{Clock, Randomness, SystemClock, SystemRandomness};
use crate::connection::{closed, queue_of};
use crate::exports_end::look_at_exports;
use crate::keys::{KeyError, KeyPlace, Keys, SignInMark, sign_in_mark, with_token};
use crate::limits::{LOOK_THREADS, MEDIA_THREADS};
use crate::lists::{Lists, lists_folder};
use crate::managed::Managed;
use crate::profile::{Profile, ProfileError, SignIn};
use crate::runtime::{Hooks, Parts};
use crate::source::{AssembleError, Found, Opened, PassphraseStands, Source};

/// What is to be said of a desk besides its parts.
#[derive(Debug, Default)]
pub struct Told {
    /// The name of a damaged database that was set aside.
    pub set_aside: Option<String>,
    /// Why the records of whoever is signed in stay shut: their key cannot be had. For
    /// [`crate::blocked`].
    pub blocked: Option<String>,
}

/// Parts for `profile` with the decode worker at `worker`. Without a sign-in, or without the key of
/// its records, the desk has neither store nor queue.
///
/// # Errors
/// [`AssembleError`]; nothing was changed then.
pub fn assemble(
    profile: &Profile,
    worker: PathBuf,
    hooks: Hooks,
) -> Result<(Parts, Told), AssembleError> {
    let managed = Managed::of_this_computer();
    let (lists, waived) = (lists_folder(profile.folder()), managed.waived());
    let mut source = ProfileSource {
        profile: profile.clone(),
        managed: managed.clone(),
        opened: None,
        set_aside: None,
    };
    let (mut store, mut queue, mut passphrase) = (None, None, PassphraseStands::Unset);
    let mut told = Told::default();
    let found = match source.open(None) {
        Err(AssembleError::Key(why)) => {
            told.blocked = Some(why.to_string());
            Found::Nobody
        }
        found => found?,
    };
    match found {
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
    told.set_aside = source.set_aside.take();
    let parts = Parts {
        clock: Box::new(SystemClock),
        randomness: Box::new(SystemRandomness),
        store,
        queue,
        managed: managed.found,
        source: Some(Box::new(source)),
        passphrase,
        pool: Arc::new(Pool::new(PoolSettings {
            waived,
            spares: MEDIA_THREADS + LOOK_THREADS,
            ..PoolSettings::new(worker)
        })),
        lists: Arc::new(Lists::in_folder(lists)),
        reports: documents(),
        hooks,
    };
    Ok((parts, told))
}

/// Sign-ins of a profile.
struct ProfileSource {
    profile: Profile,
    managed: Managed,
    /// The sign-in that was opened last, as it lay on the disk.
    opened: Option<SignInMark>,
    /// A damaged database that was set aside at that.
    set_aside: Option<String>,
}

impl ProfileSource {
    fn keys(&self) -> Result<Option<(SignIn, Keys)>, ProfileError> {
        let sign_in = self.profile.sign_in()?;
        Ok(sign_in.map(|sign_in| {
            let keys = Keys::under(&self.profile, &sign_in, &self.managed);
            (sign_in, keys)
        }))
    }
}

impl Source for ProfileSource {
    fn open(&mut self, typed: Option<&Secret>) -> Result<Found, AssembleError> {
        self.opened = sign_in_mark(&self.profile)?;
        let Some((sign_in, keys)) = self.keys()? else {
            return Ok(Found::Nobody);
        };
        let origin = Origin::parse(&sign_in.origin)?;
        let folder = self.profile.store_folder(&sign_in);
        let opened = keys.open(&folder, typed, SystemClock.now().utc());
        let (mut store, how, key) = match opened {
            Err(KeyError::NeedsPassphrase | KeyError::WrongPassphrase) => return Ok(Found::Sealed),
            Err(KeyError::Store(fault)) => return Err(fault.into()),
            opened => opened?,
        };
        if let Opening::SetAside(told) = how {
            tracing::error!(
                told.file_name,
                told.saved,
                told.lost_known,
                "The records were damaged. They were renamed, not deleted; tell your team lead before you go on."
            );
            self.set_aside = Some(told.file_name);
        }
        let desk = store.desk_id(|| SystemRandomness.id())?;
        look_at_exports(&mut store, &folder, SystemRandomness.salt());
        let sign_in = with_token(&self.profile, &sign_in, &key)?;
        let reached = queue_of(&self.profile, &sign_in, &self.managed, Some(key));
        let queue = reached
            .unwrap_or_else(|why| {
                tracing::error!("{why}");
                closed(origin)
            })
            .for_desk(desk);
        Ok(Found::Open(Box::new(Opened {
            store,
            queue: Arc::new(queue),
            has_passphrase: keys.place()? == Some(KeyPlace::Passphrase),
        })))
    }

    fn has_changed(&self) -> bool {
        // What cannot be read is no other sign-in.
        sign_in_mark(&self.profile).is_ok_and(|now| now != self.opened)
    }

    fn is_passphrase(&self, typed: &Secret) -> bool {
        let keys = self.keys().ok().flatten();
        keys.is_some_and(|(_, keys)| matches!(keys.get(Some(typed)), Ok(Some(_))))
    }

    fn forget_token(&mut self) -> Result<(), AssembleError> {
        self.opened = None;
        Ok(self.profile.forget_sign_in()?)
    }
}

/// The documents' folder of this account, or its home.
fn documents() -> PathBuf {
    let dirs = UserDirs::new();
    let folder = dirs.as_ref().map(|dirs| {
        let home = dirs.home_dir();
        dirs.document_dir().unwrap_or(home).to_owned()
    });
    folder.unwrap_or_default()
}
