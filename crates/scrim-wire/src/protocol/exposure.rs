//! `GET /v1/exposure`: what leads learn of a team's exposure. Groups of five or more, fixed weeks,
//! no names, no filters.

use serde::{Deserialize, Serialize};

use scrim_model::{QueueId, Timestamp};

/// Answer of `GET /v1/exposure`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exposure {
    /// Fewer distinct people than this are never shown, also not as what is left of a larger group.
    pub people_min: u32,
    /// Finished weeks, newest first.
    pub weeks: Vec<ExposureWeek>,
}

/// One week. Worked out once, some days after its end, and never changed after that: two readings
/// of one week cannot be told apart by who sent a decision in between.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExposureWeek {
    /// Its Monday, midnight UTC.
    pub from: Timestamp,
    /// Fewest people that a group could have when it was worked out.
    #[serde(default = "fewest")]
    pub people_min: u32,
    /// Weighted minutes of a day from which on a person counts as over the notice.
    pub notice_min: u32,
    /// Weighted minutes of a day from which on a person counts as over the cap.
    pub cap_min: u32,
    /// Everyone, and each queue, as far as they may be shown. Empty: too few people.
    pub groups: Vec<ExposureGroup>,
    /// Whether groups were left out because too few people would be told apart.
    pub some_hidden: bool,
}

/// What no server goes below.
fn fewest() -> u32 {
    5
}

/// One group of people: those who decided something in a queue, or everyone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExposureGroup {
    /// The queue; missing: everyone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue_id: Option<QueueId>,
    /// Distinct people.
    pub people: u32,
    /// Spread of each person's heaviest day, over all queues.
    pub busiest_day: Quartiles,
    /// People with at least one day over the notice.
    pub over_notice: u32,
    /// People with at least one day over the cap.
    pub over_cap: u32,
}

/// Quartiles in weighted minutes, rounded to 15.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quartiles {
    /// A quarter of the people lies below.
    pub q1_min: u32,
    /// Half of the people lies below.
    pub median_min: u32,
    /// Three quarters lie below.
    pub q3_min: u32,
}
