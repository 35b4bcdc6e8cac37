//! The settings that a store keeps, and a floor as a server or a file states it.
//!
//! Input: the JSON. Read as a kept row, and as one floor: what is in force must never be looser
//! than the floors.

use scrim_model::settings::{Floors, KeptSettings, Protection, Settings, TABLE, effective};
use serde_json::Value;

use super::{Shape, Target, class};

pub(super) const NAME: &str = "settings-file";

pub(super) struct SettingsFile;

/// What was read reads back as itself.
pub(super) fn same_again(settings: &Settings) {
    let (again, refused) = Settings::read(&settings.to_json());
    assert_eq!(
        (&again, refused.len()),
        (settings, 0),
        "what was read can be written and read"
    );
}

/// What is in force under `floors` keeps to each of them.
pub(super) fn in_force(floors: &Floors, personal: &Settings) -> u64 {
    let effective = effective(floors, personal);
    for row in TABLE {
        let value = effective.value(row.key);
        for floor in [&floors.server, &floors.managed] {
            let Some(least) = floor.get(row.key) else {
                continue;
            };
            if let Some(stricter) = row.order.stricter(row.shape, value, least) {
                assert_eq!(
                    &stricter,
                    value,
                    "{} is not looser than its floor",
                    row.key.name()
                );
            }
        }
    }
    class(format!("{:?}", Protection::of(&effective)).as_bytes()) % 64
}

impl Target for SettingsFile {
    fn name(&self) -> &'static str {
        NAME
    }

    fn shape(&self) -> Shape {
        Shape::Json
    }

    fn run(&mut self, input: &[u8]) -> u64 {
        let (kept, whole) = KeptSettings::from_store(input);
        let (again, whole_again) = KeptSettings::from_store(&kept.to_store());
        assert!(
            whole_again && again == kept,
            "what was read can be written and read"
        );
        let floors = Floors {
            server: kept.server.clone(),
            managed: kept.managed.clone(),
        };
        let mut outcome = in_force(&floors, &kept.personal) * 2 + u64::from(whole);
        if let Ok(Value::Object(document)) = serde_json::from_slice(input) {
            let (settings, refused) = Settings::read(&document);
            same_again(&settings);
            for refusal in &refused {
                assert!(refusal.to_string().len() < 1024, "what is said is bounded");
            }
            let keys: u64 = settings.keys().map(|key| key.name().len() as u64).sum();
            outcome += 1000 * (refused.len().min(3) as u64 + 4 * keys);
        }
        outcome
    }
}
