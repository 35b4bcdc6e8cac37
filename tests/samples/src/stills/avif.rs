//! AVIF files around the AV1 stills of `av1/`: no encoder is needed, and every property can be set.

/// What stands around a still.
#[derive(Debug, Clone, Default)]
pub struct Around<'a> {
    /// A still whose luma is the transparency.
    pub alpha: Option<&'a [u8]>,
    /// More properties of the picture, whole boxes.
    pub properties: Vec<Vec<u8>>,
}

/// A still of [`super::picture`] in this size.
///
/// # Panics
/// If there is none in this size: `av1/make.py` makes them.
#[must_use]
pub fn still(width: u32, height: u32) -> &'static [u8] {
    match (width, height) {
        (900, 600) => include_bytes!("av1/900x600.obu"),
        (400, 300) => include_bytes!("av1/400x300.obu"),
        (300, 200) => include_bytes!("av1/300x200.obu"),
        (120, 90) => include_bytes!("av1/120x90.obu"),
        (48, 40) => include_bytes!("av1/48x40.obu"),
        _ => panic!("add this size to av1/make.py"),
    }
}

/// The same pattern in 120 × 90, 10 bits, colours in full.
pub const DEEP: &[u8] = include_bytes!("av1/120x90-10bit-444.obu");
/// The same in 12 bits, colours at half the width.
pub const DEEPER: &[u8] = include_bytes!("av1/120x90-12bit-422.obu");
/// From black at the left to white at the right, 120 × 90, without colours.
pub const RAMP: &[u8] = include_bytes!("av1/120x90-grey.obu");

/// A file of one still.
#[must_use]
pub fn avif(still: &[u8]) -> Vec<u8> {
    file(still, &Around::default())
}

/// A file of one still with what stands around it.
#[must_use]
pub fn file(still: &[u8], around: &Around) -> Vec<u8> {
    let kind = of(b"ftyp", &[b"avif\0\0\0\0avifmif1miaf"]);
    let streams: Vec<&[u8]> = [still].into_iter().chain(around.alpha).collect();
    // Places in the file have a fixed length, so the second look at them is right.
    let before = kind.len() + meta(&streams, around, 0).len() + 8;
    let meta = meta(&streams, around, before);
    [kind, meta, of(b"mdat", &streams)].concat()
}

/// A property that turns: quarters against the clock.
#[must_use]
pub fn turned(quarters: u8) -> Vec<u8> {
    of(b"irot", &[&[quarters]])
}

/// A property that mirrors: 0 top and bottom, 1 left and right.
#[must_use]
pub fn mirrored(mode: u8) -> Vec<u8> {
    of(b"imir", &[&[mode]])
}

/// A property that says what the colours are.
#[must_use]
pub fn profile(bytes: &[u8]) -> Vec<u8> {
    of(b"colr", &[b"prof", bytes])
}

fn of(name: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let length = u32::try_from(body.len() + 8)
        .expect("small numbers")
        .to_be_bytes();
    [&length, &name[..], &body].concat()
}

fn meta(streams: &[&[u8]], around: &Around, first_at: usize) -> Vec<u8> {
    let number = |at: usize| u16::try_from(at + 1).expect("small numbers").to_be_bytes();
    let place = |at: usize| u32::try_from(at).expect("small numbers").to_be_bytes();
    let (mut infos, mut places, mut at) = (Vec::new(), Vec::new(), first_at);
    for (item, stream) in streams.iter().enumerate() {
        infos.push(of(b"infe", &[&[2, 0, 0, 0], &number(item), b"\0\0av01\0"]));
        places.push(
            [
                &number(item),
                &[0, 0, 0, 1][..],
                &place(at),
                &place(stream.len()),
            ]
            .concat(),
        );
        at += stream.len();
    }
    let count = u16::try_from(streams.len())
        .expect("small numbers")
        .to_be_bytes();
    let mut parts = vec![
        of(b"hdlr", &[&[0; 8], b"pict", &[0; 13]]),
        of(b"pitm", &[&[0; 4], &number(0)]),
        of(b"iloc", &[&[0; 4], &[0x44, 0], &count, &places.concat()]),
        of(b"iinf", &[&[0; 4], &count, &infos.concat()]),
        properties(around),
    ];
    if around.alpha.is_some() {
        let refers = of(b"auxl", &[&number(1), &[0, 1], &number(0)]);
        parts.push(of(b"iref", &[&[0; 4], &refers]));
    }
    of(b"meta", &[&[0; 4], &parts.concat()])
}

/// Properties 1 to 3 are the picture's, 4 and 5 with the first two its alpha's, the others the picture's again.
fn properties(around: &Around) -> Vec<u8> {
    let mut all = vec![
        of(b"ispe", &[&[0; 4], &[0, 0, 0, 120, 0, 0, 0, 90]]),
        of(b"av1C", &[&[0x81, 0, 0, 0]]),
        of(b"pixi", &[&[0; 4], &[3, 8, 8, 8]]),
        of(b"pixi", &[&[0; 4], &[1, 8]]),
        of(
            b"auxC",
            &[&[0; 4], b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0"],
        ),
    ];
    let own = all.len();
    all.extend(around.properties.iter().cloned());
    // The high bit: whoever does not know it must not show the picture.
    let more = (own..all.len()).map(|at| u8::try_from(at + 1).expect("small numbers") | 0x80);
    let mut picture = vec![1, 0x82, 3];
    picture.extend(more);
    let mut links = vec![[&[0, 1, picture.len() as u8][..], &picture].concat()];
    if around.alpha.is_some() {
        links.push(vec![0, 2, 4, 1, 0x82, 4, 5]);
    }
    let count = u32::try_from(links.len())
        .expect("small numbers")
        .to_be_bytes();
    let links = of(b"ipma", &[&[0; 4], &count, &links.concat()]);
    of(b"iprp", &[&of(b"ipco", &[&all.concat()]), &links])
}
