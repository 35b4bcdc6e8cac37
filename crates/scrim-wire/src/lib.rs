//! What crosses a boundary in Scrim.
//!
//! * [`protocol`]: queue protocol v1, between desk and queue server (JSON over HTTPS).
//! * [`call`]: how a call to a queue server ends.
//! * [`leaves`]: every call to a queue server, and what it says.
//! * [`window`]: the window link, between agent and window.
//! * [`worker`]: the worker link, between agent and decode worker.
//! * [`link`] and [`shared`]: how messages, descriptors and pictures travel on this machine.
//!
//! This crate only describes and carries. It decides nothing, opens no file by name and no
//! network connection. Everything that arrives is checked here once, against named limits.

pub mod build_id;
pub mod call;
pub mod leaves;
pub mod limits;
pub mod link;
pub mod moving;
pub mod protocol;
pub mod shared;
pub mod window;
pub mod worker;
