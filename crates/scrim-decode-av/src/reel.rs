//! Frames of a medium by their time.

use scrim_wire::worker::Rejection;

use crate::av::{Decoder, Frame, Pace, Stream};
use crate::budget::Budget;
use crate::limits::{AHEAD_MS, BEFORE_END_MS, EXACT_BEFORE_MS};
use crate::medium::Moving;

/// The pictures of one medium, decoded from wherever they are wanted.
pub(crate) struct Reel {
    stream: Stream,
    decoder: Decoder,
    /// Decoded already, but not shown yet at the time that was asked for last.
    waiting: Option<(Frame, u32)>,
}

/// A frame, when it begins and when the next one does.
pub(crate) struct Shown {
    pub(crate) frame: Frame,
    pub(crate) at_ms: u32,
    pub(crate) next_ms: Option<u32>,
}

impl Reel {
    pub(crate) fn open(moving: &mut Moving<'_>, pace: Pace) -> Result<Self, Rejection> {
        let (stream, decoder) = moving.pictures(pace)?;
        Ok(Self {
            stream,
            decoder,
            waiting: None,
        })
    }

    pub(crate) fn stream(&self) -> &Stream {
        &self.stream
    }

    /// The frame that is on the screen at a time: the last one that begins at or before it. Of what cannot be reached
    /// within the budget, the last that was; before the first frame, the first.
    pub(crate) fn shown_at(
        &mut self,
        moving: &mut Moving<'_>,
        at_ms: u32,
        budget: Budget,
    ) -> Result<Shown, Rejection> {
        if self.is_near(at_ms)
            && let Some(shown) = self.forward(moving, at_ms, budget)?
        {
            return Ok(shown);
        }
        let hurried_to = at_ms.saturating_sub(EXACT_BEFORE_MS);
        let shown = self.jumped_to(
            moving,
            at_ms,
            (hurried_to > 0).then_some(hurried_to),
            budget,
        )?;
        // How long a frame stays is the file's word. One that stays for long may have been left out.
        if shown.at_ms < hurried_to && !budget.is_over() {
            return self.jumped_to(moving, at_ms, None, budget);
        }
        Ok(shown)
    }

    /// Jumps to where decoding can begin and goes on from there, before `hurried_to` with the frames only that others
    /// need.
    fn jumped_to(
        &mut self,
        moving: &mut Moving<'_>,
        at_ms: u32,
        hurried_to: Option<u32>,
        budget: Budget,
    ) -> Result<Shown, Rejection> {
        let ticks = hurried_to.map(|ms| moving.ticks(&self.stream, ms));
        // A place from which nothing can be decoded, as behind a damaged index, is tried again from before it.
        for from_ms in [at_ms, at_ms.saturating_sub(BEFORE_END_MS), 0] {
            let from = moving.ticks(&self.stream, from_ms);
            if moving.input.seek(self.stream.index, from).is_err() && from_ms > 0 {
                continue;
            }
            self.decoder.restart();
            self.decoder.hurry_to(ticks);
            self.waiting = None;
            if let Some(shown) = self.forward(moving, at_ms, budget)? {
                return Ok(shown);
            }
        }
        Err(Rejection::Malformed)
    }

    /// Whether going on from here is sooner than jumping back to where decoding can begin.
    fn is_near(&self, at_ms: u32) -> bool {
        self.waiting
            .as_ref()
            .is_some_and(|(_, begins)| (*begins..=begins.saturating_add(AHEAD_MS)).contains(&at_ms))
    }

    /// Decodes up to a time; none if there is no frame at all.
    fn forward(
        &mut self,
        moving: &mut Moving<'_>,
        at_ms: u32,
        budget: Budget,
    ) -> Result<Option<Shown>, Rejection> {
        let mut last: Option<Shown> = None;
        let begun = |shown: &Shown| shown.at_ms;
        while let Some((frame, begins)) =
            self.next(moving, budget, last.as_ref().map_or(0, begun))?
        {
            if begins > at_ms
                && let Some(shown) = last
            {
                self.waiting = Some((frame, begins));
                return Ok(Some(Shown {
                    next_ms: Some(begins),
                    ..shown
                }));
            }
            last = Some(Shown {
                frame,
                at_ms: begins,
                next_ms: None,
            });
        }
        Ok(last)
    }

    /// The next frame and when it begins; one without a time of its own, with the one before. None at the end, and of what
    /// cannot be reached within the budget.
    pub(crate) fn next(
        &mut self,
        moving: &mut Moving<'_>,
        budget: Budget,
        before_ms: u32,
    ) -> Result<Option<(Frame, u32)>, Rejection> {
        if let Some(waiting) = self.waiting.take() {
            return Ok(Some(waiting));
        }
        let frame = self.decoder.next(&mut moving.input, budget)?;
        Ok(frame.map(|frame| {
            let begins = match frame.begins() {
                Some(ticks) => moving.ms(&self.stream, ticks),
                None => before_ms,
            };
            (frame, begins)
        }))
    }
}
