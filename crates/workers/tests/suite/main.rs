//! Pools of real processes: this very program, started again as a helper.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as tests do")]

mod calls;
mod endings;
mod fairness;
mod faults;
mod gate;
mod peer;
mod pools;
mod random;
mod tries;

#[test]
#[ignore = "a helper, started by the other tests"]
fn helper() {
    peer::be();
}
