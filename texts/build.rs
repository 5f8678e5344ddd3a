//! Makes one function for each message of `en.ftl`.
//!
//! The comment of a message says what is put into it, in the order of the function's arguments:
//!
//! ```text
//! # $waiting (count): how many messages wait
//! # $command (text): what has to be written to drop them
//! queue-is-full = …
//! ```
//!
//! What the comment does not say, what the message does not use, and a choice by anything but a
//! count stop the build.

use std::collections::BTreeSet;
use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use fluent_syntax::ast::{
    Comment, Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Resource,
};
use fluent_syntax::parser;
use fluent_syntax::serializer::serialize;

const CATALOGUE: &str = "en.ftl";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// An argument as the comment of its message says.
struct Argument<'s> {
    name: &'s str,
    kind: Kind,
    what: &'s str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Count,
    Text,
}

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed={CATALOGUE}");
    let source = fs::read_to_string(CATALOGUE)?;
    let resource =
        parser::parse(source.as_str()).map_err(|(_, errors)| format!("{CATALOGUE}: {errors:?}"))?;
    let mut keys = BTreeSet::new();
    let mut functions = String::new();
    let mut table = String::new();
    for entry in &resource.body {
        match entry {
            Entry::Message(message) => {
                let key = message.id.name;
                if !keys.insert(key) {
                    return Err(format!("{CATALOGUE}: {key} is there twice").into());
                }
                write_message(message, &mut functions, &mut table)
                    .map_err(|error| format!("{CATALOGUE}: {key}: {error}"))?;
            }
            Entry::Junk { content } => {
                return Err(format!("{CATALOGUE}: not understood: {content}").into());
            }
            Entry::Term(_)
            | Entry::Comment(_)
            | Entry::GroupComment(_)
            | Entry::ResourceComment(_) => {}
        }
    }
    let code = format!(
        "impl Say {{\n{functions}}}\n\n/// All messages, in the order of the catalogue.\npub \
         const MESSAGES: &[Message] = &[\n{table}];\n"
    );
    let path = Path::new(&env::var("OUT_DIR")?).join("messages.rs");
    Ok(fs::write(path, code)?)
}

fn write_message(
    message: &Message<&str>,
    functions: &mut String,
    table: &mut String,
) -> Result<()> {
    let key = message.id.name;
    let pattern = message.value.as_ref().ok_or("it has no text")?;
    if !message.attributes.is_empty() {
        return Err("attributes have no function".into());
    }
    let arguments = match &message.comment {
        Some(comment) => arguments(comment)?,
        None => Vec::new(),
    };
    check_use(pattern, &arguments)?;
    let function = key.replace('-', "_");
    let english = english(message);
    let (mut taken, mut values, mut listed, mut docs) = Default::default();
    for argument in &arguments {
        write_argument(argument, &mut taken, &mut values, &mut listed, &mut docs)?;
    }
    let quoted: String = english.lines().fold(String::new(), |mut doc, line| {
        _ = writeln!(doc, "    /// {line}");
        doc
    });
    writeln!(
        functions,
        "    /// Says:\n    /// ```ftl\n{quoted}    /// ```\n{docs}    pub fn {function}(self{taken}) -> \
         String {{\n        self.text({key:?}, [{values}])\n    }}\n"
    )?;
    writeln!(
        table,
        "    Message {{ key: {key:?}, function: {function:?}, english: {english:?}, arguments: \
         &[{listed}] }},"
    )?;
    Ok(())
}

fn write_argument(
    argument: &Argument<'_>,
    taken: &mut String,
    values: &mut String,
    listed: &mut String,
    docs: &mut String,
) -> Result<()> {
    let Argument { name, kind, what } = argument;
    let variable = name.replace('-', "_");
    let (type_of, value) = match kind {
        Kind::Count => ("usize", format!("Value::Count({variable} as u64)")),
        Kind::Text => (
            "impl std::fmt::Display",
            format!("Value::Text({variable}.to_string())"),
        ),
    };
    write!(taken, ", {variable}: {type_of}")?;
    write!(values, "({name:?}, {value}), ")?;
    write!(
        listed,
        "Argument {{ name: {name:?}, kind: Kind::{kind:?} }}, "
    )?;
    writeln!(docs, "    ///\n    /// `{variable}`: {what}.")?;
    Ok(())
}

/// Reads the lines of a comment that begin with the name of an argument.
fn arguments<'s>(comment: &Comment<&'s str>) -> Result<Vec<Argument<'s>>> {
    let lines = comment.content.iter().copied();
    let named = lines.filter_map(|line| Some((line, line.strip_prefix('$')?)));
    named
        .map(|(line, rest)| {
            let (name, rest) = rest.split_once(" (").ok_or(wrong(line))?;
            let (kind, what) = rest.split_once("): ").ok_or(wrong(line))?;
            let kind = match kind {
                "count" => Kind::Count,
                "text" => Kind::Text,
                _ => return Err(wrong(line).into()),
            };
            Ok(Argument { name, kind, what })
        })
        .collect()
}

fn wrong(line: &str) -> String {
    format!("an argument is `$name (count): what` or `$name (text): what`, found `{line}`")
}

/// Fails unless the message uses just what its comment names, and chooses by counts alone.
fn check_use(pattern: &Pattern<&str>, arguments: &[Argument<'_>]) -> Result<()> {
    let mut used = Used::default();
    used.collect(pattern)?;
    let named: BTreeSet<_> = arguments.iter().map(|it| it.name).collect();
    if used.all != named || named.len() != arguments.len() {
        let used = used.all;
        return Err(format!("it uses {used:?}, and its comment names {named:?}").into());
    }
    let mut texts = arguments.iter().filter(|it| it.kind == Kind::Text);
    match texts.find(|it| used.selectors.contains(it.name)) {
        Some(text) => Err(format!("it chooses by ${}, which is no count", text.name).into()),
        None => Ok(()),
    }
}

/// The arguments that a message uses.
#[derive(Default)]
struct Used<'s> {
    all: BTreeSet<&'s str>,
    selectors: BTreeSet<&'s str>,
}

impl<'s> Used<'s> {
    fn collect(&mut self, pattern: &Pattern<&'s str>) -> Result<()> {
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { .. } => {}
                PatternElement::Placeable { expression } => self.collect_from(expression)?,
            }
        }
        Ok(())
    }

    fn collect_from(&mut self, expression: &Expression<&'s str>) -> Result<()> {
        match expression {
            Expression::Inline(inline) => {
                self.all.extend(variable(inline)?);
            }
            Expression::Select { selector, variants } => {
                let selector = variable(selector)?.ok_or("it chooses by no argument")?;
                self.all.insert(selector);
                self.selectors.insert(selector);
                for variant in variants {
                    self.collect(&variant.value)?;
                }
            }
        }
        Ok(())
    }
}

fn variable<'s>(inline: &InlineExpression<&'s str>) -> Result<Option<&'s str>> {
    match inline {
        InlineExpression::VariableReference { id } => Ok(Some(id.name)),
        InlineExpression::StringLiteral { .. } => Ok(None),
        InlineExpression::NumberLiteral { .. }
        | InlineExpression::FunctionReference { .. }
        | InlineExpression::MessageReference { .. }
        | InlineExpression::TermReference { .. }
        | InlineExpression::Placeable { .. } => {
            Err("only arguments and literal texts have a place in it".into())
        }
    }
}

/// Returns the text of a message as the catalogue has it.
fn english(message: &Message<&str>) -> String {
    let mut alone = message.clone();
    alone.comment = None;
    let text = serialize(&Resource {
        body: vec![Entry::Message(alone)],
    });
    let text = text
        .trim_start_matches(message.id.name)
        .trim_start_matches(" =");
    text.trim().to_owned()
}
