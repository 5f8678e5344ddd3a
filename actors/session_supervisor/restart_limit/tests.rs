//! Tests of the restart limit.

use super::*;

fn fault(limit: &mut RestartLimit, at_seconds: u64) -> AfterFault {
    limit.on_fault(Time(Duration::from_secs(at_seconds)), Jitter(0.0))
}

#[test]
fn pauses_double_and_the_sixth_fault_within_the_period_ends_it() {
    let mut limit = RestartLimit::new(SESSION_RESTARTS);
    let pauses: Vec<_> = (0..6).map(|second| fault(&mut limit, second)).collect();
    let after = |ms| AfterFault::RestartAfter(Duration::from_millis(ms));
    assert_eq!(
        pauses,
        [
            after(200),
            after(400),
            after(800),
            after(1600),
            after(3200),
            AfterFault::GiveUp
        ]
    );
}

#[test]
fn faults_older_than_the_period_are_forgotten() {
    let mut limit = RestartLimit::new(SESSION_RESTARTS);
    for second in [0, 1, 2, 3, 4] {
        fault(&mut limit, second);
    }
    assert_eq!(
        fault(&mut limit, 64),
        AfterFault::RestartAfter(Duration::from_millis(200))
    );
}

#[test]
fn the_pause_never_passes_the_longest() {
    let policy = RestartPolicy {
        intensity: 40,
        ..SESSION_RESTARTS
    };
    let mut limit = RestartLimit::new(policy);
    let verdicts: Vec<_> = (0..40)
        .map(|_| limit.on_fault(Time::ZERO, Jitter(1.0)))
        .collect();
    assert_eq!(
        verdicts[39],
        AfterFault::RestartAfter(SESSION_RESTARTS.longest_pause)
    );
    assert_eq!(
        verdicts[0],
        AfterFault::RestartAfter(Duration::from_millis(250))
    );
}
