//! The narrow band of a telephone.

use biquad::{Biquad, Coefficients, DirectForm2Transposed, Q_BUTTERWORTH_F64, ToHertz, Type};
use scrim_wire::moving::CLIP_RATE_HZ;
use scrim_wire::worker::Rejection;

/// Where the band begins.
const LOW_HZ: u32 = 300;
/// Where it ends.
const HIGH_HZ: u32 = 3_400;

/// Leaves 300 to 3,400 Hz of sound at [`CLIP_RATE_HZ`]: two Butterworth filters on each side, 24 dB an octave.
pub(crate) fn narrow(samples: &mut [f32]) -> Result<(), Rejection> {
    let high_pass = coefficients(Type::HighPass, LOW_HZ)?;
    let low_pass = coefficients(Type::LowPass, HIGH_HZ)?;
    let mut filters = [high_pass, high_pass, low_pass, low_pass].map(DirectForm2Transposed::new);
    for sample in samples {
        let through = |value, filter: &mut DirectForm2Transposed<f64>| filter.run(value);
        *sample = filters.iter_mut().fold(f64::from(*sample), through) as f32;
    }
    Ok(())
}

fn coefficients(of: Type<f64>, hz: u32) -> Result<Coefficients<f64>, Rejection> {
    let (rate, edge) = (f64::from(CLIP_RATE_HZ).hz(), f64::from(hz).hz());
    Coefficients::from_params(of, rate, edge, Q_BUTTERWORTH_F64).map_err(|_| Rejection::Unsupported)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// How much of a tone passes, in decibels.
    fn passes_db(hz: f32) -> f32 {
        let time = |number: u16| f32::from(number) / CLIP_RATE_HZ as f32;
        let tone = |number| (std::f32::consts::TAU * hz * time(number)).sin();
        let mut samples: Vec<f32> = (0..24_000).map(tone).collect();
        narrow(&mut samples).unwrap();
        let loudest = samples[12_000..].iter().copied().fold(0.0, f32::max);
        20.0 * loudest.log10()
    }

    #[test]
    fn a_voice_passes_and_what_lies_around_it_does_not() {
        for hz in [600.0, 1_000.0, 2_000.0] {
            assert!(passes_db(hz).abs() < 2.0, "{hz} Hz: {}", passes_db(hz));
        }
        for hz in [20.0, 100.0, 150.0, 7_500.0, 8_000.0, 11_000.0] {
            assert!(passes_db(hz) < -20.0, "{hz} Hz: {}", passes_db(hz));
        }
    }
}
