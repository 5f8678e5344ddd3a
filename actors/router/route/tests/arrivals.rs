//! What the registry is asked about an update.

use super::*;

#[test]
fn only_a_start_command_carries_a_code() {
    let request = |content| to_arrival(&parse(inbound(content), Some("our_bot"))).request;
    let start = |code: Option<&str>| Request::Start {
        code: code.map(str::to_owned),
    };
    assert_eq!(request(text("/start AB9A9A9H")), start(Some("AB9A9A9H")));
    assert_eq!(request(text("/start")), start(None));
    assert_eq!(request(text("/help AB9A9A9H")), Request::Command);
    assert_eq!(request(text("AB9A9A9H")), Request::Work);
    let edited = InboundContent::Edited {
        message: MessageId(40),
        prompt: PromptId("p".into()),
        text: "/start AB9A9A9H".into(),
        markdown: "/start AB9A9A9H".into(),
        pointing: Pointing::None,
        reply_to: None,
        context: String::new(),
        files: Vec::new(),
    };
    assert_eq!(request(edited), Request::Work);
    let press = Request::Press {
        message: None,
        data: "v1.allow.forged".into(),
    };
    assert_eq!(request(button()), press);
}

/// It is never too much, and who may not come in learns nothing by it.
#[test]
fn the_stop_of_a_draft_is_a_press_that_nobody_answers() {
    let stop = || InboundContent::DraftStopped {
        draft: DraftId(9),
        prompt: PromptId("p".into()),
    };
    let request = to_arrival(&parse(inbound(stop()), Some("our_bot"))).request;
    assert_eq!(request, Request::StopDraft);
    let routed = |access| routed(inbound(stop()), access);
    let delivered = Route::Deliver(Instruct::StopDraft(StopDraft {
        id: PromptId("p".into()),
        by: UserId(7),
        draft: DraftId(9),
    }));
    assert_eq!(routed(Access::Granted(Role::User)), delivered);
    let silent = Route::Ignore(IgnoreReason::RefusedSilently);
    assert_eq!(routed(Access::Refused(Some(Refusal::Stranger))), silent);
    assert_eq!(routed(Access::Refused(None)), silent);
}

fn in_group(addressed: Addressed, content: InboundContent) -> Request {
    let inbound = Inbound {
        chat_kind: ChatKind::Group,
        addressed,
        ..inbound(content)
    };
    to_arrival(&parse(inbound, Some("our_bot"))).request
}

#[test]
fn in_a_group_only_what_is_meant_for_us_is_work() {
    let (us, all) = (Addressed::ToUs, Addressed::ToAll);
    assert_eq!(in_group(us, text("fix it")), Request::Work);
    assert_eq!(in_group(us, text("/status")), Request::Command);
    assert_eq!(in_group(us, text("/stop")), Request::Stop);
    assert_eq!(in_group(us, text("/compact@our_bot")), Request::Work);
    // A bare word reaches every bot of the group.
    assert_eq!(in_group(us, text("/compact")), Request::Overheard);
    assert_eq!(in_group(us, text("/ban @eve")), Request::Overheard);
    assert_eq!(in_group(us, text("/help@other_bot")), Request::Work);
    assert_eq!(in_group(us, text("/new")), Request::Work);
    for said in ["hi all", "/status", "/stop", "/allow_group"] {
        assert_eq!(in_group(all, text(said)), Request::Overheard, "{said}");
    }
    let press = in_group(all, button());
    assert!(matches!(press, Request::Press { .. }), "{press:?}");
    assert_eq!(in_group(all, InboundContent::Joined), Request::Joined);
}

#[test]
fn without_a_registry_nobody_comes_in_and_only_a_person_in_private_is_told() {
    for (kind, refusal) in [
        (ChatKind::Private, Some(Refusal::StoreFailed)),
        (ChatKind::Group, None),
        (ChatKind::Channel, None),
    ] {
        let mut arrival = to_arrival(&parse(inbound(text("hi")), None));
        arrival.chat_kind = kind;
        let told = Ruling::of(Access::Refused(refusal));
        assert_eq!(ruling_without_registry(&arrival), told);
        arrival.sender = Sender::Nobody;
        let silent = Ruling::of(Access::Refused(None));
        assert_eq!(ruling_without_registry(&arrival), silent);
    }
}
