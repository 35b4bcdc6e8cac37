//! A window that takes no message, and the one after it: the heart hears of the end of the first
//! before it hears of the second, whichever thread is quicker to say so.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::os::fd::OwnedFd;

use scrim_runtime::{Hooks, Inward, Profile, Runtime, WindowEnd, assemble};
use scrim_wire::link::LinkError;
use scrim_wire::window::{NoticeKey, ToWindow};

struct Window {
    is_dead: bool,
}

impl WindowEnd for Window {
    fn send(&mut self, _: ToWindow, _: Option<OwnedFd>) -> Result<(), LinkError> {
        if self.is_dead {
            Err(LinkError::Closed)
        } else {
            Ok(())
        }
    }
}

fn opened(window: u64, is_dead: bool) -> Inward {
    let end = Box::new(Window { is_dead });
    Inward::WindowOpened { window, end }
}

fn gone(window: u64) -> Inward {
    let crashed = true;
    Inward::WindowGone { window, crashed }
}

fn restarts(runtime: &Runtime) -> usize {
    let notices = runtime.model().notices;
    let restarted = |key| key == NoticeKey::WindowRestarted;
    notices.iter().filter(|n| restarted(n.key)).count()
}

#[test]
fn the_next_window_is_there_whoever_says_first_that_the_one_before_is_not() {
    // What the reader of the first window's link says comes early, not at all, or late.
    let orders: [fn(&mut Runtime); 3] = [
        |runtime| {
            runtime.take(gone(1));
            runtime.take(opened(2, false));
        },
        |runtime| runtime.take(opened(2, false)),
        |runtime| {
            runtime.take(opened(2, false));
            runtime.take(gone(1));
        },
    ];
    for order in orders {
        let folder = tempfile::tempdir().unwrap();
        let profile = Profile::open(Some(folder.path())).unwrap();
        let worker = folder.path().join("worker");
        let (parts, _) = assemble(&profile, worker, Hooks::default()).unwrap();
        let mut runtime = Runtime::start(parts).unwrap();
        runtime.take(opened(1, true));
        order(&mut runtime);
        runtime.settle();
        assert_eq!(restarts(&runtime), 1, "the second is known to be there");
        // Were its end still to be heard of, the third would take the place of one that crashed.
        runtime.take(opened(3, false));
        runtime.settle();
        assert_eq!(restarts(&runtime), 1);
    }
}
