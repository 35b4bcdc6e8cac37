//! Frames of what plays, a clip at a time: covered ones at any time, clear ones of one reveal. The frame that is due is on
//! the graphics card, and no other.

use std::collections::BTreeMap;

use egui::{ColorImage, TextureHandle, TextureOptions};
use scrim_model::{MediumKey, RevealId};
use scrim_wire::moving::{CLIP_FRAMES_MAX, CLIP_MS, CLIP_SIDE_MAX};
use scrim_wire::window::{ClipKey, ClipTrack};

use super::{ClearTexture, CoveredTexture, PixelBytes, Refused, checked, drawn, grey_out};

/// The frames of one clip.
struct Frames {
    size: [usize; 2],
    begins_ms: Vec<u16>,
    bytes: PixelBytes,
}

/// Which frame of which clip is on the card, and whether in colour.
type Shown = (u32, usize, bool);

#[derive(Default)]
struct Clear {
    clips: BTreeMap<u32, Frames>,
    texture: Option<(ClearTexture, Shown)>,
}

/// Every frame that the window has.
#[derive(Default)]
pub struct Reel {
    medium: Option<MediumKey>,
    covered: BTreeMap<u32, Frames>,
    texture: Option<(CoveredTexture, Shown)>,
    clear: Option<(RevealId, Clear)>,
}

impl Reel {
    /// Frames of a clip, RGBA8, one after the other. Another medium's go.
    ///
    /// # Errors
    /// [`Refused`] if sizes, times or the number of bytes cannot be; nothing is kept then.
    pub fn take(
        &mut self,
        key: &ClipKey,
        (width, height): (u32, u32),
        begins_ms: Vec<u16>,
        bytes: PixelBytes,
    ) -> Result<(), Refused> {
        let count = begins_ms.len();
        let rises = begins_ms.windows(2).all(|pair| pair[0] < pair[1]);
        let is_in_clip = begins_ms.iter().all(|at| u32::from(*at) < CLIP_MS);
        let can_be = begins_ms.first() == Some(&0) && rises && is_in_clip;
        if !can_be || count > CLIP_FRAMES_MAX || !bytes.len().is_multiple_of(count) {
            return Err(Refused);
        }
        let one = &bytes[..bytes.len() / count];
        let size = checked(width, height, CLIP_SIDE_MAX, one)?;
        let frames = Frames {
            size,
            begins_ms,
            bytes,
        };
        if self.medium.as_ref() != Some(&key.medium) {
            self.drop_all();
            self.medium = Some(key.medium.clone());
        }
        match &key.track {
            ClipTrack::Covered { .. } => {
                self.covered.insert(key.clip, frames);
            }
            ClipTrack::Clear(reveal) => {
                if self.clear.as_ref().is_none_or(|(of, _)| of != reveal) {
                    self.drop_clear();
                }
                let (_, clear) = self
                    .clear
                    .get_or_insert_with(|| (reveal.clone(), Clear::default()));
                clear.clips.insert(key.clip, frames);
            }
            ClipTrack::Sound(_) => return Err(Refused),
        }
        Ok(())
    }

    /// Overwrites the clear frame on the card with grey, drops it, and unmaps all clear frames.
    pub fn drop_clear(&mut self) {
        if let Some((_, clear)) = self.clear.take()
            && let Some((texture, _)) = clear.texture
        {
            grey_out(texture);
        }
    }

    /// Drops everything but the covered frame that is on the card.
    pub fn drop_clips(&mut self) {
        self.drop_clear();
        self.covered.clear();
    }

    /// Drops everything.
    pub fn drop_all(&mut self) {
        self.drop_clips();
        self.texture = None;
        self.medium = None;
    }

    /// Clips before this one are over.
    pub fn forget_before(&mut self, clip: u32) {
        self.covered.retain(|number, _| *number >= clip);
        if let Some((_, clear)) = &mut self.clear {
            clear.clips.retain(|number, _| *number >= clip);
        }
    }

    /// Whether clear frames are here.
    #[must_use]
    pub fn has_clear(&self) -> bool {
        self.clear.is_some()
    }

    /// Whether the covered frames of a clip are here.
    #[must_use]
    pub fn has(&self, clip: u32) -> bool {
        self.covered.contains_key(&clip)
    }

    /// Whether the clear frames of a clip are here.
    #[must_use]
    pub fn has_clear_of(&self, clip: u32) -> bool {
        let clear = self.clear.as_ref();
        clear.is_some_and(|(_, clear)| clear.clips.contains_key(&clip))
    }

    /// When the frame after the one at `at_ms` begins, as far as clips are here.
    #[must_use]
    pub fn next_begins_ms(&self, at_ms: u32) -> Option<u32> {
        let clip = at_ms / CLIP_MS;
        let frames = self.covered.get(&clip)?;
        let in_clip = at_ms % CLIP_MS;
        let later = |begins: &&u16| u32::from(**begins) > in_clip;
        let next = frames.begins_ms.iter().find(later);
        Some(clip * CLIP_MS + next.map_or(CLIP_MS, |begins| u32::from(*begins)))
    }

    /// Puts the frame of `at_ms` on the card; a clear one only if it belongs to `looking`, and any other reveal's go.
    pub fn upload(
        &mut self,
        ctx: &egui::Context,
        at_ms: u32,
        looking: Option<&RevealId>,
        colour: bool,
    ) {
        let clip = at_ms / CLIP_MS;
        let side_max = ctx.input(|i| i.max_texture_side);
        if let Some(frames) = self.covered.get(&clip) {
            let shown = (clip, frames.at(at_ms % CLIP_MS), true);
            if self.texture.as_ref().is_none_or(|(_, is)| *is != shown) {
                let image = frames.image(shown.1, side_max, true);
                let before = self.texture.take().map(|(texture, _)| texture.0);
                let handle = put(ctx, before, "film", image);
                self.texture = Some((CoveredTexture(handle), shown));
            }
        }
        let Some((reveal, clear)) = &mut self.clear else {
            return;
        };
        if looking != Some(&*reveal) {
            return self.drop_clear();
        }
        let Some(frames) = clear.clips.get(&clip) else {
            // Nothing clear of this moment: nothing clear of another is shown for it.
            if let Some((texture, _)) = clear.texture.take() {
                grey_out(texture);
            }
            return;
        };
        let shown = (clip, frames.at(at_ms % CLIP_MS), colour);
        if clear.texture.as_ref().is_none_or(|(_, is)| *is != shown) {
            let image = frames.image(shown.1, side_max, colour);
            let before = clear.texture.take().map(|(texture, _)| texture.0);
            let handle = put(ctx, before, "film-clear", image);
            clear.texture = Some((ClearTexture(handle), shown));
        }
    }

    /// The covered frame that is on the card, if it is of `medium`.
    #[must_use]
    pub fn cover(&self, medium: &MediumKey) -> Option<&CoveredTexture> {
        let is_it = self.medium.as_ref() == Some(medium);
        self.texture
            .as_ref()
            .filter(|_| is_it)
            .map(|(texture, _)| texture)
    }

    /// The clear frame that is on the card, of `medium` under `reveal`.
    #[must_use]
    pub fn clear(&self, reveal: &RevealId, medium: &MediumKey) -> Option<&ClearTexture> {
        let (of, clear) = self.clear.as_ref()?;
        let is_it = of == reveal && self.medium.as_ref() == Some(medium);
        clear
            .texture
            .as_ref()
            .filter(|_| is_it)
            .map(|(texture, _)| texture)
    }
}

fn put(
    ctx: &egui::Context,
    before: Option<TextureHandle>,
    name: &str,
    image: ColorImage,
) -> TextureHandle {
    match before {
        Some(mut handle) => {
            handle.set(image, TextureOptions::LINEAR);
            handle
        }
        None => ctx.load_texture(name, image, TextureOptions::LINEAR),
    }
}

impl Frames {
    /// The frame that is on the screen so many milliseconds into the clip.
    fn at(&self, in_clip_ms: u32) -> usize {
        let begun = |begins: &u16| u32::from(*begins) <= in_clip_ms;
        let begun = self.begins_ms.iter().take_while(|begins| begun(begins));
        begun.count().saturating_sub(1)
    }

    fn image(&self, frame: usize, side_max: usize, colour: bool) -> ColorImage {
        let length = self.size[0] * self.size[1] * 4;
        drawn(
            &self.bytes[frame * length..][..length],
            self.size,
            side_max,
            colour,
        )
    }
}
