//! What the outbox finds out about chats.

use super::*;
use crate::outbox::ChatMoved;

#[actix::test]
async fn a_group_that_a_send_found_to_have_moved_takes_its_people_and_session_along() {
    let (router, log) = start([], Supervisor::Works);
    let (from, to) = (ChatId(-5), ChatId(-1005));
    router.send(ChatMoved { from, to }).await.unwrap();
    assert_eq!(
        *log.lock().unwrap(),
        [
            "ask about 1",
            "MoveChat { from: ChatId(-5), to: ChatId(-1005) }"
        ]
    );
}
