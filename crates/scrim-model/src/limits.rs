//! The domain's named limits. What came from outside is cut or refused at these.

/// Longest id, in bytes (queue protocol v1).
pub const ID_BYTES_MAX: usize = 128;
/// From this severity on nobody is told how long an item took: nobody is to be measured by the time that grave items take.
pub const GRAVE_SEVERITY: u8 = 3;
/// Longest one-line label, in characters; longer ones are cut with an ellipsis.
pub const LABEL_CHARS_MAX: usize = 80;
/// Longest text body that a desk accepts, in bytes.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
/// Most texts in one item.
pub const TEXTS_MAX: usize = 500;
/// Most media in one item.
pub const MEDIA_MAX: usize = 100;
/// Most reports shown with one item.
pub const REPORTS_MAX: usize = 200;
/// Most flagged spans in one text.
pub const SPANS_MAX: usize = 200;
/// Most translations of one text; more are left out.
pub const TRANSLATIONS_MAX: usize = 8;
/// Most words of a list of words to mask.
pub const LISTED_WORDS_MAX: usize = 5_000;
/// Longest of them, in characters.
pub const LISTED_WORD_CHARS_MAX: usize = 60;
/// Most marks in one decision.
pub const MARKS_MAX: usize = 32;
/// Shortest side of a marked region, in millionths of the picture's.
pub const REGION_SIDE_MIN: u32 = 20_000;
/// Most policies in one tree.
pub const POLICIES_MAX: usize = 500;
/// Deepest policy tree: a decision is at most three keystrokes, two of them digits.
pub const POLICY_DEPTH_MAX: usize = 2;
/// Longest note or reason, in characters.
pub const NOTE_CHARS_MAX: usize = 2_000;
/// Largest medium that a desk fetches, in bytes.
pub const MEDIUM_BYTES_MAX: u64 = 100 * 1024 * 1024;
/// Largest smaller version of a medium, in bytes; anything larger saves nothing.
pub const COVER_BYTES_MAX: u64 = 512 * 1024;
/// Most harm classes, or words, in one setting.
pub const CLASSES_MAX: usize = 100;
/// Most entries read from one settings document; what follows is refused.
pub const SETTINGS_MAX: usize = 500;
/// Longest settings key that an error repeats, in characters.
pub const KEY_CHARS_MAX: usize = 64;
/// Days that the ledger keeps.
pub const LEDGER_DAYS_MAX: usize = 35;
/// Items whose severity the ledger can still correct; older ones are settled as they stand.
pub const LEDGER_ITEMS_MAX: usize = 512;
/// Without keys or pointer for this long, time is no longer active time.
pub const IDLE_MS: u64 = 15_000;

/// Most separate stretches of a time line that one interval of the view log keeps.
pub const STRETCHES_MAX: usize = 256;
