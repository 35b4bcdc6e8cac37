//! The heart's named figures. Those without a source are starting points.

/// Items in hand: the open one and the next five.
pub const HAND_MAX: usize = 6;
/// Own decisions that are held against new items to find copies; the oldest fall out first.
pub const EARLIER_MAX: usize = 5_000;
/// Media of one item for which covers are prepared ahead.
pub const PREPARED_MEDIA_MAX: u32 = 12;
/// A decision can be taken back for this long.
pub const UNDO_MS: u64 = 5_000;
/// `Enter` confirms at the earliest after this.
pub const CONFIRM_MS: u64 = 400;
/// The gravest severity: a claim that may ask for it names no limit.
pub const SEVERITY_MAX: u8 = 4;
/// Without keys or pointer for this long, time is no longer active time.
pub const IDLE_MS: u64 = 15_000;
/// A second press of cover-all within this is passed over.
pub const COVER_ALL_GUARD_MS: u64 = 1_000;
/// An empty queue is asked again after this.
pub const EMPTY_POLL_MS: u64 = 10_000;
/// Queue sizes are asked again after this.
pub const QUEUES_POLL_MS: u64 = 30_000;
/// Longest back-off after failed calls.
pub const BACKOFF_MAX_MS: u64 = 60_000;
/// First back-off after a failed call.
pub const BACKOFF_FIRST_MS: u64 = 500;
/// A row of this many decisions goes in calls of many.
pub const BATCH_FROM: usize = 3;
/// Decisions in one call at most.
pub const BATCH_MAX: usize = 50;
/// A decision whose answer could not be read this often is parked; it can be sent once more by hand.
pub const UNREADABLE_ANSWERS_MAX: u32 = 5;
/// Pages of own decisions that are read when the server saw more than this desk has.
pub const OWN_PAGES_MAX: u32 = 1_000;
/// A machine whose boot clock gains this much on its awake clock has slept.
pub const SLEEP_MS: u64 = 1_000;
/// A decision that found a connection and got no answer this often lets the others go ahead.
pub const TRIES_BEFORE_OTHERS: u32 = 3;
/// The break timer is written down this often while it runs.
pub const SAVE_BREAK_MS: u64 = 10_000;
/// Time between two writes of drafts.
pub const DRAFT_EVERY_MS: u64 = 500;
/// The exposure ledger is written down this often while something is on the screen; no crash loses
/// or invents more than this.
pub const SAVE_EXPOSURE_MS: u64 = 10_000;
/// It waits this long at most for a step that does not answer a key.
pub const SAVE_EXPOSURE_LATE_MS: u64 = 2_000;
/// What other desks looked at is asked this often.
pub const DAY_POLL_MS: u64 = 60_000;
/// An urgent escalation that is unconfirmed for this long shows the duty contact.
pub const ESCALATION_WARN_MS: u64 = 60_000;
/// Time between two read-backs of an escalation.
pub const READ_BACK_MS: u64 = 5_000;
/// Time between two looks for the answer to a question.
pub const CONSULT_POLL_MS: u64 = 10_000;
/// Time between two looks for questions of colleagues.
pub const ASKED_POLL_MS: u64 = 30_000;
/// Questions of colleagues that are listed at once.
pub const ASKED_MAX: usize = 20;
/// A look at a colleague's item is renewed when less than this is left of it.
pub const LOOK_RENEW_MS: u64 = 60_000;
/// Time between two renewals.
pub const LOOK_RENEW_EVERY_MS: u64 = 10_000;
/// Answers to colleagues that wait for the server.
pub const ANSWERS_MAX: usize = 50;
/// Questions about one item.
pub const QUESTIONS_MAX: usize = 4;
/// Notices kept; the oldest fall out first.
pub const NOTICES_MAX: usize = 6;
/// History rows shown.
pub const HISTORY_MAX: usize = 100;
/// Own decisions of which the server is asked what became of them.
pub const LATER_MAX: usize = 30;
/// Longest text about a floor that cannot be used in full, in characters.
pub const FLOOR_SAID_CHARS_MAX: usize = 300;
/// Conflicts shown.
pub const CONFLICTS_MAX: usize = 100;
/// Longest lease that a desk believes.
pub const LEASE_MAX_MS: i64 = 24 * 3_600_000;
/// Items whose data cannot be read and that are not asked for again.
pub const REFUSED_ITEMS_MAX: usize = 200;
/// What was expected of training decisions and is not read yet; the oldest goes first.
pub const FEEDBACK_MAX: usize = 20;

/// Clips that are made ahead of the one that plays: a worker's start and a second's decoding are less than two seconds at the
/// fastest speed.
pub(crate) const CLIPS_AHEAD: u32 = 2;
/// Clips whose clear frames are made ahead: each takes up to 62 MB.
pub(crate) const CLEAR_AHEAD: u32 = 1;
/// Clear pixels are fitted into this, in pixels; all of them come when they are zoomed into.
pub const FIT: (u32, u32) = (1920, 1080);
