//! The uid that the files of a store must have.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use crate::{Owner, SpoolError};

/// Names looked up are kept; a user whose uid is changed is a new user.
static KNOWN: LazyLock<Mutex<HashMap<String, u32>>> = LazyLock::new(Mutex::default);

/// `None`: any will do.
pub(crate) fn uid(owner: &Owner) -> Result<Option<u32>, SpoolError> {
    match owner {
        Owner::Any => Ok(None),
        Owner::Uid(uid) => Ok(Some(*uid)),
        Owner::Named(name) => named(name).map(Some),
        Owner::Unknown => Err(SpoolError::Denied("nobody has said whose it must be")),
    }
}

fn named(name: &str) -> Result<u32, SpoolError> {
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(uid) = known().get(name) {
        return Ok(*uid);
    }
    let user = uzers::get_user_by_name(name).ok_or(SpoolError::Denied("the system knows no user of that name"))?;
    known().insert(name.to_owned(), user.uid());
    Ok(user.uid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_uid_that_the_system_gives_it() {
        assert_eq!(uid(&Owner::Any).unwrap(), None);
        assert_eq!(uid(&Owner::Uid(7)).unwrap(), Some(7));
        for _ in 0..2 {
            assert_eq!(uid(&Owner::Named("root".to_owned())).unwrap(), Some(0));
        }
    }

    #[test]
    fn nobody_is_not_anybody() {
        for owner in [Owner::Named("no-such-user-here".to_owned()), Owner::Unknown] {
            assert!(matches!(uid(&owner), Err(SpoolError::Denied(_))), "{owner:?}");
        }
    }
}
