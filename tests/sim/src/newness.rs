//! Ids, jitter and salts of one machine, from its seed.

use scrim_desk::Fresh;
use scrim_runtime::{Clock, Randomness};

use crate::clocks::MachineClock;
use crate::rng::Rng;

/// See the module.
pub(crate) struct Newness {
    pub(crate) rng: Rng,
    pub(crate) clock: MachineClock,
}

impl Randomness for Newness {
    fn fresh(&mut self) -> Fresh {
        let ids = std::array::from_fn(|_| self.id());
        let jitter = u16::try_from(self.rng.below(0x1_0000)).unwrap_or(u16::MAX);
        Fresh::new(ids, jitter)
    }

    fn id(&mut self) -> String {
        let at = self.clock.now().utc_ms.unsigned_abs();
        let id = uuid::Builder::from_unix_timestamp_millis(at, &self.rng.bytes());
        id.into_uuid().to_string()
    }

    fn salt(&mut self) -> [u8; 32] {
        self.rng.bytes()
    }
}
