//! `/proc`: time of the processors, memory, the runtime's process.

use edgesoak_protocol::units::Bytes;

use super::work::Held;
use super::{Page, View, file};

/// Number of the socket of a runtime that calls out.
pub const CALLING: u32 = 4_711;
/// Clock ticks of a second.
const TICKS: f64 = 100.0;

pub(super) fn pages(view: &View<'_>) -> Vec<Page> {
    let work = view.work;
    let [user, system, idle] = [work.user_s, work.system_s, work.idle_s].map(ticks);
    let up_s = view.up.as_secs_f64();
    let mut pages = vec![
        file("proc/stat", format!("cpu  {user} 0 {system} {idle} 0 0 0 0 0 0\nprocs_running 1")),
        file("proc/uptime", format!("{up_s:.2} {:.2}", work.idle_s)),
        file("proc/loadavg", format!("{0:.2} {0:.2} {0:.2} 1/400 4000", work.load)),
        file("proc/meminfo", memory(view)),
        // Weights stay in memory, nothing is swapped, nobody waits, and no interface is up.
        file("proc/vmstat", "pgmajfault 0\npswpin 0\npswpout 0"),
        file("proc/net/dev", NETWORK),
        file("proc/pressure/cpu", pressure(0)),
        file("proc/pressure/memory", pressure(0)),
        file("proc/pressure/io", pressure(0)),
    ];
    if let Some(held) = work.held() {
        pages.push(file(format!("proc/{}/status", held.pid), status(held)));
        let (pid, spent) = (held.pid, ticks(work.runtime_s));
        let stat = format!("{pid} (runtime) S 1 {pid} {pid} 0 -1 0 0 0 0 0 {spent} 0 0 0 20 0 1 0 0");
        pages.push(file(format!("proc/{pid}/stat"), stat));
        pages.push(file(format!("proc/{pid}/net/tcp"), sockets(held)));
    }
    pages
}

const NETWORK: &str = "Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0";

fn memory(view: &View<'_>) -> String {
    let (total, free) = (view.work.memory, view.work.free());
    let row = |name: &str, bytes: f64| format!("{:<16}{:>10} kB", format!("{name}:"), whole(bytes / 1024.0));
    [row("MemTotal", total), row("MemFree", free / 2.0), row("MemAvailable", free), row("SwapTotal", 0.0)]
        .into_iter()
        .chain([row("SwapFree", 0.0)])
        .collect::<Vec<_>>()
        .join("\n")
}

fn status(held: Held) -> String {
    let kib = |bytes: Bytes| bytes.0 / 1024;
    format!(
        "Name:\truntime\nState:\tS (sleeping)\nPid:\t{}\nRssAnon:\t{:>8} kB\nRssFile:\t{:>8} kB\nVmSwap:\t{:>8} kB",
        held.pid,
        kib(held.anon),
        kib(held.file),
        0
    )
}

/// The kernel's table, with a connection that is not answered: to an address that is kept for documents.
fn sockets(held: Held) -> String {
    let heading =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
    let row = format!(
        "\n   0: 0F02000A:9C40 010200C0:01BB 02 00000001:00000000 01:00000064 00000003  2000        0 {CALLING} 2 0 100 0 0 10 -1"
    );
    if held.calls_out { [heading, &row].concat() } else { heading.to_owned() }
}

fn pressure(total_us: u64) -> String {
    let line = |who: &str| format!("{who} avg10=0.00 avg60=0.00 avg300=0.00 total={total_us}");
    [line("some"), line("full")].join("\n")
}

fn ticks(seconds: f64) -> u64 {
    whole(seconds * TICKS)
}

fn whole(number: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast saturates, counters rise"
    )]
    let whole = number as u64;
    whole
}
