//! Who someone is to the queue server, and what kind of server it is.

use crate::open_enum;

open_enum! {
    /// A role at the queue server.
    pub enum Role {
        /// Reviews items.
        Moderator = "moderator",
        /// Leads a team: team statistics, second review, protection floor.
        Lead = "lead",
        /// Tests builds against a test server.
        Qa = "qa",
        /// A platform that feeds the queue.
        Ingest = "ingest",
        /// A platform that carries out decisions.
        Effect = "effect",
        /// Runs the server.
        Admin = "admin",
    }
}

open_enum! {
    /// What kind of server a desk is signed in to; always on screen.
    pub enum Environment {
        /// Decisions have effect.
        Production = "production",
        /// Generated items; decisions have no effect.
        Test = "test",
        /// Practice with feedback; outside statistics.
        Training = "training",
    }
}
