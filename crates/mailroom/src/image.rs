//! Images that a letter's frame loads by themselves: the URLs in its document, and what they give.

use crate::{
    Download, Mailroom, MailroomError, Reader,
    desk::Desk,
    found::Found,
    image_urls::{ImagePlace, ImageUrls, VALID},
};
use api_types::{MailboxId, MessageId};

/// What makes the URLs in the document of one message, from now on good for some minutes.
pub(crate) struct Links {
    urls: ImageUrls,
    account: String,
    mailbox: String,
    message: String,
    expires: i64,
}

impl Links {
    pub(crate) fn of(desk: &Desk, found: &Found) -> Self {
        Self {
            urls: desk.shared.image_urls.clone(),
            account: desk.account.name.clone(),
            mailbox: found.mailbox.public_id.clone(),
            message: found.message.public_id.clone(),
            expires: desk.shared.clock.now() + VALID,
        }
    }

    /// The URL of the image with that part number.
    pub(crate) fn url(&self, part: u32) -> Option<String> {
        let place = ImagePlace {
            mailbox: &self.mailbox,
            message: &self.message,
            part,
        };
        self.urls.url(&self.account, place, self.expires)
    }
}

/// The right to one image, and to nothing else of whose it is.
pub struct GrantedImage {
    reader: Reader,
    mailbox: MailboxId,
    message: MessageId,
    part: u32,
}

impl Mailroom {
    /// The right that a URL in a document of ours gives, `t` being its query. Whether the person is still signed in is not asked: the
    /// request has nothing that would say who asks. What the URL gives is what the document showed, to whoever was given the document,
    /// and for no longer than the browser itself keeps the image.
    pub fn granted_image(&self, mailbox: MailboxId, message: MessageId, part: u32, t: &str) -> Option<GrantedImage> {
        let shared = self.shared();
        let place = ImagePlace {
            mailbox: mailbox.as_str(),
            message: message.as_str(),
            part,
        };
        let account = shared.image_urls.account(place, t, shared.clock.now())?;
        let reader = self.reader(&account).ok()?;
        Some(GrantedImage {
            reader,
            mailbox,
            message,
            part,
        })
    }
}

impl GrantedImage {
    /// Whose it is.
    pub fn account(&self) -> &str {
        self.reader.account()
    }

    /// The image, and its media type by its first bytes.
    ///
    /// # Errors
    /// As [`Reader::part`]; [`MailroomError::NotFound`] too for what is no raster image.
    pub async fn download(&self) -> Result<(Download, &'static str), MailroomError> {
        let download = self.reader.part(&self.mailbox, &self.message, self.part, None).await?;
        let media_type = download.image.ok_or(MailroomError::NotFound)?;
        Ok((download, media_type))
    }
}
