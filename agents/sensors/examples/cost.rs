//! What reading costs: the share of a core that thirty sensors at 10 Hz take, allocations per tick, and how fast
//! captured outputs are parsed.
//!
//! `cargo run --release -p edgesoak-sensors --example cost [SECONDS]`; leave the machine alone meanwhile.

#[path = "../tests/allocations/mod.rs"]
mod allocations;
#[path = "cost/texts.rs"]
mod texts;
#[path = "../tests/thirty/mod.rs"]
mod thirty;
#[path = "../tests/tree/mod.rs"]
mod tree;

use std::hint::black_box;
use std::time::{Duration, Instant};

use edgesoak_sensors::capture::Kind;
use edgesoak_sensors::{Bank, FAST};
use rustix::time::{ClockId, clock_gettime};

#[global_allocator]
static ALLOCATOR: allocations::Counting = allocations::Counting;

/// Files of the kernel that hold one integer nearly everywhere.
const KERNEL_FILES: [&str; 3] =
    ["/sys/devices/system/cpu/kernel_max", "/sys/kernel/uevent_seqnum", "/sys/kernel/mm/ksm/run"];
const PERIOD: Duration = Duration::from_millis(100);
/// For how much processor time each kind is parsed again and again.
const SPAN: Duration = Duration::from_millis(200);
/// Rounds of a kind, of which the best counts: the others shared caches and clocks.
const ROUNDS: usize = 3;

fn main() {
    let seconds = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(30);
    ticks(Duration::from_secs(seconds));
    for (kind, name, text) in texts::all() {
        parsing(kind, name, &text);
    }
}

fn ticks(span: Duration) {
    let real = KERNEL_FILES.into_iter().find(|file| std::path::Path::new(file).is_file());
    let tree = thirty::device(real);
    let mut bank = Bank::open(&tree.root());
    let mut values = Vec::new();
    bank.read(FAST, &mut values);
    let begin = Instant::now();
    let used = processor_time();
    let mut ticks = 0_u32;
    let mut allocations = 0;
    while begin.elapsed() < span {
        allocations += allocations::during(|| bank.read(FAST, &mut values));
        ticks += 1;
        std::thread::sleep((begin + PERIOD * ticks).saturating_duration_since(Instant::now()));
    }
    let used = processor_time().saturating_sub(used);
    let share = used.as_secs_f64() / begin.elapsed().as_secs_f64() * 100.0;
    let files = real.unwrap_or("plain files");
    println!(
        "ticks: {} channels at 10 Hz for {} s ({files}): {share:.3} % of a core, {:.1} us a tick, {} allocations in {ticks} ticks",
        thirty::CHANNELS,
        span.as_secs(),
        used.as_secs_f64() * 1e6 / f64::from(ticks),
        allocations,
    );
}

/// Processor time of this process as the kernel counts it.
fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default()
}

fn parsing(kind: Kind, name: &str, text: &str) {
    let mut best = 0.0_f64;
    for _ in 0..ROUNDS {
        // Processor time, so that what else runs on the machine counts less.
        let begin = processor_time();
        let mut bytes = 0;
        let mut used = Duration::ZERO;
        while used < SPAN {
            for _ in 0..16 {
                black_box(kind.parse(black_box(text)));
                bytes += text.len();
            }
            used = processor_time().saturating_sub(begin);
        }
        best = best.max(bytes as f64 / used.as_secs_f64() / 1e6);
    }
    let readings = kind.parse(text).readings().len();
    println!("parse {name}: {best:.0} MB/s, {} bytes, {readings} readings", text.len());
}
