//! What the router does for each order, with the words that people read.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test looks for one kind among many"
)]

use bridge_texts::Language;
use expect_test::{Expect, expect};

use super::*;
use crate::session::Memory;
use crate::user_registry::{
    BadTarget, Census, Change, Face, GroupNews, JoinVerdict, News, Notice, Obstacle, Role, Toast,
    UserPage,
};

fn who() -> Face {
    Face {
        user: UserId(7),
        first_name: "Ada".into(),
        username: Some("ada".into()),
    }
}

fn occasion() -> Occasion {
    Occasion {
        key: SessionKey::of_chat(ChatId(1)),
        message: Some(MessageId(40)),
        press: Some(CallbackId("press".into())),
    }
}

fn words(body: Body) -> String {
    match body {
        Body::Choice { text, rows } => {
            let buttons: Vec<String> = (rows.iter().flatten())
                .map(|button| format!("[{}: {}]", button.label, button.data))
                .collect();
            format!("{text}\n{}", buttons.join(" "))
        }
        Body::Plain(text) => text,
        other => format!("{other:?}"),
    }
}

fn say(effect: OrderEffect) -> String {
    let OrderEffect::Post(Post { key, action, rank }) = effect else {
        return format!("{effect:?}\n");
    };
    match action {
        PostAction::Send {
            id, body, reply_to, ..
        } => {
            let to = reply_to.map_or(String::new(), |message| format!(" to {}", message.0));
            format!("{rank:?} {} in {key}{to}: {}\n", id.0, words(body))
        }
        PostAction::Edit { id, body } => format!("edit {} in {key}: {}\n", id.0, words(body)),
        PostAction::EditMessage { message, body, .. } => {
            format!("edit message {} in {key}: {}\n", message.0, words(body))
        }
        other => format!("{other:?} in {key}\n"),
    }
}

fn check(orders: Vec<Order>, expected: Expect) {
    let ids = PostIds::default();
    let words = (&ids, Language::English.say());
    let occasion = occasion();
    let effects = (orders.into_iter()).flat_map(|order| effects_of(order, Some(&occasion), words));
    expected.assert_eq(&effects.map(say).collect::<String>());
}

fn answers(notices: Vec<Notice>) -> Vec<Order> {
    notices.into_iter().map(Order::Answer).collect()
}

fn changes() -> Vec<Change> {
    vec![
        Change::Add { name: None },
        Change::Remove,
        Change::Activate,
        Change::Deactivate,
        Change::Promote,
        Change::Demote,
    ]
}

#[test]
fn a_change_is_confirmed_in_words() {
    let done = |change| Notice::Changed(change, who());
    check(
        answers(changes().into_iter().map(done).collect()),
        expect![[r#"
            Answer 0 in 1 to 40: Ada (@ada, 7) can use this bot now.
            Answer 1 in 1 to 40: Ada (@ada, 7) was removed and can no longer use this bot. Their conversation is forgotten; what they left in their room (files, notes of Claude) is kept in chats/7 of the data folder. Delete it now? At the host, bridge rooms delete 7 does it later.
            [🗑 Delete it: e1.u.7] [Keep it: e1.k]
            Answer 2 in 1 to 40: Ada (@ada, 7) can use this bot now.
            Answer 3 in 1 to 40: Ada (@ada, 7) cannot use this bot until an administrator sends /activate 7
            Answer 4 in 1 to 40: Ada (@ada, 7) is an administrator now.
            Answer 5 in 1 to 40: Ada (@ada, 7) is no longer an administrator.
        "#]],
    );
}

#[test]
fn what_stands_against_a_change_is_said_with_a_way_out() {
    let stopped = |change, obstacle| Notice::Stopped(change, UserId(7), obstacle);
    let mut notices: Vec<_> = (changes().into_iter())
        .map(|change| stopped(change, Obstacle::AlreadySo))
        .collect();
    notices.push(stopped(Change::Add { name: None }, Obstacle::Unknown));
    let obstacles = [
        Obstacle::Unknown,
        Obstacle::LastAdmin,
        Obstacle::NamedInConfig,
        Obstacle::DeniedInConfig,
        Obstacle::Inactive,
    ];
    notices.extend(obstacles.map(|obstacle| stopped(Change::Demote, obstacle)));
    check(
        answers(notices),
        expect![[r#"
            Answer 0 in 1 to 40: 7 can already use this bot.
            Answer 1 in 1 to 40: 7 is already kept out.
            Answer 2 in 1 to 40: 7 can already use this bot.
            Answer 3 in 1 to 40: 7 is already kept out.
            Answer 4 in 1 to 40: 7 is already an administrator.
            Answer 5 in 1 to 40: 7 is not an administrator.
            Answer 6 in 1 to 40: I do not know the number 7. To let them in, send /add_user 7
            Answer 7 in 1 to 40: I do not know the number 7. /users shows everybody I know.
            Answer 8 in 1 to 40: 7 is the last administrator. Promote somebody else first.
            Answer 9 in 1 to 40: bridge.toml makes 7 an administrator (multi_user.admin_users or single_user.chat_id). Change it there.
            Answer 10 in 1 to 40: bridge.toml keeps 7 out (multi_user.denied_users). Take the number out there and reload the bridge.
            Answer 11 in 1 to 40: 7 is kept out. First send /activate 7
        "#]],
    );
}

#[test]
fn a_bad_target_is_explained() {
    let bad = [
        BadTarget::Missing,
        BadTarget::Name,
        BadTarget::Group,
        BadTarget::OutOfRange,
        BadTarget::NotANumber,
        BadTarget::Hidden,
        BadTarget::TwoPeople,
    ];
    check(
        answers(bad.map(Notice::BadTarget).into()),
        expect![[r#"
            Answer 0 in 1 to 40: Who? Write the number after the command, such as 123456789; /users shows the numbers. You can also reply to a message, forward one, or send a contact.
            Answer 1 in 1 to 40: I need the number, because somebody else can take the same name. Write the number after the command. /users shows it, and /whoami tells everybody their own.
            Answer 2 in 1 to 40: A number with a minus is a group, not a person.
            Answer 3 in 1 to 40: Nobody can have that number. /users shows the numbers I know.
            Answer 4 in 1 to 40: That is not a number I can use. Write digits only, such as 123456789.
            Answer 5 in 1 to 40: Telegram does not say who wrote that, because they hide it in forwarded messages. Ask them for their number: /whoami tells them.
            Answer 6 in 1 to 40: The number you wrote is not that of the person you replied to, forwarded or sent as a contact. Use only one of the two.
        "#]],
    );
}

#[test]
fn the_other_answers() {
    let page = UserPage {
        census: Census::default(),
        users: Vec::new(),
        before: Some("u1.b.7".into()),
        after: None,
    };
    let notices = vec![
        Notice::AdminsOnly,
        Notice::PrivateOnly,
        Notice::SingleUser,
        Notice::NotStored,
        Notice::UnknownUser(UserId(7)),
        Notice::YourId(UserId(7)),
        Notice::Users(Box::new(page)),
        Notice::Asked(UserId(7)),
        Notice::GroupAllowed,
        Notice::GroupAllowedAlready,
        Notice::GroupOnly,
    ];
    check(
        answers(notices),
        expect![[r#"
            Answer 0 in 1 to 40: Only administrators can do this.
            Answer 1 in 1 to 40: I answer this only in our private chat. Send it there.
            Answer 2 in 1 to 40: This bridge serves one person. To let others in, set enabled = true below [multi_user] in bridge.toml and restart the bridge.
            Answer 3 in 1 to 40: This could not be saved, so nothing changed. The log of the bridge says why.
            Answer 4 in 1 to 40: I do not know the number 7. /users shows everybody I know.
            Answer 5 in 1 to 40: Your number is 7. You cannot use this bot yet. To get in, give this number to the person who runs it.
            Answer 6 in 1 to 40: 0 can use this bot · 0 waiting · 0 kept out
            [‹ Back: u1.b.7]
            Answer 7 in 1 to 40: I asked the administrators to let you in, and will tell you what they decide. Your number is 7.
            Answer 8 in 1 to 40: I work in this group now. Mention me, reply to me or use a command. I listen only to people who may use this bot.
            Answer 9 in 1 to 40: I already work in this group.
            Answer 10 in 1 to 40: Send this in the group where I should work.
        "#]],
    );
}

#[test]
fn presses_are_answered_briefly() {
    let toasts = [
        Toast::Approved,
        Toast::Denied,
        Toast::OutOfUse,
        Toast::AdminsOnly,
        Toast::NotStored,
        Toast::Silent,
    ];
    check(
        toasts.map(Order::AnswerPress).into(),
        expect![[r#"
            Sign(AnswerCallback { callback: CallbackId("press"), text: Some("Let in.") })
            Sign(AnswerCallback { callback: CallbackId("press"), text: Some("Not let in.") })
            Sign(AnswerCallback { callback: CallbackId("press"), text: Some("This button no longer works.") })
            Sign(AnswerCallback { callback: CallbackId("press"), text: Some("Only administrators can do this.") })
            Sign(AnswerCallback { callback: CallbackId("press"), text: Some("This could not be saved, so nothing changed.") })
            Sign(AnswerCallback { callback: CallbackId("press"), text: None })
        "#]],
    );
}

#[test]
fn a_request_goes_to_the_administrator_and_becomes_the_decision() {
    let close = |card, verdict| Order::Close {
        card,
        who: who(),
        verdict,
    };
    let post = RequestPlace::Post(ChatId(2), PostId(9));
    let message = RequestPlace::Message(ChatId(2), MessageId(50));
    let ask = Order::Ask {
        admin: UserId(2),
        post: PostId(9),
        who: who(),
        nonce: "n".repeat(22),
    };
    let orders = vec![
        ask,
        close(post, JoinVerdict::Approved(UserId(2))),
        close(message, JoinVerdict::Denied(UserId(2))),
        close(message, JoinVerdict::Overtaken),
    ];
    check(
        orders,
        expect![[r#"
            Answer 9 in 2: Ada (@ada, 7) wants to use this bot.

            Everybody you let in can run commands on the bridge's computer. Check the number, not the name: anybody can use any name.
            [Approve: j1.a.7.nnnnnnnnnnnnnnnnnnnnnn] [Deny: j1.d.7.nnnnnnnnnnnnnnnnnnnnnn]
            edit 9 in 2: Administrator 2 let in Ada (@ada, 7).
            edit message 50 in 2: Administrator 2 did not let in Ada (@ada, 7).
            edit message 50 in 2: Ada (@ada, 7) wanted to use this bot. Nothing is left to decide here.
        "#]],
    );
}

#[test]
fn people_and_groups_are_told_and_sessions_end_and_move() {
    let news = [
        News::LetIn,
        News::NotLetIn,
        News::MadeAdmin { waiting: 0 },
        News::MadeAdmin { waiting: 2 },
        News::NoLongerAdmin,
    ];
    let mut orders: Vec<_> = news.map(|news| Order::Tell(UserId(7), news)).into();
    let group = ChatId(-5);
    orders.extend([
        Order::TellGroup(group, GroupNews::NotAllowedYet),
        Order::TellGroup(group, GroupNews::Leaving),
        Order::LeaveGroup(group),
        Order::EndGroup(group),
        Order::MoveGroup {
            from: group,
            to: ChatId(-6),
        },
        Order::SetMenu(UserId(7), Role::Admin),
        Order::Revoke(Revoke {
            user: UserId(7),
            memory: Memory::Forgotten,
        }),
    ]);
    check(
        orders,
        expect![[r#"
            Answer 0 in 7: You can use this bot now. Write what you want done. /help has the rest.
            Answer 1 in 7: An administrator decided not to let you in.
            Answer 2 in 7: You are an administrator of this bot now. /help shows what you can do.
            Answer 3 in 7: You are an administrator of this bot now. /help shows what you can do. 2 people are waiting to be let in; /users shows them.
            Answer 4 in 7: You are no longer an administrator of this bot.
            Notice 5 in -5: Hello. An administrator of this bot has to allow this group first, by sending /allow_group here. If nobody does so within an hour, I leave.
            Notice 6 in -5: No administrator of this bot allowed this group, so I leave.
            EndChat(EndChat(ChatId(-5)))
            Leave in -5
            EndChat(EndChat(ChatId(-5)))
            MoveChat(MoveChat { from: ChatId(-5), to: ChatId(-6) })
            SetMenu(SetMenu { user: UserId(7), role: Admin })
            Revoke(Revoke { user: UserId(7), memory: Forgotten })
        "#]],
    );
}

#[test]
fn without_an_occasion_nothing_is_answered() {
    let ids = PostIds::default();
    let words = (&ids, Language::English.say());
    for order in [
        Order::Answer(Notice::AdminsOnly),
        Order::AnswerPress(Toast::Approved),
    ] {
        assert_eq!(effects_of(order, None, words), []);
    }
}
