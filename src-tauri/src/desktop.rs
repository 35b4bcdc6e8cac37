//! What this desktop offers.

use zbus::blocking::connection;
use zbus::blocking::fdo::DBusProxy;

use crate::limits::BUS_ANSWER_MAX;

/// Who shows trays, on every desktop that does so by message bus.
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// Whether somebody shows trays on this desktop now.
pub(crate) fn shows_trays() -> bool {
    let ask = || -> zbus::Result<bool> {
        let bus = connection::Builder::session()?
            .method_timeout(BUS_ANSWER_MAX)
            .build()?;
        Ok(DBusProxy::new(&bus)?.name_has_owner(WATCHER.try_into()?)?)
    };
    ask().unwrap_or_else(|fault| {
        tracing::info!(%fault, "nobody can be asked whether trays are shown");
        false
    })
}
