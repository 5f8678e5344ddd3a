//! Pure: a step to the pieces of a streamed answer, or to one answer in a single body.

use std::time::Duration;

use serde_json::{Value, json};

use super::script::{Reply, Step};

const TEXT_CHUNK: usize = 24;

/// Longer than any test waits; the connection ends before.
const FOR_EVER: Duration = Duration::from_secs(3600);

/// A part of a streamed answer.
pub(super) enum Piece {
    /// An event with its name in `type`.
    Event(Value),
    /// Silence.
    Wait(Duration),
    /// The connection ends here.
    HangUp,
}

/// Returns the pieces of the answer that performs `step`; `id` makes its ids unique.
pub(super) fn streamed(step: &Step, model: &str, id: usize) -> Vec<Piece> {
    let mut pieces = vec![Piece::Event(
        json!({"type": "message_start", "message": message(model, id, Vec::new())}),
    )];
    match step {
        Step::Quiet(silence) => {
            pieces.insert(0, Piece::Wait(*silence));
            pieces.extend(text_block(0, chunks("after the quiet")));
        }
        Step::Full(tokens) => {
            if let Some(Piece::Event(start)) = pieces.first_mut() {
                start["message"]["usage"]["input_tokens"] = json!(tokens);
            }
            pieces.extend(text_block(0, chunks("full")));
        }
        Step::Say(text) => pieces.extend(text_block(0, chunks(text))),
        Step::Long(n) => pieces.extend(text_block(0, chunks(&markdown(*n)))),
        Step::Slow { words, gap } => {
            let words =
                (0..*words).flat_map(|n| [said(0, &format!("word{n} ")), Piece::Wait(*gap)]);
            pieces.extend(text_block(0, words.collect()));
        }
        Step::Stall(silence) => pieces.extend(text_block(
            0,
            vec![
                said(0, "before the stall "),
                Piece::Wait(*silence),
                said(0, "after it"),
            ],
        )),
        Step::Tool { name, input } => {
            pieces.extend(text_block(0, chunks(&format!("Using {name}."))));
            pieces.extend(tool_block(1, name, input, &tool_id(id)));
        }
        Step::Together(calls) => {
            pieces.extend(text_block(0, chunks("Using several tools.")));
            for (index, (name, input)) in (1..).zip(calls) {
                pieces.extend(tool_block(index, name, input, &tool_id_of(id, index)));
            }
        }
        Step::Refuse => {}
        Step::Taught(reply) => pieces.extend(taught(reply, id)),
        Step::Cut { .. } | Step::Error { .. } | Step::Limit { .. } => {
            pieces.extend([block_start(0), said(0, "lost "), Piece::HangUp]);
        }
    }
    pieces.extend([
        Piece::Event(json!({
            "type": "message_delta",
            "delta": {"stop_reason": stop_reason(step), "stop_sequence": null},
            "usage": usage(),
        })),
        Piece::Event(json!({"type": "message_stop"})),
    ]);
    pieces
}

/// Returns the whole answer of `step` for a caller that does not stream.
pub(super) fn whole(step: &Step, model: &str, id: usize) -> Value {
    let content = match step {
        Step::Say(text) => vec![json!({"type": "text", "text": text})],
        Step::Long(n) => vec![json!({"type": "text", "text": markdown(*n)})],
        Step::Tool { name, input } => {
            vec![json!({"type": "tool_use", "id": tool_id(id), "name": name, "input": input})]
        }
        Step::Together(calls) => (1..)
            .zip(calls)
            .map(|(index, (name, input))| {
                let id = tool_id_of(id, index);
                json!({"type": "tool_use", "id": id, "name": name, "input": input})
            })
            .collect(),
        Step::Taught(reply) => {
            let has_words = !reply.words.is_empty();
            let words = has_words.then(|| json!({"type": "text", "text": reply.words}));
            let calls = numbered_calls(reply, id).map(
                |(_, name, input, id)| json!({"type": "tool_use", "id": id, "name": name, "input": input}),
            );
            words.into_iter().chain(calls).collect()
        }
        Step::Slow { .. }
        | Step::Full(_)
        | Step::Stall(_)
        | Step::Quiet(_)
        | Step::Refuse
        | Step::Cut { .. }
        | Step::Error { .. }
        | Step::Limit { .. } => {
            vec![json!({"type": "text", "text": "only streamed"})]
        }
    };
    let mut message = message(model, id, content);
    message["stop_reason"] = json!(stop_reason(step));
    message
}

fn message(model: &str, id: usize, content: Vec<Value>) -> Value {
    json!({
        "id": format!("msg_mock_{id}"),
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": content,
        "stop_reason": null,
        "stop_sequence": null,
        "usage": usage(),
    })
}

fn usage() -> Value {
    json!({
        "input_tokens": 1000,
        "output_tokens": 10,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
    })
}

fn stop_reason(step: &Step) -> &'static str {
    match step {
        Step::Tool { .. } | Step::Together(_) => "tool_use",
        Step::Taught(reply) if !reply.calls.is_empty() => "tool_use",
        Step::Refuse => "refusal",
        Step::Taught(_)
        | Step::Say(_)
        | Step::Full(_)
        | Step::Long(_)
        | Step::Slow { .. }
        | Step::Stall(_)
        | Step::Quiet(_)
        | Step::Cut { .. }
        | Step::Error { .. }
        | Step::Limit { .. } => "end_turn",
    }
}

fn taught(reply: &Reply, id: usize) -> Vec<Piece> {
    let mut words = chunks(&reply.words);
    if reply.is_stuck {
        words.push(Piece::Wait(FOR_EVER));
    }
    let mut pieces = match reply.words.is_empty() {
        true => Vec::new(),
        false => text_block(0, words),
    };
    for (index, name, input, tool_id) in numbered_calls(reply, id) {
        pieces.extend(tool_block(index, name, input, &tool_id));
    }
    pieces
}

/// Returns the calls of a reply with their places and ids; words, if there are any, stand before.
fn numbered_calls(reply: &Reply, id: usize) -> impl Iterator<Item = (usize, &str, &Value, String)> {
    let first = usize::from(!reply.words.is_empty());
    let calls = (first..).zip(&reply.calls);
    calls.map(move |(index, (name, input))| (index, name.as_str(), input, tool_id_of(id, index)))
}

fn text_block(index: usize, content: Vec<Piece>) -> Vec<Piece> {
    let mut pieces = vec![block_start(index)];
    pieces.extend(content);
    pieces.push(block_stop(index));
    pieces
}

fn tool_block(index: usize, name: &str, input: &Value, tool_id: &str) -> Vec<Piece> {
    vec![
        Piece::Event(json!({
            "type": "content_block_start",
            "index": index,
            "content_block": {"type": "tool_use", "id": tool_id, "name": name, "input": {}},
        })),
        Piece::Event(json!({
            "type": "content_block_delta",
            "index": index,
            "delta": {"type": "input_json_delta", "partial_json": input.to_string()},
        })),
        block_stop(index),
    ]
}

fn tool_id(id: usize) -> String {
    format!("toolu_mock_{id}")
}

fn tool_id_of(id: usize, index: usize) -> String {
    format!("toolu_mock_{id}_{index}")
}

fn block_start(index: usize) -> Piece {
    Piece::Event(json!({
        "type": "content_block_start",
        "index": index,
        "content_block": {"type": "text", "text": ""},
    }))
}

fn block_stop(index: usize) -> Piece {
    Piece::Event(json!({"type": "content_block_stop", "index": index}))
}

fn chunks(text: &str) -> Vec<Piece> {
    let characters: Vec<char> = text.chars().collect();
    characters
        .chunks(TEXT_CHUNK)
        .map(|chunk| said(0, &chunk.iter().collect::<String>()))
        .collect()
}

fn said(index: usize, text: &str) -> Piece {
    Piece::Event(json!({
        "type": "content_block_delta",
        "index": index,
        "delta": {"type": "text_delta", "text": text},
    }))
}

fn markdown(n: usize) -> String {
    (1..)
        .flat_map(|section| {
            format!(
                "## Section {section}\n\nSome **bold** text and `code`:\n\n- one\n- two\n\n\
                 ```rust\nfn section_{section}() {{}}\n```\n\n"
            )
            .into_bytes()
        })
        .take(n)
        .map(char::from)
        .collect()
}
