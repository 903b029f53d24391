//! The requests to the kernel that have no safe interface: namespaces, the filter, and the talk with what it stops.

#![expect(unsafe_code, reason = "namespaces and a filter that asks somebody have no safe interface")]

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use libc::{c_int, seccomp_notif, seccomp_notif_resp, seccomp_notif_sizes, sock_filter, sock_fprog};
use rustix::thread::UnshareFlags;

/// A call that waits for an answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting {
    /// Names it until it is answered.
    pub(super) id: u64,
    /// The thread that calls.
    pub(super) thread: u32,
    pub(super) number: c_int,
    pub(super) architecture: u32,
    pub(super) arguments: [u64; 6],
}

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// The kernel does it.
    GoOn,
    /// It fails with this error.
    Fail(c_int),
}

/// Puts this thread into namespaces of its own. Between fork and exec it is the only thread.
pub(super) fn unshare(flags: UnshareFlags) -> Result<(), rustix::io::Errno> {
    // SAFETY: the table of descriptors, which is what others could miss, is not among the flags.
    unsafe { rustix::thread::unshare_unsafe(flags.difference(UnshareFlags::FILES)) }
}

/// Whether this kernel's messages have the size that ours have.
pub(super) fn speaks_our_sizes() -> bool {
    let mut sizes = seccomp_notif_sizes { seccomp_notif: 0, seccomp_notif_resp: 0, seccomp_data: 0 };
    // SAFETY: the kernel writes three numbers into a structure of three numbers, which outlives the call.
    let answer =
        unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_GET_NOTIF_SIZES, 0, &raw mut sizes) };
    answer == 0
        && usize::from(sizes.seccomp_notif) == size_of::<seccomp_notif>()
        && usize::from(sizes.seccomp_notif_resp) == size_of::<seccomp_notif_resp>()
}

/// Puts this thread and all that will descend from it under the filter; what is stopped can be heard on the
/// descriptor. Allocates nothing, and may be called between fork and exec.
pub(super) fn install(program: &[sock_filter]) -> Result<OwnedFd, rustix::io::Errno> {
    rustix::thread::set_no_new_privs(true)?;
    let length = u16::try_from(program.len()).map_err(|_| rustix::io::Errno::TOOBIG)?;
    let program = sock_fprog { len: length, filter: program.as_ptr().cast_mut() };
    let listener = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER;
    // Where the kernel knows how, a signal does not make a caller ask twice.
    for flags in [listener | libc::SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, listener] {
        // SAFETY: the kernel copies the program, whose length is that of the slice, before it returns.
        let answer = unsafe {
            libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, flags, &raw const program)
        };
        if let Ok(number @ 0..) = c_int::try_from(answer) {
            // SAFETY: the kernel has just made this descriptor for us, and nobody else knows of it.
            return Ok(unsafe { OwnedFd::from_raw_fd(number) });
        }
        let error = rustix::io::Errno::from_io_error(&io::Error::last_os_error());
        if error != Some(rustix::io::Errno::INVAL) {
            return Err(error.unwrap_or(rustix::io::Errno::INVAL));
        }
    }
    Err(rustix::io::Errno::INVAL)
}

/// The next call that waits; `None` if its caller died meanwhile, or a signal came.
pub(super) fn next(listener: BorrowedFd<'_>) -> io::Result<Option<Waiting>> {
    // SAFETY: a structure of numbers, for which zero is a value; the kernel demands that it is zero.
    let mut asked: seccomp_notif = unsafe { std::mem::zeroed() };
    // SAFETY: the kernel writes one message into a structure of the size that it was asked for beforehand.
    let answer = unsafe { libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_RECV, &raw mut asked) };
    if answer == 0 {
        let data = asked.data;
        return Ok(Some(Waiting {
            id: asked.id,
            thread: asked.pid,
            number: data.nr,
            architecture: data.arch,
            arguments: data.args,
        }));
    }
    let error = io::Error::last_os_error();
    match error.raw_os_error() {
        Some(libc::ENOENT | libc::EINTR) => Ok(None),
        _ => Err(error),
    }
}

/// Whether the caller still waits: until then what was read of it is of it.
pub(super) fn still_waits(listener: BorrowedFd<'_>, id: u64) -> bool {
    // SAFETY: the kernel reads one number, which outlives the call.
    let answer =
        unsafe { libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_ID_VALID, &raw const id) };
    answer == 0
}

/// Answers a call; a caller that is gone needs none.
pub(super) fn answer(listener: BorrowedFd<'_>, id: u64, answer: Answer) {
    let (error, flags) = match answer {
        Answer::GoOn => (0, 1),
        Answer::Fail(error) => (-error, 0),
    };
    let mut message = seccomp_notif_resp { id, val: 0, error, flags };
    // SAFETY: the kernel reads one message of the size that it was asked for beforehand.
    unsafe { libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_SEND, &raw mut message) };
}
