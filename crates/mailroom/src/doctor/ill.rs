use crate::convert::{advice, cause, defect_code};
use spool::{DefectKind, printable};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Mail cannot be read, or is lost.
    Error,
    /// Something does not work as it should, or soon will not.
    Warning,
    /// It is unusual, and may be meant so.
    Note,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ill {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of thing it is: a stable word.
    pub kind: &'static str,
    /// Where: the mailbox, levels joined by `/`; `None` for the whole account.
    pub mailbox: Option<String>,
    /// The file, in printable form.
    pub file: Option<String>,
    /// What is wrong.
    pub cause: String,
    /// What to do.
    pub advice: &'static str,
}

/// Those found so far.
#[derive(Default)]
pub(super) struct Ills(Vec<Ill>);

impl Ills {
    pub(super) fn add(
        &mut self,
        severity: Severity,
        kind: &'static str,
        mailbox: Option<&str>,
        file: Option<&[u8]>,
        cause: String,
        advice: &'static str,
    ) {
        self.0.push(Ill {
            severity,
            kind,
            mailbox: mailbox.map(str::to_owned),
            file: file
                .filter(|file| !file.is_empty())
                .map(|file| printable(&String::from_utf8_lossy(file))),
            cause,
            advice,
        });
    }

    /// What the spool itself calls wrong.
    pub(super) fn defect(&mut self, kind: DefectKind, mailbox: &str, file: &[u8]) {
        self.add(
            severity(kind),
            defect_code(kind),
            Some(mailbox),
            Some(file),
            cause(kind),
            advice(kind),
        );
    }

    pub(super) fn extend(&mut self, others: Ills) {
        self.0.extend(others.0);
    }

    /// Most serious first, those of a kind together.
    pub(super) fn sorted(mut self) -> Vec<Ill> {
        self.0
            .sort_by(|a, b| (a.severity, a.kind, &a.mailbox, &a.file).cmp(&(b.severity, b.kind, &b.mailbox, &b.file)));
        self.0
    }
}

/// How bad a defect is.
fn severity(kind: DefectKind) -> Severity {
    match kind {
        DefectKind::OddName => Severity::Note,
        DefectKind::WorldWritable
        | DefectKind::NotPermitted
        | DefectKind::DuplicateBaseName
        | DefectKind::BadSideFile => Severity::Warning,
        _ => Severity::Error,
    }
}
