use crate::{
    fake::{Act, PATIENT, look, say, serve},
    scripts::{KINDS, LOGIN, PASSWORD, WAYS, World},
};
use probe::{Kind, ProbeAccount, Step, Target, Tls};

#[tokio::test]
async fn every_step_is_timed_in_its_order() {
    let world = World::new();
    for (kind, tls) in KINDS.into_iter().flat_map(|kind| WAYS.map(|tls| (kind, tls))) {
        let fake = serve(world.script(kind, tls)).await;
        let report = look(&world.target(kind, tls, fake.port), PATIENT).await;
        assert_eq!(report.result, Ok(()), "{kind:?} {tls:?}");
        let steps: Vec<Step> = report.steps.iter().map(|(step, _)| *step).collect();
        use Step::{Ask, Capabilities, Connect, Goodbye, Greeting, SignIn, StartTls};
        let expected = match tls {
            Tls::None => vec![Connect, Greeting, Capabilities, SignIn, Ask, Goodbye],
            Tls::Implicit => vec![Connect, Step::Tls, Greeting, Capabilities, SignIn, Ask, Goodbye],
            Tls::StartTls => vec![
                Connect,
                Greeting,
                Capabilities,
                StartTls,
                Step::Tls,
                Capabilities,
                SignIn,
                Ask,
                Goodbye,
            ],
        };
        assert_eq!(steps, expected, "{kind:?}");
    }
}

#[tokio::test]
async fn what_is_said_changes_nothing() {
    let world = World::new();
    let said = async |kind| {
        let fake = serve(world.script(kind, Tls::None)).await;
        look(&world.target(kind, Tls::None, fake.port), PATIENT)
            .await
            .result
            .unwrap();
        fake.heard.await.unwrap()
    };
    let imap = format!("p1 CAPABILITY\np2 LOGIN \"{LOGIN}\" \"{PASSWORD}\"\np3 EXAMINE INBOX\np4 LOGOUT");
    assert_eq!(said(Kind::Imap).await.join("\n"), imap);
    let pop3 = format!("CAPA\nUSER {LOGIN}\nPASS {PASSWORD}\nSTAT\nQUIT");
    assert_eq!(said(Kind::Pop3).await.join("\n"), pop3);
    let smtp = "EHLO [127.0.0.1]\nAUTH PLAIN AHByb2JlLWFjY291bnQAaGFyZS1hbmQtdG9ydG9pc2U=\nNOOP\nQUIT";
    assert_eq!(said(Kind::Smtp).await.join("\n"), smtp);
}

#[tokio::test]
async fn without_an_account_nobody_signs_in() {
    for (kind, ask) in [
        (Kind::Imap, "TAG OK\r\n"),
        (Kind::Pop3, "-ERR what\r\n"),
        (Kind::Smtp, "250 fine\r\n"),
    ] {
        let words = crate::scripts::words(kind);
        let fake = serve(vec![
            say(Step::Greeting, words.greeting),
            Act::Hear,
            say(Step::Capabilities, words.capabilities),
            Act::Hear,
            say(Step::Ask, ask),
            Act::Hear,
        ])
        .await;
        let target = Target::new(kind, "127.0.0.1", fake.port, Tls::None, None, None).unwrap();
        let report = look(&target, PATIENT).await;
        assert_eq!(report.result, Ok(()));
        // It was not answered.
        assert_eq!(report.steps.last().map(|(step, _)| *step), Some(Step::Ask));
        let heard = fake.heard.await.unwrap();
        assert!(
            !heard
                .iter()
                .any(|line| line.contains("LOGIN") || line.contains("USER") || line.contains("AUTH"))
        );
    }
}

#[tokio::test]
async fn a_name_leads_to_the_address_that_answers() {
    // `localhost` has an IPv6 address as well on most machines, and nobody listens there.
    let world = World::new();
    let fake = serve(world.script(Kind::Imap, Tls::Implicit)).await;
    let pem = world.authority.pem();
    let account = Some(crate::scripts::account());
    let target = Target::new(Kind::Imap, "localhost", fake.port, Tls::Implicit, Some(&pem), account).unwrap();
    assert_eq!(look(&target, PATIENT).await.result, Ok(()));
}

/// Signs in with these at a server that asks for literals as often as `literals` says.
async fn imap_sign_in(login: &str, password: &str, literals: usize) -> Vec<String> {
    let words = crate::scripts::words(Kind::Imap);
    let mut script = vec![
        say(Step::Greeting, words.greeting),
        Act::Hear,
        say(Step::Capabilities, words.capabilities),
    ];
    for _ in 0..literals {
        script.extend([Act::Hear, say(Step::SignIn, "+ go on\r\n")]);
    }
    script.extend([
        Act::Hear,
        say(Step::SignIn, "p2 OK\r\n"),
        Act::Hear,
        say(Step::Ask, "TAG OK\r\n"),
    ]);
    let fake = serve(script).await;
    let account = Some(ProbeAccount {
        login: login.to_owned(),
        password: password.to_owned(),
    });
    let target = Target::new(Kind::Imap, "127.0.0.1", fake.port, Tls::None, None, account).unwrap();
    assert_eq!(look(&target, PATIENT).await.result, Ok(()));
    let heard = fake.heard.await.unwrap();
    heard[1..=literals + 1].to_vec()
}

#[tokio::test]
async fn passwords_are_quoted_or_literals() {
    assert_eq!(
        imap_sign_in("a b", r#"x"y\z{3}"#, 0).await,
        [r#"p2 LOGIN "a b" "x\"y\\z{3}""#]
    );
    assert_eq!(
        imap_sign_in("probe", "文箱", 1).await,
        ["p2 LOGIN \"probe\" {6}", "文箱"]
    );
    let both = imap_sign_in("調べ", "文箱", 2).await;
    assert_eq!(both, ["p2 LOGIN {6}", "調べ {6}", "文箱"]);
}

#[tokio::test]
async fn smtp_signs_in_by_login_where_there_is_no_plain() {
    let fake = serve(vec![
        say(Step::Greeting, "220 x\r\n"),
        Act::Hear,
        say(Step::Capabilities, "250-x\r\n250 AUTH=LOGIN\r\n"),
        Act::Hear,
        say(Step::SignIn, "334 VXNlcm5hbWU6\r\n"),
        Act::Hear,
        say(Step::SignIn, "334 UGFzc3dvcmQ6\r\n"),
        Act::Hear,
        say(Step::SignIn, "235 yes\r\n"),
        Act::Hear,
        say(Step::Ask, "250\r\n"),
    ])
    .await;
    let world = World::new();
    let report = look(&world.target(Kind::Smtp, Tls::None, fake.port), PATIENT).await;
    assert_eq!(report.result, Ok(()));
    assert_eq!(fake.heard.await.unwrap()[1], "AUTH LOGIN");
}

#[tokio::test]
async fn a_server_that_knows_us_is_not_told_who_we_are() {
    let fake = serve(vec![
        say(Step::Greeting, "* PREAUTH hello {5}\r\n"),
        Act::Hear,
        say(Step::Capabilities, "* CAPABILITY IMAP4rev2\r\nTAG OK\r\n"),
        Act::Hear,
        say(Step::Ask, "TAG OK\r\n"),
    ])
    .await;
    let report = look(&World::new().target(Kind::Imap, Tls::None, fake.port), PATIENT).await;
    assert_eq!(report.result, Ok(()));
    assert_eq!(fake.heard.await.unwrap(), ["p1 CAPABILITY", "p2 EXAMINE INBOX"]);
}
