//! SIGKILL at every step from a claim to its receipt: nothing is lost and nothing is doubled.
//!
//! Judged from outside only: what was said to be recorded, what the server holds and gives to the
//! platform, what `scrim export` prints, and the claims that the server granted. In the end every
//! item has been decided, so no claim was left behind either. The table is `scrim_processes::faults`.

pub(crate) mod headless;
mod judge;
mod real_window;

use scrim_processes::faults::{Step, Victim, senseless};

macro_rules! cells {
    ($($victim:ident by $run:path { $($name:ident $step:ident,)* })*) => {
        $(
            mod $victim {
                $(
                    #[test]
                    fn $name() {
                        $run(scrim_processes::faults::Step::$step);
                    }
                )*
            }
        )*

        /// Every cell that has a test.
        const CELLS: &[(&str, Step)] = &[$($((stringify!($victim), Step::$step),)*)*];
    };
}

cells! {
    agent by super::headless::kill_the_agent {
        claim_sent ClaimSent,
        claim_answered ClaimAnswered,
        cover_being_made CoverBeingMade,
        item_open ItemOpen,
        reveal_recorded RevealRecorded,
        revealed Revealed,
        deciding Deciding,
        held Held,
        in_flight InFlight,
        taken Taken,
        receipted Receipted,
        read_back ReadBack,
        release_sent ReleaseSent,
        release_taken ReleaseTaken,
    }
    window by super::real_window::kill_the_window {
        claim_sent ClaimSent,
        claim_answered ClaimAnswered,
        cover_being_made CoverBeingMade,
        item_open ItemOpen,
        reveal_recorded RevealRecorded,
        revealed Revealed,
        deciding Deciding,
        held Held,
        in_flight InFlight,
        taken Taken,
        receipted Receipted,
        read_back ReadBack,
        release_sent ReleaseSent,
        release_taken ReleaseTaken,
    }
    worker by super::headless::kill_the_worker {
        cover_being_made CoverBeingMade,
        item_open ItemOpen,
        reveal_recorded RevealRecorded,
        revealed Revealed,
        deciding Deciding,
        held Held,
        in_flight InFlight,
        taken Taken,
        receipted Receipted,
        read_back ReadBack,
    }
    server by super::headless::kill_the_server {
        claim_sent ClaimSent,
        claim_answered ClaimAnswered,
        cover_being_made CoverBeingMade,
        item_open ItemOpen,
        reveal_recorded RevealRecorded,
        revealed Revealed,
        deciding Deciding,
        held Held,
        in_flight InFlight,
        taken Taken,
        receipted Receipted,
        read_back ReadBack,
        release_sent ReleaseSent,
        release_taken ReleaseTaken,
    }
}

#[test]
fn every_cell_of_the_table_has_a_test_or_a_reason() {
    for victim in Victim::ALL {
        for step in Step::ALL {
            let is_there = CELLS.contains(&(victim.name(), *step));
            let (who, at) = (victim.name(), step.name());
            assert_ne!(is_there, senseless(victim, *step).is_some(), "{who} {at}");
        }
    }
}
