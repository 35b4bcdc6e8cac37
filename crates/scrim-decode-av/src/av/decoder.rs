//! Decoding one stream: packets in, frames out, in order.

use std::ffi::{CStr, c_int};
use std::ptr;

use ffmpeg_sys_next as ff;
use scrim_wire::moving::FRAME_PIXELS_MAX;
use scrim_wire::worker::Rejection;

use super::frame::Frame;
use super::input::{Input, Packet};
use super::{checked, rejection};
use crate::budget::Budget;
use crate::codecs;
use crate::limits::{BROKEN_PACKETS_MAX, PACKETS_MAX};

/// How much care goes into a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Every frame, exactly.
    Exact,
    /// Frames without the last smoothing: a cover is blurred anyway.
    Rough,
}

/// A decoder of one stream; one thread, no hardware.
pub(crate) struct Decoder {
    context: *mut ff::AVCodecContext,
    stream: usize,
    packet: Packet,
    packets_left: u32,
    broken_left: u32,
    at_end: bool,
    /// Before this tick, frames that no other one needs are passed over.
    hurries_to: Option<i64>,
}

/// The name and kind of the decoder for a stream, if `list` has one.
pub(crate) fn listed<T: Copy>(
    input: &Input<'_>,
    stream: usize,
    list: &[(&'static CStr, T)],
) -> Option<(&'static CStr, T)> {
    let stream = input.raw_stream(stream).ok()?;
    // SAFETY: a stream of an open context; the enumeration is read as the number that it is.
    let wanted = unsafe {
        (&raw const (*(*stream).codecpar).codec_id)
            .cast::<u32>()
            .read()
    };
    list.iter().copied().find(|(name, _)| {
        // SAFETY: takes a static text; what it gives is static as well.
        unsafe {
            let codec = ff::avcodec_find_decoder_by_name(name.as_ptr());
            !codec.is_null() && (&raw const (*codec).id).cast::<u32>().read() == wanted
        }
    })
}

impl Decoder {
    /// Opens the decoder of a stream, if it is one of [`codecs`].
    pub(crate) fn open(input: &Input<'_>, stream: usize, pace: Pace) -> Result<Self, Rejection> {
        let name = listed(input, stream, codecs::PICTURES)
            .map(|(name, _)| name)
            .or_else(|| listed(input, stream, codecs::SOUNDS).map(|(name, _)| name))
            .ok_or(Rejection::Unsupported)?;
        let raw = input.raw_stream(stream)?;
        // SAFETY: the name is static; the context is made here, and freed by `drop` once it is in `Self`.
        let (codec, context) = unsafe {
            let codec = ff::avcodec_find_decoder_by_name(name.as_ptr());
            (codec, ff::avcodec_alloc_context3(codec))
        };
        if context.is_null() {
            return Err(Rejection::MemoryExceeded);
        }
        let decoder = Self {
            context,
            stream,
            packet: Packet::new()?,
            packets_left: PACKETS_MAX,
            broken_left: BROKEN_PACKETS_MAX,
            at_end: false,
            hurries_to: None,
        };
        // SAFETY: context and stream are ours and alive; fields are set before the decoder is opened.
        unsafe {
            checked(ff::avcodec_parameters_to_context(context, (*raw).codecpar))?;
            (*context).pkt_timebase = (*raw).time_base;
            (*context).thread_count = 1;
            (*context).max_pixels = i64::try_from(FRAME_PIXELS_MAX).unwrap_or(i64::MAX);
            if pace == Pace::Rough {
                (*context).skip_loop_filter = ff::AVDiscard::AVDISCARD_ALL;
            }
            checked(ff::avcodec_open2(context, codec, ptr::null_mut()))?;
        }
        Ok(decoder)
    }

    /// After the input has jumped: forgets what came before, and may read as much again.
    pub(crate) fn restart(&mut self) {
        // SAFETY: open and ours.
        unsafe { ff::avcodec_flush_buffers(self.context) };
        self.packets_left = PACKETS_MAX;
        self.broken_left = BROKEN_PACKETS_MAX;
        self.at_end = false;
    }

    /// From here on, frames that are over before a tick and that no other frame needs may be left out.
    pub(crate) fn hurry_to(&mut self, ticks: Option<i64>) {
        self.hurries_to = ticks;
    }

    /// The next frame; none at the end of the stream, of the budget or of what may be read. Broken packets are passed
    /// over, up to a limit.
    pub(crate) fn next(
        &mut self,
        input: &mut Input<'_>,
        budget: Budget,
    ) -> Result<Option<Frame>, Rejection> {
        let frame = Frame::new()?;
        loop {
            // SAFETY: both are ours and alive.
            let got = unsafe { ff::avcodec_receive_frame(self.context, frame.raw()) };
            match got {
                0.. => return Ok(Some(frame)),
                ff::AVERROR_EOF => return Ok(None),
                code if code == ff::AVERROR(libc::EAGAIN) => {
                    if budget.is_over() || !self.feed(input)? {
                        return Ok(None);
                    }
                }
                code => self.broken(code)?,
            }
        }
    }

    /// Gives the decoder its next packet, or tells it that there is none. False if it has been told before.
    fn feed(&mut self, input: &mut Input<'_>) -> Result<bool, Rejection> {
        if self.at_end {
            return Ok(false);
        }
        while self.packets_left > 0 && input.read(&mut self.packet) {
            self.packets_left -= 1;
            if self.packet.stream() == self.stream {
                self.set_pace();
                self.send(self.packet.0)?;
                return Ok(true);
            }
        }
        self.at_end = true;
        self.send(ptr::null())?;
        Ok(true)
    }

    fn set_pace(&mut self) {
        let hurries = self
            .hurries_to
            .is_some_and(|ticks| self.packet.is_over_before(ticks));
        // SAFETY: the decoder is open and ours; it reads this plain number at its next packet.
        unsafe {
            (*self.context).skip_frame = match hurries {
                true => ff::AVDiscard::AVDISCARD_NONREF,
                false => ff::AVDiscard::AVDISCARD_DEFAULT,
            };
        }
    }

    fn send(&mut self, packet: *const ff::AVPacket) -> Result<(), Rejection> {
        // SAFETY: the decoder is open; the packet is ours, or null for the end.
        match unsafe { ff::avcodec_send_packet(self.context, packet) } {
            0.. | ff::AVERROR_EOF => Ok(()),
            code => self.broken(code),
        }
    }

    fn broken(&mut self, code: c_int) -> Result<(), Rejection> {
        match rejection(code) {
            Rejection::MemoryExceeded => Err(Rejection::MemoryExceeded),
            why => {
                self.broken_left = self.broken_left.checked_sub(1).ok_or(why)?;
                Ok(())
            }
        }
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: made by `avcodec_alloc_context3`.
        unsafe { ff::avcodec_free_context(&raw mut self.context) };
    }
}
