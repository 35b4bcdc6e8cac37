//! Settings: what is found, what the moderator chooses, and the floors that hold.
//!
//! In force is the stricter of floor and personal choice, key by key. A floor is kept, so that it
//! holds without a connection as well. Where a floor is there and cannot be read, the stricter of
//! what was last known, what can be read and the defaults holds. A personal value that is below
//! the floor, however it came there, is taken back and said.

use scrim_model::settings::{
    ChangeRefused, Floor, KeptSettings, Key, ManagedFound, Protection, SettingRefused, Settings,
    SettingsFound, Value, check_change,
};
use scrim_model::text::cut_chars;
use scrim_model::view::CoverStep;
use scrim_wire::protocol::{Session, SettingsObject};
use scrim_wire::window::{NoticeKey, SettingsView};

use crate::clock::Now;
use crate::desk::Desk;
use crate::effect::Effect;
use crate::limits::FLOOR_SAID_CHARS_MAX;
use crate::media::prepare_again;
use crate::parts::decided::kept_items;
use crate::parts::settings::{Rules, acts_on};
use crate::words::{Masks, masked_words};

impl Desk {
    /// Takes up what the store and the managed file hold.
    pub(crate) fn resume_settings(
        &mut self,
        now: Now,
        found: SettingsFound,
        managed: ManagedFound,
        out: &mut Vec<Effect>,
    ) {
        let knows_server = found != SettingsFound::None;
        let (kept, doubtful) = match found {
            SettingsFound::None => (KeptSettings::default(), false),
            SettingsFound::Kept(kept) => (*kept, false),
            SettingsFound::Doubtful(kept) => (*kept, true),
        };
        let before = kept.clone();
        self.rules = Rules {
            personal: kept.personal,
            server: kept.server,
            managed: kept.managed,
            knows_server,
            in_force: Some(Protection::default()),
            ..Rules::default()
        };
        if doubtful {
            self.rules.server_doubt = Settings::defaults();
            self.notice(NoticeKey::SettingsDoubtful, "");
        }
        match managed {
            ManagedFound::Absent => {
                if self.rules.managed != Floor::default() {
                    self.notice(NoticeKey::ManagedGone, "");
                }
                self.rules.managed = Floor::default();
            }
            ManagedFound::Read(floor) => self.rules.managed = floor,
            ManagedFound::Unusable { floor, why } => {
                self.rules.managed_doubt = floor.joined(&Settings::defaults());
                self.notice(NoticeKey::ManagedUnusable, why);
            }
        }
        self.put_in_force(now, out);
        if doubtful || self.rules.kept() != before {
            out.push(Effect::SaveSettings(Box::new(self.rules.kept())));
        }
    }

    /// The floor in a session: the organisation's and the lead's together.
    pub(crate) fn heard_floor(&mut self, now: Now, session: &Session, out: &mut Vec<Effect>) {
        let read = |object: &Option<SettingsObject>| {
            object.as_ref().map(Settings::read).unwrap_or_default()
        };
        let (floor, mut refused) = read(&session.floor);
        let (lead, refused_lead) = read(&session.lead);
        refused.extend(refused_lead);
        let floor = floor.joined(&lead);
        // Two lists together may be too long; then all of it holds, and none of it is kept.
        let too_long = floor.keys().filter(|key| {
            let value = floor.get(*key).expect("a key that is named");
            !key.row().shape.allows(value)
        });
        refused.extend(too_long.map(|key| SettingRefused::NotAllowed { key }));
        let unknown = |r: &SettingRefused| matches!(r, SettingRefused::Unknown { .. });
        let (server, doubt, said) = if refused.iter().all(unknown) {
            let said = (!refused.is_empty()).then_some(NoticeKey::FloorUnknownKeys);
            (floor, Floor::default(), said)
        } else {
            let doubt = floor.joined(&Settings::defaults());
            let said = Some(NoticeKey::FloorUnusable);
            (self.rules.server.clone(), doubt, said)
        };
        if said != self.rules.server_said {
            self.rules.server_said = said;
            if let Some(key) = said {
                let why: Vec<String> = refused.iter().map(ToString::to_string).collect();
                self.notice(key, cut_chars(&why.join("; "), FLOOR_SAID_CHARS_MAX));
            }
        }
        let knew = std::mem::replace(&mut self.rules.knows_server, true);
        if knew && server == self.rules.server && doubt == self.rules.server_doubt {
            return;
        }
        let before = self.rules.effective();
        self.rules.server = server;
        self.rules.server_doubt = doubt;
        self.put_in_force(now, out);
        if knew && self.rules.effective() != before {
            self.notice(NoticeKey::FloorChanged, "");
        }
        out.push(Effect::SaveSettings(Box::new(self.rules.kept())));
    }

    /// The moderator chooses a value, or with `None` goes back to what holds without a choice.
    pub(crate) fn set_setting(
        &mut self,
        now: Now,
        key: Key,
        value: Option<Value>,
        out: &mut Vec<Effect>,
    ) {
        let Some(value) = value else {
            self.rules.personal.unset(key);
            return self.keep_and_apply(now, out);
        };
        match check_change(&self.rules.floors(), key, &value) {
            Ok(()) => {
                // Checked just now, range and floor.
                if self.rules.personal.set(key, value).is_ok() {
                    self.keep_and_apply(now, out);
                }
            }
            Err(refused) => {
                let said = match refused {
                    ChangeRefused::NotAllowed { .. } => NoticeKey::SettingOutOfRange,
                    ChangeRefused::NotYours { .. } | ChangeRefused::Pinned { .. } => {
                        NoticeKey::SettingNotYours
                    }
                    ChangeRefused::Looser { .. } => NoticeKey::SettingBelowFloor,
                };
                self.notice(said, key.name());
            }
        }
    }

    fn keep_and_apply(&mut self, now: Now, out: &mut Vec<Effect>) {
        out.push(Effect::SaveSettings(Box::new(self.rules.kept())));
        self.put_in_force(now, out);
    }

    /// From now on: what floors and choice make together. Covers and masks in hand that are too
    /// weak now are made anew. A look at words ends with their masks; a look at a picture goes on, and
    /// its new cover is there when it ends.
    fn put_in_force(&mut self, now: Now, out: &mut Vec<Effect>) {
        for key in self.rules.take_back() {
            self.notice(NoticeKey::SettingTakenBack, key.name());
        }
        self.rules.revision += 1;
        let protection = Protection::of(&self.rules.effective());
        if self.rules.in_force.as_ref() == Some(&protection) {
            return;
        }
        let masks = (protection.text_mask, &protection.text_words);
        if masks != (self.protection.text_mask, &self.protection.text_words) {
            self.masked_words = masked_words(&protection.text_words);
            if self.reveal.as_ref().is_some_and(|r| r.part.is_words()) {
                self.cover(now, out);
            }
            for held in kept_items(&mut self.hand, &mut self.outbox) {
                held.masks = Masks::of(&held.item, &self.masked_words, protection.text_mask);
            }
        }
        self.rules.in_force = Some(protection.clone());
        self.set_protection(protection);
        let cover = self.protection.cover.clone();
        for held in kept_items(&mut self.hand, &mut self.outbox) {
            let least = cover.step_min.max(cover.step_for(&held.item.classes));
            let (step, style) = (held.step.max(least), cover.style());
            if step != held.step || style != held.style {
                (held.step, held.style) = (step, style);
                prepare_again(held, out);
            }
        }
    }

    /// What the settings page shows.
    #[must_use]
    pub fn settings_view(&self) -> SettingsView {
        SettingsView {
            rows: self.rules.effective().rows().to_vec(),
            not_acted_on: self.not_acted_on(),
            reveal: self.protection.reveal,
            media_max_pct: self.protection.media_max_pct,
            in_doubt: self.rules.server_doubt != Floor::default()
                || self.rules.managed_doubt != Floor::default(),
        }
    }

    fn not_acted_on(&self) -> Vec<Key> {
        let keys = scrim_model::settings::TABLE.iter().map(|row| row.key);
        keys.filter(|key| !acts_on(*key)).collect()
    }

    /// Grows with every change of the settings in force.
    #[must_use]
    pub fn settings_revision(&self) -> u64 {
        self.rules.revision
    }

    /// The weakest cover that the moderator may go to for an item of these classes.
    pub(crate) fn weakest_step(&self, classes: &[String]) -> CoverStep {
        let cover = &self.protection.cover;
        match cover.step_for(classes) {
            CoverStep::Strong if cover.step != CoverStep::Strong => CoverStep::Strong,
            _ => cover.step_min,
        }
    }
}
