//! Bugs that are put in on purpose, each at a seam, to show that the auditor finds them.

use clap::ValueEnum;

/// A bug of a desk that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Fault {
    /// A decision leaves before the store has it.
    SendBeforeCommit,
    /// A call that goes again has a key of its own.
    NewKeyOnRetry,
    /// What waits from an earlier run leaves in the wrong order.
    OrderSwapped,
    /// A decision whose answer was lost goes again under another id.
    ReceiptLostResendWithNewId,
    /// The server says that a claim is lost, and nobody listens.
    HeartbeatIgnored,
    /// An escalation counts as confirmed before the server shows it.
    EscalationAssumed,
    /// What was sent is shown as taken back.
    UndoAfterSend,
    /// The server is told of a chain that is longer than the one on the disk.
    ChainHeadSkipped,
    /// The disk says that it has written, and has not.
    DiskLies,
}
