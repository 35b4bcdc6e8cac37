//! Stills that somebody made to hurt: bombs, files of two kinds, loops and marks that lie. All of abstract pictures.

use super::{crc32, gif, jpeg, png, tiff, with_segment};

/// A chunk of a PNG.
#[must_use]
pub fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("a chunk's length");
    let checked = [kind, body].concat();
    let sum = crc32(&checked).to_be_bytes();
    [&length.to_be_bytes()[..], &checked, &sum].concat()
}

/// A PNG with chunks behind its header.
#[must_use]
pub fn with_chunks(png: &[u8], chunks: &[u8]) -> Vec<u8> {
    // Signature, then the header's 25 bytes.
    let (head, rest) = png.split_at(33);
    [head, chunks, rest].concat()
}

/// A zlib stream (RFC 1950, 1951) of about `count` zeros: 258 of them in 13 bits.
#[must_use]
pub fn zeros(count: u64) -> Vec<u8> {
    let times = count / 258;
    let length = times * 258 + 1;
    let mut bits = Bits(vec![0x78, 0x01], 0);
    // Last block, fixed codes; one zero; then "258 from 1 back" again and again; the end.
    bits.put(0b1, 1);
    bits.put(0b10, 2);
    bits.put(0b0011_0000, 8);
    for _ in 0..times {
        bits.put(0b1100_0101, 8);
        bits.put(0, 5);
    }
    bits.put(0, 7);
    let mut stream = bits.0;
    // Adler-32 of zeros.
    let sum = u32::try_from(length % 65_521).expect("below 65,521") << 16 | 1;
    stream.extend(sum.to_be_bytes());
    stream
}

/// Bits from the lowest of each byte; codes of Huffman's come highest bit first. The block's type, 01, is written 10.
struct Bits(Vec<u8>, u32);

impl Bits {
    fn put(&mut self, code: u32, length: u32) {
        for at in (0..length).rev() {
            if self.1 == 0 {
                self.0.push(0);
            }
            let last = self.0.last_mut().expect("one was pushed");
            *last |= u8::try_from(code >> at & 1).expect("a bit") << self.1;
            self.1 = (self.1 + 1) % 8;
        }
    }
}

/// A small PNG whose pixels are followed by `count` zeros more, in the same compressed stream's form.
#[must_use]
pub fn png_with_too_much(count: u64) -> Vec<u8> {
    let header = [&[0, 0, 0, 40, 0, 0, 0, 30][..], &[8, 0, 0, 0, 0]].concat();
    let parts = [
        chunk(b"IHDR", &header),
        chunk(b"IDAT", &zeros(count)),
        chunk(b"IEND", &[]),
    ];
    [&b"\x89PNG\r\n\x1a\n"[..], &parts.concat()].concat()
}

/// A PNG whose texts and profile grow to `count` bytes each.
#[must_use]
pub fn png_with_swollen_words(count: u64) -> Vec<u8> {
    let packed = zeros(count);
    let of = |kind, head: &[u8]| chunk(kind, &[head, &packed].concat());
    let words = [
        of(b"zTXt", b"Comment\0\0"),
        of(b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0"),
        of(b"iCCP", b"profile\0\0"),
    ];
    with_chunks(&png(40, 30), &words.concat())
}

/// A PNG with a million chunks that hold nothing.
#[must_use]
pub fn png_of_empty_chunks() -> Vec<u8> {
    with_chunks(&png(40, 30), &chunk(b"teSt", &[]).repeat(1_000_000))
}

/// A GIF with a comment of 20 megabytes, block after block.
#[must_use]
pub fn gif_with_an_endless_comment() -> Vec<u8> {
    let file = gif(40, 30);
    let blocks = [&[255_u8][..], &[b'.'; 255]].concat().repeat(80_000);
    // Behind the screen, there is no table of colours for all frames in what the encoder writes or 768 bytes of one.
    let table = if file[10] & 0x80 == 0 {
        0
    } else {
        3 << ((file[10] & 7) + 1)
    };
    let (head, rest) = file.split_at(13 + table);
    [head, b"\x21\xfe", &blocks, &[0], rest].concat()
}

/// A JPEG whose first scan begins behind ten megabytes of fill bytes.
#[must_use]
pub fn jpeg_of_fill_bytes() -> Vec<u8> {
    let file = jpeg(40, 30, false);
    [&file[..2], &vec![0xff; 10_000_000], &file[2..]].concat()
}

/// A progressive JPEG that says its last scan a thousand times.
#[must_use]
pub fn jpeg_of_scans() -> Vec<u8> {
    let file = jpeg(400, 300, true);
    let last = file
        .windows(2)
        .rposition(|pair| pair == [0xff, 0xda])
        .expect("has a scan");
    let end = file.len() - 2;
    let scans = file[last..end].repeat(1000);
    [&file[..last], &scans, &file[end..]].concat()
}

/// A TIFF whose directory follows itself.
#[must_use]
pub fn tiff_in_a_loop() -> Vec<u8> {
    let mut file = tiff(40, 30);
    let directory = u32::from_le_bytes([file[4], file[5], file[6], file[7]]);
    let at = usize::try_from(directory).expect("lies in the file");
    let entries = usize::from(u16::from_le_bytes([file[at], file[at + 1]]));
    let next = at + 2 + entries * 12;
    file[next..next + 4].copy_from_slice(&directory.to_le_bytes());
    file
}

/// A JPEG with an Exif whose directories follow each other for ever, and claim 65,535 entries.
#[must_use]
pub fn jpeg_with_an_exif_loop() -> Vec<u8> {
    let exif = [
        &b"Exif\0\0II*\0\x08\0\0\0\xff\xff\x69\x87\x04\0\x01\0\0\0\x08\0\0\0"[..],
        &[8, 0, 0, 0].repeat(9),
    ];
    with_segment(&jpeg(40, 30, false), 0xe1, &exif.concat())
}

/// A JPEG with an XMP text whose entities multiply.
#[must_use]
pub fn jpeg_with_swollen_xmp() -> Vec<u8> {
    let text = b"http://ns.adobe.com/xap/1.0/\0<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">\
        <!ENTITY c \"&b;&b;&b;&b;\"><!ENTITY d SYSTEM \"file:///dev/zero\">]><x>&c;&d;</x>";
    with_segment(&jpeg(40, 30, false), 0xe1, text)
}

/// Profiles that lie: of their length, of the number of their parts, of where those are.
#[must_use]
pub fn profiles() -> Vec<Vec<u8>> {
    let mut header = vec![0_u8; 128];
    header[8] = 4;
    header[12..24].copy_from_slice(b"mntrRGB XYZ ");
    header[36..40].copy_from_slice(b"acsp");
    let with = |length: u32, count: u32, parts: &[u8]| {
        let mut profile = header.clone();
        profile[..4].copy_from_slice(&length.to_be_bytes());
        profile.extend(count.to_be_bytes());
        profile.extend_from_slice(parts);
        profile
    };
    let part = |name: &[u8; 4], at: u32, length: u32| {
        [&name[..], &at.to_be_bytes(), &length.to_be_bytes()].concat()
    };
    let curve = [&b"curv\0\0\0\0\xff\xff\xff\xff"[..], &[1; 64]].concat();
    vec![
        with(u32::MAX, 0, &[]),
        with(200, u32::MAX, &[0; 68]),
        with(
            156,
            2,
            &[part(b"rTRC", u32::MAX, 9), part(b"gTRC", 144, u32::MAX)].concat(),
        ),
        with(220, 1, &[part(b"rTRC", 144, 76), curve].concat()),
        with(144, 1, &part(b"A2B0", 0, 144)),
    ]
}
