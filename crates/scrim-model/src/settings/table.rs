//! Every protection setting, once. Readers, checks, the settings page and `docs/protection.md` are
//! made from this table.

use serde::{Deserialize, Serialize};

use super::value::{Order, Shape, Value};

/// The default of a setting, as a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultValue {
    /// On or off.
    Flag(bool),
    /// A number in the row's unit.
    Number(u32),
    /// A word.
    Choice(&'static str),
    /// An empty list.
    EmptyList,
}

/// Who may change a setting. Every setting that has a switch can also be pinned by a floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Who {
    /// The moderator, down to the floor.
    Moderator,
    /// The moderator, but only to stricter than the floor, or than the default if no floor names it.
    ModeratorStricter,
    /// The lead, through the server's floor; the moderator only to stricter.
    LeadModeratorStricter,
    /// The lead, through the server's floor.
    Lead,
    /// The organisation, through the server's floor or the managed file.
    Organisation,
    /// Nobody.
    Nobody,
}

impl Who {
    /// The sign of the table.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Who::Moderator => "M",
            Who::ModeratorStricter => "M↑",
            Who::LeadModeratorStricter => "L, M↑",
            Who::Lead => "L",
            Who::Organisation => "O",
            Who::Nobody => "–",
        }
    }

    /// Whether a floor's value stands in place of the default, even if it is the looser one.
    pub(super) fn floor_sets(self) -> bool {
        matches!(
            self,
            Who::Lead | Who::LeadModeratorStricter | Who::Organisation
        )
    }
}

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Its key.
    pub key: Key,
    /// Type and range.
    pub shape: Shape,
    /// Which value is stricter.
    pub order: Order,
    /// What holds if nobody says anything.
    pub default: DefaultValue,
    /// Who may change it.
    pub who: Who,
    /// Why this default: a source, or "starting point" for a judgement.
    pub basis: &'static str,
}

impl Row {
    /// The default as a value.
    #[must_use]
    pub fn default_value(&self) -> Value {
        match self.default {
            DefaultValue::Flag(on) => Value::Flag(on),
            DefaultValue::Number(n) => Value::Number(n),
            DefaultValue::Choice(word) => Value::Choice(word.to_owned()),
            DefaultValue::EmptyList => Value::List(std::collections::BTreeSet::new()),
        }
    }
}

const fn number(min: u32, max: u32, unit: &'static str) -> Shape {
    Shape::Number { min, max, unit }
}

macro_rules! settings {
    ($($variant:ident $name:literal: $shape:expr, $order:ident, $default:expr, $who:ident, $basis:expr;)+) => {
        /// A setting's key. In JSON and TOML it is the dotted name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Key {
            $(#[doc = concat!("`", $name, "`")] #[serde(rename = $name)] $variant,)+
        }

        impl Key {
            /// The dotted name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Key::$variant => $name,)+ }
            }
        }

        /// The table, in the order of the documentation.
        pub const TABLE: &[Row] = &[$(Row {
            key: Key::$variant,
            shape: $shape,
            order: Order::$order,
            default: $default,
            who: Who::$who,
            basis: $basis,
        },)+];
    };
}

use DefaultValue::{Choice, EmptyList, Flag, Number};

/// A judgement, to be judged anew by those who use it.
const START: &str = "starting point";
const TOOLS: &str = "a 2021 court settlement's tool list";
const STUDY_2019: &str =
    "2019 study (doi 10.1609/hcomp.v7i1.5270); a 2021 court settlement's tool list";
const STUDY_2020: &str = "2020 study (doi 10.1609/hcomp.v8i1.7461); figures are a starting point";
const HSE: &str = "HSE: 5–10 min after 50–60; Police Care UK: 10 min each hour";
const OPT_OUT: &str = "opting out is the field's guidance";
const FOUR_HOURS: &str = "the only public figure (4 h a day)";
const PRIVACY: &str = "privacy guidance";

settings! {
    CoverOnOpen "cover.on_open": Shape::Fixed("always"), None, Choice("always"), Organisation, "principle: covered first";
    CoverBlur "cover.blur": Shape::Choice(&["weak", "normal", "strong"]), Higher, Choice("normal"), ModeratorStricter, "σ = 1, 2.5, 5 % of the longer side: ladder from earlier tools; starting point";
    CoverGreyscale "cover.greyscale": Shape::Flag, Higher, Flag(true), Moderator, STUDY_2019;
    CoverSketch "cover.sketch": Shape::Flag, None, Flag(false), Moderator, "drawing-style filters (arXiv 2307.10334)";
    CoverStylePerClass "cover.style_per_class": Shape::Classes, Union, EmptyList, Moderator, START;
    RevealModeKey "reveal.mode": Shape::Choice(&["lens", "strength", "full"]), None, Choice("lens"), Moderator, STUDY_2020;
    RevealLatch "reveal.latch": Shape::Flag, Lower, Flag(false), Moderator, STUDY_2020;
    RevealLensRadius "reveal.lens_radius_pct": number(3, 50, "% of the long side"), Lower, Number(15), Moderator, STUDY_2020;
    RevealHoldStill "reveal.hold_still_s": number(2, 60, "s"), Lower, Number(20), Moderator, START;
    RevealRecover "reveal.recover": Shape::Fixed("always"), None, Choice("always"), Nobody, "release, focus loss, item change, minimise, lock, break, a text field";
    RevealLatchTime "reveal.latch_s": number(1, 60, "s"), Lower, Number(8), ModeratorStricter, START;
    RevealIdle "reveal.idle_s": number(2, 60, "s"), Lower, Number(15), ModeratorStricter, START;
    RevealAgentSilent "reveal.agent_silent_ms": number(300, 2_000, "ms"), Lower, Number(500), ModeratorStricter, START;
    RevealPresence "reveal.presence_s": number(10, 300, "s"), Lower, Number(60), ModeratorStricter, START;
    RevealReason "reveal.reason_at_severity": number(0, 4, "severity"), Lower, Number(4), Lead, START;
    LockIdle "lock.idle_min": number(1, 60, "min"), Lower, Number(10), ModeratorStricter, START;
    CoverAll "cover.all": Shape::Fixed("always"), None, Choice("always"), Nobody, "never a penalty";
    ViewZoomKeepsCover "view.zoom_keeps_cover": Shape::Fixed("always"), None, Choice("always"), Nobody, "larger is stronger";
    ViewMaxSize "view.max_size_pct": number(10, 90, "% of the window"), Lower, Number(50), Moderator, "larger is stronger; starting point";
    MediaAutoplay "media.autoplay": Shape::Fixed("never"), None, Choice("never"), Organisation, TOOLS;
    MediaMute "media.mute": Shape::Flag, Higher, Flag(true), Organisation, TOOLS;
    VideoStart "video.start": Shape::Choice(&["player", "contact_sheet"]), Higher, Choice("contact_sheet"), Moderator, START;
    VideoStills "video.stills": number(4, 16, "covered stills"), None, Number(9), Moderator, START;
    VideoSpeed "video.speed_pct": number(50, 200, "% of normal speed"), None, Number(150), Moderator, START;
    VideoStep "video.step_s": number(1, 30, "s"), None, Number(5), Moderator, START;
    AudioStart "audio.start": Shape::Choice(&["player", "waveform"]), Higher, Choice("waveform"), Moderator, START;
    AudioCap "audio.cap_db": number(0, 40, "dB below full scale"), Higher, Number(12), Moderator, START;
    AudioBand "audio.narrow_first": Shape::Flag, Higher, Flag(true), Moderator, "300–3,400 Hz first; starting point";
    TextMask "text.mask": Shape::Choice(&["spans", "whole"]), Higher, Choice("spans"), Moderator, "2025 study (n = 80): lower perceived severity, accuracy kept";
    TextWords "text.words": Shape::Words, Union, EmptyList, Moderator, "masked besides what is flagged and the built-in list; starting point";
    LabelFirst "label.first": Shape::Fixed("always"), None, Choice("always"), Organisation, "one line, never a scene (doi 10.1080/02699931.2024.2401102)";
    KnownHashLane "known_hash.lane": Shape::Flag, Higher, Flag(true), Organisation, "deciding without loading";
    Skip "skip": Shape::Fixed("always"), None, Choice("always"), Organisation, OPT_OUT;
    SevereInRow "queue.max_severe_in_row": number(1, 20, "items of severity 3 or more"), Lower, Number(3), Lead, "interleaving helped in a 2024 video study; figure is a starting point";
    SeverePause "queue.severe_pause_s": number(15, 600, "s"), Higher, Number(60), Lead, START;
    ClassOptOut "class.opt_out": Shape::Classes, Union, EmptyList, Moderator, OPT_OUT;
    BreakAfter "break.after_min": number(5, 60, "min of active time"), Lower, Number(50), LeadModeratorStricter, HSE;
    BreakLength "break.length_min": number(5, 60, "min"), Higher, Number(10), LeadModeratorStricter, HSE;
    BreakSevereAfter "break.severe_after_min": number(5, 60, "min of active time at severity 3 or more"), Lower, Number(25), LeadModeratorStricter, START;
    BreakSevereLength "break.severe_length_min": number(2, 60, "min"), Higher, Number(5), LeadModeratorStricter, START;
    BreakSevereSecond "break.severe_second_length_min": number(5, 60, "min"), Higher, Number(10), LeadModeratorStricter, START;
    BreakSnoozes "break.snooze": number(0, 4, "snoozes"), Lower, Number(2), Lead, "the worker should have a say in timing; starting point";
    BreakSnoozeLength "break.snooze_min": number(1, 10, "min"), Lower, Number(5), Lead, START;
    BreakScreen "break.screen": Shape::Fixed("neutral"), None, Choice("neutral"), Nobody, "no pictures, quiz, news or sound";
    CapWeighted "cap.weighted_min_day": number(10, 480, "weighted min"), Lower, Number(240), Organisation, FOUR_HOURS;
    CapNotice "cap.notice_min_day": number(5, 480, "weighted min"), Lower, Number(180), Organisation, START;
    CapClear "cap.clear_min_day": number(1, 240, "min of clear view at severity 3 or more"), Lower, Number(60), Organisation, START;
    CapAtLimit "cap.at_limit": Shape::Choice(&["light_only", "end_shift"]), Higher, Choice("light_only"), Organisation, START;
    CheckinOffer "checkin.offer": Shape::Flag, None, Flag(true), Moderator, "skippable; health data";
    CheckinStore "checkin.store": Shape::Choice(&["store", "do_not_store"]), Higher, Choice("store"), Moderator, "health data";
    CheckinKeep "checkin.keep_days": number(1, 30, "days"), Lower, Number(30), Moderator, "health data; starting point";
    LeadExposureGroup "lead.exposure_group_min": number(5, 50, "people"), Higher, Number(5), Organisation, PRIVACY;
    Sounds "sounds": Shape::Flag, Lower, Flag(false), Moderator, "principle: no pressure";
    Countdowns "countdowns": Shape::Fixed("off"), None, Choice("off"), Nobody, "principle: no pressure";
    Leaderboards "leaderboards": Shape::Fixed("off"), None, Choice("off"), Nobody, "principle: no pressure";
    Targets "item_targets": Shape::Fixed("off"), None, Choice("off"), Nobody, "principle: no pressure";
}

impl Key {
    /// The setting's row.
    #[must_use]
    pub fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The key with this dotted name.
    #[must_use]
    pub fn named(name: &str) -> Option<Key> {
        TABLE.iter().map(|row| row.key).find(|k| k.name() == name)
    }
}

/// The table as Markdown, as it stands in `docs/protection.md`.
#[must_use]
pub fn table_markdown() -> String {
    let mut out = String::from(
        "| Key | Default | Allowed | Stricter is | who | Basis |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for row in TABLE {
        let (allowed, stricter) = match row.shape {
            Shape::Fixed(_) => ("no switch".to_owned(), "–".to_owned()),
            shape => (shape.to_string(), row.order.to_string()),
        };
        out.push_str(&format!(
            "| `{}` | {} | {allowed} | {stricter} | {} | {} |\n",
            row.key.name(),
            row.default_value(),
            row.who.sign(),
            row.basis,
        ));
    }
    out
}
