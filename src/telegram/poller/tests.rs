//! The poller against a scripted Bot API.

use std::sync::{Arc, Mutex};

use actix::dev::{MessageResponse, OneshotSender};
use actix::prelude::*;
use bridge_actors::ports::{StoreError, Synced};
use futures_util::future::pending;
use serde_json::json;
use tokio::sync::oneshot;

use super::super::scripted_api::{Reply, ScriptedApi};
use super::*;

/// Remembers updates for as long as it lives.
#[derive(Default)]
struct Log(Mutex<Vec<UpdateMark>>);

impl UpdateLog for Log {
    fn knows(&self, update: UpdateMark) -> bool {
        self.0.lock().unwrap().contains(&update)
    }

    fn remember(&self, updates: &[UpdateMark]) -> Result<(), StoreError> {
        self.0.lock().unwrap().extend(updates);
        Ok(())
    }

    fn synced(&self) -> Synced {
        Box::pin(std::future::ready(Ok(())))
    }
}

fn ports(router: Recipient<RouteBatch>) -> PollPorts {
    PollPorts {
        router,
        updates: Arc::new(Log::default()),
    }
}

/// Records batches.
#[derive(Default)]
struct Recorder(Arc<Mutex<Vec<Vec<i64>>>>);

impl Actor for Recorder {
    type Context = Context<Self>;
}

impl Handler<RouteBatch> for Recorder {
    type Result = ();

    fn handle(&mut self, batch: RouteBatch, _: &mut Context<Self>) {
        let ids = batch.0.iter().map(|update| update.update.0).collect();
        self.0.lock().unwrap().push(ids);
    }
}

/// Lives on, but answers for no batch with update 7 in it, as if it had died of it.
struct Fragile(Arc<Mutex<Vec<Vec<i64>>>>);

struct Answered(bool);

impl Actor for Fragile {
    type Context = Context<Self>;
}

impl Handler<RouteBatch> for Fragile {
    type Result = Answered;

    fn handle(&mut self, batch: RouteBatch, _: &mut Context<Self>) -> Answered {
        let ids: Vec<i64> = batch.0.iter().map(|update| update.update.0).collect();
        let survives = !ids.contains(&7);
        if survives {
            self.0.lock().unwrap().push(ids);
        }
        Answered(survives)
    }
}

impl MessageResponse<Fragile, RouteBatch> for Answered {
    fn handle(self, _: &mut Context<Fragile>, answer: Option<OneshotSender<()>>) {
        if let (true, Some(answer)) = (self.0, answer) {
            answer.send(()).unwrap();
        }
    }
}

/// Never answers for a batch.
struct Stuck;

impl Actor for Stuck {
    type Context = Context<Self>;
}

impl Handler<RouteBatch> for Stuck {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, _: RouteBatch, _: &mut Context<Self>) -> Self::Result {
        Box::pin(pending())
    }
}

fn text(update: i64, words: &str) -> Value {
    json!({ "update_id": update, "message": {
        "message_id": 1,
        "date": 0,
        "chat": { "id": 5, "type": "private" },
        "from": { "id": 5, "is_bot": false, "first_name": "Ada" },
        "text": words,
    }})
}

fn us() -> BotIdentity {
    BotIdentity {
        id: 42,
        username: Some("bridge_bot".to_owned()),
        can_read_all_group_messages: false,
    }
}

fn batch(updates: &[Value]) -> Reply {
    Reply::Result(Value::Array(updates.to_vec()))
}

struct Run {
    api: ScriptedApi,
    batches: Arc<Mutex<Vec<Vec<i64>>>>,
    stop: oneshot::Sender<()>,
    end: actix_rt::task::JoinHandle<PollEnd>,
}

async fn start(polls: impl IntoIterator<Item = Reply>) -> Run {
    start_with(|batches| Recorder(batches).start().recipient(), polls).await
}

async fn start_with(
    router: impl FnOnce(Arc<Mutex<Vec<Vec<i64>>>>) -> Recipient<RouteBatch>,
    polls: impl IntoIterator<Item = Reply>,
) -> Run {
    let api = ScriptedApi::start().await;
    api.reply("getUpdates", polls);
    let batches = Arc::default();
    let router = router(Arc::clone(&batches));
    let (stop, stopped) = oneshot::channel();
    let stop_signal = stopped.map(|_| ());
    let poller = Poller::new(
        api.telegram(),
        us(),
        ports(router),
        Duration::from_millis(300),
    );
    let end = actix::spawn(poller.run(stop_signal));
    Run {
        api,
        batches,
        stop,
        end,
    }
}

impl Run {
    /// Returns the offsets of so many polls, once they were made.
    async fn offsets(&self, n_polls: usize) -> Vec<Option<i64>> {
        let calls = self.api.wait_for("getUpdates", n_polls).await;
        calls.iter().map(|call| call["offset"].as_i64()).collect()
    }

    fn batches(&self) -> Vec<Vec<i64>> {
        self.batches.lock().unwrap().clone()
    }
}

#[actix::test]
async fn the_next_offset_follows_the_batch_even_when_ids_go_back() {
    let run = start([
        batch(&[text(900, "a"), text(901, "b")]),
        batch(&[text(17, "c")]),
    ])
    .await;
    assert_eq!(run.offsets(3).await, [None, Some(902), Some(18)]);
    assert_eq!(run.batches(), [vec![900, 901], vec![17]]);
}

#[actix::test]
async fn a_webhook_is_removed_and_nothing_waiting_is_dropped() {
    let set = "Conflict: can't use getUpdates method while webhook is active";
    let run = start([Reply::Refusal(409, set), batch(&[text(1, "a")])]).await;
    let polls = run.api.wait_for("getUpdates", 3).await;
    assert_eq!(run.batches(), [vec![1]]);
    assert_eq!(
        run.api.calls("deleteWebhook"),
        [json!({ "drop_pending_updates": false })]
    );
    assert_eq!(
        polls[0]["allowed_updates"],
        json!([
            "message",
            "edited_message",
            "callback_query",
            "my_chat_member",
            "message_reaction",
            "stopped_message_generation"
        ])
    );
}

#[actix::test]
async fn an_update_delivered_twice_is_handed_over_once() {
    let same = text(7, "hello");
    let run = start([
        batch(&[same.clone(), same.clone()]),
        batch(&[same, text(7, "an old id with new words")]),
    ])
    .await;
    run.offsets(3).await;
    assert_eq!(run.batches(), [vec![7], vec![7]]);
}

#[actix::test]
async fn what_cannot_be_read_is_passed_over() {
    let unreadable = json!({ "update_id": 8, "message": "?" });
    let run = start([batch(&[unreadable, json!("junk")])]).await;
    assert_eq!(run.offsets(2).await, [None, Some(9)]);
    assert!(run.batches().is_empty());
}

#[actix::test]
async fn a_batch_the_router_has_not_answered_for_is_not_confirmed() {
    let api = ScriptedApi::start().await;
    api.reply("getUpdates", [batch(&[text(7, "hello")])]);
    let ports = ports(Stuck.start().recipient());
    let polling = poll(api.telegram(), us(), ports, pending());
    let waited = timeout(Duration::from_millis(300), polling).await;
    assert!(waited.is_err(), "polling ended");
    assert_eq!(api.calls("getUpdates").len(), 1);
}

#[actix::test]
async fn an_update_that_the_router_fails_on_does_not_hold_up_the_others() {
    let poisoned = [text(6, "a"), text(7, "b"), text(8, "c")];
    let router = |batches| Fragile(batches).start().recipient();
    let run = start_with(router, [batch(&poisoned)]).await;
    assert_eq!(run.offsets(2).await, [None, Some(9)]);
    assert_eq!(run.batches(), [vec![6], vec![8]]);
}

#[actix::test]
async fn a_stop_confirms_what_was_handed_over() {
    let run = start([batch(&[text(7, "hello")]), Reply::Hang]).await;
    run.offsets(2).await;
    run.api.reply("getUpdates", [batch(&[])]);
    run.stop.send(()).unwrap();
    assert_eq!(run.end.await.unwrap(), PollEnd::Stopped);
    let last = run.api.calls("getUpdates").pop().unwrap();
    assert_eq!((&last["offset"], &last["limit"]), (&json!(8), &json!(1)));
}

#[actix::test]
async fn a_refused_token_ends_polling() {
    for reply in [
        Reply::Refusal(401, "Unauthorized"),
        Reply::Refusal(404, "Not Found"),
    ] {
        let run = start([reply]).await;
        assert_eq!(run.end.await.unwrap(), PollEnd::TokenRefused);
    }
}

#[actix::test]
async fn a_router_that_is_gone_ends_polling_and_confirms_nothing() {
    let api = ScriptedApi::start().await;
    api.reply("getUpdates", [batch(&[text(7, "hello")])]);
    let router = Recorder::default().start();
    let recipient = router.clone().recipient();
    stop(router).await;
    let end = poll(api.telegram(), us(), ports(recipient), pending()).await;
    assert_eq!(end, PollEnd::RouterGone);
    assert_eq!(api.calls("getUpdates").len(), 1);
}

async fn stop(router: Addr<Recorder>) {
    router.send(Leave).await.unwrap();
    while router.connected() {
        tokio::task::yield_now().await;
    }
}

#[derive(Message)]
#[rtype(result = "()")]
struct Leave;

impl Handler<Leave> for Recorder {
    type Result = ();

    fn handle(&mut self, _: Leave, ctx: &mut Context<Self>) {
        ctx.stop();
    }
}

#[actix::test]
async fn a_failed_poll_and_a_stalled_one_are_tried_again_from_the_same_place() {
    let run = start([
        batch(&[text(7, "hello")]),
        Reply::Raw(502, "<html>"),
        Reply::Hang,
        batch(&[text(8, "again")]),
    ])
    .await;
    let offsets = run.offsets(5).await;
    assert_eq!(offsets, [None, Some(8), Some(8), Some(8), Some(9)]);
    assert_eq!(run.batches(), [vec![7], vec![8]]);
}

#[actix::test]
async fn troubles_are_told_apart() {
    let refused = |code, description: &str| {
        trouble(CallError::Refused {
            code,
            description: description.to_owned(),
            retry_after: None,
            migrate_to: None,
        })
    };
    assert!(matches!(
        refused(
            409,
            "Conflict: terminated by other getUpdates request; make sure that only one bot \
             instance is running"
        ),
        Polled::Trouble(PollOutcome::Conflict, _)
    ));
    assert!(matches!(
        refused(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook"
        ),
        Polled::WebhookSet
    ));
    assert!(matches!(
        refused(500, "Internal Server Error"),
        Polled::Trouble(PollOutcome::Failed, _)
    ));
}
