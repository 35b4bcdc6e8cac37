//! What the window says.

use std::sync::mpsc::Sender;

use scrim_wire::build_id::check;
use scrim_wire::link::LinkReader;
use scrim_wire::window::FromWindow;

use crate::inward::Inward;

/// Reads the window's messages until the link ends; then says that the window is gone, and returns
/// whether nobody had closed it. The first message must be a greeting of the same build. `on_closing`
/// is called when the moderator closes the window, which goes on for a moment after that.
pub fn read_window(
    mut reader: LinkReader,
    window: u64,
    inward: &Sender<Inward>,
    on_closing: &mut dyn FnMut(),
) -> bool {
    let mut closing = false;
    let mut greeted = false;
    while let Ok((message, descriptors)) = reader.recv::<FromWindow>() {
        // A window has nothing to hand over.
        if !descriptors.is_empty() {
            break;
        }
        match (&message, greeted) {
            (FromWindow::Hello { build }, false) if check(build).is_ok() => greeted = true,
            (_, false) | (FromWindow::Hello { .. }, true) => break,
            (FromWindow::Closing, true) => {
                closing = true;
                on_closing();
            }
            (_, true) => {}
        }
        if inward.send(Inward::FromWindow { window, message }).is_err() {
            return false;
        }
    }
    // Nobody listens any more only when the runtime has ended.
    drop(inward.send(Inward::WindowGone {
        window,
        crashed: !closing,
    }));
    !closing
}
