//! What a journey has done, as its windows tell it: the ids of actions that were carried out.

use std::cell::RefCell;
use std::collections::BTreeSet;

use scrim_window::actions::{Witness, action};

thread_local! {
    // A journey and its windows are on one thread; pictures are taken on another.
    static PERFORMED: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
}

/// For a window of the journey that runs on this thread.
pub(crate) fn witness() -> Witness {
    Box::new(|act| {
        PERFORMED.with_borrow_mut(|performed| performed.insert(action(act).id));
    })
}

/// What was done on this thread since it was last asked.
pub(crate) fn take() -> BTreeSet<&'static str> {
    PERFORMED.take()
}
