//! The OpenAPI 3.1 document, made from the list of calls and the wire types.

use serde_json::{Map, Value, json};

use crate::examples::{components, known};
use crate::route::{Access, Body, Method, Route};

/// The document of these calls.
#[must_use]
pub(crate) fn document(routes: &[Route]) -> Value {
    let mut paths = Map::new();
    for route in routes {
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
                    "patternProperties": {"^(media|cover)-[0-9]+$": {"type": "string", "format": "binary"}}},
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
