//! The bits of a JPEG's scan, its Huffman codes, and a quick way past coefficients that nobody wants (ITU-T T.81, F.2.2).

/// Bits of a code that are looked up at once; longer codes are rare.
const LOOKED_UP: u32 = 12;
const ENTRIES: usize = 1 << LOOKED_UP;
/// Longest code.
const CODE_BITS_MAX: u32 = 16;
/// Most codes of a table.
const CODES_MAX: usize = 256;
/// Coefficients of a block.
const BLOCK: u32 = 64;

/// Reads the bits of a scan up to its next marker; behind that come zeros, which [`Bits::end`] tells.
pub(crate) struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    /// The next bits, highest first.
    held: u64,
    /// How many of them count.
    count: u32,
    /// Zeros that were put behind the end.
    padded: u32,
}

impl<'a> Bits<'a> {
    pub(crate) fn new(data: &'a [u8], at: usize) -> Self {
        Self {
            data,
            at,
            held: 0,
            count: 0,
            padded: 0,
        }
    }

    /// At least 56 bits are held after it.
    #[inline(always)]
    fn fill(&mut self) {
        let next = self.data.get(self.at..).and_then(<[u8]>::first_chunk::<8>);
        match next.map(|&bytes| u64::from_be_bytes(bytes)) {
            // What is put in twice, here and the next time, is the same both times.
            Some(next) if !has_ff(next) => {
                self.held |= next >> self.count;
                self.at += ((63 - self.count) / 8) as usize;
                self.count |= 56;
            }
            _ => self.fill_slowly(),
        }
    }

    #[cold]
    fn fill_slowly(&mut self) {
        while self.count < 56 {
            let byte = match self.data.get(self.at..) {
                // A byte of ones is followed by a zero, or it begins a marker.
                Some([0xff, 0, ..]) => {
                    self.at += 2;
                    0xff
                }
                Some([byte, ..]) if *byte != 0xff => {
                    self.at += 1;
                    *byte
                }
                _ => {
                    self.padded += 8;
                    0
                }
            };
            // The bits that do not count may be there already.
            self.held |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    #[inline(always)]
    fn peek(&self, bits: u32) -> u32 {
        (self.held >> 1 >> (63 - bits)) as u32
    }

    #[inline(always)]
    fn drop(&mut self, bits: u32) {
        self.held <<= bits;
        self.count -= bits;
    }

    /// One bit.
    #[inline(always)]
    pub(crate) fn bit(&mut self) -> bool {
        if self.count == 0 {
            self.fill();
        }
        let bit = self.peek(1) == 1;
        self.drop(1);
        bit
    }

    /// The difference of a block's mean from that before; none for what no baseline file has.
    #[inline(always)]
    pub(crate) fn difference(&mut self, codes: &Codes) -> Option<i16> {
        self.fill();
        let size = u32::from(codes.next(self)?);
        if size > 11 {
            return None;
        }
        let value = self.peek(size) as i16;
        self.drop(size);
        let is_negative = size > 0 && value >> (size - 1) == 0;
        Some(if is_negative {
            value - (1 << size) + 1
        } else {
            value
        })
    }

    /// Past all coefficients of a block but the first.
    #[inline(always)]
    pub(crate) fn skip(&mut self, skips: &Skips) -> Option<()> {
        let mut at = 1;
        while at < BLOCK {
            if self.count < 32 {
                self.fill();
            }
            let skip = skips.table[self.peek(LOOKED_UP) as usize & (ENTRIES - 1)];
            if skip.bits != 0 && at + u32::from(skip.before_last) < BLOCK {
                self.drop(u32::from(skip.bits));
                at += u32::from(skip.all);
            } else {
                let symbol = skips.codes.next(self)?;
                self.drop(u32::from(symbol & 15));
                at += u32::from(advance(symbol));
            }
        }
        Some(())
    }

    /// Whether bits were read that are not there.
    pub(crate) fn is_short(&self) -> bool {
        self.count < self.padded
    }

    /// Behind the restart with `number`, which must follow.
    pub(crate) fn restarted(&self, number: u8) -> Option<Self> {
        let at = self.end()?;
        match self.data.get(at..)? {
            [0xff, marker, ..] if *marker == 0xd0 + number => Some(Self::new(self.data, at + 2)),
            _ => None,
        }
    }

    /// Where the scan's data ends: none if it ended early, or more is left than fills a byte.
    pub(crate) fn end(&self) -> Option<usize> {
        let left = self.count.checked_sub(self.padded)?;
        (left < 8).then_some(self.at)
    }
}

/// Whether a byte of it has all bits set.
#[inline(always)]
fn has_ff(bytes: u64) -> bool {
    const LOW: u64 = 0x0101_0101_0101_0101;
    let zeros = !bytes;
    zeros.wrapping_sub(LOW) & !zeros & (LOW << 7) != 0
}

/// How many places a coefficient and the zeros before it take; more than a block has at the end of a block.
fn advance(symbol: u8) -> u8 {
    match (symbol >> 4, symbol & 15) {
        (15, 0) => 16,
        (_, 0) => BLOCK as u8,
        (zeros, _) => zeros + 1,
    }
}

/// The codes of one table, and what each means.
pub(crate) struct Codes {
    /// By the next bits: how long the code is, 0 for a longer one, and its symbol.
    short: Box<[(u8, u8); ENTRIES]>,
    /// For each length above: behind its last code, and what leads from a code to its symbol's place.
    long: [(u32, i32); (CODE_BITS_MAX - LOOKED_UP) as usize],
    symbols: Vec<u8>,
}

impl Codes {
    /// From a table in a file: how many codes there are of each length, and the symbols. None if they do not fit.
    pub(crate) fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut short = Box::new([(0, 0); ENTRIES]);
        let mut long = [(0, 0); (CODE_BITS_MAX - LOOKED_UP) as usize];
        let (mut code, mut place) = (0_u32, 0_usize);
        for (length, &count) in (1_u32..).zip(counts) {
            let behind = code + u32::from(count);
            if behind > 1 << length {
                return None;
            }
            let of_length = symbols.get(place..place + usize::from(count))?;
            if length <= LOOKED_UP {
                let width = 1_usize << (LOOKED_UP - length);
                let entries = short[code as usize * width..].chunks_exact_mut(width);
                for (entries, &symbol) in entries.zip(of_length) {
                    entries.fill((length as u8, symbol));
                }
            } else {
                let leads = place as i32 - code as i32;
                long[(length - LOOKED_UP - 1) as usize] = (behind, leads);
            }
            place += usize::from(count);
            code = behind << 1;
        }
        (place == symbols.len() && place <= CODES_MAX).then(|| Self {
            short,
            long,
            symbols: symbols.to_vec(),
        })
    }

    /// The next symbol; at least 16 bits must be held.
    #[inline(always)]
    fn next(&self, bits: &mut Bits) -> Option<u8> {
        let (length, symbol) = self.short[bits.peek(LOOKED_UP) as usize & (ENTRIES - 1)];
        if length == 0 {
            return self.next_long(bits);
        }
        bits.drop(u32::from(length));
        Some(symbol)
    }

    #[cold]
    fn next_long(&self, bits: &mut Bits) -> Option<u8> {
        for (length, &(behind, leads)) in (LOOKED_UP + 1..).zip(&self.long) {
            let code = bits.peek(length);
            if code < behind {
                bits.drop(length);
                return self.symbols.get((code as i32 + leads) as usize).copied();
            }
        }
        None
    }
}

/// What the next bits let one pass over.
#[derive(Clone, Copy, Default)]
struct Skip {
    /// Codes and values; 0 if the first code is longer than what was looked at.
    bits: u8,
    /// Places of a block that all but the last symbol take: the last is of this block only if they leave one.
    before_last: u8,
    /// Places that all take.
    all: u8,
}

/// Codes of coefficients with what they let one pass over, several at once where they are short.
pub(crate) struct Skips {
    codes: Codes,
    table: Box<[Skip; ENTRIES]>,
}

impl Skips {
    pub(crate) fn new(codes: Codes) -> Self {
        let mut table = Box::new([Skip::default(); ENTRIES]);
        for (next, skip) in table.iter_mut().enumerate() {
            *skip = Self::over(&codes, next);
        }
        Self { codes, table }
    }

    fn over(codes: &Codes, next: usize) -> Skip {
        let mut skip = Skip::default();
        while u32::from(skip.bits) < LOOKED_UP && u32::from(skip.all) < BLOCK {
            let (length, symbol) = codes.short[(next << skip.bits) & (ENTRIES - 1)];
            if length == 0 || u32::from(skip.bits + length) > LOOKED_UP {
                break;
            }
            skip.bits += length + (symbol & 15);
            skip.before_last = skip.all;
            skip.all += advance(symbol);
        }
        skip
    }
}
