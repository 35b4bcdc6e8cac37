//! Samples of decoded sound.

use std::ffi::c_int;
use std::ptr;

use ffmpeg_sys_next as ff;
use scrim_wire::moving::{CHANNELS_MAX, RATE_HZ_MAX};
use scrim_wire::worker::Rejection;

use super::checked;
use super::frame::Frame;

/// The samples of one frame: one after the other, channels side by side, 1.0 is full scale.
pub(crate) struct Samples {
    pub(crate) values: Vec<f32>,
    pub(crate) channels: usize,
    pub(crate) rate_hz: u32,
}

impl Samples {
    /// How long they last, in whole milliseconds.
    pub(crate) fn lasts_ms(&self) -> u32 {
        let count = (self.values.len() / self.channels.max(1)) as u64;
        u32::try_from(count * 1000 / u64::from(self.rate_hz.max(1))).unwrap_or(u32::MAX)
    }
}

/// How the samples of a frame are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SampleLayout {
    format: c_int,
    channels: c_int,
    rate: c_int,
}

/// Makes samples of frames, with one converter for as long as their layout stays the same.
#[derive(Default)]
pub(crate) struct Ear {
    converter: Option<(SampleLayout, Converter)>,
}

impl Ear {
    /// The samples of a decoded frame.
    pub(crate) fn hear(&mut self, frame: &Frame) -> Result<Samples, Rejection> {
        let raw = frame.raw();
        // SAFETY: a frame is never null.
        let (count, layout) = unsafe {
            let layout = SampleLayout {
                format: (*raw).format,
                channels: (*raw).ch_layout.nb_channels,
                rate: (*raw).sample_rate,
            };
            ((*raw).nb_samples, layout)
        };
        let rate_hz = u32::try_from(layout.rate).unwrap_or(0);
        let channels = usize::try_from(layout.channels).unwrap_or(0);
        let within = (1..=usize::from(CHANNELS_MAX)).contains(&channels)
            && (1..=RATE_HZ_MAX).contains(&rate_hz);
        if !within {
            return Err(Rejection::Malformed);
        }
        let samples = usize::try_from(count).unwrap_or(0);
        let mut values = vec![0_f32; samples * channels];
        let converter = self.converter(raw, layout)?;
        let mut start = values.as_mut_ptr().cast::<u8>();
        // SAFETY: the converter is for this frame's layout; the target has room for `count` samples of each channel, and
        // no more can come, since the rate stays the same and nothing is kept from one call to the next.
        let made = checked(unsafe {
            let planes = (*raw).extended_data.cast::<*const u8>();
            ff::swr_convert(converter, &raw mut start, count, planes, count)
        })?;
        values.truncate(usize::try_from(made).unwrap_or(0) * channels);
        Ok(Samples {
            values,
            channels,
            rate_hz,
        })
    }

    fn converter(
        &mut self,
        frame: *mut ff::AVFrame,
        layout: SampleLayout,
    ) -> Result<*mut ff::SwrContext, Rejection> {
        match &self.converter {
            Some((same, converter)) if *same == layout => Ok(converter.0),
            _ => {
                let converter = Converter::new(frame, layout)?;
                Ok(self.converter.insert((layout, converter)).1.0)
            }
        }
    }
}

/// One channel of samples at another rate, without a delay: sample `n` of what comes back is of the moment of sample
/// `n * from_hz / to_hz`. The last few of what could be had are left out.
pub(crate) fn resampled(mono: &[f32], from_hz: u32, to_hz: u32) -> Result<Vec<f32>, Rejection> {
    let number = |number: u64| c_int::try_from(number).map_err(|_| Rejection::TooLarge);
    let converter = Converter::between(number(from_hz.into())?, number(to_hz.into())?)?;
    let count = number(mono.len() as u64)?;
    let room = mono.len() as u64 * u64::from(to_hz) / u64::from(from_hz.max(1)) + 1;
    let mut values = vec![0_f32; usize::try_from(room).map_err(|_| Rejection::TooLarge)?];
    let mut start = values.as_mut_ptr().cast::<u8>();
    let mut source = mono.as_ptr().cast::<u8>();
    // SAFETY: the converter is for one channel of floats on both sides; there are `count` of them, and room for `room`.
    let made = checked(unsafe {
        ff::swr_convert(
            converter.0,
            &raw mut start,
            number(room)?,
            &raw mut source,
            count,
        )
    })?;
    values.truncate(usize::try_from(made).unwrap_or(0));
    Ok(values)
}

/// FFmpeg's converter of samples, freed on drop.
struct Converter(*mut ff::SwrContext);

impl Converter {
    /// From the layout of `frame` to floats side by side.
    fn new(frame: *mut ff::AVFrame, of: SampleLayout) -> Result<Self, Rejection> {
        if !(0..ff::AVSampleFormat::AV_SAMPLE_FMT_NB as c_int).contains(&of.format) {
            return Err(Rejection::Malformed);
        }
        let mut converter = Self(ptr::null_mut());
        // SAFETY: the frame is alive; FFmpeg copies the layouts of channels. The format of samples is a number below
        // the enumeration's own count, so it is one of its values.
        unsafe {
            let format = std::mem::transmute::<c_int, ff::AVSampleFormat>(of.format);
            let layout = &raw mut (*frame).ch_layout;
            checked(ff::swr_alloc_set_opts2(
                &raw mut converter.0,
                layout,
                ff::AVSampleFormat::AV_SAMPLE_FMT_FLT,
                of.rate,
                layout,
                format,
                of.rate,
                0,
                ptr::null_mut(),
            ))?;
            checked(ff::swr_init(converter.0))?;
        }
        Ok(converter)
    }
}

impl Converter {
    /// Of one channel of floats, from one rate to another.
    fn between(from_hz: c_int, to_hz: c_int) -> Result<Self, Rejection> {
        let mut converter = Self(ptr::null_mut());
        // SAFETY: a layout without anything in it is FFmpeg's own zero; numbers are plain, and FFmpeg copies the layout.
        unsafe {
            let mut mono = std::mem::zeroed::<ff::AVChannelLayout>();
            ff::av_channel_layout_default(&raw mut mono, 1);
            checked(ff::swr_alloc_set_opts2(
                &raw mut converter.0,
                &raw mut mono,
                ff::AVSampleFormat::AV_SAMPLE_FMT_FLT,
                to_hz,
                &raw mut mono,
                ff::AVSampleFormat::AV_SAMPLE_FMT_FLT,
                from_hz,
                0,
                ptr::null_mut(),
            ))?;
            checked(ff::swr_init(converter.0))?;
        }
        Ok(converter)
    }
}

impl Drop for Converter {
    fn drop(&mut self) {
        // SAFETY: null or made by `swr_alloc_set_opts2`.
        unsafe { ff::swr_free(&raw mut self.0) };
    }
}
