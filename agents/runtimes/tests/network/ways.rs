//! Ways out of a device, and what only looks like one. Each is played by this program as a runtime.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::os::fd::AsRawFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::{Command, exit};
use std::time::Duration;

use libc::c_long;
use rustix::net::{
    AddressFamily, SendAncillaryBuffer, SendFlags, SocketAddrUnix, SocketType, bind, ipproto, listen,
    sendmsg_addr, socket,
};

const V4: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), 443);
const V6: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)), 443);
/// Names the runtime to its descendants.
const RUNTIME: &str = "RUNTIME";

/// What the way must see: a refusal.
fn refused<T>(result: std::io::Result<T>) {
    let _error = result.err().expect("it left the device");
}

/// A call that this library has no name for.
#[expect(unsafe_code, reason = "what a runtime does past any library")]
fn call(number: c_long, arguments: [usize; 5]) -> std::io::Result<c_long> {
    let [first, second, third, fourth, fifth] = arguments;
    // SAFETY: the callers below pass numbers, and addresses of values that outlive the call.
    match unsafe { libc::syscall(number, first, second, third, fourth, fifth) } {
        -1 => Err(std::io::Error::last_os_error()),
        answer => Ok(answer),
    }
}

/// Runs another way, as a child of this one.
fn child(way: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
    command.args(["--ignored", "--exact", &format!("ways::{way}"), "--test-threads", "1"]);
    command
}

macro_rules! ways {
    ($($(#[$attribute:meta])* fn $name:ident() $body:block)*) => {
        $($(#[$attribute])* #[test] #[ignore = "played as a runtime by the tests beside it"] fn $name() $body)*
    };
}

ways! {
    fn nothing() {}

    fn tcp() {
        refused(TcpStream::connect(V4));
    }

    fn tcp6() {
        refused(TcpStream::connect(V6));
    }

    fn udp() {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).expect("a socket of its own");
        refused(socket.send_to(b"x", V4));
    }

    fn udp6() {
        let socket = UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0)).expect("a socket of its own");
        refused(socket.send_to(b"x", V6));
    }

    fn connected_udp() {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).expect("a socket of its own");
        refused(socket.connect(V4));
        refused(socket.send(b"x"));
    }

    fn message() {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).expect("a socket of its own");
        let parts = [std::io::IoSlice::new(b"x")];
        let mut control = SendAncillaryBuffer::default();
        refused(sendmsg_addr(&socket, &V4, &parts, &mut control, SendFlags::empty()).map_err(Into::into));
    }

    fn messages() {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).expect("a socket of its own");
        let mut name = [2_u8, 0, 1, 187, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        let mut byte = [0_u8];
        let part = [byte.as_mut_ptr() as usize, 1];
        let word = size_of::<usize>();
        // The second of two messages has an address; the first goes nowhere.
        let mut heads = vec![0_usize; 2 * size_of::<libc::mmsghdr>() / word];
        let second = heads.len() / 2;
        heads[second] = name.as_mut_ptr() as usize;
        heads[second + 1] = name.len();
        heads[second + 2] = part.as_ptr() as usize;
        heads[second + 3] = 1;
        let arguments = [socket.as_raw_fd().unsigned_abs() as usize, heads.as_ptr() as usize, 2, 0, 0];
        refused(call(libc::SYS_sendmmsg, arguments));
    }

    fn names() {
        refused("a-name.example:443".to_socket_addrs());
        // Where no resolver is set up, names are asked of nobody; this is what a resolver sends.
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).expect("a socket of its own");
        refused(socket.send_to(b"x", (Ipv4Addr::new(127, 0, 0, 53), 53)));
    }

    fn raw() {
        refused(socket(AddressFamily::INET, SocketType::RAW, Some(ipproto::ICMP)).map_err(Into::into));
    }

    fn ping() {
        if let Ok(socket) = socket(AddressFamily::INET, SocketType::DGRAM, Some(ipproto::ICMP)) {
            refused(UdpSocket::from(socket).send_to(&[8, 0, 0, 0, 0, 0, 0, 0], V4));
        }
    }

    fn packets() {
        refused(socket(AddressFamily::PACKET, SocketType::RAW, None).map_err(Into::into));
    }

    fn host_of_a_guest() {
        refused(socket(AddressFamily::VSOCK, SocketType::STREAM, None).map_err(Into::into));
    }

    fn child_of_child() {
        assert!(child("child_that_calls").status().expect("a child").success());
    }

    fn child_that_calls() {
        assert!(child("tcp").status().expect("a child").success());
    }

    fn daemon() {
        child("daemon_leader").env(RUNTIME, std::process::id().to_string()).spawn().expect("a child");
        exit(0);
    }

    fn daemon_leader() {
        rustix::process::setsid().expect("a session of its own");
        child("daemon_rest").spawn().expect("a child");
        exit(0);
    }

    fn daemon_rest() {
        let runtime = std::env::var(RUNTIME).expect("it is named");
        while std::fs::read_link(format!("/proc/{runtime}/exe")).is_ok() {
            std::thread::sleep(Duration::from_millis(1));
        }
        refused(TcpStream::connect(V4));
        loop {
            std::thread::park();
        }
    }

    fn ring() {
        let params = [0_u8; 256];
        refused(call(libc::SYS_io_uring_setup, [1, params.as_ptr() as usize, 0, 0, 0]));
    }

    fn network_of_others() {
        let other = std::fs::File::open("/proc/1/ns/net").or_else(|_| std::fs::File::open("/proc/self/ns/net"));
        let number = other.expect("its own can be opened").as_raw_fd().unsigned_abs() as usize;
        refused(call(libc::SYS_setns, [number, 0, 0, 0, 0]));
    }

    fn flood() {
        for _ in 0..400 {
            refused(TcpStream::connect(V4));
        }
    }

    fn pair() {
        let (mut one, mut other) = UnixStream::pair().expect("a pair");
        std::io::Write::write_all(&mut one, b"x").expect("sent");
        std::io::Read::read_exact(&mut other, &mut [0]).expect("received");
    }

    fn own_socket_file() {
        // The folder of a runtime is where it begins.
        let listener = UnixListener::bind("own.sock").expect("bound");
        UnixStream::connect("own.sock").expect("its own");
        drop(listener);
    }

    fn foreign_socket_file() {
        let dir = tempfile::Builder::new().tempdir_in("/dev/shm").expect("a folder elsewhere");
        let path = dir.path().join("foreign.sock");
        let _listener = UnixListener::bind(&path).expect("bound");
        UnixStream::connect(&path).expect("it is there");
    }

    fn own_name() {
        let name = SocketAddrUnix::new_abstract_name(b"edgesoak-own-name").expect("a short name");
        let listener = socket(AddressFamily::UNIX, SocketType::STREAM, None).expect("a socket");
        bind(&listener, &name).expect("its own network has its own names");
        listen(&listener, 1).expect("it waits");
    }

    fn waits_elsewhere() {
        let dir = tempfile::Builder::new().tempdir_in("/dev/shm").expect("a folder elsewhere");
        UnixListener::bind(dir.path().join("waits.sock")).expect("bound");
    }

    fn waits_where_it_no_longer_is() {
        let listener = socket(AddressFamily::UNIX, SocketType::STREAM, None).expect("a socket");
        bind(&listener, &SocketAddrUnix::new("here.sock").expect("a short name")).expect("bound");
        std::fs::rename("here.sock", "there.sock").expect("moved");
        listen(&listener, 1).expect("it waits");
    }

    fn missing_socket_file() {
        refused(UnixStream::connect("/run/no-such-socket"));
    }

    fn loopback() {
        refused(TcpStream::connect((Ipv4Addr::LOCALHOST, 8080)));
        refused(TcpStream::connect((Ipv6Addr::LOCALHOST, 8080)));
    }

    fn server() {
        TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).expect("an empty network has ports too");
    }

    fn asks_the_kernel() {
        let socket = socket(AddressFamily::NETLINK, SocketType::RAW, None).expect("its own network");
        let address = [16_u8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let number = socket.as_raw_fd().unsigned_abs() as usize;
        call(libc::SYS_connect, [number, address.as_ptr() as usize, address.len(), 0, 0]).expect("connected");
    }
}

/// A call by the gate of 32-bit programs: whatever its number means there, nobody looks it up.
#[cfg(target_arch = "x86_64")]
#[test]
#[ignore = "played as a runtime by the tests beside it"]
#[expect(unsafe_code, reason = "what a runtime does past any library")]
fn gate_of_32_bits() {
    let mut answer = 20;
    // SAFETY: the call number 20 asks for the process's number, and touches no memory.
    unsafe { std::arch::asm!("int 0x80", inlateout("eax") answer) };
    assert_eq!(answer, -libc::ENOSYS, "it was done");
}
