//! Serves a chat page with one post of every kind, for looking at it: `cargo run --example demo`.

use std::io::Read as _;

use anyhow::{Context as _, Result};
use playground::{Options, Page, Playground, Upload};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let people = vec![(1001, "Owner".to_owned()), (1002, "Guest".to_owned())];
    let options = Options {
        page: Page::On,
        people,
        ..Options::default()
    };
    let playground = Playground::start(options)?;
    fill(&playground).await?;
    let url = playground.page_url().context("the page is on")?;
    writeln_out(&url)?;
    // Serves until standard input ends.
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

async fn fill(playground: &Playground) -> Result<()> {
    call(
        playground,
        "setMyCommands",
        json!({ "commands": [
        { "command": "new", "description": "start a new conversation" },
        { "command": "status", "description": "what is running" },
        { "command": "stop", "description": "interrupt the answer" },
    ] }),
    )
    .await?;
    let asked = playground.say(1001, "Why does the parser test fail? See /status first.");
    call(
        playground,
        "setMessageReaction",
        json!({
            "chat_id": 1001, "message_id": asked.message_id,
            "reaction": [{ "type": "emoji", "emoji": "👀" }],
        }),
    )
    .await?;
    let text = "Found it\nThe loop stops one token early. The end is exclusive, see the docs:\n\
                fn last(tokens: &[Token]) -> Option<&Token> {\n    tokens.get(tokens.len() - 1)\n}\n\
                Ranges in Rust do not include their end.\nThe password was hunter2 and run was bold.";
    let at = |part: &str| text[..text.find(part).unwrap_or(0)].encode_utf16().count();
    let code = "fn last(tokens: &[Token]) -> Option<&Token> {\n    tokens.get(tokens.len() - 1)\n}";
    let mark = |kind: &str, part: &str| json!({ "type": kind, "offset": at(part), "length": part.encode_utf16().count() });
    let mut pre = mark("pre", code);
    pre["language"] = json!("rust");
    let mut link = mark("text_link", "docs");
    link["url"] = json!("https://doc.rust-lang.org");
    call(
        playground,
        "sendMessage",
        json!({
            "chat_id": 1001, "text": text,
            "reply_parameters": { "message_id": asked.message_id },
            "entities": [
                mark("bold", "Found it"), mark("italic", "exclusive"), link, pre,
                mark("blockquote", "Ranges in Rust do not include their end."),
                mark("spoiler", "hunter2"), mark("code", "run"), mark("strikethrough", "bold"),
            ],
        }),
    )
    .await?;
    playground.send_file(
        1001,
        Upload::document("failing.log", "text/plain", vec![b'x'; 5300]),
    );
    let permission = call(
        playground,
        "sendMessage",
        json!({
            "chat_id": 1001, "text": "May I edit src/parser.rs?",
            "entities": [{ "type": "code", "offset": 11, "length": 13 }],
            "reply_markup": { "inline_keyboard": [
                [{ "text": "Allow", "callback_data": "yes", "style": "success" },
                 { "text": "Deny", "callback_data": "no", "style": "danger" }],
                [{ "text": "Always allow in this session", "callback_data": "always" }],
            ] },
        }),
    )
    .await?;
    call(
        playground,
        "pinChatMessage",
        json!({
            "chat_id": 1001, "message_id": permission["result"]["message_id"],
        }),
    )
    .await?;
    call(
        playground,
        "sendChatAction",
        json!({ "chat_id": 1001, "action": "typing" }),
    )
    .await?;
    Ok(())
}

async fn call(playground: &Playground, method: &str, params: Value) -> Result<Value> {
    let url = format!(
        "{}/bot{}/{method}",
        playground.api_url(),
        playground.token()
    );
    let answer: Value = reqwest::Client::new()
        .post(url)
        .json(&params)
        .send()
        .await?
        .json()
        .await?;
    anyhow::ensure!(
        answer["ok"] == json!(true),
        "{method} was refused: {answer}"
    );
    Ok(answer)
}

fn writeln_out(url: &str) -> Result<()> {
    use std::io::Write as _;
    writeln!(std::io::stdout(), "{url}").context("cannot print the address")
}
