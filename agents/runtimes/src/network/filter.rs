//! Which system calls of a runtime are put before the agent: a program of the kernel's filter machine.
//!
//! It reads numbers of calls and their arguments in registers, never memory. Whatever could reach beyond the device
//! is asked about; everything else goes its way without a stop.

use libc::{c_long, sock_filter};

/// How the kernel calls this processor's own system calls; `None` where nobody has looked yet.
pub(super) const ARCHITECTURE: Option<u32> = if cfg!(target_arch = "x86_64") {
    Some(0xc000_003e)
} else if cfg!(target_arch = "aarch64") {
    Some(0xc000_00b7)
} else if cfg!(target_arch = "arm") {
    Some(0x4000_0028)
} else {
    None
};

/// From here on, numbers of an `x86_64` mean its third set of system calls, which nobody needs.
const FOREIGN_FROM: u32 = 0x4000_0000;

/// Calls that are always asked about: where they lead stands in memory, or in what a descriptor is.
const ASKED: [c_long; 7] = [
    libc::SYS_connect,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    libc::SYS_listen,
    libc::SYS_setns,
    libc::SYS_pidfd_getfd,
    libc::SYS_io_uring_setup,
];

/// Places in what the filter is given.
const NUMBER: u32 = 0;
const ARCH: u32 = 4;
const ARGUMENTS: u32 = 16;
/// All processors here put the low half first.
const HIGH_HALF: u32 = 4;
/// Place of the address among the arguments of `sendto`.
const ADDRESS: u32 = 4;

/// The program. It answers "ask" or "let go", and nothing else.
pub(super) fn program(architecture: u32) -> Vec<sock_filter> {
    let mut program = vec![load(ARCH), equal(architecture, 1, 0), ask(), load(NUMBER)];
    if cfg!(target_arch = "x86_64") {
        program.extend([at_least(FOREIGN_FROM, 0, 1), ask()]);
    }
    for call in ASKED {
        program.extend([equal(number(call), 0, 1), ask()]);
    }
    // Sockets within the device are the only ones that need no look.
    for call in [libc::SYS_socket, libc::SYS_socketpair] {
        let within = libc::AF_UNIX.unsigned_abs();
        program.extend([equal(number(call), 0, 4), load(ARGUMENTS), equal(within, 0, 1), go_on(), ask()]);
    }
    // Without an address it goes where an earlier call led.
    let address = ARGUMENTS + 8 * ADDRESS;
    program.extend([equal(number(libc::SYS_sendto), 0, 6), load(address), equal(0, 0, 3)]);
    program.extend([load(address + HIGH_HALF), equal(0, 0, 1), go_on(), ask()]);
    program.push(go_on());
    program
}

/// Numbers of system calls are small and positive.
fn number(call: c_long) -> u32 {
    u32::try_from(call).unwrap_or(u32::MAX)
}

fn load(place: u32) -> sock_filter {
    instruction(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, place, 0, 0)
}

fn equal(value: u32, skip_if: u8, skip_else: u8) -> sock_filter {
    instruction(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, value, skip_if, skip_else)
}

fn at_least(value: u32, skip_if: u8, skip_else: u8) -> sock_filter {
    instruction(libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K, value, skip_if, skip_else)
}

fn ask() -> sock_filter {
    instruction(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_USER_NOTIF, 0, 0)
}

fn go_on() -> sock_filter {
    instruction(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ALLOW, 0, 0)
}

fn instruction(code: u32, k: u32, jt: u8, jf: u8) -> sock_filter {
    sock_filter { code: u16::try_from(code).unwrap_or(u16::MAX), jt, jf, k }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OWN: u32 = 0xc000_003e;

    /// What the kernel's machine makes of one call.
    fn run(arch: u32, number: u32, arguments: [u64; 6]) -> u32 {
        let mut data = [number.to_le_bytes(), arch.to_le_bytes(), [0; 4], [0; 4]].concat();
        data.extend(arguments.iter().flat_map(|argument| argument.to_le_bytes()));
        let program = program(OWN);
        let (mut at, mut held) = (0, 0);
        loop {
            let step = program[at];
            at += 1;
            match u32::from(step.code) {
                0x20 => {
                    let place = step.k as usize;
                    held = u32::from_le_bytes(data[place..place + 4].try_into().expect("four bytes"));
                }
                0x15 => at += usize::from(if held == step.k { step.jt } else { step.jf }),
                0x35 => at += usize::from(if held >= step.k { step.jt } else { step.jf }),
                0x06 => return step.k,
                code => panic!("no instruction of ours: {code:#x}"),
            }
        }
    }

    fn is_asked(call: c_long, arguments: [u64; 6]) -> bool {
        run(OWN, number(call), arguments) == libc::SECCOMP_RET_USER_NOTIF
    }

    #[test]
    fn what_may_lead_beyond_the_device_is_asked_about() {
        for call in ASKED {
            assert!(is_asked(call, [0; 6]), "{call}");
        }
        for family in [libc::AF_INET, libc::AF_INET6, libc::AF_PACKET, libc::AF_NETLINK, libc::AF_VSOCK, 99] {
            assert!(
                is_asked(libc::SYS_socket, [u64::from(family.unsigned_abs()), 0, 0, 0, 0, 0]),
                "{family}"
            );
        }
        assert!(is_asked(libc::SYS_sendto, [3, 9, 9, 0, 0x1000, 16]));
        assert!(is_asked(libc::SYS_sendto, [3, 9, 9, 0, 0x7fff_0000_0000, 16]), "the high half counts too");
    }

    #[test]
    fn what_stays_on_the_device_is_not() {
        // The upper half of an int is nothing to the kernel.
        for within in [1, 1 | 7 << 32] {
            assert!(!is_asked(libc::SYS_socket, [within, 1, 0, 0, 0, 0]));
            assert!(!is_asked(libc::SYS_socketpair, [within, 1, 0, 0, 0, 0]));
        }
        assert!(!is_asked(libc::SYS_sendto, [3, 9, 9, 0, 0, 0]), "connected before");
        for call in [libc::SYS_read, libc::SYS_write, libc::SYS_openat, libc::SYS_execve, libc::SYS_futex] {
            assert!(!is_asked(call, [2; 6]), "{call}");
        }
    }

    #[test]
    fn calls_of_another_kind_of_processor_are_asked_about() {
        assert_eq!(run(0x4000_0003, 1, [0; 6]), libc::SECCOMP_RET_USER_NOTIF);
        if cfg!(target_arch = "x86_64") {
            assert_eq!(run(OWN, FOREIGN_FROM | 1, [0; 6]), libc::SECCOMP_RET_USER_NOTIF);
        }
    }

    proptest! {
        #[test]
        fn it_answers_every_call(arch: u32, number: u32, arguments: [u64; 6]) {
            let answer = run(arch, number, arguments);
            prop_assert!([libc::SECCOMP_RET_USER_NOTIF, libc::SECCOMP_RET_ALLOW].contains(&answer));
            prop_assert!(arch == OWN || answer == libc::SECCOMP_RET_USER_NOTIF);
        }
    }
}
