//! What is told of a file, to the nanosecond.

use crate::faults::Times;
use fuser::{FileAttr, FileType, INodeNo};
use std::{
    fs::Metadata,
    os::unix::fs::MetadataExt,
    time::{Duration, SystemTime},
};

fn kind_of(found: &Metadata) -> FileType {
    FileType::from_std(found.file_type()).unwrap_or(FileType::RegularFile)
}

/// By the clock of a server that is so different.
fn time(seconds: i64, nanos: i64, times: Times) -> SystemTime {
    const NANOS: i128 = 1_000_000;
    let exact = i128::from(seconds) * 1_000_000_000 + i128::from(nanos) + i128::from(times.ahead_ms) * NANOS;
    let grain = i128::from(times.grain_ms).max(1) * NANOS;
    let told = match times.grain_ms {
        0 => exact,
        _ => exact.div_euclid(grain) * grain,
    };
    let away = Duration::from_nanos(u64::try_from(told.unsigned_abs()).unwrap_or(u64::MAX));
    match told {
        0.. => SystemTime::UNIX_EPOCH + away,
        _ => SystemTime::UNIX_EPOCH - away,
    }
}

/// Of a file of the folder that is passed on.
pub(crate) fn attributes(node: INodeNo, found: &Metadata, times: Times) -> FileAttr {
    let changed = time(found.ctime(), found.ctime_nsec(), times);
    FileAttr {
        ino: node,
        size: found.size(),
        blocks: found.blocks(),
        atime: time(found.atime(), found.atime_nsec(), times),
        mtime: time(found.mtime(), found.mtime_nsec(), times),
        ctime: changed,
        crtime: changed,
        kind: kind_of(found),
        // The mask is that of chmod(2).
        perm: u16::try_from(found.mode() & 0o7777).unwrap_or(0),
        nlink: u32::try_from(found.nlink()).unwrap_or(u32::MAX),
        uid: found.uid(),
        gid: found.gid(),
        rdev: u32::try_from(found.rdev()).unwrap_or(0),
        blksize: 4096,
        flags: 0,
    }
}

/// There is no such file; the kernel may remember that.
pub(crate) fn nothing() -> FileAttr {
    let epoch = SystemTime::UNIX_EPOCH;
    FileAttr {
        ino: INodeNo(0),
        size: 0,
        blocks: 0,
        atime: epoch,
        mtime: epoch,
        ctime: epoch,
        crtime: epoch,
        kind: FileType::RegularFile,
        perm: 0,
        nlink: 0,
        uid: 0,
        gid: 0,
        rdev: 0,
        blksize: 4096,
        flags: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_a_coarse_clock_that_is_behind() {
        let told = |grain_ms, ahead_ms| {
            let time = time(10, 987_654_321, Times { grain_ms, ahead_ms });
            time.duration_since(SystemTime::UNIX_EPOCH).unwrap()
        };
        assert_eq!(told(0, 0), Duration::new(10, 987_654_321));
        assert_eq!(told(1000, 0), Duration::new(10, 0));
        assert_eq!(told(0, -1500), Duration::new(9, 487_654_321));
        assert_eq!(told(100, 2000), Duration::new(12, 900_000_000));
        assert!(time(-1, 0, Times::default()) < SystemTime::UNIX_EPOCH);
    }
}
