//! Sound on a line of time, however roughly a container tells when each frame begins.
//!
//! Many containers round times to whole milliseconds, which is dozens of samples. So frames that follow each other by
//! their times, give or take that rounding, are laid end to end; a real gap is silence. Where a moment lies between the
//! samples is told by the frame that holds it: two clips that meet at a moment both have that frame and find the same
//! place, so that nothing is heard twice or left out between them, and no step comes of the rounding.

use crate::av::Samples;
use crate::limits::{SAMPLE_MAX, SOUND_ROUNDING_SHARE};

/// One channel of sound around a stretch of time. Moments are in samples from the stretch's start.
pub(crate) struct Line {
    rate_hz: u32,
    /// What ends before this moment is not kept, nor what begins behind `until`.
    from: i64,
    until: i64,
    values: Vec<f32>,
    /// When frames begin by the container's word, and where that is in `values`.
    marks: Vec<(i64, i64)>,
    /// When the last frame that was heard ends, by the container's word.
    ends: Option<i64>,
}

impl Line {
    pub(crate) fn new(rate_hz: u32, (from, until): (i64, i64)) -> Self {
        Self {
            rate_hz,
            from,
            until,
            values: Vec::new(),
            marks: Vec::new(),
            ends: None,
        }
    }

    pub(crate) fn rate_hz(&self) -> u32 {
        self.rate_hz
    }

    /// Lays a frame's samples down, mixed to one channel. Without a moment of its own it follows the one before. Samples
    /// of another rate than the line's are left out. False once the stretch is complete.
    pub(crate) fn hear(&mut self, begins: Option<i64>, samples: &Samples) -> bool {
        let Some(begins) = begins.or(self.ends) else {
            return true;
        };
        if begins >= self.until {
            return false;
        }
        if samples.rate_hz != self.rate_hz {
            return true;
        }
        let mut mixed: Vec<f32> = samples
            .values
            .chunks_exact(samples.channels.max(1))
            .map(mixed)
            .collect();
        let (begins, gap) = self.follows(begins);
        let overlap = usize::try_from(gap.saturating_neg()).unwrap_or(0);
        let begins = begins.saturating_add(gap.min(0).saturating_neg());
        mixed.drain(..overlap.min(mixed.len()));
        let ends = begins.saturating_add(length(mixed.len()));
        if mixed.is_empty() {
            return true;
        }
        self.ends = Some(ends);
        if ends > self.from {
            self.lay(begins, gap, &mixed);
        }
        true
    }

    /// The moment, and how far the frame that begins then lies from the end of the one before; 0 if that is rounding.
    fn follows(&self, begins: i64) -> (i64, i64) {
        let rounding = i64::from(self.rate_hz.div_ceil(SOUND_ROUNDING_SHARE));
        let gap = self.ends.map_or(0, |ends| begins.saturating_sub(ends));
        (
            begins,
            if gap.saturating_abs() <= rounding {
                0
            } else {
                gap
            },
        )
    }

    fn lay(&mut self, begins: i64, gap: i64, mixed: &[f32]) {
        if !self.marks.is_empty() {
            // Both moments lie within the stretch, or a frame before or behind it.
            let silent = usize::try_from(gap).unwrap_or(0);
            self.values.resize(self.values.len() + silent, 0.0);
        }
        self.marks.push((begins, length(self.values.len())));
        self.values.extend_from_slice(mixed);
    }

    /// Whether anything was laid down that begins at or before the stretch's start.
    pub(crate) fn reaches_back(&self) -> bool {
        self.marks.first().is_some_and(|&(begins, _)| begins <= 0)
    }

    pub(crate) fn is_silent(&self) -> bool {
        self.marks.is_empty()
    }

    /// Where a moment lies in what was laid down; before its start or behind its end, as if it went on.
    fn place(&self, moment: i64) -> i64 {
        let held = self
            .marks
            .iter()
            .rev()
            .find(|(begins, _)| *begins <= moment);
        let mark = held.or(self.marks.first());
        mark.map_or(moment, |&(begins, place)| {
            place.saturating_add(moment.saturating_sub(begins))
        })
    }

    /// How many samples lie between the stretch's start and a second later. About the rate: less or more where times
    /// were rounded.
    pub(crate) fn second(&self) -> u32 {
        let rate = i64::from(self.rate_hz);
        let between = self.place(rate).saturating_sub(self.place(0));
        let likely = (rate / 2).max(1)..=rate * 2;
        match u32::try_from(between) {
            Ok(second) if likely.contains(&between) => second,
            _ => self.rate_hz,
        }
    }

    /// The samples from `before` samples ahead of the stretch's start on, `count` of them; silence where there are none.
    pub(crate) fn cut(&self, before: u32, count: usize) -> Vec<f32> {
        let start = self.place(0).saturating_sub(i64::from(before));
        let at = |number: i64| {
            let place = usize::try_from(start.saturating_add(number)).ok()?;
            self.values.get(place).copied()
        };
        (0..length(count))
            .map(|number| at(number).unwrap_or(0.0))
            .collect()
    }
}

/// The mean of all channels. Numbers that are none are silence.
fn mixed(channels: &[f32]) -> f32 {
    let mean = channels.iter().sum::<f32>() / channels.len() as f32;
    if mean.is_finite() {
        mean.clamp(-SAMPLE_MAX, SAMPLE_MAX)
    } else {
        0.0
    }
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 48_000;

    /// Frames of 1,000 samples that count on; each begins when `begins` says.
    fn line(from: i64, frames: &[(i64, i64)]) -> Line {
        let mut line = Line::new(RATE, (from, 60_000));
        for &(begins, first) in frames {
            let values = (first..first + 1_000).map(|number| number as f32 / 1e6);
            let samples = Samples {
                values: values.collect(),
                channels: 1,
                rate_hz: RATE,
            };
            line.hear(Some(begins), &samples);
        }
        line
    }

    fn number(value: f32) -> i64 {
        (value * 1e6).round() as i64
    }

    #[test]
    fn clips_with_rounded_times_meet_at_one_sample() {
        // Each frame's time is off by up to half a millisecond.
        let off = |frame: i64| frame * 37 % 48 - 24;
        let frames: Vec<(i64, i64)> = (-30..60)
            .map(|frame| (frame * 1_000 + off(frame), frame * 1_000))
            .collect();
        let first = line(-24_000, &frames);
        let later: Vec<(i64, i64)> = (20..110)
            .map(|frame| (frame * 1_000 + off(frame) - 48_000, frame * 1_000))
            .collect();
        let second = line(-24_000, &later);
        let (length, end) = (first.second(), first.cut(0, first.second() as usize));
        assert!(length.abs_diff(RATE) <= 48);
        let next = number(second.cut(0, 1)[0]);
        assert_eq!(number(end[end.len() - 1]) + 1, next);
        assert!(
            end.windows(2)
                .all(|pair| number(pair[0]) + 1 == number(pair[1]))
        );
    }

    #[test]
    fn gaps_are_silent_and_what_comes_twice_is_left_out() {
        let line = line(-1_000, &[(0, 1), (2_000, 5_001), (2_500, 7_001)]);
        let all = line.cut(500, 5_000);
        let number = |at: usize| number(all[at]);
        assert_eq!((number(499), number(500), number(1_499)), (0, 1, 1_000));
        assert_eq!((number(1_500), number(2_499), number(2_500)), (0, 0, 5_001));
        assert_eq!((number(3_499), number(3_500)), (6_000, 7_501));
        assert_eq!((number(3_999), number(4_000)), (8_000, 0));
    }

    #[test]
    fn only_the_stretch_is_kept() {
        let frames: Vec<(i64, i64)> = (-9_000..9_000).map(|frame| (frame * 1_000, 1)).collect();
        let line = line(-2_500, &frames);
        assert_eq!(line.values.len(), 63_000);
        assert!(line.reaches_back());
    }

    #[test]
    fn no_time_of_a_file_breaks_the_arithmetic() {
        for begins in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX] {
            for next in [i64::MIN, 0, i64::MAX] {
                let line = line(-1_000, &[(begins, 1), (next, 1)]);
                assert!(line.values.len() <= 100_000);
                assert!((24_000..=96_000).contains(&line.second()));
                assert_eq!(line.cut(100, 10).len(), 10);
            }
        }
        assert_eq!(mixed(&[f32::NAN, 1.0]), 0.0);
        assert_eq!(mixed(&[900.0, 900.0]), SAMPLE_MAX);
    }
}
