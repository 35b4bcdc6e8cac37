//! The frame of a JPEG, the means of its blocks, and how its scans run over them (ITU-T T.81, A.2 and B.2).

use std::iter::repeat_n;
use std::ops::Range;

use crate::huffman::Bits;
use crate::pixels::{Layout, Pixels};

/// Side of a block.
const SIDE: u32 = 8;
/// Most blocks of one colour that lie together, in a row or a column.
const SIDES_MAX: u32 = 4;
/// Most blocks that lie together in a scan of several colours.
const TOGETHER_MAX: u32 = 10;
/// Most bits of a mean that a progressive file may leave for later.
const LOW_MAX: u8 = 13;
/// The last coefficient of a block.
const LAST: u8 = 63;

/// One colour: brightness, or one of the two differences from it.
struct Colour {
    name: u8,
    /// Blocks of a unit, across and down.
    blocks: (u32, u32),
    /// Pixels of the made picture that a block gives, across and down.
    pixels: (u32, u32),
    quant_number: usize,
    /// What its means are multiplied by, since its first scan.
    quant: u16,
    /// Blocks across and down that hold something of the picture.
    size: (u32, u32),
    /// Blocks in a row, with those that fill up the last unit.
    row: usize,
    means: Vec<i16>,
    /// Bits of the means that are still to come; none before its first scan.
    low: Option<u8>,
}

impl Colour {
    /// One row of the made picture. What libjpeg-turbo makes of a block that has nothing but its mean.
    fn draw(&self, y: u32, row: &mut Vec<u8>) {
        let first = (y / self.pixels.1) as usize * self.row;
        let means = self.means.get(first..first + self.row).unwrap_or_default();
        let quant = i32::from(self.quant);
        row.clear();
        for &mean in means {
            let value = ((i32::from(mean) * quant + 4) >> 3) + 128;
            row.extend(repeat_n(value.clamp(0, 255) as u8, self.pixels.0 as usize));
        }
    }
}

/// What the frame's header says, and the means so far.
pub(crate) struct Frame {
    pub(crate) is_progressive: bool,
    size: (u32, u32),
    /// Units across and down.
    units: (u32, u32),
    colours: Vec<Colour>,
}

impl Frame {
    /// From the header's `body`. See [`crate::eighth::decode`].
    pub(crate) fn new(
        body: &[u8],
        is_progressive: bool,
        size: (u32, u32),
        needed: (u32, u32),
    ) -> Option<Self> {
        let (&[bits, h1, h0, w1, w0, count], named) = body.split_first_chunk()?;
        let said = [[w1, w0], [h1, h0]].map(|length| u32::from(u16::from_be_bytes(length)));
        let (named, []) = named.as_chunks::<3>() else {
            return None;
        };
        let is_usual = bits == 8 && said == <[u32; 2]>::from(size) && matches!(count, 1 | 3);
        if !is_usual || named.len() != usize::from(count) {
            return None;
        }
        let sides = |of: &[u8; 3]| (u32::from(of[1] >> 4), u32::from(of[1] & 15));
        let possible = 1..=SIDES_MAX;
        let all = || named.iter().map(sides);
        if !all().all(|side| possible.contains(&side.0) && possible.contains(&side.1)) {
            return None;
        }
        let most = all().fold((1, 1), |most, side| {
            (most.0.max(side.0), most.1.max(side.1))
        });
        let across = |side: u32| (size.0 * side).div_ceil(SIDE * most.0);
        let down = |side: u32| (size.1 * side).div_ceil(SIDE * most.1);
        let units = (across(1), down(1));
        let mut colours = Vec::new();
        for of in named {
            let blocks = sides(of);
            let pixels = (most.0 / blocks.0, most.1 / blocks.1);
            let size = (across(blocks.0), down(blocks.1));
            let is_whole = most == (pixels.0 * blocks.0, pixels.1 * blocks.1);
            if !is_whole || size.0 < needed.0 || size.1 < needed.1 {
                return None;
            }
            let row = (units.0 * blocks.0) as usize;
            colours.push(Colour {
                name: of[0],
                blocks,
                pixels,
                quant_number: usize::from(of[2]),
                quant: 0,
                size,
                row,
                means: vec![0; row * (units.1 * blocks.1) as usize],
                low: None,
            });
        }
        Some(Self {
            is_progressive,
            size,
            units,
            colours,
        })
    }

    /// Runs over the blocks of `scan` in their order: `each` gets the bits, the colour's place in the scan, its mean before
    /// and its mean of this block. `data` begins at `at`. Where it ends; none if it does not as it should.
    pub(crate) fn read(
        &mut self,
        scan: &Scan,
        (data, at): (&[u8], usize),
        interval: u16,
        mut each: impl FnMut(&mut Bits, usize, &mut i16, &mut i16) -> Option<()>,
    ) -> Option<usize> {
        let colours = self.colours.get_mut(scan.colours.clone())?;
        // A colour alone comes block by block, without those that fill up a unit.
        let alone = if let [alone] = colours {
            Some(alone.size)
        } else {
            None
        };
        let (across, down) = alone.unwrap_or(self.units);
        let mut bits = Bits::new(data, at);
        let mut before = [0; 3];
        let (mut left, mut restarts) = (interval, 0);
        for y in 0..down {
            for x in 0..across {
                if interval > 0 && left == 0 {
                    bits = bits.restarted(restarts)?;
                    restarts = (restarts + 1) % 8;
                    before = [0; 3];
                    left = interval;
                }
                left = left.saturating_sub(1);
                for (place, (colour, before)) in colours.iter_mut().zip(&mut before).enumerate() {
                    let (wide, high) = if alone.is_some() {
                        (1, 1)
                    } else {
                        colour.blocks
                    };
                    for row in y * high..(y + 1) * high {
                        let first = row as usize * colour.row + (x * wide) as usize;
                        for mean in colour.means.get_mut(first..first + wide as usize)? {
                            each(&mut bits, place, before, mean)?;
                        }
                    }
                }
            }
            if bits.is_short() {
                return None;
            }
        }
        bits.end()
    }

    /// The picture, if all of it is there.
    pub(crate) fn picture(self) -> Option<Pixels> {
        if self.colours.iter().any(|colour| colour.low != Some(0)) {
            return None;
        }
        let (width, height) = (self.size.0.div_ceil(SIDE), self.size.1.div_ceil(SIDE));
        let layout = if self.colours.len() == 1 {
            Layout::Grey
        } else {
            Layout::Rgb
        };
        let mut bytes = Vec::with_capacity(width as usize * height as usize * layout.bytes());
        let mut rows = [const { Vec::new() }; 3];
        for y in 0..height {
            for (row, colour) in rows.iter_mut().zip(&self.colours) {
                colour.draw(y, row);
            }
            let [luma, blue, red] = &rows;
            let luma = luma.iter().take(width as usize);
            if layout == Layout::Grey {
                bytes.extend(luma);
            } else {
                let pixels = luma.zip(blue.iter().zip(red));
                bytes.extend(pixels.flat_map(|(&luma, (&blue, &red))| rgb(luma, blue, red)));
            }
        }
        Pixels::new(width, height, layout, bytes).ok()
    }
}

/// As libjpeg-turbo computes it (JFIF 1.02).
fn rgb(luma: u8, blue: u8, red: u8) -> [u8; 3] {
    let [luma, blue, red] = [luma, blue, red].map(i32::from);
    let (blue, red) = (blue - 128, red - 128);
    let rounded = |sum: i32| (sum + (1 << 15)) >> 16;
    let channels = [
        luma + rounded(91_881 * red),
        luma + rounded(-22_554 * blue - 46_802 * red),
        luma + rounded(116_130 * blue),
    ];
    channels.map(|channel| channel.clamp(0, 255) as u8)
}

/// What a scan's header says.
pub(crate) struct Scan {
    /// Which of the frame's.
    colours: Range<usize>,
    /// Numbers of the tables of codes, for each colour: of means, and of the others.
    pub(crate) tables: Vec<u8>,
    /// Whether it has means at all.
    pub(crate) has_means: bool,
    /// Whether it has one more bit of means that came before.
    pub(crate) refines: bool,
    /// Bits of the means that it leaves for later.
    pub(crate) low: u8,
}

impl Scan {
    /// From the header's `body`; the scan counts as read from here on.
    pub(crate) fn begun(body: &[u8], frame: &mut Frame, quants: &[Option<u16>; 4]) -> Option<Self> {
        let (&count, rest) = body.split_first()?;
        let (named, &[first, last, bits]) = rest.split_last_chunk::<3>()?;
        let (named, []) = named.as_chunks::<2>() else {
            return None;
        };
        let begin = frame
            .colours
            .iter()
            .position(|colour| Some(colour.name) == named.first().map(|first| first[0]))?;
        let range = begin..begin + named.len();
        let is_progressive = frame.is_progressive;
        let colours = frame.colours.get_mut(range.clone())?;
        let names = colours.iter().map(|colour| colour.name);
        if named.len() != usize::from(count) || !names.eq(named.iter().map(|named| named[0])) {
            return None;
        }
        let (high, low) = (bits >> 4, bits & 15);
        let scan = Self {
            colours: range,
            tables: named.iter().map(|named| named[1]).collect(),
            has_means: first == 0,
            refines: high > 0,
            low,
        };
        if first > 0 {
            let is_right = is_progressive && count == 1 && first <= last && last <= LAST;
            return (is_right && low <= LOW_MAX).then_some(scan);
        }
        let together: u32 = colours
            .iter()
            .map(|colour| colour.blocks.0 * colour.blocks.1)
            .sum();
        let is_right = if is_progressive {
            last == 0 && low <= LOW_MAX
        } else {
            last == LAST && bits == 0
        };
        if !is_right || (count > 1 && together > TOGETHER_MAX) {
            return None;
        }
        for colour in colours {
            let follows = match colour.low {
                None => high == 0,
                Some(before) => high > 0 && high == before && low + 1 == high,
            };
            if !follows {
                return None;
            }
            if colour.low.is_none() {
                colour.quant = (*quants.get(colour.quant_number)?)?;
            }
            colour.low = Some(low);
        }
        Some(scan)
    }
}
