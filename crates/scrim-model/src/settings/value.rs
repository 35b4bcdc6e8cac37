//! What a setting's value may be, and which of two values is the stricter one.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::limits::{CLASSES_MAX, LABEL_CHARS_MAX, LISTED_WORD_CHARS_MAX};

/// A setting's value. On links it travels tagged; in JSON and TOML it is the bare value (see
/// [`Value::to_json`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// On or off.
    Flag(bool),
    /// A whole number in the unit that the table names.
    Number(u32),
    /// One of the words that the table names.
    Choice(String),
    /// Harm classes, or words.
    List(BTreeSet<String>),
}

/// The type and the allowed range of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// On or off.
    Flag,
    /// A whole number, both ends allowed.
    Number {
        /// Smallest.
        min: u32,
        /// Largest.
        max: u32,
        /// What is counted.
        unit: &'static str,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
    /// At most [`CLASSES_MAX`] harm classes.
    Classes,
    /// At most [`CLASSES_MAX`] words of at most [`LISTED_WORD_CHARS_MAX`] characters.
    Words,
    /// This word and no other: there is no switch.
    Fixed(&'static str),
}

/// Which of two values is the stricter one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The larger number; *on*; the later word.
    Higher,
    /// The smaller number; *off*; the earlier word.
    Lower,
    /// Both sets together.
    Union,
    /// Neither: a floor pins the setting, and only if it names it.
    None,
}

impl Value {
    /// The bare value, as it stands in JSON and TOML.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Flag(on) => (*on).into(),
            Value::Number(n) => (*n).into(),
            Value::Choice(word) => word.as_str().into(),
            Value::List(set) => set.iter().map(String::as_str).collect::<Vec<_>>().into(),
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Flag(on) => f.write_str(if *on { "on" } else { "off" }),
            Value::Number(n) => write!(f, "{n}"),
            Value::Choice(word) => f.write_str(word),
            Value::List(set) if set.is_empty() => f.write_str("none"),
            Value::List(set) => {
                let words: Vec<_> = set.iter().map(String::as_str).collect();
                f.write_str(&words.join(", "))
            }
        }
    }
}

impl Shape {
    /// Reads a bare value. `None` if it is of another type or out of range.
    #[must_use]
    pub fn read(self, json: &serde_json::Value) -> Option<Value> {
        let value = match (self, json) {
            (Shape::Flag, serde_json::Value::Bool(on)) => Value::Flag(*on),
            (Shape::Number { .. }, serde_json::Value::Number(n)) => {
                Value::Number(u32::try_from(n.as_u64()?).ok()?)
            }
            (Shape::Choice(_) | Shape::Fixed(_), serde_json::Value::String(word)) => {
                Value::Choice(word.clone())
            }
            (Shape::Classes | Shape::Words, serde_json::Value::Array(words))
                if words.len() > CLASSES_MAX =>
            {
                return None;
            }
            (Shape::Classes | Shape::Words, serde_json::Value::Array(words)) => Value::List(
                words
                    .iter()
                    .map(|word| word.as_str().map(str::to_owned))
                    .collect::<Option<_>>()?,
            ),
            _ => return None,
        };
        self.allows(&value).then_some(value)
    }

    /// Whether `value` is of this type and in range.
    #[must_use]
    pub fn allows(self, value: &Value) -> bool {
        match (self, value) {
            (Shape::Flag, Value::Flag(_)) => true,
            (Shape::Number { min, max, .. }, Value::Number(n)) => (min..=max).contains(n),
            (Shape::Choice(words), Value::Choice(word)) => words.contains(&word.as_str()),
            (Shape::Fixed(only), Value::Choice(word)) => only == word,
            (Shape::Classes, Value::List(set)) => {
                set.len() <= CLASSES_MAX && set.iter().all(|class| is_class(class))
            }
            (Shape::Words, Value::List(set)) => {
                set.len() <= CLASSES_MAX && set.iter().all(|word| is_word(word))
            }
            _ => false,
        }
    }
}

fn is_class(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= LABEL_CHARS_MAX
        && !text.chars().any(char::is_control)
}

/// One word, as [`crate::WordList`] can find it.
fn is_word(text: &str) -> bool {
    let is_letter = |c: char| !c.is_control() && !c.is_whitespace() && c != '#';
    !text.is_empty() && text.chars().count() <= LISTED_WORD_CHARS_MAX && text.chars().all(is_letter)
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Shape::Flag => f.write_str("on or off (true or false)"),
            Shape::Number { min, max, unit } => {
                write!(f, "a whole number from {min} to {max} ({unit})")
            }
            Shape::Choice(words) => write!(f, "one of {}", words.join(", ")),
            Shape::Classes => write!(f, "a list of at most {CLASSES_MAX} harm classes"),
            Shape::Words => write!(f, "a list of at most {CLASSES_MAX} words"),
            Shape::Fixed(only) => write!(f, "{only}, and nothing else"),
        }
    }
}

impl Order {
    /// The least value that is at least as strict as both. `None` if neither is stricter and they
    /// differ. Both values must be of `shape`.
    #[must_use]
    pub fn stricter(self, shape: Shape, a: &Value, b: &Value) -> Option<Value> {
        if a == b {
            return Some(a.clone());
        }
        let first = match (self, a, b) {
            (Order::None, ..) => return None,
            (Order::Union, Value::List(a), Value::List(b)) => {
                return Some(Value::List(a.union(b).cloned().collect()));
            }
            _ => rank(shape, a)? > rank(shape, b)?,
        };
        Some(
            if first == (self == Order::Higher) {
                a
            } else {
                b
            }
            .clone(),
        )
    }
}

fn rank(shape: Shape, value: &Value) -> Option<u32> {
    match (shape, value) {
        (_, Value::Flag(on)) => Some(u32::from(*on)),
        (_, Value::Number(n)) => Some(*n),
        (Shape::Choice(words), Value::Choice(word)) => {
            let place = words.iter().position(|w| w == word)?;
            u32::try_from(place).ok()
        }
        _ => None,
    }
}

impl std::fmt::Display for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Order::Higher => "higher, on, or later in the list",
            Order::Lower => "lower, off, or earlier in the list",
            Order::Union => "both lists together",
            Order::None => "no order",
        })
    }
}
