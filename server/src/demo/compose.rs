//! Parts and whole messages.

use super::{
    encode::{Charset, base64_lines, header_text, mailbox, quoted_printable, rfc2231},
    people::Mailbox,
};
use jiff::{Timestamp, tz::TimeZone};

/// A MIME part: its header lines and its body.
pub(super) struct Part {
    header: Vec<String>,
    body: Vec<u8>,
}

/// How a file says its name.
#[derive(Clone, Copy)]
pub(super) enum NameStyle {
    /// RFC 2231, as the standard has it.
    Standard,
    /// An encoded-word in quotes, as many Japanese programs do.
    EncodedWord,
}

impl Part {
    pub(super) fn text(text: &str, charset: Charset) -> Self {
        Self::typed("plain", text, charset)
    }

    pub(super) fn html(html: &str, charset: Charset) -> Self {
        Self::typed("html", html, charset)
    }

    fn typed(subtype: &str, text: &str, charset: Charset) -> Self {
        let bytes = charset.encode(text);
        let (transfer, body) = match charset {
            Charset::Iso2022Jp => ("7bit", bytes),
            _ if bytes.is_ascii() => ("7bit", bytes),
            Charset::ShiftJis => ("8bit", bytes),
            Charset::EucJp => ("quoted-printable", quoted_printable(&bytes)),
            Charset::Utf8 => ("base64", base64_lines(&bytes)),
        };
        Self {
            header: vec![
                format!("Content-Type: text/{subtype}; charset={}", charset.label()),
                format!("Content-Transfer-Encoding: {transfer}"),
            ],
            body,
        }
    }

    /// Text of any type, as it is.
    pub(super) fn plain(kind: &str, text: &str) -> Self {
        Self {
            header: vec![format!("Content-Type: {kind}")],
            body: text.as_bytes().to_vec(),
        }
    }

    pub(super) fn file(name: &str, kind: &str, bytes: &[u8], style: NameStyle) -> Self {
        let (type_name, disposition_name) = match style {
            _ if name.is_ascii() => (format!("name=\"{name}\""), format!("filename=\"{name}\"")),
            NameStyle::Standard => (rfc2231("name", name), rfc2231("filename", name)),
            NameStyle::EncodedWord => {
                let word = header_text(name, Charset::Iso2022Jp);
                (format!("name=\"{word}\""), format!("filename=\"{word}\""))
            }
        };
        Self {
            header: vec![
                format!("Content-Type: {kind};\n {type_name}"),
                format!("Content-Disposition: attachment;\n {disposition_name}"),
                "Content-Transfer-Encoding: base64".to_owned(),
            ],
            body: base64_lines(bytes),
        }
    }

    /// An image that the HTML beside it shows.
    pub(super) fn inline_image(id: &str, bytes: &[u8]) -> Self {
        Self {
            header: vec![
                "Content-Type: image/png".to_owned(),
                format!("Content-ID: <{id}>"),
                "Content-Disposition: inline".to_owned(),
                "Content-Transfer-Encoding: base64".to_owned(),
            ],
            body: base64_lines(bytes),
        }
    }

    /// A whole message inside another.
    pub(super) fn message(bytes: Vec<u8>) -> Self {
        Self {
            header: vec!["Content-Type: message/rfc822".to_owned()],
            body: bytes,
        }
    }

    pub(super) fn multipart(kind: &str, parts: Vec<Part>) -> Self {
        let mut body = Vec::new();
        // Nested parts need different boundaries; what is inside decides, so equal messages stay equal.
        let boundary = format!(
            "=_{}_{}",
            kind.split(';').next().unwrap_or_default(),
            parts.len() + nesting(&parts) * 10
        );
        for part in &parts {
            body.extend_from_slice(format!("--{boundary}\n").as_bytes());
            part.write(&mut body);
            body.push(b'\n');
        }
        body.extend_from_slice(format!("--{boundary}--\n").as_bytes());
        Self {
            header: vec![format!("Content-Type: multipart/{kind};\n boundary=\"{boundary}\"")],
            body,
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        for line in &self.header {
            out.extend_from_slice(line.as_bytes());
            out.push(b'\n');
        }
        out.push(b'\n');
        out.extend_from_slice(&self.body);
    }
}

fn nesting(parts: &[Part]) -> usize {
    parts
        .iter()
        .filter(|part| part.header.iter().any(|line| line.contains("boundary=")))
        .count()
}

/// A message about to be written.
pub(super) struct Letter<'a> {
    pub(super) from: (&'a str, &'a str),
    pub(super) to: Vec<(&'a str, &'a str)>,
    pub(super) cc: Vec<Mailbox>,
    pub(super) subject: String,
    pub(super) date: i64,
    /// Of the header.
    pub(super) charset: Charset,
    pub(super) id: String,
    /// What it answers, oldest first.
    pub(super) references: Vec<String>,
    pub(super) more: Vec<String>,
    pub(super) content: Part,
}

impl<'a> Letter<'a> {
    pub(super) fn new(
        from: (&'a str, &'a str),
        to: (&'a str, &'a str),
        subject: &str,
        date: i64,
        content: Part,
    ) -> Self {
        Self {
            from,
            to: vec![to],
            cc: Vec::new(),
            id: format!("{date}.{:08x}@example.ac.jp", short_hash(subject, from.1)),
            subject: subject.to_owned(),
            date,
            charset: Charset::Utf8,
            references: Vec::new(),
            more: Vec::new(),
            content,
        }
    }

    pub(super) fn charset(mut self, charset: Charset) -> Self {
        self.charset = charset;
        self
    }

    pub(super) fn header(mut self, line: &str) -> Self {
        self.more.push(line.to_owned());
        self
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let list = |people: &mut dyn Iterator<Item = (&str, &str)>| {
            people
                .map(|person| mailbox(person, self.charset))
                .collect::<Vec<_>>()
                .join(",\n ")
        };
        let mut lines = vec![
            format!("Return-Path: <{}>", self.from.1),
            format!(
                "Received: from mx1.example.ac.jp (mx1.example.ac.jp [192.0.2.25])\n\tby store.example.ac.jp; {}",
                date(self.date)
            ),
            format!("Date: {}", date(self.date)),
            format!("From: {}", mailbox(self.from, self.charset)),
            format!("To: {}", list(&mut self.to.iter().copied())),
            format!("Subject: {}", header_text(&self.subject, self.charset)),
            format!("Message-ID: <{}>", self.id),
            "MIME-Version: 1.0".to_owned(),
        ];
        if !self.cc.is_empty() {
            lines.push(format!("Cc: {}", list(&mut self.cc.iter().copied())));
        }
        if let Some(parent) = self.references.last() {
            lines.push(format!("In-Reply-To: <{parent}>"));
            let all: Vec<String> = self.references.iter().map(|id| format!("<{id}>")).collect();
            lines.push(format!("References: {}", all.join("\n ")));
        }
        lines.extend(self.more.iter().cloned());
        let mut out = Vec::new();
        for line in lines {
            out.extend_from_slice(line.as_bytes());
            out.push(b'\n');
        }
        self.content.write(&mut out);
        if !out.ends_with(b"\n") {
            out.push(b'\n');
        }
        out
    }
}

/// RFC 5322 §3.3, as the campus writes it.
pub(super) fn date(unix: i64) -> String {
    let japan = TimeZone::fixed(jiff::tz::offset(9));
    let moment = Timestamp::from_second(unix).unwrap_or_default().to_zoned(japan);
    moment.strftime("%a, %-d %b %Y %H:%M:%S %z").to_string()
}

fn short_hash(subject: &str, address: &str) -> u32 {
    let hash = blake3::hash(format!("{subject}\0{address}").as_bytes());
    let bytes = hash.as_bytes();
    u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}
