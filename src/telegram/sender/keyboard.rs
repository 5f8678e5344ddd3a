//! Pure: the buttons of a body in the form that Telegram wants.

use bridge_actors::outbox::{Body, Button, PostError, Quoted, Rejection};
use serde_json::{Value, json};
use tracing::warn;

/// The most bytes that a button can bring back.
const MAX_DATA: usize = 64;

/// The most bytes of the address of a page that a button opens.
const MAX_ADDRESS: usize = 2_048;

/// Returns the buttons of a body; `None` when it has none.
///
/// # Errors
///
/// When Telegram would refuse one of them, which would cost the whole message.
pub(in crate::telegram) fn keyboard(body: &Body) -> Result<Option<Value>, PostError> {
    let rows = match body {
        Body::Choice { rows, .. }
        | Body::Live { rows, .. }
        | Body::Quoted(Quoted { rows, .. })
        | Body::Card { rows, .. } => rows.iter().filter(|row| !row.is_empty()),
        Body::Markdown(_)
        | Body::Rich(_)
        | Body::Plain(_)
        | Body::Folded(_)
        | Body::Document { .. }
        | Body::Files { .. } => {
            return Ok(None);
        }
    };
    let rows: Vec<Vec<Value>> = rows
        .map(|row| row.iter().map(button).collect())
        .collect::<Result<_, _>>()
        .inspect_err(|error| warn!(%error, "cannot send the buttons"))?;
    Ok((!rows.is_empty()).then(|| json!({ "inline_keyboard": rows })))
}

fn button(button: &Button) -> Result<Value, PostError> {
    let n_bytes = button.data.len();
    let page = button.page().filter(|_| !button.label.trim().is_empty());
    if let Some(page) = page.filter(|_| n_bytes <= MAX_ADDRESS) {
        return Ok(json!({ "text": button.label, "url": page }));
    }
    if !(1..=MAX_DATA).contains(&n_bytes) {
        return Err(PostError::Rejected(Rejection::ButtonData {
            n_bytes,
            most: MAX_DATA,
        }));
    }
    if button.label.trim().is_empty() {
        return Err(PostError::Rejected(Rejection::NoLabel));
    }
    Ok(json!({ "text": button.label, "callback_data": button.data }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(rows: &[&[(&str, &str)]]) -> Body {
        let button = |&(label, data): &(&str, &str)| Button {
            label: label.to_owned(),
            data: data.to_owned(),
        };
        Body::Choice {
            text: "which?".to_owned(),
            rows: rows
                .iter()
                .map(|row| row.iter().map(button).collect())
                .collect(),
        }
    }

    #[test]
    fn rows_keep_their_order_and_empty_ones_go() {
        let body = choice(&[&[("a", "1"), ("b", "2")], &[], &[("c", "3")]]);
        let expected = json!({ "inline_keyboard": [
            [{ "text": "a", "callback_data": "1" }, { "text": "b", "callback_data": "2" }],
            [{ "text": "c", "callback_data": "3" }],
        ]});
        assert_eq!(keyboard(&body), Ok(Some(expected)));
        for none in [&[][..], &[&[][..]][..]] {
            assert_eq!(keyboard(&choice(none)), Ok(None));
        }
        assert_eq!(keyboard(&Body::Plain("x".to_owned())), Ok(None));
    }

    #[test]
    fn a_page_is_opened_and_brings_nothing_back() {
        let page = Button::to_page("Open".to_owned(), "https://a.example/x");
        let expected = json!({ "text": "Open", "url": "https://a.example/x" });
        assert_eq!(button(&page), Ok(expected));
        for (label, address) in [(" ", "https://a.example"), ("Open", &long_address())] {
            let page = Button::to_page(label.to_owned(), address);
            assert!(button(&page).is_err(), "{address}");
        }
    }

    fn long_address() -> String {
        format!("https://a.example/{}", "x".repeat(MAX_ADDRESS))
    }

    #[test]
    fn data_is_counted_in_bytes() {
        let fits = "é".repeat(32);
        assert!(keyboard(&choice(&[&[("a", &fits)]])).is_ok());
        let too_long = format!("{fits}x");
        for (label, data) in [("a", too_long.as_str()), ("a", ""), (" ", "1")] {
            let refused = keyboard(&choice(&[&[("fine", "0")], &[(label, data)]]));
            assert!(
                matches!(refused, Err(PostError::Rejected(_))),
                "{refused:?}"
            );
        }
    }
}
