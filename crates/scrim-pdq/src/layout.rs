//! Channels of a pixel, and what lies behind a transparent one.

/// What lies behind transparent pixels, on every channel: neither hides nor invents contrast.
pub const BACKDROP: u8 = 128;

/// Order of the channels of a pixel, 8 bits each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One channel.
    Grey,
    /// Grey and straight alpha.
    GreyAlpha,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue and straight alpha.
    Rgba,
    /// Red, green, blue and 255: opaque.
    Rgbx,
}

impl Layout {
    /// Bytes of one pixel.
    #[must_use]
    pub fn bytes(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Rgbx => 4,
        }
    }
}

/// A channel of a pixel with straight alpha, laid over [`BACKDROP`].
#[must_use]
pub fn over_backdrop(channel: u8, alpha: u8) -> u8 {
    let (channel, alpha) = (u32::from(channel), u32::from(alpha));
    let sum = channel * alpha + u32::from(BACKDROP) * (255 - alpha);
    u8::try_from((sum + 127) / 255).unwrap_or(u8::MAX)
}
