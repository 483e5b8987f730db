//! System calls by what they would give, and those that only old machines have.

use libc::*;

macro_rules! calls {
    ($(#[$meta:meta])* $name:ident: $($call:ident)*; x86_64: $($old:ident)*;) => {
        $(#[$meta])*
        pub(super) const $name: &[i64] = &[
            $($call,)*
            $(#[cfg(target_arch = "x86_64")] $old,)*
        ];
    };
}

calls! {
    /// Ways around the other lists, or into other processes and the kernel.
    ALWAYS:
        SYS_io_uring_setup SYS_io_uring_enter SYS_io_uring_register
        SYS_ptrace SYS_process_vm_readv SYS_process_vm_writev SYS_pidfd_getfd SYS_kcmp
        SYS_bpf SYS_perf_event_open SYS_userfaultfd SYS_keyctl SYS_add_key SYS_request_key
        SYS_mount SYS_umount2 SYS_pivot_root SYS_chroot SYS_unshare SYS_setns SYS_open_tree SYS_move_mount SYS_fsopen
        SYS_fsconfig SYS_fsmount SYS_fspick SYS_mount_setattr SYS_open_by_handle_at SYS_name_to_handle_at
        SYS_init_module SYS_finit_module SYS_delete_module SYS_kexec_load SYS_reboot SYS_swapon SYS_swapoff SYS_acct
        SYS_personality SYS_quotactl SYS_syslog SYS_sethostname SYS_setdomainname SYS_settimeofday SYS_clock_settime
        SYS_adjtimex SYS_clock_adjtime;
    x86_64: SYS_ioperm SYS_iopl SYS_modify_ldt SYS_kexec_file_load;
}

calls! {
    /// Changes something that is on disk, whether it is opened for that or not.
    CHANGES:
        SYS_unlinkat SYS_renameat2 SYS_mkdirat SYS_mknodat SYS_linkat SYS_symlinkat SYS_fchmodat SYS_fchownat
        SYS_truncate SYS_ftruncate SYS_fallocate SYS_fchmod SYS_fchown SYS_utimensat
        SYS_setxattr SYS_lsetxattr SYS_fsetxattr SYS_removexattr SYS_lremovexattr SYS_fremovexattr
        CHMOD_NEWER SETXATTR_NEWER REMOVEXATTR_NEWER FILE_SETATTR;
    x86_64:
        SYS_creat SYS_unlink SYS_rename SYS_renameat SYS_mkdir SYS_rmdir SYS_mknod SYS_link SYS_symlink SYS_chmod SYS_chown
        SYS_lchown SYS_utime SYS_utimes SYS_futimesat;
}

/// `fchmodat2`, of the same number on all machines.
const CHMOD_NEWER: i64 = 452;
/// `setxattrat`
const SETXATTR_NEWER: i64 = 463;
/// `removexattrat`
const REMOVEXATTR_NEWER: i64 = 466;
/// `file_setattr`
const FILE_SETATTR: i64 = 469;

calls! {
    /// Opens a file, or goes where others are.
    OPENS:
        SYS_openat SYS_openat2 SYS_chdir SYS_fchdir SYS_readlinkat SYS_faccessat SYS_faccessat2 SYS_statfs
        SYS_getxattr SYS_lgetxattr SYS_listxattr SYS_llistxattr SYS_inotify_add_watch SYS_fanotify_mark SYS_fanotify_init
        SYS_memfd_create SYS_execve SYS_execveat;
    x86_64: SYS_open SYS_access SYS_readlink SYS_uselib;
}

calls! {
    /// A socket that was not there. Sending on one that is there is not refused: a pool is answered on it.
    SOCKETS: SYS_socket SYS_socketpair SYS_connect SYS_bind SYS_listen SYS_accept SYS_accept4;
    x86_64: ;
}

calls! {
    /// A process that was not there, or a hand on another one. A process is made by `clone` too, which threads need.
    PROCESSES:
        SYS_execve SYS_execveat SYS_tkill SYS_rt_sigqueueinfo SYS_rt_tgsigqueueinfo SYS_pidfd_send_signal
        SYS_pidfd_open SYS_process_madvise SYS_process_mrelease SYS_setpriority SYS_ioprio_set
        SYS_sched_setaffinity SYS_sched_setattr SYS_sched_setparam SYS_sched_setscheduler SYS_migrate_pages SYS_move_pages
        SYS_mq_open SYS_mq_unlink SYS_shmget SYS_shmat SYS_shmctl SYS_semget SYS_semctl SYS_semop SYS_semtimedop
        SYS_msgget SYS_msgsnd SYS_msgrcv SYS_msgctl;
    x86_64: SYS_fork SYS_vfork;
}
