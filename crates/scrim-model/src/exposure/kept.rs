//! What of exposure and serving must survive a restart, as one value.

use serde::{Deserialize, Serialize};

use super::ledger::{Kept, Ledger, NotALedger};
use crate::ids::ItemId;
use crate::serving::{Cap, SevereRow};

/// Everything that a desk must know again to keep its limits. Its only serialised form is the
/// store's; its debug output says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptExposure {
    /// The ledger.
    pub ledger: Ledger,
    /// Severe items in a row.
    pub row: SevereRow,
    /// Number of the day for which "go easy on me today" was said.
    pub go_easy_on: Option<u32>,
    /// What was said of the cap, and the number of the day on which.
    pub told: Option<(u32, Cap)>,
    /// What was on the screen when this was written, with its hint.
    pub watching: Option<(ItemId, u8)>,
}

impl std::fmt::Debug for KeptExposure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeptExposure(private)")
    }
}

#[derive(Serialize, Deserialize)]
struct Stored<L> {
    ledger: L,
    row: SevereRow,
    go_easy_on: Option<u32>,
    told: Option<(u32, Cap)>,
    watching: Option<(ItemId, u8)>,
}

impl KeptExposure {
    /// The store's bytes. For the store, and nothing else.
    #[must_use]
    pub fn to_store(&self) -> Vec<u8> {
        let stored = Stored {
            ledger: &self.ledger.0,
            row: self.row.clone(),
            go_easy_on: self.go_easy_on,
            told: self.told,
            watching: self.watching.clone(),
        };
        serde_json::to_vec(&stored).expect("numbers and ids are JSON")
    }

    /// Reads [`KeptExposure::to_store`]; call [`Ledger::resume`] on its ledger next.
    ///
    /// # Errors
    /// [`NotALedger`] for anything else.
    pub fn from_store(bytes: &[u8]) -> Result<Self, NotALedger> {
        let stored: Stored<Kept> = serde_json::from_slice(bytes).map_err(|_| NotALedger)?;
        Ok(Self {
            ledger: Ledger(stored.ledger),
            row: stored.row,
            go_easy_on: stored.go_easy_on,
            told: stored.told,
            watching: stored.watching,
        })
    }
}
