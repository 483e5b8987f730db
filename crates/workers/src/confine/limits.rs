use super::{Held, Limits};
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Of 1000; what was started without a word about it has 0.
const FIRST_TO_GO: &str = "500";

/// A core would hold mail, and a program that is told of crashes takes it in spite of a limit: only what may not be dumped at
/// all is not.
pub(super) fn apply(limits: &Limits) -> Held {
    // What cannot be had is no worse than before. It comes first: of what may not be dumped these files are root's.
    let _ = std::fs::write("/proc/self/oom_score_adj", FIRST_TO_GO);
    let asked = [
        (Resource::Core, Some(0)),
        (Resource::As, limits.memory_bytes),
        (Resource::Cpu, limits.cpu_seconds),
        (Resource::Nofile, limits.open_files),
    ];
    let set = |resource, most| {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit).is_ok()
    };
    let limited = asked
        .into_iter()
        .filter_map(|(resource, most)| most.map(|most| set(resource, most)));
    let mut all = vec![set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok()];
    all.extend(limited);
    match all.iter().filter(|is_set| **is_set).count() {
        0 => Held::Not,
        count if count == all.len() => Held::Fully,
        _ => Held::Partly,
    }
}
