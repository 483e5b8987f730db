use crate::pools::{LONG, ask, ask_for, has_ended, hasty, lost, pool, process, settings, text, until};
use std::time::Duration;
use workers::{Lost, Pool, Settings};

/// A frame as it is on the wire.
fn frame(kind: u8, length: u32, number: u64, bytes: &[u8]) -> Vec<u8> {
    let mut frame = vec![kind, 0, 0, 0];
    frame.extend(length.to_le_bytes());
    frame.extend(number.to_le_bytes());
    frame.extend(bytes);
    frame
}

const ANSWER: u8 = 4;
const AHEAD: u8 = 6;

#[tokio::test]
async fn who_hangs_or_is_stopped_is_killed_and_the_next_is_served() {
    let pool = hasty(1);
    for (turn, hang) in ["hang", "stop"].into_iter().enumerate() {
        let (hung, next) = (ask(&pool, hang), ask(&pool, "count"));
        assert_eq!(lost(hung).await, Lost::Hung, "{hang}");
        assert_eq!(text(next).await, "1", "by another process");
        assert_eq!(pool.counts().hung, turn as u64 + 1);
    }
}

#[tokio::test]
async fn who_hangs_after_something_was_given_ahead_is_killed_too() {
    let pool = hasty(1);
    let mut hung = ask(&pool, "ahead hang");
    assert_eq!(hung.ahead(LONG).await.unwrap().unwrap(), b"first");
    assert_eq!(lost(hung).await, Lost::Hung);
    let mut hung = ask(&pool, "hang");
    assert_eq!(hung.ahead(LONG).await, Ok(None));
    assert_eq!(lost(hung).await, Lost::Hung);
}

#[tokio::test]
async fn who_does_not_mind_being_asked_to_end_is_killed_too() {
    let plain = settings(1);
    let mut args = vec![
        "-c".into(),
        r#"trap '' TERM; exec "$0" "$@""#.into(),
        plain.program.into_os_string(),
    ];
    args.extend(plain.args.clone());
    let hung_after = Duration::from_secs(1);
    let stubborn = Settings {
        program: "/bin/sh".into(),
        args,
        hung_after,
        ..settings(1)
    };
    let pool = Pool::new(stubborn).unwrap();
    let pid = text(ask(&pool, "pid")).await;
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap();
    let ignored = u64::from_str_radix(ignored.trim(), 16).unwrap();
    assert_ne!(ignored & (1 << 14), 0, "SIGTERM is ignored");
    assert_eq!(lost(ask(&pool, "hang")).await, Lost::Hung);
    assert_eq!(text(ask(&pool, "echo x")).await, "x");
    assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());
}

#[tokio::test]
async fn who_goes_on_may_take_long_but_not_for_ever() {
    let hasty = Settings {
        hung_after: Duration::from_secs(1),
        longest: Duration::from_secs(3),
        ..settings(2)
    };
    let pool = Pool::new(hasty).unwrap();
    let (long, endless) = (ask(&pool, "long-job"), ask(&pool, "endless"));
    assert_eq!(text(long).await, "done");
    assert_eq!(lost(endless).await, Lost::Endless);
    assert_eq!(pool.counts().hung, 1);
}

#[tokio::test]
async fn who_dies_is_replaced() {
    let pool = pool(1);
    let mut cut = b"say-and-die ".to_vec();
    cut.extend(frame(ANSWER, 100, 1, b"only this"));
    for (turn, death) in [b"die".to_vec(), b"panic".to_vec(), cut].into_iter().enumerate() {
        let (dying, next) = (ask(&pool, death), ask(&pool, "count"));
        assert_eq!(lost(dying).await, Lost::Died);
        assert_eq!(text(next).await, "1");
        assert_eq!(pool.counts().died, turn as u64 + 1);
    }
}

#[tokio::test]
async fn who_died_while_nobody_asked_costs_no_request() {
    let pool = pool(1);
    let helper = process(&text(ask(&pool, "pid")).await);
    rustix::process::pidfd_send_signal(&helper, rustix::process::Signal::KILL).unwrap();
    assert!(has_ended(&helper));
    assert_eq!(text(ask(&pool, "count")).await, "1");
}

#[tokio::test]
async fn who_sends_nonsense_is_replaced_and_nobody_reads_it() {
    let nonsense = [
        frame(ANSWER, u32::MAX, 1, &[]),
        frame(ANSWER, 3, 2, b"for"),
        frame(ANSWER, 3, 0, b"for"),
        frame(99, 0, 1, &[]),
        frame(0, 0, 1, &[]),
        frame(1, 0, 1, &[]),
        frame(2, 0, 1, &[]),
        frame(3, 0, 2, &[]),
        frame(3, 2, 1, b"ab"),
        b"HTTP/1.1 200 OK\r\n\r\n".to_vec(),
        [frame(AHEAD, 1, 1, b"a"), frame(AHEAD, 1, 1, b"b")].concat(),
        frame(AHEAD, 1, 2, b"a"),
        [frame(ANSWER, 3, 1, b"two"), frame(ANSWER, 3, 2, b"for")].concat(),
    ];
    for (turn, bytes) in nonsense.into_iter().enumerate() {
        // What it is asked first has the number 1.
        let pool = pool(1);
        let nonsense = ask(&pool, [b"say ".as_slice(), &bytes].concat());
        let next = ask_for(&pool, 1, "count");
        assert_eq!(lost(nonsense).await, Lost::Nonsense, "{turn}");
        assert_eq!(text(next).await, "1", "{turn}");
        assert_eq!(pool.counts().nonsense, 1);
    }
}

#[tokio::test]
async fn who_stops_in_the_middle_of_an_answer_has_hung() {
    let pool = hasty(1);
    let bytes = frame(ANSWER, 100, 1, b"only this");
    assert_eq!(
        lost(ask(&pool, [b"say ".as_slice(), &bytes].concat())).await,
        Lost::Hung
    );
    assert_eq!(text(ask(&pool, "count")).await, "1");
}

#[tokio::test]
async fn who_does_not_take_a_request_has_hung() {
    let pool = hasty(1);
    // The first answer is true; then it does not read what is longer than the socket holds.
    let bytes = frame(ANSWER, 2, 1, b"ok");
    assert_eq!(text(ask(&pool, [b"say ".as_slice(), &bytes].concat())).await, "ok");
    let mut request = b"echo ".to_vec();
    request.resize(1_000_000, b'x');
    assert_eq!(lost(ask(&pool, request)).await, Lost::Hung);
    assert_eq!(text(ask(&pool, "count")).await, "1");
    until(&pool, |counts| counts.ready == 1 && counts.lost == 0);
}
