//! The window without an agent says so and ends.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_types,
    reason = "the test starts the real window"
)]

use std::process::{Command, Stdio};

#[test]
fn without_a_link_it_explains_itself_and_exits_64() {
    let output = Command::new(env!("CARGO_BIN_EXE_scrim-window"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(64));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("started by scrim-agent"), "{said}");
    assert!(output.stdout.is_empty());
}
