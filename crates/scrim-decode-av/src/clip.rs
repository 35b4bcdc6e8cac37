//! The frames of one clip.

use scrim_decode::pixels::Pixels;
use scrim_wire::moving::{
    CLIP_COVER_SIDE, CLIP_FRAMES_MAX, CLIP_MS, CLIP_SIDE_MAX, ClipFrames, MovingOutput, StillKind,
    clip_len_ms,
};
use scrim_wire::worker::Rejection;

use crate::budget::Budget;
use crate::limits::CLIP_FRAME_GAP_MS;
use crate::medium::Moving;
use crate::reel::Reel;
use crate::still::{made, pace};

/// What is on the screen at the clip's start, and the frames that begin inside it, as far as the budget goes. A frame
/// that cannot be had, or is of another size, is left out: the one before stays.
pub(crate) fn frames(
    moving: &mut Moving<'_>,
    clip: u32,
    make: StillKind,
    budget: Budget,
) -> Result<(MovingOutput, Vec<u8>), Rejection> {
    let len_ms = clip_len_ms(clip, moving.facts.duration_ms).ok_or(Rejection::NoSuchFrame)?;
    let start_ms = clip.saturating_mul(CLIP_MS);
    is_within(make)?;
    let mut reel = Reel::open(moving, pace(make))?;
    let shown = reel.shown_at(moving, start_ms, budget)?;
    let first = made(&shown.frame, reel.stream(), make, CLIP_COVER_SIDE)?;
    let mut strip = Strip::of(first);
    let (mut last_ms, mut has_more) = (shown.at_ms, shown.next_ms.is_some());
    while has_more && strip.has_room() && !budget.is_over() {
        let Ok(Some((frame, begins))) = reel.next(moving, budget, last_ms) else {
            break;
        };
        has_more = begins < start_ms.saturating_add(len_ms);
        if has_more && begins >= last_ms.saturating_add(CLIP_FRAME_GAP_MS) {
            match made(&frame, reel.stream(), make, CLIP_COVER_SIDE) {
                Ok(picture) if strip.push(&picture, begins.saturating_sub(start_ms)) => {
                    last_ms = begins;
                }
                Err(Rejection::MemoryExceeded) => return Err(Rejection::MemoryExceeded),
                Ok(_) | Err(_) => {}
            }
        }
    }
    Ok(strip.done())
}

/// Boxes that a clip has no room for are not the pool's.
fn is_within(make: StillKind) -> Result<(), Rejection> {
    match make {
        StillKind::Fit {
            max_width,
            max_height,
        }
        | StillKind::Soft {
            max_width,
            max_height,
            ..
        } if max_width.max(max_height) > CLIP_SIDE_MAX => Err(Rejection::BadAnswer),
        _ => Ok(()),
    }
}

/// Frames of one size, one after the other.
struct Strip {
    width: u32,
    height: u32,
    bytes: Vec<u8>,
    frames: ClipFrames,
}

impl Strip {
    fn of(first: Pixels) -> Self {
        Self {
            width: first.width,
            height: first.height,
            bytes: first.bytes,
            frames: ClipFrames {
                count: 1,
                begins_ms: [0; CLIP_FRAMES_MAX],
            },
        }
    }

    fn has_room(&self) -> bool {
        usize::from(self.frames.count) < CLIP_FRAMES_MAX
    }

    /// False if the picture is of another size, or begins where none can.
    fn push(&mut self, picture: &Pixels, begins_ms: u32) -> bool {
        let place = self
            .frames
            .begins_ms
            .get_mut(usize::from(self.frames.count));
        let begins_ms = u16::try_from(begins_ms).ok().filter(|&begins| begins > 0);
        match (place, begins_ms) {
            (Some(place), Some(begins_ms))
                if (picture.width, picture.height) == (self.width, self.height) =>
            {
                *place = begins_ms;
                self.frames.count += 1;
                self.bytes.extend_from_slice(&picture.bytes);
                true
            }
            _ => false,
        }
    }

    fn done(self) -> (MovingOutput, Vec<u8>) {
        let output = MovingOutput::Frames {
            width: self.width,
            height: self.height,
            frames: self.frames,
        };
        (output, self.bytes)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use scrim_decode::pixels::Layout;

    fn plain(width: u32, value: u8) -> Pixels {
        let bytes = vec![value; width as usize * 4];
        Pixels::new(width, 1, Layout::Rgba, bytes).unwrap()
    }

    #[test]
    fn a_frame_of_another_size_is_left_out() {
        let mut strip = Strip::of(plain(1, 7));
        assert!(!strip.push(&plain(2, 8), 40));
        assert!(strip.push(&plain(1, 9), 80));
        let (output, bytes) = strip.done();
        assert_eq!(bytes, [7, 7, 7, 7, 9, 9, 9, 9]);
        let MovingOutput::Frames { frames, .. } = output else {
            panic!("frames");
        };
        assert!(frames.can_be());
        assert_eq!(frames.times(), [0, 80]);
    }

    #[test]
    fn a_clip_has_room_for_thirty() {
        let mut strip = Strip::of(plain(1, 0));
        for frame in 1..30 {
            assert!(strip.has_room());
            assert!(strip.push(&plain(1, 0), frame * 33));
        }
        assert!(!strip.has_room() && !strip.push(&plain(1, 0), 999));
    }
}
