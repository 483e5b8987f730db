//! How much is read, to the byte; and that whatever is said, there is an end and a report.

use crate::{
    fake::{Act, PATIENT, look, say, serve},
    scripts::{KINDS, World, words},
};
use probe::{Cause, Deadlines, Kind, Step, Tls};
use proptest::prelude::*;
use std::time::Duration;

/// The result of asking for the capabilities, if they are these.
async fn capabilities(kind: Kind, text: &str) -> Result<(), (Step, Cause)> {
    let fake = serve(vec![
        say(Step::Greeting, words(kind).greeting),
        Act::Hear,
        say(Step::Capabilities, text),
        Act::Silence,
    ])
    .await;
    let target = World::target_in_clear(kind, fake.port);
    let failure = look(&target, PATIENT).await.result.unwrap_err();
    match (failure.step, failure.cause) {
        // Where it goes on, it finds that it cannot sign in.
        (Step::SignIn, Cause::Refused) => Ok(()),
        other => Err(other),
    }
}

const TOO_MUCH: Result<(), (Step, Cause)> = Err((Step::Capabilities, Cause::Protocol));

#[tokio::test]
async fn a_line_has_8192_bytes() {
    let line = |length: usize| format!("250 {}\r\n", "x".repeat(length - 4));
    // The CR counts until the LF is there.
    assert_eq!(capabilities(Kind::Smtp, &line(8_191)).await, Ok(()));
    assert_eq!(capabilities(Kind::Smtp, &line(8_192)).await, TOO_MUCH);
    assert_eq!(capabilities(Kind::Smtp, &line(8_192).replace('\r', "")).await, Ok(()));
}

#[tokio::test]
async fn an_answer_has_a_thousand_lines() {
    let lines = |count: usize| format!("+OK\r\n{}.\r\n", "X\r\n".repeat(count - 2));
    assert_eq!(capabilities(Kind::Pop3, &lines(1_000)).await, Ok(()));
    assert_eq!(capabilities(Kind::Pop3, &lines(1_001)).await, TOO_MUCH);
}

#[tokio::test]
async fn an_answer_has_64_kib() {
    let end = "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\np1 OK\r\n";
    let answer = |length: usize| {
        let rest = length - end.len() - "* X {00000}\r\n\r\n".len();
        format!("* X {{{rest:05}}}\r\n{}\r\n{end}", "\n".repeat(rest))
    };
    assert_eq!(answer(65_536).len(), 65_536);
    assert_eq!(capabilities(Kind::Imap, &answer(65_536)).await, Ok(()));
    assert_eq!(capabilities(Kind::Imap, &answer(65_537)).await, TOO_MUCH);
}

fn piece() -> impl Strategy<Value = Vec<u8>> {
    let words = [
        "\r\n",
        "\n",
        "\r",
        " ",
        "* ",
        "+",
        "-",
        "p1 ",
        "p2 ",
        "OK",
        "NO",
        "BAD",
        "BYE",
        "{3}",
        "{0}",
        "{",
        "}",
        "[",
        "]",
        "[SYS/TEMP]",
        "[UNAVAILABLE]",
        "CAPABILITY IMAP4rev1",
        "+OK ",
        "-ERR ",
        "220",
        "250",
        "421",
        "334 ",
        "235 ",
        ".",
        "USER\r\n",
        "* OK hi\r\n",
        "+OK\r\n",
        "220 hi\r\n",
        "250 AUTH PLAIN\r\n",
        "p1 OK\r\n",
    ];
    prop_oneof![
        8 => prop::sample::select(words.to_vec()).prop_map(|word| word.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..8),
    ]
}

/// Both sides may come to wait for each other: then this is the end of it.
const SOON: Deadlines = Deadlines {
    step: Duration::from_millis(20),
    total: Duration::from_secs(60),
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_is_said_there_is_a_report(
        right in 0_usize..12,
        answers in prop::collection::vec(prop::collection::vec(piece(), 0..10), 1..4),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let world = World::new();
            for kind in KINDS {
                let mut script = world.script(kind, Tls::None);
                script.truncate(right);
                for answer in &answers {
                    script.extend([Act::Say(Step::Ask, answer.concat()), Act::Hear]);
                }
                let fake = serve(script).await;
                let report = look(&World::target_in_clear(kind, fake.port), SOON).await;
                if let Err(failure) = report.result {
                    assert_eq!(Some(failure.step), report.steps.last().map(|(step, _)| *step));
                }
            }
        });
    }
}
