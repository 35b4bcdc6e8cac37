//! What a cell came to, from outside.

use std::collections::BTreeSet;

use scrim_processes::faults::{Row, Step, Victim, folder};

use crate::support::World;

/// Which claims may have ended by their lease alone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lapsing {
    None,
    /// Those of an answer that came to nobody.
    Unheard,
}

/// Compares what was said (`said`: ids of decisions, each as often as it was said to be there in the
/// end; `None`: `count` of them without ids) with what everybody holds. All `count` items were decided.
#[track_caller]
pub(crate) fn judge(
    world: &World,
    (victim, step): (Victim, Step),
    said: Option<&BTreeSet<String>>,
    count: usize,
    lapsing: Lapsing,
) {
    let (server, platform) = (world.taken(), world.server.outcomes());
    let (exported, books) = (world.exported(), world.road.books());
    let set = |ids: &[String]| ids.iter().cloned().collect::<BTreeSet<_>>();
    let everywhere: BTreeSet<String> = set(&server)
        .intersection(&set(&platform))
        .filter(|id| exported.contains(id))
        .cloned()
        .collect();
    let lists = [&server, &platform, &exported];
    let repeated: usize = lists.iter().map(|ids| ids.len() - set(ids).len()).sum();
    // Each item was decided once, so more decisions than items are too many.
    let doubled = repeated + set(&server).len().saturating_sub(count);
    let row = Row {
        victim: victim.name().to_owned(),
        step: step.name().to_owned(),
        said: said.map_or(count, BTreeSet::len),
        server: server.len(),
        platform: platform.len(),
        exported: exported.len(),
        lost: said.map_or(count.saturating_sub(everywhere.len()), |said| {
            said.difference(&everywhere).count()
        }),
        doubled,
        granted: books.granted(),
        returned: books.returned(),
        lapsed: books.open(),
    };
    keep(&row);
    assert_eq!((row.lost, row.doubled), (0, 0), "{row:#?}");
    assert_eq!(row.lapsed > 0, lapsing == Lapsing::Unheard, "{row:#?}");
    world.all_hold_the_same(count);
    assert_eq!(set(&exported), set(&server));
}

/// For `fault-table`.
fn keep(row: &Row) {
    let folder = folder().unwrap();
    std::fs::create_dir_all(&folder).unwrap();
    let name = format!("{}-{}.json", row.victim, row.step);
    std::fs::write(folder.join(name), serde_json::to_vec(row).unwrap()).unwrap();
}
