//! The list of exports at a start. Its end is kept in the records, so that a list which is taken away together with its
//! seal, or put back to an earlier state with it, is missed.
//!
//! No start fails or waits because of it: what could not be done is logged, and the next start does it.

use std::path::Path;

use scrim_report::{
    EXPORT_LOG_FILE, ListEnd, ReportError, SealKey, Sealed, read_export_log_at_once,
    seal_export_log,
};
use scrim_store::{ExportsEnd, KEY_BYTES, Store, StoreError};

/// Why the list was not looked at.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Report(#[from] ReportError),
}

/// Makes the list's key of `fresh` if there is none, and keeps how the list ends. A list that is not as it was written
/// is left as it is: `scrim exports` tells.
pub(crate) fn look_at_exports(store: &mut Store, folder: &Path, fresh: [u8; KEY_BYTES]) {
    if let Err(fault) = look(store, &folder.join(EXPORT_LOG_FILE), fresh) {
        // Whoever exports is told, and nobody else has to wait for that.
        tracing::error!(%fault, "the list of exports was not looked at; the next start tries again");
    }
}

fn look(store: &mut Store, list: &Path, fresh: [u8; KEY_BYTES]) -> Result<(), Failed> {
    let key = SealKey::new(key_of(store, list, fresh)?);
    let mut log = read_export_log_at_once(list, Some(&key))?;
    let known = match store.kept_exports_end() {
        Err(fault) if fault.is_unreadable() => None,
        known => known?,
    };
    let before = known.as_ref().map(|end| ListEnd {
        n: end.lines,
        last: end.last.clone(),
    });
    if let Some(end) = &before {
        log = log.held_against(end);
    }
    if !log.is_whole() || before.is_some_and(|end| !log.goes_on_from(&end)) {
        tracing::error!("the list of exports is not as it was written; `scrim exports` says what");
        return Ok(());
    }
    // Only an end that has its seal is kept: a list that has that line and no seal of it is known for changed then.
    if log.sealed != Sealed::Whole {
        return Ok(());
    }
    let ListEnd { n, last } = log.end();
    let end = ExportsEnd { lines: n, last };
    if known.as_ref() != Some(&end) {
        store.keep_exports_end(&end)?;
    }
    Ok(())
}

/// The key of the list's seal. A list of before there was one is sealed first and the key kept after that: whatever stops
/// Scrim in between, the next start does both again. In the place of a key that cannot be read comes another: the seal
/// fits it no more, and the list is said to be changed.
fn key_of(
    store: &mut Store,
    list: &Path,
    fresh: [u8; KEY_BYTES],
) -> Result<[u8; KEY_BYTES], Failed> {
    match store.kept_exports_key() {
        Ok(Some(key)) => return Ok(key),
        Ok(None) => seal_export_log(list, &SealKey::new(fresh))?,
        Err(fault) if fault.is_unreadable() => {}
        Err(fault) => return Err(fault.into()),
    }
    store.keep_exports_key(&fresh)?;
    Ok(fresh)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use scrim_model::Timestamp;
    use scrim_report::{EXPORT_SEAL_FILE, ExportMade, log_export, read_export_log};
    use scrim_store::Key;

    use super::*;

    fn made() -> ExportMade {
        ExportMade {
            at: Timestamp(1),
            server: "https://queue.example".to_owned(),
            moderator: "m1".to_owned(),
            what: "decisions".to_owned(),
            format: "csv".to_owned(),
            filters: Default::default(),
            columns: Vec::new(),
            records: 1,
            file: None,
            sha256: String::new(),
            names: Vec::new(),
            reason: None,
        }
    }

    #[test]
    fn a_start_keeps_how_the_list_ends_and_never_that_of_another_list() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let (mut store, _) = Store::open(folder, &Key::new([3; 32]), Timestamp(1)).unwrap();
        let list = folder.join(EXPORT_LOG_FILE);
        // Of before there was a key: sealed once, as it is.
        log_export(&list, None, &made()).unwrap();
        look_at_exports(&mut store, folder, [7; 32]);
        let key = SealKey::new(store.kept_exports_key().unwrap().unwrap());
        let lines = |store: &Store| store.kept_exports_end().unwrap().unwrap().lines;
        assert_eq!(lines(&store), 1);
        log_export(&list, Some(&key), &made()).unwrap();
        // Another key is made of nothing.
        look_at_exports(&mut store, folder, [8; 32]);
        assert_eq!(store.kept_exports_key().unwrap(), Some([7; 32]));
        assert_eq!(lines(&store), 2);
        let known = store.kept_exports_end().unwrap();

        // Taken away with its seal, and begun anew: a list of its own that looks whole.
        std::fs::remove_file(&list).unwrap();
        std::fs::remove_file(folder.join(EXPORT_SEAL_FILE)).unwrap();
        for _ in 0..3 {
            let other = ExportMade {
                records: 9,
                ..made()
            };
            log_export(&list, Some(&key), &other).unwrap();
            assert!(read_export_log(&list, Some(&key)).unwrap().is_whole());
            look_at_exports(&mut store, folder, [8; 32]);
            assert_eq!(store.kept_exports_end().unwrap(), known);
        }
        // One that cannot be read stops no start.
        std::fs::remove_file(&list).unwrap();
        std::fs::create_dir(&list).unwrap();
        look_at_exports(&mut store, folder, [8; 32]);
        assert_eq!(store.kept_exports_end().unwrap(), known);
    }

    #[test]
    fn a_stop_between_the_first_seal_and_its_key_is_made_good_by_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let (mut store, _) = Store::open(folder, &Key::new([3; 32]), Timestamp(1)).unwrap();
        let list = folder.join(EXPORT_LOG_FILE);
        log_export(&list, None, &made()).unwrap();
        // No seal can be written: then there is no key either.
        let blocked = folder.join(EXPORT_SEAL_FILE).with_extension("seal.new");
        std::fs::create_dir(&blocked).unwrap();
        look_at_exports(&mut store, folder, [6; 32]);
        assert_eq!(store.kept_exports_key().unwrap(), None);
        std::fs::remove_dir(&blocked).unwrap();
        // Sealed, and stopped before the key was kept; an export comes in between.
        seal_export_log(&list, &SealKey::new([6; 32])).unwrap();
        log_export(&list, None, &made()).unwrap();
        look_at_exports(&mut store, folder, [7; 32]);
        assert_eq!(store.kept_exports_key().unwrap(), Some([7; 32]));
        let log = read_export_log(&list, Some(&SealKey::new([7; 32]))).unwrap();
        assert_eq!((log.exports.len(), log.sealed), (2, Sealed::Whole));
        assert_eq!(store.kept_exports_end().unwrap().unwrap().lines, 2);
    }

    #[test]
    fn a_start_neither_waits_for_an_export_nor_for_a_key_that_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let (mut store, _) = Store::open(folder, &Key::new([3; 32]), Timestamp(1)).unwrap();
        let list = folder.join(EXPORT_LOG_FILE);
        log_export(&list, None, &made()).unwrap();
        let writing = std::fs::File::open(&list).unwrap();
        writing.lock().unwrap();
        look_at_exports(&mut store, folder, [7; 32]);
        assert_eq!(store.kept_exports_key().unwrap(), None);
        writing.unlock().unwrap();
        look_at_exports(&mut store, folder, [7; 32]);
        let known = store.kept_exports_end().unwrap();
        assert_eq!(known.as_ref().unwrap().lines, 1);

        let key = SealKey::new([7; 32]);
        log_export(&list, Some(&key), &made()).unwrap();
        writing.lock().unwrap();
        look_at_exports(&mut store, folder, [8; 32]);
        assert_eq!(store.kept_exports_end().unwrap(), known);
        writing.unlock().unwrap();
        store.save("exports_key", &"no key").unwrap();
        look_at_exports(&mut store, folder, [8; 32]);
        assert_eq!(store.kept_exports_key().unwrap(), Some([8; 32]));
        assert_eq!(store.kept_exports_end().unwrap(), known);
    }

    #[test]
    fn an_end_that_has_no_seal_yet_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let (mut store, _) = Store::open(folder, &Key::new([3; 32]), Timestamp(1)).unwrap();
        let list = folder.join(EXPORT_LOG_FILE);
        look_at_exports(&mut store, folder, [7; 32]);
        log_export(&list, None, &made()).unwrap();
        look_at_exports(&mut store, folder, [7; 32]);
        let lines = |store: &Store| store.kept_exports_end().unwrap().unwrap().lines;
        assert_eq!(lines(&store), 0);
        log_export(&list, Some(&SealKey::new([7; 32])), &made()).unwrap();
        look_at_exports(&mut store, folder, [7; 32]);
        assert_eq!(lines(&store), 2);
    }
}
