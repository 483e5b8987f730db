//! Looks at a server and prints what it found: `cargo run -p probe --example ask -- URL [CA.pem]`. A URL is `imap`, `pop3` or `smtp`
//! with `s` for TLS from the first byte or `+starttls`, and a host with its port: `imaps://mail.example.ac.jp:993`. For a sign-in the
//! account and its password are the first two lines of standard input; an empty input is none.
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use probe::{Deadlines, Kind, ProbeAccount, Target, Tls, probe};
use std::time::Instant;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("which URL?")?;
    let ca = arguments.next().map(std::fs::read).transpose()?;
    let target = target(&url, ca.as_deref(), account()?)?;
    let started = Instant::now();
    let report = probe(&target, Deadlines::default(), &|| started.elapsed()).await;
    for (step, took) in &report.steps {
        println!("{:<14}{took:>12.3?}", step.word());
    }
    println!("{:<14}{:>12.3?}", "total", report.total);
    match &report.result {
        Ok(()) => println!("it answers"),
        Err(failure) => println!("{failure}\n{}", failure.detail()),
    }
    Ok(())
}

fn target(url: &str, ca: Option<&[u8]>, account: Option<ProbeAccount>) -> Result<Target> {
    let (scheme, rest) = url.split_once("://").ok_or("no scheme")?;
    let (host, port) = rest.trim_end_matches('/').rsplit_once(':').ok_or("no port")?;
    let (kind, tls) = match scheme {
        "imap" => (Kind::Imap, Tls::None),
        "imaps" => (Kind::Imap, Tls::Implicit),
        "imap+starttls" => (Kind::Imap, Tls::StartTls),
        "pop3" => (Kind::Pop3, Tls::None),
        "pop3s" => (Kind::Pop3, Tls::Implicit),
        "pop3+starttls" => (Kind::Pop3, Tls::StartTls),
        "smtp" => (Kind::Smtp, Tls::None),
        "smtps" => (Kind::Smtp, Tls::Implicit),
        "smtp+starttls" => (Kind::Smtp, Tls::StartTls),
        _ => return Err("which protocol?".into()),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    Ok(Target::new(kind, host, port.parse()?, tls, ca, account)?)
}

fn account() -> Result<Option<ProbeAccount>> {
    let given = std::io::read_to_string(std::io::stdin())?;
    let mut lines = given.lines().map(str::to_owned);
    Ok(lines
        .next()
        .zip(lines.next())
        .map(|(login, password)| ProbeAccount { login, password }))
}
