use super::{MarkerAsk, SnapshotKind, SnapshotRoot, SnapshotsAsk, named::Named};
use crate::Account;
use spool::{MarkerCount, Owner, SpoolError, Store, count_messages};
use std::path::Path;

/// What was found in one directory of copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyedSnapshots {
    /// Where, with `*` for the names of the copies.
    pub place: String,
    /// How many copies there are, up to as many as are offered.
    pub found: usize,
    /// Those that nothing says are complete.
    pub unmarked: Vec<String>,
    /// Those whose marker is too long to be read, or has no number for the account; and the newest, if it holds another number of
    /// messages than that.
    pub miscounted: Vec<String>,
    /// Those whose names tell no time, where names have to.
    pub undated: Vec<String>,
    /// Why the directory cannot be read.
    pub trouble: Option<String>,
    /// The newest copy that can be read has a place for the account; `None` if there is none to look into.
    pub has_mail: Option<bool>,
}

/// Looks at where an account's copies stand, one directory after the other. Asks the spool here and now: for the operator's commands.
pub fn survey_snapshots(account: &Account) -> Vec<SurveyedSnapshots> {
    account.snapshots.iter().map(|root| look(account, root)).collect()
}

/// The time in the marker of the copy of that name, if it has one. Asks the disk here and now, and follows no link.
///
/// # Errors
/// In words, when nobody can say.
pub fn marked_at(root: &SnapshotRoot, name: &str) -> Result<Option<jiff::Timestamp>, String> {
    let SnapshotKind::Copy { marker } = &root.kind else {
        return Ok(None);
    };
    let line = spool::marker_line(&root.copy(name), &root.folder, marker).map_err(|error| error.to_string())?;
    Ok(line.and_then(|line| line.parse().ok()))
}

/// How many messages of the account the copy of that name holds, in the way that markers count; `None` if it has no place for the
/// account. Asks the disk here and now: for the operator's commands.
///
/// # Errors
/// In words, when they cannot be counted.
pub fn count_in_copy(account: &Account, root: &SnapshotRoot, name: &str) -> Result<Option<u64>, String> {
    let mut copied = root.account(account, name).store;
    // Whose an account is may not be known before its person first signs in.
    if copied.owner.uid().is_err() {
        copied.owner = Owner::Any;
    }
    let counted = Store::open(&copied).and_then(|store| count_messages(&store));
    match counted {
        Ok(messages) => Ok(Some(messages)),
        Err(SpoolError::NotFound(_)) => Ok(None),
        // It was made for somebody who never had mail; one with anything in it may have lost some.
        Err(SpoolError::WrongStore(_)) if is_empty(&root.copy(name).join(&root.within)) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

fn is_empty(folder: &Path) -> bool {
    folder.read_dir().is_ok_and(|mut entries| entries.next().is_none())
}

fn look(account: &Account, root: &SnapshotRoot) -> SurveyedSnapshots {
    let name = [&root.before, "*", &root.after].concat();
    let place = root.dir.join(name).join(&root.within).display().to_string();
    let (seen, trouble) = match SnapshotsAsk::new(root).look() {
        Ok(seen) => (seen, None),
        Err(error) => (Vec::new(), Some(error.to_string())),
    };
    let is_marked = |marker: &Option<String>| {
        let said = marker.as_ref().map(|line| line.parse::<jiff::Timestamp>());
        root.kind == SnapshotKind::Atomic || matches!(said, Some(Ok(_)))
    };
    let names = |wanted: &dyn Fn(&super::SnapshotSeen) -> bool| {
        let wanted = seen.iter().filter(|seen| wanted(seen));
        wanted.map(|seen| seen.name.clone()).collect::<Vec<_>>()
    };
    let newest = seen.iter().find(|seen| is_marked(&seen.marker));
    let is_miscounted = |seen: &super::SnapshotSeen| {
        let ask = MarkerAsk::new(root, &seen.name, &account.name).filter(|_| is_marked(&seen.marker));
        match ask.map(|ask| ask.read()) {
            Some(Ok(MarkerCount::Messages(said))) if newest == Some(seen) => {
                matches!(count_in_copy(account, root, &seen.name), Ok(holds) if holds.unwrap_or(0) != said)
            }
            Some(Ok(MarkerCount::Broken | MarkerCount::TooLong)) => true,
            _ => false,
        }
    };
    SurveyedSnapshots {
        place,
        found: seen.len(),
        unmarked: names(&|seen| !is_marked(&seen.marker)),
        miscounted: names(&is_miscounted),
        undated: names(&|seen| seen.marker.is_none() && Named::of(&seen.name).is_none()),
        has_mail: newest.map(|seen| Store::open(&root.account(account, &seen.name).store).is_ok()),
        trouble,
    }
}
