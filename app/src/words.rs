//! Every word a person reads: one struct, one constant of it per language, complete by construction. Long, because it is the one list
//! that each language has to fill.
//!
//! To add a language: a file with one constant, a variant of [`Lang`], an arm in [`of`].

mod en;
mod ja;
mod numbers;

pub use numbers::{count, size};

use crate::prefs::Lang;
use api_types::{
    ApiError, Cause, DefectNote, DeliveryAction, Found, MailboxRef, MessageList, MessageRow, Moment, Role, Sort, Source,
};

/// The catalogue of a language.
pub fn of(lang: Lang) -> &'static Words {
    match lang {
        Lang::Ja => &ja::WORDS,
        Lang::En => &en::WORDS,
    }
}

/// A heading and a sentence.
#[derive(Clone, Copy, Debug)]
pub struct Notice {
    /// What happened.
    pub title: &'static str,
    /// What it means, and what can be done.
    pub text: &'static str,
}

/// Names of the roles.
pub struct Roles {
    pub inbox: &'static str,
    pub drafts: &'static str,
    pub sent: &'static str,
    pub archive: &'static str,
    pub junk: &'static str,
    pub trash: &'static str,
}

/// Words around the pages.
pub struct Frame {
    pub site: &'static str,
    pub skip: &'static str,
    pub open_rail: &'static str,
    pub rail: &'static str,
    pub more_mailboxes: &'static str,
    pub unread_in_rail: fn(&str) -> String,
    pub unreadable: &'static str,
    pub account_menu: fn(&str) -> String,
    pub export: &'static str,
    pub settings: &'static str,
    pub sign_out: &'static str,
    pub bottom_bar: &'static str,
    pub mail: &'static str,
    pub shortcuts: &'static str,
    pub search: &'static str,
    pub search_in: &'static str,
}

/// Words of the list.
pub struct List {
    pub label: fn(&str) -> String,
    pub counts: fn(&str, &str) -> String,
    pub sort: [&'static str; 5],
    pub sort_menu: fn(&str) -> String,
    pub only_unread: &'static str,
    pub all: &'static str,
    pub today: &'static str,
    pub yesterday: &'static str,
    pub earlier: &'static str,
    pub unread: &'static str,
    pub flagged: &'static str,
    pub answered: &'static str,
    pub attachments: &'static str,
    pub no_subject: &'static str,
    pub no_sender: &'static str,
    pub loading: &'static str,
    /// Of a message of which nothing could be read.
    pub unread_head: &'static str,
    pub disk_failed: &'static str,
    pub not_permitted: &'static str,
    pub no_answer: &'static str,
    pub empty: Notice,
    pub empty_unread: Notice,
    pub pending: fn(&str) -> String,
    pub pages: &'static str,
    pub first: &'static str,
    pub previous: &'static str,
    pub next: &'static str,
    pub last: &'static str,
    pub page_of: fn(&str, &str) -> String,
    pub to_page: &'static str,
    pub to_day: &'static str,
    pub day: &'static str,
    pub go: &'static str,
    pub results: fn(&str) -> String,
    pub found: fn(&str) -> String,
    pub found_more: fn(&str) -> String,
    pub everywhere: &'static str,
    pub where_menu: fn(&str) -> String,
    pub not_found: Notice,
    pub no_question: Notice,
    pub not_yet_found: fn(&str) -> String,
    /// Mailboxes that could not be looked at for a search, each with `behind_at` or alone, and how many more there are.
    pub behind: fn(&str) -> String,
    pub behind_more: fn(&str) -> String,
    pub behind_at: fn(&str, &str) -> String,
    pub choose: &'static str,
}

/// Words of the letter.
pub struct Letter {
    pub label: &'static str,
    pub tools: &'static str,
    pub back: fn(&str) -> String,
    pub previous: &'static str,
    pub next: &'static str,
    pub mark_read: &'static str,
    pub mark_unread: &'static str,
    pub marked_unread: &'static str,
    pub read_at_server: &'static str,
    pub opened_here: &'static str,
    pub more: &'static str,
    pub all_headers: &'static str,
    pub fewer_headers: &'static str,
    pub as_text: &'static str,
    pub as_html: &'static str,
    pub read_as: &'static str,
    pub read_as_auto: &'static str,
    pub source: &'static str,
    pub print: &'static str,
    pub own_tab: &'static str,
    pub from: &'static str,
    pub sender: &'static str,
    pub to: &'static str,
    pub cc: &'static str,
    pub reply_to: &'static str,
    pub date: &'static str,
    pub size: &'static str,
    pub charset: &'static str,
    pub headers: &'static str,
    pub body: &'static str,
    pub show_quote: fn(&str) -> String,
    pub remote_images: fn(&str) -> String,
    pub encrypted: Notice,
    pub empty: &'static str,
    pub notes: &'static str,
    pub attachments: &'static str,
    pub attachments_count: fn(&str) -> String,
    pub about: fn(&str) -> String,
    pub view: &'static str,
    pub view_file: fn(&str) -> String,
    pub download: &'static str,
    pub download_all: &'static str,
    pub mismatch: &'static str,
    pub unnamed: &'static str,
    pub loading: &'static str,
}

/// Words of a delivery report.
pub struct Report {
    pub title: &'static str,
    pub failed: Notice,
    pub delayed: Notice,
    pub delivered: Notice,
    pub relayed: Notice,
    pub expanded: Notice,
    pub status: &'static str,
    pub said: &'static str,
    pub until: fn(&str) -> String,
}

/// Words of source and age.
pub struct Fresh {
    pub live: &'static str,
    pub live_ms: fn(&str) -> String,
    pub saved: fn(&str) -> String,
    pub saved_never: &'static str,
    pub snapshot: fn(&str) -> String,
    pub unmarked: fn(&str) -> String,
    pub label: &'static str,
    pub stale: &'static str,
    pub still_works: fn(&str) -> String,
    pub still_works_undated: &'static str,
    /// Until when.
    pub drill: fn(&str) -> String,
}

/// Why mail cannot be read.
pub struct Causes {
    pub slow: Notice,
    pub missing: Notice,
    pub denied: Notice,
    pub broken: Notice,
    pub wrong_store: Notice,
    pub unsupported: Notice,
    pub portal: Notice,
    pub unshown: Notice,
    pub busy: Notice,
}

/// Errors.
pub struct Errors {
    pub signed_out: Notice,
    /// Nobody can say who looks.
    pub no_sessions: Notice,
    pub not_found: Notice,
    pub gone: Notice,
    pub moved: Notice,
    pub bad_request: Notice,
    pub internal: Notice,
    pub offline: Notice,
    pub causes: Causes,
    pub retry: &'static str,
    pub incident: fn(&str) -> String,
    pub to_inbox: &'static str,
    pub to_sign_in: &'static str,
}

/// Words of the sign-in page.
pub struct SignIn {
    pub title: &'static str,
    pub lead: &'static str,
    pub how: &'static str,
    pub lead_portal: &'static str,
    pub with_portal: &'static str,
    pub public: &'static str,
    pub public_hint: &'static str,
    pub without_portal: &'static str,
    pub code_hint: &'static str,
    pub account: &'static str,
    pub code: &'static str,
    pub password: &'static str,
    pub portal_up: &'static str,
    pub portal_away: &'static str,
    pub contact: fn(&str) -> String,
    pub again: Notice,
    pub out: Notice,
    pub ended: Notice,
    pub out_here: Notice,
    pub to_go_on: Notice,
    pub used: Notice,
    pub refused: Notice,
    pub denied: Notice,
    pub not_begun: Notice,
    pub portal_down: Notice,
    pub wrong_code: Notice,
    pub wrong_password: Notice,
    pub too_many: Notice,
    pub language: &'static str,
}

/// Words about the session.
pub struct Session {
    pub title: &'static str,
    pub lead: &'static str,
    pub this: &'static str,
    pub some_browser: &'static str,
    pub began: &'static str,
    pub used: &'static str,
    pub end: &'static str,
    pub end_label: fn(&str, &str) -> String,
    pub ended: &'static str,
    pub read_only: Notice,
    pub soon: Notice,
    pub at_last: Notice,
    pub stay: &'static str,
    pub anew: &'static str,
    pub later: &'static str,
}

/// Words of the settings page.
pub struct Settings {
    pub title: &'static str,
    pub language: &'static str,
    pub theme: &'static str,
    pub themes: [&'static str; 3],
    pub zone: &'static str,
    pub keys: &'static str,
    pub keys_hint: &'static str,
    pub save: &'static str,
    pub saved: &'static str,
}

/// Words of the table of keys.
pub struct Keys {
    pub title: &'static str,
    pub close: &'static str,
    pub next: &'static str,
    pub previous: &'static str,
    pub open: &'static str,
    pub back: &'static str,
    pub mark_unread: &'static str,
    pub go_inbox: &'static str,
    pub go_sent: &'static str,
    pub go_drafts: &'static str,
    pub go_trash: &'static str,
    pub search: &'static str,
    pub help: &'static str,
    pub then: &'static str,
    pub or: &'static str,
    pub off_hint: &'static str,
}

/// Words inside the frame of an HTML letter, for the route that makes its document.
pub struct BodyFrame {
    pub image_blocked: &'static str,
    pub too_complex: &'static str,
    pub empty: &'static str,
}

/// Words of what an answer took.
pub struct Took {
    pub title: &'static str,
    pub auth: &'static str,
    pub queue: &'static str,
    pub spool: &'static str,
    pub parse: &'static str,
    pub page: &'static str,
    pub total: &'static str,
    pub net: &'static str,
    pub hint: &'static str,
}

/// Words of the service status.
pub struct Status {
    pub title: &'static str,
    pub open_mail: &'static str,
    /// Leads to where staff tell of incidents.
    pub incidents: &'static str,
    /// Leads to what to do about it.
    pub client_timeout: &'static str,
    pub days: &'static str,
    pub figures: &'static str,
    pub answering: &'static str,
    pub slow: &'static str,
    pub failing: &'static str,
    pub unknown: &'static str,
    pub all_well: &'static str,
    pub not_known: &'static str,
    pub is_slow: fn(&str) -> String,
    pub is_failing: fn(&str) -> String,
    pub reads_on: &'static str,
    pub reads_copies: &'static str,
    pub no_sign_in: &'static str,
    pub since: fn(&str) -> String,
    /// Days with failures, and days on which it was slow.
    pub strip: fn(&str, &str) -> String,
    pub news: &'static str,
    pub no_news: &'static str,
    pub open: &'static str,
    pub feed: fn(&str) -> String,
    pub feed_about: &'static str,
    pub feed_old: fn(&str) -> String,
    pub feed_nothing: &'static str,
    pub spool: &'static str,
    pub imap: &'static str,
    pub pop3: &'static str,
    pub smtp: &'static str,
    pub portal: &'static str,
    pub state: &'static str,
    pub web: &'static str,
    pub notice: &'static str,
    pub degraded: &'static str,
    pub outage: &'static str,
    pub planned: &'static str,
    pub closed: &'static str,
    /// How bad it is, and the services that it is about, which may be none.
    pub heading: fn(&str, &str) -> String,
    /// Between two services.
    pub and: &'static str,
    /// From when until when, which may be empty.
    pub when: fn(&str, &str) -> String,
}

/// One language.
/// Dated copies.
pub struct Snapshots {
    pub title: &'static str,
    pub lead: &'static str,
    pub live: &'static str,
    pub none: &'static str,
    pub trouble: &'static str,
    /// What a copy is, in the list of them.
    pub whole: &'static str,
    pub unmarked: &'static str,
    pub named: fn(&str) -> String,
    /// In a copy.
    pub as_of: fn(&str) -> String,
    pub about: fn(&str) -> String,
    pub undated: &'static str,
    pub reading: &'static str,
    pub reading_unmarked: &'static str,
    pub back: &'static str,
    pub others: &'static str,
    /// Where the live mail cannot be had.
    pub this_letter: fn(&str) -> String,
    pub this_mailbox: fn(&str) -> String,
    pub look_there: &'static str,
    /// The copy, or the person's place in it, is not there.
    pub not_there: Notice,
}

pub struct Words {
    pub lang: Lang,
    pub lang_name: &'static str,
    pub frame: Frame,
    pub roles: Roles,
    pub list: List,
    pub letter: Letter,
    pub report: Report,
    pub fresh: Fresh,
    pub errors: Errors,
    pub sign_in: SignIn,
    pub session: Session,
    pub status: Status,
    pub took: Took,
    pub snapshots: Snapshots,
    pub settings: Settings,
    pub keys: Keys,
    pub body_frame: BodyFrame,
    /// Sentences of the defect codes: code, sentence. `{}` stands for what it concerns.
    pub defects: &'static [(&'static str, &'static str)],
    /// For a code without a sentence.
    pub defect: &'static str,
    /// Appended when a defect was met more than once.
    pub times: fn(&str) -> String,
}

impl Words {
    /// A mailbox by its role, or by its own name.
    pub fn mailbox(&self, mailbox: &MailboxRef) -> String {
        let word = match mailbox.role {
            Role::Inbox => self.roles.inbox,
            Role::Drafts => self.roles.drafts,
            Role::Sent => self.roles.sent,
            Role::Archive => self.roles.archive,
            Role::Junk => self.roles.junk,
            Role::Trash => self.roles.trash,
            Role::Plain => &mailbox.name,
        };
        word.to_owned()
    }

    /// Where something comes from, and as of when.
    pub fn source(&self, source: Source, when: Option<&str>) -> String {
        match (source, when) {
            (Source::Live, _) => self.fresh.live.to_owned(),
            (Source::Saved, Some(when)) => (self.fresh.saved)(when),
            (Source::Saved, None) => self.fresh.saved_never.to_owned(),
            (Source::Snapshot | Source::Unmarked, None) => self.snapshots.undated.to_owned(),
            (Source::Snapshot, Some(when)) => (self.fresh.snapshot)(when),
            (Source::Unmarked, Some(when)) => (self.fresh.unmarked)(when),
        }
    }

    /// A service by its name; one that only this site has is called as it is.
    pub fn service(&self, name: &str) -> String {
        let word = match name {
            "spool" => self.status.spool,
            "imap" => self.status.imap,
            "pop3" => self.status.pop3,
            "smtp" => self.status.smtp,
            "portal" => self.status.portal,
            "state" => self.status.state,
            "web" => self.status.web,
            other => other,
        };
        word.to_owned()
    }

    /// How bad an incident is, by the word that never changes.
    pub fn severity(&self, word: &str) -> &'static str {
        match word {
            "outage" => self.status.outage,
            "degraded" => self.status.degraded,
            _ => self.status.notice,
        }
    }

    /// An order of a list.
    pub fn sort(&self, sort: Sort) -> &'static str {
        let at = Sort::ALL.iter().position(|other| *other == sort).unwrap_or_default();
        self.list.sort[at]
    }

    /// Why one message of a list could not be read, while others can.
    pub fn trouble(&self, cause: Cause) -> &'static str {
        match cause {
            Cause::Denied => self.list.not_permitted,
            Cause::Slow => self.list.no_answer,
            _ => self.list.disk_failed,
        }
    }

    /// Its subject in a list, or what stands for it.
    pub fn subject<'a>(&self, row: &'a MessageRow) -> &'a str {
        match (row.subject.as_str(), row.trouble) {
            ("", Some(cause)) => self.trouble(cause),
            ("", None) if !row.loading => self.list.no_subject,
            (subject, _) => subject,
        }
    }

    /// Who is named in its row, or what stands for that.
    pub fn from<'a>(&self, row: &'a MessageRow) -> &'a str {
        match row.from.as_str() {
            _ if row.loading => self.list.loading,
            "" if row.trouble.is_some() && row.subject.is_empty() => self.list.unread_head,
            "" => self.list.no_sender,
            from => from,
        }
    }

    /// Why mail cannot be read.
    pub fn cause(&self, cause: Cause) -> Notice {
        let causes = &self.errors.causes;
        match cause {
            Cause::Slow => causes.slow,
            Cause::Missing => causes.missing,
            Cause::Denied => causes.denied,
            Cause::Broken => causes.broken,
            Cause::WrongStore => causes.wrong_store,
            Cause::Unsupported => causes.unsupported,
            Cause::Portal => causes.portal,
            Cause::Unshown => causes.unshown,
            Cause::Busy => causes.busy,
        }
    }

    /// An error.
    pub fn error(&self, error: &ApiError) -> Notice {
        let errors = &self.errors;
        match error {
            ApiError::SignedOut => errors.signed_out,
            ApiError::NotFound => errors.not_found,
            ApiError::Gone => errors.gone,
            ApiError::Moved { .. } => errors.moved,
            ApiError::BadRequest => errors.bad_request,
            ApiError::Unavailable(cause) => self.cause(*cause),
            ApiError::Internal { .. } => errors.internal,
            ApiError::Offline => errors.offline,
        }
    }

    /// What a list is called.
    pub fn list_name(&self, list: &MessageList) -> String {
        match &list.query.search {
            Some(search) if search.text.trim().is_empty() => self.frame.search.to_owned(),
            Some(search) => (self.list.results)(search.text.trim()),
            None => self.mailbox(&list.mailbox),
        }
    }

    /// Which mailboxes a search could not look at, if it could look at others.
    pub fn behind(&self, found: &Found) -> Option<String> {
        let name = |(mailbox, as_of): &(MailboxRef, Option<Moment>)| match as_of {
            Some(when) => (self.list.behind_at)(&self.mailbox(mailbox), &when.short),
            None => self.mailbox(mailbox),
        };
        let names: Vec<String> = found.behind.iter().map(name).collect();
        let mut names = names.join(self.status.and);
        if found.behind_more > 0 {
            names += &(self.list.behind_more)(&count(u64::from(found.behind_more)));
        }
        (!names.is_empty()).then(|| (self.list.behind)(&names))
    }

    /// What became of a letter.
    pub fn delivery(&self, action: DeliveryAction) -> Notice {
        match action {
            DeliveryAction::Failed => self.report.failed,
            DeliveryAction::Delayed => self.report.delayed,
            DeliveryAction::Delivered => self.report.delivered,
            DeliveryAction::Relayed => self.report.relayed,
            DeliveryAction::Expanded => self.report.expanded,
        }
    }

    /// A defect.
    pub fn defect(&self, note: &DefectNote) -> String {
        let known = self
            .defects
            .iter()
            .find(|(code, _)| *code == note.code)
            .map(|(_, sentence)| *sentence);
        let mut text = match known {
            Some(sentence) => sentence
                .replace("{}", &note.detail)
                .trim_end_matches([' ', ':'])
                .to_owned(),
            None => {
                let mut detail = note.code.clone();
                if !note.detail.is_empty() {
                    detail.push_str(": ");
                    detail.push_str(&note.detail);
                }
                self.defect.replace("{}", &detail)
            }
        };
        if note.count > 1 {
            text.push_str(&(self.times)(&count(u64::from(note.count))));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_language_has_a_sentence_for_the_same_defects() {
        let codes = |lang: Lang| of(lang).defects.iter().map(|(code, _)| *code).collect::<Vec<_>>();
        let first = codes(Lang::Ja);
        assert_eq!(first.len(), first.iter().collect::<BTreeSet<_>>().len(), "a code twice");
        for lang in Lang::ALL {
            assert_eq!(codes(lang), first, "{lang:?}");
            for (code, sentence) in of(lang).defects {
                assert!(sentence.len() > 10, "{lang:?} {code}");
            }
        }
    }

    #[test]
    fn mailboxes_that_were_not_searched_are_named_with_their_time() {
        let line = |name: &str, role, when: Option<&str>| {
            let mailbox = MailboxRef {
                id: name.into(),
                name: name.into(),
                role,
            };
            let as_of = when.map(|short| Moment {
                short: short.into(),
                ..Moment::default()
            });
            (mailbox, as_of)
        };
        let mut found = Found {
            behind: vec![line("a", Role::Archive, Some("9:41")), line("課題", Role::Plain, None)],
            behind_more: 3,
            ..Found::default()
        };
        let said = |found: &Found| Lang::ALL.map(|lang| of(lang).behind(found));
        for text in said(&found).map(Option::unwrap) {
            assert!(
                text.contains("9:41") && text.contains("課題") && text.contains('3'),
                "{text}"
            );
        }
        found.behind_more = 0;
        assert!(said(&found).iter().flatten().all(|text| !text.contains('3')));
        found.behind.clear();
        assert!(said(&found).iter().all(Option::is_none));
    }

    #[test]
    fn catalogues_stand_under_their_own_language() {
        for lang in Lang::ALL {
            assert_eq!(of(lang).lang, lang);
        }
        assert!(of(Lang::Ja).frame.settings.chars().any(|c| c > '\u{3000}'));
        assert!(of(Lang::En).frame.settings.is_ascii());
    }

    #[test]
    fn a_defect_without_a_sentence_is_still_told() {
        let note = DefectNote {
            code: "never-heard-of".into(),
            detail: "x".into(),
            count: 3,
        };
        for lang in Lang::ALL {
            let text = of(lang).defect(&note);
            assert!(text.contains("never-heard-of: x") && text.contains('3'), "{text}");
        }
        let symlink = DefectNote {
            code: "symlink".into(),
            detail: "1234.a".into(),
            count: 1,
        };
        assert!(of(Lang::En).defect(&symlink).contains("1234.a"));
    }

    #[test]
    fn a_role_is_named_by_the_catalogue_and_others_by_themselves() {
        let mailbox = |role| MailboxRef {
            id: "m".into(),
            name: "Sent Items".into(),
            role,
        };
        assert_eq!(of(Lang::Ja).mailbox(&mailbox(Role::Sent)), "送信済み");
        assert_eq!(of(Lang::En).mailbox(&mailbox(Role::Plain)), "Sent Items");
    }
}
