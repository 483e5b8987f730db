use crate::{
    MailroomError, Reader, Wording, ahead::Wanted, beside::beside, convert, desk::Desk, fetch::fetch_and, found::find,
    image::Links, reader::freshness,
};
use api_types::{Body, Letter, LetterQuery, MailboxId, MessageId, Source};
use render::{BodyOptions, BodyView, Skeleton, TextWanted};
use std::sync::Arc;

impl Reader {
    /// A message, parsed, with its neighbours in the list it was opened from.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`], [`MailroomError::Moved`], [`MailroomError::Gone`], or
    /// [`MailroomError::Unavailable`] when the spool does not give it within the deadline for bodies.
    pub async fn open(
        &self,
        mailbox: &MailboxId,
        message: &MessageId,
        query: &LetterQuery,
        words: &dyn Wording,
    ) -> Result<Letter, MailroomError> {
        self.with_desk(mailbox.snapshot(), |desk| {
            self.open_at(desk, mailbox, message, query, words)
        })
        .await
    }

    async fn open_at(
        &self,
        desk: Arc<Desk>,
        mailbox: &MailboxId,
        message: &MessageId,
        query: &LetterQuery,
        words: &dyn Wording,
    ) -> Result<Letter, MailroomError> {
        let began = self.shared().clock.ticks_us();
        let found = find(&desk, mailbox, message).await?;
        let options = render::Options {
            read_as: query.charset.clone(),
            all_headers: query.headers,
            text: if query.text {
                TextWanted::Always
            } else {
                TextWanted::WithoutHtml
            },
        };
        let clock = Arc::clone(&self.shared().clock);
        let read = move |skeleton: &Skeleton| (clock.ticks_us(), render::message(skeleton, &options));
        // What stands beside it is known without the spool.
        let (fetched, neighbours) = futures::join!(
            fetch_and(&desk, &found, self.shared().deadlines.body, read),
            beside(&desk, &found, message, &query.list),
        );
        let (fetched, (fetched_us, view)) = fetched?;
        let [previous, next] = neighbours?;
        let spool_us = fetched_us.saturating_sub(began);
        let shown = convert::message(view, &found.message, &fetched, query, words);
        if matches!(shown.body, Body::Html { .. }) {
            let options = BodyOptions {
                view: BodyView::Html,
                read_as: query.charset.clone(),
                words: words.body_words(),
            };
            let wanted = Wanted {
                mailbox: mailbox.clone(),
                message: message.clone(),
                options,
            };
            let skeleton = Arc::clone(&fetched.skeleton);
            let links = Links::of(&desk, &found);
            desk.ahead
                .begin(wanted, skeleton, links, self.shared().clock.ticks_us());
        }
        let now = desk.now_ns();
        // Of a copy, when it was made; it may be a moment ago, and is none the less a copy.
        let as_of = fetched.saved_at.map_or(now, |at| at.saturating_mul(1_000_000_000));
        let mut freshness = freshness(now, Some(as_of), spool_us, 0, |at| words.moment(at));
        match fetched.saved_at {
            Some(_) => freshness.source = Source::Saved,
            None => desk.keep_opened(&found, &fetched),
        }
        Ok(Letter {
            mailbox: convert::mailbox_ref(&found.mailbox),
            message: shown,
            previous,
            next,
            freshness: desk.dated(freshness, words),
        })
    }
}
