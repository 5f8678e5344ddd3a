//! What must hold for the data of the registry's buttons, whoever made it up.

use super::buttons::{
    RegistryButton, erase_button, erase_mine_button, join_button, keep_button, page_button,
    parse_button,
};

/// Tells whether data belongs to the registry; it is then exactly what the registry would write.
pub(crate) fn reads_what_it_writes(data: &str) -> bool {
    let Some(button) = parse_button(data) else {
        return false;
    };
    let written = match button {
        RegistryButton::Join {
            answer,
            user,
            nonce,
        } => join_button(answer, user, &nonce),
        RegistryButton::Page(start) => page_button(start),
        RegistryButton::EraseMine { until } => erase_mine_button(until),
        RegistryButton::EraseOf(user) => erase_button(user),
        RegistryButton::KeepAll => keep_button(),
    };
    assert_eq!(written, data);
    true
}
