//! Posts outlive the store.

use bridge_actors::outbox::{Code, FileCopy, FileForm, Folded, Quoted, Together};

use super::*;

#[test]
fn posts_of_every_kind_come_back_as_they_were_with_how_far_they_got() {
    let dir = tempfile::tempdir().expect("a folder");
    let bodies = [
        Body::Markdown("**bold**".to_owned()),
        Body::Plain(String::new()),
        Body::Choice {
            text: "which?".to_owned(),
            rows: vec![vec![Button {
                label: "this".to_owned(),
                data: "t1.c.x".to_owned(),
            }]],
        },
        Body::Document {
            name: "answer.md".to_owned(),
            content: hostile(9000),
            caption: "all".to_owned(),
        },
        Body::Files {
            files: vec![FileCopy {
                copy: "-7_3/u".to_owned(),
                name: hostile(300),
                size: 49_999_999,
                form: FileForm::Photo,
                caption: "look".to_owned(),
            }],
            together: Together::Apart,
        },
        Body::Quoted(Quoted {
            head: "heard".to_owned(),
            words: hostile(3000),
            rows: vec![vec![Button {
                label: "this".to_owned(),
                data: "t1.r.x".to_owned(),
            }]],
        }),
    ];
    let store = open(&dir);
    for (id, body) in (0..).zip(&bodies) {
        store.keep(PostId(id), &post(id, body.clone())).unwrap();
    }
    store.departs(PostId(1), 0).unwrap();
    store.departs(PostId(3), 2).unwrap();
    store.departs(PostId(99), 2).unwrap();
    store.departs(PostId(4), 1).unwrap();
    store.settle(PostId(0)).unwrap();
    drop(store);
    let kept = open(&dir).kept().unwrap();
    let expected: Vec<_> = (1..6)
        .map(|id| KeptPost {
            id: PostId(id),
            post: post(id, bodies[usize::try_from(id).unwrap()].clone()),
            departed: [None, Some(0), None, Some(2), Some(1), None][usize::try_from(id).unwrap()],
        })
        .collect();
    assert_eq!(kept, expected);
}

fn closing(id: u64, body: Body) -> Post {
    let message = MessageId(50);
    let id = PostId(id);
    Post {
        action: PostAction::EditMessage { id, message, body },
        ..post(0, Body::Plain(String::new()))
    }
}

fn decided(language: &'static str, text: &str) -> Body {
    Body::Live {
        text: "allowed".to_owned(),
        code: Some(Code {
            language,
            text: text.to_owned(),
        }),
        rows: Vec::new(),
    }
}

fn folded(text: &str) -> Folded {
    Folded {
        head: "✓ 4 s".to_owned(),
        folded: hostile(100),
        text: text.to_owned(),
    }
}

#[test]
fn edits_of_messages_come_back_with_all_they_show() {
    let dir = tempfile::tempdir().expect("a folder");
    let bodies = [
        decided("bash", "ls"),
        decided("diff", &hostile(3000)),
        decided("json", "{}"),
        decided("", "-"),
        Body::Plain("decided".to_owned()),
        Body::Folded(folded("the answer")),
        Body::Card {
            words: folded(""),
            shown: 600,
            rows: Vec::new(),
        },
    ];
    let posts: Vec<_> = (0..)
        .zip(bodies)
        .map(|(id, body)| closing(id, body))
        .collect();
    let store = open(&dir);
    for post in &posts {
        store.keep(post.id().unwrap(), post).unwrap();
    }
    let read = store.read(PostId(1)).unwrap().expect("it is kept");
    assert_eq!((&read.post, read.departed), (&posts[1], None));
    assert_eq!(store.read(PostId(99)).unwrap(), None);
    drop(store);
    let kept = open(&dir).kept().unwrap().into_iter();
    assert_eq!(kept.map(|kept| kept.post).collect::<Vec<_>>(), posts);
}

#[test]
fn a_later_post_of_a_name_takes_the_place_of_the_earlier_one_and_leaves_nothing_of_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let long = post(1, Body::Plain(hostile(9000)));
    let short = post(1, Body::Plain("short".to_owned()));
    {
        let store = open(&dir);
        store.keep(PostId(1), &long).unwrap();
        store.departs(PostId(1), 0).unwrap();
        store.keep(PostId(1), &short).unwrap();
        assert_eq!(store.kept().unwrap()[0].departed, Some(0));
    }
    let store = open(&dir);
    let kept = store.kept().unwrap();
    assert_eq!((&kept[0].post, kept[0].departed), (&short, Some(0)));
    let edit = closing(1, Body::Plain("decided".to_owned()));
    let entry = JournalEntry {
        accepted: vec![prompt("a", "x")],
        posts: vec![edit.clone()],
        ..JournalEntry::default()
    };
    store.write(key(1), &entry).unwrap();
    let kept = store.kept().unwrap();
    assert_eq!((&kept[0].post, kept[0].departed), (&edit, None));
    store.settle(PostId(1)).unwrap();
    let closed = JournalEntry {
        closed: vec![PromptId("a".to_owned())],
        ..JournalEntry::default()
    };
    store.write(key(1), &closed).unwrap();
    let (left, _) = store.door().look(records_in);
    assert_eq!(left, 1, "the mark of the prompt");
}
