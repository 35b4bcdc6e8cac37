//! Reading the team's decisions and making the lead's view of them, on a thread for calls.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use scrim_model::team::{Detector, ReviewKind};
use scrim_model::{PolicyTree, QueueId, Timestamp};
use scrim_queue::QueueServer;
use scrim_report::{
    EXPORT_LOG_FILE, ExportMade, ReportError, SealKey, TeamReport, TeamSource, log_export, sha256,
    team_tables, write_atomically_after,
};
use scrim_store::{KEY_BYTES, StoreError, TeamData, TeamFilter, TeamPlace, TeamRow, TeamStore};
use scrim_wire::call::CallFailed;
use scrim_wire::limits::TEAM_RECORDS_PAGE;
use scrim_wire::protocol::{QueueInfo, Sample, SampleRequest, TeamDays};
use scrim_wire::window::{
    Disagreement, TeamDrill, TeamExport, TeamProblem, TeamQuery, TeamRecord, TeamRecords,
    TeamTableKind, TeamView,
};

use crate::limits::{DISAGREEMENTS_MAX, TEAM_PAGES_MAX};

/// One reading.
pub(crate) struct TeamJob {
    /// Which opening of the view it is for.
    pub(crate) opening: u64,
    pub(crate) query: TeamQuery,
    pub(crate) drill: Option<TeamDrill>,
    pub(crate) export: Option<TeamExport>,
    pub(crate) samples: Option<Vec<Sample>>,
    pub(crate) policies: PolicyTree,
    pub(crate) now: Timestamp,
    pub(crate) reads_server: bool,
    pub(crate) report: Option<ReportJob>,
    /// Who is signed in.
    pub(crate) moderator: Option<String>,
    pub(crate) draws: Vec<(String, SampleRequest)>,
}

/// A report that is to be written.
pub(crate) struct ReportJob {
    pub(crate) query: TeamQuery,
    /// Into which folder.
    pub(crate) folder: PathBuf,
    /// What the end of the list of exports is sealed with.
    pub(crate) seal_key: Result<Option<[u8; KEY_BYTES]>, StoreError>,
}

/// What came of it.
pub struct TeamAnswer {
    pub(crate) opening: u64,
    pub(crate) view: TeamView,
    /// Samples that are still to be drawn: the server did not answer.
    pub(crate) draws: Vec<(String, SampleRequest)>,
}

/// Figures could not be read; what was here is as it was.
enum Failed {
    Store(StoreError),
    Call(CallFailed),
}

impl From<StoreError> for Failed {
    fn from(fault: StoreError) -> Self {
        Self::Store(fault)
    }
}

impl From<CallFailed> for Failed {
    fn from(fault: CallFailed) -> Self {
        Self::Call(fault)
    }
}

impl Failed {
    fn problem(&self) -> TeamProblem {
        match self {
            Self::Store(fault) => {
                tracing::error!(%fault, "the team's figures cannot be kept");
                TeamProblem::NotKept
            }
            Self::Call(CallFailed::Refused { code, .. }) if code == "not_allowed" => {
                TeamProblem::NotAllowed
            }
            Self::Call(CallFailed::Refused { .. } | CallFailed::Broken { .. }) => {
                TeamProblem::NotOffered
            }
            Self::Call(_) => TeamProblem::Offline,
        }
    }
}

impl TeamJob {
    /// Reads the server as far as asked, then makes the view.
    pub(crate) fn run(mut self, place: &TeamPlace, queue: &dyn QueueServer) -> TeamAnswer {
        let mut problem = self.draw(queue);
        let mut store = place.open();
        let mut more = false;
        if let (true, Ok(reads)) = (self.reads_server, &mut store) {
            match self.read(reads, queue) {
                Ok(is_more) => more = is_more,
                Err(failed) => problem = problem.or(Some(failed.problem())),
            }
        }
        let made = match problem {
            // Who may not read it has no copy of it either.
            Some(TeamProblem::NotAllowed) => {
                drop(store);
                self.samples = None;
                place.forget().map(|()| self.empty(&[]))
            }
            _ => store.and_then(|store| self.view(&store, (place.folder(), queue.origin()))),
        };
        let view = match made {
            Ok(view) => view,
            Err(fault) => {
                problem = Some(Failed::Store(fault).problem());
                self.empty(&[])
            }
        };
        TeamAnswer {
            opening: self.opening,
            draws: self.draws,
            view: TeamView {
                fetching: more,
                problem,
                ..view
            },
        }
    }

    /// Has samples drawn; what could not be asked stays, with its key.
    fn draw(&mut self, queue: &dyn QueueServer) -> Option<TeamProblem> {
        let mut problem = None;
        for (key, request) in std::mem::take(&mut self.draws) {
            match queue.draw_sample(&key, &request).map_err(Failed::from) {
                Ok(sample) if sample.size > 0 || sample.practice > 0 => {}
                Err(failed) if failed.problem() == TeamProblem::Offline => {
                    problem = Some(TeamProblem::Offline);
                    self.draws.push((key, request));
                }
                // Refused, or there was nothing to draw.
                Ok(_) | Err(_) => problem = problem.or(Some(TeamProblem::NotDrawn)),
            }
        }
        problem
    }

    /// Whether there is more to read.
    fn read(&mut self, store: &mut TeamStore, queue: &dyn QueueServer) -> Result<bool, Failed> {
        store.keep_queues(&queue.queues()?)?;
        // A server without samples has everything else all the same.
        self.samples = match queue.samples() {
            Ok(samples) => Some(samples.samples),
            Err(CallFailed::Refused { .. } | CallFailed::Broken { .. }) => None,
            Err(fault) => return Err(fault.into()),
        };
        let mut began_anew = false;
        for _ in 0..TEAM_PAGES_MAX {
            let cursor = store.cursor()?;
            let mut page = queue.team_decisions(cursor, store.mark()?.as_deref())?;
            if page.anew && began_anew {
                let what = "decisions.anew: twice in one reading".to_owned();
                return Err(CallFailed::Broken { what }.into());
            }
            began_anew |= page.anew;
            let is_end = page.decisions.is_empty() || page.next <= cursor && !page.anew;
            if is_end && !page.anew {
                page.next = cursor;
                page.mark = page.mark.or(store.mark()?);
            }
            store.keep(&page)?;
            if is_end {
                store.make_ready()?;
                match queue.team_days() {
                    Ok(days) => store.keep_days(&days)?,
                    // What it does not say is not known, whatever it said before.
                    Err(CallFailed::Refused { .. } | CallFailed::Broken { .. }) => {
                        store.keep_days(&TeamDays::default())?;
                    }
                    Err(fault) => return Err(fault.into()),
                }
                store.read_to_the_end(self.now, page.through.as_deref())?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn filter(&self) -> TeamFilter {
        TeamFilter {
            from: self.query.from.clone(),
            to: self.query.to.clone(),
            queue: queue_of(&self.query).map(str::to_owned),
            ..TeamFilter::default()
        }
    }

    fn view(&mut self, store: &TeamStore, place: (&Path, &str)) -> Result<TeamView, StoreError> {
        if let Some(job) = self.report.take() {
            let query = &job.query;
            let data = store.data(&query.from, &query.to, queue_of(query))?;
            let report = TeamReport::of(&self.source(query, &data), data.as_of);
            self.export = Some(self.write_report(&job, &report, place));
        }
        let filter = self.filter();
        let data = store.data(&filter.from, &filter.to, filter.queue.as_deref())?;
        let source = self.source(&self.query, &data);
        let tables = team_tables(&source);
        let records = match &self.drill {
            Some(drill) => self.records(store, &source, drill)?,
            None => None,
        };
        let disagreements = store.disagreements(&filter, DISAGREEMENTS_MAX)?;
        let disagreement =
            |[(first, first_reason), (second, second_reason)]: [_; 2]| Disagreement {
                first: record(&source, first),
                first_reason,
                second: record(&source, second),
                second_reason,
            };
        Ok(TeamView {
            as_of: data.as_of,
            through: data.through.clone(),
            count: data.groups.iter().map(|group| group.count).sum(),
            tables,
            records,
            disagreements: disagreements.into_iter().map(disagreement).collect(),
            ..self.empty(&data.queues)
        })
    }

    fn source<'a>(&'a self, query: &'a TeamQuery, data: &'a TeamData) -> TeamSource<'a> {
        TeamSource {
            query,
            groups: &data.groups,
            pairs: &data.pairs,
            detectors: &data.detectors,
            not_me: &data.not_me,
            queues: &data.queues,
            policies: &self.policies,
            // As old as the figures are: what was not read is not shown as nothing, and no day is over before.
            now: data.as_of.unwrap_or(self.now),
            through: data.through.as_deref(),
        }
    }

    /// The view without a figure.
    fn empty(&self, queues: &[QueueInfo]) -> TeamView {
        let queue = |queue: &QueueInfo| (queue.id.clone(), queue.name.clone());
        TeamView {
            query: self.query.clone(),
            queues: queues.iter().map(queue).collect(),
            as_of: None,
            through: None,
            fetching: false,
            count: 0,
            problem: None,
            tables: Vec::new(),
            records: None,
            disagreements: Vec::new(),
            samples: self.samples.clone(),
            export: self.export.clone(),
        }
    }

    /// The records behind a row; `None` where a row has none.
    fn records(
        &self,
        store: &TeamStore,
        source: &TeamSource<'_>,
        drill: &TeamDrill,
    ) -> Result<Option<TeamRecords>, StoreError> {
        let mut filter = self.filter();
        let row = drill.row.clone();
        match drill.table {
            TeamTableKind::Days => (filter.from, filter.to) = (row.clone(), row),
            TeamTableKind::Policies => filter.policy = Some(row),
            TeamTableKind::Actions => filter.action = Some(row),
            TeamTableKind::Sla => (filter.queue, filter.due) = (Some(row), true),
            TeamTableKind::Overturns => filter.overturned_by = Some(ReviewKind::from(row)),
            TeamTableKind::Detectors => {
                let (name, version) = row.split_once('\t').unwrap_or((&row, ""));
                filter.detector = Some(Detector {
                    name: name.to_owned(),
                    version: version.to_owned(),
                });
            }
            // Records would tell what their figures do not.
            TeamTableKind::TimeToAction
            | TeamTableKind::Backlog
            | TeamTableKind::UnsureByQueue
            | TeamTableKind::UnsureByPolicy
            | TeamTableKind::NotMe
            | TeamTableKind::Agreement => return Ok(None),
        }
        let (total, rows) = store.records(&filter, drill.skip, TEAM_RECORDS_PAGE)?;
        Ok(Some(TeamRecords {
            drill: drill.clone(),
            total,
            rows: rows.into_iter().map(|row| record(source, row)).collect(),
        }))
    }

    /// Writes the report, and before it has its name writes down that it is made. An older file of that name is whole
    /// until the new one is.
    fn write_report(
        &self,
        job: &ReportJob,
        report: &TeamReport,
        (records, origin): (&Path, &str),
    ) -> TeamExport {
        let query = &job.query;
        let name = report.file_name();
        let file = job.folder.join(&name);
        let mut filters = BTreeMap::from([
            ("from".to_owned(), query.from.clone()),
            ("to".to_owned(), query.to.clone()),
        ]);
        if let Some(queue) = &query.queue {
            filters.insert("queue".to_owned(), queue.to_string());
        }
        let mut html = Vec::new();
        let made = report.write_html(&mut html).and_then(|()| {
            let export = ExportMade {
                at: self.now,
                server: origin.to_owned(),
                moderator: self.moderator.clone().unwrap_or_default(),
                what: "team".to_owned(),
                format: "html".to_owned(),
                filters,
                columns: Vec::new(),
                records: report.count(),
                file: Some(name),
                sha256: sha256(&html),
                names: Vec::new(),
                reason: None,
            };
            let log = || {
                let unread = |fault: &StoreError| ReportError::NotRead(fault.to_string());
                let key = job.seal_key.as_ref().map_err(unread)?;
                let key = key.map(SealKey::new);
                log_export(&records.join(EXPORT_LOG_FILE), key.as_ref(), &export)
            };
            write_atomically_after(&file, |out| Ok(out.write_all(&html)?), log)
        });
        match made {
            Ok(()) => TeamExport::Written(file.display().to_string()),
            Err(fault) => {
                tracing::error!(%fault, "the team's report was not written");
                TeamExport::NotWritten
            }
        }
    }
}

/// Whatever has no name is called by its id.
fn record(source: &TeamSource<'_>, row: TeamRow) -> TeamRecord {
    let queue = source.queue_name(&row.queue).map(str::to_owned);
    let policy = source.policy_name(&row.policy).map(str::to_owned);
    TeamRecord {
        decision_id: row.id,
        item_id: row.item,
        day: row.day,
        queue: queue.unwrap_or(row.queue),
        policy: policy.unwrap_or(row.policy),
        action: row.action,
        severity: row.severity,
        unsure: row.unsure,
        review: row.review,
        standing: row.standing,
    }
}

fn queue_of(query: &TeamQuery) -> Option<&str> {
    query.queue.as_ref().map(QueueId::as_str)
}
