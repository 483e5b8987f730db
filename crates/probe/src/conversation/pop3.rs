//! POP3 (RFC 1939, RFC 2449, RFC 2595).

use super::Protocol;
use crate::{Cause, ProbeAccount, trouble::Trouble, wire::Talk};

/// `+OK` or `-ERR`, and the rest of the line.
enum Reply {
    Yes(Vec<u8>),
    No(Vec<u8>),
}

#[derive(Default)]
pub struct Pop3 {
    /// `None` while the server has not said them; `CAPA` is no duty.
    capabilities: Option<Vec<String>>,
}

impl Pop3 {
    fn offers(&self, name: &str) -> bool {
        let mut all = self.capabilities.iter().flatten();
        all.any(|offered| offered == name)
    }

    async fn command(&self, talk: &mut Talk, command: &str) -> Result<Reply, Trouble> {
        talk.quiet()?;
        talk.send(command.as_bytes()).await?;
        reply(talk).await
    }
}

impl Protocol for Pop3 {
    async fn greeting(&mut self, talk: &mut Talk) -> Result<(), Trouble> {
        match reply(talk).await? {
            Reply::Yes(_) => Ok(()),
            Reply::No(text) if code(&text) == Some("SYS/PERM") => Err(denied(talk, &text)),
            // Nothing was asked that could be wrong: there is no greeting but `+OK` (RFC 1939 §4) when it can be had.
            Reply::No(text) => Err(Trouble::new(Cause::Busy, &talk.quote(&text))),
        }
    }

    async fn capabilities(&mut self, talk: &mut Talk) -> Result<(), Trouble> {
        self.capabilities = None;
        if let Reply::No(_) = self.command(talk, "CAPA").await? {
            return Ok(());
        }
        let mut found = Vec::new();
        loop {
            let line = talk.line().await?;
            if line == b"." {
                break;
            }
            let line = String::from_utf8_lossy(&line).to_ascii_uppercase();
            found.extend(line.split_ascii_whitespace().next().map(str::to_owned));
        }
        self.capabilities = Some(found);
        Ok(())
    }

    async fn start_tls(&mut self, talk: &mut Talk) -> Result<(), Trouble> {
        if !self.offers("STLS") {
            return Err(Trouble::new(Cause::Tls, "STLS is not offered"));
        }
        match self.command(talk, "STLS").await? {
            Reply::Yes(_) => Ok(()),
            Reply::No(text) => Err(Trouble::new(Cause::Tls, &talk.quote(&text))),
        }
    }

    async fn sign_in(&mut self, talk: &mut Talk, account: &ProbeAccount) -> Result<(), Trouble> {
        // RFC 2449 §6.3: a server that says what it can would say this.
        if self.capabilities.is_some() && !self.offers("USER") {
            return Err(Trouble::new(Cause::Refused, "USER is not offered"));
        }
        talk.about_to_tell();
        for (command, secret) in [("USER", &account.login), ("PASS", &account.password)] {
            if let Reply::No(text) = self.command(talk, &format!("{command} {secret}")).await? {
                return Err(denied(talk, &text));
            }
        }
        Ok(())
    }

    async fn ask(&mut self, talk: &mut Talk, signed_in: bool) -> Result<(), Trouble> {
        if !signed_in {
            // RFC 1939 §4 has no NOOP before the sign-in; asking for the capabilities again is a question, too. Who does not know
            // it says so.
            return self.capabilities(talk).await;
        }
        match self.command(talk, "STAT").await? {
            Reply::Yes(text) if is_stat(&text) => Ok(()),
            Reply::Yes(text) => Err(Trouble::protocol(&talk.quote(&text))),
            Reply::No(text) => Err(denied(talk, &text)),
        }
    }

    async fn goodbye(&mut self, talk: &mut Talk) -> Result<(), Trouble> {
        self.command(talk, "QUIT").await.map(|_| ())
    }
}

async fn reply(talk: &mut Talk) -> Result<Reply, Trouble> {
    let line = talk.line().await?;
    let (word, text) = match line.iter().position(|byte| *byte == b' ') {
        Some(at) => (
            line.get(..at).unwrap_or_default(),
            line.get(at + 1..).unwrap_or_default(),
        ),
        None => (line.as_slice(), &[][..]),
    };
    // RFC 1939 §3: in upper case.
    match word {
        b"+OK" => Ok(Reply::Yes(text.to_vec())),
        b"-ERR" => Ok(Reply::No(text.to_vec())),
        _ => Err(Trouble::protocol(&talk.quote(&line))),
    }
}

/// Two numbers (RFC 1939 §5), and whatever else.
fn is_stat(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let mut words = text.split_ascii_whitespace();
    let number = |word: Option<&str>| word.is_some_and(|word| word.parse::<u64>().is_ok());
    number(words.next()) && number(words.next())
}

/// The code in brackets, if it is one of those that are known (RFC 2449 §8, RFC 3206).
fn code(text: &[u8]) -> Option<&'static str> {
    let inside = text.strip_prefix(b"[")?;
    let end = inside.iter().position(|byte| *byte == b']')?;
    let inside = inside.get(..end)?;
    let known = ["IN-USE", "LOGIN-DELAY", "SYS/TEMP", "SYS/PERM", "AUTH"];
    known
        .into_iter()
        .find(|known| inside.eq_ignore_ascii_case(known.as_bytes()))
}

fn denied(talk: &Talk, text: &[u8]) -> Trouble {
    let code = code(text);
    let cause = match code {
        Some("IN-USE" | "LOGIN-DELAY" | "SYS/TEMP") => Cause::Busy,
        _ => Cause::Refused,
    };
    let words = talk.quote(text);
    Trouble::new(
        cause,
        if words.is_empty() {
            code.unwrap_or_default()
        } else {
            &words
        },
    )
}
