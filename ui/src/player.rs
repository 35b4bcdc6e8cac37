//! The time of what plays, as the window keeps it. Pure: times in, moments out. It waits where the next clip is not here yet.

use scrim_model::MediumKey;
use scrim_wire::window::{FilmView, PlayView};

/// What plays.
#[derive(Debug, Clone, PartialEq)]
struct On {
    medium: MediumKey,
    run: u64,
    duration_ms: u32,
    speed_pct: u32,
    /// In microseconds of the medium's time.
    at_us: u64,
    since_ms: u64,
    said: Option<u32>,
    waits: bool,
}

/// A step of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// From there, in milliseconds of the medium's time …
    pub from_ms: u32,
    /// … to here.
    pub to_ms: u32,
    /// Which start, if this is a clip that was not in before: the agent is told.
    pub tells: Option<u64>,
    /// It is the end.
    pub ended: bool,
}

/// See the module.
#[derive(Debug, Clone, Default)]
pub struct Player {
    on: Option<On>,
    /// Stopped here; the agent's still of that time is not on the screen yet.
    rests: Option<(MediumKey, u32)>,
}

impl Player {
    /// What the agent says plays. A new start begins its own time; a stop ends it.
    pub fn model(&mut self, medium: &MediumKey, film: &FilmView, now_ms: u64) {
        if self.rests.as_ref().is_some_and(|(of, at)| {
            of != medium || film.playing.is_some() || film.at_ms == Some(*at)
        }) {
            self.rests = None;
        }
        match film.playing {
            None => self.on = None,
            Some(PlayView { run, .. }) if self.on.as_ref().is_some_and(|on| on.run == run) => {}
            Some(play) => {
                self.on = Some(On {
                    medium: medium.clone(),
                    run: play.run,
                    duration_ms: film.duration_ms,
                    speed_pct: play.speed_pct,
                    at_us: u64::from(play.from_ms) * 1000,
                    since_ms: now_ms,
                    said: None,
                    waits: false,
                });
            }
        }
    }

    /// Stops here and now. Where it was, if it played.
    pub fn stop(&mut self) -> Option<u32> {
        let on = self.on.take()?;
        let at_ms = on.at_ms();
        self.rests = Some((on.medium, at_ms));
        Some(at_ms)
    }

    /// Nothing plays, and nothing is waited for.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Whether `medium` plays, or its last frame stays until the agent's still is there.
    #[must_use]
    pub fn holds(&self, medium: &MediumKey) -> bool {
        let plays = self.on.as_ref().is_some_and(|on| &on.medium == medium);
        plays || self.rests.as_ref().is_some_and(|(of, _)| of == medium)
    }

    /// Which medium plays.
    #[must_use]
    pub fn medium(&self) -> Option<&MediumKey> {
        self.on.as_ref().map(|on| &on.medium)
    }

    /// Where it is, in milliseconds; also while it rests.
    #[must_use]
    pub fn at_ms(&self) -> Option<u32> {
        let rests = self.rests.as_ref().map(|(_, at)| *at);
        self.on.as_ref().map(On::at_ms).or(rests)
    }

    /// Whether it waits for the next clip.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.on.as_ref().is_some_and(|on| on.waits)
    }

    /// Speed in percent, as it is now: what is heard plays at its own pace.
    fn speed(on: &On, is_heard: bool) -> u64 {
        if is_heard { 100 } else { on.speed_pct.into() }
    }

    /// When it will be at `to_ms`, from now on.
    #[must_use]
    pub fn wait_ms(&self, to_ms: u32, is_heard: bool) -> Option<u64> {
        let on = self.on.as_ref()?;
        let left_us = (u64::from(to_ms) * 1000).saturating_sub(on.at_us);
        Some(left_us.div_ceil(10 * Self::speed(on, is_heard).max(1)))
    }

    /// Time passes; never beyond `ready_ms`, up to where clips are here.
    pub fn advance(
        &mut self,
        now_ms: u64,
        ready_ms: u32,
        is_heard: bool,
        clip_ms: u32,
    ) -> Option<Moved> {
        let on = self.on.as_mut()?;
        let passed = now_ms.saturating_sub(on.since_ms);
        on.since_ms = now_ms;
        let from_ms = on.at_ms();
        let ends_us = u64::from(on.duration_ms) * 1000;
        let ready_us = (u64::from(ready_ms) * 1000).min(ends_us).max(on.at_us);
        let wants_us = on.at_us + passed * 10 * Self::speed(on, is_heard);
        on.waits = wants_us > ready_us && ready_us < ends_us;
        on.at_us = wants_us.min(ready_us);
        let to_ms = on.at_ms();
        let clip = to_ms / clip_ms;
        let is_new = on.said != Some(clip);
        on.said = Some(clip);
        Some(Moved {
            from_ms,
            to_ms,
            tells: is_new.then_some(on.run),
            ended: on.at_us >= ends_us,
        })
    }
}

impl On {
    fn at_ms(&self) -> u32 {
        u32::try_from(self.at_us / 1000).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use scrim_model::ItemId;

    use super::*;

    fn medium() -> MediumKey {
        MediumKey {
            item: ItemId::new("film").unwrap(),
            n: 0,
        }
    }

    fn film(run: u64, from_ms: u32) -> FilmView {
        FilmView {
            duration_ms: 4_000,
            stills: 9,
            at_ms: None,
            begins_ms: 0,
            has_sound: true,
            peaks: Vec::new(),
            frames: 0,
            playing: Some(PlayView {
                run,
                from_ms,
                speed_pct: 150,
            }),
            left_alone: false,
        }
    }

    #[test]
    fn it_plays_at_its_speed_and_at_its_own_pace_while_it_is_heard() {
        let mut player = Player::default();
        player.model(&medium(), &film(1, 500), 10_000);
        let moved = player.advance(11_000, 4_000, false, 1_000).unwrap();
        assert_eq!(
            (moved.from_ms, moved.to_ms, moved.tells),
            (500, 2_000, Some(1))
        );
        assert_eq!(player.wait_ms(2_300, false), Some(200));
        let moved = player.advance(11_500, 4_000, true, 1_000).unwrap();
        assert_eq!((moved.to_ms, moved.tells), (2_500, None));
        // The same start again changes nothing; another one begins anew.
        player.model(&medium(), &film(1, 500), 11_500);
        assert_eq!(player.at_ms(), Some(2_500));
        player.model(&medium(), &film(2, 0), 11_500);
        assert_eq!(player.at_ms(), Some(0));
    }

    #[test]
    fn it_waits_for_the_next_clip_and_ends_at_the_end() {
        let mut player = Player::default();
        player.model(&medium(), &film(1, 0), 0);
        let moved = player.advance(2_000, 1_000, false, 1_000).unwrap();
        assert_eq!((moved.to_ms, moved.ended), (1_000, false));
        assert!(player.waits());
        let moved = player.advance(2_100, 2_000, false, 1_000).unwrap();
        assert_eq!(moved.to_ms, 1_150, "what was waited for is not made up for");
        assert!(!player.waits());
        let moved = player.advance(9_000, 4_000, false, 1_000).unwrap();
        assert_eq!((moved.to_ms, moved.ended), (4_000, true));
    }

    #[test]
    fn stopped_it_rests_until_the_still_of_that_time_is_there() {
        let mut player = Player::default();
        player.model(&medium(), &film(1, 1_500), 0);
        assert_eq!(player.stop(), Some(1_500));
        assert!(player.medium().is_none() && player.holds(&medium()));
        let mut still = film(1, 0);
        still.playing = None;
        player.model(&medium(), &still, 0);
        assert!(player.holds(&medium()), "the sheet is not the still");
        still.at_ms = Some(1_500);
        player.model(&medium(), &still, 0);
        assert!(!player.holds(&medium()));
    }
}
