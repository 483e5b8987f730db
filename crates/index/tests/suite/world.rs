use index::{Applied, EnvelopeIn, Index, ListingIn, MailboxRow, MailboxSeen, MessageRow, PageQuery, Seen, Sort};
use std::path::PathBuf;
use tempfile::TempDir;

pub const SECOND: i64 = 1_000_000_000;

/// An index in a directory of its own, with an inbox.
pub struct World {
    pub directory: TempDir,
    pub index: Index,
    pub inbox: i64,
}

impl World {
    pub async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let index = Index::open(&directory.path().join("ab/account.sqlite")).await.unwrap();
        index.sync_mailboxes(&[mailbox("inbox")], &[], 0).await.unwrap();
        let inbox = index.mailbox("inbox").await.unwrap().unwrap().id;
        Self {
            directory,
            index,
            inbox,
        }
    }

    pub fn path(&self) -> PathBuf {
        self.directory.path().join("ab/account.sqlite")
    }

    pub async fn list(&self, entries: &[Seen], at: i64) -> Applied {
        self.index
            .apply_listing(self.inbox, &complete(entries), at)
            .await
            .unwrap()
    }

    /// Another mailbox beside the inbox, with these messages; its row.
    pub async fn other(&self, entries: &[Seen]) -> i64 {
        let both = [mailbox("inbox"), mailbox("other")];
        self.index.sync_mailboxes(&both, &[], 0).await.unwrap();
        let other = self.index.mailbox("other").await.unwrap().unwrap().id;
        self.index
            .apply_listing(other, &complete(entries), SECOND)
            .await
            .unwrap();
        other
    }

    pub async fn row(&self) -> MailboxRow {
        self.index.mailbox_by_row(self.inbox).await.unwrap().unwrap()
    }

    /// A message of the inbox.
    pub async fn message(&self, id: &str) -> Option<MessageRow> {
        self.index.find("inbox", id).await.unwrap().unwrap().1
    }

    /// Ids of the inbox as listed by date, newest first.
    pub async fn ids(&self) -> Vec<String> {
        let page = self
            .index
            .page(self.inbox, &everything(Sort::Date, true))
            .await
            .unwrap();
        page.rows.into_iter().map(|row| row.public_id).collect()
    }

    /// Reads all headers that are pending; each says what `envelope` makes of its base name.
    pub async fn read_headers(&self, envelope: impl Fn(i64, &str) -> EnvelopeIn) {
        let pending = self.index.pending_headers(self.inbox, 10_000).await.unwrap();
        let read = |pending: index::Pending| envelope(pending.row, std::str::from_utf8(&pending.base).unwrap());
        let envelopes: Vec<_> = pending.into_iter().map(read).collect();
        self.index.put_envelopes(&envelopes).await.unwrap();
    }
}

pub fn mailbox(name: &str) -> MailboxSeen {
    MailboxSeen {
        public_id: name.to_owned(),
        path: name.as_bytes().to_vec(),
        segments: vec![name.to_owned()],
        ..MailboxSeen::default()
    }
}

/// A message whose id is its base name, delivered at its number.
pub fn seen(number: u32) -> Seen {
    let base = format!("m{number}");
    Seen {
        location: format!("\x01{base}:2,").into_bytes(),
        public_id: base.clone(),
        base: base.into_bytes(),
        order_hint: i64::from(number),
        ..Seen::default()
    }
}

pub fn some(count: u32) -> Vec<Seen> {
    (0..count).map(seen).collect()
}

pub fn complete(entries: &[Seen]) -> ListingIn {
    ListingIn {
        entries: entries.to_vec(),
        may_remove: true,
        settled: true,
        ..ListingIn::default()
    }
}

pub fn everything(sort: Sort, descending: bool) -> PageQuery {
    PageQuery {
        sort,
        descending,
        unread_only: false,
        offset: 0,
        limit: 10_000,
    }
}

/// Numbers without a pattern, the same in every run.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }
}
