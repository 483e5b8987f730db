/// The time, as told by the process that may read it.
pub trait Clock: Send + Sync {
    /// Nanoseconds since 1970-01-01 UTC.
    fn now_ns(&self) -> i64;
    /// A monotonic reading in microseconds, for durations.
    fn ticks_us(&self) -> u64;

    /// Seconds since 1970-01-01 UTC.
    fn now(&self) -> i64 {
        self.now_ns().div_euclid(1_000_000_000)
    }
}
