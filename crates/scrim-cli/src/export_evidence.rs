//! `scrim export evidence`: drafts for an authority about one decision.

use scrim_model::DecisionId;
use scrim_report::{ChainProof, Evidence, write_evidence};
use scrim_store::Reader;

use crate::Found;
use crate::cli::Export;
use crate::day::Day;
use crate::error::CliError;
use crate::others::Profiles;
use crate::terminal::say;

pub(crate) fn run(profiles: &Profiles, options: &Export) -> Result<Found, CliError> {
    let usage = |text: &str| CliError::Usage(text.to_owned());
    let (Some(id), Some(folder)) = (&options.decision, &options.output) else {
        return Err(usage(
            "Evidence is of one decision. Nothing was written. Name it with --decision, and a new folder with -o.",
        ));
    };
    let unknown = || usage("There is no such decision in these records. Nothing was written.");
    let id = DecisionId::new(id.clone()).map_err(|_| unknown())?;
    let records = profiles.records()?;
    let row = records.decision(&id)?.ok_or_else(unknown)?;
    if row.decision.training {
        return Err(usage(
            "That decision was made in training. Nothing was written.",
        ));
    }
    let evidence = Evidence {
        decision: &row.decision,
        chain: proof(&records, &id)?,
        reported_on: options.reported_on.and_then(Day::start),
    };
    write_evidence(folder, &evidence)?;
    say("Drafts were written. Nothing was sent. Check and complete every file before you report.")?;
    Ok(Found::AllWell)
}

/// The decision's entry, and how far the chain goes.
fn proof(records: &Reader, id: &DecisionId) -> Result<Option<ChainProof>, CliError> {
    let Some(entry) = records.sent_record(id)? else {
        return Ok(None);
    };
    let (entries, head) = records.head()?;
    Ok(Some(ChainProof {
        header: entry.header,
        entries,
        head,
    }))
}
