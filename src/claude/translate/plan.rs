//! Pure: a plan to Markdown that shows all of it.
//!
//! A plan is approved as it is seen, and Markdown has places that are not seen: definitions and
//! titles of links, words after the language of a fence, cells beyond the last column, tags of HTML
//! and what they fold away. A plan with such a place is shown letter by letter, as a block of code.

use std::ops::Range;

use bridge_actors::visible::visible;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// What may stand behind a fence: a name of a language says nothing that has to be seen. Where
/// the block is empty or quoted it is not.
const LANGUAGES: &str = "bash c console cpp css csv diff dockerfile go html ini java javascript \
    js json jsx kotlin lua make makefile markdown md mermaid nix perl php plaintext powershell py \
    python rb rs ruby rust scala sh shell sql swift text toml ts tsx txt typescript xml yaml yml \
    zsh";

/// Returns Markdown that shows every word of a plan, with the signs that hide named.
pub(super) fn whole(plan: &str) -> String {
    let lines = plan.lines().map(|line| line.trim_end_matches([' ', '\t']));
    let lines: Vec<_> = lines.collect();
    let plan = visible(lines.join("\n").trim_matches('\n'));
    match Coverage::of(&plan).leaves_words_out() {
        true => as_code(&plan),
        false => plan,
    }
}

fn as_code(text: &str) -> String {
    let runs = text.split(|sign| sign != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or_default().max(2) + 1);
    format!("{fence}\n{text}\n{fence}")
}

/// What a rendering of Markdown shows of how it is written.
struct Coverage<'a> {
    markdown: &'a str,
    /// For each byte, whether it is shown.
    is_shown: Vec<bool>,
    /// Whether something is shown that is not written as it is, and hides.
    brings_hidden: bool,
    n_open_links: usize,
    n_open_tables: usize,
}

impl<'a> Coverage<'a> {
    fn of(markdown: &'a str) -> Self {
        let mut coverage = Self {
            markdown,
            is_shown: vec![false; markdown.len()],
            brings_hidden: false,
            n_open_links: 0,
            n_open_tables: 0,
        };
        let options =
            Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS;
        for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
            coverage.on_event(&event, range);
        }
        coverage
    }

    /// Signs of Markdown itself need not be seen; any other can be a word.
    fn leaves_words_out(&self) -> bool {
        let is_word = |sign: char| !sign.is_ascii_punctuation() && !sign.is_whitespace();
        let mut signs = self.markdown.char_indices();
        self.brings_hidden || signs.any(|(at, sign)| is_word(sign) && !self.is_shown[at])
    }

    fn on_event(&mut self, event: &Event<'_>, range: Range<usize>) {
        if let Event::Html(text) | Event::InlineHtml(text) = event
            && has_tag(text)
        {
            // A tag becomes a format, a link or a fold.
        } else if let Event::Text(text)
        | Event::Code(text)
        | Event::Html(text)
        | Event::InlineHtml(text) = event
        {
            // An entity such as `&#8203;` stands for a sign that was not there to be named.
            self.brings_hidden |= !self.markdown[range.clone()].contains(&**text)
                && visible(&format!("{text}.")) != format!("{text}.");
            self.is_shown[range].fill(true);
        } else if let Event::TaskListMarker(_) = event {
            self.is_shown[range].fill(true);
        } else if let Event::Start(Tag::Item) = event {
            let written = &self.markdown[range.clone()];
            let number = written.len()
                - written
                    .trim_start_matches(|sign: char| sign.is_ascii_digit())
                    .len();
            self.is_shown[range.start..range.start + number].fill(true);
        } else if let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = event {
            if LANGUAGES.split(' ').any(|name| name == &**info) {
                self.show(range.clone(), self.markdown[range].find(&**info), info);
            }
        } else if let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event
        {
            // The address in a cell, or of a picture within a link, is nowhere to be seen.
            if self.n_open_links == 0 && self.n_open_tables == 0 {
                self.show(
                    range.clone(),
                    self.markdown[range].rfind(&**dest_url),
                    dest_url,
                );
            }
            self.n_open_links += 1;
        } else if let Event::End(TagEnd::Link | TagEnd::Image) = event {
            self.n_open_links = self.n_open_links.saturating_sub(1);
        } else if let Event::Start(Tag::Table(_)) = event {
            self.n_open_tables += 1;
        } else if let Event::End(TagEnd::Table) = event {
            self.n_open_tables = self.n_open_tables.saturating_sub(1);
        }
    }

    /// Notes that `part`, found in this place of the range, is shown.
    fn show(&mut self, range: Range<usize>, place: Option<usize>, part: &str) {
        if let Some(place) = place {
            let start = range.start + place;
            self.is_shown[start..start + part.len()].fill(true);
        }
    }
}

/// Tells whether HTML has anything but comments.
fn has_tag(html: &str) -> bool {
    html.match_indices('<').any(|(at, _)| {
        let next = html[at + 1..].chars().next();
        next.is_some_and(|next| next.is_ascii_alphabetic() || next == '/')
    })
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn a_plan_without_hidden_places_stays_as_it_is() {
        for plan in [
            "# Plan\n\n1. Read `a.rs`\n2. **Write** [it](http://a.b/c_(d))\n   - [x] done",
            "```rust\nfn main() {}\n```\n\n| a | b |\n|---|---|\n| 1 | `2` |",
            "<!-- shown as it is --> &amp; \\* ~~no~~",
        ] {
            assert_eq!(whole(plan), plan);
        }
        assert_eq!(whole("one  \r\ntwo \n\n"), "one\ntwo");
    }

    #[test]
    fn a_plan_with_a_hidden_place_is_shown_letter_by_letter() {
        for plan in [
            "ok\n\n[//]: # (and rm -rf)",
            "[a](http://a.b \"and rm -rf\")",
            "```sh and rm -rf\nls\n```",
            "| a |\n|---|\n| b | rm -rf |",
            "| a |\n|---|\n| [b](http://c.d) |",
            "a &#x202e;b",
            "<details>\n<summary>ok</summary>\n\nand rm -rf\n\n</details>",
            "see <a href=\"http://a.b\">it</a>",
            "a <b>c</b>",
        ] {
            let code = whole(plan);
            let (fence, rest) = code.split_once('\n').unwrap();
            assert_eq!(rest, format!("{plan}\n{fence}"));
            assert!(fence.starts_with("```") && !plan.contains(fence));
        }
        assert_eq!(whole("a\u{202e}b"), "a⟦U+202E⟧b");
    }
}
