//! The rules, by what they are about.

mod calls;
mod chain;
mod claims;
mod decisions;
mod items;
mod people;
mod second;

use crate::Rule;

/// Makes a list of rules from functions of a module.
macro_rules! listed {
    (($dollar:tt) $($module:ident: $($name:ident),+;)*) => {
        /// All of them.
        pub const RULES: &[Rule] = &[$($(Rule { name: stringify!($name), ask: $module::$name },)+)*];

        /// Makes a test of each: `with!(run)` calls `run("name")`.
        #[macro_export]
        macro_rules! tests_of_every_rule {
            ($dollar run:path) => {
                $($(#[test] fn $name() { $dollar run(stringify!($name)); })+)*
            };
        }
    };
}

listed! {
    ($)
    calls:
        without_a_good_token_nobody_is_let_in,
        every_write_needs_a_key,
        the_same_key_and_body_give_the_first_answer,
        the_same_key_with_another_body_is_refused,
        unknown_fields_are_passed_over,
        a_wrong_field_is_named,
        too_large_bodies_are_refused,
        what_has_not_changed_is_not_sent_again,
        the_session_says_what_a_desk_must_know,
        the_document_names_every_call,
        an_unknown_thing_is_404;
    claims:
        an_item_is_handed_to_one,
        one_key_at_the_same_time_claims_once,
        the_most_urgent_comes_first,
        filters_hold,
        a_fence_grows_with_each_claim,
        a_heartbeat_keeps_a_claim_and_tells_of_a_lost_one,
        given_back_it_comes_again,
        not_me_comes_back_to_others_alone,
        handed_over_with_what_was_made,
        a_stranger_can_neither_keep_nor_release,
        after_the_lease_the_item_goes_to_the_next;
    decisions:
        accepted_once_and_duplicate_ever_after,
        one_id_has_one_content,
        partial_success_is_normal,
        the_first_word_on_a_decision_stands_in_every_call,
        only_the_own_claim_with_its_fence_counts,
        each_fault_has_its_code_and_field,
        a_late_decision_counts_until_someone_is_first,
        a_correction_replaces_the_own_decision,
        a_revert_is_told_once_and_stops_at_what_was_told,
        an_escalation_shows_and_goes_on_to_whom_it_names,
        decisions_are_read_back_with_their_receipts,
        outcomes_name_no_reviewer_and_are_acknowledged;
    chain:
        an_entry_that_fits_is_kept_and_moves_the_head,
        an_entry_that_does_not_fit_is_refused_with_its_decision,
        a_key_stands_for_the_decisions_whatever_entries_come_along;
    second:
        a_second_person_makes_it_final,
        an_appeal_never_goes_to_who_decided_first,
        a_drawn_decision_is_reviewed_blind_and_without_effect;
    items:
        what_is_fed_is_hashed_and_retried,
        what_is_withdrawn_is_gone,
        media_go_to_who_holds_the_claim,
        ranges_are_parts_of_the_whole;
    people:
        roles_bound_every_call,
        a_team_read_shows_no_views_and_no_times,
        what_is_counted_by_day_is_for_leads_and_never_small,
        exposure_is_for_leads_and_has_no_filters,
        a_question_goes_to_who_is_asked_and_ends_once;
}
