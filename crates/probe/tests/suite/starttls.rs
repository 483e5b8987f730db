//! Who stands between us and the server must not get us to talk in clear, nor into the part that is protected.

use crate::{
    fake::{Act, PATIENT, look, say, serve},
    scripts::{KINDS, World, words},
};
use probe::{Cause, Kind, Step, Tls};

/// CVE-2011-0411: what is sent together with the answer to STARTTLS would be read as the first answer under TLS.
#[tokio::test]
async fn what_was_slipped_in_is_refused() {
    let world = World::new();
    for (kind, slipped) in [
        (Kind::Imap, "* CAPABILITY IMAP4rev1\r\np3 OK done\r\n"),
        (Kind::Pop3, "+OK\r\nUSER\r\n.\r\n"),
        (Kind::Smtp, "250-x\r\n250 AUTH PLAIN\r\n"),
    ] {
        let mut script = world.script(kind, Tls::StartTls);
        let started = script.iter_mut().find_map(|act| match act {
            Act::Say(Step::StartTls, text) => Some(text),
            _ => None,
        });
        started.unwrap().extend(slipped.bytes());
        let fake = serve(script).await;
        let failure = look(&world.target(kind, Tls::StartTls, fake.port), PATIENT)
            .await
            .result
            .unwrap_err();
        assert_eq!(
            (failure.step, failure.cause),
            (Step::StartTls, Cause::Protocol),
            "{kind:?}"
        );
        let heard = fake.heard.await.unwrap();
        assert_eq!(heard.len(), 2, "{heard:?}");
    }
}

#[tokio::test]
async fn what_is_slipped_in_later_is_no_tls() {
    let world = World::new();
    for kind in KINDS {
        let script = world.script(kind, Tls::StartTls);
        let shake = script.iter().position(|act| matches!(act, Act::Handshake(_))).unwrap();
        // An answer in clear where the server's part of the handshake should be.
        let instead = [Act::Hear, say(Step::Tls, "250 AUTH PLAIN\r\n")];
        let fake = serve([&script[..shake], &instead[1..], &[Act::Silence]].concat()).await;
        let failure = look(&world.target(kind, Tls::StartTls, fake.port), PATIENT)
            .await
            .result
            .unwrap_err();
        // Read with the answer or after it, it is believed neither way.
        assert!(matches!(
            (failure.step, failure.cause),
            (Step::Tls, Cause::Tls) | (Step::StartTls, Cause::Protocol)
        ));
        fake.heard.abort();
    }
}

#[tokio::test]
async fn a_server_without_it_is_told_nothing() {
    let world = World::new();
    for (kind, capabilities) in [
        (Kind::Imap, "* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nTAG OK\r\n"),
        (Kind::Pop3, "+OK\r\nUSER\r\n.\r\n"),
        (Kind::Pop3, "-ERR what\r\n"),
        (Kind::Smtp, "250-x\r\n250 AUTH PLAIN\r\n"),
    ] {
        let greeting = say(Step::Greeting, words(kind).greeting);
        let fake = serve(vec![
            greeting,
            Act::Hear,
            say(Step::Capabilities, capabilities),
            Act::Silence,
        ])
        .await;
        let failure = look(&world.target(kind, Tls::StartTls, fake.port), PATIENT)
            .await
            .result
            .unwrap_err();
        assert_eq!((failure.step, failure.cause), (Step::StartTls, Cause::Tls), "{kind:?}");
        assert_eq!(fake.heard.await.unwrap().len(), 1);
    }
}

/// RFC 9051 §11.1.
#[tokio::test]
async fn a_preauth_in_clear_does_not_take_tls_away() {
    let capabilities = "* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK\r\n";
    let greeting = say(Step::Greeting, "* PREAUTH hello\r\n");
    let fake = serve(vec![
        greeting,
        Act::Hear,
        say(Step::Capabilities, capabilities),
        Act::Silence,
    ])
    .await;
    let failure = look(&World::new().target(Kind::Imap, Tls::StartTls, fake.port), PATIENT)
        .await
        .result
        .unwrap_err();
    assert_eq!((failure.step, failure.cause), (Step::StartTls, Cause::Tls));
}

/// What was offered in clear counts for nothing: the server may offer less under TLS, and that holds.
#[tokio::test]
async fn what_was_offered_before_is_forgotten() {
    let world = World::new();
    for (kind, under_tls) in [
        (Kind::Imap, "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\nTAG OK\r\n"),
        (Kind::Pop3, "+OK\r\nSASL GSSAPI\r\n.\r\n"),
        (Kind::Smtp, "250 x\r\n"),
    ] {
        let mut script = world.script(kind, Tls::StartTls);
        let second = script
            .iter()
            .rposition(|act| matches!(act, Act::Say(Step::Capabilities, _)))
            .unwrap();
        script[second] = say(Step::Capabilities, under_tls);
        let fake = serve(script).await;
        let failure = look(&world.target(kind, Tls::StartTls, fake.port), PATIENT)
            .await
            .result
            .unwrap_err();
        assert_eq!(
            (failure.step, failure.cause),
            (Step::SignIn, Cause::Refused),
            "{kind:?}"
        );
    }
}
