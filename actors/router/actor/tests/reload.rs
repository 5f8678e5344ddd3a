//! How other configuration takes hold.

use super::*;

fn reload(messages_per_minute: u32, log: &Log) -> Reload {
    let book = SettingsBook {
        policy: Policy {
            start_timeout: Duration::ZERO,
            silence_limit: Duration::ZERO,
            permission_timeout: Duration::from_secs(1800),
            idle_timeout: Duration::ZERO,
            queued_prompts: 1,
            ..Policy::default()
        },
        folders: Folders::Shared("/folders".into()),
        agent: AgentSettings::default(),
        own: HashMap::new(),
        epoch: 0,
    };
    Reload {
        rules: SetRules {
            rules: Arc::new(AccessRules::SingleUser { owner: None }),
            messages_per_minute,
        },
        on_accepted: {
            let log = Arc::clone(log);
            Box::new(move || log.lock().unwrap().push("accepted".into()))
        },
        settings: Reconfigure {
            book: Arc::new(book),
            max_live: 3,
        },
    }
}

#[actix::test]
async fn a_reload_goes_between_two_batches_and_reaches_registry_and_sessions() {
    let slow = Some(Duration::from_secs(5));
    let (router, log) = start([slow], Supervisor::Works);
    let before = router.send(RouteBatch(vec![text(1, "a")]));
    let reloaded = router.send(reload(30, &log));
    let after = router.send(RouteBatch(vec![text(1, "b")]));
    let (before, reloaded, after) = futures_util::future::join3(before, reloaded, after).await;
    before.unwrap();
    reloaded.unwrap().unwrap();
    after.unwrap();
    assert_eq!(
        *log.lock().unwrap(),
        [
            "ask about 1",
            "prompt a",
            "rules 30",
            "accepted",
            "Revoke { user: UserId(7), memory: Kept }",
            "settings 3",
            "ask about 1",
            "prompt b",
        ]
    );
}

#[actix::test]
async fn rules_that_are_refused_leave_the_sessions_alone() {
    let (router, log) = start([], Supervisor::Works);
    let refused = router.send(reload(0, &log)).await.unwrap();
    assert!(matches!(refused, Err(RulesRefused::NoAdmin)));
    assert_eq!(*log.lock().unwrap(), ["rules 0"]);
}
