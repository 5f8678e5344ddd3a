//! Keeps `@path` in a prompt from making Claude read a file outside the session's folder.
//!
//! The CLI reads what is mentioned and puts it into the request without asking. Measured on
//! 2.1.197 and 2.1.330, which agree: a mention begins at the start of the text, after white space
//! or after one of `。、？！`; its path is quoted (and then trimmed), or runs to the next white
//! space without trailing punctuation and does not begin with a quotation mark; `#…` after it
//! selects lines; `~/`, `..` and links are followed; of a folder the listing is read.
//!
//! More than that is made inert here: every `@` counts, whatever stands before it, and so does
//! every beginning of what follows it, so that a CLI that reads mentions a little differently
//! finds nothing either. A file can still be replaced by a link between this check and the read;
//! the bridge's own files are then still kept by the deny rules of the command line.

#[cfg(any(test, feature = "fuzzing"))]
pub(super) mod promises;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

/// Longer than any path that Linux opens.
const MAX_PATH: usize = 4096;

/// How many paths of one text are looked up on disk; a later mention is inert unseen.
const MAX_LOOKUPS: usize = 5000;

/// Returns whether a text can mention anything at all; only then is the disk asked.
pub fn may_mention(text: &str) -> bool {
    text.contains('@')
}

/// Returns the text with every mention of a path outside `folder` made inert.
///
/// An inert mention has a space after its `@`: it reads the same and mentions nothing. Looks up
/// on disk where the links on a mentioned path lead.
pub fn neutralise(text: &str, folder: &Path) -> String {
    let real_folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    neutralise_with(text, folder, &real_folder, |path| path.canonicalize().ok())
}

/// Decides with `resolve`, which follows the links of a path, `None` where nothing is there.
fn neutralise_with(
    text: &str,
    folder: &Path,
    real_folder: &Path,
    resolve: impl FnMut(&Path) -> Option<PathBuf>,
) -> String {
    let mut judge = Judge {
        folder,
        real_folder,
        resolve,
        n_lookups: 0,
    };
    let mut pieces = text.split('@');
    let mut inert = String::with_capacity(text.len() + 8);
    inert.push_str(pieces.next().unwrap_or_default());
    let mut rest_from = inert.len();
    for piece in pieces {
        rest_from += 1;
        inert.push('@');
        if judge.leads_outside(&text[rest_from..]) {
            inert.push(' ');
        }
        inert.push_str(piece);
        rest_from += piece.len();
    }
    inert
}

/// Knows which paths are inside.
struct Judge<'a, R> {
    folder: &'a Path,
    real_folder: &'a Path,
    resolve: R,
    n_lookups: usize,
}

impl<R: FnMut(&Path) -> Option<PathBuf>> Judge<'_, R> {
    /// Returns whether a mention with `rest` after its `@` can lead outside.
    fn leads_outside(&mut self, rest: &str) -> bool {
        match rest.strip_prefix('"') {
            Some(quoted) => {
                let path = quoted.split('"').next().unwrap_or_default();
                let path = path.trim_start_matches(is_trimmed);
                // Should the CLI ever trim more than it does, it still finds nothing.
                let bare = path.trim_start_matches(|sign| is_trimmed(sign) || is_unseen(sign));
                self.is_outside(path) || self.is_outside(bare)
            }
            None => self.is_outside(rest.split(is_space).next().unwrap_or_default()),
        }
    }

    fn is_outside(&mut self, path: &str) -> bool {
        if path.len() > MAX_PATH || path.starts_with('~') || has_file_scheme(path) {
            return true;
        }
        match self.below_folder(path) {
            Some(relative) => self.strays(relative),
            None => true,
        }
    }

    /// Returns what is left of a path behind the folder; `None` when it begins elsewhere.
    fn below_folder<'p>(&self, path: &'p str) -> Option<&'p str> {
        if !path.starts_with('/') {
            return Some(path);
        }
        [self.folder, self.real_folder]
            .into_iter()
            .filter_map(Path::to_str)
            // The CLI would cut such a path at the mark, and read what is there.
            .filter(|folder| !folder.contains('#'))
            .find_map(|folder| match path.strip_prefix(folder)? {
                "" => Some(""),
                below => below.strip_prefix('/'),
            })
    }

    /// Returns whether a relative path, cut after whichever character, names something outside.
    ///
    /// Dots are taken out before the disk is asked, as the CLI does it: `no-such/../link` is
    /// `link`.
    fn strays(&mut self, relative: &str) -> bool {
        let mut parent = PathBuf::new();
        let mut depth = 0_usize;
        let mut parent_exists = true;
        for name in relative.split('/') {
            if name.starts_with("..") && depth == 0 {
                return true;
            }
            if parent_exists && self.is_link_to_outside(&parent, name) {
                return true;
            }
            match name {
                "" | "." => continue,
                ".." => {
                    parent.pop();
                    depth -= 1;
                }
                _ => {
                    parent.push(name);
                    depth += 1;
                }
            }
            let Some(found) = self.look_up(&parent) else {
                return true;
            };
            parent_exists = found != Found::Nothing;
        }
        false
    }

    fn is_link_to_outside(&mut self, parent: &Path, name: &str) -> bool {
        let ends = name.char_indices().map(|(at, char)| at + char.len_utf8());
        for end in ends {
            match self.look_up(&parent.join(&name[..end])) {
                Some(Found::Inside | Found::Nothing) => {}
                Some(Found::Outside) | None => return true,
            }
        }
        false
    }

    /// Returns where a relative path leads; `None` when enough was looked up.
    fn look_up(&mut self, relative: &Path) -> Option<Found> {
        self.n_lookups += 1;
        if self.n_lookups > MAX_LOOKUPS {
            return None;
        }
        Some(match (self.resolve)(&self.folder.join(relative)) {
            None => Found::Nothing,
            Some(real) if real.starts_with(self.real_folder) => Found::Inside,
            Some(_) => Found::Outside,
        })
    }
}

/// Where a path leads, its links followed.
#[derive(PartialEq)]
enum Found {
    Nothing,
    Inside,
    Outside,
}

/// The white space that ends a path for certain. Other kinds may or may not: as part of a name
/// they are covered, since every beginning of a name is judged.
fn is_space(char: char) -> bool {
    matches!(char, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

/// What `trim()` of JavaScript takes off: white space and line ends of ECMA-262, 12.2 and 12.3.
/// Those of Rust are others: they have U+0085, and not U+FEFF.
fn is_trimmed(char: char) -> bool {
    char == '\u{feff}' || (char.is_whitespace() && char != '\u{85}')
}

/// Further signs that a program could take for white space.
fn is_unseen(char: char) -> bool {
    let joins_or_turns = matches!(char, '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}');
    char.is_whitespace() || char.is_control() || joins_or_turns
}

fn has_file_scheme(path: &str) -> bool {
    path.get(..5)
        .is_some_and(|start| start.eq_ignore_ascii_case("file:"))
}
