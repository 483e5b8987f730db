//! Whether mail arrives: the newest in the person's own inbox.

use crate::{routes::error, routes::error::escape, state::AppState, words::Help};
use api_types::{Cause, MailboxId};
use app::{paths, wording::Dates};
use mailroom::{Newest, Wording};
use std::time::Duration;

/// The spool has its own deadline; this is for an index or a database that is busy.
const PATIENCE: Duration = Duration::from_secs(3);

/// What can be said of it.
pub enum Mail {
    /// Nobody is signed in.
    SignedOut,
    /// Nobody can say who is.
    WhoKnows,
    /// It cannot be read now.
    Unreadable,
    /// This.
    Known(Newest),
}

/// Looks.
pub async fn ask(app: &AppState, account: &str) -> Mail {
    let asked = async { app.mailroom().reader(account)?.newest().await };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(newest)) => Mail::Known(newest),
        Ok(Err(mailroom::MailroomError::Unavailable(_))) | Err(_) => Mail::Unreadable,
        Ok(Err(error)) => {
            error::log(&error);
            Mail::Unreadable
        }
    }
}

impl Mail {
    /// Whether the mail cannot be read just now.
    pub fn waits(&self) -> bool {
        match self {
            Self::Known(newest) => matches!(newest.trouble, Some(Cause::Slow | Cause::Broken)),
            Self::Unreadable => true,
            Self::SignedOut | Self::WhoKnows => false,
        }
    }

    /// The inbox, if it is known.
    pub fn inbox(&self) -> Option<&MailboxId> {
        match self {
            Self::Known(newest) => Some(&newest.inbox),
            _ => None,
        }
    }

    /// In HTML.
    pub fn told(&self, words: &Help, dates: &Dates, now: i64) -> String {
        match self {
            Self::SignedOut => format!(
                "<p>{} <a href=\"{}\">{}</a></p>",
                words.signed_out,
                escape(&paths::sign_in_for(paths::client_timeout())),
                words.sign_in
            ),
            Self::WhoKnows => format!("<p>{}</p>", words.who_knows),
            Self::Unreadable => format!("<p>{}</p>", words.unreadable),
            Self::Known(newest) => known(newest, words, dates, now),
        }
    }
}

/// Nothing that is known is not the same as nothing that is there.
fn known(newest: &Newest, words: &Help, dates: &Dates, now: i64) -> String {
    let seen = newest.seen.map(|at| dates.moment(at).full);
    let found = newest.at.map(|at| {
        let moment = dates.moment(at);
        format!(
            "<time datetime=\"{}\">{}</time>",
            moment.rfc3339,
            escape(&(words.newest)(&moment.full, &(words.ago)(now - at)))
        )
    });
    match (newest.trouble, found, seen) {
        (None, Some(found), _) => format!("<p>{found}</p><p class=\"small\">{}</p>", words.read_now),
        (None, None, _) => format!("<p>{}</p><p class=\"small\">{}</p>", words.nothing, words.read_now),
        (Some(cause), Some(found), Some(seen)) => format!(
            "<p>{found}</p><p class=\"note\" role=\"status\">{}</p>",
            escape(&(words.as_known)(cause, &seen))
        ),
        (Some(_), _, _) => format!("<p>{}</p>", words.unreadable),
    }
}

#[cfg(test)]
mod tests {
    use crate::words::PageWords;
    use api_types::Cause;
    use app::prefs::Lang;

    #[test]
    fn only_what_does_not_answer_is_said_not_to_answer() {
        let causes = [
            Cause::Slow,
            Cause::Missing,
            Cause::Denied,
            Cause::Broken,
            Cause::WrongStore,
            Cause::Unsupported,
            Cause::Portal,
        ];
        for (lang, silent) in [(Lang::Ja, "応答しない"), (Lang::En, "does not answer")] {
            let words = PageWords::of(lang);
            let said = causes.map(|cause| (words.help.as_known)(cause, "9:40"));
            for (at, one) in said.iter().enumerate() {
                assert_eq!(one.contains(silent), causes[at] == Cause::Slow, "{one}");
                assert!(one.contains("9:40") && !said[..at].contains(one), "{one}");
            }
        }
    }
}
