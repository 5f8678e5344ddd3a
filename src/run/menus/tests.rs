//! What the keeper of the menus promises, against a scripted Bot API.

use serde_json::Value;

use super::*;
use crate::telegram::scripted_api::{Reply, ScriptedApi};

fn audiences(calls: &[Value]) -> Vec<&str> {
    let scopes = calls.iter().map(|call| &call["scope"]["type"]);
    scopes.map(|scope| scope.as_str().unwrap()).collect()
}

#[actix::test]
async fn a_menu_is_set_again_until_telegram_answers() {
    let api = ScriptedApi::start().await;
    let outage = [
        Reply::Raw(502, "<html>"),
        Reply::Refusal(429, "Too Many Requests"),
    ];
    api.reply("setMyCommands", outage);
    let keeper = MenuKeeper::new(api.telegram(), Language::English).start();
    let admins = vec![UserId(7)];
    keeper.try_send(ShowMenus { admins }).unwrap();
    let calls = api.wait_for("setMyCommands", 4).await;
    assert_eq!(audiences(&calls), ["default", "chat", "default", "chat"]);
}

#[actix::test]
async fn a_person_who_has_not_written_yet_keeps_nobody_waiting() {
    let api = ScriptedApi::start().await;
    let not_found = Reply::Refusal(400, "Bad Request: chat not found");
    api.reply("setMyCommands", [not_found]);
    let keeper = MenuKeeper::new(api.telegram(), Language::English).start();
    for user in [7, 8] {
        let (user, role) = (UserId(user), Role::Admin);
        keeper.try_send(SetMenu { user, role }).unwrap();
    }
    let calls = api.wait_for("setMyCommands", 2).await;
    let chats: Vec<_> = calls.iter().map(|call| &call["scope"]["chat_id"]).collect();
    assert_eq!(chats, [7, 8]);
}

#[test]
fn what_telegram_says_of_a_menu_decides_whether_it_is_tried_again() {
    let refused = |code, retry_after: Option<u64>| CallError::Refused {
        code,
        description: "no".to_owned(),
        retry_after: retry_after.map(std::time::Duration::from_secs),
        migrate_to: None,
    };
    let throttled = Attempt::Throttled(std::time::Duration::from_secs(9));
    for (error, expected) in [
        (CallError::NotSent(String::new()), Attempt::Failed),
        (CallError::NoAnswer(String::new()), Attempt::Failed),
        (refused(429, Some(9)), throttled),
        (refused(429, None), Attempt::Failed),
        (refused(500, None), Attempt::Failed),
        (refused(401, None), Attempt::Failed),
        (refused(400, None), Attempt::Refused),
        (refused(403, None), Attempt::Refused),
    ] {
        assert_eq!(attempt_of(&error.clone().into()), expected, "{error:?}");
    }
    let bad = CommandsError::Name("X".to_owned());
    assert_eq!(attempt_of(&bad), Attempt::Refused);
}
