//! What must hold for whatever Telegram, and whoever writes to the bot, sends; and for whatever is
//! to be written there.

use bridge_actors::ids::UserId;
use bridge_actors::outbox::{Body, Fit};
use bridge_actors::router::{Inbound, InboundContent, Sender};
use serde_json::Value;

use super::bot_identity::BotIdentity;
use super::inbound::{read_update, update_id};
use super::piece::{Piece, REPEAT_MARK, cut_to, units};
use super::render::promises::{check_all, check_chunk};
use super::render::{
    Chunk, MAX_TEXT_UNITS, render, render_blocks, render_card, render_folded, render_live,
    render_plain, render_quoted, text_units,
};
use super::sender::keyboard::keyboard;
use super::update_mark::mark_of;

/// One update as JSON: it is read or ignored, the same each time, and nobody speaks for another.
pub(crate) fn update(bytes: &[u8]) {
    let Ok(raw) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    let us = BotIdentity {
        id: 42,
        username: Some("bridge_bot".to_owned()),
        can_read_all_group_messages: true,
    };
    let read = read_update(&us, &raw);
    assert_eq!(read, read_update(&us, &raw));
    let Ok(inbound) = read else { return };
    assert_eq!(Some(inbound.update), update_id(&raw));
    assert_eq!(
        mark_of(&us, inbound.update, &raw),
        mark_of(&us, inbound.update, &raw)
    );
    assert_speaks_for_itself(&inbound, &raw);
}

/// Rights hang on the number of whoever sent an update: it stands there, and nowhere else.
fn assert_speaks_for_itself(inbound: &Inbound, raw: &Value) {
    let Sender::Person(person) = &inbound.sender else {
        return;
    };
    let sent = [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ];
    let sent = sent.into_iter().map(|kind| &raw[kind]);
    let sent = sent.into_iter().find(|sent| sent.is_object());
    let number = match (&inbound.content, sent) {
        (InboundContent::DraftStopped { .. }, _) => {
            raw["stopped_message_generation"]["chat"]["id"].as_i64()
        }
        (_, Some(sent)) => {
            assert!(sent["sender_chat"].is_null(), "a chat is no person");
            assert_eq!(sent["from"]["is_bot"], Value::Bool(false));
            sent["from"]["id"].as_i64()
        }
        (_, None) => None,
    };
    assert_eq!(number.map(UserId), Some(person.user));
}

/// Markdown of any kind: see `render/promises.rs`.
pub(crate) fn markdown(bytes: &[u8]) {
    check_all(&String::from_utf8_lossy(bytes));
}

/// How long a text becomes by repetition, in bytes: each message is cut for itself, so a few show all.
const REPEATED: usize = 13_000;

/// How many messages of a text are divided into pieces: what is in a later one can be in the first.
const DIVIDED: usize = 2;

/// Text that becomes messages, and messages that Telegram takes only in pieces: nothing is lost,
/// and every piece can be sent. The first bytes say how often the rest is repeated, and which
/// pieces are halved again.
pub(crate) fn splitting(bytes: &[u8]) {
    let [often, halvings, rest @ ..] = bytes else {
        return;
    };
    let text = String::from_utf8_lossy(rest);
    let often = usize::from(*often).min(REPEATED / text.len().max(1));
    let text = text.repeat(often.max(1));
    for chunks in [render(&text), render_plain(&text)] {
        chunks.iter().for_each(check_chunk);
        let divided = chunks.iter().take(DIVIDED);
        divided.for_each(|chunk| check_pieces(chunk, *halvings));
    }
    let most = usize::from(*halvings) * 20;
    let cut = cut_to(&text, most);
    assert!(text.starts_with(cut) && units(cut) <= most as u64);
    let next = text[cut.len()..].chars().next();
    assert!(next.is_none_or(|next| units(cut) as usize + next.len_utf16() > most));
}

/// Sends a message as the outbox does, where Telegram finds it too long as often as `halvings` says.
fn check_pieces(chunk: &Chunk, halvings: u8) {
    let whole = Piece::of(chunk);
    assert!(!whole.is_too_long());
    let mut sent = String::new();
    let mut fit = Some(Fit::default());
    let mut n_pieces = 0_u32;
    while let Some(due) = fit {
        // Where a piece cannot be made smaller the whole message is given up.
        let Some(piece) = whole.clone().fitted(due) else {
            return;
        };
        n_pieces += 1;
        let is_refused = halvings.rotate_left(n_pieces) & 1 == 1 && n_pieces < 16;
        if let Some(halved) = due.halved().filter(|_| is_refused) {
            fit = Some(halved);
            continue;
        }
        check_piece(&piece);
        check_piece(&piece.clone().marked());
        assert!(piece.clone().marked().text.starts_with(REPEAT_MARK));
        let plain = due.without_markup();
        let plain = plain.and_then(|plain| whole.clone().fitted(plain));
        assert!(plain.is_some_and(|plain| plain.text == piece.text && plain.entities.is_empty()));
        sent.push_str(&piece.text);
        fit = due.next_piece();
    }
    assert_eq!(sent, whole.text, "pieces are not the whole");
}

fn check_piece(piece: &Piece) {
    assert!(!piece.text.is_empty() && units(&piece.text) <= MAX_TEXT_UNITS as u64 + 2);
    let signs: Vec<u16> = piece.text.encode_utf16().collect();
    for entity in &piece.entities {
        let at = |name: &str| {
            let at = entity[name].as_u64();
            at.and_then(|at| usize::try_from(at).ok())
                .unwrap_or(usize::MAX)
        };
        let (offset, length) = (at("offset"), at("length"));
        let covered = signs.get(offset..offset.saturating_add(length));
        let covered = covered.map(String::from_utf16);
        assert!(
            length > 0 && covered.is_some_and(|text| text.is_ok()),
            "{entity}"
        );
    }
}

/// Asserts that Telegram takes what a session wants posted, and that one message holds what is to
/// be one.
pub(crate) fn assert_sendable(body: &Body) {
    let (chunks, is_one) = match body {
        Body::Markdown(text) => (render(text), false),
        Body::Plain(text) => (render_plain(text), false),
        Body::Choice { text, .. } => (render_plain(text), true),
        Body::Live { text, code, .. } => {
            let code_units = code.as_ref().map_or(0, |code| text_units(&code.text));
            let units = text_units(text) + 1 + code_units;
            assert!(units <= MAX_TEXT_UNITS, "what is shown is cut: {text:?}");
            (render_live(text, code.as_ref()), true)
        }
        Body::Folded(words) => (render_folded(words), false),
        Body::Quoted(quoted) => (render_quoted(&quoted.head, &quoted.words), false),
        Body::Card { words, shown, .. } => (render_card(words, *shown), true),
        Body::Document { caption, .. } => (render_plain(caption), true),
        Body::Rich(text) => {
            // What is none goes as ordinary messages.
            drop(render_blocks(text));
            (render(text), false)
        }
        Body::Files { .. } => return,
    };
    assert!(
        chunks.len() <= 1 || !is_one,
        "more than one message: {body:?}"
    );
    chunks.iter().for_each(check_chunk);
    assert!(keyboard(body).is_ok(), "a button of {body:?} is refused");
}
