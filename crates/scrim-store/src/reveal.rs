//! The view log: an interval is on disk before anything is shown.

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};
use scrim_model::area::Area;
use scrim_model::view::{
    CoverKind, CoverStep, Part, Place, Played, RevealMode, RevealReason, SoftStep, ViewInterval,
    WordPlace, WordSpan,
};
use scrim_model::{Decision, ItemId, RevealId, Timestamp};

use crate::error::StoreError;
use crate::limits::INTERVALS_MAX;
use crate::{Reader, Store};

impl Store {
    /// Writes down that a part of `item` is about to be revealed; durable on return, so only then
    /// may anything be shown. The same reveal again has no further effect.
    ///
    /// # Errors
    /// [`StoreError::IdReused`] if the reveal belongs to another item; otherwise what SQLite said.
    pub fn open_reveal(&mut self, item: &ItemId, opened: &ViewInterval) -> Result<(), StoreError> {
        self.write(|tx| merge(tx, item, opened))
    }

    /// Ends a reveal. The first end counts; a second one changes nothing.
    ///
    /// # Errors
    /// [`StoreError::UnknownReveal`]; otherwise what SQLite said.
    pub fn close_reveal(
        &mut self,
        reveal_id: &RevealId,
        duration_ms: u64,
        shown: bool,
        colour: bool,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            let known: Option<Option<i64>> = tx
                .prepare_cached("SELECT duration_ms FROM view_intervals WHERE reveal_id = ?")?
                .query_row([reveal_id.as_str()], |row| row.get(0))
                .optional()?;
            match known {
                None => Err(StoreError::UnknownReveal),
                Some(Some(_)) => Ok(()),
                Some(None) => {
                    tx.prepare_cached(
                        "UPDATE view_intervals SET duration_ms = ?, shown = ?, colour = ?
                         WHERE reveal_id = ?",
                    )?
                    .execute(params![
                        whole(duration_ms),
                        shown,
                        colour,
                        reveal_id.as_str()
                    ])?;
                    Ok(())
                }
            }
        })
    }

    /// What of a picture a reveal showed, and where, and what of a time line it played. What is known is never taken back.
    ///
    /// # Errors
    /// [`StoreError::UnknownReveal`]; otherwise what SQLite said.
    pub fn reveal_seen(
        &mut self,
        reveal_id: &RevealId,
        area: &Area,
        place: Place,
        played: &Played,
    ) -> Result<(), StoreError> {
        if area.is_empty() && place == Place::Main && played.is_empty() {
            return Ok(());
        }
        self.write(|tx| {
            type Known = (Option<String>, Option<String>, bool);
            let known: Option<Known> = tx
                .prepare_cached("SELECT area, played, sound FROM view_intervals WHERE reveal_id = ?")?
                .query_row([reveal_id.as_str()], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })
                .optional()?;
            let (known, stretches, sound) = known.ok_or(StoreError::UnknownReveal)?;
            let mut seen = match known {
                Some(text) => Area::try_from(text).map_err(|_| StoreError::Unreadable)?,
                None => Area::default(),
            };
            seen.add(area);
            let stretches = stretches_of(stretches.as_deref()).ok_or(StoreError::Unreadable)?;
            let mut all_played = Played::of(stretches, sound);
            all_played.add(played);
            tx.prepare_cached(
                "UPDATE view_intervals SET area = ?, place = coalesce(?, place), played = ?, sound = ?
                 WHERE reveal_id = ?",
            )?
            .execute(params![
                area_text(&seen),
                place_name(place),
                stretches_text(all_played.stretches()),
                all_played.sound,
                reveal_id.as_str()
            ])?;
            Ok(())
        })
    }
}

impl Reader {
    /// The item's intervals, oldest first, of this run and of earlier ones. Those that a crash
    /// left open have no duration: unknown.
    ///
    /// # Errors
    /// What SQLite said; [`StoreError::Unreadable`] for a row that is no interval.
    pub fn intervals_of(&self, item: &ItemId) -> Result<Vec<ViewInterval>, StoreError> {
        select(&self.conn, item, None)
    }
}

fn whole(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}

/// Adds an interval, or completes one that is there. What is known is never taken back.
pub(crate) fn merge(
    tx: &Connection,
    item: &ItemId,
    interval: &ViewInterval,
) -> Result<(), StoreError> {
    let written = tx
        .prepare_cached(
            "INSERT INTO view_intervals
                 (reveal_id, item_id, part, mode, opened_at_ms, duration_ms, shown, colour, reason,
                  area, place, sound, played, cover)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (reveal_id) DO UPDATE SET
                 duration_ms = coalesce(duration_ms, excluded.duration_ms),
                 shown = max(shown, excluded.shown),
                 colour = max(colour, excluded.colour),
                 area = coalesce(excluded.area, area),
                 place = coalesce(excluded.place, place),
                 sound = max(sound, excluded.sound),
                 played = coalesce(excluded.played, played),
                 cover = coalesce(excluded.cover, cover)
             WHERE item_id = excluded.item_id",
        )?
        .execute(params![
            interval.reveal_id.as_str(),
            item.as_str(),
            part_text(&interval.part),
            mode_text(interval.mode),
            interval.opened_at.0,
            interval.duration_ms.map(whole),
            interval.shown,
            interval.colour,
            interval.reason.map(reason_text),
            area_text(&interval.area),
            place_name(interval.place),
            interval.sound,
            stretches_text(&interval.played),
            cover_text(interval.cover),
        ])?;
    if written == 0 {
        return Err(StoreError::IdReused);
    }
    Ok(())
}

/// Links to `decision` the intervals that it names and those of its item that no decision has, and
/// returns them, oldest first.
pub(crate) fn link(
    tx: &Connection,
    decision: &Decision,
    named: &[ViewInterval],
) -> Result<Vec<ViewInterval>, StoreError> {
    let id = decision.decision_id.as_str();
    tx.prepare_cached(
        "UPDATE view_intervals SET decision_id = ? WHERE item_id = ? AND decision_id IS NULL",
    )?
    .execute([id, decision.item_id.as_str()])?;
    let mut relink =
        tx.prepare_cached("UPDATE view_intervals SET decision_id = ? WHERE reveal_id = ?")?;
    for interval in named {
        relink.execute([id, interval.reveal_id.as_str()])?;
    }
    select(tx, &decision.item_id, Some(id))
}

/// The item's intervals, or only those of one decision.
fn select(
    conn: &Connection,
    item: &ItemId,
    decision: Option<&str>,
) -> Result<Vec<ViewInterval>, StoreError> {
    let mut rows = conn.prepare_cached(&format!(
        "SELECT reveal_id, part, mode, opened_at_ms, duration_ms, shown, colour, reason, area, place,
                sound, played, cover
         FROM view_intervals WHERE item_id = ?1 AND (?2 IS NULL OR decision_id = ?2)
         ORDER BY opened_at_ms, reveal_id LIMIT {INTERVALS_MAX}"
    ))?;
    rows.query_map(params![item.as_str(), decision], interval)?
        .map(|row| row.map_err(StoreError::from))
        .collect()
}

fn interval(row: &Row<'_>) -> rusqlite::Result<ViewInterval> {
    let wrong = |at| rusqlite::Error::InvalidColumnType(at, String::new(), Type::Text);
    let duration: Option<i64> = row.get(4)?;
    let reveal_id = RevealId::new(row.get::<_, String>(0)?).map_err(|_| wrong(0))?;
    let part = part_of(row.get_ref(1)?.as_str()?).ok_or_else(|| wrong(1))?;
    let mode = mode_of(row.get_ref(2)?.as_str()?).ok_or_else(|| wrong(2))?;
    Ok(ViewInterval {
        duration_ms: duration
            .map(|ms| u64::try_from(ms).map_err(|_| wrong(4)))
            .transpose()?,
        shown: row.get(5)?,
        colour: row.get(6)?,
        reason: match row.get_ref(7)?.as_str_or_null()? {
            Some(text) => Some(reason_of(text).ok_or_else(|| wrong(7))?),
            None => None,
        },
        area: match row.get::<_, Option<String>>(8)? {
            Some(text) => Area::try_from(text).map_err(|_| wrong(8))?,
            None => Area::default(),
        },
        place: match row.get_ref(9)?.as_str_or_null()? {
            Some(text) => place_named(text).ok_or_else(|| wrong(9))?,
            None => Place::Main,
        },
        sound: row.get(10)?,
        played: stretches_of(row.get_ref(11)?.as_str_or_null()?).ok_or_else(|| wrong(11))?,
        cover: match row.get_ref(12)?.as_str_or_null()? {
            Some(text) => cover_named(text).ok_or_else(|| wrong(12))?,
            None => CoverKind::Clear,
        },
        ..ViewInterval::opened(reveal_id, part, mode, Timestamp(row.get(3)?))
    })
}

fn part_text(part: &Part) -> String {
    match part {
        Part::Medium(n) => format!("medium {n}"),
        Part::Words => "words".to_owned(),
        Part::Span(span) => {
            let place = place_text(span.place);
            let translation = span.translation.map_or(String::new(), |n| format!(" {n}"));
            let (text, start, end) = (span.text, span.start, span.end);
            format!("span {place} {text} {start} {end}{translation}")
        }
    }
}

fn part_of(text: &str) -> Option<Part> {
    if let Some(span) = text.strip_prefix("span ") {
        return span_of(span).map(Part::Span);
    }
    match text.strip_prefix("medium ") {
        Some(n) => n.parse().ok().map(Part::Medium),
        None => (text == "words").then_some(Part::Words),
    }
}

fn span_of(text: &str) -> Option<WordSpan> {
    let (place, numbers) = text.split_once(' ')?;
    let numbers: Result<Vec<u32>, _> = numbers.split(' ').map(str::parse).collect();
    let numbers = numbers.ok()?;
    let (&[text, start, end], translation) = numbers.split_first_chunk()?;
    Some(WordSpan {
        place: place_of(place)?,
        text,
        translation: translation.first().copied(),
        start,
        end,
    })
}

fn place_text(place: WordPlace) -> &'static str {
    match place {
        WordPlace::Text => "text",
        WordPlace::Context => "context",
        WordPlace::Report => "report",
        WordPlace::Appeal => "appeal",
    }
}

fn place_of(text: &str) -> Option<WordPlace> {
    [
        WordPlace::Text,
        WordPlace::Context,
        WordPlace::Report,
        WordPlace::Appeal,
    ]
    .into_iter()
    .find(|place| place_text(*place) == text)
}

fn mode_text(mode: RevealMode) -> &'static str {
    match mode {
        RevealMode::Hold => "hold",
        RevealMode::Latch => "latch",
        RevealMode::Full => "full",
        RevealMode::Soft(SoftStep::Heavy) => "soft heavy",
        RevealMode::Soft(SoftStep::Middle) => "soft middle",
        RevealMode::Soft(SoftStep::Light) => "soft light",
        RevealMode::Sound => "sound",
    }
}

fn mode_of(text: &str) -> Option<RevealMode> {
    use RevealMode::{Full, Hold, Latch, Sound};
    [Hold, Latch, Full, Sound]
        .into_iter()
        .chain(SoftStep::ALL.map(RevealMode::Soft))
        .find(|mode| mode_text(*mode) == text)
}

fn reason_text(reason: RevealReason) -> &'static str {
    match reason {
        RevealReason::Decision => "decision",
        RevealReason::Danger => "danger",
        RevealReason::Compare => "compare",
        RevealReason::SecondLook => "second_look",
    }
}

fn reason_of(text: &str) -> Option<RevealReason> {
    RevealReason::ALL
        .into_iter()
        .find(|reason| reason_text(*reason) == text)
}

/// `None` where nothing is known.
fn area_text(area: &Area) -> Option<String> {
    (!area.is_empty()).then(|| String::from(area.clone()))
}

/// `None` where nothing was played.
fn stretches_text(stretches: &[(u64, u64)]) -> Option<String> {
    let words = stretches.iter().map(|(from, to)| format!("{from}-{to}"));
    let words: Vec<_> = words.collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// `None`: not what was written.
fn stretches_of(text: Option<&str>) -> Option<Vec<(u64, u64)>> {
    let words = text.unwrap_or_default().split_ascii_whitespace();
    let stretch = |word: &str| {
        let (from, to) = word.split_once('-')?;
        Some((from.parse().ok()?, to.parse().ok()?))
    };
    words.map(stretch).collect()
}

const COVERS: [(CoverKind, &str); 4] = [
    (CoverKind::Blur(CoverStep::Weak), "blur weak"),
    (CoverKind::Blur(CoverStep::Normal), "blur normal"),
    (CoverKind::Blur(CoverStep::Strong), "blur strong"),
    (CoverKind::Sketch, "sketch"),
];

/// `None` where nothing lay over it.
fn cover_text(cover: CoverKind) -> Option<&'static str> {
    let row = COVERS.into_iter().find(|(known, _)| *known == cover);
    row.map(|(_, name)| name)
}

fn cover_named(text: &str) -> Option<CoverKind> {
    let row = COVERS.into_iter().find(|(_, name)| *name == text);
    row.map(|(cover, _)| cover)
}

const PLACES: [(Place, &str); 6] = [
    (Place::Zoom, "zoom"),
    (Place::Strip, "strip"),
    (Place::Avatar, "avatar"),
    (Place::Poster, "poster"),
    (Place::LinkPreview, "link_preview"),
    (Place::History, "history"),
];

/// `None` for the main view.
fn place_name(place: Place) -> Option<&'static str> {
    let row = PLACES.into_iter().find(|(known, _)| *known == place);
    row.map(|(_, name)| name)
}

fn place_named(text: &str) -> Option<Place> {
    let row = PLACES.into_iter().find(|(_, name)| *name == text);
    row.map(|(place, _)| place)
}
