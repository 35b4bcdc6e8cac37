//! One picture in shared memory.
//!
//! A picture is one anonymous memory file (`memfd`): no name, no path, never on a disk that can be opened. Its life:
//!
//! 1. `create`: sized once and sealed against growing and shrinking, so that no reader can be cut off in the middle;
//! 2. a worker writes through a descriptor from `writer`, or the owner through `write`;
//! 3. `freeze`: nobody can write any more, through any descriptor (`F_SEAL_FUTURE_WRITE`), except the owner's own
//!    mapping, which is what makes step 5 possible;
//! 4. `read_only` descriptors go to readers, who check size and seals in [`map_read`] before they look;
//! 5. `wipe` (and drop) overwrites with zeros, in every reader's mapping at once.
//!
//! The bytes of a reader's mapping may turn to zero at any time when the owner wipes: copy what must stay consistent,
//! and draw no conclusion from two reads of one byte.

use std::io;
use std::ops::Deref;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{MemfdFlags, Mode, OFlags, SealFlags};
use rustix::io::Errno;

use self::mapped::{ReadMap, WriteMap};

/// Largest shared file, in bytes: a medium may be 100 MB, a picture 64 megapixels of RGBA.
pub const SHARED_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Why shared memory could not be made or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SharedError {
    /// Zero, over [`SHARED_BYTES_MAX`], or not what the file has.
    #[error("A shared picture has a size that is not allowed, so it was not read.")]
    Size,
    /// The file could still be changed by somebody else, or can no longer be sealed.
    #[error("A shared picture was not protected against changes, so it was not read.")]
    NotSealed,
    /// The owner froze it already.
    #[error("A shared picture that is finished cannot be written again.")]
    Frozen,
    /// The system refused; memory may be short.
    #[error(
        "The system gave no shared memory for a picture. Close other programs and try again. ({0})"
    )]
    System(#[source] io::Error),
}

impl From<Errno> for SharedError {
    fn from(errno: Errno) -> Self {
        Self::System(errno.into())
    }
}

/// A shared picture (or the bytes of a medium), owned by the process that made it. Wiped on drop.
#[derive(Debug)]
pub struct SharedPicture {
    file: OwnedFd,
    map: WriteMap,
    frozen: bool,
}

impl SharedPicture {
    /// Makes zeroed shared memory of `len` bytes, sealed against a change of size.
    pub fn create(len: usize) -> Result<Self, SharedError> {
        if len == 0 || len > SHARED_BYTES_MAX {
            return Err(SharedError::Size);
        }
        let file = create_file()?;
        rustix::fs::ftruncate(&file, len as u64)?;
        rustix::fs::fcntl_add_seals(&file, SealFlags::SHRINK | SealFlags::GROW)?;
        let map = WriteMap::new(&file, len)?;
        map.keep_out_of_swap();
        Ok(Self {
            file,
            map,
            frozen: false,
        })
    }

    /// Shared memory that holds a copy of `bytes`, already frozen.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SharedError> {
        let mut shared = Self::create(bytes.len())?;
        shared.write(0, bytes)?;
        shared.freeze()?;
        Ok(shared)
    }

    /// Size in bytes, fixed at `create`.
    #[allow(clippy::len_without_is_empty, reason = "it is never empty")]
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Copies `bytes` to `offset`. Errors: frozen, or past the end.
    pub fn write(&mut self, offset: usize, bytes: &[u8]) -> Result<(), SharedError> {
        if self.frozen {
            return Err(SharedError::Frozen);
        }
        self.map.write(offset, bytes).ok_or(SharedError::Size)
    }

    /// A descriptor through which a worker may write until `freeze`.
    pub fn writer(&self) -> Result<OwnedFd, SharedError> {
        if self.frozen {
            return Err(SharedError::Frozen);
        }
        self.file.try_clone().map_err(SharedError::System)
    }

    /// Ends all writing but the owner's wipe, for good. Call it after the worker has exited. Fails if somebody still
    /// maps the file for writing or has tampered with its seals.
    pub fn freeze(&mut self) -> Result<(), SharedError> {
        if self.frozen {
            return Ok(());
        }
        let seals = SealFlags::FUTURE_WRITE | SealFlags::SEAL;
        rustix::fs::fcntl_add_seals(&self.file, seals).map_err(|errno| match errno {
            Errno::PERM | Errno::BUSY => SharedError::NotSealed,
            other => other.into(),
        })?;
        self.frozen = true;
        Ok(())
    }

    /// A new read-only descriptor for a reader in another process. Only of a frozen picture.
    pub fn read_only(&self) -> Result<OwnedFd, SharedError> {
        use std::os::fd::AsRawFd;
        if !self.frozen {
            return Err(SharedError::NotSealed);
        }
        let path = format!("/proc/self/fd/{}", self.file.as_raw_fd());
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        Ok(rustix::fs::open(path, flags, Mode::empty())?)
    }

    /// The bytes, once nobody else can change them.
    pub fn bytes(&self) -> Result<&[u8], SharedError> {
        if self.frozen {
            Ok(self.map.bytes())
        } else {
            Err(SharedError::NotSealed)
        }
    }

    /// Overwrites everything with zeros, here and in every reader's mapping.
    pub fn wipe(&mut self) {
        self.map.wipe();
    }
}

impl Drop for SharedPicture {
    fn drop(&mut self) {
        self.wipe();
    }
}

/// `MFD_NOEXEC_SEAL` came with Linux 6.3; before that the plain flags are the best there is.
fn create_file() -> Result<OwnedFd, SharedError> {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    match rustix::fs::memfd_create(c"scrim", flags | MemfdFlags::NOEXEC_SEAL) {
        Err(Errno::INVAL) => Ok(rustix::fs::memfd_create(c"scrim", flags)?),
        other => Ok(other?),
    }
}

/// A read-only view of a shared picture that another process owns.
#[derive(Debug)]
pub struct Mapping {
    map: ReadMap,
}

impl Deref for Mapping {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.map.bytes()
    }
}

/// Maps the first `expected_len` bytes of a descriptor that came over a link. The file may be longer (a picture that
/// came out smaller than its room), never shorter, and must be sealed against shrinking, growing and writing.
pub fn map_read(fd: impl AsFd, expected_len: usize) -> Result<Mapping, SharedError> {
    check_size(fd.as_fd(), expected_len)?;
    let seals = rustix::fs::fcntl_get_seals(fd.as_fd()).map_err(|_| SharedError::NotSealed)?;
    let size_is_fixed = seals.contains(SealFlags::SHRINK | SealFlags::GROW);
    if !size_is_fixed || !seals.intersects(SealFlags::FUTURE_WRITE | SealFlags::WRITE) {
        return Err(SharedError::NotSealed);
    }
    let map = ReadMap::new(fd.as_fd(), expected_len)?;
    Ok(Mapping { map })
}

fn check_size(fd: BorrowedFd<'_>, expected_len: usize) -> Result<(), SharedError> {
    let stat = rustix::fs::fstat(fd)?;
    let size = usize::try_from(stat.st_size).map_err(|_| SharedError::Size)?;
    if expected_len == 0 || expected_len > size || size > SHARED_BYTES_MAX {
        return Err(SharedError::Size);
    }
    Ok(())
}

#[allow(
    unsafe_code,
    reason = "memory shared between processes exists only as a mapping; the seals make it sound"
)]
mod mapped {
    use std::ffi::c_void;
    use std::os::fd::AsFd;
    use std::ptr::NonNull;

    use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mlock, mmap, munmap};

    use super::SharedError;

    /// A mapping of `len` bytes, `len > 0`, unmapped on drop.
    #[derive(Debug)]
    struct Region {
        start: NonNull<u8>,
        len: usize,
    }

    // SAFETY: a region is plain memory that stays mapped until drop; it is tied to no thread.
    unsafe impl Send for Region {}
    // SAFETY: through `&Region` the memory is only read; writing needs `&mut WriteMap`.
    unsafe impl Sync for Region {}

    impl Region {
        /// `file` must be sealed against shrinking and hold at least `len` bytes: then no access can fault.
        fn new(file: impl AsFd, len: usize, prot: ProtFlags) -> Result<Self, SharedError> {
            // SAFETY: a new mapping at an address of the kernel's choice touches no existing memory.
            let start = unsafe {
                mmap(
                    std::ptr::null_mut(),
                    len,
                    prot,
                    MapFlags::SHARED,
                    file.as_fd(),
                    0,
                )?
            };
            // SAFETY: the range was mapped just now and is ours; the advice changes no contents. It keeps pictures
            // out of core files. A kernel that does not know it loses nothing else, so the answer does not matter.
            let _ = unsafe { madvise(start, len, Advice::LinuxDontDump) };
            let start = NonNull::new(start.cast::<u8>()).ok_or(SharedError::Size)?;
            Ok(Self { start, len })
        }

        fn bytes(&self) -> &[u8] {
            // SAFETY: `start..start + len` is mapped readable until drop and cannot shrink. Callers hold it only where
            // the write seals leave the owner's wipe as the one possible change; a byte read then is old or zero.
            unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.len) }
        }
    }

    impl Drop for Region {
        fn drop(&mut self) {
            // SAFETY: the range was mapped by `new` and no borrow of it outlives `self`. It cannot fail for it.
            let _ = unsafe { munmap(self.start.as_ptr().cast::<c_void>(), self.len) };
        }
    }

    /// A reader's mapping of a sealed file.
    #[derive(Debug)]
    pub(super) struct ReadMap(Region);

    impl ReadMap {
        pub(super) fn new(file: impl AsFd, len: usize) -> Result<Self, SharedError> {
            Region::new(file, len, ProtFlags::READ).map(Self)
        }

        pub(super) fn bytes(&self) -> &[u8] {
            self.0.bytes()
        }
    }

    /// The owner's mapping.
    #[derive(Debug)]
    pub(super) struct WriteMap(Region);

    impl WriteMap {
        pub(super) fn new(file: impl AsFd, len: usize) -> Result<Self, SharedError> {
            Region::new(file, len, ProtFlags::READ | ProtFlags::WRITE).map(Self)
        }

        /// As far as the system lets this process lock memory; `scrim doctor` says how far that is. Unmapping
        /// unlocks. The pages are shared, so that this holds for every reader's mapping as well.
        pub(super) fn keep_out_of_swap(&self) {
            // SAFETY: the whole range is mapped and ours; locking changes no contents. Without it the picture is as
            // safe as any other memory; nothing else depends on it.
            let _ = unsafe { mlock(self.0.start.as_ptr().cast::<c_void>(), self.0.len) };
        }

        pub(super) fn len(&self) -> usize {
            self.0.len
        }

        /// Callers make sure that no other process can write any more.
        pub(super) fn bytes(&self) -> &[u8] {
            self.0.bytes()
        }

        /// `None` if the range does not lie inside.
        pub(super) fn write(&mut self, offset: usize, bytes: &[u8]) -> Option<()> {
            let end = offset.checked_add(bytes.len())?;
            if end > self.0.len {
                return None;
            }
            // SAFETY: `offset + bytes.len()` lies inside the mapping; `bytes` cannot overlap it, because `&mut self`
            // excludes every borrow of the mapping.
            unsafe {
                std::ptr::copy_nonoverlapping(
                    bytes.as_ptr(),
                    self.0.start.as_ptr().add(offset),
                    bytes.len(),
                );
            }
            Some(())
        }

        pub(super) fn wipe(&mut self) {
            // SAFETY: the whole range is mapped writable and `&mut self` excludes every borrow of it here.
            unsafe { std::ptr::write_bytes(self.0.start.as_ptr(), 0, self.0.len) };
            // The zeros are for other processes too: the compiler must not drop them as dead stores.
            std::hint::black_box(self.0.start);
        }
    }
}

#[cfg(test)]
#[path = "shared_tests.rs"]
mod tests;
