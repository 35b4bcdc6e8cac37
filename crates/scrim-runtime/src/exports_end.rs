//! The list of exports at a start. Its end is kept in the records, so that a list which is taken away together with its
//! seal, or put back to an earlier state with it, is missed.

use std::path::Path;

use scrim_report::{EXPORT_LOG_FILE, ListEnd, SealKey, read_export_log, seal_export_log};
use scrim_store::{ExportsEnd, KEY_BYTES, Store, StoreError};

/// Makes the list's key of `fresh` if there is none, and keeps how the list ends. A list that is not as it was written
/// is left as it is: `scrim exports` tells.
pub(crate) fn look_at_exports(
    store: &mut Store,
    folder: &Path,
    fresh: [u8; KEY_BYTES],
) -> Result<(), StoreError> {
    let (key, is_new) = store.exports_key(fresh)?;
    let (key, list) = (SealKey::new(key), folder.join(EXPORT_LOG_FILE));
    let sealed = match is_new {
        true => seal_export_log(&list, &key),
        false => Ok(()),
    };
    let log = match sealed.and_then(|()| read_export_log(&list, Some(&key))) {
        Ok(log) => log,
        Err(fault) => {
            // Whoever exports is told, and nobody else has to wait for that.
            tracing::error!(%fault, "the list of exports");
            return Ok(());
        }
    };
    let known = match store.kept_exports_end() {
        Err(fault) if fault.is_unreadable() => None,
        known => known?,
    };
    let before = known.as_ref().map(|end| ListEnd {
        n: end.lines,
        last: end.last.clone(),
    });
    if !log.is_whole() || before.is_some_and(|end| !log.goes_on_from(&end)) {
        tracing::error!("the list of exports is not as it was written; `scrim exports` says what");
        return Ok(());
    }
    let ListEnd { n, last } = log.end();
    let end = ExportsEnd { lines: n, last };
    match known.as_ref() == Some(&end) {
        true => Ok(()),
        false => store.keep_exports_end(&end),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use scrim_model::Timestamp;
    use scrim_report::{ExportMade, log_export};
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
        look_at_exports(&mut store, folder, [7; 32]).unwrap();
        let key = SealKey::new(store.kept_exports_key().unwrap().unwrap());
        let lines = |store: &Store| store.kept_exports_end().unwrap().unwrap().lines;
        assert_eq!(lines(&store), 1);
        log_export(&list, Some(&key), &made()).unwrap();
        // Another key is made of nothing.
        look_at_exports(&mut store, folder, [8; 32]).unwrap();
        assert_eq!(store.kept_exports_key().unwrap(), Some([7; 32]));
        assert_eq!(lines(&store), 2);
        let known = store.kept_exports_end().unwrap();

        // Taken away with its seal, and begun anew: a list of its own that looks whole.
        std::fs::remove_file(&list).unwrap();
        std::fs::remove_file(folder.join(scrim_report::EXPORT_SEAL_FILE)).unwrap();
        for _ in 0..3 {
            let other = ExportMade {
                records: 9,
                ..made()
            };
            log_export(&list, Some(&key), &other).unwrap();
            assert!(read_export_log(&list, Some(&key)).unwrap().is_whole());
            look_at_exports(&mut store, folder, [8; 32]).unwrap();
            assert_eq!(store.kept_exports_end().unwrap(), known);
        }
        // One that cannot be read stops no start.
        std::fs::remove_file(&list).unwrap();
        std::fs::create_dir(&list).unwrap();
        look_at_exports(&mut store, folder, [8; 32]).unwrap();
        assert_eq!(store.kept_exports_end().unwrap(), known);
    }
}
