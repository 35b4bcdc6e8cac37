//! From luma and two differences of colour to red, green and blue (ITU-T H.273, 8.3). The coarser planes are not smoothed.

use scrim_wire::worker::Rejection;

use crate::av1::{Frame, Planes};

/// H.273's number for red, green and blue as they are: green, blue, red.
const IDENTITY: u32 = 0;

/// All pixels, `channels` bytes each: red, green, blue, and 255 in a fourth.
pub(crate) fn rgb(frame: &Frame, channels: usize) -> Result<Vec<u8>, Rejection> {
    let mixing = Mixing::of(frame)?;
    let (width, height) = (frame.width as usize, frame.height as usize);
    let mut pixels = vec![255; width * height * channels];
    let [mut luma, mut blue, mut red] = [const { Vec::new() }; 3];
    for (at, line) in (0..frame.height).zip(pixels.chunks_exact_mut(width * channels)) {
        let across = match frame.planes {
            Planes::Luma => None,
            Planes::Colour { across, down } => {
                let whole = frame.read_row(1, at >> down, &mut blue)
                    && frame.read_row(2, at >> down, &mut red);
                Some(whole.then_some(across).ok_or(Rejection::Malformed)?)
            }
        };
        if !frame.read_row(0, at, &mut luma) {
            return Err(Rejection::Malformed);
        }
        for (x, (pixel, &luma)) in line.chunks_exact_mut(channels).zip(&luma).enumerate() {
            let of = match across {
                None => mixing.grey(luma),
                Some(across) => mixing.colour(luma, blue[x >> across], red[x >> across]),
            };
            pixel[..3].copy_from_slice(&of);
        }
    }
    Ok(pixels)
}

/// Puts the luma of `alpha` into the fourth channel of pixels of `size`; colours that were multiplied with it are divided.
pub(crate) fn add_alpha(
    alpha: &Frame,
    size: (u32, u32),
    premultiplied: bool,
    rgba: &mut [u8],
) -> Result<(), Rejection> {
    if (alpha.width, alpha.height) != size {
        return Err(Rejection::Malformed);
    }
    let range = Range::of(alpha);
    let mut row = Vec::new();
    for (at, line) in (0..size.1).zip(rgba.chunks_exact_mut(size.0 as usize * 4)) {
        if !alpha.read_row(0, at, &mut row) {
            return Err(Rejection::Malformed);
        }
        for (pixel, &sample) in line.as_chunks_mut::<4>().0.iter_mut().zip(&row) {
            pixel[3] = byte(range.luma(sample));
            if premultiplied && pixel[3] != 0 {
                let part = 255.0 / f32::from(pixel[3]);
                for channel in &mut pixel[..3] {
                    *channel = byte(f32::from(*channel) / 255.0 * part);
                }
            }
        }
    }
    Ok(())
}

/// 0 to 1 as a byte; what lies outside is cut.
fn byte(value: f32) -> u8 {
    (value * 255.0).round().clamp(0.0, 255.0) as u8
}

/// What samples are numbers of.
struct Range {
    black: f32,
    luma: f32,
    neutral: f32,
    colour: f32,
}

impl Range {
    fn of(frame: &Frame) -> Self {
        let steps = |of_eight: u32| (of_eight << (frame.depth - 8)) as f32;
        let whole = ((1_u32 << frame.depth) - 1) as f32;
        let neutral = steps(128);
        if frame.full_range {
            Self {
                black: 0.0,
                luma: whole,
                neutral,
                colour: whole,
            }
        } else {
            Self {
                black: steps(16),
                luma: steps(219),
                neutral,
                colour: steps(224),
            }
        }
    }

    fn luma(&self, sample: u16) -> f32 {
        (f32::from(sample) - self.black) / self.luma
    }

    fn colour(&self, sample: u16) -> f32 {
        (f32::from(sample) - self.neutral) / self.colour
    }
}

struct Mixing {
    range: Range,
    /// What red and blue are of luma; none if the planes are colours themselves.
    shares: Option<(f32, f32)>,
}

impl Mixing {
    /// [`Rejection::Unsupported`] for a matrix that is not of this simple kind.
    fn of(frame: &Frame) -> Result<Self, Rejection> {
        let shares = match frame.matrix {
            IDENTITY if frame.planes == (Planes::Colour { across: 0, down: 0 }) => None,
            IDENTITY if frame.planes != Planes::Luma => return Err(Rejection::Malformed),
            1 => Some((0.2126, 0.0722)),
            4 => Some((0.30, 0.11)),
            // 2 says nothing; the oldest is the usual guess.
            IDENTITY | 2 | 5 | 6 => Some((0.299, 0.114)),
            7 => Some((0.212, 0.087)),
            9 => Some((0.2627, 0.0593)),
            _ => return Err(Rejection::Unsupported),
        };
        Ok(Self {
            range: Range::of(frame),
            shares,
        })
    }

    fn grey(&self, luma: u16) -> [u8; 3] {
        [byte(self.range.luma(luma)); 3]
    }

    fn colour(&self, luma: u16, blue: u16, red: u16) -> [u8; 3] {
        let Some((of_red, of_blue)) = self.shares else {
            return [red, luma, blue].map(|sample| byte(self.range.luma(sample)));
        };
        let (luma, blue, red) = (
            self.range.luma(luma),
            self.range.colour(blue),
            self.range.colour(red),
        );
        let red = luma + 2.0 * (1.0 - of_red) * red;
        let blue = luma + 2.0 * (1.0 - of_blue) * blue;
        let green = (luma - of_red * red - of_blue * blue) / (1.0 - of_red - of_blue);
        [red, green, blue].map(byte)
    }
}
