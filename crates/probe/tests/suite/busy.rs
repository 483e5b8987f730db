//! Servers that say no, and how.

use crate::{
    fake::{Act, PATIENT, look, say, serve},
    scripts::{World, words},
};
use probe::{Cause, Failure, Kind, Step, Tls};

/// The failure when the answers of the step (the last of them) are this.
async fn answered(kind: Kind, tls: Tls, step: Step, answer: &str) -> Failure {
    let world = World::new();
    let script = world.script(kind, tls);
    let is_it = |act: &Act| matches!(act, Act::Say(said, _) if *said == step);
    let place = script.iter().rposition(is_it).unwrap();
    let fake = serve([&script[..place], &[say(step, answer)]].concat()).await;
    let failure = look(&world.target(kind, tls, fake.port), PATIENT)
        .await
        .result
        .unwrap_err();
    assert_eq!(failure.step, step);
    failure
}

async fn cause(kind: Kind, step: Step, answer: &str) -> Cause {
    answered(kind, Tls::None, step, answer).await.cause
}

#[tokio::test]
async fn imap() {
    use Step::{Ask, Capabilities, Greeting, SignIn};
    let bye = "* BYE [UNAVAILABLE] later\r\n";
    for step in [Greeting, Capabilities, SignIn, Ask] {
        assert_eq!(cause(Kind::Imap, step, bye).await, Cause::Busy);
    }
    assert_eq!(
        cause(
            Kind::Imap,
            Ask,
            "* 3 EXISTS\r\n* LIST () {3}\r\n* B\r\n* BYE restart\r\n"
        )
        .await,
        Cause::Busy
    );
    for (answer, expected) in [
        ("TAG NO [AUTHENTICATIONFAILED] wrong\r\n", Cause::Refused),
        ("TAG NO\r\n", Cause::Refused),
        ("TAG no [unavailable] later\r\n", Cause::Busy),
        ("TAG NO [INUSE] later\r\n", Cause::Busy),
        ("TAG BAD what\r\n", Cause::Protocol),
        ("+ go on\r\n", Cause::Protocol),
    ] {
        assert_eq!(cause(Kind::Imap, SignIn, answer).await, expected, "{answer}");
    }
    assert_eq!(
        cause(Kind::Imap, Ask, "TAG NO [NONEXISTENT] none\r\n").await,
        Cause::Refused
    );
    assert_eq!(cause(Kind::Imap, Capabilities, "TAG OK\r\n").await, Cause::Protocol);
    assert_eq!(cause(Kind::Imap, Greeting, "p1 OK hello\r\n").await, Cause::Protocol);
}

#[tokio::test]
async fn pop3() {
    use Step::{Ask, Greeting, SignIn};
    assert_eq!(cause(Kind::Pop3, Greeting, "-ERR too many\r\n").await, Cause::Busy);
    assert_eq!(
        cause(Kind::Pop3, Greeting, "-ERR [SYS/PERM] never\r\n").await,
        Cause::Refused
    );
    for (answer, expected) in [
        ("-ERR [AUTH] wrong\r\n", Cause::Refused),
        ("-ERR\r\n", Cause::Refused),
        ("-ERR [IN-USE] another program\r\n", Cause::Busy),
        ("-ERR [sys/temp] later\r\n", Cause::Busy),
        ("-ERR [LOGIN-DELAY] later\r\n", Cause::Busy),
        ("+ go on\r\n", Cause::Protocol),
    ] {
        assert_eq!(cause(Kind::Pop3, SignIn, answer).await, expected, "{answer}");
    }
    assert_eq!(cause(Kind::Pop3, Ask, "-ERR [SYS/TEMP] later\r\n").await, Cause::Busy);
}

#[tokio::test]
async fn smtp() {
    use Step::{Ask, Capabilities, Greeting, SignIn};
    for step in [Greeting, Capabilities, SignIn, Ask] {
        assert_eq!(
            cause(Kind::Smtp, step, "421-4.3.2 later\r\n421 4.3.2 really\r\n").await,
            Cause::Busy
        );
        assert_eq!(cause(Kind::Smtp, step, "450 later\r\n").await, Cause::Busy);
        assert_eq!(cause(Kind::Smtp, step, "554 5.7.1 go away\r\n").await, Cause::Refused);
    }
    assert_eq!(cause(Kind::Smtp, SignIn, "454 4.7.0 later\r\n").await, Cause::Busy);
    assert_eq!(cause(Kind::Smtp, SignIn, "535 5.7.8 wrong\r\n").await, Cause::Refused);
    assert_eq!(cause(Kind::Smtp, SignIn, "334 go on\r\n").await, Cause::Protocol);
    assert_eq!(cause(Kind::Smtp, Capabilities, "502 what\r\n").await, Cause::Protocol);
    assert_eq!(cause(Kind::Smtp, Ask, "354 go on\r\n").await, Cause::Protocol);
}

#[tokio::test]
async fn starttls_is_refused() {
    for (kind, answer) in [
        (Kind::Imap, "TAG NO later\r\n"),
        (Kind::Pop3, "-ERR later\r\n"),
        (Kind::Smtp, "454 4.7.0 later\r\n"),
    ] {
        assert_eq!(
            answered(kind, Tls::StartTls, Step::StartTls, answer).await.cause,
            Cause::Tls
        );
    }
    let busy = answered(Kind::Smtp, Tls::StartTls, Step::StartTls, "421 4.7.0 later\r\n").await;
    assert_eq!(busy.cause, Cause::Busy);
}

#[tokio::test]
async fn what_was_said_before_the_end_is_heard() {
    // The command that it answers was sent when it had gone already.
    let fake = serve(vec![say(
        Step::Greeting,
        "* OK hello\r\n* BYE too many connections\r\n",
    )])
    .await;
    let failure = look(&World::new().target(Kind::Imap, Tls::None, fake.port), PATIENT)
        .await
        .result
        .unwrap_err();
    assert_eq!((failure.step, failure.cause), (Step::Capabilities, Cause::Busy));
    assert_eq!(failure.detail(), "too many connections");
}

#[tokio::test]
async fn a_text_that_looks_like_a_literal_is_a_text() {
    let fake = serve(vec![say(Step::Greeting, "* OK hello {5}\r\nworld\r\n"), Act::Hear]).await;
    let failure = look(&World::new().target(Kind::Imap, Tls::None, fake.port), PATIENT)
        .await
        .result
        .unwrap_err();
    assert_eq!((failure.step, failure.cause), (Step::Capabilities, Cause::Protocol));
    assert_eq!(failure.detail(), "world");
}

#[tokio::test]
async fn nothing_is_told_where_nobody_may_sign_in() {
    for (kind, capabilities) in [
        (Kind::Imap, "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\nTAG OK\r\n"),
        (Kind::Pop3, "+OK\r\nSTLS\r\n.\r\n"),
        (Kind::Smtp, "250-x\r\n250 AUTH GSSAPI\r\n"),
    ] {
        let fake = serve(vec![
            say(Step::Greeting, words(kind).greeting),
            Act::Hear,
            say(Step::Capabilities, capabilities),
            Act::Silence,
        ])
        .await;
        let failure = look(&World::new().target(kind, Tls::None, fake.port), PATIENT)
            .await
            .result
            .unwrap_err();
        assert_eq!((failure.step, failure.cause), (Step::SignIn, Cause::Refused));
        assert_eq!(fake.heard.await.unwrap().len(), 1);
    }
}
