//! Brightness of pixels, as the reference's package computes it.

use crate::layout::{Layout, over_backdrop};

/// Each channel's share of the luma, for each of its values. Doubles, because the package adds doubles.
pub(crate) struct Luma {
    red: [f64; 256],
    green: [f64; 256],
    blue: [f64; 256],
}

impl Luma {
    pub(crate) fn new() -> Self {
        let table = |weight: f64| std::array::from_fn(|value| value as f64 * weight);
        Self {
            red: table(0.299),
            green: table(0.587),
            blue: table(0.114),
        }
    }

    fn of(&self, red: u8, green: u8, blue: u8) -> f32 {
        let sum = self.red[usize::from(red)] + self.green[usize::from(green)];
        (sum + self.blue[usize::from(blue)]) as f32
    }

    /// Gives the luma of each pixel of a row to `put`, from the left.
    pub(crate) fn row(&self, row: &[u8], layout: Layout, put: impl FnMut(f32)) {
        match layout {
            Layout::Grey => row.iter().map(|&g| self.of(g, g, g)).for_each(put),
            Layout::GreyAlpha => pixels(row)
                .map(|&[grey, alpha]| over_backdrop(grey, alpha))
                .map(|grey| self.of(grey, grey, grey))
                .for_each(put),
            Layout::Rgb => pixels(row).map(|&[r, g, b]| self.of(r, g, b)).for_each(put),
            Layout::Rgbx => pixels(row)
                .map(|&[r, g, b, _]| self.of(r, g, b))
                .for_each(put),
            Layout::Rgba => pixels(row)
                .map(|&[r, g, b, alpha]| {
                    let [r, g, b] = [r, g, b].map(|channel| over_backdrop(channel, alpha));
                    self.of(r, g, b)
                })
                .for_each(put),
        }
    }
}

fn pixels<const BYTES: usize>(row: &[u8]) -> std::slice::Iter<'_, [u8; BYTES]> {
    row.as_chunks().0.iter()
}
