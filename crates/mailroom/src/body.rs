use crate::{MailroomError, Reader, ahead::Wanted, fetch::fetched_in_time, found::find, image::Links};
use api_types::{Cause, MailboxId, MessageId};
use render::{BodyDocument, BodyOptions, BodyView, BodyWords};

/// Which body document is wanted.
#[derive(Clone, Debug)]
pub struct BodyRequest {
    /// Text, HTML, or HTML with remote images.
    pub view: BodyView,
    /// Read the text as this charset.
    pub charset: Option<String>,
    /// The few words that the document needs, in the person's language.
    pub words: BodyWords,
}

impl Reader {
    /// The document for the frame: sanitised, complete, never to be edited.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub async fn body(
        &self,
        mailbox: &MailboxId,
        message: &MessageId,
        request: &BodyRequest,
    ) -> Result<BodyDocument, MailroomError> {
        let desk = self.desk_of(mailbox).await?;
        let options = BodyOptions {
            view: request.view,
            read_as: request.charset.clone(),
            words: request.words.clone(),
        };
        let wanted = Wanted {
            mailbox: mailbox.clone(),
            message: message.clone(),
            options,
        };
        let document = match desk.ahead.take(&wanted, self.shared().clock.ticks_us()).await {
            Some(document) => document,
            None => {
                let found = find(&desk, mailbox, message).await?;
                let (fetched, waiting) = fetched_in_time(&desk, &found).await?;
                if fetched.is_another {
                    // The letter around the frame is not its.
                    return Err(MailroomError::Gone);
                }
                let links = Links::of(&desk, &found);
                let renderer = &desk.shared.renderer;
                renderer
                    .document(waiting, &fetched.skeleton, wanted.options, &links)
                    .await
            }
        };
        match document {
            // The letter stands around it.
            Err(Cause::Unshown) => Ok(render::notice_document(&request.words, &request.words.unshown)),
            document => document.map_err(MailroomError::Unavailable),
        }
    }
}
