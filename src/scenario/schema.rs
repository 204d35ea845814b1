//! The JSON Schema of scenario files, from the declarations.

use super::distribution::FAMILIES;
use super::{Catalogue, Declaration, EventKind, FieldKind, explain, when};
use serde_json::{Map, Value, json};

/// A JSON Schema (2020-12) of scenario files; dates are strings there.
pub fn schema(catalogue: &Catalogue) -> Value {
    let mut properties = heading();
    for declaration in catalogue.declarations() {
        let table = properties
            .entry(declaration.table)
            .or_insert_with(|| closed(Map::new(), &format!("Numbers of `{}`.", declaration.table)));
        if let Some(keys) = table.get_mut("properties").and_then(Value::as_object_mut) {
            keys.insert(declaration.name.to_owned(), declared(declaration));
        }
    }
    let prior = catalogue
        .priors
        .iter()
        .map(|preset| json!({ "const": preset.name, "description": preset.about.trim() }));
    let prior =
        json!({ "description": "Named set of values.", "oneOf": prior.collect::<Vec<_>>() });
    let table = properties
        .entry(catalogue.prior_table)
        .or_insert_with(|| closed(Map::new(), "Named sets of values."));
    if let Some(keys) = table.get_mut("properties").and_then(Value::as_object_mut) {
        keys.insert(catalogue.prior_key.to_owned(), prior);
    }
    let channels = catalogue.channels.iter().map(|channel| {
        let about = "false mutes the channel.";
        ((*channel).to_owned(), json!({ "type": "boolean", "default": true, "description": about }))
    });
    properties.insert("channels".into(), closed(channels.collect(), "Channels to mute."));
    let events = json!({ "type": "array", "items": event(catalogue.events) });
    properties.insert("event".into(), events);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ustress scenario",
        "type": "object",
        "required": ["title"],
        "properties": properties,
        "additionalProperties": false,
        "$defs": definitions(),
    })
}

/// The keys that stand in no table.
fn heading() -> Map<String, Value> {
    let text = |about: &str| json!({ "type": "string", "description": about });
    let correlation = json!({
        "type": "object",
        "required": ["a", "b", "rho"],
        "properties": {
            "a": text("Address of a number."),
            "b": text("Address of another number."),
            "rho": {
                "type": "number",
                "exclusiveMinimum": -1,
                "exclusiveMaximum": 1,
                "description": "Correlation of their normals.",
            },
        },
        "additionalProperties": false,
    });
    let keys = [
        ("title", json!({ "type": "string", "minLength": 1, "description": "Title." })),
        ("story", text("Two or three sentences a committee can read.")),
        ("origin", text("The document the idea comes from.")),
        ("extends", text("Parent: a built-in name, or a path relative to this file.")),
        (
            "start",
            json!({ "type": "string", "format": "date", "description": "Day of the first step." }),
        ),
        (
            "horizon",
            json!({
                "type": "string",
                "pattern": "^[0-9]+[dwmy]$",
                "default": "12m",
                "description": "1 to 1260 days: 252d, 6w, 12m or 3y.",
            }),
        ),
        (
            "levels",
            json!({
                "description": "The day that the levels of the market in this file are of: one date, or dates by table or by address.",
                "anyOf": [{ "type": "string", "format": "date" }, { "type": "object" }],
            }),
        ),
        (
            "drop_events",
            json!({
                "description": "Names of parents' events to do without, or true for all. Others are inherited; an event with the name of a parent's amends it.",
                "anyOf": [
                    { "type": "boolean" },
                    { "type": "array", "items": { "type": "string" } },
                ],
            }),
        ),
        ("correlation", json!({ "type": "array", "items": correlation })),
        (
            "sources",
            json!({
                "type": "object",
                "description": "Where each number that differs from the parent comes from, by address; the key of an event, a kind of event or a table covers what lies below it.",
                "additionalProperties": { "anyOf": [{ "type": "string" }, { "type": "object" }] },
            }),
        ),
    ];
    keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// A table with these keys and no others.
fn closed(properties: Map<String, Value>, about: &str) -> Value {
    json!({
        "type": "object",
        "description": about,
        "properties": properties,
        "additionalProperties": false,
    })
}

fn declared(declaration: &Declaration) -> Value {
    let Declaration { about, unit, low, high, default, source, .. } = declaration;
    let source = if source.is_empty() { String::new() } else { format!(" Source: {source}.") };
    let default = default.unwrap_or("none");
    let text = format!("{} Default: {default}.{source}", about.trim());
    number(&text, unit, *low, *high)
}

/// A number in any of its forms, the constant within its hard range.
fn number(about: &str, unit: &str, low: f64, high: f64) -> Value {
    json!({
        "description": format!("{about} Range: {}.", explain::range(low, high, unit)),
        "anyOf": [
            { "type": "number", "minimum": low, "maximum": high },
            { "$ref": "#/$defs/interval" },
            { "$ref": "#/$defs/distribution" },
        ],
    })
}

fn event(kinds: &[EventKind]) -> Value {
    let any = json!([
        { "type": "string", "format": "date" },
        { "type": "string", "pattern": " to " },
        { "type": "object" },
    ]);
    let mut properties = Map::new();
    properties.insert("name".into(), json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]+$" }));
    properties
        .insert("day".into(), number("Step on which it happens, 1 is the first.", "day", 0.5, 1e6));
    properties
        .insert("date".into(), json!({ "description": "Date on which it happens.", "anyOf": any }));
    let about = "Number of the scheduled meeting, 1 is the first on or after the start.";
    let meeting = json!({ "type": "integer", "minimum": 1, "description": about });
    properties.insert("meeting".into(), meeting);
    let probability = number("Probability that it happens. Default: 1.", "probability", 0.0, 1.0);
    properties.insert("probability".into(), probability);
    for kind in kinds {
        properties.insert(kind.name.to_owned(), event_kind(kind));
    }
    let whole = kinds.iter().map(|kind| (kind.name.to_owned(), needed(kind)));
    let whole: Map<String, Value> = whole.collect();
    let meets = kinds.iter().map(|kind| kind.name).filter(|kind| when::has_meetings(kind));
    let meets: Vec<Value> = meets.chain(["name"]).map(|key| json!({ "required": [key] })).collect();
    json!({
        "type": "object",
        "description": "Something dated that happens; exactly one kind in each. With the name of a parent's event only what it amends.",
        "properties": properties,
        "additionalProperties": false,
        "allOf": [
            one_of(kinds.iter().map(|kind| kind.name)),
            one_of(when::KEYS),
            { "if": { "not": { "required": ["name"] } }, "then": { "properties": whole } },
            { "if": { "required": ["meeting"] }, "then": { "anyOf": meets } },
        ],
    })
}

/// One of some keys, or none where a name says which event of a parent is amended.
fn one_of<'k>(keys: impl IntoIterator<Item = &'k str>) -> Value {
    let mut one: Vec<Value> = keys.into_iter().map(|key| json!({ "required": [key] })).collect();
    let none = json!({ "required": ["name"], "not": { "anyOf": one.clone() } });
    one.push(none);
    json!({ "oneOf": one })
}

/// The fields that a whole event needs.
fn needed(kind: &EventKind) -> Value {
    let fields = kind.fields.iter();
    let needed = fields.filter(|field| !field.optional && !matches!(field.kind, FieldKind::Flag));
    json!({ "required": needed.map(|field| field.name).collect::<Vec<_>>() })
}

fn event_kind(kind: &EventKind) -> Value {
    let fields = kind.fields.iter().map(|field| {
        let about = field.about.trim();
        let value = match field.kind {
            FieldKind::Number { unit, low, high, default } if field.optional => {
                number(&format!("{about} Default: {default}."), unit, low, high)
            }
            FieldKind::Number { unit, low, high, .. } => number(about, unit, low, high),
            FieldKind::Word(words) => json!({ "description": about, "enum": words }),
            FieldKind::Flag => json!({ "description": about, "type": "boolean", "default": false }),
        };
        (field.name.to_owned(), value)
    });
    closed(fields.collect(), kind.about.trim())
}

/// The forms of a number that need no hard range.
fn definitions() -> Value {
    let shapes = FAMILIES.iter().map(|(family, keys)| {
        let fields = keys.iter().map(|key| ((*key).to_owned(), parameter(key)));
        let mut table = closed(fields.collect(), &format!("Parameters of `{family}`."));
        let needed = keys.iter().filter(|key| *family != "beta" || key.len() == 1);
        table["required"] = needed.map(|key| json!(key)).collect();
        json!({
            "type": "object",
            "required": [family],
            "properties": {
                *family: table,
                "min": { "type": "number", "description": "Truncation from below." },
                "max": { "type": "number", "description": "Truncation from above." },
            },
            "additionalProperties": false,
        })
    });
    json!({
        "interval": {
            "type": "string",
            "pattern": " to ",
            "description": "A 90% interval, \"9 to 27\": lognormal when both ends are positive, else normal.",
        },
        "distribution": { "oneOf": shapes.collect::<Vec<_>>() },
        "any_number": {
            "anyOf": [
                { "type": "number" },
                { "$ref": "#/$defs/interval" },
                { "$ref": "#/$defs/distribution" },
            ],
        },
    })
}

fn parameter(key: &str) -> Value {
    let positive = json!({ "type": "number", "exclusiveMinimum": 0 });
    match key {
        "sigma" | "sd" | "median" | "a" | "b" => positive,
        "p" => json!({ "type": "number", "minimum": 0, "maximum": 1 }),
        "weights" => json!({ "type": "array", "minItems": 1, "items": positive }),
        "values" => json!({ "type": "array", "minItems": 1, "items": { "type": "number" } }),
        "parts" => json!({
            "type": "array",
            "minItems": 1,
            "items": { "$ref": "#/$defs/any_number" },
        }),
        _ => json!({ "type": "number" }),
    }
}
