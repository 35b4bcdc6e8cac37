//! When a check-in is offered, and what becomes of the answer.
//!
//! Offered once a day before the first decision and once at the end of a shift. It waits to the
//! side: nothing waits for it, and nothing is counted when it is passed over. What is answered goes
//! to the store and is not kept here; no call to the server is made from it. What is kept is shown to
//! whoever answered, when they ask, and goes past the heart.

use scrim_model::checkin::{Answer, CheckIn, When};
use scrim_wire::window::{CheckInStands, CheckInView, NoticeKey};

use crate::clock::Now;
use crate::desk::Desk;
use crate::effect::Effect;
use crate::parts::checkin::Tended;

impl Desk {
    /// Takes up on which days earlier runs asked. Work may begin now.
    pub(crate) fn resume_check_ins(&mut self, asked: Vec<(When, i64)>) {
        self.check_ins.asked = asked;
        if self.signed_in {
            self.offer_check_in(When::Before);
        }
    }

    /// Offers it, unless that is not wanted or was done today. What was offered before is over.
    pub(crate) fn offer_check_in(&mut self, when: When) {
        self.check_ins.stands = CheckInStands::NotNow;
        let Some(today) = self.today() else { return };
        let asked = self.check_ins.asked.contains(&(when, today));
        let too_late = when == When::Before && self.decided_today();
        if self.protection.checkin_offered && !asked && !too_late {
            self.check_ins.stands = CheckInStands::Offered(when);
        }
    }

    /// A decision was recorded: it is no longer before work.
    pub(crate) fn work_has_begun(&mut self) {
        if self.check_ins.stands != CheckInStands::Offered(When::After) {
            self.check_ins.stands = CheckInStands::NotNow;
        }
    }

    fn decided_today(&self) -> bool {
        let from = self.exposure.day_from();
        let newest = self.history.front();
        newest.is_some_and(|row| from.is_some_and(|from| row.at >= from))
    }

    pub(crate) fn check_in(&mut self, now: Now, answer: Answer, out: &mut Vec<Effect>) {
        let (CheckInStands::Offered(when), Some(date)) = (self.check_ins.stands, self.today())
        else {
            return;
        };
        self.check_ins.stands = CheckInStands::Answered;
        self.check_ins.was_asked(when, date);
        if self.protection.checkin_stored {
            out.push(Effect::KeepCheckIn(CheckIn {
                date,
                at: now.utc(),
                when,
                answer,
                go_easy: self.exposure.goes_easy(),
            }));
        }
    }

    /// Passed over: not asked again today, and told to nobody.
    pub(crate) fn skip_check_in(&mut self, out: &mut Vec<Effect>) {
        let (CheckInStands::Offered(when), Some(date)) = (self.check_ins.stands, self.today())
        else {
            return;
        };
        self.check_ins.stands = CheckInStands::NotNow;
        self.check_ins.was_asked(when, date);
        if self.protection.checkin_stored {
            out.push(Effect::CheckInAsked { when, date });
        }
    }

    pub(crate) fn forget_check_ins(&mut self, out: &mut Vec<Effect>) {
        out.push(Effect::ForgetCheckIns);
        self.notice(NoticeKey::CheckInsForgotten, "");
    }

    /// Keeps to the settings: what is too old or not to be stored is forgotten when a day begins
    /// and when the settings change.
    pub(crate) fn tend_check_ins(&mut self, out: &mut Vec<Effect>) {
        let offered = matches!(self.check_ins.stands, CheckInStands::Offered(_));
        if offered && !self.protection.checkin_offered {
            self.check_ins.stands = CheckInStands::NotNow;
        }
        let Some(today) = self.today().filter(|_| self.signed_in) else {
            return;
        };
        let tended = Tended {
            today,
            keep_days: self.protection.checkin_keep_days,
            stored: self.protection.checkin_stored,
        };
        if self.check_ins.tended.replace(tended) == Some(tended) {
            return;
        }
        out.push(match tended.stored {
            true => Effect::ForgetOldCheckIns {
                today,
                keep_days: tended.keep_days,
            },
            false => Effect::ForgetCheckIns,
        });
    }

    /// The local day: days since 1970-01-01.
    fn today(&self) -> Option<i64> {
        self.exposure.date()
    }

    pub(crate) fn check_in_view(&self) -> CheckInView {
        CheckInView {
            stands: self.check_ins.stands,
            kept_days: self
                .protection
                .checkin_stored
                .then_some(self.protection.checkin_keep_days),
        }
    }
}
