use crate::{
    certificates::Authority,
    fake::{PATIENT, look},
};
use probe::{Cause, Kind, Step, Target, TargetError, Tls};
use tokio::net::TcpSocket;

#[test]
fn what_cannot_be_looked_at_is_said_at_once() {
    let made = |host: &str, port, ca: Option<&[u8]>| {
        Target::new(Kind::Smtp, host, port, Tls::Implicit, ca, None)
            .map(|_| ())
            .unwrap_err()
    };
    for host in [
        "",
        " ",
        "mail example",
        "a\r\nb",
        "[::1]",
        "http://x",
        "a:25",
        "-.",
        &"a".repeat(64),
    ] {
        assert_eq!(made(host, 25, None), TargetError::Host, "{host:?}");
    }
    assert_eq!(made("mail.campus.example", 0, None), TargetError::Port);
    let broken = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    for pem in [&b""[..], b"no PEM", broken] {
        assert_eq!(made("mail.campus.example", 25, Some(pem)), TargetError::Certificate);
    }
    let pem = Authority::new().pem();
    let target = Target::new(Kind::Smtp, "mail.campus.example", 25, Tls::Implicit, Some(&pem), None).unwrap();
    assert_eq!(target.kind(), Kind::Smtp);
}

#[tokio::test]
async fn nobody_listens() {
    // Ours, so that nobody else can listen there either.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = socket.local_addr().unwrap().port();
    let target = Target::new(Kind::Imap, "127.0.0.1", port, Tls::None, None, None).unwrap();
    let report = look(&target, PATIENT).await;
    let failure = report.result.unwrap_err();
    assert_eq!((failure.step, failure.cause), (Step::Connect, Cause::Unreachable));
    assert_eq!(report.steps.len(), 1);
    assert_eq!(failure.to_string(), "connect: unreachable");
}
