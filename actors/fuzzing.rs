//! What must hold for whatever strangers feed the actors: each promise takes bytes and panics where
//! it is broken. `bridge::fuzzing` lists them with those of the edges.

pub use crate::router::fuzzing::command;
pub use crate::session::fuzzing::long_answer;

use crate::instruction::Press;
use crate::{session, user_registry};

/// Data of buttons, which anybody can forge: what is read is what is written, and no button belongs
/// to two actors.
pub fn callback_data(bytes: &[u8]) {
    let data = String::from_utf8_lossy(bytes);
    let is_registrys = user_registry::fuzzing::reads_what_it_writes(&data);
    let is_sessions = session::fuzzing::reads_what_it_writes(&data);
    assert_eq!(is_sessions, Press::is_for_session(&data));
    assert!(!(is_registrys && is_sessions), "{data:?} has two owners");
}
