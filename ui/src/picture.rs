//! The one pipeline: every pixel of media that the window draws goes through here.
//!
//! Nothing else may make, change or name a texture. [`CoveredTexture`] and [`ClearTexture`] are
//! different types; a clear one exists only between [`Pictures::take_clear`] and
//! [`Pictures::drop_clear`], belongs to one reveal, and is overwritten with grey before it goes.
//!
//! Clear pixels are drawn grey unless colour is on. The clear picture's memory stays mapped while
//! it is looked at (colour can be switched) and is unmapped with it.

mod reel;

use std::collections::{HashMap, VecDeque};
use std::ops::Deref;

use egui::{Color32, ColorImage, Mesh, Painter, Pos2, Rect, TextureHandle, TextureOptions, pos2};
use scrim_model::view::CoverKey;
use scrim_model::{MediumKey, RevealId};

pub use self::reel::Reel;
use crate::limits::{CLEAR_SIDE_MAX, COVER_SIDE_MAX, COVERS_MAX};

/// RGBA8 pixels that someone else may own: a mapping, or a plain vector in tests.
pub type PixelBytes = Box<dyn Deref<Target = [u8]> + Send>;

/// Pixels that do not fit what was said about them; they were not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// A covered preview on the graphics card.
pub struct CoveredTexture(TextureHandle);

/// Clear pixels on the graphics card. Never cloned, never kept.
pub struct ClearTexture(TextureHandle);

struct ClearPicture {
    reveal: RevealId,
    medium: MediumKey,
    size: [usize; 2],
    bytes: PixelBytes,
    texture: Option<(ClearTexture, bool)>,
}

/// Every picture that the window has.
#[derive(Default)]
pub struct Pictures {
    covers: HashMap<CoverKey, CoveredTexture>,
    cover_order: VecDeque<CoverKey>,
    arrived: Vec<(CoverKey, ColorImage)>,
    clear: Option<ClearPicture>,
    /// Of what plays.
    pub reel: Reel,
}

impl std::fmt::Debug for Pictures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pictures({} covers)", self.covers.len())
    }
}

impl Pictures {
    /// A covered preview of `width` × `height` pixels, RGBA8.
    ///
    /// # Errors
    /// [`Refused`] if the size is not allowed or not the number of bytes.
    pub fn take_cover(
        &mut self,
        key: CoverKey,
        width: u32,
        height: u32,
        bytes: &[u8],
    ) -> Result<(), Refused> {
        let size = checked(width, height, COVER_SIDE_MAX, bytes)?;
        let image = ColorImage::from_rgba_unmultiplied(size, opaque(bytes).as_slice());
        self.arrived.retain(|(other, _)| *other != key);
        if self.arrived.len() == COVERS_MAX {
            self.arrived.remove(0);
        }
        self.arrived.push((key, image));
        Ok(())
    }

    /// Clear pixels of an open reveal.
    ///
    /// # Errors
    /// [`Refused`] if the size is not allowed or not the number of bytes; nothing is kept then.
    pub fn take_clear(
        &mut self,
        reveal: RevealId,
        medium: MediumKey,
        (width, height): (u32, u32),
        bytes: PixelBytes,
    ) -> Result<(), Refused> {
        self.drop_clear();
        let size = checked(width, height, CLEAR_SIDE_MAX, &bytes)?;
        self.clear = Some(ClearPicture {
            reveal,
            medium,
            size,
            bytes,
            texture: None,
        });
        Ok(())
    }

    /// Overwrites the clear texture with grey, drops it, and unmaps its pixels.
    pub fn drop_clear(&mut self) {
        self.reel.drop_clear();
        let Some(clear) = self.clear.take() else {
            return;
        };
        if let Some((texture, _)) = clear.texture {
            grey_out(texture);
        }
    }

    /// Drops everything, covers too.
    pub fn drop_all(&mut self) {
        self.drop_clear();
        self.reel.drop_all();
        self.covers.clear();
        self.cover_order.clear();
        self.arrived.clear();
    }

    /// Whether clear pixels of any kind are here.
    #[must_use]
    pub fn has_clear(&self) -> bool {
        self.clear.is_some() || self.reel.has_clear()
    }

    /// Width and height of the clear picture that is here.
    #[must_use]
    pub fn clear_size(&self) -> Option<[usize; 2]> {
        self.clear.as_ref().map(|clear| clear.size)
    }

    /// Whether clear pixels of `reveal` are here.
    #[must_use]
    pub fn has_clear_of(&self, reveal: &RevealId) -> bool {
        self.clear.as_ref().is_some_and(|c| &c.reveal == reveal)
    }

    /// Hands what has arrived to the graphics card. Clear pixels only if they belong to `looking`;
    /// any others go.
    pub fn upload(&mut self, ctx: &egui::Context, looking: Option<&RevealId>, colour: bool) {
        for (key, image) in self.arrived.drain(..) {
            let handle = ctx.load_texture("cover", image, TextureOptions::LINEAR);
            if self
                .covers
                .insert(key.clone(), CoveredTexture(handle))
                .is_none()
            {
                self.cover_order.push_back(key);
            }
        }
        while self.cover_order.len() > COVERS_MAX {
            if let Some(oldest) = self.cover_order.pop_front() {
                self.covers.remove(&oldest);
            }
        }
        let Some(clear) = &mut self.clear else { return };
        if looking != Some(&clear.reveal) {
            self.drop_clear();
            return;
        }
        if clear
            .texture
            .as_ref()
            .is_some_and(|(_, in_colour)| *in_colour == colour)
        {
            return;
        }
        let side_max = ctx.input(|i| i.max_texture_side);
        let image = drawn(&clear.bytes, clear.size, side_max, colour);
        match &mut clear.texture {
            Some((ClearTexture(handle), in_colour)) => {
                handle.set(image, TextureOptions::LINEAR);
                *in_colour = colour;
            }
            none => {
                let handle = ctx.load_texture("clear", image, TextureOptions::LINEAR);
                *none = Some((ClearTexture(handle), colour));
            }
        }
    }

    /// The cover of a medium, if its preview has come.
    #[must_use]
    pub fn cover(&self, key: &CoverKey) -> Option<&CoveredTexture> {
        self.covers.get(key)
    }

    /// The clear texture of `medium` under `reveal`.
    #[must_use]
    pub fn clear(&self, reveal: &RevealId, medium: &MediumKey) -> Option<&ClearTexture> {
        let clear = self.clear.as_ref()?;
        if &clear.reveal != reveal || &clear.medium != medium {
            return None;
        }
        clear.texture.as_ref().map(|(texture, _)| texture)
    }
}

fn grey_out(ClearTexture(mut handle): ClearTexture) {
    let grey = ColorImage::filled(handle.size(), Color32::from_gray(0x80));
    handle.set(grey, TextureOptions::LINEAR);
}

/// Draws a cover into `rect`; `uv` is the part of it that is zoomed to.
pub fn paint_cover(painter: &Painter, texture: &CoveredTexture, rect: Rect, uv: Rect) {
    painter.image(texture.0.id(), rect, uv, Color32::WHITE);
}

/// Draws the whole clear picture.
pub fn paint_full(painter: &Painter, texture: &ClearTexture, rect: Rect, uv: Rect) {
    painter.image(texture.0.id(), rect, uv, Color32::WHITE);
}

/// Draws the clear picture inside a circle only.
pub fn paint_lens(
    painter: &Painter,
    texture: &ClearTexture,
    (rect, uv): (Rect, Rect),
    centre: Pos2,
    radius: f32,
) {
    const SLICES: u16 = 96;
    let uv_at = |p: Pos2| {
        let share = (p - rect.min) / rect.size();
        uv.min + share * uv.size()
    };
    let mut mesh = Mesh::with_texture(texture.0.id());
    let mut vertex = |p: Pos2| {
        mesh.vertices.push(egui::epaint::Vertex {
            pos: p,
            uv: uv_at(p),
            color: Color32::WHITE,
        });
    };
    vertex(centre);
    for slice in 0..SLICES {
        let angle = f32::from(slice) / f32::from(SLICES) * std::f32::consts::TAU;
        vertex(pos2(
            centre.x + radius * angle.cos(),
            centre.y + radius * angle.sin(),
        ));
    }
    for slice in 0..u32::from(SLICES) {
        mesh.add_triangle(0, 1 + slice, 1 + (slice + 1) % u32::from(SLICES));
    }
    painter
        .with_clip_rect(painter.clip_rect().intersect(rect))
        .add(mesh);
}

fn checked(width: u32, height: u32, side_max: u32, bytes: &[u8]) -> Result<[usize; 2], Refused> {
    let is_side = |side: u32| (1..=side_max).contains(&side);
    let expected = u64::from(width) * u64::from(height) * 4;
    if !is_side(width) || !is_side(height) || bytes.len() as u64 != expected {
        return Err(Refused);
    }
    Ok([width as usize, height as usize])
}

/// Transparency would let what lies below shine through: there is none.
fn opaque(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for alpha in bytes.iter_mut().skip(3).step_by(4) {
        *alpha = u8::MAX;
    }
    bytes
}

/// The clear picture as it is drawn: grey unless `colour`, and no larger than the card takes
/// (then every n-th pixel).
fn drawn(bytes: &[u8], [width, height]: [usize; 2], side_max: usize, colour: bool) -> ColorImage {
    let step = width.max(height).div_ceil(side_max.max(1)).max(1);
    let size = [width.div_ceil(step), height.div_ceil(step)];
    let shade = |&[r, g, b, _]: &[u8; 4]| match colour {
        true => Color32::from_rgb(r, g, b),
        false => Color32::from_gray(luma(r, g, b)),
    };
    let (all, _) = bytes.as_chunks::<4>();
    let pixels = match step {
        // One plain run over millions of pixels, which the compiler makes several at a time of.
        1 => all.iter().map(shade).collect(),
        _ => {
            let rows = all.chunks_exact(width).step_by(step);
            rows.flat_map(|row| row.iter().step_by(step))
                .map(shade)
                .collect()
        }
    };
    ColorImage::new(size, pixels)
}

/// ITU-R BT.709 luma on the encoded values, in whole numbers.
fn luma(r: u8, g: u8, b: u8) -> u8 {
    let sum = 2126 * u32::from(r) + 7152 * u32::from(g) + 722 * u32::from(b);
    // The weights add up to 10 000, so the quotient is at most 255.
    ((sum + 5_000) / 10_000) as u8
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use scrim_model::ItemId;

    fn medium() -> MediumKey {
        MediumKey {
            item: ItemId::new("i").unwrap(),
            n: 0,
        }
    }

    fn reveal(id: &str) -> RevealId {
        RevealId::new(id).unwrap()
    }

    #[test]
    fn sizes_that_lie_are_refused() {
        let mut pictures = Pictures::default();
        let key = CoverKey {
            style: scrim_model::view::CoverStyle::default(),
            medium: medium(),
            step: scrim_model::view::CoverStep::Normal,
            at_ms: None,
        };
        assert_eq!(
            pictures.take_cover(key.clone(), 2, 2, &[0; 15]),
            Err(Refused)
        );
        assert_eq!(pictures.take_cover(key.clone(), 0, 2, &[]), Err(Refused));
        assert_eq!(
            pictures.take_cover(key.clone(), 1025, 1, &[0; 1025 * 4]),
            Err(Refused)
        );
        assert_eq!(pictures.take_cover(key, 2, 2, &[0; 16]), Ok(()));
        let lie = pictures.take_clear(reveal("r"), medium(), (9, 9), Box::new(vec![0; 4]));
        assert_eq!(lie, Err(Refused));
        assert!(!pictures.has_clear());
    }

    #[test]
    fn clear_pixels_are_uploaded_for_their_own_reveal_only() {
        let ctx = egui::Context::default();
        let mut pictures = Pictures::default();
        let four = || -> PixelBytes { Box::new(vec![200_u8; 16]) };
        pictures
            .take_clear(reveal("r"), medium(), (2, 2), four())
            .unwrap();
        pictures.upload(&ctx, Some(&reveal("other")), false);
        assert!(!pictures.has_clear());
        pictures
            .take_clear(reveal("r"), medium(), (2, 2), four())
            .unwrap();
        pictures.upload(&ctx, Some(&reveal("r")), false);
        assert!(pictures.clear(&reveal("r"), &medium()).is_some());
        assert!(pictures.clear(&reveal("other"), &medium()).is_none());
    }

    #[test]
    fn dropping_overwrites_with_grey_before_freeing() {
        let ctx = egui::Context::default();
        let mut pictures = Pictures::default();
        let bytes: PixelBytes = Box::new(vec![255_u8; 16]);
        pictures
            .take_clear(reveal("r"), medium(), (2, 2), bytes)
            .unwrap();
        pictures.upload(&ctx, Some(&reveal("r")), true);
        pictures.drop_clear();
        let mut delta = ctx.tex_manager().write().take_delta();
        let freed = delta.free.iter().next().expect("the texture is freed");
        let last = delta.set.get(freed).and_then(|sets| sets.last());
        let egui::ImageData::Color(image) = &last.expect("it is overwritten first").image;
        let is_grey = image.pixels.iter().all(|p| *p == Color32::from_gray(0x80));
        delta.clear();
        assert!(is_grey);
    }

    #[test]
    fn grey_unless_colour() {
        let red = [255, 0, 0, 255].repeat(4);
        let grey = drawn(&red, [2, 2], 2048, false);
        assert!(grey.pixels.iter().all(|p| p.r() == p.g() && p.g() == p.b()));
        let colour = drawn(&red, [2, 2], 2048, true);
        assert_eq!(colour.pixels[0], Color32::from_rgb(255, 0, 0));
        assert_eq!(drawn(&red, [2, 2], 1, true).size, [1, 1]);
    }

    /// Expected greys: 0.2126 R + 0.7152 G + 0.0722 B, rounded.
    #[test]
    fn greys_are_the_lumas_of_the_standard() {
        for ([r, g, b], grey) in [
            ([0, 0, 0], 0),
            ([255, 255, 255], 255),
            ([255, 0, 0], 54),
            ([0, 255, 0], 182),
            ([0, 0, 255], 18),
            ([10, 200, 100], 152),
        ] {
            assert_eq!(luma(r, g, b), grey, "{r} {g} {b}");
        }
    }

    #[test]
    fn a_picture_that_the_card_cannot_take_loses_every_other_pixel_of_every_other_row() {
        let bytes: Vec<u8> = (0..15).flat_map(|n| [n, n, n, 255]).collect();
        let drawn = drawn(&bytes, [5, 3], 4, true);
        let red: Vec<u8> = drawn.pixels.iter().map(|pixel| pixel.r()).collect();
        assert_eq!((drawn.size, red), ([3, 2], vec![0, 2, 4, 10, 12, 14]));
    }
}
