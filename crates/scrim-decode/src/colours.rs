//! From the colours that a file's ICC profile means to sRGB, for what is shown. Hashes are made without it (ADR 0020).
//!
//! A profile is hostile input like any other bytes. One that is too long, damaged, of a kind that does not fit the
//! pixels, or that makes its reader fail, is left out: the picture is shown as if it had none.

use std::panic::{AssertUnwindSafe, catch_unwind};

use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use crate::limits::PROFILE_BYTES_MAX;

/// A profile that was read.
#[derive(Debug)]
pub(crate) struct Profile(ColorProfile);

impl Profile {
    /// None if it is of no use.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() || bytes.len() > PROFILE_BYTES_MAX {
            return None;
        }
        unpanicked(|| ColorProfile::new_from_slice(bytes).ok()).map(Self)
    }

    /// Opaque RGBA in sRGB. Pixels of a grey profile are grey: their first channel counts.
    pub(crate) fn of_rgbx(&self, pixels: &[u8]) -> Option<Vec<u8>> {
        let mut made = match self.0.color_space {
            DataColorSpace::Rgb => self.converted(pixels, Layout::Rgba, pixels.len())?,
            DataColorSpace::Gray => {
                let grey: Vec<u8> = pixels.iter().copied().step_by(4).collect();
                self.converted(&grey, Layout::Gray, pixels.len())?
            }
            _ => return None,
        };
        opaque(&mut made);
        Some(made)
    }

    /// Opaque RGBA in sRGB from four inks, 0 for none.
    pub(crate) fn of_inks(&self, inks: &[u8]) -> Option<Vec<u8>> {
        if self.0.color_space != DataColorSpace::Cmyk {
            return None;
        }
        let mut made = self.converted(inks, Layout::Rgba, inks.len())?;
        opaque(&mut made);
        Some(made)
    }

    fn converted(&self, source: &[u8], layout: Layout, len: usize) -> Option<Vec<u8>> {
        unpanicked(|| {
            let srgb = ColorProfile::new_srgb();
            let options = TransformOptions::default();
            let transform = self
                .0
                .create_transform_8bit(layout, &srgb, Layout::Rgba, options)
                .ok()?;
            let mut made = vec![0; len];
            transform.transform(source, &mut made).ok()?;
            Some(made)
        })
    }
}

fn opaque(rgba: &mut [u8]) {
    rgba.iter_mut()
        .skip(3)
        .step_by(4)
        .for_each(|alpha| *alpha = 255);
}

/// A panic is nothing, like any other failure.
fn unpanicked<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(None)
}

#[cfg(test)]
#[path = "colours_tests.rs"]
mod tests;
