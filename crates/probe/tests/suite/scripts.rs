//! Servers that behave, as scripts that others break.

use crate::{
    certificates::{Authority, Signed},
    fake::{Act, say},
};
use probe::{Kind, ProbeAccount, Step, Target, Tls};

pub const KINDS: [Kind; 3] = [Kind::Imap, Kind::Pop3, Kind::Smtp];
pub const WAYS: [Tls; 3] = [Tls::None, Tls::Implicit, Tls::StartTls];
pub const LOGIN: &str = "probe-account";
pub const PASSWORD: &str = "hare-and-tortoise";

pub struct World {
    pub authority: Authority,
    pub signed: Signed,
}

impl World {
    pub fn new() -> Self {
        let authority = Authority::new();
        let signed = authority.good();
        Self { authority, signed }
    }

    /// Trusts the authority, and signs in.
    pub fn target(&self, kind: Kind, tls: Tls, port: u16) -> Target {
        Target::new(
            kind,
            "127.0.0.1",
            port,
            tls,
            Some(&self.authority.pem()),
            Some(account()),
        )
        .unwrap()
    }

    /// For servers that need no certificates.
    pub fn target_in_clear(kind: Kind, port: u16) -> Target {
        Target::new(kind, "127.0.0.1", port, Tls::None, None, Some(account())).unwrap()
    }

    pub fn script(&self, kind: Kind, tls: Tls) -> Vec<Act> {
        let shake = || Act::Handshake(self.signed.acceptor());
        let words = words(kind);
        let mut script = Vec::new();
        if tls == Tls::Implicit {
            script.push(shake());
        }
        script.push(say(Step::Greeting, words.greeting));
        script.extend([Act::Hear, say(Step::Capabilities, words.capabilities)]);
        if tls == Tls::StartTls {
            if kind == Kind::Imap {
                // As servers say it in clear: it must not hold under TLS.
                let disabled = words.capabilities.replacen("AUTH=PLAIN", "LOGINDISABLED", 1);
                script.pop();
                script.push(say(Step::Capabilities, &disabled));
            }
            script.extend([Act::Hear, say(Step::StartTls, words.start), shake()]);
            script.extend([Act::Hear, say(Step::Capabilities, words.capabilities)]);
        }
        for reply in words.sign_in {
            script.extend([Act::Hear, say(Step::SignIn, reply)]);
        }
        script.extend([Act::Hear, say(Step::Ask, words.ask)]);
        script.extend([Act::Hear, say(Step::Goodbye, words.goodbye)]);
        script
    }
}

pub fn account() -> ProbeAccount {
    ProbeAccount {
        login: LOGIN.to_owned(),
        password: PASSWORD.to_owned(),
    }
}

pub struct Words {
    pub greeting: &'static str,
    pub capabilities: &'static str,
    pub start: &'static str,
    pub sign_in: &'static [&'static str],
    pub ask: &'static str,
    pub goodbye: &'static str,
}

pub fn words(kind: Kind) -> Words {
    match kind {
        Kind::Imap => Words {
            greeting: "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] hello\r\n",
            capabilities: "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\nTAG OK done\r\n",
            start: "TAG OK begin\r\n",
            sign_in: &["* OK a remark\r\nTAG OK [CAPABILITY IMAP4rev1] signed in\r\n"],
            ask: "* FLAGS (\\Seen)\r\n* 3 EXISTS\r\n* LIST () \"/\" {5}\r\nINBOX\r\nTAG OK [READ-ONLY] done\r\n",
            goodbye: "* BYE bye\r\nTAG OK done\r\n",
        },
        Kind::Pop3 => Words {
            greeting: "+OK hello <1896.697170952@campus.example>\r\n",
            capabilities: "+OK\r\nUSER\r\nSTLS\r\nSASL PLAIN\r\n.\r\n",
            start: "+OK begin\r\n",
            sign_in: &["+OK\r\n", "+OK signed in\r\n"],
            ask: "+OK 3 1200\r\n",
            goodbye: "+OK\r\n",
        },
        Kind::Smtp => Words {
            greeting: "220-mail.campus.example\r\n220 hello\r\n",
            capabilities: "250-mail.campus.example\r\n250-STARTTLS\r\n250-AUTH LOGIN PLAIN\r\n250 SIZE\r\n",
            start: "220 2.0.0 begin\r\n",
            sign_in: &["235 2.7.0 signed in\r\n"],
            ask: "250 2.0.0\r\n",
            goodbye: "221 2.0.0 bye\r\n",
        },
    }
}
