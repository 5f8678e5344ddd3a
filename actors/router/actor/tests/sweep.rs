//! What is done without an update.

use super::*;

#[actix::test]
async fn what_has_become_due_is_done_every_minute() {
    let (_router, log) = start([], Supervisor::Works);
    tokio::time::sleep(SWEEP_INTERVAL + Duration::from_secs(1)).await;
    assert_eq!(
        *log.lock().unwrap(),
        [
            "what is due?",
            "post 0 to -5: No administrator of ",
            "EndChat(ChatId(-5))",
        ]
    );
}
