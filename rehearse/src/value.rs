//! Values of Terraform's language, to and from msgpack.
//! Source: https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/object-wire-format.md

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use rmpv::Value as Packed;

use crate::proto::DynamicValue;

/// One value; lists and sets look alike, and so do maps, objects and blocks.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    /// Known after apply, with what Terraform already knows about it.
    Unknown(Packed),
    Text(String),
    /// A number or boolean, which is only passed on.
    Scalar(Packed),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
}

impl Value {
    /// Known after apply, and nothing known about it before.
    pub(crate) fn unknown() -> Value {
        Value::Unknown(Packed::Ext(0, vec![0]))
    }

    /// An empty object where the schema leaves the type open: its type is sent along with it.
    pub(crate) fn empty_dynamic() -> Value {
        let kind = Packed::Binary(br#"["object",{}]"#.to_vec());
        Value::List(vec![Value::Scalar(kind), Value::Map(BTreeMap::new())])
    }

    /// Unwraps a value whose type the schema leaves open.
    #[must_use]
    pub fn of_dynamic(&self) -> &Value {
        match self {
            Value::List(pair) if pair.len() == 2 && matches!(&pair[0], Value::Scalar(Packed::Binary(_))) => &pair[1],
            _ => self,
        }
    }

    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The string of an attribute; empty without one.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Value::as_text).unwrap_or_default()
    }

    /// An attribute or block of an object; `None` for any other value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Map(fields) => fields.get(name),
            _ => None,
        }
    }

    /// Collects every string, at any depth.
    pub(crate) fn collect_texts(&self, texts: &mut Vec<String>) {
        match self {
            Value::Text(text) => texts.push(text.clone()),
            Value::List(items) => items.iter().for_each(|item| item.collect_texts(texts)),
            Value::Map(fields) => fields.values().for_each(|field| field.collect_texts(texts)),
            Value::Null | Value::Unknown(_) | Value::Scalar(_) => {}
        }
    }

    pub(crate) fn decode(wire: Option<&DynamicValue>) -> anyhow::Result<Value> {
        let wire = wire.context("a value is missing")?;
        // Terraform itself always sends msgpack.
        let packed = rmpv::decode::read_value(&mut wire.msgpack.as_slice()).context("a value is not msgpack")?;
        Value::unpack(packed)
    }

    pub(crate) fn encode(self) -> Option<DynamicValue> {
        let mut msgpack = Vec::new();
        rmpv::encode::write_value(&mut msgpack, &self.pack()).expect("a vector takes all bytes");
        Some(DynamicValue {
            msgpack,
            json: Vec::new(),
        })
    }

    fn unpack(packed: Packed) -> anyhow::Result<Value> {
        Ok(match packed {
            Packed::Nil => Value::Null,
            Packed::Ext(..) => Value::Unknown(packed),
            Packed::String(text) => Value::Text(text.into_str().context("a text is not UTF-8")?),
            Packed::Array(items) => Value::List(items.into_iter().map(Value::unpack).collect::<Result<_, _>>()?),
            Packed::Map(fields) => {
                let field = |(name, value): (Packed, Packed)| match name {
                    Packed::String(name) => {
                        Ok((name.into_str().context("a name is not UTF-8")?, Value::unpack(value)?))
                    }
                    other => bail!("a name is `{other}`"),
                };
                Value::Map(fields.into_iter().map(field).collect::<Result<_, _>>()?)
            }
            scalar => Value::Scalar(scalar),
        })
    }

    fn pack(self) -> Packed {
        match self {
            Value::Null => Packed::Nil,
            Value::Unknown(packed) | Value::Scalar(packed) => packed,
            Value::Text(text) => Packed::from(text),
            Value::List(items) => Packed::Array(items.into_iter().map(Value::pack).collect()),
            Value::Map(fields) => {
                let field = |(name, value): (String, Value)| (Packed::from(name), value.pack());
                Packed::Map(fields.into_iter().map(field).collect())
            }
        }
    }
}
