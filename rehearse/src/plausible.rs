//! Values that look like a real cloud's, always the same for the same resource.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::data::{self, applies};
use crate::value::Value;

/// A resource that needs values.
pub(crate) struct Subject<'a> {
    data: &'a data::Provider,
    type_name: &'a str,
    known: &'a Value,
    /// The provider's configuration.
    settings: &'a Value,
    seed: [u8; 32],
}

impl<'a> Subject<'a> {
    /// `known` is the resource's configuration. `generation` distinguishes resources that were removed and created
    /// again.
    pub(crate) fn new(
        data: &'a data::Provider,
        type_name: &'a str,
        known: &'a Value,
        generation: usize,
        settings: &'a Value,
    ) -> Subject<'a> {
        let mut hash = Sha256::new();
        hash.update(format!("{type_name} {generation}"));
        if let Value::Map(fields) = known {
            for (name, value) in fields {
                if let Value::Text(text) = value {
                    hash.update(format!(" {name} {text}"));
                }
            }
        }
        Subject {
            data,
            type_name,
            known,
            settings,
            seed: hash.finalize().into(),
        }
    }

    /// A value of the attribute's type, as written in schemas.
    pub(crate) fn value(&self, path: &str, kind: &serde_json::Value) -> Value {
        let mut lists = self.data.lists.iter();
        if let Some(list) = lists.find(|list| list.type_name == self.type_name && list.attribute == path) {
            let items: serde_json::Value = serde_json::from_str(list.items).expect("the table is JSON");
            return self.of_json(path, kind, &items);
        }
        let text = self.text(path);
        match kind.as_str().or(kind[0].as_str()) {
            Some("string") => Value::Text(text.unwrap_or_default()),
            Some("bool") => Value::Scalar((text.as_deref() == Some("true")).into()),
            Some("number") => Value::Scalar(text.and_then(|text| text.parse().ok()).unwrap_or(0).into()),
            Some("list" | "set") => Value::List(text.map(Value::Text).into_iter().collect()),
            Some("map") => Value::Map(BTreeMap::new()),
            Some("object") => {
                let fields = kind[1].as_object().into_iter().flatten();
                let field = |(name, kind): (&String, _)| (name.clone(), self.value(&format!("{path}.{name}"), kind));
                Value::Map(fields.map(field).collect())
            }
            Some("dynamic") => Value::empty_dynamic(),
            _ => Value::Null,
        }
    }

    /// A JSON value converted to the attribute's type; what is missing is empty.
    fn of_json(&self, path: &str, kind: &serde_json::Value, json: &serde_json::Value) -> Value {
        match kind.as_str().or(kind[0].as_str()) {
            Some("string") => Value::Text(self.fill(path, json.as_str().unwrap_or_default())),
            Some("bool") => Value::Scalar(json.as_bool().unwrap_or_default().into()),
            Some("number") => Value::Scalar(match json.as_i64() {
                Some(whole) => whole.into(),
                None => json.as_f64().unwrap_or_default().into(),
            }),
            Some("object") => {
                let fields = kind[1].as_object().into_iter().flatten();
                let field = |(name, kind): (&String, _)| (name.clone(), self.of_json(path, kind, &json[name]));
                Value::Map(fields.map(field).collect())
            }
            Some("map") => {
                let items = json.as_object().into_iter().flatten();
                let item = |(key, item): (&String, _)| (key.clone(), self.of_json(path, &kind[1], item));
                Value::Map(items.map(item).collect())
            }
            _ => {
                let items = json.as_array().into_iter().flatten();
                Value::List(items.map(|item| self.of_json(path, &kind[1], item)).collect())
            }
        }
    }

    /// The table's template, filled in.
    fn text(&self, path: &str) -> Option<String> {
        let mut rows = self.data.values.iter();
        let row = rows.find(|row| row.attribute == path && applies(row.type_name, self.type_name))?;
        Some(self.fill(path, row.template))
    }

    fn fill(&self, path: &str, template: &str) -> String {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, opened)) = rest.split_once('{') {
            let (name, after) = opened.split_once('}').expect("the table closes its braces");
            text.push_str(before);
            text.push_str(&self.placeholder(path, name));
            rest = after;
        }
        text + rest
    }

    fn placeholder(&self, path: &str, name: &str) -> String {
        match name.split_once('|') {
            Some((name, "last")) => {
                let whole = self.placeholder(path, name);
                whole.rsplit('/').next().unwrap_or_default().to_owned()
            }
            Some((name, "octet")) => (10 + digest(&self.placeholder(path, name))[0] % 90).to_string(),
            Some((word, "uuid")) => uuid(digest(word)),
            Some((_, other)) => panic!("a table asks for `{other}`"),
            None => self
                .told(name)
                .or_else(|| self.made_up(path, name))
                .or_else(|| self.text(name))
                .unwrap_or_default(),
        }
    }

    /// The value in the configuration of this resource, or else of the provider.
    fn told(&self, name: &str) -> Option<String> {
        let told = |value: &Value| value.get(name).and_then(Value::as_text).map(str::to_owned);
        told(self.known).or_else(|| told(self.settings).filter(|text| !text.is_empty()))
    }

    fn made_up(&self, path: &str, name: &str) -> Option<String> {
        Some(match name {
            "type" => self.type_name.to_owned(),
            "hex" => hex(&self.digest(path)[..16]),
            "code" => hex(&self.digest(path)[..4]),
            "uuid" => uuid(self.digest(path)),
            _ => return None,
        })
    }

    fn digest(&self, path: &str) -> [u8; 32] {
        digest(&format!("{} {path}", hex(&self.seed)))
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest as a UUID of version 4.
fn uuid(digest: [u8; 32]) -> String {
    let hex = hex(&digest);
    format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}
