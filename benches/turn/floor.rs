//! The floor: the least that a bridge could do, so that what ours does is a ratio.
//!
//! A process of its own, with the HTTP client that the bridge has: it polls, puts each message on
//! the input of one agent that lives from the start, reads until the result and sends one message.
//! It keeps nothing on disk, reads no line but the last one, knows one chat, and asks for the same
//! lines as the bridge does, so that the agent's own share is the same.

use std::error::Error;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};

/// What begins the arguments of this role.
pub(crate) const ROLE: &str = "--floor";

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Returns the command that starts this program again as the floor of a bot, with this agent.
pub(crate) fn command(bot_url: &str, agent: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("a running program has a path"));
    command.args([ROLE, bot_url, agent]);
    command
}

/// Serves one bot until it is killed.
pub(crate) fn main(bot_url: &str, agent: &str) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(serve(bot_url, agent))
}

async fn serve(bot_url: &str, agent: &str) -> Outcome<()> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let mut agent = Agent::start(agent)?;
    let mut offset = 0;
    loop {
        let poll = json!({"offset": offset, "timeout": 50, "allowed_updates": ["message"]});
        let updates = call(&http, bot_url, "getUpdates", &poll).await?;
        for update in updates.as_array().into_iter().flatten() {
            offset = update["update_id"].as_i64().unwrap_or(offset) + 1;
            let message = &update["message"];
            let answer = agent.turn(&message["text"]).await?;
            let send = json!({
                "chat_id": message["chat"]["id"], "text": answer,
                "reply_parameters": {"message_id": message["message_id"]},
            });
            call(&http, bot_url, "sendMessage", &send).await?;
        }
    }
}

async fn call(
    http: &reqwest::Client,
    bot_url: &str,
    method: &str,
    payload: &Value,
) -> Outcome<Value> {
    let request = http.post(format!("{bot_url}/{method}")).json(payload);
    let mut answer: Value = request.send().await?.json().await?;
    match answer["ok"].as_bool() {
        Some(true) => Ok(answer["result"].take()),
        _ => Err(format!("{method}: {answer}").into()),
    }
}

/// One agent and its streams; it ends with its input.
struct Agent {
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Agent {
    fn start(program: &str) -> Outcome<Self> {
        let mut command = tokio::process::Command::new(program);
        let arguments = [
            "--input-format",
            "stream-json",
            "--output-format",
            "stream-json",
            "--include-partial-messages",
            "--replay-user-messages",
        ];
        // By the marker it is known when the agent has ended.
        let marker = std::env::current_dir()?.join("data");
        command
            .args(arguments)
            .env("CLAUDE_BRIDGE_HOME", marker)
            .env("CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS", "1");
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take().ok_or("no input")?;
        let output = child.stdout.take().ok_or("no output")?;
        Ok(Self {
            input,
            output: BufReader::new(output).lines(),
            _child: child,
        })
    }

    async fn turn(&mut self, text: &Value) -> Outcome<Value> {
        let content = json!([{"type": "text", "text": text}]);
        let message = json!({"role": "user", "content": content});
        let line = json!({"type": "user", "message": message});
        self.input.write_all(format!("{line}\n").as_bytes()).await?;
        while let Some(line) = self.output.next_line().await? {
            if line.contains(r#""type":"result""#) {
                let mut result: Value = serde_json::from_str(&line)?;
                return Ok(result["result"].take());
            }
        }
        Err("the agent is gone".into())
    }
}
