//! The bytes of one medium, in memory only.

use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};

use scrim_wire::shared::{SharedError, SharedPicture};
use scrim_wire::worker::{MEDIA_BYTES_MAX, Rejection};

/// The bytes of one medium as they came from the server, unread. They lie in memory that nobody can change and no path
/// leads to; dropping it overwrites them.
#[derive(Debug)]
pub struct Medium {
    shared: SharedPicture,
    /// A worker without Landlock has opened it, and nobody has taken note.
    without_landlock: AtomicBool,
}

impl Medium {
    /// Takes the bytes of a medium and overwrites the vector that they came in. Errors: [`Rejection::Empty`],
    /// [`Rejection::TooLarge`] (over 100 MB), [`Rejection::NoResources`].
    pub fn take(mut bytes: Vec<u8>) -> Result<Self, Rejection> {
        let medium = Self::copy(&bytes);
        bytes.fill(0);
        // The zeros are for whoever gets this memory next: the compiler must not drop them as dead stores.
        std::hint::black_box(&bytes);
        medium
    }

    /// Copies the bytes of a medium; the caller's copy is the caller's to wipe. Errors as [`Self::take`].
    pub fn copy(bytes: &[u8]) -> Result<Self, Rejection> {
        if bytes.is_empty() {
            return Err(Rejection::Empty);
        }
        if bytes.len() as u64 > MEDIA_BYTES_MAX {
            return Err(Rejection::TooLarge);
        }
        let shared = SharedPicture::from_bytes(bytes).map_err(|error| rejection(&error))?;
        Ok(Self {
            shared,
            without_landlock: AtomicBool::default(),
        })
    }

    /// Length in bytes, at least 1.
    #[allow(clippy::len_without_is_empty, reason = "it is never empty")]
    #[must_use]
    pub fn len(&self) -> usize {
        self.shared.len()
    }

    /// A worker without Landlock has opened it.
    pub(crate) fn opened_without_landlock(&self) {
        self.without_landlock.store(true, Ordering::Relaxed);
    }

    /// Whether a worker without Landlock, which must have been waived, has opened it since this was asked last.
    pub fn take_without_landlock(&self) -> bool {
        self.without_landlock.swap(false, Ordering::Relaxed)
    }

    /// The bytes, to know the medium by; never to be read as what they say they are.
    pub(crate) fn bytes(&self) -> Result<&[u8], Rejection> {
        self.shared.bytes().map_err(|error| rejection(&error))
    }

    /// A read-only descriptor for a worker.
    pub(crate) fn for_worker(&self) -> Result<OwnedFd, Rejection> {
        self.shared.read_only().map_err(|error| rejection(&error))
    }
}

pub(crate) fn rejection(error: &SharedError) -> Rejection {
    match error {
        SharedError::System(_) => Rejection::NoResources,
        SharedError::Size => Rejection::TooLarge,
        _ => Rejection::BadAnswer,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn media_have_limits() {
        assert_eq!(Medium::take(Vec::new()).unwrap_err(), Rejection::Empty);
        let too_much = vec![0; usize::try_from(MEDIA_BYTES_MAX).unwrap() + 1];
        assert_eq!(Medium::take(too_much).unwrap_err(), Rejection::TooLarge);
        assert_eq!(Medium::take(vec![1, 2]).unwrap().len(), 2);
    }

    #[test]
    fn a_dropped_medium_is_wiped() {
        let medium = Medium::copy(b"sample").unwrap();
        let kept = medium.for_worker().unwrap();
        let before = scrim_wire::shared::map_read(&kept, 6).unwrap().to_vec();
        drop(medium);
        let after = scrim_wire::shared::map_read(&kept, 6).unwrap().to_vec();
        assert_eq!(
            (before.as_slice(), after),
            (b"sample".as_slice(), vec![0; 6])
        );
    }
}
