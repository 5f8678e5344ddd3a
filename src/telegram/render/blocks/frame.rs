//! What a rich message is built of, while it is being built.

use pulldown_cmark::Alignment;
use serde_json::{Value, json};

/// What is being built.
#[derive(Debug, Default)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) blocks: Vec<Value>,
    pub(super) text: Vec<Value>,
}

#[derive(Debug, Default)]
pub(super) enum Kind {
    #[default]
    Root,
    Paragraph,
    Heading(u8),
    Quote,
    Details,
    /// With the number of the next item.
    List(Option<u64>),
    Item {
        value: Option<u64>,
        is_checked: Option<bool>,
    },
    /// In this language.
    Code(String),
    Table(Vec<Alignment>),
    Row {
        is_header: bool,
    },
    Cell {
        is_header: bool,
        align: &'static str,
    },
    /// A text of this type.
    Styled(&'static str),
    Link(String),
}

impl Kind {
    pub(super) fn holds_blocks(&self) -> bool {
        match self {
            Kind::Root | Kind::Quote | Kind::Details | Kind::List(_) | Kind::Item { .. } => true,
            Kind::Table(_) | Kind::Row { .. } => true,
            Kind::Paragraph | Kind::Heading(_) | Kind::Code(_) => false,
            Kind::Cell { .. } | Kind::Styled(_) | Kind::Link(_) => false,
        }
    }
}

/// Makes a paragraph of the words that stand there without one; returns how many it made.
pub(super) fn flush(frame: &mut Frame) -> usize {
    if frame.text.is_empty() {
        return 0;
    }
    let text = joined(std::mem::take(&mut frame.text));
    let block = json!({ "type": "paragraph", "text": text });
    frame.blocks.push(block);
    1
}

pub(super) fn styled(name: &str, text: Value) -> Value {
    json!({ "type": name, "text": text })
}

pub(super) fn joined(mut parts: Vec<Value>) -> Value {
    match parts.len() {
        0 => json!(""),
        1 => parts.remove(0),
        _ => Value::Array(parts),
    }
}
