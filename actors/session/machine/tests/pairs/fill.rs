//! Fills in the words in capitals of a line: what it is about in the state that it is played in.

use super::chat::Chat;
use super::rules::kind_and_nonce;
use crate::session::Prompt;

impl Chat {
    /// Fills in the words in capitals; `None` if there is nothing to fill in.
    pub(super) fn filled_in(&self, line: &str) -> Option<String> {
        let mut words = Vec::new();
        for word in line.split(' ') {
            words.push(match word.trim_end_matches(',') {
                "NONCE" | "DEAD" | "POST" | "TRANSCRIPT" | "QUEUED" | "RUNNING" | "LAST"
                | "ASKED" | "LOOKED" => self.meaning_of(word, line)?,
                "RUNNING,LAST" => {
                    let (running, last) = (self.meaning_of("RUNNING", line)?, "LAST");
                    format!("{running},{}", self.meaning_of(last, line)?)
                }
                _ => word.to_owned(),
            });
        }
        Some(words.join(" "))
    }

    fn meaning_of(&self, word: &str, line: &str) -> Option<String> {
        let machine = self.machine();
        let turn = machine.turn.as_ref();
        let is_about_messages = line.starts_with("edit") || line.starts_with("again");
        let name = |prompt: &Prompt| match is_about_messages {
            true => prompt.message.0.to_string(),
            false => prompt.id.0.clone(),
        };
        // What was changed or decided about has another id than its message says.
        let is_original = |prompt: &&Prompt| {
            !line.starts_with("again") || prompt.id.0 == format!("p{}", prompt.message.0)
        };
        let last = turn.and_then(|turn| turn.steered().last());
        let kind = kind_of_buttons(line);
        let is_of_kind = |data: &&String| data.starts_with(kind);
        let nonce = |data: &String| kind_and_nonce(data).1.to_owned();
        match word {
            "QUEUED" => machine.prompts.next().filter(is_original).map(name),
            "RUNNING" => turn.map(|turn| turn.prompt()).filter(is_original).map(name),
            "LOOKED" => machine.archive.waiting().next().map(|id| id.0.clone()),
            "ASKED" => machine.enquiries.waiting().next().map(|id| id.0.clone()),
            "LAST" => last.map(|(prompt, _)| name(prompt)),
            "NONCE" => {
                let mut open = self.world.buttons.values().flatten().filter(is_of_kind);
                open.next_back().map(nonce)
            }
            "DEAD" => {
                let mut dead = self.world.dead_buttons.iter().filter(is_of_kind);
                dead.next_back().map(nonce)
            }
            "POST" => {
                let mut posts = self.world.buttons.iter().rev();
                let (post, _) =
                    posts.find(|(_, buttons)| buttons.iter().any(|it| it.starts_with("a1")))?;
                Some(post.0.to_string())
            }
            "TRANSCRIPT" => {
                let mut posts = self.world.buttons.iter().rev();
                let (post, _) = posts.find(|(_, buttons)| buttons[0].starts_with("t1"))?;
                Some(post.0.to_string())
            }
            _ => None,
        }
    }
}

/// Returns what begins the data of the buttons that a line presses.
fn kind_of_buttons(line: &str) -> &'static str {
    match line.split(' ').next().unwrap_or_default() {
        "answer" => "a1",
        "press" => "t1",
        "stop" => "s1",
        "wish" => "q1",
        "pick" => "c1",
        "stop_task" => "k1",
        _ => "none",
    }
}
