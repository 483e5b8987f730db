//! A real server.

use crate::{
    dovecot_config::{Dovecot, LOGIN, PASSWORD, missing},
    fake::{PATIENT, look},
    scripts::World,
};
use probe::{Cause, Kind, ProbeAccount, Report, Step, Target, Tls};
use std::io::Write;

#[tokio::test]
async fn dovecot_answers() {
    if let Some(reason) = missing() {
        return skipped("a look at Dovecot", reason);
    }
    let world = World::new();
    let pem = world.authority.pem();
    let dovecot = Dovecot::start(&world.signed);
    let ask = async |kind, tls, port, ca: Option<&[u8]>, password: Option<&str>| {
        let account = password.map(|password| ProbeAccount {
            login: LOGIN.to_owned(),
            password: password.to_owned(),
        });
        let target = Target::new(kind, "127.0.0.1", port, tls, ca, account).unwrap();
        let report = look(&target, PATIENT).await;
        show(kind, tls, &report);
        report
    };
    let failed = |report: Report| {
        report
            .result
            .map_err(|failure| (failure.step, failure.cause))
            .unwrap_err()
    };

    let before = dovecot.names();
    let mut ways = vec![
        (Kind::Imap, Tls::None, dovecot.ports.imap),
        (Kind::Imap, Tls::StartTls, dovecot.ports.imap),
        (Kind::Imap, Tls::Implicit, dovecot.ports.imaps),
    ];
    for (kind, tls, port) in ways.clone() {
        let report = ask(kind, tls, port, Some(&pem), Some(PASSWORD)).await;
        assert_eq!(report.result, Ok(()), "{kind:?} {tls:?}: {report:?}");
        assert_eq!(report.steps.last().map(|(step, _)| *step), Some(Step::Goodbye));
    }
    assert_eq!(dovecot.names(), before, "looking by IMAP has changed names of messages");

    match dovecot.ports.pop3 {
        Some((plain, secure)) => ways.extend([
            (Kind::Pop3, Tls::None, plain),
            (Kind::Pop3, Tls::StartTls, plain),
            (Kind::Pop3, Tls::Implicit, secure),
        ]),
        None => skipped("a look at Dovecot by POP3", "dovecot-pop3d is not installed"),
    }
    for (kind, tls, port) in ways {
        let report = ask(kind, tls, port, Some(&pem), Some(PASSWORD)).await;
        assert_eq!(report.result, Ok(()), "{kind:?} {tls:?}: {report:?}");
        let without = ask(kind, tls, port, Some(&pem), None).await;
        assert_eq!(without.result, Ok(()), "{kind:?} {tls:?}: {without:?}");
        let wrong = ask(kind, tls, port, Some(&pem), Some("wrong")).await;
        assert_eq!(failed(wrong), (Step::SignIn, Cause::Refused), "{kind:?} {tls:?}");
        if tls != Tls::None {
            let untrusted = ask(kind, tls, port, None, Some(PASSWORD)).await;
            assert_eq!(failed(untrusted), (Step::Tls, Cause::Untrusted), "{kind:?} {tls:?}");
        }
    }
    println!(
        "names of messages, before: {before:?}, after POP3: {:?}",
        dovecot.names()
    );
    // One protocol where the other is expected.
    let wrong = ask(Kind::Pop3, Tls::None, dovecot.ports.imap, None, None).await;
    assert_eq!(failed(wrong), (Step::Greeting, Cause::Protocol));
    let smtp = ask(Kind::Smtp, Tls::None, dovecot.ports.imap, None, None).await;
    assert_eq!(failed(smtp), (Step::Greeting, Cause::Protocol));
    let plain = ask(Kind::Imap, Tls::Implicit, dovecot.ports.imap, Some(&pem), None).await;
    assert_eq!(failed(plain), (Step::Tls, Cause::Tls));
}

/// Said even where what tests print is not shown; `end2end/crates.mjs` reads it.
#[expect(clippy::explicit_write, reason = "the macro is not shown of a test that passes")]
fn skipped(what: &str, why: &str) {
    writeln!(std::io::stderr(), "\nSKIPPED, {what} is not tried: {why}").unwrap();
}

/// `cargo test -p probe -- dovecot --nocapture` prints the figures.
fn show(kind: Kind, tls: Tls, report: &Report) {
    let steps: Vec<String> = report
        .steps
        .iter()
        .map(|(step, took)| format!("{} {took:.1?}", step.word()))
        .collect();
    let outcome = report.result.as_ref().err().map_or_else(
        || "answers".to_owned(),
        |failure| format!("{failure} ({})", failure.detail()),
    );
    println!(
        "{kind:?} {tls:?}: {:.1?}, {outcome}: {}",
        report.total,
        steps.join(", ")
    );
}
