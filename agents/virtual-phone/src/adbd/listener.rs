//! Where hosts connect, for as long as the device is served.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::AsFd;
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{Shutdown, listen as listen_on, shutdown};

use super::connection;
use super::device::Device;
use super::link::Order;
use super::orphans::Orphans;

/// Hosts at the same time.
const MAX_CONNECTIONS: usize = 8;
/// Hosts that may wait for their turn.
const BACKLOG: i32 = 128;
/// How long somebody else may sit on the port after a restart.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often the port is tried then.
const RETRY: Duration = Duration::from_millis(50);

/// Serves a device until its link is stopped.
///
/// Nothing is left when this returns but what left the session of its shell.
///
/// # Errors
/// The listener fails, or the port is taken by somebody else while the device restarts.
pub fn serve(listener: TcpListener, device: &Device) -> io::Result<()> {
    let orphans = Orphans::default();
    let served = thread::scope(|scope| {
        let served = listen(listener, device, &orphans, scope);
        device.link.stop();
        served
    });
    orphans.reap();
    served
}

fn listen<'s>(
    listener: TcpListener,
    device: &'s Device,
    orphans: &'s Orphans,
    scope: &'s Scope<'s, '_>,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    let (mut listener, mut is_open) = (listener, true);
    loop {
        device.link.listener().calm();
        orphans.reap();
        match device.link.order() {
            Order::Stop => return Ok(()),
            Order::Down(end) => {
                if is_open {
                    // Nobody can connect any more, and nobody else can have the port.
                    shutdown(&listener, Shutdown::Read)?;
                    is_open = false;
                }
                wait(None, device, end.saturating_duration_since(Instant::now()))?;
            }
            Order::Listen(time) => {
                if !is_open {
                    listener = reopen(listener, address)?;
                    is_open = true;
                }
                wait(Some(&listener), device, time)?;
                accept(&listener, device, orphans, scope)?;
            }
        }
    }
}

fn wait(listener: Option<&TcpListener>, device: &Device, time: Duration) -> io::Result<()> {
    let mut waited = vec![PollFd::new(device.link.listener(), PollFlags::IN)];
    waited.extend(listener.map(|listener| PollFd::from_borrowed_fd(listener.as_fd(), PollFlags::IN)));
    let time = Timespec::try_from(time).map_err(io::Error::other)?;
    match poll(&mut waited, Some(&time)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
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

/// Listens again, by the same socket where that kept its port: a new one would be in the network of this process, which
/// need not be the one in which hosts are.
fn reopen(listener: TcpListener, address: SocketAddr) -> io::Result<TcpListener> {
    listen_on(&listener, BACKLOG)?;
    if listener.local_addr()? == address {
        return Ok(listener);
    }
    drop(listener);
    let end = Instant::now() + PATIENCE;
    loop {
        match TcpListener::bind(address) {
            Ok(listener) => {
                listener.set_nonblocking(true)?;
                return Ok(listener);
            }
            Err(error) if Instant::now() >= end => return Err(error),
            Err(_) => thread::sleep(RETRY),
        }
    }
}
