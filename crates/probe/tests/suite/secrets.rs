//! Who is told the password, and where it must not turn up.

use crate::{
    fake::{Act, PATIENT, look, say, serve},
    scripts::{LOGIN, PASSWORD, World, account, words},
};
use probe::{Kind, ProbeAccount, Step, Target, TargetError, Tls};

/// A server that says again what it was told.
#[tokio::test]
async fn a_failure_does_not_repeat_the_password() {
    for (kind, answer) in [
        (Kind::Imap, format!("TAG NO [{PASSWORD}] {LOGIN} {PASSWORD}\r\n")),
        (Kind::Imap, format!("TAG BAD \"{PASSWORD}\"\r\n")),
        (Kind::Imap, format!("{PASSWORD}\r\n")),
        (Kind::Imap, format!("* BYE {PASSWORD}\r\n")),
        (Kind::Pop3, format!("-ERR [SYS/TEMP] {PASSWORD}\r\n")),
        (Kind::Pop3, format!("{PASSWORD}\r\n")),
        (Kind::Smtp, format!("535-5.7.8 {PASSWORD}\r\n535 {PASSWORD}\r\n")),
        (Kind::Smtp, format!("{PASSWORD}\r\n")),
    ] {
        let world = World::new();
        let script = world.script(kind, Tls::None);
        for step in [Step::SignIn, Step::Ask] {
            let place = script
                .iter()
                .rposition(|act| matches!(act, Act::Say(said, _) if *said == step))
                .unwrap();
            let fake = serve([&script[..place], &[say(step, &answer)]].concat()).await;
            let report = look(&world.target(kind, Tls::None, fake.port), PATIENT).await;
            let failure = report.result.as_ref().unwrap_err();
            for shown in [failure.detail().to_owned(), failure.to_string(), format!("{report:?}")] {
                assert!(!shown.contains(PASSWORD) && !shown.contains(LOGIN), "{shown}");
            }
        }
    }
}

#[tokio::test]
async fn a_failure_says_nothing_of_the_server_but_in_its_detail() {
    let greeting = "* BYE mail.campus.example\u{1b}[2J is \u{7}full, 192.0.2.1 says\r\n";
    let fake = serve(vec![say(Step::Greeting, greeting)]).await;
    let target = World::new().target(Kind::Imap, Tls::None, fake.port);
    let report = look(&target, PATIENT).await;
    let failure = report.result.as_ref().unwrap_err();
    assert_eq!(failure.to_string(), "greeting: busy");
    assert!(!format!("{report:?} {target:?}").contains("campus.example"));
    assert_eq!(failure.detail(), "mail.campus.example[2J is full, 192.0.2.1 says");
}

#[tokio::test]
async fn a_detail_is_short() {
    let long = format!("* BYE {}\r\n", "é".repeat(2_000));
    let fake = serve(vec![say(Step::Greeting, &long)]).await;
    let failure = look(&World::new().target(Kind::Imap, Tls::None, fake.port), PATIENT)
        .await
        .result
        .unwrap_err();
    assert_eq!(failure.detail().chars().count(), 200);
}

#[test]
fn nothing_shows_the_account() {
    let target = Target::new(Kind::Imap, "127.0.0.1", 143, Tls::None, None, Some(account())).unwrap();
    let shown = format!("{target:?} {:?}", account());
    assert!(
        !shown.contains(LOGIN) && !shown.contains(PASSWORD) && !shown.contains("127.0.0.1"),
        "{shown}"
    );
}

#[test]
fn no_password_in_clear_to_another_machine() {
    let made = |host, tls| Target::new(Kind::Pop3, host, 110, tls, None, Some(account())).map(|_| ());
    for host in [
        "mail.campus.example",
        "192.0.2.1",
        "::2",
        "localhost.campus.example",
        "::ffff:192.0.2.1",
    ] {
        assert_eq!(made(host, Tls::None), Err(TargetError::PasswordInClear), "{host}");
        assert_eq!(made(host, Tls::StartTls), Ok(()), "{host}");
        assert_eq!(made(host, Tls::Implicit), Ok(()), "{host}");
    }
    for host in [
        "localhost",
        "LOCALHOST",
        "127.0.0.1",
        "127.3.2.1",
        "::1",
        "::ffff:127.0.0.1",
    ] {
        assert_eq!(made(host, Tls::None), Ok(()), "{host}");
    }
}

#[test]
fn an_account_cannot_hold_a_command() {
    let made = |login: &str, password: &str| {
        let (login, password) = (login.to_owned(), password.to_owned());
        let account = ProbeAccount { login, password };
        Target::new(Kind::Pop3, "::1", 110, Tls::None, None, Some(account)).map(|_| ())
    };
    for bad in [
        "",
        "a\r\nDELE 1",
        "a\nb",
        "a\rb",
        "a\0b",
        "a\u{85}b",
        "\t",
        "\u{7f}",
        &"x".repeat(256),
    ] {
        assert_eq!(made(bad, "x"), Err(TargetError::Login), "{bad:?}");
        assert_eq!(made("x", bad), Err(TargetError::Password), "{bad:?}");
    }
    assert_eq!(made(&"x".repeat(255), " パス \"\\{3}"), Ok(()));
}

#[tokio::test]
async fn nobody_is_told_before_tls() {
    // It offers a sign-in in clear, and then breaks off.
    for kind in crate::scripts::KINDS {
        let words = words(kind);
        let fake = serve(vec![
            say(Step::Greeting, words.greeting),
            Act::Hear,
            say(Step::Capabilities, words.capabilities),
            Act::Hear,
            say(Step::StartTls, words.start),
        ])
        .await;
        let report = look(&World::new().target(kind, Tls::StartTls, fake.port), PATIENT).await;
        assert_eq!(report.result.unwrap_err().step, Step::Tls);
        let heard = fake.heard.await.unwrap().join("\n");
        assert!(
            !heard.contains("LOGIN") && !heard.contains("USER") && !heard.contains("AUTH"),
            "{heard}"
        );
    }
}
