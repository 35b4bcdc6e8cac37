//! From the grid to quality and hash.

use std::f64::consts::PI;

use scrim_model::Pdq;
use scrim_model::pdq::PDQ_QUALITY_MAX;

use crate::{GRID, Grid};

/// Frequencies in each direction that a hash tells of.
const FREQUENCIES: usize = 16;
/// Steps of the grid, in hundredths of the brightest, that make one point of quality.
const STEPS_PER_POINT: u32 = 90;

/// Rows are the cosines of the frequencies 1 to 16.
type Cosines = [[f32; GRID]; FREQUENCIES];

/// How much there is to hash: the sum of all steps between neighbours that are a hundredth or more.
pub(crate) fn quality(grid: &Grid) -> u8 {
    let step = |from: f32, to: f32| (((from - to) * 100.0 / 255.0) as i32).unsigned_abs();
    let mut steps = 0;
    for (upper, lower) in grid.iter().zip(&grid[1..]) {
        steps += upper
            .iter()
            .zip(lower)
            .map(|(u, v)| step(*u, *v))
            .sum::<u32>();
    }
    for row in grid {
        steps += row
            .iter()
            .zip(&row[1..])
            .map(|(u, v)| step(*u, *v))
            .sum::<u32>();
    }
    u8::try_from(steps / STEPS_PER_POINT)
        .unwrap_or(u8::MAX)
        .min(PDQ_QUALITY_MAX)
}

/// A bit for each frequency that is above the median; the bit of row `i` and column `j` is `16 i + j`.
pub(crate) fn hash(grid: &Grid) -> Pdq {
    let frequencies = frequencies(grid);
    let mut sorted = frequencies;
    // The reference's median of an even number of values is the lower one.
    let middle = sorted.len() / 2 - 1;
    let (_, median, _) = sorted.select_nth_unstable_by(middle, f32::total_cmp);
    let mut bytes = [0_u8; 32];
    for (bit, frequency) in frequencies.iter().enumerate() {
        if *frequency > *median {
            bytes[31 - bit / 8] |= 1 << (bit % 8);
        }
    }
    Pdq::from_bytes(bytes)
}

fn cosines() -> Cosines {
    // The scale is a float, the cosine a double, the product rounded to a float: as in the reference.
    let scale = f64::from((2.0 / GRID as f64).sqrt() as f32);
    let cosine = |i: usize, j: usize| {
        let angle = (PI / 2.0 / GRID as f64) * (i + 1) as f64 * (2 * j + 1) as f64;
        (scale * angle.cos()) as f32
    };
    std::array::from_fn(|i| std::array::from_fn(|j| cosine(i, j)))
}

/// Cosines × grid × transposed cosines, rows one after the other. Each sum grows by one product after the other.
fn frequencies(grid: &Grid) -> [f32; FREQUENCIES * FREQUENCIES] {
    let cosines = cosines();
    let mut out = [0.0; FREQUENCIES * FREQUENCIES];
    for (line, cosine) in out.chunks_exact_mut(FREQUENCIES).zip(&cosines) {
        let mut sums = [0.0; GRID];
        for (factor, row) in cosine.iter().zip(grid) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += factor * value;
            }
        }
        for (frequency, cosine) in line.iter_mut().zip(&cosines) {
            *frequency = sums
                .iter()
                .zip(cosine)
                .fold(0.0, |sum, (value, factor)| sum + value * factor);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Another library's cosine may round another way; then hashes would differ from everybody else's.
    #[test]
    fn the_cosines_are_those_of_the_reference() {
        let bits = cosines().into_iter().flatten().map(f32::to_bits);
        let sum = bits.fold(0xcbf2_9ce4_8422_2325_u64, |hash, word| {
            (hash ^ u64::from(word)).wrapping_mul(0x0100_0000_01b3)
        });
        assert_eq!(sum, 0x0c72_5997_d0b8_e721);
    }

    #[test]
    fn a_flat_grid_has_no_quality_and_a_steep_one_all() {
        assert_eq!(quality(&[[77.0; GRID]; GRID]), 0);
        let steep = std::array::from_fn(|i| std::array::from_fn(|j| ((i + j) % 2 * 255) as f32));
        assert_eq!(quality(&steep), 100);
        // One step of a hundredth and a half between two rows: 64 hundredths are not yet a point.
        let mut soft = [[77.0; GRID]; GRID];
        soft[..32].fill([77.0 + 1.5 * 2.55; GRID]);
        assert_eq!(quality(&soft), 0);
        soft[..32].fill([77.0 + 2.5 * 2.55; GRID]);
        assert_eq!(quality(&soft), 1);
    }
}
