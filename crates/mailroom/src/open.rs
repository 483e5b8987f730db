use crate::{
    MailroomError, Reader, Wording,
    ahead::{LARGEST, Wanted},
    beside::beside,
    convert,
    desk::Desk,
    fetch::fetched_in_time,
    found::find,
    image::Links,
    render_client::Waiting,
    spool_client::counting,
    sync::LastLook,
};
use api_types::{Letter, LetterQuery, MailboxId, MessageId};
use render::{BodyOptions, BodyView, TextWanted};
use std::sync::Arc;

impl Reader {
    /// A message, parsed, with its neighbours in the list it was opened from. One that cannot be made ready in time is its head, and says so.
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
        let frame = BodyOptions {
            view: BodyView::Html,
            read_as: query.charset.clone(),
            words: words.body_words(),
        };
        let read = async {
            let (fetched, queued_us) = counting(fetched_in_time(&desk, &found)).await;
            let (fetched, waiting) = fetched?;
            let fetched_us = self.shared().clock.ticks_us();
            let ahead = (fetched.skeleton.held() <= LARGEST).then(|| frame.clone());
            let renderer = &self.shared().renderer;
            let rendered = renderer.letter(waiting, &fetched.skeleton, options, ahead).await;
            self.took()
                .note_parse(self.shared().clock.ticks_us().saturating_sub(fetched_us));
            Ok::<_, MailroomError>((fetched, waiting, queued_us, fetched_us, rendered))
        };
        // What stands beside it is known without the spool.
        let (read, neighbours) = futures::join!(read, beside(&desk, &found, message, &query.list));
        let (fetched, waiting, queued_us, fetched_us, rendered) = read?;
        let [previous, next] = neighbours?;
        let spool_us = fetched_us.saturating_sub(began);
        self.took().note_spool(spool_us, queued_us);
        let shown = match rendered {
            Ok((view, begun)) => {
                if let Some(begun) = begun {
                    let wanted = Wanted {
                        mailbox: mailbox.clone(),
                        message: message.clone(),
                        options: frame.clone(),
                    };
                    let (renderer, skeleton) = (self.shared().renderer.clone(), Arc::clone(&fetched.skeleton));
                    let links = Links::of(&desk, &found);
                    // From now on: a spool that was slow for the page is none of the frame's.
                    let patience = self.shared().deadlines.body;
                    let waiting = Waiting { patience, ..waiting };
                    let document = async move { renderer.finish(waiting, begun, &skeleton, frame, &links).await };
                    desk.ahead.begin(wanted, document, self.shared().clock.ticks_us());
                }
                convert::message(view, &fetched, query, words)
            }
            // Its head is known without looking into it.
            Err(cause) => convert::unshown(cause, &fetched, words),
        };
        let look = match fetched.saved_at {
            // When it was made; it may be a moment ago, and is none the less a copy.
            Some(at) => LastLook {
                as_of: Some(at.saturating_mul(1_000_000_000)),
                ..LastLook::default()
            },
            None => {
                desk.keep_opened(&found, &fetched);
                LastLook::at(desk.now_ns())
            }
        };
        Ok(Letter {
            mailbox: convert::mailbox_ref(&found.mailbox),
            message: shown,
            previous,
            next,
            freshness: desk.told(look, spool_us, 0, words),
        })
    }
}
