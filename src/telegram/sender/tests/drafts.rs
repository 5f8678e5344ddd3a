//! Drafts on their way out.

use std::time::Instant;

use bridge_actors::ids::DraftId;
use bridge_actors::outbox::Draft;

use super::*;

fn draft(markdown: &str) -> Perform {
    Perform::Sign(Sign::Draft(Draft {
        key: key(),
        id: DraftId(77),
        markdown: markdown.to_owned(),
        status: "⏳ Bash: make".to_owned(),
    }))
}

#[actix::test]
async fn a_draft_goes_out_with_exactly_these_parameters() {
    let api = ScriptedApi::start().await;
    assert_eq!(perform(&api, draft("so **f")).await, Ok(delivered(None)));
    perform(&api, draft("so **far**")).await.unwrap();
    check(
        &api.calls("sendMessageDraft"),
        &expect![[r#"
        {
          "can_stop": true,
          "chat_id": 5,
          "draft_id": 77,
          "keep_on_stop": true,
          "text": "so **f\n\n⏳ Bash: make"
        }
        {
          "can_stop": true,
          "chat_id": 5,
          "draft_id": 77,
          "entities": [
            {
              "length": 3,
              "offset": 3,
              "type": "bold"
            }
          ],
          "keep_on_stop": true,
          "text": "so far\n\n⏳ Bash: make"
        }
    "#]],
    );
}

#[actix::test]
async fn a_draft_of_a_topic_names_it_and_one_without_words_is_empty() {
    let api = ScriptedApi::start().await;
    let order = Perform::Sign(Sign::Draft(Draft {
        key: SessionKey {
            chat: ChatId(5),
            topic: Some(TopicId(3)),
        },
        id: DraftId(77),
        markdown: String::new(),
        status: String::new(),
    }));
    perform(&api, order).await.unwrap();
    let call = api.calls("sendMessageDraft").remove(0);
    assert_eq!(
        (&call["message_thread_id"], &call["text"]),
        (&json!(3), &json!(""))
    );
}

#[actix::test]
async fn a_refused_draft_is_told_and_not_repeated() {
    for (code, description) in [
        (404, "Not Found: method not found"),
        (400, "Bad Request: TEXTDRAFT_PEER_INVALID"),
        (400, "Bad Request: message is too long"),
        (400, "Bad Request: can't parse entities: bad offset"),
    ] {
        let api = ScriptedApi::start().await;
        api.reply("sendMessageDraft", [Reply::Refusal(code, description)]);
        let shown = perform(&api, draft("words")).await;
        assert!(
            matches!(
                shown,
                Err(PostError::Rejected(_) | PostError::TooLong(_) | PostError::MarkupRefused(_))
            ),
            "{shown:?}"
        );
        assert_eq!(api.calls("sendMessageDraft").len(), 1, "it is not repeated");
    }
}

/// An answer waits for it.
#[actix::test]
async fn a_draft_without_an_answer_is_given_up_soon() {
    let api = ScriptedApi::start().await;
    api.reply("sendMessageDraft", [Reply::Hang]);
    let began = Instant::now();
    let shown = perform(&api, draft("words")).await;
    assert!(
        matches!(shown, Err(PostError::NotDelivered(_))),
        "{shown:?}"
    );
    assert!(began.elapsed() < Duration::from_secs(10));
}
