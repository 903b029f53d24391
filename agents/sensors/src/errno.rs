//! What an error of the operating system means for a channel.

use std::io;

use edgesoak_protocol::Reason;
use rustix::io::Errno;

/// The reason behind a failed open or read.
pub(crate) fn reason(error: &io::Error) -> Reason {
    match Errno::from_io_error(error) {
        Some(Errno::ACCESS | Errno::PERM) => Reason::Denied,
        // ESRCH: the process behind a kept-open /proc file has ended.
        Some(Errno::NOENT | Errno::NODEV | Errno::NXIO | Errno::NOTDIR | Errno::SRCH) => Reason::Absent,
        _ => Reason::Failed,
    }
}

/// The reason where a part is known to be switched off and on, as processors are: its files vanish or refuse
/// meanwhile.
pub(crate) fn reason_of_switchable(error: &io::Error) -> Reason {
    match Errno::from_io_error(error) {
        Some(Errno::BUSY) => Reason::Offline,
        _ => match reason(error) {
            Reason::Absent => Reason::Offline,
            other => other,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_has_its_reason() {
        let of = |errno: Errno| reason(&io::Error::from(errno));
        assert_eq!(of(Errno::ACCESS), Reason::Denied);
        assert_eq!(of(Errno::PERM), Reason::Denied);
        assert_eq!(of(Errno::NOENT), Reason::Absent);
        assert_eq!(of(Errno::SRCH), Reason::Absent);
        for failed in [Errno::INVAL, Errno::IO, Errno::NODATA, Errno::TIMEDOUT] {
            assert_eq!(of(failed), Reason::Failed);
        }
        assert_eq!(reason(&io::Error::other("no number at all")), Reason::Failed);
    }

    #[test]
    fn a_processor_that_is_switched_off_is_offline() {
        let of = |errno: Errno| reason_of_switchable(&io::Error::from(errno));
        assert_eq!(of(Errno::BUSY), Reason::Offline);
        assert_eq!(of(Errno::NODEV), Reason::Offline);
        assert_eq!(of(Errno::ACCESS), Reason::Denied);
    }
}
