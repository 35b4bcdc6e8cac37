//! JSON schemas from the wire types themselves.
//!
//! A type's fullest example is written as JSON; that gives the properties and their types. Then
//! each field is left out, and each is set to null, and the type is asked whether it still reads
//! the result; that gives `required` and which fields may be null. An example is a struct literal,
//! so a field that is added to a type cannot be forgotten here.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use scrim_model::Timestamp;

/// A named schema.
pub(crate) struct Component {
    pub(crate) name: &'static str,
    /// Fullest examples: one, or one per variant of an enumeration.
    pub(crate) examples: Vec<Value>,
    fits: fn(&Value) -> bool,
    /// Field that tells the variants apart.
    tag: Option<&'static str>,
}

impl Component {
    /// A component from examples of one type.
    pub(crate) fn new<T: Serialize + DeserializeOwned>(
        name: &'static str,
        examples: &[T],
        tag: Option<&'static str>,
    ) -> Self {
        let examples = examples
            .iter()
            .map(|example| serde_json::to_value(example).expect("wire types are written as JSON"))
            .collect();
        Self {
            name,
            examples,
            fits: |value| serde_json::from_value::<T>(value.clone()).is_ok(),
            tag,
        }
    }

    /// Its schema; parts that are examples of `others` are references to them.
    pub(crate) fn schema(&self, others: &[Component], known: &[Known]) -> Value {
        let mut variants: Vec<Value> = self
            .examples
            .iter()
            .map(|example| {
                let mut schema = Walk {
                    component: self,
                    example,
                    others,
                    known,
                }
                .at("", example);
                if let Some(tag) = self.tag {
                    schema["properties"][tag] = json!({"const": example[tag]});
                }
                schema
            })
            .collect();
        if variants.len() == 1 {
            variants.remove(0)
        } else {
            json!({"oneOf": variants})
        }
    }
}

/// The values of an open enumeration that are known, for the field at the end of a pointer.
pub(crate) struct Known {
    /// For example `/actions/0/kind`.
    pub(crate) ends: &'static str,
    /// Values.
    pub(crate) values: Vec<String>,
}

struct Walk<'a> {
    component: &'a Component,
    example: &'a Value,
    others: &'a [Component],
    known: &'a [Known],
}

impl Walk<'_> {
    fn at(&self, pointer: &str, value: &Value) -> Value {
        if !pointer.is_empty() && value.is_object() {
            let same = |other: &&Component| other.examples.contains(value);
            if let Some(other) = self.others.iter().find(same) {
                return json!({"$ref": format!("#/components/schemas/{}", other.name)});
            }
        }
        match value {
            Value::Null => json!({}),
            Value::Bool(_) => json!({"type": "boolean"}),
            Value::Number(_) => json!({"type": "integer", "minimum": 0}),
            Value::String(text) => self.text(pointer, text),
            Value::Array(rows) => match rows.first() {
                Some(first) => {
                    json!({"type": "array", "items": self.at(&format!("{pointer}/0"), first)})
                }
                None => json!({"type": "array"}),
            },
            Value::Object(fields) => self.object(pointer, fields),
        }
    }

    fn text(&self, pointer: &str, text: &str) -> Value {
        if Timestamp::parse(text).is_ok() {
            return json!({"type": "string", "format": "date-time"});
        }
        match self
            .known
            .iter()
            .find(|known| pointer.ends_with(known.ends))
        {
            Some(known) => json!({"type": "string", "examples": known.values,
                "description": "An open enumeration: unknown values are kept."}),
            None => json!({"type": "string"}),
        }
    }

    fn object(&self, pointer: &str, fields: &Map<String, Value>) -> Value {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for (name, value) in fields {
            let inner = format!("{pointer}/{name}");
            let mut schema = self.at(&inner, value);
            if self.is_read_with(pointer, |object| {
                object.insert(name.clone(), Value::Null);
            }) {
                schema = json!({"anyOf": [schema, {"type": "null"}]});
            }
            if !self.is_read_with(pointer, |object| {
                object.remove(name);
            }) {
                required.push(name.clone());
            }
            properties.insert(name.clone(), schema);
        }
        json!({"type": "object", "properties": properties, "required": required})
    }

    fn is_read_with(&self, pointer: &str, change: impl FnOnce(&mut Map<String, Value>)) -> bool {
        let mut changed = self.example.clone();
        if let Some(object) = changed.pointer_mut(pointer).and_then(Value::as_object_mut) {
            change(object);
        }
        (self.component.fits)(&changed)
    }
}
