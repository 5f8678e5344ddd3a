//! A word with stars or underscores: which of them are text.

/// A run of stars or underscores in a word.
pub(super) struct Run {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) sign: char,
}

/// What a word as a whole says about the signs in it.
pub(super) struct Shape {
    /// Its name is `__so__`: every underscore belongs to it.
    is_dunder: bool,
    /// It begins with the letter of a drive: its backslashes lead to folders.
    pub(super) is_windows_path: bool,
    /// It has underscores that could be a pair.
    has_pair: bool,
    /// It holds a path, a call or an address.
    is_technical: bool,
    /// It begins and ends with the same run and has no other of its sign.
    is_wrapped: bool,
}

impl Shape {
    pub(super) fn of(word: &str) -> Self {
        let inner = word.trim_matches(|sign: char| is_bracket_or_stop(sign));
        let sign = inner
            .chars()
            .next()
            .filter(|sign| matches!(sign, '*' | '_'));
        let is_wrapped = sign.is_some_and(|sign| {
            let lead = run_length(inner, sign);
            let trail = inner.len() - inner.trim_end_matches(sign).len();
            let middle = inner.get(lead..inner.len() - trail).unwrap_or_default();
            lead == trail && !middle.is_empty() && !middle.contains(sign)
        });
        let mut signs = inner.chars();
        let is_windows_path = signs.next().is_some_and(|sign| sign.is_ascii_alphabetic())
            && signs.as_str().starts_with(r":\");
        Self {
            is_dunder: has_dunder(inner),
            is_windows_path,
            has_pair: has_pair_of_underscores(inner),
            is_technical: is_windows_path
                || inner.contains(['/', '('])
                || inner.contains("::")
                || has_inner_dot(inner),
            is_wrapped,
        }
    }

    /// Tells whether a run is text, not markup.
    pub(super) fn is_literal(&self, word: &str, run: &Run) -> bool {
        let before = word[..run.start].chars().next_back();
        let mut rest = word[run.end..].chars();
        let (after, later) = (rest.next(), rest.next());
        match run.sign {
            '_' => {
                let joins_star = before == Some('*') || after == Some('*');
                let is_name = self.is_technical && (self.has_pair || joins_star);
                self.is_dunder || is_name && !self.is_wrapped
            }
            _ if self.is_wrapped => false,
            _ => is_glob(before, after, later) || is_product(before, after, run),
        }
    }
}

/// Tells whether stars between these signs are those of a pattern of file names.
fn is_glob(before: Option<char>, after: Option<char>, later: Option<char>) -> bool {
    let names_on = |sign: Option<char>| sign.is_some_and(|it| it.is_alphanumeric() || it == '{');
    let opens =
        before.is_none_or(|it| matches!(it, '/' | '(' | '[' | '{' | '"' | '\'' | ',' | '=' | ':'));
    let names_an_end = matches!(after, Some('.' | '_' | '-')) && names_on(later);
    let is_folder = after == Some('/');
    let ends = after.is_none_or(is_bracket_or_stop);
    opens && (names_an_end || is_folder)
        || before == Some('/') && ends
        || matches!(before, Some('_' | '-' | '.')) && (names_an_end || ends)
}

/// Tells whether a star stands between factors, as in `2*3*4`.
fn is_product(before: Option<char>, after: Option<char>, run: &Run) -> bool {
    let is_factor = |sign: Option<char>| sign.is_some_and(|it| it.is_ascii_alphanumeric());
    run.end - run.start == 1 && is_factor(before) && is_factor(after)
}

/// Tells whether a word has a name such as `__init__`, in small letters.
fn has_dunder(word: &str) -> bool {
    let Some((_, rest)) = word.split_once("__") else {
        return false;
    };
    let name = rest.split("__").next().unwrap_or_default();
    let is_name = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_';
    !name.is_empty() && name.len() + 2 <= rest.len() && name.chars().all(is_name)
}

/// Tells whether a word goes on behind a dot, as the name of a file does.
fn has_inner_dot(word: &str) -> bool {
    let mut dots = word.match_indices('.');
    dots.any(|(at, _)| {
        let next = word[at + 1..].trim_start_matches('_').chars().next();
        next.is_some_and(|next| next.is_ascii_alphanumeric())
    })
}

/// Tells whether a word has two runs of underscores that could be a pair: each at the edge of a
/// name. One alone may belong to another word.
fn has_pair_of_underscores(word: &str) -> bool {
    let mut before = None;
    let mut n_edges = 0;
    let mut rest = word;
    while let Some(sign) = rest.chars().next() {
        if sign == '_' {
            let length = run_length(rest, '_');
            let is_name = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
            let after = rest[length..].chars().next();
            n_edges += usize::from(!is_name(before) || !is_name(after));
            rest = &rest[length..];
        } else {
            rest = &rest[sign.len_utf8()..];
        }
        before = Some(sign);
    }
    n_edges >= 2
}

pub(super) fn run_length(text: &str, sign: char) -> usize {
    text.len() - text.trim_start_matches(sign).len()
}

/// Tells whether a sign may stand around a name and is no part of it.
pub(in crate::telegram::render) fn is_bracket_or_stop(sign: char) -> bool {
    matches!(
        sign,
        '(' | ')'
            | '['
            | ']'
            | '{'
            | '}'
            | '"'
            | '\''
            | '“'
            | '”'
            | '‘'
            | '’'
            | '.'
            | ','
            | ';'
            | ':'
            | '!'
            | '?'
    )
}
