//! The compact Bot API schema: every method, its parameters and the types inside them.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

/// The schema this crate carries.
pub(crate) static SCHEMA: LazyLock<Schema> =
    LazyLock::new(|| Schema::parse(include_str!("../schema/bot-api.json")));

/// What a value may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    Float,
    Boolean,
    Text,
    /// Bytes of a multipart part, by name or as `attach://name`.
    File,
    /// One fixed string, as in the `type` of a union member.
    Constant(String),
    List(Box<Kind>),
    /// An object type or a union of several.
    Named(String),
}

/// One parameter of a method or one field of an object type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) required: bool,
    pub(crate) kinds: Vec<Kind>,
}

pub(crate) type Fields = BTreeMap<String, Field>;

#[derive(Debug)]
pub(crate) struct Method {
    /// The name as Telegram writes it.
    pub(crate) name: String,
    pub(crate) fields: Fields,
}

#[derive(Debug)]
pub(crate) struct Schema {
    methods: HashMap<String, Method>,
    types: HashMap<String, Fields>,
    unions: HashMap<String, Vec<Kind>>,
}

#[derive(Deserialize)]
struct Source {
    methods: BTreeMap<String, BTreeMap<String, String>>,
    types: BTreeMap<String, BTreeMap<String, String>>,
    unions: BTreeMap<String, Vec<String>>,
}

impl Schema {
    fn parse(text: &str) -> Self {
        let source: Source =
            serde_json::from_str(text).expect("the embedded schema has the shape of Source");
        let methods = source.methods.into_iter().map(|(name, fields)| {
            (
                name.to_ascii_lowercase(),
                Method {
                    name,
                    fields: parse_fields(fields),
                },
            )
        });
        let types = source
            .types
            .into_iter()
            .map(|(name, fields)| (name, parse_fields(fields)));
        let unions = source
            .unions
            .into_iter()
            .map(|(name, members)| (name, members.iter().map(|kind| parse_kind(kind)).collect()));
        Self {
            methods: methods.collect(),
            types: types.collect(),
            unions: unions.collect(),
        }
    }

    /// Finds a method; upper and lower case are the same.
    pub(crate) fn method(&self, name: &str) -> Option<&Method> {
        self.methods.get(&name.to_ascii_lowercase())
    }

    pub(crate) fn object(&self, name: &str) -> Option<&Fields> {
        self.types.get(name)
    }

    pub(crate) fn union(&self, name: &str) -> Option<&[Kind]> {
        self.unions.get(name).map(Vec::as_slice)
    }

    #[cfg(test)]
    pub(crate) fn methods(&self) -> impl Iterator<Item = &Method> {
        self.methods.values()
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Integer => f.write_str("Integer"),
            Self::Float => f.write_str("Float"),
            Self::Boolean => f.write_str("Boolean"),
            Self::Text => f.write_str("String"),
            Self::File => f.write_str("InputFile"),
            Self::Constant(text) => write!(f, "{text:?}"),
            Self::List(item) => write!(f, "Array of {item}"),
            Self::Named(name) => f.write_str(name),
        }
    }
}

fn parse_fields(fields: BTreeMap<String, String>) -> Fields {
    fields
        .into_iter()
        .map(|(name, text)| (name, parse_field(&text)))
        .collect()
}

fn parse_field(text: &str) -> Field {
    let (required, kinds) = match text.strip_prefix('!') {
        Some(kinds) => (true, kinds),
        None => (false, text),
    };
    Field {
        required,
        kinds: kinds.split('|').map(parse_kind).collect(),
    }
}

fn parse_kind(text: &str) -> Kind {
    if let Some(item) = text.strip_prefix("Array of ") {
        return Kind::List(Box::new(parse_kind(item)));
    }
    if let Some(constant) = text.strip_prefix('=') {
        return Kind::Constant(constant.to_owned());
    }
    match text {
        "Integer" => Kind::Integer,
        "Float" => Kind::Float,
        "Boolean" => Kind::Boolean,
        "String" => Kind::Text,
        "InputFile" => Kind::File,
        name => Kind::Named(name.to_owned()),
    }
}
