//! The bot's own name.

use super::*;

#[actix::test]
async fn the_name_that_was_introduced_tells_our_commands_from_others() {
    let (router, log) = start([], Supervisor::Works);
    router.send(Introduce("our_bot".into())).await.unwrap();
    let batch = vec![text(1, "/help@our_bot"), text(1, "/help@other")];
    router.send(RouteBatch(batch)).await.unwrap();
    assert_eq!(
        *log.lock().unwrap(),
        [
            "ask about 2",
            "post 0 to 1: Write what you want ",
            "prompt /help@other",
        ]
    );
}
