use super::{SnapshotKind, SnapshotRoot, SnapshotsAsk, named::Named};
use crate::Account;

/// What was found in one directory of copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyedSnapshots {
    /// Where, with `*` for the names of the copies.
    pub place: String,
    /// How many copies there are, up to as many as are offered.
    pub found: usize,
    /// Those that nothing says are complete.
    pub unmarked: Vec<String>,
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
    SurveyedSnapshots {
        place,
        found: seen.len(),
        unmarked: names(&|seen| !is_marked(&seen.marker)),
        undated: names(&|seen| seen.marker.is_none() && Named::of(&seen.name).is_none()),
        has_mail: newest.map(|seen| spool::Store::open(&root.account(account, &seen.name).store).is_ok()),
        trouble,
    }
}
