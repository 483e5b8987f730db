//! Every server, broken at every step in every manner.

use crate::{
    fake::{Act, IMPATIENT, PATIENT, look, serve},
    scripts::{KINDS, WAYS, World},
};
use probe::{Cause, Deadlines, Kind, Step, Tls};

/// Breaks each answer of each server; `broken` gives what comes in its place, if that is wrong there.
async fn break_each(deadlines: Deadlines, cause: Cause, broken: impl Fn(Kind, Step) -> Option<Vec<Act>>) {
    let world = World::new();
    let mut looks = Vec::new();
    for (kind, tls) in KINDS.into_iter().flat_map(|kind| WAYS.map(|tls| (kind, tls))) {
        let script = world.script(kind, tls);
        for (place, act) in script.iter().enumerate() {
            let Act::Say(step, _) = act else { continue };
            let Some(instead) = broken(kind, *step) else { continue };
            let fake = serve([&script[..place], &instead].concat()).await;
            let target = world.target(kind, tls, fake.port);
            looks.push((
                kind,
                tls,
                *step,
                fake.heard,
                tokio::spawn(async move { look(&target, deadlines).await }),
            ));
        }
    }
    assert!(!looks.is_empty());
    for (kind, tls, step, heard, looked) in looks {
        let result = looked.await.unwrap().result;
        heard.await.unwrap();
        if step == Step::Goodbye {
            assert_eq!(result, Ok(()), "{kind:?} {tls:?} {step:?}");
            continue;
        }
        let failure = result.unwrap_err();
        assert_eq!(
            (failure.step, failure.cause),
            (step, cause),
            "{kind:?} {tls:?}: {}",
            failure.detail()
        );
    }
}

fn bytes(bytes: &[u8]) -> Act {
    Act::Say(Step::Ask, bytes.to_vec())
}

/// Half of what a server of that kind might say.
fn half(kind: Kind) -> Act {
    match kind {
        Kind::Imap => bytes(b"* O"),
        Kind::Pop3 => bytes(b"+O"),
        Kind::Smtp => bytes(b"220-hello\r\n22"),
    }
}

#[tokio::test]
async fn closes() {
    break_each(PATIENT, Cause::Closed, |_, _| Some(Vec::new())).await;
}

#[tokio::test]
async fn closes_after_half_a_line() {
    break_each(PATIENT, Cause::Closed, |kind, _| Some(vec![half(kind)])).await;
}

#[tokio::test]
async fn says_nothing() {
    break_each(IMPATIENT, Cause::Timeout, |_, _| Some(vec![Act::Silence])).await;
}

#[tokio::test]
async fn stops_after_half_a_line() {
    break_each(IMPATIENT, Cause::Timeout, |kind, _| {
        Some(vec![half(kind), Act::Silence])
    })
    .await;
}

#[tokio::test]
async fn says_a_line_without_an_end() {
    break_each(PATIENT, Cause::Protocol, |_, _| {
        Some(vec![Act::Endless(vec![b'x'; 4096])])
    })
    .await;
}

#[tokio::test]
async fn says_lines_without_an_end() {
    break_each(PATIENT, Cause::Protocol, |kind, step| {
        let line: &[u8] = match (kind, step) {
            // One line is all that is read there.
            (Kind::Imap, Step::Greeting) => return None,
            (Kind::Imap, _) => b"* OK a remark\r\n",
            (Kind::Pop3, Step::Capabilities) => b"+OK\r\n",
            (Kind::Pop3, _) => return None,
            (Kind::Smtp, _) => b"250-go on\r\n",
        };
        Some(vec![Act::Endless(line.to_vec())])
    })
    .await;
}

#[tokio::test]
async fn says_literals_without_an_end() {
    break_each(PATIENT, Cause::Protocol, |kind, step| {
        let endless = vec![Act::Endless(
            b"* X {4000}\r\n"
                .iter()
                .copied()
                .chain([b'x'; 4000])
                .chain(*b"\r\n")
                .collect(),
        )];
        (kind == Kind::Imap && step != Step::Greeting).then_some(endless)
    })
    .await;
    break_each(PATIENT, Cause::Protocol, |kind, step| {
        (kind == Kind::Imap && step != Step::Greeting).then(|| vec![bytes(b"* X {4294967295}\r\n"), Act::Silence])
    })
    .await;
}

#[tokio::test]
async fn is_a_web_server() {
    let answer = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
    break_each(PATIENT, Cause::Protocol, |_, _| Some(vec![bytes(answer)])).await;
}

#[tokio::test]
async fn is_noise() {
    for noise in [
        &b"\xff\xfe\0\r\n"[..],
        b"\r\n",
        b"\n",
        b" \r\n",
        b"*\r\n",
        b"* \r\n",
        b"2\r\n",
        b"999 x\r\n",
        b"250_x\r\n",
    ] {
        break_each(PATIENT, Cause::Protocol, |_, _| Some(vec![bytes(noise)])).await;
    }
}

#[tokio::test]
async fn speaks_another_protocol() {
    break_each(PATIENT, Cause::Protocol, |kind, _| {
        Some(vec![bytes(match kind {
            Kind::Imap => b"+OK hello\r\n",
            Kind::Pop3 => b"220 hello\r\n",
            Kind::Smtp => b"* OK hello\r\n",
        })])
    })
    .await;
}

#[tokio::test]
async fn answers_somebody_else() {
    break_each(PATIENT, Cause::Protocol, |kind, step| {
        let wrong: &[u8] = match (kind, step) {
            (Kind::Imap, _) => b"p99 OK done\r\n",
            // A reply that becomes another in the middle (RFC 5321 §4.2.1).
            (Kind::Smtp, _) => b"250-x\r\n550 y\r\n",
            (Kind::Pop3, Step::Ask) => b"+OK many\r\n",
            (Kind::Pop3, _) => return None,
        };
        Some(vec![bytes(wrong)])
    })
    .await;
}

#[tokio::test]
async fn goes_on_talking_where_nothing_was_asked() {
    let world = World::new();
    for (kind, step, extra) in [
        (Kind::Pop3, Step::Capabilities, "+OK\r\n"),
        (Kind::Smtp, Step::Capabilities, "250 fine\r\n"),
    ] {
        let mut script = world.script(kind, Tls::None);
        let Act::Say(_, greeting) = &mut script[0] else {
            panic!()
        };
        greeting.extend(extra.bytes());
        let fake = serve(script).await;
        let failure = look(&world.target(kind, Tls::None, fake.port), PATIENT)
            .await
            .result
            .unwrap_err();
        assert_eq!((failure.step, failure.cause), (step, Cause::Protocol));
    }
}
