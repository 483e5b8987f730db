use super::{Files, Limits, lists};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen as Len, SeccompCmpOp as Op, SeccompCondition,
    SeccompFilter, SeccompRule, TargetArch,
};
use std::collections::BTreeMap;

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// System calls of 32-bit programs in 64-bit registers (x32), where a kernel has them: the same numbers with this bit, and
/// some of their own.
const X32: i64 = 0x4000_0000;
const X32_OWN: std::ops::Range<i64> = 512..548;

/// What `libc` does not name: from `asm-generic/fcntl.h` and `asm-generic/sockios.h`.
const F_SETOWN_EX: i32 = 15;
const FIOSETOWN: u64 = 0x8901;
const SIOCSPGRP: u64 = 0x8902;

/// Refuses with EPERM what is not left. `false` if the kernel has no such filters, or this machine none that we can write.
pub(super) fn apply(limits: &Limits) -> bool {
    if limits.files == Files::All && limits.network && limits.processes {
        return false;
    }
    let applied = filters(limits).map_err(|error| error.to_string()).and_then(|filters| {
        let apply = |filter: &BpfProgram| seccompiler::apply_filter_all_threads(filter);
        filters.iter().try_for_each(apply).map_err(|error| error.to_string())
    });
    if let Err(error) = &applied {
        tracing::debug!(error, "seccomp");
    }
    applied.is_ok()
}

fn filters(limits: &Limits) -> Result<Vec<BpfProgram>, BackendError> {
    let mut rules = Rules::new();
    refuse(&mut rules, lists::ALWAYS);
    // Would type at the terminal that the standard error leads to.
    for request in [libc::TIOCSTI, libc::TIOCLINUX] {
        refuse_if(&mut rules, libc::SYS_ioctl, 1, Op::Eq, request)?;
    }
    if limits.files != Files::All {
        refuse(&mut rules, lists::CHANGES);
    }
    match limits.files {
        Files::All => {}
        Files::None => refuse(&mut rules, lists::OPENS),
        Files::ReadBeneath(_) => refuse_writing(&mut rules)?,
    }
    if !limits.network {
        refuse(&mut rules, lists::SOCKETS);
    }
    let mut filters = Vec::new();
    if !limits.processes {
        refuse(&mut rules, lists::PROCESSES);
        let myself = u64::from(std::process::id());
        for signal in [libc::SYS_kill, libc::SYS_tgkill] {
            refuse_if(&mut rules, signal, 0, Op::Ne, myself)?;
        }
        // Limits of others, and signals that the kernel would send them for us.
        refuse_if(&mut rules, libc::SYS_prlimit64, 0, Op::Ne, 0)?;
        for command in [libc::F_SETOWN, F_SETOWN_EX] {
            refuse_if(
                &mut rules,
                libc::SYS_fcntl,
                1,
                Op::Eq,
                u64::from(command.unsigned_abs()),
            )?;
        }
        for request in [FIOSETOWN, SIOCSPGRP] {
            refuse_if(&mut rules, libc::SYS_ioctl, 1, Op::Eq, request)?;
        }
        let thread = Op::MaskedEq(libc::CLONE_THREAD as u64);
        refuse_if(&mut rules, libc::SYS_clone, 0, thread, 0)?;
        // What it starts is said in memory, where no filter can look: as if the kernel did not know it, for then `clone` is used.
        let unknown = Rules::from([(libc::SYS_clone3, Vec::new())]);
        filters.push(compile(unknown, libc::ENOSYS)?);
    }
    if cfg!(target_arch = "x86_64") {
        // Nothing of ours is such a program: even what is refused only sometimes is refused there.
        let numbers: Vec<i64> = rules.keys().copied().chain(X32_OWN).chain([libc::SYS_clone3]).collect();
        rules.extend(numbers.into_iter().map(|number| (number | X32, Vec::new())));
    }
    filters.push(compile(rules, libc::EPERM)?);
    Ok(filters)
}

fn compile(rules: Rules, errno: i32) -> Result<BpfProgram, BackendError> {
    let machine = TargetArch::try_from(std::env::consts::ARCH)?;
    let refused = SeccompAction::Errno(errno.unsigned_abs());
    SeccompFilter::new(rules, SeccompAction::Allow, refused, machine)?.try_into()
}

fn refuse(rules: &mut Rules, calls: &[i64]) {
    rules.extend(calls.iter().map(|call| (*call, Vec::new())));
}

/// Refuses a call also where an argument is so.
fn refuse_if(rules: &mut Rules, call: i64, argument: u8, is: Op, value: u64) -> Result<(), BackendError> {
    let condition = SeccompCondition::new(argument, Len::Dword, is, value)?;
    rules.entry(call).or_default().push(SeccompRule::new(vec![condition])?);
    Ok(())
}

/// Refuses to open for more than reading, where the flags can be seen. Those of `openat2` cannot: Landlock holds it.
fn refuse_writing(rules: &mut Rules) -> Result<(), BackendError> {
    let flags = [libc::O_WRONLY, libc::O_RDWR, libc::O_CREAT, libc::O_TRUNC];
    for flag in flags.map(|flag| u64::from(flag.unsigned_abs())) {
        refuse_if(rules, libc::SYS_openat, 2, Op::MaskedEq(flag), flag)?;
        #[cfg(target_arch = "x86_64")]
        refuse_if(rules, libc::SYS_open, 1, Op::MaskedEq(flag), flag)?;
    }
    Ok(())
}
