//! Where keys lie on a keyboard, by their places (ISO and ANSI differ only outside of these rows).

use egui::Key;

/// The rows of letters and digits from the top, each with its shift to the right, in widths of a
/// key: those of ANSI INCITS 154 and ISO/IEC 9995 keyboards.
const ROWS: [(f32, &[Key]); 4] = [
    (
        0.0,
        &[
            Key::Num1,
            Key::Num2,
            Key::Num3,
            Key::Num4,
            Key::Num5,
            Key::Num6,
            Key::Num7,
            Key::Num8,
            Key::Num9,
            Key::Num0,
            Key::Minus,
            Key::Equals,
        ],
    ),
    (
        0.5,
        &[
            Key::Q,
            Key::W,
            Key::E,
            Key::R,
            Key::T,
            Key::Y,
            Key::U,
            Key::I,
            Key::O,
            Key::P,
            Key::OpenBracket,
            Key::CloseBracket,
        ],
    ),
    (
        0.75,
        &[
            Key::A,
            Key::S,
            Key::D,
            Key::F,
            Key::G,
            Key::H,
            Key::J,
            Key::K,
            Key::L,
            Key::Semicolon,
            Key::Quote,
        ],
    ),
    (
        1.25,
        &[
            Key::Z,
            Key::X,
            Key::C,
            Key::V,
            Key::B,
            Key::N,
            Key::M,
            Key::Comma,
            Key::Period,
            Key::Slash,
        ],
    ),
];

/// Farthest distance of the middles of two keys that touch, in widths of a key: one row down and
/// three quarters of a key aside.
const TOUCHING_MAX: f32 = 1.3;

/// The middle of a key, in widths of a key; `None` outside of the rows.
fn place(key: Key) -> Option<(f32, f32)> {
    ROWS.iter().zip(0_u8..).find_map(|((shift, row), y)| {
        let (_, x) = row.iter().zip(0_u8..).find(|(other, _)| **other == key)?;
        Some((shift + f32::from(x), f32::from(y)))
    })
}

/// Whether one finger can press both.
pub(crate) fn are_neighbours(a: Key, b: Key) -> bool {
    let (Some((ax, ay)), Some((bx, by))) = (place(a), place(b)) else {
        return false;
    };
    a != b && (ax - bx).hypot(ay - by) < TOUCHING_MAX
}

/// Every key of the rows.
#[cfg(test)]
pub(crate) fn all() -> impl Iterator<Item = Key> + Clone {
    ROWS.iter().flat_map(|(_, row)| row.iter().copied())
}
