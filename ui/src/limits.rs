//! The window's named limits. Times in milliseconds, sizes in pixels or counts.

/// A key let go sooner than this was tapped, not held.
pub const TAP_MS: u64 = 250;
/// Presses of one key closer together than this are contact bounce.
pub const BOUNCE_MS: u64 = 60;
/// Neighbouring keys that go down within this time of each other were pressed together. A starting
/// point: shorter than two strokes that are meant, longer than one finger on two keys.
pub const TOGETHER_MS: u64 = 40;
/// Decision keys stay dead for this long after a hold key is let go.
pub const GUARD_AFTER_HOLD_MS: u64 = 300;
/// After a text field has gone while it was written in, keys count again once none came for this
/// long. A starting point: longer than the pause between two letters.
pub const FIELD_GONE_MS: u64 = 1_000;
/// A second cover-all press within this time is ignored.
pub const COVER_ALL_AGAIN_MS: u64 = 1_000;
/// A hold ends after this time without pointer or arrow movement.
pub const HOLD_STILL_MS: u64 = 20_000;
/// A latched or full reveal ends after this time.
pub const LATCH_MS: u64 = 8_000;
/// A latched or full look ends after this without keys or pointer.
pub const IDLE_MS: u64 = 15_000;
/// Looks that ended and are remembered, so that they never open again. A second look at one item is
/// a new one; this is more than a shift has in the time in which a message can be late.
pub const ENDED_MAX: usize = 1_024;
/// A reveal ends when the agent has not been heard for this long.
pub const AGENT_SILENT_MS: u64 = 500;
/// `Active` is reported at most this often.
pub const ACTIVE_EVERY_MS: u64 = 1_000;
/// Most covered previews kept.
pub const COVERS_MAX: usize = 48;
/// Longest side of a covered preview: of a picture's, or of a contact sheet with four stills in a row.
pub const COVER_SIDE_MAX: u32 = 4 * scrim_wire::moving::SHEET_CELL_SIDE;
/// Longest side of clear pixels.
pub const CLEAR_SIDE_MAX: u32 = scrim_wire::worker::FIT_SIDE_MAX;
/// Most parts shown in the strip at once.
pub const STRIP_MAX: usize = 12;
/// Most policies that a search lists.
pub const SEARCH_HITS_MAX: usize = 12;
/// Longest search, in characters.
pub const SEARCH_CHARS_MAX: usize = 80;
/// A pause between two messages that is at least this long is said.
pub const PAUSE_SAID_MS: i64 = 6 * 3_600_000;
/// One arrow key moves a marked region, or its corner, by this, in millionths of the picture.
pub const MARK_STEP: i32 = 25_000;
/// Most messages that wait for the link; more than a frame can make.
pub const OUTGOING_MAX: usize = 256;
/// Most rows of the history that are drawn.
pub const HISTORY_ROWS_MAX: usize = 200;
/// Most notices on the screen at once; older ones wait.
pub const NOTICES_MAX: usize = 3;
/// Most conflicts on the screen at once.
pub const CONFLICTS_MAX: usize = 5;
/// Most characters of one text that are laid out; the rest is cut with an ellipsis.
pub const TEXT_CHARS_MAX: usize = 8_000;
/// Largest share of the window's area that a medium may take, before the settings have come.
pub const MEDIA_AREA_MAX: f32 = 0.5;
/// Radius of the lens, as a share of the displayed long side.
pub const LENS_RADIUS: f32 = 0.15;
/// One arrow key moves the lens by this share of the picture.
pub const LENS_STEP: f32 = 0.04;
/// Smallest and largest scale of the window.
pub const SCALE_RANGE: std::ops::RangeInclusive<f32> = 0.75..=2.5;
/// Rows that a screen without an item lists.
pub const LIST_ROWS_MAX: usize = 200;
/// Longest passphrase, in characters.
pub const PASSPHRASE_CHARS_MAX: usize = 256;
/// What plays is paused after this without keys or pointer, before the settings have come.
pub const PRESENCE_MS: u64 = 60_000;
/// So long before that a key is asked for.
pub const PRESENCE_SAID_MS: u64 = 10_000;
/// Sound is given to the speaker so far ahead, in milliseconds: longer than a slow frame.
pub const SOUND_AHEAD_MS: u32 = 150;
/// Further ahead than this it belongs to another place in the medium.
pub const SOUND_OFF_MS: u32 = 400;
/// Most clips of sound that are kept.
pub const SOUNDS_MAX: usize = 4;
/// Longest period of the lead's view, in days.
pub const TEAM_DAYS_MAX: i64 = 366;
/// Most rows of one of its tables that are drawn.
pub const TEAM_ROWS_MAX: usize = 400;
/// Disagreements that are listed at once.
pub const TEAM_DISAGREEMENTS_PAGE: usize = 10;
/// Most decisions in a sample for second review, and most known-answer items with them.
pub const TEAM_SAMPLE_MAX: u32 = 500;
/// What the form for a sample begins with.
pub const TEAM_SAMPLE_DEFAULT: u32 = 50;
/// Longest word that is typed into a field of the lead's view, in characters.
pub const TEAM_FIELD_CHARS_MAX: usize = 12;
