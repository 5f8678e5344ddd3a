//! What Claude is told of the chat, and of files that it sends.

use crate::file_offer::{MAX_CAPTION, MAX_FILES, ToolFate};
use crate::outbox::{FilesOutcome, RefusedFile};
use crate::ports::{PathFault, RefusedPath};

/// What the bridge's server says of itself.
pub const CHAT: &str = "You are talking to a person in a Telegram chat, often on a phone. They see \
    what you write, but not the files you make: to give them a file, use the tool send_file.";

/// What the tool says of itself.
pub const SEND_FILE_ABOUT: &str = "Sends files to the person in the Telegram chat. Use it when they \
    ask for a file, or when a picture, document or archive is the answer. Images are shown as \
    photos, several files arrive as an album. Files in the working folder, the chat's inbox and \
    your temporary folder are sent at once; for any other file the person is asked first. The \
    result says what arrived: do not say that a file was sent before.";

/// What the tool's paths are.
pub const PATHS_ABOUT: &str = "1 to 10 paths, absolute or relative to the working folder; files, \
    not folders, each up to 50 MB";

/// What the tool's caption is.
pub const CAPTION_ABOUT: &str = "A plain line below the first file, at most 1000 characters";

/// What the tool's form is.
pub const AS_ABOUT: &str = "\"photo\" (the default) shows images in the chat, made smaller by \
    Telegram; \"document\" sends every file as it is";

/// Says that the list of paths is none.
pub fn paths_malformed() -> String {
    format!(
        "Nothing was sent: `paths` must be a list of 1 to {MAX_FILES} paths, each a text that is \
         not empty. Send more files with further calls."
    )
}

/// Says that the caption cannot be used.
pub fn caption_malformed() -> String {
    format!(
        "Nothing was sent: `caption` must be a text of at most {MAX_CAPTION} characters. Say the \
         rest in your answer."
    )
}

/// Says that the form is none.
pub fn as_malformed() -> String {
    "Nothing was sent: `as` must be \"photo\" or \"document\"; leave it out for \"photo\"."
        .to_owned()
}

/// Says that there is no such argument.
pub fn argument_unknown(name: &str) -> String {
    format!(
        "Nothing was sent: there is no argument `{name}`. send_file takes `paths`, and optionally \
         `caption` and `as`."
    )
}

/// Says that too much is sent at once.
pub(in crate::session) fn too_many_files() -> (ToolFate, String) {
    let text = "Nothing was sent: too many calls of send_file wait already. Wait for their results \
                first.";
    (ToolFate::Failed, text.to_owned())
}

/// Says that the disk does not answer.
pub(in crate::session) fn files_not_read() -> (ToolFate, String) {
    let text = "Nothing was sent: the files could not be read in time. Check that their folder \
                answers, then try again.";
    (ToolFate::Failed, text.to_owned())
}

/// Says that a person does not want it.
pub(in crate::session) fn files_denied(message: &str) -> (ToolFate, String) {
    (ToolFate::Failed, format!("Nothing was sent. {message}"))
}

/// Says which files cannot be sent, and why.
pub(in crate::session) fn files_refused(refused: &[RefusedPath]) -> (ToolFate, String) {
    let lines: Vec<_> = (refused.iter())
        .map(|file| format!("- {}: {}", file.path, path_fault(&file.why)))
        .collect();
    let text = format!("Nothing was sent:\n{}", lines.join("\n"));
    (ToolFate::Failed, text)
}

fn path_fault(why: &PathFault) -> String {
    match why {
        PathFault::NotFound => "there is no such file; check the path".to_owned(),
        PathFault::NoPlainFile => {
            "this is no ordinary file; pack a folder into an archive first".to_owned()
        }
        PathFault::Own => "this belongs to the bridge and is never sent".to_owned(),
        PathFault::Empty => "the file is empty, and Telegram takes no empty files".to_owned(),
        PathFault::TooBig => {
            "the file is larger than 50 MB, the most that Telegram takes; make it smaller or \
             split it"
                .to_owned()
        }
        PathFault::Unreadable(why) => format!("the file cannot be read: {why}"),
    }
}

/// Says what became of each post of files: their names, and how it ended if that is known.
pub(in crate::session) fn files_sent(
    posts: &[(Vec<String>, Option<FilesOutcome>)],
) -> (ToolFate, String) {
    let mut lines = Vec::new();
    let mut fate = ToolFate::Done;
    for (names, outcome) in posts {
        let all = names.join(", ");
        let refused: &[RefusedFile] = match outcome {
            Some(FilesOutcome::Taken { but }) => {
                let is_refused = |name: &&String| but.iter().any(|it| it.name == **name);
                let arrived: Vec<_> = names.iter().filter(|it| !is_refused(it)).collect();
                let arrived: Vec<_> = arrived.into_iter().map(String::as_str).collect();
                if !arrived.is_empty() {
                    lines.push(format!("Delivered to the chat: {}.", arrived.join(", ")));
                }
                but
            }
            Some(FilesOutcome::Refused(refused)) => refused,
            Some(FilesOutcome::Undelivered(why)) => {
                fate = ToolFate::Failed;
                lines.push(format!(
                    "Not delivered: {all}. The chat cannot be written to: {why}."
                ));
                &[]
            }
            None => {
                fate = ToolFate::Failed;
                lines.push(format!(
                    "Not confirmed: {all}. Telegram has not answered yet. The bridge keeps \
                     trying by itself, so do not send this again, and do not say that it has \
                     arrived: it may arrive later."
                ));
                &[]
            }
        };
        for file in refused {
            fate = ToolFate::Failed;
            let RefusedFile { name, why } = file;
            lines.push(format!(
                "Telegram refused {name}: {why}. The person was told."
            ));
        }
    }
    (fate, lines.join("\n"))
}
