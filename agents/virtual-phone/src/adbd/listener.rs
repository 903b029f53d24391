//! Where hosts connect, for as long as the device is served.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::Shutdown;

use super::connection;
use super::device::Device;
use super::link::Order;
use super::orphans::Orphans;

/// Hosts at the same time.
const MAX_CONNECTIONS: usize = 8;
/// Hosts that wait for their turn.
const BACKLOG: i32 = 16;
/// How long somebody else may sit on the port after a restart.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often the port is tried then.
const RETRY: Duration = Duration::from_millis(50);

/// Serves a device until its link is stopped.
///
/// The socket may be shared with another process, which keeps the port while the device is off. Nothing is left when
/// this returns but what left the session of its shell.
///
/// # Errors
/// The listener fails, or the port is taken by somebody else while the device restarts.
#[expect(clippy::needless_pass_by_value, reason = "a served port is nobody else's")]
pub fn serve(listener: TcpListener, device: &Device) -> io::Result<()> {
    let orphans = Orphans::default();
    let served = thread::scope(|scope| {
        let served = listen(&listener, device, &orphans, scope);
        device.link.stop();
        served
    });
    orphans.reap();
    served
}

fn listen<'s>(
    listener: &TcpListener,
    device: &'s Device,
    orphans: &'s Orphans,
    scope: &'s Scope<'s, '_>,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    // Whoever shares the socket may have served a device that was switched off in the middle of a restart.
    open(listener, address)?;
    loop {
        device.link.listener().calm();
        orphans.reap();
        match device.link.order() {
            Order::Stop => return Ok(()),
            Order::Down(end) => {
                // Closing would do nothing where the socket is shared.
                rustix::net::shutdown(listener, Shutdown::Read)?;
                pause(device, end)?;
                open(listener, address)?;
            }
            Order::Listen(time) => {
                if wait(Some(listener), device, time)? {
                    accept(listener, device, orphans, scope)?;
                }
            }
        }
    }
}

/// Waits until a restart is over, whatever else happens but the end.
fn pause(device: &Device, mut end: Instant) -> io::Result<()> {
    loop {
        wait(None, device, end.saturating_duration_since(Instant::now()))?;
        device.link.listener().calm();
        match device.link.order() {
            Order::Down(longer) => end = longer,
            _ => return Ok(()),
        }
    }
}

/// Lets hosts connect, again or still. A new socket would be in the network of this process, which need not be the one
/// in which hosts are.
fn open(listener: &TcpListener, address: SocketAddr) -> io::Result<()> {
    let end = Instant::now() + PATIENCE;
    loop {
        // A port that the system chose was lost with the shutdown; any other is still bound, and says so.
        let bound = match rustix::net::bind(listener, &address) {
            Err(Errno::INVAL) => Ok(()),
            other => other,
        };
        match bound.and_then(|()| rustix::net::listen(listener, BACKLOG)) {
            Ok(()) => return Ok(()),
            Err(error) if Instant::now() >= end => return Err(error.into()),
            Err(_) => thread::sleep(RETRY),
        }
    }
}

/// Waits for the cable, or for a host: then it is true.
fn wait(listener: Option<&TcpListener>, device: &Device, time: Duration) -> io::Result<bool> {
    let mut waited = vec![PollFd::new(device.link.listener(), PollFlags::IN)];
    waited.extend(listener.map(|listener| PollFd::new(listener, PollFlags::IN)));
    let time = Timespec::try_from(time).map_err(io::Error::other)?;
    match poll(&mut waited, Some(&time)) {
        Ok(_) => Ok(waited.get(1).is_some_and(|listener| !listener.revents().is_empty())),
        Err(Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn accept<'s>(
    listener: &TcpListener,
    device: &'s Device,
    orphans: &'s Orphans,
    scope: &'s Scope<'s, '_>,
) -> io::Result<()> {
    let stream = match listener.accept() {
        Ok((stream, _)) => stream,
        // Whoever came may be gone again, and a process may be short of descriptors for a moment.
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
        Err(_) => {
            thread::sleep(RETRY);
            return Ok(());
        }
    };
    if device.link.connections() >= MAX_CONNECTIONS {
        return Ok(());
    }
    let Some(cable) = device.link.attach(&stream)? else { return Ok(()) };
    let serve = move || connection::serve(stream, cable, device, orphans);
    // Without a thread the host sees its connection closed.
    drop(thread::Builder::new().name("adb host".to_owned()).spawn_scoped(scope, serve));
    Ok(())
}
