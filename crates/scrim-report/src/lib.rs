//! Exports: decisions as tables, statistics as tables, as one document and as a report for people.
//!
//! Called by the console's `export`, which reads the rows from the store and hands them over here;
//! this crate knows neither store nor queue. Columns are a contract (frozen by tests, described in
//! `docs/guide/lead.md`), and two exports of the same rows are byte for byte the same.
//!
//! It must never write: media, an item's words, what a moderator wrote, view totals or any other
//! wellbeing data, or a handle time of severity 3 and more. It reads no clock.
//!
//! | module | what |
//! | --- | --- |
//! | `decisions`, `stats` | rows of the two tables |
//! | `table`, `xlsx` | tables as CSV, JSON Lines and workbooks |
//! | `select` | which decisions an export is about, and which of them count |
//! | `suppress` | what a document for others does not tell |
//! | `summary` | the statistics as one document |
//! | `html` | the same for people |
//! | `team` | figures about a team, as tables and as documents |
//! | `statement` | statements of reasons for the EU's database, and its rules |
//! | `regulator` | the table for a regulator: of one desk, or of a team |
//! | `evidence` | drafts for an authority about one decision |
//! | `cybertip` | the shape of the CyberTipline's documents, and its rules |
//! | `atomic` | files that are whole or not there |
//! | `parts` | what lies beside them while they are written |
//! | `audit` | the log of exports: one line before each |
//! | `seal` | what holds that log's end |
//! | `hashed` | hashes as they are written down |

mod atomic;
mod audit;
pub mod cybertip;
mod decisions;
mod error;
mod evidence;
mod hashed;
mod html;
pub mod limits;
mod made;
mod parts;
mod regulator;
mod seal;
mod select;
pub mod statement;
mod stats;
mod summary;
mod suppress;
mod table;
mod team;
mod xlsx;

pub use atomic::{write_atomically, write_atomically_after};
pub use audit::{
    EXPORT_LOG_FILE, ExportLog, log_export, log_export_with, read_export_log,
    read_export_log_at_once, seal_export_log,
};
pub use decisions::{
    DECISION_COLUMNS, DecisionRow, NAMED_COLUMNS, write_decisions, write_decisions_xlsx,
    write_named_decisions, write_named_decisions_xlsx,
};
pub use error::{ReportError, kind_in_words};
pub use evidence::{
    ChainEntry, ChainProof, DRAFT, Evidence, Keeping, files as evidence_files, write_evidence,
};
pub use hashed::{Hashed, sha256};
pub use made::ExportMade;
pub use regulator::{
    NOT_KNOWN, REGULATOR_COLUMNS, RegulatorCounts, RegulatorItem, RegulatorOthers, RegulatorTable,
    ServerSaid,
};
pub use seal::{EXPORT_SEAL_FILE, ListEnd, SealKey, Sealed};
pub use select::{Period, Selection};
pub use stats::{STATS_COLUMNS, StatsTable};
pub use summary::Summary;
pub use suppress::Figure;
pub use table::Format;
pub use team::{
    TEAM_COLUMNS, TEAM_DECISION_COLUMNS, TeamLines, TeamReport, TeamSource, team_tables,
};
