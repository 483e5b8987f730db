//! SMTP (RFC 5321), STARTTLS (RFC 3207) and AUTH (RFC 4954). No mail is begun.

use super::Protocol;
use crate::{Cause, ProbeAccount, trouble::Trouble, wire::Talk};
use data_encoding::BASE64;
use std::net::IpAddr;

/// A reply (RFC 5321 §4.2): the code, and the text of its lines.
struct Reply {
    code: u16,
    lines: Vec<Vec<u8>>,
}

#[derive(Default)]
pub struct Smtp {
    /// Lines of the answer to EHLO, in upper case.
    extensions: Vec<String>,
}

impl Smtp {
    fn offers(&self, name: &str) -> bool {
        self.extensions.iter().any(|line| line == name)
    }

    /// Whether `AUTH` offers a mechanism (RFC 4954 §3; some write `AUTH=`).
    fn signs_in_by(&self, mechanism: &str) -> bool {
        let mut auth = self.extensions.iter().filter_map(|line| line.strip_prefix("AUTH"));
        auth.any(|rest| rest.split([' ', '=']).any(|word| word == mechanism))
    }

    async fn command(&self, talk: &mut Talk, command: &str) -> Result<Reply, Trouble> {
        talk.quiet()?;
        talk.send(command.as_bytes()).await?;
        reply(talk).await
    }
}

impl Protocol for Smtp {
    async fn greeting(&mut self, talk: &mut Talk) -> Result<(), Trouble> {
        let reply = reply(talk).await?;
        match reply.code {
            220 => Ok(()),
            _ => Err(reply.denied(talk)),
        }
    }

    async fn capabilities(&mut self, talk: &mut Talk) -> Result<(), Trouble> {
        let reply = self.command(talk, &format!("EHLO {}", own_name(talk))).await?;
        if reply.code != 250 {
            return Err(reply.denied(talk));
        }
        // The first line is its name (RFC 5321 §4.1.1.1). What an earlier answer offered is gone.
        let upper = |line: &Vec<u8>| String::from_utf8_lossy(line).trim().to_ascii_uppercase();
        self.extensions = reply.lines.iter().skip(1).map(upper).collect();
        Ok(())
    }

    async fn start_tls(&mut self, talk: &mut Talk) -> Result<(), Trouble> {
        if !self.offers("STARTTLS") {
            return Err(Trouble::new(Cause::Tls, "STARTTLS is not offered"));
        }
        let reply = self.command(talk, "STARTTLS").await?;
        match reply.code {
            220 => Ok(()),
            421 => Err(reply.denied(talk)),
            // RFC 3207 §4: 454 and 501.
            _ => Err(Trouble::new(Cause::Tls, &reply.quoted(talk))),
        }
    }

    async fn sign_in(&mut self, talk: &mut Talk, account: &ProbeAccount) -> Result<(), Trouble> {
        let ProbeAccount { login, password } = account;
        let encode = |text: &str| BASE64.encode(text.as_bytes());
        let steps = if self.signs_in_by("PLAIN") {
            // RFC 4616 §2: nobody else is meant, so the first field is empty.
            vec![format!("AUTH PLAIN {}", encode(&format!("\0{login}\0{password}")))]
        } else if self.signs_in_by("LOGIN") {
            vec!["AUTH LOGIN".to_owned(), encode(login), encode(password)]
        } else {
            return Err(Trouble::new(
                Cause::Refused,
                "neither AUTH PLAIN nor AUTH LOGIN is offered",
            ));
        };
        talk.about_to_tell();
        let last = steps.len() - 1;
        for (place, step) in steps.iter().enumerate() {
            let reply = self.command(talk, step).await?;
            match reply.code {
                235 if place == last => return Ok(()),
                334 if place < last => {}
                _ => return Err(reply.denied(talk)),
            }
        }
        Err(Trouble::protocol("no end of the sign-in"))
    }

    async fn ask(&mut self, talk: &mut Talk, _signed_in: bool) -> Result<(), Trouble> {
        let reply = self.command(talk, "NOOP").await?;
        match reply.code {
            250 => Ok(()),
            _ => Err(reply.denied(talk)),
        }
    }

    async fn goodbye(&mut self, talk: &mut Talk) -> Result<(), Trouble> {
        self.command(talk, "QUIT").await.map(|_| ())
    }
}

/// RFC 5321 §4.1.4: who has no name that means anything there gives its address.
fn own_name(talk: &Talk) -> String {
    match talk.own_address() {
        Some(IpAddr::V4(address)) => format!("[{address}]"),
        Some(IpAddr::V6(address)) => format!("[IPv6:{address}]"),
        None => "[127.0.0.1]".to_owned(),
    }
}

async fn reply(talk: &mut Talk) -> Result<Reply, Trouble> {
    let mut code = None;
    let mut lines = Vec::new();
    loop {
        let line = talk.line().await?;
        let wrong = || Trouble::protocol(&talk.quote(&line));
        let number = line.get(..3).and_then(number).ok_or_else(wrong)?;
        // RFC 5321 §4.2.1: all lines have the same.
        if *code.get_or_insert(number) != number {
            return Err(wrong());
        }
        let goes_on = match line.get(3) {
            None | Some(b' ') => false,
            Some(b'-') => true,
            Some(_) => return Err(wrong()),
        };
        lines.push(line.get(4..).unwrap_or_default().to_vec());
        if !goes_on {
            return Ok(Reply { code: number, lines });
        }
    }
}

/// RFC 5321 §4.2: the first digit is 2 to 5, the second 0 to 5.
fn number(digits: &[u8]) -> Option<u16> {
    let [b'2'..=b'5', b'0'..=b'5', b'0'..=b'9'] = digits else {
        return None;
    };
    std::str::from_utf8(digits).ok()?.parse().ok()
}

impl Reply {
    fn quoted(&self, talk: &Talk) -> String {
        let first = self.lines.first().map(Vec::as_slice).unwrap_or_default();
        format!("{} {}", self.code, talk.quote(first))
    }

    /// The code says by itself whether it is worth trying again (RFC 5321 §4.2.1).
    fn denied(&self, talk: &Talk) -> Trouble {
        let cause = match self.code {
            400..=499 => Cause::Busy,
            // Commands that every server knows (RFC 5321 §4.5.1) and this one does not.
            500..=504 => Cause::Protocol,
            505..=599 => Cause::Refused,
            _ => Cause::Protocol,
        };
        Trouble::new(cause, &self.quoted(talk))
    }
}
