//! `scrim export evidence`: drafts for an authority about one decision.

use scrim_model::DecisionId;
use scrim_report::{
    ChainEntry, ChainProof, Evidence, Keeping, evidence_files, sha256, write_evidence,
};
use scrim_store::Reader;

use crate::Found;
use crate::audit::Draft;
use crate::cli::Export;
use crate::day::Day;
use crate::error::CliError;
use crate::others::Profiles;
use crate::terminal::{now, say};

pub(crate) fn run(profiles: &Profiles, options: &Export) -> Result<Found, CliError> {
    let usage = |text: &str| CliError::Usage(text.to_owned());
    let (Some(id), Some(folder)) = (&options.decision, &options.output) else {
        return Err(usage(
            "Evidence is of one decision. Nothing was written. Name it with --decision ID, and a new folder with -o DIR; the ids are in `scrim export decisions`.",
        ));
    };
    if options.named {
        return Err(usage("--named is for decisions only. Nothing was written."));
    }
    let unknown = || usage("There is no such decision in these records. Nothing was written.");
    let id = DecisionId::new(id.clone()).map_err(|_| unknown())?;
    let desk = profiles.desk()?;
    let records = &desk.records;
    let row = records.decision(&id)?.ok_or_else(unknown)?;
    if row.decision.training {
        return Err(usage(
            "That decision was made in training. Nothing was written.",
        ));
    }
    let reported_on = match options.reported_on.map(Day::start) {
        None => None,
        Some(Some(on)) if on <= now() => Some(on),
        Some(_) => {
            return Err(usage(
                "The day of --reported-on has not begun. Nothing was written.",
            ));
        }
    };
    let evidence = Evidence {
        decision: &row.decision,
        chain: proof(records, &id, row.seq, options.whole_chain)?,
        reported_on,
        keeping: Keeping {
            parts: records.kept(&id)?,
            reports: records.reports(&id)?,
            at: now(),
        },
    };
    let files = evidence_files(&evidence);
    let mut draft = Draft {
        what: "evidence",
        format: "folder",
        columns: files.iter().map(|(name, _)| name.clone()).collect(),
        records: 1,
        ..Draft::default()
    };
    draft.narrowed("decision", Some(&id));
    draft.narrowed("chain", options.whole_chain.then_some("whole"));
    // The last one names the hashes of all the others.
    let manifest = files.last().map_or(&[][..], |(_, bytes)| bytes);
    write_evidence(folder, &files, || {
        draft.write_down(&desk, Some(folder), sha256(manifest))
    })?;
    say("Drafts were written. Nothing was sent. Check and complete every file before you report.")?;
    Ok(Found::AllWell)
}

/// The chain from the decision's entry to the last one that is about it, or all of it.
fn proof(
    records: &Reader,
    id: &DecisionId,
    entry: u64,
    is_whole: bool,
) -> Result<ChainProof, CliError> {
    let (entries, head) = records.head()?;
    let stretch = match is_whole {
        true => 1..=entries,
        false => entry..=records.last_about(id)?,
    };
    let found = records.entries_between(stretch)?.into_iter();
    let found = found.map(|entry| ChainEntry {
        seq: entry.seq,
        hash: entry.hash,
        header: entry.header,
    });
    Ok(ChainProof {
        entry,
        stretch: found.collect(),
        entries,
        head,
    })
}
