//! Serves a chat page with one post of every kind, for looking at it: `cargo run --example demo`.

use std::io::{Read as _, Write as _, stdin, stdout};

use anyhow::{Context as _, Result, ensure};
use playground::{Options, Page, Playground, Upload};
use serde_json::{Value, json};

const OWNER: i64 = 1001;
const CODE: &str = "fn last(tokens: &[Token]) -> Option<&Token> {\n    tokens.last()\n}";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let people = vec![(OWNER, "Owner".to_owned()), (1002, "Guest".to_owned())];
    let options = Options {
        page: Page::On,
        people,
        ..Options::default()
    };
    let playground = Playground::start(options)?;
    fill(&playground).await?;
    let url = playground.page_url().context("the page is on")?;
    writeln!(stdout(), "{url}").context("cannot print the address")?;
    // Serves until standard input ends.
    stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

async fn fill(playground: &Playground) -> Result<()> {
    let commands = json!([
        { "command": "new", "description": "start a new conversation" },
        { "command": "status", "description": "what is running" },
        { "command": "stop", "description": "interrupt the answer" },
    ]);
    call(playground, "setMyCommands", json!({ "commands": commands })).await?;
    let asked = playground.say(OWNER, "Why does the parser test fail? See /status first.");
    let look = json!({
        "chat_id": OWNER,
        "message_id": asked.message_id,
        "reaction": [{ "type": "emoji", "emoji": "👀" }],
    });
    call(playground, "setMessageReaction", look).await?;
    call(
        playground,
        "sendMessage",
        formatted_answer(asked.message_id),
    )
    .await?;
    let log = Upload::document("failing.log", "text/plain", vec![b'x'; 5300]);
    playground.send_file(OWNER, log);
    let sent = call(playground, "sendMessage", permission_prompt()).await?;
    let pin = json!({ "chat_id": OWNER, "message_id": sent["result"]["message_id"] });
    call(playground, "pinChatMessage", pin).await?;
    let typing = json!({ "chat_id": OWNER, "action": "typing" });
    call(playground, "sendChatAction", typing).await?;
    Ok(())
}

fn formatted_answer(reply_to: i64) -> Value {
    let quote = "Ranges in Rust do not include their end.";
    let text = format!(
        "Found it\nThe loop stops one token early. The end is exclusive, see the docs:\n{CODE}\n\
         {quote}\nThe password was hunter2 and run was bold."
    );
    let start_of = |part: &str| {
        text.find(part)
            .map_or(0, |at| text[..at].encode_utf16().count())
    };
    let mark = |kind: &str, part: &str| {
        let length = part.encode_utf16().count();
        json!({ "type": kind, "offset": start_of(part), "length": length })
    };
    let mut code = mark("pre", CODE);
    code["language"] = json!("rust");
    let mut link = mark("text_link", "docs");
    link["url"] = json!("https://doc.rust-lang.org");
    let entities = json!([
        mark("bold", "Found it"),
        mark("italic", "exclusive"),
        link,
        code,
        mark("blockquote", quote),
        mark("spoiler", "hunter2"),
        mark("code", "run"),
        mark("strikethrough", "bold"),
    ]);
    let reply = json!({ "message_id": reply_to });
    json!({ "chat_id": OWNER, "text": text, "entities": entities, "reply_parameters": reply })
}

fn permission_prompt() -> Value {
    let rows = json!([
        [
            { "text": "Allow", "callback_data": "yes", "style": "success" },
            { "text": "Deny", "callback_data": "no", "style": "danger" },
        ],
        [{ "text": "Always allow in this session", "callback_data": "always" }],
    ]);
    json!({
        "chat_id": OWNER,
        "text": "May I edit src/parser.rs?",
        "entities": [{ "type": "code", "offset": 11, "length": 13 }],
        "reply_markup": { "inline_keyboard": rows },
    })
}

async fn call(playground: &Playground, method: &str, params: Value) -> Result<Value> {
    let url = format!(
        "{}/bot{}/{method}",
        playground.api_url(),
        playground.token()
    );
    let client = reqwest::Client::builder().no_proxy().build()?;
    let answer: Value = client.post(url).json(&params).send().await?.json().await?;
    ensure!(
        answer["ok"] == json!(true),
        "{method} was refused: {answer}"
    );
    Ok(answer)
}
