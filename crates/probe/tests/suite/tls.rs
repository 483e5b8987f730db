//! Certificates that are not to be trusted, and servers that do not speak TLS where they should.

use crate::{
    certificates::{Authority, Signed},
    fake::{Act, IMPATIENT, PATIENT, look, say, serve},
    scripts::{KINDS, World},
};
use probe::{Cause, Failure, Kind, Step, Target, Tls};

/// The failure with a server of this certificate, by both ways into TLS.
async fn with(signed: impl Fn(&Authority) -> Signed) -> Cause {
    let mut causes = Vec::new();
    for (kind, tls) in KINDS
        .into_iter()
        .flat_map(|kind| [Tls::Implicit, Tls::StartTls].map(|tls| (kind, tls)))
    {
        let mut world = World::new();
        world.signed = signed(&world.authority);
        let fake = serve(world.script(kind, tls)).await;
        let failure = look(&world.target(kind, tls, fake.port), PATIENT)
            .await
            .result
            .unwrap_err();
        assert_eq!(failure.step, Step::Tls);
        assert!(!fake.heard.await.unwrap().iter().any(|line| line.contains("tortoise")));
        causes.push(failure.cause);
    }
    causes.dedup();
    assert_eq!(causes.len(), 1);
    causes[0]
}

#[tokio::test]
async fn certificates_that_are_not_trusted() {
    assert_eq!(with(|_| Authority::new().good()).await, Cause::Untrusted);
    assert_eq!(with(Authority::expired).await, Cause::Expired);
    assert_eq!(with(Authority::not_yet_valid).await, Cause::Expired);
    assert_eq!(with(Authority::of_another).await, Cause::WrongName);
}

#[tokio::test]
async fn an_authority_of_ours_has_to_be_named() {
    let world = World::new();
    let fake = serve(world.script(Kind::Imap, Tls::Implicit)).await;
    let target = Target::new(Kind::Imap, "127.0.0.1", fake.port, Tls::Implicit, None, None).unwrap();
    let failure = look(&target, PATIENT).await.result.unwrap_err();
    assert_eq!((failure.step, failure.cause), (Step::Tls, Cause::Untrusted));
}

#[tokio::test]
async fn a_server_that_signed_itself_can_be_named() {
    let mut world = World::new();
    world.signed = Signed::by_itself();
    let pem = world.signed.certificate_pem().into_bytes();
    let look_at = async |ca: Option<&[u8]>| {
        let fake = serve(world.script(Kind::Pop3, Tls::Implicit)).await;
        let account = Some(crate::scripts::account());
        let target = Target::new(Kind::Pop3, "127.0.0.1", fake.port, Tls::Implicit, ca, account).unwrap();
        look(&target, PATIENT).await.result.map_err(|failure| failure.cause)
    };
    assert_eq!(look_at(None).await, Err(Cause::Untrusted));
    assert_eq!(look_at(Some(&pem)).await, Ok(()));
}

async fn instead_of_a_handshake(kind: Kind, script: Vec<Act>, impatient: bool) -> Failure {
    let fake = serve(script).await;
    let deadlines = if impatient { IMPATIENT } else { PATIENT };
    let failure = look(&World::new().target(kind, Tls::Implicit, fake.port), deadlines)
        .await
        .result
        .unwrap_err();
    assert_eq!(failure.step, Step::Tls);
    failure
}

#[tokio::test]
async fn no_tls_where_it_should_be() {
    for kind in KINDS {
        for (script, cause) in [
            (
                vec![
                    say(Step::Greeting, "* OK hello, and a good day to everybody\r\n"),
                    Act::Silence,
                ],
                Cause::Tls,
            ),
            (
                vec![say(Step::Greeting, "HTTP/1.1 400 Bad Request\r\n\r\n"), Act::Silence],
                Cause::Tls,
            ),
            (vec![Act::Endless(vec![b'x'; 4096])], Cause::Tls),
            (vec![Act::Silence], Cause::Timeout),
        ] {
            let failure = instead_of_a_handshake(kind, script, cause == Cause::Timeout).await;
            assert_eq!(failure.cause, cause);
        }
        // With what we said unread this is a reset, else an end: one cause either way.
        assert_eq!(
            instead_of_a_handshake(kind, Vec::new(), false).await.cause,
            Cause::Closed
        );
        // Half a record.
        let half = vec![Act::Say(Step::Tls, vec![22, 3, 3, 0, 80, 2])];
        assert_eq!(instead_of_a_handshake(kind, half, false).await.cause, Cause::Closed);
    }
}
