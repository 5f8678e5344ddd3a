//! The chat page: who may use it, and that it shows what happens.

use playground::{Options, Page, Playground};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::bot::Bot;

fn start() -> (Playground, Bot, String) {
    let people = vec![(7, "Owner".to_owned())];
    let options = Options {
        page: Page::On,
        people,
        ..Options::default()
    };
    let playground = Playground::start(options).unwrap();
    let bot = Bot::of(&playground);
    let url = playground.page_url().unwrap();
    (playground, bot, url)
}

fn act(playground: &Playground, bot: &Bot, url: &str) -> RequestBuilder {
    let act = json!({ "act": "say", "person": 7, "text": "from the page" });
    act_of(playground, bot, url, &act)
}

fn act_of(playground: &Playground, bot: &Bot, url: &str, act: &Value) -> RequestBuilder {
    let request = bot.client().post(format!("{url}act")).body(act.to_string());
    request
        .header("origin", playground.api_url())
        .header("x-playground", "page")
}

#[test]
fn the_page_speaks_for_a_person() {
    let (playground, bot, url) = start();
    let (status, body) = bot.send(act(&playground, &bot, &url)).unwrap();
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    assert_eq!(playground.chat(7)[0].text, "from the page");
    let update = &bot.ok("getUpdates", json!({}))[0];
    assert_eq!(update["message"]["from"]["first_name"], "Owner");
}

/// Returns what the page would send, with these headers in place of its own.
fn act_with(
    (playground, bot, url): (&Playground, &Bot, &str),
    headers: &[(&'static str, &str)],
) -> RequestBuilder {
    let mut request = act(playground, bot, url).build().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    RequestBuilder::from_parts(bot.client().clone(), request)
}

#[test]
fn foreign_pages_are_refused() {
    let (playground, bot, url) = start();
    for header in [
        ("origin", "http://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("x-playground", "no"),
    ] {
        let request = act_with((&playground, &bot, &url), &[header]);
        assert_eq!(bot.send(request).unwrap().0, 403, "{header:?}");
    }
    assert!(playground.chat(7).is_empty());
}

#[test]
fn the_page_works_behind_a_proxy() {
    let (playground, bot, url) = start();
    let origin = ("origin", "https://box.example");
    for beyond in [
        ("host", "box.example"),
        ("x-forwarded-host", "box.example"),
        ("sec-fetch-site", "same-origin"),
    ] {
        let request = act_with((&playground, &bot, &url), &[origin, beyond]);
        assert_eq!(bot.send(request).unwrap().0, 200, "{beyond:?}");
    }
    let page = bot.client().get(&url).header("host", "box.example");
    assert_eq!(bot.send(page).unwrap().0, 200);
    // Its addresses are relative, so that a proxy may put it below a path of its own.
    let redirect = bot.headers_of_redirect(url.trim_end_matches('/'));
    let key = url.trim_end_matches('/').rsplit('/').next().unwrap();
    assert_eq!(redirect["location"], format!("{key}/"));
    let events = bot.headers(&format!("{url}events?person=7"));
    assert_eq!(events["x-accel-buffering"], "no");
}

#[test]
fn the_bot_api_whose_token_is_no_secret_answers_to_loopback_names_only() {
    let (playground, bot, _) = start();
    let url = format!("{}/bot{}/getMe", playground.api_url(), playground.token());
    let rebound = bot.client().get(&url).header("host", "evil.example");
    assert_eq!(bot.send(rebound).unwrap().0, 403);
    assert_eq!(bot.send(bot.client().get(&url)).unwrap().0, 200);
}

#[test]
fn the_address_for_a_browser_leads_to_the_page_once() {
    let (playground, bot, _) = start();
    let url = playground.opening_url().unwrap();
    let guess = format!("{}/open/guess", playground.api_url());
    assert_eq!(bot.send(bot.client().get(guess)).unwrap().0, 404);
    let (status, body) = bot.send(bot.client().get(&url)).unwrap();
    assert_eq!(status, 200);
    assert!(String::from_utf8(body).unwrap().contains("<!doctype html>"));
    assert_eq!(bot.send(bot.client().get(&url)).unwrap().0, 404);
}

#[test]
fn the_page_needs_its_key_and_can_be_off() {
    let (playground, bot, _) = start();
    let guess = format!(
        "{}/page/00000000000000000000000000000000/",
        playground.api_url()
    );
    assert_eq!(bot.send(bot.client().get(guess)).unwrap().0, 404);
    let off = Playground::start(Options::default()).unwrap();
    assert_eq!(off.page_url(), None);
}

#[test]
fn everything_served_has_a_strict_policy_and_no_foreign_address() {
    let (_playground, bot, url) = start();
    for file in ["", "chat.css", "chat.js", "entities.js", "files.js"] {
        let request = bot.client().get(format!("{url}{file}"));
        let (status, body) = bot.send(request).unwrap();
        let text = String::from_utf8(body).unwrap();
        assert_eq!(status, 200, "{file}");
        for forbidden in ["innerHTML", "insertAdjacentHTML", "eval(", "://", "@import"] {
            assert!(!text.contains(forbidden), "{file} contains {forbidden}");
        }
    }
    let headers = bot.headers(&url);
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'"));
    assert!(!policy.contains("unsafe"));
}

#[test]
fn a_reloaded_page_gets_the_history_and_then_the_news() {
    let (playground, bot, url) = start();
    playground.say(7, "before");
    let frames = bot.frames(&format!("{url}events?person=7"), 2, || {
        playground.say(7, "after");
    });
    let texts = |frame: &Value| -> Vec<String> {
        let posts = frame["posts"].as_array().unwrap().iter();
        posts
            .map(|post| post["text"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        frames.iter().map(texts).collect::<Vec<_>>(),
        [["before"], ["after"]]
    );
}

#[test]
fn a_draft_is_seen_with_its_stop_which_tells_the_bot() {
    let (playground, bot, url) = start();
    let draft = json!({
        "chat_id": 7, "draft_id": 5, "text": "so f", "can_stop": true, "keep_on_stop": true,
    });
    bot.ok("sendMessageDraft", draft);
    let frames = bot.frames(&format!("{url}events?person=7"), 2, || {
        playground.stop_draft(7).unwrap();
    });
    let drafts: Vec<_> = frames.iter().map(|frame| frame["draft"].clone()).collect();
    assert_eq!(drafts[0]["can_stop"], true);
    assert_eq!(drafts[1]["can_stop"], false);
    assert_eq!(drafts[1]["text"], "so f");
    let draft = json!({ "chat_id": 7, "draft_id": 6, "text": "so f", "can_stop": true });
    bot.ok("sendMessageDraft", draft);
    let stop = json!({ "act": "stop", "person": 7 });
    let (status, _) = bot.send(act_of(&playground, &bot, &url, &stop)).unwrap();
    assert_eq!(status, 200);
    let updates = bot.ok("getUpdates", json!({}));
    let stopped = updates.as_array().unwrap().iter();
    let stopped: Vec<_> = stopped
        .map(|update| update["stopped_message_generation"]["draft_id"].clone())
        .collect();
    assert_eq!(stopped, [5, 6]);
}

/// Uploads a file as the page does and returns the status.
fn upload(playground: &Playground, bot: &Bot, url: &str, about: &str, bytes: &[u8]) -> u16 {
    let request = bot.client().post(format!("{url}upload?person=7&{about}"));
    let request = request
        .header("origin", playground.api_url())
        .header("x-playground", "page")
        .header("content-type", "image/png")
        .body(bytes.to_vec());
    bot.send(request).unwrap().0
}

#[test]
fn files_of_the_page_are_of_their_kind_and_of_one_album() {
    let (playground, bot, url) = start();
    let earlier = playground.say(7, "look at these").message_id;
    for about in [
        format!("name=a.png&kind=photo&album=5&caption=two&reply_to={earlier}"),
        "name=b.png&kind=photo&album=5".to_owned(),
        "name=c.txt".to_owned(),
        "name=d.ogg&kind=voice".to_owned(),
    ] {
        assert_eq!(upload(&playground, &bot, &url, &about, b"bytes"), 200);
    }
    let updates = bot.ok("getUpdates", json!({}));
    let message = |index: usize| &updates[index + 1]["message"];
    assert_eq!(message(0)["caption"], "two");
    assert_eq!(message(0)["reply_to_message"]["text"], "look at these");
    for (index, kind) in ["photo", "photo", "document", "voice"].iter().enumerate() {
        assert!(!message(index)[kind].is_null(), "{kind}");
        let album = (index < 2).then_some("5");
        assert_eq!(message(index)["media_group_id"].as_str(), album, "{kind}");
    }
}

#[test]
fn what_telegram_would_not_take_as_a_file_is_refused() {
    let (playground, bot, url) = start();
    let long = "x".repeat(1025);
    for (about, bytes) in [
        ("name=empty".to_owned(), &b""[..]),
        (format!("name=a&caption={long}"), b"bytes"),
    ] {
        assert_eq!(upload(&playground, &bot, &url, &about, bytes), 422);
    }
    assert_eq!(
        upload(&playground, &bot, &url, "name=a&kind=hologram", b"x"),
        400
    );
    assert!(playground.chat(7).is_empty());
}
