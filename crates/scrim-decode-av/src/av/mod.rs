//! FFmpeg's libraries, wrapped so that nothing outside of this folder needs `unsafe`.
//!
//! Each type owns what FFmpeg gave it and frees it on drop. Every pointer of FFmpeg's is read while its owner lives and
//! nothing else has it: there is one thread. Numbers that FFmpeg read from a medium are checked here before anything is
//! done with them, and enumerations are read as plain numbers, since a newer library may know more values than the
//! headers that this was built with.
#![allow(
    unsafe_code,
    reason = "FFmpeg is a C library; all calls to it are in this folder"
)]

mod decoder;
mod frame;
mod input;
mod sound;

use std::ffi::c_int;

use ffmpeg_sys_next as ff;
use scrim_wire::worker::Rejection;

pub(crate) use decoder::{Decoder, Pace, listed};
pub(crate) use frame::Frame;
pub(crate) use input::{Input, Packet, Stream, StreamKind};
pub(crate) use sound::{Ear, Samples, resampled};

use crate::limits::ALLOCATION_BYTES_MAX;

/// "No time is known."
const NO_TIME: i64 = i64::MIN;

/// Settles the time zone, so that nothing reads one from a file later: FFmpeg writes dates that it finds in a medium out
/// as text, and the C library would look for the machine's zone. Call it before the walls are raised, from the only
/// thread.
pub(crate) fn settle_the_clock() {
    // SAFETY: there is one thread, so nobody reads the environment meanwhile; both texts are static.
    unsafe {
        libc::setenv(c"TZ".as_ptr(), c"UTC0".as_ptr(), 1);
        tzset();
    }
}

unsafe extern "C" {
    /// POSIX; not among the bindings of `libc`.
    fn tzset();
}

/// Settings of the library as a whole: silence, and a limit to what it may ask for at once.
pub(crate) fn quiet_and_bounded() {
    // SAFETY: both only set a number.
    unsafe {
        ff::av_log_set_level(ff::AV_LOG_QUIET);
        ff::av_max_alloc(ALLOCATION_BYTES_MAX);
    }
}

/// What a negative answer of FFmpeg's means for the medium.
fn rejection(code: c_int) -> Rejection {
    match code {
        ff::AVERROR_EOF => Rejection::Truncated,
        ff::AVERROR_PATCHWELCOME
        | ff::AVERROR_DECODER_NOT_FOUND
        | ff::AVERROR_DEMUXER_NOT_FOUND
        | ff::AVERROR_STREAM_NOT_FOUND => Rejection::Unsupported,
        code if code == ff::AVERROR(libc::ENOMEM) => Rejection::MemoryExceeded,
        code if code == ff::AVERROR(libc::ENOSYS) => Rejection::Unsupported,
        _ => Rejection::Malformed,
    }
}

fn checked(code: c_int) -> Result<c_int, Rejection> {
    if code < 0 {
        Err(rejection(code))
    } else {
        Ok(code)
    }
}

/// Seconds as a fraction; the denominator is above 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeBase {
    numerator: i32,
    denominator: i32,
}

impl TimeBase {
    fn new(of: ff::AVRational) -> Result<Self, Rejection> {
        if of.num <= 0 || of.den <= 0 {
            return Err(Rejection::Malformed);
        }
        Ok(Self {
            numerator: of.num,
            denominator: of.den,
        })
    }

    /// Whole milliseconds, rounded up; the nearest that fit into 64 bits.
    pub(crate) fn ms(self, ticks: i64) -> i64 {
        let exact = i128::from(ticks) * i128::from(self.numerator) * 1000;
        let denominator = i128::from(self.denominator);
        clamped(-(-exact).div_euclid(denominator))
    }

    /// Samples at a rate, rounded down; the nearest that fit into 64 bits.
    pub(crate) fn samples(self, ticks: i64, rate_hz: u32) -> i64 {
        let exact = i128::from(ticks) * i128::from(self.numerator) * i128::from(rate_hz);
        clamped(exact.div_euclid(i128::from(self.denominator)))
    }

    /// The last tick at or before a time.
    pub(crate) fn ticks(self, ms: i64) -> i64 {
        let exact = i128::from(ms) * i128::from(self.denominator);
        clamped(exact.div_euclid(i128::from(self.numerator) * 1000))
    }
}

fn clamped(wide: i128) -> i64 {
    // The smallest value means "no time".
    let bounded = wide.clamp(i128::from(i64::MIN) + 1, i128::from(i64::MAX));
    i64::try_from(bounded).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn base(num: i32, den: i32) -> TimeBase {
        TimeBase::new(ff::AVRational { num, den }).unwrap()
    }

    #[test]
    fn a_frame_begins_at_the_first_whole_millisecond_at_which_it_is_shown() {
        // 29.97 frames a second.
        let ntsc = base(1001, 30_000);
        let begins: Vec<i64> = (0..4).map(|frame| ntsc.ms(frame)).collect();
        assert_eq!(begins, [0, 34, 67, 101]);
        for (frame, &at) in begins.iter().enumerate() {
            assert_eq!(ntsc.ticks(at), frame as i64);
            assert_eq!(
                ntsc.ticks(at - 1),
                frame as i64 - 1,
                "the millisecond before is the frame before"
            );
        }
    }

    #[test]
    fn no_number_of_a_file_breaks_the_arithmetic() {
        for ticks in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX] {
            for (num, den) in [(1, 1), (i32::MAX, 1), (1, i32::MAX), (i32::MAX, i32::MAX)] {
                assert!(base(num, den).ms(ticks) > NO_TIME);
                assert!(base(num, den).ticks(ticks) > NO_TIME);
                assert!(base(num, den).samples(ticks, u32::MAX) > NO_TIME);
            }
        }
        for (num, den) in [(0, 1), (1, 0), (-1, 1), (1, -1), (0, 0)] {
            assert!(TimeBase::new(ff::AVRational { num, den }).is_err());
        }
    }
}
