//! Where hosts connect, for as long as the device is served.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::AsFd;
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::connection;
use super::device::Device;
use super::link::Order;
use super::orphans::Orphans;

/// Hosts at the same time.
const MAX_CONNECTIONS: usize = 8;
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
    let mut listener = Some(listener);
    loop {
        device.link.listener().calm();
        orphans.reap();
        match device.link.order() {
            Order::Stop => return Ok(()),
            Order::Down(end) => {
                drop(listener.take());
                wait(None, device, end.saturating_duration_since(Instant::now()))?;
            }
            Order::Listen(time) => {
                let open = match listener.take() {
                    Some(open) => open,
                    None => reopen(address)?,
                };
                wait(Some(&open), device, time)?;
                accept(&open, device, orphans, scope)?;
                listener = Some(open);
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

fn reopen(address: SocketAddr) -> io::Result<TcpListener> {
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
