//! Who may be given which item: one rule for claims, for questions to colleagues, and for what leads
//! are told of items that nobody can take.

/// SQL that holds where `person`, an SQL expression, may be given the item `i`. Whoever gave it back
/// as "not me", at whom its author aims, who decided it, or against whose decision it is an appeal
/// keeps away. An appeal is against everyone whose decision on the item had effect: who decided
/// first, and who confirmed it.
pub(super) fn may_take(person: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM exclusions x WHERE x.item_id = i.id AND x.user_id = {person})
         AND NOT EXISTS (SELECT 1 FROM author_exclusions a
                         WHERE a.author = i.author AND a.user_id = {person})
         AND NOT EXISTS (SELECT 1 FROM counting d WHERE d.item_id = i.id AND d.user_id = {person})
         AND NOT EXISTS (SELECT 1 FROM decisions d JOIN decisions e ON e.item_id = d.item_id
                         WHERE d.id = i.appeal_of AND e.user_id = {person}
                           AND e.review NOT IN ('sample', 'practice'))"
    )
}

/// SQL that holds where `person` may review the item `i` without effect, for the task `t`: whoever
/// may be given it, and never held it as such (who did may have been told what was decided), nor
/// decided it or an appeal against the decision, nor looked at it for a colleague. A review that its
/// reviewer undid may be made again.
pub(super) fn may_review(person: &str) -> String {
    format!(
        "{}
         AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.item_id = i.id AND d.user_id = {person}
                         AND NOT (d.state <> 'standing' AND d.review IN ('sample', 'practice')))
         AND NOT EXISTS (SELECT 1 FROM claims c WHERE c.item_id = i.id AND c.user_id = {person}
                         AND c.task IS NULL)
         AND NOT EXISTS (SELECT 1 FROM items a JOIN decisions d ON d.item_id = a.id
                         WHERE a.appeal_of = t.decision_id AND d.user_id = {person})
         AND NOT EXISTS (SELECT 1 FROM consult_claims l JOIN consults c ON c.id = l.consult_id
                         WHERE c.item_id = i.id AND l.user_id = {person})",
        may_take(person)
    )
}

/// An item without words suits everyone; otherwise one of its languages must be among those read
/// (the first subtag decides: who reads `en` reads `en-GB`).
pub(super) fn is_readable(written: &[String], read: &[String]) -> bool {
    written.is_empty()
        || read.is_empty()
        || written
            .iter()
            .any(|w| read.iter().any(|r| language(r) == language(w)))
}

/// The part of a tag that decides.
pub(super) fn language(tag: &str) -> String {
    tag.split('-').next().unwrap_or(tag).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::is_readable;

    #[test]
    fn the_first_subtag_decides() {
        let tags = |list: &[&str]| list.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        assert!(is_readable(&tags(&["en-GB"]), &tags(&["de", "EN"])));
        assert!(!is_readable(&tags(&["fr"]), &tags(&["de", "en"])));
        assert!(is_readable(&[], &tags(&["de"])));
        assert!(is_readable(&tags(&["fr"]), &[]));
    }
}
