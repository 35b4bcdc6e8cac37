//! The OpenAPI 3.1 document, made from [`ROUTES`] and the wire types.

use axum::Json;
use serde_json::{Map, Value, json};

use crate::examples::{components, known};
use crate::routes::{Access, Body, Method, ROUTES, Route};

pub(crate) async fn answer() -> Json<Value> {
    Json(document())
}

/// The document.
#[must_use]
pub fn document() -> Value {
    let mut paths = Map::new();
    for route in ROUTES {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_ascii_lowercase()] = operation(route);
    }
    let (components, known) = (components(), known());
    let mut schemas: Map<String, Value> = components
        .iter()
        .map(|component| {
            (
                component.name.to_owned(),
                component.schema(&components, &known),
            )
        })
        .collect();
    schemas.insert("Document".to_owned(), json!({"type": "object"}));
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Scrim queue protocol", "version": "1", "description":
            "How a desk pulls flagged items, holds them and hands decisions back with exactly-once \
             effect. Unknown fields are ignored, unknown enumeration values kept; v1 only adds."},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    })
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn json_content(name: &str) -> Value {
    json!({"application/json": {"schema": reference(name)}})
}

fn operation(route: &Route) -> Value {
    let mut operation = json!({
        "summary": route.summary,
        "parameters": parameters(route),
        "responses": responses(route),
    });
    operation["security"] = match route.access {
        Access::Everyone => json!([]),
        Access::SignedIn | Access::Roles(_) => json!([{"token": []}]),
    };
    if let Access::Roles(roles) = route.access {
        operation["x-roles"] = roles.iter().map(|role| role.as_str()).collect();
    }
    match route.request {
        Body::Empty | Body::Bytes => {}
        Body::Json(name) => {
            operation["requestBody"] = json!({"required": true, "content": json_content(name)});
        }
        Body::Parts(name) => {
            operation["requestBody"] = json!({"required": true, "content": {"multipart/form-data": {
                "schema": {"type": "object", "required": ["item"],
                    "properties": {"item": reference(name)},
                    "patternProperties": {"^media-[0-9]+$": {"type": "string", "format": "binary"}}},
                "encoding": {"item": {"contentType": "application/json"}}}}});
        }
    }
    operation
}

fn parameters(route: &Route) -> Vec<Value> {
    let in_path = route
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({"in": "path", "name": name, "required": true, "schema": {"type": "string"}}));
    let key = (route.method == Method::Post).then(|| {
        json!({"in": "header", "name": "Idempotency-Key", "required": true,
            "schema": {"type": "string", "minLength": 1, "maxLength": 128}})
    });
    let others = route.parameters.iter().map(|parameter| {
        json!({"in": parameter.place, "name": parameter.name, "required": parameter.required,
            "schema": {"type": if parameter.name == "since" { "integer" } else { "string" }}})
    });
    in_path.chain(key).chain(others).collect()
}

fn responses(route: &Route) -> Value {
    let good = match route.answer {
        Body::Empty => json!({"description": "Done.",
            "content": {"application/json": {"schema": {"type": "object"}}}}),
        Body::Json(name) | Body::Parts(name) => {
            json!({"description": "The answer.", "content": json_content(name)})
        }
        Body::Bytes => json!({"description": "The bytes, with Repr-Digest of the whole.",
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}),
    };
    let mut responses = json!({
        "200": good,
        "default": {"description": "An error; branch on its code.", "content": json_content("ErrorBody")},
    });
    if route.parameters.iter().any(|p| p.name == "If-None-Match") {
        responses["304"] = json!({"description": "The tag is still good."});
    }
    if route.answer == Body::Bytes {
        responses["206"] = responses["200"].clone();
    }
    responses
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|inner| references(inner, found));
            }
            Value::Array(rows) => rows.iter().for_each(|inner| references(inner, found)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 20);
        for reference in found {
            let pointer = reference.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }

    #[test]
    fn schemas_say_what_the_types_read() {
        let schemas = &document()["components"]["schemas"];
        assert_eq!(schemas["ClaimsRequest"]["required"], json!(["count"]));
        assert_eq!(schemas["Item"]["required"], json!(["id", "kind"]));
        let due = &schemas["Item"]["properties"]["due_at"]["anyOf"];
        assert_eq!(due[0]["format"], "date-time");
        assert_eq!(due[1]["type"], "null");
        assert_eq!(
            schemas["DecisionRow"]["oneOf"][3]["properties"]["result"]["const"],
            "overtaken"
        );
        let claims = &schemas["ClaimsAnswer"]["properties"]["claims"];
        assert_eq!(claims["items"]["$ref"], "#/components/schemas/Claim");
        let kinds = schemas["Item"]["properties"]["kind"]["examples"]
            .as_array()
            .unwrap();
        assert!(kinds.contains(&json!("conversation")));
    }
}
