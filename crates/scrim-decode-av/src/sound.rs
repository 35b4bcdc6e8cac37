//! The sound of one clip.

use scrim_wire::moving::{
    CLIP_MS, CLIP_RATE_HZ, MovingOutput, SoundLook, clip_len_ms, clip_samples,
};
use scrim_wire::worker::Rejection;

use crate::av::{Decoder, Ear, Stream, resampled};
use crate::band::narrow;
use crate::budget::Budget;
use crate::limits::{BEFORE_END_MS, CLIP_LEAD_MS, CLIP_TAIL_SAMPLES_MIN, CLIP_TAIL_SHARE};
use crate::line::Line;
use crate::medium::Moving;

/// All of the clip's time in one channel, covered as `look` says; silence where the medium has none, or where it was not
/// reached within the budget.
pub(crate) fn sound(
    moving: &mut Moving<'_>,
    clip: u32,
    look: SoundLook,
    budget: Budget,
) -> Result<(MovingOutput, Vec<u8>), Rejection> {
    if !look.can_be() {
        return Err(Rejection::BadAnswer);
    }
    let (stream, mut decoder) = moving.sounds()?;
    let len_ms = clip_len_ms(clip, moving.facts.duration_ms).ok_or(Rejection::NoSuchFrame)?;
    let line = heard(moving, (&stream, &mut decoder), clip, budget)?;
    let samples = clip_samples(len_ms);
    let mut bytes = covered(line.as_ref(), look)?;
    bytes.truncate(samples as usize * 2);
    Ok((MovingOutput::Sound { samples }, bytes))
}

/// The sound around a clip; none if there is none.
fn heard(
    moving: &mut Moving<'_>,
    (stream, decoder): (&Stream, &mut Decoder),
    clip: u32,
    budget: Budget,
) -> Result<Option<Line>, Rejection> {
    let lead_ms = clip.saturating_mul(CLIP_MS).saturating_sub(CLIP_LEAD_MS);
    let mut found = None;
    // A place from which nothing can be decoded, as behind a damaged index, is tried again from before it.
    for from_ms in [lead_ms, lead_ms.saturating_sub(BEFORE_END_MS), 0] {
        let from = moving.ticks(stream, from_ms);
        if moving.input.seek(stream.index, from).is_err() && from_ms > 0 {
            continue;
        }
        decoder.restart();
        found = forward(moving, (stream, &mut *decoder), clip, budget)?;
        if from_ms == 0 || found.as_ref().is_some_and(Line::reaches_back) {
            break;
        }
    }
    Ok(found)
}

/// Decodes up to the clip's end, or as far as it goes.
fn forward(
    moving: &mut Moving<'_>,
    (stream, decoder): (&Stream, &mut Decoder),
    clip: u32,
    budget: Budget,
) -> Result<Option<Line>, Rejection> {
    let mut ear = Ear::default();
    let mut line: Option<Line> = None;
    loop {
        let samples = match decoder.next(&mut moving.input, budget) {
            Ok(Some(frame)) => ear.hear(&frame).map(|samples| (frame.begins(), samples)),
            Ok(None) => return Ok(line),
            Err(why) => Err(why),
        };
        let (begins, samples) = match samples {
            Ok(heard) => heard,
            Err(Rejection::MemoryExceeded) => return Err(Rejection::MemoryExceeded),
            Err(_) if line.as_ref().is_some_and(|line| !line.is_silent()) => return Ok(line),
            Err(why) => return Err(why),
        };
        let line = line.get_or_insert_with(|| around(samples.rate_hz));
        let start = i64::from(clip) * i64::from(line.rate_hz());
        let begins = begins.map(|ticks| {
            moving
                .samples(stream, ticks, line.rate_hz())
                .saturating_sub(start)
        });
        if !line.hear(begins, &samples) {
            break;
        }
    }
    Ok(line)
}

/// The line of a clip and a little before and behind it.
fn around(rate_hz: u32) -> Line {
    let rate = i64::from(rate_hz);
    let lead = rate * i64::from(CLIP_LEAD_MS) / 1000;
    Line::new(rate_hz, (-lead, rate + i64::from(tail(rate_hz))))
}

fn tail(rate_hz: u32) -> u32 {
    (rate_hz / CLIP_TAIL_SHARE).max(CLIP_TAIL_SAMPLES_MIN)
}

/// A whole second at [`CLIP_RATE_HZ`], covered. A second more before it settles resampler and band and is dropped.
fn covered(line: Option<&Line>, look: SoundLook) -> Result<Vec<u8>, Rejection> {
    let second = CLIP_RATE_HZ as usize;
    let mut samples = match line.filter(|line| !line.is_silent()) {
        Some(line) => {
            // As if that were its rate, a second before and one behind the start begin at whole samples.
            let rate = line.second();
            let count = rate as usize * 2 + tail(line.rate_hz()) as usize;
            resampled(&line.cut(rate, count), rate, CLIP_RATE_HZ)?
        }
        None => Vec::new(),
    };
    samples.resize(second * 2, 0.0);
    if look.narrow {
        narrow(&mut samples)?;
    }
    let full = full_scale(look.cap_db);
    let sample = |value: &f32| ((value.clamp(-1.0, 1.0) * full) as i16).to_le_bytes();
    Ok(samples.iter().skip(second).flat_map(sample).collect())
}

/// The loudest that a sample can be, in steps of 16 bits.
fn full_scale(cap_db: u8) -> f32 {
    f32::from(i16::MAX) * 10_f32.powf(-f32::from(cap_db) / 20.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::av::Samples;

    fn loudest(bytes: &[u8]) -> u32 {
        let samples = bytes.chunks_exact(2);
        let loud = samples.map(|two| i16::from_le_bytes([two[0], two[1]]).unsigned_abs().into());
        loud.max().unwrap()
    }

    /// Far over full scale, up and down a thousand times a second.
    fn loud(rate_hz: u32) -> Line {
        let mut line = around(rate_hz);
        let is_up = |number: u32| (number * 2_000 / rate_hz).is_multiple_of(2);
        let values = (0..rate_hz * 2).map(|number| if is_up(number) { 4.0 } else { -4.0 });
        let samples = Samples {
            values: values.collect(),
            channels: 1,
            rate_hz,
        };
        line.hear(Some(-i64::from(rate_hz / 2)), &samples);
        line
    }

    #[test]
    fn nothing_is_louder_than_the_cap() {
        for narrow in [false, true] {
            for (cap_db, most) in [(0, 32_767), (6, 16_423), (20, 3_277), (60, 33)] {
                let look = SoundLook { cap_db, narrow };
                for rate in [8_000, 24_000, 44_100, 192_000] {
                    let bytes = covered(Some(&loud(rate)), look).unwrap();
                    assert_eq!(bytes.len(), 48_000);
                    let got = loudest(&bytes);
                    assert!((most * 9 / 10..=most).contains(&got), "{look:?}: {got}");
                }
            }
        }
    }

    #[test]
    fn rates_that_no_sound_has_are_no_trouble() {
        let look = SoundLook {
            cap_db: 6,
            narrow: true,
        };
        for rate in [1, 2, 7, 100] {
            let bytes = covered(Some(&loud(rate)), look).unwrap();
            assert_eq!(bytes.len(), 48_000, "{rate}");
        }
        assert_eq!(covered(None, look).unwrap(), vec![0; 48_000]);
    }
}
