use crate::{
    Index, Result,
    chunk::{CHUNK, recurs},
    columns::{self, Bytes},
    pack,
    search::tokens,
    sort_key,
};
use sqlx::{AssertSqlSafe, Row, Sqlite, SqliteConnection};

/// A date this much after arrival is not believed, in seconds.
const AHEAD: i64 = 24 * 3600;

/// A message of which something has not been read yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Its row.
    pub row: i64,
    /// Its base name.
    pub base: Vec<u8>,
    /// Where it was last seen, opaque.
    pub location: Vec<u8>,
}

/// What the header of a message says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvelopeIn {
    /// Its row.
    pub row: i64,
    /// Its `Date`, in seconds.
    pub sent: Option<i64>,
    /// When it arrived, in seconds.
    pub received: i64,
    /// Bytes.
    pub size: u64,
    /// The sender's name.
    pub from_name: String,
    /// The sender's address.
    pub from_address: String,
    /// Whom it is for, in one line.
    pub to_line: String,
    /// What search finds besides: names and addresses of recipients, a line each.
    pub also: String,
    /// The subject, decoded.
    pub subject: String,
    /// Which file it was read of, in short, whatever the caller makes of that. The text read of another file before is read again.
    pub file: Option<i64>,
}

/// What the text of a message gives to a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PreviewIn {
    /// Its row.
    pub row: i64,
    /// The beginning of the text; lists show 120 characters of it.
    pub preview: String,
    /// Whether there are attachments.
    pub has_attachments: bool,
    /// Whether it is HTML.
    pub is_html: bool,
}

impl Index {
    /// Messages with a header not read yet, newest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn pending_headers(&self, mailbox: i64, limit: u32) -> Result<Vec<Pending>> {
        self.noting_damage(self.pending("message_headers", 0, mailbox, limit).await)
    }

    /// Messages with the header read and the text not, newest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn pending_previews(&self, mailbox: i64, limit: u32) -> Result<Vec<Pending>> {
        self.noting_damage(self.pending("message_previews", 1, mailbox, limit).await)
    }

    async fn pending(&self, index: &str, stage: u8, mailbox: i64, limit: u32) -> Result<Vec<Pending>> {
        let statement = format!(
            "SELECT json_group_array(json_array(id, hex(base), hex(location)) ORDER BY date DESC, id DESC) FROM (\
             SELECT id, base, location, date FROM message INDEXED BY {index} \
             WHERE mailbox = ?1 AND gone IS NULL AND stage = {stage} AND trouble IS NULL ORDER BY date DESC, id DESC LIMIT ?2)"
        );
        let found = sqlx::query(AssertSqlSafe(statement)).bind(mailbox).bind(limit);
        let found = found.fetch_one(self.readers()).await?;
        pending(found.try_get(0)?)
    }

    /// Takes what headers say.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub async fn put_envelopes(&self, envelopes: &[EnvelopeIn]) -> Result<()> {
        if envelopes.is_empty() {
            return Ok(());
        }
        self.noting_damage(self.try_put_envelopes(envelopes).await)
    }

    async fn try_put_envelopes(&self, envelopes: &[EnvelopeIn]) -> Result<()> {
        let mut tx = self.write().await?;
        write_envelopes(&mut tx, envelopes).await?;
        Ok(tx.commit().await?)
    }

    /// Takes what texts give to a list.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub async fn put_previews(&self, previews: &[PreviewIn]) -> Result<()> {
        if previews.is_empty() {
            return Ok(());
        }
        self.noting_damage(self.try_put_previews(previews).await)
    }

    async fn try_put_previews(&self, previews: &[PreviewIn]) -> Result<()> {
        let mut tx = self.write().await?;
        write_previews(&mut tx, previews).await?;
        Ok(tx.commit().await?)
    }

    /// Takes note that a message lies in another file, and is what it was.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub async fn put_file(&self, row: i64, file: Option<i64>) -> Result<()> {
        let outcome = async {
            let mut tx = self.write().await?;
            let note = sqlx::query("UPDATE message SET file = ?2 WHERE id = ?1");
            note.bind(row).bind(file).execute(&mut *tx).await?;
            Ok(tx.commit().await?)
        };
        self.noting_damage(outcome.await)
    }

    /// Takes what header and text of one message say, read of one file.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub async fn put_read(&self, envelope: EnvelopeIn, preview: PreviewIn) -> Result<()> {
        let outcome = async {
            let mut tx = self.write().await?;
            write_envelopes(&mut tx, &[envelope]).await?;
            write_previews(&mut tx, &[preview]).await?;
            Ok(tx.commit().await?)
        };
        self.noting_damage(outcome.await)
    }
}

/// What a query made of row, base name and location gives.
pub(crate) fn pending(json: &str) -> Result<Vec<Pending>> {
    let found: Vec<(i64, Bytes, Bytes)> = columns::read(json)?;
    let pending = found.into_iter().map(|(row, Bytes(base), Bytes(location))| Pending {
        row,
        location: pack::unpack_location(&base, &location),
        base,
    });
    Ok(pending.collect())
}

/// See [`Index::put_envelopes`].
pub(crate) async fn write_envelopes(connection: &mut SqliteConnection, envelopes: &[EnvelopeIn]) -> Result<()> {
    // FTS5 gathers what comes in the order of the rows; whenever that goes back it writes what it has.
    let mut sorted: Vec<&EnvelopeIn> = envelopes.iter().collect();
    sorted.sort_unstable_by_key(|envelope| envelope.row);
    let mut chunks = sorted.chunks(CHUNK);
    let mut ready = chunks.next().map(Prepared::chunk);
    while let Some(chunk) = ready {
        // SQLite works on a thread of its own; the next are made ready here meanwhile.
        let (written, next) = tokio::join!(write(connection, &chunk), async { chunks.next().map(Prepared::chunk) });
        written?;
        ready = next;
    }
    Ok(())
}

/// See [`Index::put_previews`].
pub(crate) async fn write_previews(connection: &mut SqliteConnection, previews: &[PreviewIn]) -> Result<()> {
    for chunk in previews.chunks(CHUNK) {
        let values = vec!["(?, ?, ?, ?)"; chunk.len()].join(", ");
        // A header still to be read may be of other content: the text waits for it.
        let mut statement = sqlx::query::<Sqlite>(AssertSqlSafe(format!(
            "UPDATE message SET preview = n.column2, has_attachments = n.column3, is_html = n.column4, stage = 2, \
             trouble = NULL, tries = 0 FROM (VALUES {values}) n WHERE message.id = n.column1 AND stage > 0"
        )));
        for preview in chunk {
            statement = statement
                .bind(preview.row)
                .bind(&preview.preview)
                .bind(preview.has_attachments)
                .bind(preview.is_html);
        }
        statement
            .persistent(recurs(chunk.len()))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// What is written of a header.
struct Prepared<'a> {
    envelope: &'a EnvelopeIn,
    from_key: Option<String>,
    /// The column `subject_from`.
    subject_from: u32,
    subject_key: Option<String>,
    /// What search looks it up by.
    tokens: String,
}

impl<'a> Prepared<'a> {
    fn chunk(envelopes: &[&'a EnvelopeIn]) -> Vec<Self> {
        envelopes.iter().map(|envelope| Self::new(envelope)).collect()
    }

    fn new(envelope: &'a EnvelopeIn) -> Self {
        let EnvelopeIn {
            from_name,
            from_address,
            to_line,
            also,
            subject,
            ..
        } = envelope;
        let (subject_from, subject_key) = sort_key::stored_subject(subject);
        let header = [from_name, from_address, to_line, also, subject].map(String::as_str);
        Self {
            envelope,
            from_key: sort_key::stored(sort_key::sender(from_name, from_address), from_name),
            subject_from,
            subject_key,
            tokens: tokens::stored(&tokens::folded(&header.join("\n"))),
        }
    }
}

async fn write(connection: &mut SqliteConnection, chunk: &[Prepared<'_>]) -> Result<()> {
    let recurs = recurs(chunk.len());
    let values = vec!["(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"; chunk.len()].join(", ");
    // What could not be read is read to its end once more, the text too.
    let mut update = sqlx::query::<Sqlite>(AssertSqlSafe(format!(
        "UPDATE message SET date = n.column2, received = n.column3, size = nullif(n.column4, listed_size), from_name = n.column5, \
         from_address = n.column6, to_line = n.column7, also = n.column8, subject = n.column9, from_key = n.column10, \
         subject_from = n.column11, subject_key = n.column12, \
         stage = iif(file <> n.column13 OR trouble IS NOT NULL, 1, max(stage, 1)), preview = iif(file <> n.column13, '', preview), file = n.column13, \
         trouble = NULL FROM (VALUES {values}) n WHERE message.id = n.column1"
    )));
    for Prepared {
        envelope,
        from_key,
        subject_from,
        subject_key,
        ..
    } in chunk
    {
        update = update
            .bind(envelope.row)
            .bind(effective_date(envelope.sent, envelope.received))
            .bind(envelope.received)
            .bind(i64::try_from(envelope.size).unwrap_or(i64::MAX))
            .bind(&envelope.from_name)
            .bind(&envelope.from_address)
            .bind(&envelope.to_line)
            .bind(&envelope.also)
            .bind(&envelope.subject)
            .bind(from_key)
            .bind(subject_from)
            .bind(subject_key)
            .bind(envelope.file);
    }
    update.persistent(recurs).execute(&mut *connection).await?;

    let values = vec!["(?, ?)"; chunk.len()].join(", ");
    // One that has been removed meanwhile leaves nothing behind.
    let mut look_up = sqlx::query::<Sqlite>(AssertSqlSafe(format!(
        "INSERT OR REPLACE INTO search (rowid, tokens) SELECT n.column1, n.column2 FROM (VALUES {values}) n \
         WHERE EXISTS (SELECT 1 FROM message WHERE id = n.column1)"
    )));
    for prepared in chunk {
        look_up = look_up.bind(prepared.envelope.row).bind(&prepared.tokens);
    }
    look_up.persistent(recurs).execute(connection).await?;
    Ok(())
}

/// When it was sent, unless nobody says or it would be later than it arrived by more than a day.
fn effective_date(sent: Option<i64>, received: i64) -> i64 {
    sent.filter(|sent| *sent <= received.saturating_add(AHEAD))
        .unwrap_or(received)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_from_the_future_is_not_believed() {
        assert_eq!(effective_date(Some(5), 1_000), 5);
        assert_eq!(effective_date(Some(1_000 + AHEAD), 1_000), 1_000 + AHEAD);
        assert_eq!(effective_date(Some(1_001 + AHEAD), 1_000), 1_000);
        assert_eq!(effective_date(None, 1_000), 1_000);
        assert_eq!(effective_date(Some(i64::MAX), i64::MAX), i64::MAX);
    }
}
