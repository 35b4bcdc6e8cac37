//! One decoded frame, and its pixels in a size that is asked for.

use std::ffi::c_int;
use std::ptr;

use ffmpeg_sys_next as ff;
use scrim_decode::pixels::{Layout, Pixels, byte_len};
use scrim_wire::moving::{FRAME_PIXELS_MAX, FRAME_SIDE_MAX};
use scrim_wire::worker::Rejection;

use super::NO_TIME;

/// From this height on, a video that does not say so is taken for one in the colours of high definition.
const HIGH_DEFINITION_HEIGHT: u32 = 720;

/// Layouts of pixels that the listed decoders make. Others are not read.
const LAYOUTS: [ff::AVPixelFormat; 20] = {
    use ff::AVPixelFormat::*;
    [
        AV_PIX_FMT_YUV420P,
        AV_PIX_FMT_YUV422P,
        AV_PIX_FMT_YUV444P,
        AV_PIX_FMT_YUV440P,
        AV_PIX_FMT_YUVJ420P,
        AV_PIX_FMT_YUVJ422P,
        AV_PIX_FMT_YUVJ444P,
        AV_PIX_FMT_YUVA420P,
        AV_PIX_FMT_YUV420P10LE,
        AV_PIX_FMT_YUV422P10LE,
        AV_PIX_FMT_YUV444P10LE,
        AV_PIX_FMT_YUV420P12LE,
        AV_PIX_FMT_YUV422P12LE,
        AV_PIX_FMT_YUV444P12LE,
        AV_PIX_FMT_GRAY8,
        AV_PIX_FMT_GRAY10LE,
        AV_PIX_FMT_GRAY12LE,
        AV_PIX_FMT_GBRP,
        AV_PIX_FMT_GBRP10LE,
        AV_PIX_FMT_GBRP12LE,
    ]
};

/// A decoded frame, freed on drop.
pub(crate) struct Frame(*mut ff::AVFrame);

impl Frame {
    pub(super) fn new() -> Result<Self, Rejection> {
        // SAFETY: allocates.
        let frame = unsafe { ff::av_frame_alloc() };
        if frame.is_null() {
            return Err(Rejection::MemoryExceeded);
        }
        Ok(Self(frame))
    }

    pub(super) fn raw(&self) -> *mut ff::AVFrame {
        self.0
    }

    /// When it begins, in ticks of its stream, if that is known.
    pub(crate) fn begins(&self) -> Option<i64> {
        // SAFETY: never null.
        let time = unsafe { (*self.0).best_effort_timestamp };
        (time != NO_TIME).then_some(time)
    }

    /// Stored width and height.
    pub(crate) fn size(&self) -> Result<(u32, u32), Rejection> {
        // SAFETY: never null.
        let (width, height) = unsafe { ((*self.0).width, (*self.0).height) };
        let side = |length: c_int| u32::try_from(length).map_err(|_| Rejection::Malformed);
        let (width, height) = (side(width)?, side(height)?);
        let pixels = u64::from(width) * u64::from(height);
        if pixels == 0 {
            return Err(Rejection::Malformed);
        }
        if pixels > FRAME_PIXELS_MAX || width.max(height) > FRAME_SIDE_MAX {
            return Err(Rejection::TooLarge);
        }
        Ok((width, height))
    }

    /// Its pixels, opaque, averaged down (or up) to `width` × `height`.
    pub(crate) fn scaled(&self, width: u32, height: u32) -> Result<Pixels, Rejection> {
        let source = self.size()?;
        let len = byte_len(width, height, Layout::Rgbx)
            .filter(|&len| len > 0)
            .ok_or(Rejection::TooLarge)?;
        let mut bytes = vec![0_u8; len];
        let scaler = Scaler::new(source, self.layout()?, (width, height))?;
        scaler.colours(self.colours(source.1));
        let stride = c_int::try_from(u64::from(width) * 4).map_err(|_| Rejection::TooLarge)?;
        let lines = c_int::try_from(source.1).map_err(|_| Rejection::TooLarge)?;
        let starts = [
            bytes.as_mut_ptr(),
            ptr::null_mut(),
            ptr::null_mut(),
            ptr::null_mut(),
        ];
        let strides = [stride, 0, 0, 0];
        // SAFETY: the frame holds planes of its own size and layout, with which the scaler was made; the target has
        // `height` rows of `stride` bytes.
        let made = unsafe {
            ff::sws_scale(
                scaler.0,
                (*self.0).data.as_ptr().cast(),
                (*self.0).linesize.as_ptr(),
                0,
                lines,
                starts.as_ptr(),
                strides.as_ptr(),
            )
        };
        if u32::try_from(made) != Ok(height) {
            return Err(Rejection::Malformed);
        }
        Pixels::new(width, height, Layout::Rgbx, bytes)
    }

    fn layout(&self) -> Result<ff::AVPixelFormat, Rejection> {
        // SAFETY: never null.
        let number = unsafe { (*self.0).format };
        let mut known = LAYOUTS.into_iter();
        known
            .find(|layout| *layout as c_int == number)
            .ok_or(Rejection::Unsupported)
    }

    /// The table of colours, and whether all 256 values are used.
    fn colours(&self, height: u32) -> (c_int, bool) {
        // SAFETY: never null; enumerations are read as the numbers that they are.
        let (space, range) = unsafe {
            (
                (&raw const (*self.0).colorspace).cast::<c_int>().read(),
                (&raw const (*self.0).color_range).cast::<c_int>().read(),
            )
        };
        let table = match space {
            1 | 4..=7 | 9 => space,
            _ if height >= HIGH_DEFINITION_HEIGHT => 1,
            _ => 5,
        };
        (table, range == 2)
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        // SAFETY: made by `av_frame_alloc`.
        unsafe { ff::av_frame_free(&raw mut self.0) };
    }
}

/// FFmpeg's scaler, freed on drop.
struct Scaler(*mut ff::SwsContext);

impl Scaler {
    fn new(
        source: (u32, u32),
        layout: ff::AVPixelFormat,
        target: (u32, u32),
    ) -> Result<Self, Rejection> {
        let side = |length: u32| c_int::try_from(length).map_err(|_| Rejection::TooLarge);
        // SAFETY: numbers only; null stands for "none" in the last three.
        let scaler = unsafe {
            ff::sws_getContext(
                side(source.0)?,
                side(source.1)?,
                layout,
                side(target.0)?,
                side(target.1)?,
                ff::AVPixelFormat::AV_PIX_FMT_RGB0,
                ff::SWS_AREA | ff::SWS_ACCURATE_RND,
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null(),
            )
        };
        if scaler.is_null() {
            return Err(Rejection::Unsupported);
        }
        Ok(Self(scaler))
    }

    /// Which colours the source has. Sources without luma and chroma have no such tables, which changes nothing.
    fn colours(&self, (table, all_values): (c_int, bool)) {
        let one = 1 << 16;
        // SAFETY: the scaler is ours; tables are static.
        unsafe {
            let of_source = ff::sws_getCoefficients(table);
            let of_target = ff::sws_getCoefficients(1);
            ff::sws_setColorspaceDetails(
                self.0,
                of_source,
                all_values.into(),
                of_target,
                1,
                0,
                one,
                one,
            );
        }
    }
}

impl Drop for Scaler {
    fn drop(&mut self) {
        // SAFETY: made by `sws_getContext`.
        unsafe { ff::sws_freeContext(self.0) };
    }
}
