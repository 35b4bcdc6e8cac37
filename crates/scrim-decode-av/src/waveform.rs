//! How loud a medium is over its whole time.

use scrim_wire::moving::{MovingOutput, WAVEFORM_PEAKS};
use scrim_wire::worker::Rejection;

use crate::av::{Ear, Frame, Samples, Stream};
use crate::budget::Budget;
use crate::limits::{SOUND_FRAMES_AT_ONCE, WHOLE_SOUND_MS_MAX};
use crate::medium::Moving;

/// Peaks, each of an equal share of the time. Short sound is decoded whole; of longer sound a little is decoded at each
/// place, so that a long medium takes no longer than a short one.
pub(crate) fn waveform(
    moving: &mut Moving<'_>,
    budget: Budget,
) -> Result<(MovingOutput, Vec<u8>), Rejection> {
    let (stream, mut decoder) = moving.sounds()?;
    let mut ear = Ear::default();
    let mut peaks = Peaks::new(moving.facts.duration_ms);
    let is_short = moving.facts.duration_ms <= WHOLE_SOUND_MS_MAX;
    let places = if is_short { 1 } else { WAVEFORM_PEAKS };
    for place in 0..places {
        if budget.is_over() {
            break;
        }
        let at_ms = peaks.begin_of(place);
        let from = moving.ticks(&stream, at_ms);
        if moving.input.seek(stream.index, from).is_err() && place > 0 {
            continue;
        }
        decoder.restart();
        let frames = if is_short {
            u32::MAX
        } else {
            SOUND_FRAMES_AT_ONCE
        };
        let mut time = at_ms;
        for _ in 0..frames {
            let Some(frame) = decoder.next(&mut moving.input, budget)? else {
                break;
            };
            let begins = begin(moving, &stream, &frame).unwrap_or(time);
            let samples = ear.hear(&frame)?;
            peaks.hear(begins, &samples);
            time = begins.saturating_add(samples.lasts_ms());
        }
    }
    if !peaks.has_heard {
        return Err(Rejection::Malformed);
    }
    peaks.fill_gaps();
    Ok((MovingOutput::Waveform, peaks.bytes()))
}

fn begin(moving: &Moving<'_>, stream: &Stream, frame: &Frame) -> Option<u32> {
    frame.begins().map(|ticks| moving.ms(stream, ticks))
}

/// The loudest sample of each share of the time.
struct Peaks {
    duration_ms: u32,
    loudest: Vec<Option<f32>>,
    has_heard: bool,
}

impl Peaks {
    fn new(duration_ms: u32) -> Self {
        Self {
            duration_ms: duration_ms.max(1),
            loudest: vec![None; WAVEFORM_PEAKS],
            has_heard: false,
        }
    }

    fn begin_of(&self, place: usize) -> u32 {
        let ms = u64::from(self.duration_ms) * place as u64 / WAVEFORM_PEAKS as u64;
        u32::try_from(ms).unwrap_or(u32::MAX)
    }

    fn place_of(&self, us: u64) -> usize {
        let place = us * WAVEFORM_PEAKS as u64 / (u64::from(self.duration_ms) * 1000);
        usize::try_from(place)
            .unwrap_or(usize::MAX)
            .min(WAVEFORM_PEAKS - 1)
    }

    fn hear(&mut self, begins_ms: u32, samples: &Samples) {
        let rate = u64::from(samples.rate_hz.max(1));
        for (number, sample) in (0_u64..).zip(samples.values.chunks_exact(samples.channels)) {
            let place = self.place_of(u64::from(begins_ms) * 1000 + number * 1_000_000 / rate);
            let loud = sample
                .iter()
                .fold(0.0_f32, |most, value| most.max(value.abs()));
            let loudest = &mut self.loudest[place];
            *loudest = Some(loudest.map_or(loud, |before| before.max(loud)));
            self.has_heard = true;
        }
    }

    /// A place at which nothing was heard, in sound of long frames or few samples, is as loud as the one before.
    fn fill_gaps(&mut self) {
        let mut before = 0.0;
        for loudest in &mut self.loudest {
            before = *loudest.get_or_insert(before);
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let byte = |loud: &Option<f32>| (loud.unwrap_or(0.0).clamp(0.0, 1.0) * 255.0).round() as u8;
        self.loudest.iter().map(byte).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_lie_where_they_were_heard() {
        let mut peaks = Peaks::new(51_200);
        let values = vec![0.25, -0.5, 0.1, 0.0];
        peaks.hear(
            1_000,
            &Samples {
                values,
                channels: 2,
                rate_hz: 10,
            },
        );
        peaks.fill_gaps();
        let bytes = peaks.bytes();
        assert_eq!(bytes[..13], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 128, 26, 26]);
        assert_eq!(peaks.begin_of(10), 1_000);
    }

    #[test]
    fn loud_late_and_broken_samples_stay_within() {
        let mut peaks = Peaks::new(10);
        let values = vec![7.0, f32::NAN, f32::INFINITY];
        peaks.hear(
            u32::MAX,
            &Samples {
                values,
                channels: 1,
                rate_hz: 1,
            },
        );
        assert_eq!(peaks.bytes()[WAVEFORM_PEAKS - 1], 255);
    }
}
