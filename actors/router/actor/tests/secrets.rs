//! What is turned away and holds a secret does not stay.

use super::*;

#[actix::test]
async fn a_code_of_somebody_who_may_not_come_in_is_deleted() {
    let (router, log) = start([], Supervisor::Works);
    let half = "aB3_".repeat(8);
    let code = text(5, &format!("{half}#{half}"));
    router.send(RouteBatch(vec![code])).await.unwrap();
    tokio::task::yield_now().await;
    let deletion = Sign::Delete {
        chat: ChatId(5),
        message: MessageId(40),
    };
    let log = log.lock().unwrap();
    assert_eq!(log.last(), Some(&format!("{deletion:?}")), "{log:?}");
}
