//! IMAP4rev1 and rev2 (RFC 3501, RFC 9051).

use super::{
    Protocol,
    imap_answer::{Answer, Status, Word, answer, quoted},
};
use crate::{Cause, ProbeAccount, trouble::Trouble, wire::Talk};

/// What a server says when it cannot now (RFC 5530 §3, RFC 9051 §7.1).
const FOR_NOW: [&str; 4] = ["UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"];
/// Codes that the log may have even after the password was told: words of the standard, none of the server's own.
const FOR_GOOD: [&str; 8] = [
    "AUTHENTICATIONFAILED",
    "AUTHORIZATIONFAILED",
    "CONTACTADMIN",
    "EXPIRED",
    "NONEXISTENT",
    "NOPERM",
    "PRIVACYREQUIRED",
    "ALERT",
];

#[derive(Default)]
pub struct Imap {
    commands: u32,
    capabilities: Vec<String>,
    /// The server knows who we are without being told (RFC 9051 §7.1.4).
    known: bool,
}

impl Imap {
    fn tag(&mut self) -> String {
        self.commands += 1;
        format!("p{}", self.commands)
    }

    fn offers(&self, name: &str) -> bool {
        self.capabilities.iter().any(|offered| offered == name)
    }

    /// Sends a command and reads up to the status that answers it.
    async fn command(&mut self, talk: &mut Talk, command: &str) -> Result<Status, Trouble> {
        let tag = self.tag();
        talk.send(format!("{tag} {command}").as_bytes()).await?;
        match self.next(talk, &tag).await? {
            Some(status) => Ok(status),
            None => Err(Trouble::protocol("it asks for more where nothing follows")),
        }
    }

    /// Reads up to the status that answers the command of the tag, or up to a `+` (`None`).
    async fn next(&mut self, talk: &mut Talk, tag: &str) -> Result<Option<Status>, Trouble> {
        loop {
            match answer(talk).await? {
                Answer::Continue => return Ok(None),
                Answer::Data(line) => self.note(&line),
                Answer::Status(status) if status.tag == tag.as_bytes() => return Ok(Some(status)),
                Answer::Status(status) if status.word == Word::Bye => {
                    return Err(Trouble::new(Cause::Busy, &talk.quote(&status.text)));
                }
                // `* OK`, `* NO` and `* BAD` are remarks (RFC 9051 §7.1.1).
                Answer::Status(status) if status.tag == b"*" => {}
                Answer::Status(status) => return Err(Trouble::protocol(&talk.quote(&status.text))),
            }
        }
    }

    fn note(&mut self, line: &[u8]) {
        let line = String::from_utf8_lossy(line).to_ascii_uppercase();
        if let Some(names) = line.strip_prefix("* CAPABILITY ") {
            self.capabilities
                .extend(names.split_ascii_whitespace().map(str::to_owned));
        }
    }
}

impl Protocol for Imap {
    async fn greeting(&mut self, talk: &mut Talk) -> Result<(), Trouble> {
        let Answer::Status(status) = answer(talk).await? else {
            return Err(Trouble::protocol("no greeting"));
        };
        if status.tag != b"*" {
            return Err(Trouble::protocol(&talk.quote(&status.text)));
        }
        match status.word {
            Word::Ok => Ok(()),
            Word::Preauth => {
                self.known = true;
                Ok(())
            }
            Word::Bye => Err(Trouble::new(Cause::Busy, &talk.quote(&status.text))),
            Word::No | Word::Bad => Err(Trouble::protocol(&talk.quote(&status.text))),
        }
    }

    async fn capabilities(&mut self, talk: &mut Talk) -> Result<(), Trouble> {
        self.capabilities.clear();
        let status = self.command(talk, "CAPABILITY").await?;
        let speaks = self.capabilities.iter().any(|name| name.starts_with("IMAP4"));
        match status.word {
            Word::Ok if speaks => Ok(()),
            // RFC 9051 §6.1.1: the answer names the protocol.
            Word::Ok => Err(Trouble::protocol("it does not say that it speaks IMAP")),
            _ => Err(denied(talk, &status)),
        }
    }

    async fn start_tls(&mut self, talk: &mut Talk) -> Result<(), Trouble> {
        // RFC 9051 §7.1.4, §11.1: after PREAUTH there is no STARTTLS, so a PREAUTH in clear is how TLS is taken away.
        if self.known || !self.offers("STARTTLS") {
            return Err(Trouble::new(Cause::Tls, "STARTTLS is not offered"));
        }
        let status = self.command(talk, "STARTTLS").await?;
        match status.word {
            Word::Ok => Ok(()),
            _ => Err(Trouble::new(Cause::Tls, &talk.quote(&status.text))),
        }
    }

    async fn sign_in(&mut self, talk: &mut Talk, account: &ProbeAccount) -> Result<(), Trouble> {
        if self.known {
            return Ok(());
        }
        // RFC 9051 §6.2.3: a password must not be sent then.
        if self.offers("LOGINDISABLED") {
            return Err(Trouble::new(Cause::Refused, "LOGINDISABLED"));
        }
        let tag = self.tag();
        let mut line = format!("{tag} LOGIN").into_bytes();
        talk.about_to_tell();
        for secret in [&account.login, &account.password] {
            line.push(b' ');
            if let Some(quoted) = quoted(secret) {
                line.extend(quoted);
                continue;
            }
            line.extend(format!("{{{}}}", secret.len()).into_bytes());
            talk.send(&line).await?;
            if let Some(status) = self.next(talk, &tag).await? {
                return Err(denied(talk, &status));
            }
            line = secret.clone().into_bytes();
        }
        talk.send(&line).await?;
        match self.next(talk, &tag).await? {
            Some(status) if status.word == Word::Ok => Ok(()),
            Some(status) => Err(denied(talk, &status)),
            None => Err(Trouble::protocol("it asks for more where nothing follows")),
        }
    }

    async fn ask(&mut self, talk: &mut Talk, signed_in: bool) -> Result<(), Trouble> {
        // RFC 9051 §6.3.3: EXAMINE opens a mailbox and must not change it.
        let command = if signed_in || self.known {
            "EXAMINE INBOX"
        } else {
            "NOOP"
        };
        let status = self.command(talk, command).await?;
        match status.word {
            Word::Ok => Ok(()),
            _ => Err(denied(talk, &status)),
        }
    }

    async fn goodbye(&mut self, talk: &mut Talk) -> Result<(), Trouble> {
        // RFC 9051 §6.1.3: it says `* BYE` before it answers.
        match self.command(talk, "LOGOUT").await {
            Err(trouble) if trouble.cause == Cause::Busy => Ok(()),
            answered => answered.map(|_| ()),
        }
    }
}

/// A status that is not `OK`.
fn denied(talk: &Talk, status: &Status) -> Trouble {
    let code = String::from_utf8_lossy(status.code()).to_ascii_uppercase();
    let known = |list: &[&'static str]| list.iter().copied().find(|known| *known == code);
    let words = talk.quote(&status.text);
    match (status.word, known(&FOR_NOW), known(&FOR_GOOD)) {
        (Word::No, Some(code), _) => Trouble::new(Cause::Busy, if words.is_empty() { code } else { &words }),
        (Word::No, None, Some(code)) => Trouble::new(Cause::Refused, if words.is_empty() { code } else { &words }),
        (Word::No, None, None) => Trouble::new(Cause::Refused, &words),
        _ => Trouble::protocol(&words),
    }
}
