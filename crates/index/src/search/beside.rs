use super::Matches;
use crate::{Index, Result};
use sqlx::{AssertSqlSafe, Row};

/// A message by the ids of its mailbox and its own.
pub type Address = (String, String);

impl Index {
    /// What stands before and after a message among what was found, newest first; nothing beside one that is not found.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn beside_found(&self, matches: &Matches, mailbox: i64, public_id: &str) -> Result<[Option<Address>; 2]> {
        let outcome = async {
            let messages = &matches.messages;
            let statement = "SELECT id FROM message INDEXED BY message_name WHERE mailbox = ?1 AND public_id = ?2";
            let here = sqlx::query(statement).bind(mailbox).bind(public_id);
            let here: Option<i64> = match here.fetch_optional(self.readers()).await? {
                Some(row) => Some(row.try_get(0)?),
                None => None,
            };
            let Some(at) = here.and_then(|here| messages.iter().position(|message| *message == here)) else {
                return Ok([None, None]);
            };
            let mut beside = [None, None];
            for (place, at) in [at.checked_sub(1), at.checked_add(1)].into_iter().enumerate() {
                if let Some(message) = at.and_then(|at| messages.get(at)) {
                    beside[place] = self.address(*message).await?;
                }
            }
            Ok(beside)
        };
        self.noting_damage(outcome.await)
    }

    async fn address(&self, message: i64) -> Result<Option<Address>> {
        let statement = "SELECT mailbox.public_id, message.public_id FROM message \
                         JOIN mailbox ON mailbox.id = message.mailbox WHERE message.id = ?1 AND gone IS NULL";
        let row = sqlx::query(AssertSqlSafe(statement)).bind(message);
        match row.fetch_optional(self.readers()).await? {
            Some(row) => Ok(Some((row.try_get(0)?, row.try_get(1)?))),
            None => Ok(None),
        }
    }
}
