//! A tiny built-in bitmap font: capitals, digits and a blank, five dots wide and seven high.

use image::{Rgba, RgbaImage};

/// Rows of one letter, top first; bit 4 is the leftmost dot.
fn rows(letter: char) -> [u8; 7] {
    match letter {
        'A' => [0x0e, 0x11, 0x11, 0x1f, 0x11, 0x11, 0x11],
        'E' => [0x1f, 0x10, 0x10, 0x1e, 0x10, 0x10, 0x1f],
        'L' => [0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1f],
        'M' => [0x11, 0x1b, 0x15, 0x15, 0x11, 0x11, 0x11],
        'P' => [0x1e, 0x11, 0x11, 0x1e, 0x10, 0x10, 0x10],
        'S' => [0x0f, 0x10, 0x10, 0x0e, 0x01, 0x01, 0x1e],
        '0' => [0x0e, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0e],
        '1' => [0x04, 0x0c, 0x04, 0x04, 0x04, 0x04, 0x0e],
        '2' => [0x0e, 0x11, 0x01, 0x06, 0x08, 0x10, 0x1f],
        '3' => [0x1f, 0x02, 0x04, 0x02, 0x01, 0x11, 0x0e],
        '4' => [0x02, 0x06, 0x0a, 0x12, 0x1f, 0x02, 0x02],
        '5' => [0x1f, 0x10, 0x1e, 0x01, 0x01, 0x11, 0x0e],
        '6' => [0x06, 0x08, 0x10, 0x1e, 0x11, 0x11, 0x0e],
        '7' => [0x1f, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08],
        '8' => [0x0e, 0x11, 0x11, 0x0e, 0x11, 0x11, 0x0e],
        '9' => [0x0e, 0x11, 0x11, 0x0f, 0x01, 0x02, 0x0c],
        _ => [0; 7],
    }
}

/// Writes `text` ("SAMPLE 123": the font has those capitals and the digits; anything else is a
/// blank) across the lower part of `picture`, about half as wide as the picture, on a quiet plate.
pub fn write_sample_text(picture: &mut RgbaImage, text: &str) {
    let columns = u32::try_from(text.chars().count())
        .unwrap_or(u32::MAX)
        .saturating_mul(6);
    if columns == 0 {
        return;
    }
    let dot = (picture.width() / 2 / columns).max(1);
    let (wide, high) = (columns.saturating_mul(dot), dot * 7);
    if wide + 2 * dot > picture.width() || high * 2 > picture.height() {
        return;
    }
    let left = (picture.width() - wide) / 2;
    let top = picture.height() - high - high / 2;
    fill(
        picture,
        (left - dot, top - dot),
        (wide + dot, high + 2 * dot),
        Rgba([32, 36, 40, 255]),
    );
    for (place, letter) in (0_u32..).zip(text.chars()) {
        for (row, bits) in (0_u32..).zip(rows(letter)) {
            for column in (0..5_u32).filter(|c| bits >> (4 - c) & 1 == 1) {
                let corner = (left + (place * 6 + column) * dot, top + row * dot);
                fill(picture, corner, (dot, dot), Rgba([224, 226, 228, 255]));
            }
        }
    }
}

fn fill(picture: &mut RgbaImage, corner: (u32, u32), size: (u32, u32), colour: Rgba<u8>) {
    for y in corner.1..(corner.1 + size.1).min(picture.height()) {
        for x in corner.0..(corner.0 + size.0).min(picture.width()) {
            picture.put_pixel(x, y, colour);
        }
    }
}
