//! Second reviews that leads ask for.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::HeaderMap;

use scrim_model::Timestamp;
use scrim_wire::protocol::{Drawing, SampleRequest, Samples};

use crate::app::{App, Caller};
use crate::error::ServerError;
use crate::limits::{CLAIM_LIST_MAX, SAMPLE_DAYS_MAX, SAMPLE_MAX};
use crate::receive::{JsonText, Sent, write};
use crate::storage::{Change, Period};

const DAY_MS: i64 = 86_400_000;

pub(crate) async fn draw(
    State(app): State<Arc<App>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    sent: Sent<SampleRequest>,
) -> Result<JsonText, ServerError> {
    let mut period = checked(&sent.value)?;
    let write = write(&app, &caller, &headers, sent.sha256)?;
    if !write.tells_at_once {
        // How much was drawn, and how it was decided again, tells of a day what is told when it is over.
        period.before = period.before.min(start_of_day(write.now));
    }
    app.stored(move |storage| storage.apply(&write, Change::Sample(sent.value, period)))
        .await
        .map(JsonText)
}

pub(crate) async fn list(State(app): State<Arc<App>>) -> Result<Json<Samples>, ServerError> {
    app.stored(|storage| storage.samples()).await.map(Json)
}

fn checked(request: &SampleRequest) -> Result<Period, ServerError> {
    let wrong = |path: &str, why| Err(ServerError::invalid(path, why));
    if !(1..=SAMPLE_MAX).contains(&request.size) {
        return wrong("size", "it is not 1 to 500");
    }
    if request.practice > SAMPLE_MAX {
        return wrong("practice", "it is not 0 to 500");
    }
    if matches!(request.drawing, Drawing::Other(_)) {
        return wrong("drawing", "there is no such drawing");
    }
    if request.queues.len() > CLAIM_LIST_MAX {
        return wrong("queues", "the list is too long");
    }
    let (from, last) = (day("from", &request.from)?, day("to", &request.to)?);
    let before = last.plus_ms(DAY_MS);
    if before <= from {
        return wrong("to", "it is before the first day");
    }
    if before.since_ms(from) > SAMPLE_DAYS_MAX * DAY_MS {
        return wrong("to", "the period is longer than 400 days");
    }
    Ok(Period { from, before })
}

fn start_of_day(at: Timestamp) -> Timestamp {
    Timestamp(at.0 - at.0.rem_euclid(DAY_MS))
}

/// A day's start, UTC.
fn day(path: &str, text: &str) -> Result<Timestamp, ServerError> {
    Timestamp::parse(&format!("{text}T00:00:00Z"))
        .ok()
        .filter(|at| at.utc_day() == text)
        .ok_or_else(|| ServerError::invalid(path, "it is not written as YYYY-MM-DD"))
}
