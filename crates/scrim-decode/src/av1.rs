//! AV1 through rav1d, a translation of dav1d into Rust that keeps dav1d's C interface. All of this crate's unsafe code for
//! AVIF is here; [`Frame`] gives out checked rows and nothing else.
#![allow(
    unsafe_code,
    reason = "rav1d is called through the functions of dav1d's C interface"
)]

use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, Ordering};

use mp4parse::{AvifContext, ImageMirror};
use rav1d::Dav1dResult;
use rav1d::include::dav1d::data::Dav1dData;
use rav1d::include::dav1d::dav1d::{Dav1dContext, Dav1dSettings};
use rav1d::include::dav1d::headers::{
    DAV1D_PIXEL_LAYOUT_I400, DAV1D_PIXEL_LAYOUT_I420, DAV1D_PIXEL_LAYOUT_I422,
    DAV1D_PIXEL_LAYOUT_I444,
};
use rav1d::include::dav1d::picture::Dav1dPicture;
use rav1d::src::lib::{
    dav1d_close, dav1d_data_create, dav1d_data_unref, dav1d_default_settings, dav1d_get_picture,
    dav1d_open, dav1d_picture_unref, dav1d_send_data,
};
use scrim_wire::worker::{EXIT_MALFORMED, Rejection};

use crate::obu;

const NO_ERROR: c_int = 0;
const AGAIN: c_int = -libc::EAGAIN;

static INSIDE: AtomicBool = AtomicBool::new(false);

/// Whether rav1d is at work: a panic cannot leave functions of a C interface, so one that begins now ends the process.
pub(crate) fn is_inside() -> bool {
    INSIDE.load(Ordering::Relaxed)
}

/// Ends this process with a status that says what is wrong with the medium.
pub(crate) fn end() -> ! {
    // SAFETY: `_exit` ends the process without running anything else.
    unsafe { libc::_exit(EXIT_MALFORMED.into()) }
}

struct Inside;

impl Inside {
    fn enter() -> Self {
        INSIDE.store(true, Ordering::Relaxed);
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.store(false, Ordering::Relaxed);
    }
}

/// Which planes a frame has: luma alone, or two of colour as well, each `1 << across` and `1 << down` times coarser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Planes {
    Luma,
    Colour { across: u32, down: u32 },
}

/// One decoded frame. Its numbers are rav1d's own, not the container's.
pub(crate) struct Frame {
    picture: Dav1dPicture,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) planes: Planes,
    /// Bits of a sample: 8, 10 or 12.
    pub(crate) depth: u32,
    /// Whether samples use their whole range.
    pub(crate) full_range: bool,
    /// ITU-T H.273, 8.3.
    pub(crate) matrix: u32,
}

impl Frame {
    /// The first frame of a stream of at most `pixels_max` pixels a frame, decoded on this thread.
    pub(crate) fn decode(stream: &[u8], pixels_max: u64) -> Result<Self, Rejection> {
        let _inside = Inside::enter();
        let stream = &obu::of_still(stream)?;
        let decoder = Decoder::open(pixels_max)?;
        let mut data = Data::of(stream)?;
        let mut picture = Dav1dPicture::default();
        loop {
            let had = data.0.sz;
            if had > 0 {
                let sent = decoder.send(&mut data);
                if sent != NO_ERROR && sent != AGAIN {
                    return Err(rejection(sent));
                }
            }
            match decoder.picture(&mut picture) {
                NO_ERROR => return Self::new(picture),
                // Nothing came of the last bytes, or the decoder takes none.
                AGAIN if data.0.sz == 0 || data.0.sz == had => return Err(Rejection::Truncated),
                AGAIN => {}
                other => return Err(rejection(other)),
            }
        }
    }

    fn new(picture: Dav1dPicture) -> Result<Self, Rejection> {
        let Some(header) = picture.seq_hdr else {
            return Err(Rejection::Malformed);
        };
        // SAFETY: the picture holds a reference to its sequence header, which nobody writes to any more.
        let (matrix, full_range) = unsafe { (header.as_ref().mtrx, header.as_ref().color_range) };
        let side = |length: c_int| u32::try_from(length).map_err(|_| Rejection::Malformed);
        let (width, height) = (side(picture.p.w)?, side(picture.p.h)?);
        let depth = side(picture.p.bpc)?;
        let planes = match picture.p.layout {
            DAV1D_PIXEL_LAYOUT_I400 => Planes::Luma,
            DAV1D_PIXEL_LAYOUT_I420 => Planes::Colour { across: 1, down: 1 },
            DAV1D_PIXEL_LAYOUT_I422 => Planes::Colour { across: 1, down: 0 },
            DAV1D_PIXEL_LAYOUT_I444 => Planes::Colour { across: 0, down: 0 },
            _ => return Err(Rejection::Malformed),
        };
        let frame = Self {
            picture,
            width,
            height,
            planes,
            depth,
            full_range: full_range != 0,
            matrix,
        };
        match depth {
            8 | 10 | 12 if width > 0 && height > 0 => Ok(frame),
            _ => Err(Rejection::Malformed),
        }
    }

    /// Width and height of a plane: 0 is luma, 1 and 2 are colour.
    fn size_of(&self, plane: usize) -> Option<(usize, usize)> {
        let (across, down) = match (plane, self.planes) {
            (0, _) => (0, 0),
            (1 | 2, Planes::Colour { across, down }) => (across, down),
            _ => return None,
        };
        let coarser = |length: u32, by: u32| length.div_ceil(1 << by) as usize;
        Some((coarser(self.width, across), coarser(self.height, down)))
    }

    /// The samples of one row of a plane, in place of what was in `row`. False if there is no such row.
    pub(crate) fn read_row(&self, plane: usize, at: u32, row: &mut Vec<u16>) -> bool {
        row.clear();
        let Some((width, height)) = self.size_of(plane) else {
            return false;
        };
        let at = at as usize;
        let (Some(start), Some(&stride)) = (
            self.picture.data[plane],
            self.picture.stride.get(plane.min(1)),
        ) else {
            return false;
        };
        let Ok(down) = isize::try_from(at) else {
            return false;
        };
        if at >= height {
            return false;
        }
        let start = start.as_ptr().cast::<u8>();
        // SAFETY: `data` is where a plane's first row begins and `stride` is how many bytes its rows lie apart (dav1d's
        // picture.h). Each of its `height` rows holds `width` samples: bytes at a depth of 8, else native numbers of two.
        // The picture keeps the plane alive and nobody writes to it any more.
        unsafe {
            let line = start.offset(stride * down);
            if self.depth == 8 {
                let samples = std::slice::from_raw_parts(line, width);
                row.extend(samples.iter().map(|&sample| u16::from(sample)));
            } else {
                let samples = std::slice::from_raw_parts(line.cast::<u16>(), width);
                row.extend_from_slice(samples);
            }
        }
        true
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        // SAFETY: the picture came from `dav1d_get_picture` and is given back once.
        unsafe { dav1d_picture_unref(Some(NonNull::from(&mut self.picture))) }
    }
}

/// How an image is mirrored after it was turned, by the container.
pub(crate) fn is_mirrored(context: &AvifContext) -> Option<ImageMirror> {
    let mirror = NonNull::new(context.image_mirror_ptr().ok()?.cast_mut())?;
    // SAFETY: the pointer leads into `context`, which lives and is not changed meanwhile.
    match unsafe { mirror.as_ref() } {
        ImageMirror::TopBottom => Some(ImageMirror::TopBottom),
        ImageMirror::LeftRight => Some(ImageMirror::LeftRight),
    }
}

struct Decoder(Option<Dav1dContext>);

impl Decoder {
    fn open(pixels_max: u64) -> Result<Self, Rejection> {
        let mut settings = MaybeUninit::<Dav1dSettings>::uninit();
        // SAFETY: the function writes to the place that it is given, and writes all of it.
        let mut settings = unsafe {
            dav1d_default_settings(NonNull::from(&mut settings).cast());
            settings.assume_init()
        };
        // A worker may start no thread.
        settings.n_threads = 1;
        settings.max_frame_delay = 1;
        settings.all_layers = 0;
        settings.frame_size_limit = u32::try_from(pixels_max).unwrap_or(u32::MAX);
        // It would write what it thinks of a file to standard error.
        // SAFETY: a logger is two optional pointers, as C lays them out: zeros are two times none.
        settings.logger = unsafe { MaybeUninit::zeroed().assume_init() };
        let mut context = None;
        // SAFETY: both places are valid, and only written to and read from during the call.
        let opened = unsafe {
            dav1d_open(
                Some(NonNull::from(&mut context)),
                Some(NonNull::from(&mut settings)),
            )
        };
        match opened.0 {
            NO_ERROR => Ok(Self(context)),
            error => Err(rejection(error)),
        }
    }

    fn send(&self, data: &mut Data) -> c_int {
        // SAFETY: the context is open, and the data came from `dav1d_data_create`.
        let Dav1dResult(said) =
            unsafe { dav1d_send_data(self.0, Some(NonNull::from(&mut data.0))) };
        said
    }

    fn picture(&self, picture: &mut Dav1dPicture) -> c_int {
        // SAFETY: the context is open, and the place holds no picture yet.
        let Dav1dResult(said) = unsafe { dav1d_get_picture(self.0, Some(NonNull::from(picture))) };
        said
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: the context came from `dav1d_open` and is closed once.
        unsafe { dav1d_close(Some(NonNull::from(&mut self.0))) }
    }
}

/// Bytes in memory of rav1d's.
struct Data(Dav1dData);

impl Data {
    fn of(bytes: &[u8]) -> Result<Self, Rejection> {
        if bytes.is_empty() {
            return Err(Rejection::Truncated);
        }
        let mut data = Self(Dav1dData::default());
        // SAFETY: the place is valid; the answer is null or leads to as many bytes as were asked for, which are new.
        unsafe {
            let start = dav1d_data_create(Some(NonNull::from(&mut data.0)), bytes.len());
            let start = NonNull::new(start).ok_or(Rejection::MemoryExceeded)?;
            start.copy_from_nonoverlapping(NonNull::from(bytes).cast(), bytes.len());
        }
        Ok(data)
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        // SAFETY: the data came from `dav1d_data_create`; what was sent already is not there any more.
        unsafe { dav1d_data_unref(Some(NonNull::from(&mut self.0))) }
    }
}

/// dav1d's errors are negative numbers of the system.
fn rejection(error: c_int) -> Rejection {
    match -error {
        libc::ENOMEM => Rejection::MemoryExceeded,
        libc::ERANGE => Rejection::TooLarge,
        libc::ENOPROTOOPT => Rejection::Unsupported,
        _ => Rejection::Malformed,
    }
}
