use crate::{
    MailroomError, Reader,
    ahead::Wanted,
    fetch::{blocking, fetch},
    found::find,
    image::Links,
};
use api_types::{MailboxId, MessageId};
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
        if let Some(document) = desk.ahead.take(&wanted, self.shared().clock.ticks_us()).await {
            return Ok(document);
        }
        let found = find(&desk, mailbox, message).await?;
        let fetched = fetch(&desk, &found, self.shared().deadlines.body).await?;
        let links = Links::of(&desk, &found);
        blocking(move || links.document(&fetched.skeleton, &wanted.options)).await
    }
}
