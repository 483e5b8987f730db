use super::{Files, Limits};
use crate::error::ConfineError;
use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, PathFdError, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};
use std::path::PathBuf;

/// The newest that is asked for; an older kernel does what it knows.
const NEWEST: ABI = ABI::V6;
/// From here on files are held whole: reading, writing, renaming between directories, cutting.
const FILES: ABI = ABI::V3;

/// What Landlock does.
#[derive(Default)]
pub(super) struct Landlock {
    /// Something.
    pub(super) is_on: bool,
    /// Everything that was asked of files.
    pub(super) is_full: bool,
}

pub(super) fn apply(limits: &Limits) -> Result<Landlock, ConfineError> {
    let beneath = match &limits.files {
        Files::All if limits.network && limits.processes => return Ok(Landlock::default()),
        Files::All | Files::None => Vec::new(),
        Files::ReadBeneath(paths) => opened(paths)?,
    };
    restrict(limits, beneath).or_else(|error| {
        tracing::debug!(%error, "landlock");
        Ok(Landlock::default())
    })
}

fn opened(paths: &[PathBuf]) -> Result<Vec<PathFd>, ConfineError> {
    let open = |path: &PathBuf| {
        PathFd::new(path).map_err(|error| {
            let cause = match error {
                PathFdError::OpenCall { source, .. } => source,
                other => std::io::Error::other(other),
            };
            ConfineError::Path(path.clone(), cause)
        })
    };
    paths.iter().map(open).collect()
}

fn restrict(limits: &Limits, beneath: Vec<PathFd>) -> Result<Landlock, RulesetError> {
    let mut ruleset = Ruleset::default().set_compatibility(CompatLevel::BestEffort);
    if limits.files != Files::All {
        ruleset = ruleset.handle_access(AccessFs::from_all(NEWEST))?;
    }
    if !limits.network {
        ruleset = ruleset.handle_access(AccessNet::from_all(NEWEST))?;
        ruleset = ruleset.scope(Scope::AbstractUnixSocket)?;
    }
    if !limits.processes {
        ruleset = ruleset.scope(Scope::Signal)?;
    }
    let mut ruleset = ruleset.create()?;
    for path in beneath {
        ruleset = ruleset.add_rule(PathBeneath::new(path, AccessFs::ReadFile | AccessFs::ReadDir))?;
    }
    let status = ruleset.restrict_self()?;
    Ok(Landlock {
        is_on: status.ruleset != RulesetStatus::NotEnforced,
        is_full: match status.landlock {
            landlock::LandlockStatus::Available { effective_abi, .. } => effective_abi >= FILES,
            _ => false,
        } && status.ruleset != RulesetStatus::NotEnforced,
    })
}
