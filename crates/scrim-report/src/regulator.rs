//! The table that a regulator's transparency report is filled from: of one desk's records, or of a lead's copy of the
//! team's decisions.
//!
//! Both count by the same functions here. What neither can tell is "not known" and never 0. What only the platform knows
//! of policies and items comes from its files, as for statements of reasons, and goes before what a queue server says.

mod others;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use scrim_model::{ActionKind, Decision};

pub use others::RegulatorOthers;

use crate::decisions::DecisionRow;
use crate::error::ReportError;
use crate::select::Selection;
use crate::statement::{Ground, ItemFacts, PlatformRules};
use crate::table::{Cell, Format, write_table};
use crate::xlsx::write_sheet;

/// What stands for a figure, or a name, that nobody told.
pub const NOT_KNOWN: &str = "not known";

/// Columns of the regulator table, in order. `/v1` of this contract only adds, at the end.
pub const REGULATOR_COLUMNS: [&str; 4] = ["measure", "group", "unit", "value"];

type Counts = BTreeMap<String, u64>;

fn bump(counts: &mut Counts, group: Option<&str>) {
    let group = group.unwrap_or(NOT_KNOWN).to_owned();
    *counts.entry(group).or_default() += 1;
}

/// What a queue server says of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerSaid<'a> {
    /// Languages of its own texts.
    pub languages: Vec<&'a str>,
    /// Somebody reported it.
    pub reported: bool,
    /// A detector was at its threshold.
    pub flagged: bool,
}

impl ServerSaid<'_> {
    /// The main parts of the tags, as the platform's files write them.
    fn language(&self) -> Option<String> {
        let tags = self.languages.iter();
        let once: BTreeSet<String> = tags.map(|tag| main_language(tag)).collect();
        let joined = Vec::from_iter(once).join(";");
        (!joined.is_empty()).then_some(joined)
    }

    fn source(&self) -> &'static str {
        match self.reported {
            true => "notice",
            false => "own means",
        }
    }

    fn detection(&self) -> Option<&'static str> {
        match (self.flagged, self.reported) {
            (true, false) => Some("automated"),
            (true, true) => Some("automated and human"),
            (false, true) => Some("human"),
            (false, false) => None,
        }
    }
}

/// A language's tag as the platform's files write it: `DE` for `de-AT`. What is no tag, whoever wrote it, is not known.
fn main_language(tag: &str) -> String {
    let main = tag.split('-').next().unwrap_or(tag);
    match (2..=8).contains(&main.len()) && main.bytes().all(|b| b.is_ascii_alphabetic()) {
        true => main.to_ascii_uppercase(),
        false => NOT_KNOWN.to_owned(),
    }
}

/// An item, by its newest decision that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegulatorItem<'a> {
    /// The item.
    pub id: &'a str,
    /// First policy; empty for none.
    pub policy: &'a str,
    /// It was passed on, and nobody has decided it.
    pub passed_on: bool,
    /// It was decided with another.
    pub copied: bool,
    /// What the server said; a desk's records do not have it.
    pub server: Option<ServerSaid<'a>>,
}

/// Items and actions, counted.
#[derive(Debug)]
pub struct RegulatorCounts<'a> {
    rules: &'a PlatformRules,
    items: &'a BTreeMap<String, ItemFacts>,
    category: Counts,
    language: Counts,
    source: Counts,
    found: Counts,
    decided: Counts,
    grounds: Counts,
}

impl<'a> RegulatorCounts<'a> {
    /// Nothing yet. `rules` and `items` are what the platform says.
    #[must_use]
    pub fn new(rules: &'a PlatformRules, items: &'a BTreeMap<String, ItemFacts>) -> Self {
        Self {
            rules,
            items,
            category: Counts::new(),
            language: Counts::new(),
            source: Counts::new(),
            found: Counts::new(),
            decided: Counts::new(),
            grounds: Counts::new(),
        }
    }

    /// Of one desk. Items count by their newest decision; decisions as in the statistics. `rows` as for
    /// [`Selection::of_standing`].
    #[must_use]
    pub fn of_desk(
        rows: &[DecisionRow],
        selection: &Selection,
        rules: &'a PlatformRules,
        items: &'a BTreeMap<String, ItemFacts>,
    ) -> Self {
        let mut counts = Self::new(rules, items);
        let standing = selection.of_standing(rows);
        // By the item's id; rows come in the order of their times, so the newest stays.
        let decisions = standing.iter().map(|row| &row.decision);
        let newest: BTreeMap<&str, &Decision> = decisions
            .map(|decision| (decision.item_id.as_str(), decision))
            .collect();
        for (id, decision) in newest {
            counts.item(&RegulatorItem {
                id,
                policy: decision.first_policy(),
                passed_on: decision.headline() == ActionKind::Escalate.as_str(),
                copied: decision.propagated_from.is_some(),
                server: None,
            });
        }
        // What waits for a second person is not carried out.
        for row in standing.iter().filter(|row| !row.awaiting_second) {
            for action in &row.decision.actions {
                counts.actions(row.decision.first_policy(), action.kind.as_str(), 1);
            }
        }
        counts
    }

    /// Counts an item, which must be counted once.
    pub fn item(&mut self, item: &RegulatorItem<'_>) {
        // An item that nothing was found against has no category, and that is known; of one that was passed on without a
        // policy it is not.
        let (rules, items) = (self.rules, self.items);
        let category = match item.policy {
            "" if item.passed_on => None,
            "" => Some("none"),
            policy => rules
                .policies
                .get(policy)
                .map(|rule| rule.category.as_str()),
        };
        bump(&mut self.category, category);
        let (facts, server) = (items.get(item.id), item.server.as_ref());
        let written = facts.and_then(|facts| facts.content_language.clone());
        let language = written.or_else(|| server?.language());
        bump(&mut self.language, language.as_deref());
        let source = facts.map(|facts| facts.source_type.as_str());
        bump(&mut self.source, source.or(server.map(ServerSaid::source)));
        let found = facts.map(|facts| match facts.automated_detection {
            true => "automated",
            false => "human",
        });
        bump(&mut self.found, found.or_else(|| server?.detection()));
        let decided = match item.copied {
            true => "human, copied by hash or author",
            false => "human",
        };
        bump(&mut self.decided, Some(decided));
    }

    /// Counts an action that was taken `count` times under a first policy (empty for none).
    pub fn actions(&mut self, policy: &str, kind: &str, count: u64) {
        let ground = match policy {
            "" => "none",
            policy => match self.rules.policies.get(policy).map(|rule| rule.ground) {
                Some(Ground::Illegal) => "illegal content",
                Some(Ground::Incompatible) => "terms and conditions",
                None => NOT_KNOWN,
            },
        };
        let group = format!("{ground}: {kind}");
        *self.grounds.entry(group).or_default() += count;
    }

    /// The table, with what else is known.
    #[must_use]
    pub fn table(self, others: &RegulatorOthers<'_>) -> RegulatorTable {
        let mut rows = Rows(Vec::new());
        rows.counts("items_by_category", "items", self.category);
        rows.counts("items_by_language", "items", self.language);
        rows.counts("items_by_source", "items", self.source);
        rows.counts("items_by_detection", "items", self.found);
        rows.counts("items_by_decision", "items", self.decided);
        rows.counts("actions_by_ground", "actions", self.grounds);
        others.put(&mut rows);
        RegulatorTable { rows: rows.0 }
    }
}

/// One row for each measure and group, in a fixed order.
#[derive(Debug, Clone, PartialEq)]
pub struct RegulatorTable {
    rows: Vec<[Cell; 4]>,
}

impl RegulatorTable {
    /// Writes it as CSV or JSON Lines.
    ///
    /// # Errors
    /// [`ReportError::NotWritten`] if `out` does not take it.
    pub fn write(&self, out: &mut dyn Write, format: Format) -> Result<(), ReportError> {
        write_table(out, format, &REGULATOR_COLUMNS, self.rows.iter().cloned())
    }

    /// Writes it as a workbook.
    ///
    /// # Errors
    /// [`ReportError::NotWritten`] if `out` does not take it, [`ReportError::TooManyRows`].
    pub fn write_xlsx(&self, out: &mut dyn Write) -> Result<(), ReportError> {
        let rows = self.rows.iter().cloned();
        write_sheet(out, "Regulator", &REGULATOR_COLUMNS, rows)
    }
}

/// Rows in the making.
struct Rows(Vec<[Cell; 4]>);

impl Rows {
    fn put(&mut self, measure: &str, group: &str, unit: &str, value: Cell) {
        let text = |text: &str| Cell::Text(text.to_owned());
        self.0.push([text(measure), text(group), text(unit), value]);
    }

    fn counts(&mut self, measure: &str, unit: &str, counts: Counts) {
        if counts.is_empty() {
            self.put(measure, "", unit, Cell::Number(0));
        }
        for (group, count) in counts {
            self.put(measure, &group, unit, Cell::Number(count));
        }
    }

    fn not_known(&mut self, measure: &str, unit: &str) {
        self.put(measure, "", unit, Cell::Text(NOT_KNOWN.to_owned()));
    }
}
