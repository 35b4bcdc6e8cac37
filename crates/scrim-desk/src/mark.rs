//! Marks of the open item: kept with its draft until the decision takes them.

use scrim_model::limits::MARKS_MAX;
use scrim_model::mark::Mark;
use scrim_wire::window::NoticeKey;

use crate::desk::Desk;

impl Desk {
    /// Keeps a mark of the open item. One that points at nothing of it is passed over.
    pub(crate) fn mark(&mut self, mark: Mark) {
        let Some(held) = &mut self.hand.open else {
            return;
        };
        if !mark.points_into(&held.item) || held.draft_marks.contains(&mark) {
            return;
        }
        if held.draft_marks.len() >= MARKS_MAX {
            return self.notice(NoticeKey::MarksFull, MARKS_MAX.to_string());
        }
        held.draft_marks.push(mark);
    }

    /// Takes mark `n` (from 0) away.
    pub(crate) fn unmark(&mut self, n: u32) {
        if let Some(held) = &mut self.hand.open
            && (n as usize) < held.draft_marks.len()
        {
            held.draft_marks.remove(n as usize);
        }
    }
}
