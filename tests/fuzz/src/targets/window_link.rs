//! What the window and the agent say to each other.
//!
//! Input: `w` for what the window reads, anything else for what the agent reads, then pieces as in
//! `links`.

use scrim_wire::build_id::BUILD_ID;
use scrim_wire::window::{Command, FromWindow, ToWindow};

use super::links::{can_be_sent, frame, messages, same_again};
use super::{Shape, Target, class};

pub(super) const NAME: &str = "window-link";

pub(super) struct WindowLink;

impl Target for WindowLink {
    fn name(&self) -> &'static str {
        NAME
    }

    fn shape(&self) -> Shape {
        Shape::Bytes
    }

    fn first_inputs(&self) -> Vec<Vec<u8>> {
        let build = || BUILD_ID.to_owned();
        let commands = [
            Command::Undo,
            Command::Digit(3),
            Command::Note("…".to_owned()),
        ];
        let mut from = vec![frame(&FromWindow::Hello { build: build() }, 0)];
        from.extend(commands.map(|command| frame(&FromWindow::Command(command), 0)));
        from.push(frame(&FromWindow::Active, 1));
        let mut to = vec![
            ToWindow::Hello { build: build() },
            ToWindow::CheckIns(None),
            ToWindow::CoverNow,
        ];
        // All zeros after the kind: a model in which everything is empty or the first of its kind.
        for kind in 1..=5 {
            let mut bytes = vec![0; 4096];
            bytes[0] = kind;
            to.extend(postcard::take_from_bytes(&bytes).map(|(message, _)| message));
        }
        let mut inputs: Vec<Vec<u8>> = from
            .iter()
            .map(|frame| [b"a", &frame[..]].concat())
            .collect();
        inputs.push([b"a", &from.concat()[..]].concat());
        inputs.extend(
            to.iter()
                .map(|message| [b"w", &frame(message, 1)[..]].concat()),
        );
        inputs
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        let (which, pieces) = input.split_first().unwrap_or((&b'a', &[]));
        let mut said = String::new();
        let error = if *which == b'w' {
            let (read, error) = messages::<ToWindow>(pieces);
            for (message, descriptors) in &read {
                same_again(message);
                can_be_sent(message);
                said.push_str(&kind(&format!("{message:?}"), descriptors.len()));
            }
            error
        } else {
            let (read, error) = messages::<FromWindow>(pieces);
            for (message, descriptors) in &read {
                same_again(message);
                said.push_str(&kind(&format!("{message:?}"), descriptors.len()));
            }
            error
        };
        class(format!("{} {said} {error:?}", *which == b'w').as_bytes())
    }
}

/// The message's kind without what it carries.
fn kind(debug: &str, descriptors: usize) -> String {
    let words = debug.split(|sign: char| !sign.is_alphabetic()).take(2);
    format!("{}+{descriptors} ", words.collect::<Vec<_>>().join(" "))
}
