//! Named limits of the runtime.

use std::time::Duration;

/// Threads for calls to the queue server without media.
pub const CALL_THREADS: usize = 3;
/// Threads that fetch media and make their covers, a medium each: one that comes slowly holds up no other.
pub const MEDIA_THREADS: usize = 4;
/// Threads for what is here already: looks, clips, hashes, and what is made ahead of a look. No fetch ever holds them up.
pub const LOOK_THREADS: usize = 2;
/// How far the threads that fetch and decode media, and the workers that they start, stand back behind the window and
/// the records where there is not processor enough for all; Unix's scale, 0 to 19.
pub const MEDIA_NICE: i32 = 5;
/// What is made ahead begins so long after it was asked for, so that what changed on the screen is drawn first: two frames
/// on a slow machine. Nobody presses a key sooner.
pub const AHEAD_AFTER: Duration = Duration::from_millis(50);
/// Longest wait for the window to take a message; a window that does not is started anew.
pub const WINDOW_SEND_MAX: Duration = Duration::from_millis(500);
/// An item is held against own decisions of this long for copies, in milliseconds: two weeks, a judgement.
pub const COPIES_OF_MS: i64 = 14 * 24 * 60 * 60 * 1_000;
/// Longest wait for answers when the agent ends.
pub const STOP_WAIT_MAX: Duration = Duration::from_secs(3);
/// A window that dies this often within [`WINDOW_DEATHS_WITHIN`] is not started again.
pub const WINDOW_DEATHS_MAX: usize = 5;
/// See [`WINDOW_DEATHS_MAX`].
pub const WINDOW_DEATHS_WITHIN: Duration = Duration::from_secs(60);

/// While the lead's view is open the team's decisions are read so often, in milliseconds.
pub const TEAM_READ_EVERY_MS: u64 = 60_000;
/// Pages of the team's decisions that are read before the view is shown what has come.
pub const TEAM_PAGES_MAX: usize = 40;
/// Disagreements that are listed.
pub const DISAGREEMENTS_MAX: u64 = 200;

/// Largest managed file that is read, in bytes.
pub const MANAGED_BYTES_MAX: u64 = 64 * 1024;
/// Longest sentence about what is wrong with it, in characters.
pub const MANAGED_SAID_CHARS_MAX: usize = 400;
/// Most of a file with a key or a token that is read, in bytes.
pub const KEY_FILE_BYTES_MAX: u64 = 16 * 1024;
/// Memory that a passphrase takes to try, in KiB (RFC 9106's second choice).
pub const ARGON_KIB: u32 = 64 * 1024;
/// Passes over it.
pub const ARGON_PASSES: u32 = 3;
/// Most memory that a file may ask for.
pub const ARGON_KIB_MAX: u32 = 1024 * 1024;
/// Most passes that a file may ask for.
pub const ARGON_PASSES_MAX: u32 = 16;
/// Longest text in it, in characters.
pub const MANAGED_TEXT_CHARS_MAX: usize = 1_000;
/// Most rows of a list in it.
pub const MANAGED_LIST_MAX: usize = 16;
/// Active time that is taken for granted where the break timer cannot be read: a day, so that a break
/// is due whatever the settings say.
pub const OVERDUE_MS: u64 = 24 * 60 * 60 * 1_000;

/// Largest box of a clip's clear frames, in pixels: half of a window of 1280 × 800, and 62 MB a second of 30 frames.
pub(crate) const CLIP_FIT: (u32, u32) = (960, 540);
