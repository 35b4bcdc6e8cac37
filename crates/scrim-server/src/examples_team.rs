//! The fullest examples of sessions, questions to colleagues and what leads read.

use scrim_model::{Environment, Role};
use scrim_wire::protocol::{
    AppealDay, Appeals, ChainHead, Consult, ConsultOpened, ConsultRequest, ConsultState, ConsultTo,
    Contact, DayTotals, Detector, Drawing, Due, Exposure, ExposureGroup, ExposureWeek,
    LanguageReviewers, Limits, Quartiles, ReviewKind, SafetyNotice, SafetyNotices, Sample,
    SampleRequest, Session, SettingsObject, Standing, TeamDay, TeamDays, TeamFacts, ViewTotals,
};

use crate::examples_item::{at, id, item, text};

fn contact() -> Contact {
    Contact {
        name: text("n"),
        reach: text("t"),
    }
}

pub(crate) fn session() -> Session {
    Session {
        moderator_id: id("u1"),
        display_name: text("n"),
        roles: vec![Role::Moderator],
        languages: vec![text("en")],
        capabilities: vec![text("lease")],
        server_time: at(),
        environment: Environment::Test,
        lease_s: 300,
        heartbeat_s: 60,
        duty_contacts: vec![contact()],
        safety_contact: Some(contact()),
        floor: Some(SettingsObject::new()),
        lead: Some(SettingsObject::new()),
        day_totals: Some(DayTotals {
            from: at(),
            other_desks_only: true,
            rows: vec![ViewTotals {
                severity: 1,
                items: 1,
                ms_covered: 1,
                ms_lens: 1,
                ms_clear: 1,
            }],
        }),
        chain_head: Some(ChainHead {
            entries: 1,
            hash: text("00"),
        }),
        limits: Some(Limits {
            claim_count_max: 20,
            claims_live_max: 200,
            decisions_max: 50,
            note_chars_max: 2_000,
            consult_chars_max: 1_000,
            consults_max: 4,
            json_bytes_max: 4_194_304,
        }),
    }
}

pub(crate) fn consult() -> Consult {
    Consult {
        consult_id: text("q1"),
        item_id: id("i1"),
        question: text("…"),
        state: ConsultState::Answered,
        asked_at: at(),
        answer: Some(text("…")),
        by_role: Some(text("lead")),
    }
}

pub(crate) fn consult_request() -> ConsultRequest {
    ConsultRequest {
        claim_id: id("c1"),
        to: ConsultTo::Role(Role::Lead),
        question: text("…"),
    }
}

/// One per way of naming who is asked.
pub(crate) fn consult_to() -> [ConsultTo; 2] {
    [ConsultTo::Role(Role::Lead), ConsultTo::Person(id("u2"))]
}

pub(crate) fn opened() -> ConsultOpened {
    ConsultOpened {
        consult_id: text("q1"),
        claim_id: id("c2"),
        expires_at: at(),
        question: text("…"),
        item: item(),
    }
}

pub(crate) fn team_facts() -> TeamFacts {
    TeamFacts {
        standing: Standing::Standing,
        review: ReviewKind::Second,
        of: Some(id("d0")),
        action_s: Some(60),
        due: Some(Due::Met),
        languages: vec![text("en")],
        reported: true,
        flagged_by: vec![Detector {
            name: text("d1"),
            version: text("v"),
        }],
    }
}

pub(crate) fn sample_request() -> SampleRequest {
    SampleRequest {
        size: 50,
        drawing: Drawing::Stratified,
        from: text("2026-01-01"),
        to: text("2026-01-07"),
        queues: vec![id("q1")],
        practice: 5,
    }
}

pub(crate) fn sample() -> Sample {
    Sample {
        id: text("s1"),
        at: at(),
        drawing: Drawing::Stratified,
        size: 50,
        done: 1,
        differ: 1,
        practice: 5,
    }
}

pub(crate) fn team_days() -> TeamDays {
    TeamDays {
        count_min: 5,
        days: vec![TeamDay {
            day: text("2026-01-01"),
            queue_id: id("q1"),
            not_me: Some(5),
        }],
        appeals: Some(Appeals {
            from: text("2026-01-01"),
            days: vec![AppealDay {
                day: text("2026-01-01"),
                queue_id: id("q1"),
                received: 1,
                upheld: 1,
                reversed: 1,
                took_days: vec![1],
            }],
        }),
        reviewers: Some(vec![LanguageReviewers {
            language: text("de"),
            people: Some(5),
        }]),
    }
}

pub(crate) fn exposure() -> Exposure {
    Exposure {
        people_min: 5,
        weeks: vec![ExposureWeek {
            people_min: 5,
            from: at(),
            notice_min: 180,
            cap_min: 240,
            groups: vec![ExposureGroup {
                queue_id: Some(id("q1")),
                people: 5,
                busiest_day: Quartiles {
                    q1_min: 15,
                    median_min: 30,
                    q3_min: 45,
                },
                over_notice: 0,
                over_cap: 0,
            }],
            some_hidden: false,
        }],
    }
}

pub(crate) fn notices() -> SafetyNotices {
    SafetyNotices {
        notices: vec![SafetyNotice {
            cursor: 1,
            item_id: id("i1"),
        }],
        next: 1,
    }
}
