//! How a message is made to fit where Telegram does not take it as it is.

/// What becomes of a message before it leaves: Telegram may take its text only in pieces, or only
/// without its markup.
///
/// A piece that is still too long is halved again, so the pieces are the leaves of a tree; one is
/// known by its depth and its place in the row of that depth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fit {
    n_halvings: u8,
    /// From 0.
    piece: u64,
    markup: Markup,
}

/// Whether a text keeps its markup.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Markup {
    /// It does.
    #[default]
    Kept,
    /// Telegram has refused it.
    LeftOut,
}

/// One half of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// Its beginning.
    First,
    /// What is left.
    Second,
}

/// The most halvings: far more than the longest message needs to come down to single characters.
const MAX_HALVINGS: u8 = 40;

impl Fit {
    /// Returns the first half of this piece; `None` where it cannot be made smaller.
    pub fn halved(self) -> Option<Self> {
        let n_halvings = self.n_halvings + 1;
        (n_halvings <= MAX_HALVINGS).then_some(Self {
            n_halvings,
            piece: self.piece * 2,
            ..self
        })
    }

    /// Returns the piece that follows, as large as it may be; `None` behind the last one.
    pub fn next_piece(self) -> Option<Self> {
        // A second half ends the piece that it is part of.
        let n_ended = u8::try_from(self.piece.trailing_ones()).unwrap_or(MAX_HALVINGS);
        let n_halvings = self.n_halvings.checked_sub(n_ended).filter(|n| *n > 0)?;
        Some(Self {
            n_halvings,
            piece: (self.piece >> n_ended) + 1,
            ..self
        })
    }

    /// Returns the same piece without its markup; `None` where it has none any more.
    pub fn without_markup(self) -> Option<Self> {
        match self.markup {
            Markup::Kept => Some(Self {
                markup: Markup::LeftOut,
                ..self
            }),
            Markup::LeftOut => None,
        }
    }

    /// Tells whether nothing of the message comes before this piece.
    pub(super) fn is_first(self) -> bool {
        self.piece == 0
    }

    /// Tells whether the message ends with this piece.
    pub fn is_last(self) -> bool {
        self.next_piece().is_none()
    }

    /// Returns the way from the whole text to this piece.
    pub fn halves(self) -> impl Iterator<Item = Half> {
        let depths = (0..self.n_halvings).rev();
        depths.map(move |depth| match (self.piece >> depth) & 1 {
            0 => Half::First,
            _ => Half::Second,
        })
    }

    /// Returns what becomes of the markup.
    pub fn markup(self) -> Markup {
        self.markup
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the pieces of a text of which none may be longer than this.
    fn pieces(text: &str, longest: usize) -> Vec<String> {
        let mut fit = Some(Fit::default());
        let mut pieces = Vec::new();
        while let Some(at) = fit {
            let piece = at.halves().fold(text, |text, half| {
                let (first, second) = text.split_at(text.len() / 2);
                match half {
                    Half::First => first,
                    Half::Second => second,
                }
            });
            if piece.len() > longest {
                fit = at.halved();
            } else {
                assert_eq!(at.is_first(), pieces.is_empty());
                pieces.push(piece.to_owned());
                fit = at.next_piece();
                assert_eq!(at.is_last(), fit.is_none());
            }
        }
        pieces
    }

    #[test]
    fn the_pieces_are_the_whole_text_in_its_order() {
        let text = "abcdefghijklm";
        for longest in 1..=text.len() {
            let pieces = pieces(text, longest);
            assert_eq!(pieces.concat(), text);
            assert!(pieces.iter().all(|piece| piece.len() <= longest));
        }
        assert_eq!(pieces(text, 5), ["abc", "def", "ghi", "jklm"]);
        assert_eq!(
            pieces("abcdefg", 3),
            ["abc", "de", "fg"],
            "no smaller than need be"
        );
    }

    #[test]
    fn halving_has_an_end_and_markup_is_left_out_once() {
        let mut fit = Fit::default();
        while let Some(smaller) = fit.halved() {
            fit = smaller;
        }
        assert!(fit.is_first() && !fit.is_last());
        let bare = fit.without_markup().unwrap();
        assert_eq!(bare.markup(), Markup::LeftOut);
        assert_eq!(bare.without_markup(), None);
        assert_eq!(bare.next_piece().unwrap().markup(), Markup::LeftOut);
    }
}
