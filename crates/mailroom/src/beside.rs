use crate::{MailroomError, desk::Desk, found::Found, list::page_query};
use api_types::{ListQuery, MessageId, Neighbour, Search};
use index::SearchQuery;

/// What stands before and after a message in the list that it was opened from.
pub(crate) async fn beside(
    desk: &Desk,
    found: &Found,
    message: &MessageId,
    list: &ListQuery,
) -> Result<[Option<Neighbour>; 2], MailroomError> {
    let Some(Search { text, within }) = &list.search else {
        let neighbours = desk
            .index
            .neighbours(found.mailbox.id, message.as_str(), &page_query(list))
            .await?;
        return Ok([neighbours.previous, neighbours.next].map(|id| {
            id.map(|id| Neighbour {
                mailbox: None,
                id: id.into(),
            })
        }));
    };
    let mailbox = match within {
        None => None,
        // All of a dated copy.
        Some(within) if within.in_snapshot().is_empty() => None,
        Some(within) => match desk.index.mailbox(within.as_str()).await? {
            Some(row) => Some(row.id),
            None => return Ok([None, None]),
        },
    };
    let query = SearchQuery {
        text: text.clone(),
        mailbox,
    };
    let matches = desk.matches(query).await?;
    let beside = desk
        .index
        .beside_found(&matches, found.mailbox.id, message.as_str())
        .await?;
    Ok(beside.map(|address| {
        address.map(|(mailbox, id)| Neighbour {
            mailbox: (mailbox != found.mailbox.public_id).then(|| mailbox.into()),
            id: id.into(),
        })
    }))
}
