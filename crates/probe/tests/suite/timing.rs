use crate::{
    fake::{Act, PATIENT, look, serve},
    scripts::{KINDS, World},
};
use probe::{Cause, Deadlines, Kind, Step, Tls, probe};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// A clock on which so much passes whenever somebody looks.
fn jumping(by: Duration) -> impl Fn() -> Duration + Sync {
    let looks = AtomicU64::new(0);
    move || by * u32::try_from(looks.fetch_add(1, Ordering::SeqCst)).unwrap()
}

#[tokio::test]
async fn times_are_those_of_the_clock() {
    let world = World::new();
    let fake = serve(world.script(Kind::Imap, Tls::None)).await;
    let clock = jumping(Duration::from_millis(1));
    let report = probe(&world.target(Kind::Imap, Tls::None, fake.port), PATIENT, &clock).await;
    let (last, counted) = report.steps.split_last().unwrap();
    assert_eq!(last.0, Step::Goodbye);
    let sum: Duration = counted.iter().map(|(_, took)| *took).sum();
    assert!(counted.iter().all(|(_, took)| !took.is_zero()));
    assert!(sum <= report.total, "{report:?}");
}

#[tokio::test]
async fn nothing_goes_on_after_the_whole_time() {
    let world = World::new();
    let fake = serve(vec![Act::Silence]).await;
    let deadlines = Deadlines {
        step: Duration::from_secs(3_600),
        total: Duration::from_secs(30),
    };
    let clock = jumping(Duration::from_secs(60));
    let report = probe(&world.target(Kind::Imap, Tls::None, fake.port), deadlines, &clock).await;
    assert_eq!(report.result.unwrap_err().cause, Cause::Timeout);
}

#[tokio::test]
async fn whoever_gives_up_leaves_no_connection() {
    let world = World::new();
    for (kind, tls) in KINDS
        .into_iter()
        .flat_map(|kind| [Tls::None, Tls::Implicit].map(|tls| (kind, tls)))
    {
        let fake = serve(vec![Act::Silence]).await;
        let target = world.target(kind, tls, fake.port);
        let looking = tokio::spawn(async move { look(&target, PATIENT).await });
        fake.accepted.await.unwrap();
        looking.abort();
        assert!(looking.await.unwrap_err().is_cancelled());
        // It ends when the connection does.
        fake.heard.await.unwrap();
    }
}
