//! What an export holds, known before its first byte.

use crate::{
    MailroomError, Reader, Wording, convert,
    desk::Desk,
    rail::{Overview, rank},
    search::Searched,
    sync::LastLook,
};
use api_types::{Cause, Freshness, MailboxId, MailboxRef, MessageId, Search};
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
    /// Where what is known of these mailboxes comes from, and as of when; of several the oldest. `None` if they are not of one copy.
    pub label: Option<Freshness>,
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
    /// Lists the mailboxes that an export takes something of, after they have been looked at, no longer than the deadline for lists.
    ///
    /// # Errors
    /// [`MailroomError::NotFound`] for a mailbox that is not this account's, or what is wrong with the index.
    pub async fn export_plan(&self, wanted: &ExportOf, words: &dyn Wording) -> Result<ExportPlan, MailroomError> {
        let mut more = false;
        let (mut places, label) = match wanted {
            ExportOf::Everything => self.places_in(&self.desk().await?, None, words).await?,
            ExportOf::Mailboxes(ids) => {
                let of = ids.iter().map(|id| (id, Which::All)).collect();
                self.places_of(of, words).await?
            }
            ExportOf::Messages(messages) => {
                let mut of: BTreeMap<&MailboxId, Vec<MessageId>> = BTreeMap::new();
                for (mailbox, message) in messages.iter().collect::<BTreeSet<_>>() {
                    of.entry(mailbox).or_default().push(message.clone());
                }
                let of = of.into_iter().map(|(id, those)| (id, Which::Those(those))).collect();
                self.places_of(of, words).await?
            }
            ExportOf::Found(search) => {
                let desk = match &search.within {
                    Some(mailbox) => self.desk_of(mailbox).await?,
                    None => self.desk().await?,
                };
                let searched = self.searched(&desk, search.within.as_ref()).await?;
                let (places, cut) = found(&desk, &searched, &search.text).await?;
                more = cut;
                (places, Some(searched.freshness(&desk, words)))
            }
        };
        places.sort_by_cached_key(|place| (rank(place.reference.role), place.name.to_lowercase()));
        Ok(ExportPlan { places, more, label })
    }

    /// The mailboxes of these ids, copy by copy; nearly always there is one.
    async fn places_of(
        &self,
        wanted: BTreeMap<&MailboxId, Which>,
        words: &dyn Wording,
    ) -> Result<(Vec<ExportPlace>, Option<Freshness>), MailroomError> {
        let mut copies: BTreeMap<Option<&str>, Vec<(&MailboxId, Which)>> = BTreeMap::new();
        for (id, which) in wanted {
            copies.entry(id.snapshot()).or_default().push((id, which));
        }
        let (is_one, mut places, mut label) = (copies.len() == 1, Vec::new(), None);
        for of in copies.into_values() {
            let desk = self.desk_of(of[0].0).await?;
            let (more, told) = self.places_in(&desk, Some(of), words).await?;
            places.extend(more);
            label = told.filter(|_| is_one);
        }
        Ok((places, label))
    }

    /// These mailboxes at a desk, or all of them, after they have been looked at.
    async fn places_in(
        &self,
        desk: &Arc<Desk>,
        wanted: Option<Vec<(&MailboxId, Which)>>,
        words: &dyn Wording,
    ) -> Result<(Vec<ExportPlace>, Option<Freshness>), MailroomError> {
        let overview = self.overview(desk).await?;
        let of_id = |id: &MailboxId| overview.rows.iter().find(|row| row.public_id == id.as_str());
        let trouble = overview.looked.trouble;
        let unknown = || trouble.map_or(MailroomError::NotFound, MailroomError::Unavailable);
        let wanted: Vec<(&MailboxRow, Which)> = match wanted {
            None => overview.rows.iter().map(|row| (row, Which::All)).collect(),
            Some(wanted) => wanted
                .into_iter()
                .map(|(id, which)| Ok((of_id(id).ok_or_else(unknown)?, which)))
                .collect::<Result<_, MailroomError>>()?,
        };
        let rows: Vec<&MailboxRow> = wanted.iter().map(|(row, _)| *row).collect();
        let told = self.told_of_places(desk, &overview, &rows).await;
        let pending = rows.iter().map(|row| row.pending_headers).sum();
        let label = desk.told(told, overview.looked.spool_us, pending, words);
        let places = wanted.into_iter().map(|(row, which)| place(desk, row, which));
        Ok((places.collect(), Some(label)))
    }

    async fn told_of_places(&self, desk: &Arc<Desk>, overview: &Overview, rows: &[&MailboxRow]) -> LastLook {
        let &[one] = rows else {
            desk.wait_for_looks(rows.iter().copied(), overview.patience).await;
            return desk.told_of(rows.iter().copied(), &overview.looked);
        };
        // As for its list. That of mailboxes may fail for another of them.
        let trouble = desk.look_within(one.id, overview.patience).await.trouble;
        let trouble = trouble.filter(|_| !overview.patience.is_zero());
        let hangs = overview.looked.trouble.filter(|cause| *cause == Cause::Slow);
        let told = desk.last_look(one);
        LastLook {
            trouble: told.trouble.or(trouble).or(hangs),
            ..told
        }
    }
}

async fn found(
    desk: &Arc<Desk>,
    Searched {
        mailboxes,
        place: within,
        ..
    }: &Searched,
    text: &str,
) -> Result<(Vec<ExportPlace>, bool), MailroomError> {
    let matches = desk
        .matches(SearchQuery {
            text: text.to_owned(),
            mailbox: within.as_ref().map(|row| row.id),
        })
        .await?;
    let mut of: BTreeMap<i64, Vec<MessageId>> = BTreeMap::new();
    for (mailbox, row) in desk.index.found(&matches, 0, MOST).await? {
        of.entry(mailbox).or_default().push(MessageId(row.public_id));
    }
    let places = mailboxes.iter().filter_map(|row| {
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
