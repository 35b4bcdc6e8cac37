//! A medium's container: read from memory, streams and packets out.

use std::ffi::{CStr, CString, c_int, c_void};
use std::ptr;

use ffmpeg_sys_next as ff;
use scrim_wire::moving::Container;
use scrim_wire::worker::Rejection;

use super::{NO_TIME, TimeBase, checked};
use crate::codecs;
use crate::limits::{PROBE_BYTES_MAX, PROBE_PACKETS_MAX, PROBE_US_MAX, READ_BYTES, STREAMS_MAX};

/// The medium's bytes, and how far FFmpeg has read.
struct Bytes<'m> {
    all: &'m [u8],
    at: usize,
}

/// An open container. FFmpeg reads it through two functions of this page and has no other way to anything.
pub(crate) struct Input<'m> {
    context: *mut ff::AVFormatContext,
    reader: Reader<'m>,
}

/// Owns the bytes' place and FFmpeg's buffer before it.
struct Reader<'m> {
    io: *mut ff::AVIOContext,
    bytes: *mut Bytes<'m>,
}

/// What a stream holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamKind {
    Picture,
    Sound,
    /// A still that belongs to the file, or anything else.
    Other,
}

/// A stream, as the container tells of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stream {
    pub(crate) index: usize,
    pub(crate) kind: StreamKind,
    pub(crate) time_base: TimeBase,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Width of one stored pixel in thousandths of its height.
    pub(crate) pixel_shape_per_mille: u32,
    /// Nine numbers that turn the picture, if there are some.
    pub(crate) matrix: Option<[i32; 9]>,
    pub(crate) frames_per_1000_s: u32,
    pub(crate) channels: u32,
    pub(crate) rate_hz: u32,
}

impl<'m> Input<'m> {
    /// Opens a container with its one reader and learns which streams there are.
    pub(crate) fn open(medium: &'m [u8], container: Container) -> Result<Self, Rejection> {
        let reader = Reader::new(medium)?;
        // SAFETY: takes a static text.
        let demuxer = unsafe { ff::av_find_input_format(codecs::demuxer(container).as_ptr()) };
        if demuxer.is_null() {
            return Err(Rejection::Unsupported);
        }
        // SAFETY: allocates.
        let mut context = unsafe { ff::avformat_alloc_context() };
        if context.is_null() {
            return Err(Rejection::MemoryExceeded);
        }
        let mut options = Options::new();
        options.set(c"protocol_whitelist", "")?;
        options.set(c"codec_whitelist", &codecs::whitelist())?;
        options.set(c"probesize", &PROBE_BYTES_MAX.to_string())?;
        options.set(c"analyzeduration", &PROBE_US_MAX.to_string())?;
        options.set(c"max_probe_packets", &PROBE_PACKETS_MAX.to_string())?;
        options.set(c"max_streams", &STREAMS_MAX.to_string())?;
        // SAFETY: `context` was just made and is ours; `reader` outlives it, since both are dropped with `Input` and the
        // context first. On failure `avformat_open_input` frees the context and leaves null.
        let opened = unsafe {
            (*context).pb = reader.io;
            (*context).flags |= ff::AVFMT_FLAG_CUSTOM_IO;
            (*context).io_open = Some(no_other_file);
            ff::avformat_open_input(&raw mut context, ptr::null(), demuxer, &raw mut options.0)
        };
        checked(opened)?;
        let input = Self { context, reader };
        // SAFETY: the context is open and ours.
        checked(unsafe { ff::avformat_find_stream_info(input.context, ptr::null_mut()) })?;
        Ok(input)
    }

    /// What the container says of its streams. Those that make no sense are left out.
    pub(crate) fn streams(&self) -> Vec<Stream> {
        // SAFETY: the context is open; FFmpeg keeps `nb_streams` pointers to streams behind `streams`.
        let count = unsafe { (*self.context).nb_streams } as usize;
        (0..count)
            .filter_map(|index| self.stream(index).ok())
            .collect()
    }

    fn stream(&self, index: usize) -> Result<Stream, Rejection> {
        let stream = self.raw_stream(index)?;
        // SAFETY: a stream of an open context, which lives as long as `self`; its parameters are never null. The
        // enumeration is read as the number that it is.
        unsafe {
            let parameters = (*stream).codecpar;
            let kind = match (&raw const (*parameters).codec_type).cast::<c_int>().read() {
                _ if (*stream).disposition & ff::AV_DISPOSITION_ATTACHED_PIC != 0 => {
                    StreamKind::Other
                }
                0 => StreamKind::Picture,
                1 => StreamKind::Sound,
                _ => StreamKind::Other,
            };
            let positive = |number: c_int| u32::try_from(number).unwrap_or(0);
            Ok(Stream {
                index,
                kind,
                time_base: TimeBase::new((*stream).time_base)?,
                width: positive((*parameters).width),
                height: positive((*parameters).height),
                pixel_shape_per_mille: pixel_shape((*parameters).sample_aspect_ratio),
                matrix: matrix(stream),
                frames_per_1000_s: per_1000_s((*stream).avg_frame_rate),
                channels: positive((*parameters).ch_layout.nb_channels),
                rate_hz: positive((*parameters).sample_rate),
            })
        }
    }

    /// The medium's first moment and its length by the container's word, in microseconds.
    pub(crate) fn claimed(&self) -> (i64, Option<i64>) {
        // SAFETY: the context is open.
        let (start, duration) = unsafe { ((*self.context).start_time, (*self.context).duration) };
        let start = if start == NO_TIME { 0 } else { start };
        (start, (duration > 0).then_some(duration))
    }

    /// From here on only packets of one stream are worth the reading.
    pub(crate) fn only(&mut self, wanted: usize) {
        // SAFETY: as in `streams`; the field is a plain number.
        unsafe {
            for index in 0..(*self.context).nb_streams as usize {
                let stream = *(*self.context).streams.add(index);
                (*stream).discard = match index == wanted {
                    true => ff::AVDiscard::AVDISCARD_DEFAULT,
                    false => ff::AVDiscard::AVDISCARD_ALL,
                };
            }
        }
    }

    /// Goes to the last place at or before a time from where a stream can be decoded.
    pub(crate) fn seek(&mut self, stream: usize, ticks: i64) -> Result<(), Rejection> {
        let index = c_int::try_from(stream).map_err(|_| Rejection::Malformed)?;
        // SAFETY: the context is open; FFmpeg checks the index.
        checked(unsafe {
            ff::av_seek_frame(self.context, index, ticks, ff::AVSEEK_FLAG_BACKWARD)
        })?;
        Ok(())
    }

    /// Reads the next packet into `packet`; false at the end, or where the container cannot be read any further.
    pub(crate) fn read(&mut self, packet: &mut Packet) -> bool {
        packet.clear();
        // SAFETY: both are ours and alive.
        unsafe { ff::av_read_frame(self.context, packet.0) >= 0 }
    }

    pub(super) fn raw_stream(&self, index: usize) -> Result<*mut ff::AVStream, Rejection> {
        // SAFETY: the context is open and the index is below the number of streams.
        unsafe {
            if index >= (*self.context).nb_streams as usize {
                return Err(Rejection::Malformed);
            }
            Ok(*(*self.context).streams.add(index))
        }
    }
}

impl Drop for Input<'_> {
    fn drop(&mut self) {
        // SAFETY: made by `avformat_open_input`; with a reader of ours FFmpeg leaves that alone, and `self.reader`
        // frees it afterwards.
        unsafe { ff::avformat_close_input(&raw mut self.context) };
        debug_assert!(!self.reader.io.is_null());
    }
}

impl<'m> Reader<'m> {
    fn new(all: &'m [u8]) -> Result<Self, Rejection> {
        // SAFETY: allocates the buffer that the reader takes over.
        let buffer = unsafe { ff::av_malloc(READ_BYTES) };
        if buffer.is_null() {
            return Err(Rejection::MemoryExceeded);
        }
        let bytes = Box::into_raw(Box::new(Bytes { all, at: 0 }));
        let len = c_int::try_from(READ_BYTES).unwrap_or(c_int::MAX);
        // SAFETY: the buffer has `len` bytes; `bytes` lives until `drop`, after which FFmpeg calls nothing.
        let io = unsafe {
            ff::avio_alloc_context(
                buffer.cast(),
                len,
                0,
                bytes.cast(),
                Some(read),
                None,
                Some(seek),
            )
        };
        if io.is_null() {
            return Err(Rejection::MemoryExceeded);
        }
        Ok(Self { io, bytes })
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        // SAFETY: both were made in `new`; whoever read through them is gone. FFmpeg may have replaced the buffer, so
        // it is freed where it is now.
        unsafe {
            ff::av_freep((&raw mut (*self.io).buffer).cast());
            ff::avio_context_free(&raw mut self.io);
            drop(Box::from_raw(self.bytes));
        }
    }
}

/// FFmpeg's options, freed on drop.
struct Options(*mut ff::AVDictionary);

impl Options {
    fn new() -> Self {
        Self(ptr::null_mut())
    }

    fn set(&mut self, key: &CStr, value: &str) -> Result<(), Rejection> {
        let value = CString::new(value).map_err(|_| Rejection::Malformed)?;
        // SAFETY: FFmpeg copies both texts.
        checked(unsafe { ff::av_dict_set(&raw mut self.0, key.as_ptr(), value.as_ptr(), 0) })?;
        Ok(())
    }
}

impl Drop for Options {
    fn drop(&mut self) {
        // SAFETY: null or a dictionary of ours.
        unsafe { ff::av_dict_free(&raw mut self.0) };
    }
}

/// One packet, freed on drop.
pub(crate) struct Packet(pub(super) *mut ff::AVPacket);

impl Packet {
    pub(crate) fn new() -> Result<Self, Rejection> {
        // SAFETY: allocates.
        let packet = unsafe { ff::av_packet_alloc() };
        if packet.is_null() {
            return Err(Rejection::MemoryExceeded);
        }
        Ok(Self(packet))
    }

    /// Which stream it is of.
    pub(crate) fn stream(&self) -> usize {
        // SAFETY: never null.
        usize::try_from(unsafe { (*self.0).stream_index }).unwrap_or(usize::MAX)
    }

    /// When it ends, in ticks of its stream, if it says.
    pub(crate) fn ends(&self) -> Option<i64> {
        // SAFETY: never null.
        let (shown, decoded, lasts) = unsafe { ((*self.0).pts, (*self.0).dts, (*self.0).duration) };
        let begins = if shown == NO_TIME { decoded } else { shown };
        (begins != NO_TIME).then(|| begins.saturating_add(lasts.max(0)))
    }

    /// Whether it is shown no more at a tick, by its own word; not if it says nothing.
    pub(super) fn is_over_before(&self, ticks: i64) -> bool {
        // SAFETY: never null.
        let (shown, lasts) = unsafe { ((*self.0).pts, (*self.0).duration) };
        shown != NO_TIME && shown.saturating_add(lasts.max(0)) < ticks
    }

    fn clear(&mut self) {
        // SAFETY: never null.
        unsafe { ff::av_packet_unref(self.0) };
    }
}

impl Drop for Packet {
    fn drop(&mut self) {
        // SAFETY: made by `av_packet_alloc`.
        unsafe { ff::av_packet_free(&raw mut self.0) };
    }
}

/// Gives FFmpeg the next bytes of the medium.
unsafe extern "C" fn read(opaque: *mut c_void, to: *mut u8, room: c_int) -> c_int {
    // SAFETY: `opaque` is the `Bytes` of `Reader::new`, alive and used by nobody else meanwhile.
    let bytes = unsafe { &mut *opaque.cast::<Bytes<'_>>() };
    let rest = bytes.all.get(bytes.at..).unwrap_or_default();
    let count = rest.len().min(usize::try_from(room).unwrap_or(0));
    if count == 0 {
        return ff::AVERROR_EOF;
    }
    // SAFETY: FFmpeg has `room` bytes at `to`, which is not the medium; `count` is at most that.
    unsafe { ptr::copy_nonoverlapping(rest.as_ptr(), to, count) };
    bytes.at += count;
    c_int::try_from(count).unwrap_or(c_int::MAX)
}

/// Lets FFmpeg go to another place in the medium.
unsafe extern "C" fn seek(opaque: *mut c_void, offset: i64, whence: c_int) -> i64 {
    // SAFETY: as in `read`.
    let bytes = unsafe { &mut *opaque.cast::<Bytes<'_>>() };
    let len = i64::try_from(bytes.all.len()).unwrap_or(i64::MAX);
    let from = match whence & !ff::AVSEEK_FORCE {
        ff::AVSEEK_SIZE => return len,
        libc::SEEK_SET => 0,
        libc::SEEK_CUR => i64::try_from(bytes.at).unwrap_or(i64::MAX),
        libc::SEEK_END => len,
        _ => return ff::AVERROR(libc::EINVAL).into(),
    };
    match from.checked_add(offset).map(usize::try_from) {
        Some(Ok(at)) => {
            bytes.at = at;
            from.saturating_add(offset)
        }
        _ => ff::AVERROR(libc::EINVAL).into(),
    }
}

/// A container that names another file gets none.
unsafe extern "C" fn no_other_file(
    _: *mut ff::AVFormatContext,
    _: *mut *mut ff::AVIOContext,
    _: *const std::ffi::c_char,
    _: c_int,
    _: *mut *mut ff::AVDictionary,
) -> c_int {
    ff::AVERROR(libc::EACCES)
}

/// Square where the file says nothing, or what no picture has.
fn pixel_shape(ratio: ff::AVRational) -> u32 {
    let shape = if ratio.num > 0 && ratio.den > 0 {
        i64::from(ratio.num) * 1000 / i64::from(ratio.den)
    } else {
        1000
    };
    match u32::try_from(shape) {
        Ok(shape) if (250..=4000).contains(&shape) => shape,
        _ => 1000,
    }
}

fn per_1000_s(rate: ff::AVRational) -> u32 {
    if rate.num <= 0 || rate.den <= 0 {
        return 0;
    }
    u32::try_from(i64::from(rate.num) * 1000 / i64::from(rate.den)).unwrap_or(0)
}

/// How the stream says that its pictures are to be turned.
///
/// # Safety
/// `stream` is one of an open context.
unsafe fn matrix(stream: *const ff::AVStream) -> Option<[i32; 9]> {
    let mut len = 0;
    // SAFETY: by this function's own condition; FFmpeg says how many bytes there are.
    unsafe {
        let kind = ff::AVPacketSideDataType::AV_PKT_DATA_DISPLAYMATRIX;
        let start = ff::av_stream_get_side_data(stream, kind, &raw mut len);
        (!start.is_null() && len >= size_of::<[i32; 9]>())
            .then(|| start.cast::<[i32; 9]>().read_unaligned())
    }
}
