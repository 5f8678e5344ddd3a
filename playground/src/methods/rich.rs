//! Rich messages: checked against Telegram's limits, and shown as text with entities.

use serde_json::{Value, json};

use super::{Refusal, messages};
use crate::params::Params;
use crate::world::World;

/// The most blocks of a message; rows and items count too.
const MAX_BLOCKS: usize = 500;

/// The most characters of a message.
const MAX_TEXT: usize = 32_768;

pub(crate) fn send(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let Shown { text, entities, .. } = shown(params)?;
    let rich = params.values.get("rich_message").cloned();
    messages::publish(world, params, |post| {
        post.text = text;
        post.entities = entities;
        let blocks = rich.map(|rich| json!({ "blocks": rich["blocks"] }));
        post.fields
            .extend(blocks.map(|it| ("rich_message".to_owned(), it)));
    })
}

pub(crate) fn edit(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let Shown { text, entities, .. } = shown(params)?;
    messages::edit(world, params, |post| {
        let earlier = std::mem::replace(&mut post.text, text);
        post.earlier_texts.push(earlier);
        post.entities = entities;
        messages::set_markup(post, params.values.get("reply_markup"));
        Ok(())
    })
}

/// A rich message as the page shows it.
#[derive(Default)]
struct Shown {
    text: String,
    entities: Vec<Value>,
    n_blocks: usize,
}

fn shown(params: &Params) -> Result<Shown, Refusal> {
    let invalid = || Refusal::bad_request("RICH_MESSAGE_INVALID");
    let rich = params.values.get("rich_message").ok_or_else(invalid)?;
    let ways = ["blocks", "html", "markdown"].map(|way| rich.get(way));
    let [Some(blocks), None, None] = ways else {
        return Err(Refusal::bad_request(
            "the playground shows rich messages of blocks alone",
        ));
    };
    let mut shown = Shown::default();
    shown.blocks(blocks, "");
    let is_empty = shown.text.trim().is_empty();
    let is_too_much = shown.n_blocks > MAX_BLOCKS || shown.text.chars().count() > MAX_TEXT;
    match is_empty || is_too_much {
        true => Err(invalid()),
        false => Ok(shown),
    }
}

impl Shown {
    fn blocks(&mut self, blocks: &Value, indent: &str) {
        for block in blocks.as_array().into_iter().flatten() {
            self.n_blocks += 1;
            self.block(block, indent);
        }
    }

    fn block(&mut self, block: &Value, indent: &str) {
        if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
            self.text.push_str("\n\n");
        }
        let start = self.units();
        match block["type"].as_str().unwrap_or_default() {
            "heading" => self.marked("bold", |it| it.text(&block["text"])),
            "pre" => self.marked("pre", |it| it.text(&block["text"])),
            "divider" => self.text.push_str("———"),
            "blockquote" => self.marked("blockquote", |it| it.blocks(&block["blocks"], indent)),
            "list" => {
                for item in block["items"].as_array().into_iter().flatten() {
                    self.n_blocks += 1;
                    self.item(item, indent);
                }
            }
            "table" => self.marked("pre", |it| it.table(&block["cells"])),
            _ => self.text(&block["text"]),
        }
        debug_assert!(self.units() >= start);
    }

    fn item(&mut self, item: &Value, indent: &str) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        let label = match (&item["value"], item["is_checked"].as_bool()) {
            (Value::Number(number), _) => format!("{number}."),
            (_, Some(true)) => "☑".to_owned(),
            (_, Some(false)) => "☐".to_owned(),
            (_, None) => "•".to_owned(),
        };
        self.text.push_str(&format!("{indent}{label} "));
        self.blocks(&item["blocks"], &format!("{indent}  "));
    }

    fn table(&mut self, rows: &Value) {
        for (at, row) in rows.as_array().into_iter().flatten().enumerate() {
            self.n_blocks += 1;
            if at > 0 {
                self.text.push('\n');
            }
            for (at, cell) in row.as_array().into_iter().flatten().enumerate() {
                if at > 0 {
                    self.text.push_str(" | ");
                }
                self.text(&cell["text"]);
            }
        }
    }

    fn text(&mut self, text: &Value) {
        match text {
            Value::String(text) => self.text.push_str(text),
            Value::Array(parts) => parts.iter().for_each(|part| self.text(part)),
            Value::Object(fields) => {
                let inner = fields.get("text").unwrap_or(&Value::Null);
                match fields.get("type").and_then(Value::as_str) {
                    Some(kind @ ("bold" | "italic" | "underline" | "strikethrough" | "code")) => {
                        self.marked(kind, |it| it.text(inner));
                    }
                    Some("url") => {
                        let start = self.units();
                        self.text(inner);
                        let length = self.units() - start;
                        self.entities.push(json!({
                            "type": "text_link", "offset": start, "length": length,
                            "url": fields.get("url"),
                        }));
                    }
                    Some(_) | None => self.text(inner),
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn marked(&mut self, kind: &str, fill: impl FnOnce(&mut Self)) {
        let start = self.units();
        fill(self);
        let length = self.units() - start;
        if length > 0 {
            let entity = json!({ "type": kind, "offset": start, "length": length });
            self.entities.push(entity);
        }
    }

    fn units(&self) -> usize {
        self.text.encode_utf16().count()
    }
}
