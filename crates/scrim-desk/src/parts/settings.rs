//! The settings and the floors they come from.

use scrim_model::settings::{
    Effective, Floor, Floors, KeptSettings, Key, Protection, Settings, check_change, effective,
};
use scrim_wire::window::NoticeKey;

/// What the heart knows of settings.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    pub(crate) personal: Settings,
    /// The last server floor that was good.
    pub(crate) server: Floor,
    /// The last managed file that was good.
    pub(crate) managed: Floor,
    /// What holds besides `server`, because it is in doubt. Empty as soon as a session is good.
    pub(crate) server_doubt: Floor,
    /// The same for the managed file; until the next start.
    pub(crate) managed_doubt: Floor,
    /// What was last said of the server's floor, so that it is said once.
    pub(crate) server_said: Option<NoticeKey>,
    /// A floor was heard before, in this run or an earlier one.
    pub(crate) knows_server: bool,
    /// What was last put in force.
    pub(crate) in_force: Option<Protection>,
    /// Grows with every change.
    pub(crate) revision: u64,
}

impl Rules {
    pub(crate) fn floors(&self) -> Floors {
        Floors {
            server: self.server.joined(&self.server_doubt),
            managed: self.managed.joined(&self.managed_doubt),
        }
    }

    pub(crate) fn effective(&self) -> Effective {
        effective(&self.floors(), &self.personal)
    }

    pub(crate) fn kept(&self) -> KeptSettings {
        KeptSettings {
            personal: self.personal.clone(),
            server: self.server.clone(),
            managed: self.managed.clone(),
        }
    }

    /// Takes back every personal value that may not be chosen; returns their keys. A list is joined
    /// with the floor's and never below it.
    pub(crate) fn take_back(&mut self) -> Vec<Key> {
        let floors = self.floors();
        let below: Vec<Key> = self
            .personal
            .keys()
            .filter(|key| {
                let value = self.personal.get(*key).expect("a key that is named");
                check_change(&floors, *key, value).is_err()
            })
            .collect();
        for key in &below {
            self.personal.unset(*key);
        }
        below
    }
}

/// The settings that this version, or its queue server, acts on. The others are shown without a
/// switch.
#[must_use]
pub fn acts_on(key: Key) -> bool {
    use Key::{
        AudioBand, AudioCap, BreakAfter, BreakLength, BreakSevereAfter, BreakSevereLength,
        BreakSevereSecond, BreakSnoozeLength, BreakSnoozes, CapAtLimit, CapClear, CapNotice,
        CapWeighted, CheckinKeep, CheckinOffer, CheckinStore, ClassOptOut, CoverBlur,
        CoverGreyscale, CoverSketch, CoverStylePerClass, KnownHashLane, LeadExposureGroup,
        LockIdle, MediaMute, RevealAgentSilent, RevealHoldStill, RevealIdle, RevealLatch,
        RevealLatchTime, RevealLensRadius, RevealModeKey, RevealPresence, RevealReason,
        SevereInRow, SeverePause, TextMask, TextWords, VideoSpeed, VideoStart, VideoStep,
        VideoStills, ViewMaxSize,
    };
    let fixed = matches!(key.row().shape, scrim_model::settings::Shape::Fixed(_));
    fixed
        || matches!(
            key,
            CoverBlur
                | CoverGreyscale
                | CoverSketch
                | CoverStylePerClass
                | KnownHashLane
                | LeadExposureGroup
                | LockIdle
                | RevealAgentSilent
                | RevealHoldStill
                | RevealIdle
                | RevealLatch
                | RevealLensRadius
                | RevealLatchTime
                | RevealModeKey
                | RevealReason
                | RevealPresence
                | MediaMute
                | AudioBand
                | AudioCap
                | VideoSpeed
                | SevereInRow
                | SeverePause
                | TextMask
                | TextWords
                | VideoStart
                | VideoStep
                | VideoStills
                | ViewMaxSize
                | ClassOptOut
                | BreakAfter
                | BreakLength
                | BreakSevereAfter
                | BreakSevereLength
                | BreakSevereSecond
                | BreakSnoozes
                | BreakSnoozeLength
                | CapWeighted
                | CapNotice
                | CapClear
                | CapAtLimit
                | CheckinOffer
                | CheckinStore
                | CheckinKeep
        )
}
