//! What an export holds, known before its first byte.

use crate::{MailroomError, Reader, convert, desk::Desk, rail::rank};
use api_types::{MailboxId, MailboxRef, MessageId, Search};
use index::{MOST, MailboxRow, SearchQuery};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportOf {
    /// All mailboxes.
    Everything,
    /// These.
    Mailboxes(Vec<MailboxId>),
    /// These messages, each of its mailbox.
    Messages(Vec<(MailboxId, MessageId)>),
    /// What a search finds.
    Found(Search),
}

/// See the module.
#[derive(Clone, Debug)]
pub struct ExportPlan {
    /// Mailboxes of which there is something, in the order of the rail.
    pub places: Vec<ExportPlace>,
    /// A search found more than are counted.
    pub more: bool,
}

/// What is taken of one mailbox.
#[derive(Clone, Debug)]
pub struct ExportPlace {
    /// Which mailbox.
    pub mailbox: MailboxId,
    /// Its name and role.
    pub reference: MailboxRef,
    /// Its name in the tree, levels joined by `-`, for files.
    pub name: String,
    pub(super) row: i64,
    pub(super) which: Which,
}

#[derive(Clone, Debug)]
pub(super) enum Which {
    All,
    Those(Vec<MessageId>),
}

impl Reader {
    /// Lists the mailboxes that an export takes something of, from what is known of them.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`] for a mailbox that is not this account's, or what is wrong with the index.
    pub async fn export_plan(&self, wanted: &ExportOf) -> Result<ExportPlan, MailroomError> {
        let mut more = false;
        let mut places = match wanted {
            ExportOf::Everything => {
                let desk = self.desk().await?;
                // The newest mailboxes too, if the spool says which there are.
                let looked = desk.fresh_mailboxes(self.shared().deadlines.list).await;
                let rows = desk.mailboxes().await?;
                if rows.is_empty() {
                    let nothing = looked.trouble.map(MailroomError::Unavailable);
                    return Err(nothing.unwrap_or(MailroomError::NotFound));
                }
                rows.iter().map(|row| place(&desk, row, Which::All)).collect()
            }
            ExportOf::Mailboxes(ids) => {
                let mut places = Vec::new();
                for id in ids.iter().collect::<BTreeSet<_>>() {
                    let desk = self.desk_of(id).await?;
                    places.push(place(&desk, &desk.mailbox(id).await?, Which::All));
                }
                places
            }
            ExportOf::Messages(messages) => {
                let mut of: BTreeMap<&MailboxId, Vec<MessageId>> = BTreeMap::new();
                for (mailbox, message) in messages.iter().collect::<BTreeSet<_>>() {
                    of.entry(mailbox).or_default().push(message.clone());
                }
                let mut places = Vec::new();
                for (mailbox, those) in of {
                    let desk = self.desk_of(mailbox).await?;
                    places.push(place(&desk, &desk.mailbox(mailbox).await?, Which::Those(those)));
                }
                places
            }
            ExportOf::Found(search) => {
                let desk = match &search.within {
                    Some(mailbox) => self.desk_of(mailbox).await?,
                    None => self.desk().await?,
                };
                let (places, cut) = found(&desk, search).await?;
                more = cut;
                places
            }
        };
        places.sort_by_cached_key(|place| (rank(place.reference.role), place.name.to_lowercase()));
        Ok(ExportPlan { places, more })
    }
}

async fn found(desk: &Arc<Desk>, search: &Search) -> Result<(Vec<ExportPlace>, bool), MailroomError> {
    let rows = desk.mailboxes().await?;
    let within = match &search.within {
        // A copy as a whole has no mailbox to name.
        Some(id) if !id.in_snapshot().is_empty() => Some(desk.mailbox(id).await?.id),
        _ => None,
    };
    let matches = desk
        .matches(SearchQuery {
            text: search.text.clone(),
            mailbox: within,
        })
        .await?;
    let mut of: BTreeMap<i64, Vec<MessageId>> = BTreeMap::new();
    for (mailbox, row) in desk.index.found(&matches, 0, MOST).await? {
        of.entry(mailbox).or_default().push(MessageId(row.public_id));
    }
    let places = rows.iter().filter_map(|row| {
        let mut those = of.remove(&row.id)?;
        // Found newest first; an export goes on from the oldest.
        those.reverse();
        Some(place(desk, row, Which::Those(those)))
    });
    Ok((places.collect(), matches.more))
}

fn place(desk: &Desk, row: &MailboxRow, which: Which) -> ExportPlace {
    let levels: Vec<&str> = row.segments.iter().map(String::as_str).collect();
    ExportPlace {
        mailbox: MailboxId(row.public_id.clone()),
        reference: convert::mailbox_ref(row),
        name: desk.file_name(&levels.join("-")),
        row: row.id,
        which,
    }
}
