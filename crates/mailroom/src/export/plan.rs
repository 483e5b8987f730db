//! What an export holds, known before its first byte.

use crate::{
    MailroomError, Reader, Wording, convert,
    desk::Desk,
    rail::{Overview, rank},
    reader::freshness,
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
        let mut label = None;
        let mut places = match wanted {
            ExportOf::Everything => {
                let desk = self.desk().await?;
                let overview = self.overview(&desk).await?;
                label = Some(self.label_of(&desk, &overview, &overview.rows, words).await);
                let rows = desk.mailboxes().await?;
                rows.iter().map(|row| place(&desk, row, Which::All)).collect()
            }
            ExportOf::Mailboxes(ids) => {
                let of = ids.iter().map(|id| (id, Which::All)).collect();
                self.places_of(of, &mut label, words).await?
            }
            ExportOf::Messages(messages) => {
                let mut of: BTreeMap<&MailboxId, Vec<MessageId>> = BTreeMap::new();
                for (mailbox, message) in messages.iter().collect::<BTreeSet<_>>() {
                    of.entry(mailbox).or_default().push(message.clone());
                }
                let of = of.into_iter().map(|(id, those)| (id, Which::Those(those))).collect();
                self.places_of(of, &mut label, words).await?
            }
            ExportOf::Found(search) => {
                let desk = match &search.within {
                    Some(mailbox) => self.desk_of(mailbox).await?,
                    None => self.desk().await?,
                };
                let searched = self.searched(&desk, search.within.as_ref()).await?;
                let pending = searched.mailboxes.iter().map(|row| row.pending_headers).sum();
                let told = freshness(desk.now_ns(), searched.told, searched.looked.spool_us, pending, |at| {
                    words.moment(at)
                });
                label = Some(desk.dated(told, words));
                let (places, cut) = found(&desk, &searched, &search.text).await?;
                more = cut;
                places
            }
        };
        places.sort_by_cached_key(|place| (rank(place.reference.role), place.name.to_lowercase()));
        Ok(ExportPlan { places, more, label })
    }

    /// The mailboxes of these ids. Those of one copy, as nearly all are, are looked at together.
    async fn places_of(
        &self,
        wanted: BTreeMap<&MailboxId, Which>,
        label: &mut Option<Freshness>,
        words: &dyn Wording,
    ) -> Result<Vec<ExportPlace>, MailroomError> {
        let copies: BTreeSet<_> = wanted.keys().map(|id| id.snapshot()).collect();
        if let (1, Some(id)) = (copies.len(), wanted.keys().next()) {
            let desk = self.desk_of(id).await?;
            let overview = self.overview(&desk).await?;
            let is_wanted = |row: &&MailboxRow| wanted.contains_key(&MailboxId(row.public_id.clone()));
            let rows: Vec<MailboxRow> = overview.rows.iter().filter(is_wanted).cloned().collect();
            *label = Some(self.label_of(&desk, &overview, &rows, words).await);
        }
        let mut places = Vec::new();
        for (id, which) in wanted {
            let desk = self.desk_of(id).await?;
            places.push(place(&desk, &desk.mailbox(id).await?, which));
        }
        Ok(places)
    }

    async fn label_of(
        &self,
        desk: &Arc<Desk>,
        overview: &Overview,
        rows: &[MailboxRow],
        words: &dyn Wording,
    ) -> Freshness {
        let looked = overview.looked.trouble;
        let told = match rows {
            // As for its list. That of mailboxes may fail for another of them.
            [one] => {
                let trouble = desk.look_within(one.id, overview.patience).await.trouble;
                let trouble = trouble.filter(|_| !overview.patience.is_zero());
                let told = desk.last_look(one);
                LastLook {
                    trouble: told
                        .trouble
                        .or(trouble)
                        .or(looked.filter(|cause| *cause == Cause::Slow)),
                    ..told
                }
            }
            _ => {
                desk.wait_for_looks(rows, overview.patience).await;
                desk.told_of(rows, &overview.looked)
            }
        };
        let spool_us = overview.looked.spool_us;
        let pending = rows.iter().map(|row| row.pending_headers).sum();
        desk.dated(
            freshness(desk.now_ns(), told, spool_us, pending, |at| words.moment(at)),
            words,
        )
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
