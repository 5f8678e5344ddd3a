//! Pure: the texts of the rehearsal.

/// Ends every answer, so that nobody takes the rehearsal for Claude.
pub const NOTICE: &str = "_Rehearsal: a stand-in answered, not Claude._";

/// How much of a prompt is quoted, in characters.
const MAX_QUOTE: usize = 400;

/// Returns `text` with the notice after it.
pub(super) fn with_notice(text: &str) -> String {
    format!("{text}\n\n{NOTICE}")
}

/// Answers an ordinary prompt, the `count`-th of its conversation; without the notice.
pub(super) fn reply(prompt: &str, count: usize) -> String {
    let memory = match count {
        1 => "This is the **first** message of our conversation.".to_owned(),
        n => format!("This is message **{n}** of our conversation; I remember that much."),
    };
    format!(
        "Your message went all the way to an agent and back. You wrote:\n\n{}\n\n{memory} \
         Claude would work on it in this folder now. Answers can look like this:\n\n\
         - *emphasis*, **strong words** and `inline code`\n\
         - lists, quotes and links such as [the documentation](https://code.claude.com/docs)\n\n\
         ```rust\nfn main() {{\n    println!(\"hello\");\n}}\n```",
        quote(prompt)
    )
}

/// Returns Markdown of exactly `length` characters.
pub(super) fn long(length: usize) -> String {
    let paragraphs = (1..).flat_map(|n| {
        format!(
            "## Part {n}\n\nSome text with **strong words** and `code`, to fill part {n}.\n\n\
             ```text\nline one of part {n}\nline two of part {n}\n```\n\n"
        )
        .into_bytes()
    });
    paragraphs.take(length).map(char::from).collect()
}

/// Returns the words of a slow answer, one a piece.
pub(super) fn piece(index: usize) -> String {
    format!("piece{index} ")
}

/// Returns what a tool printed, as Markdown.
pub(super) fn tool_output(command: &str, output: &str, code: &str) -> String {
    format!(
        "`{command}` ended with {code} and printed:\n\n```text\n{}\n```",
        output.trim_end()
    )
}

fn quote(prompt: &str) -> String {
    let mut text: String = prompt.chars().take(MAX_QUOTE).collect();
    if prompt.chars().count() > MAX_QUOTE {
        text.push('…');
    }
    let lines: Vec<String> = text.lines().map(|line| format!("> {line}")).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_quotes_every_line_and_counts() {
        let reply = reply("one\ntwo", 3);
        assert!(reply.contains("> one\n> two\n"));
        assert!(reply.contains("message **3**"));
    }

    #[test]
    fn a_long_answer_has_the_length_asked_for() {
        for length in [0, 1, 100, 10_000] {
            assert_eq!(long(length).chars().count(), length);
        }
    }
}
