//! `clocks`: the device's clock rose, ran as fast as the host's, and the device was not suspended.

use edgesoak_record::gate::Gate;

use crate::case::Case;
use crate::defaults::SUSPEND_S;
use crate::explain::{Explained, Setting};
use crate::figures;
use crate::measure::soak::Fault;
use crate::outcome::{Finding, quoted};

/// What `edgesoak explain` says of it.
pub const EXPLAINED: Explained = Explained {
    formula: "Times of the device rise, its clock runs as fast as the host's, and monotonic and boot time agree: it was not suspended.",
    decides: "A jump takes passes and failures away; a suspend takes passes away.",
    settings: &[Setting::new("longest_suspend", SUSPEND_S, "s")],
    source: "Offsets between host and device, measured at the begin and at the end.",
};

/// Most that two good clocks drift apart: 500 parts per million, ten times what crystals do.
const DRIFT: f64 = 500e-6;

/// Slack of a clock comparison, seconds.
const SLACK_S: f64 = 0.02;

/// Times that do not rise, or a clock that ran away from the host's.
pub fn broken(case: &Case) -> Option<String> {
    case.once.broken_clock.get_or_init(|| seen_broken(case)).clone()
}

fn seen_broken(case: &Case) -> Option<String> {
    if matches!(&case.soak, Err(Fault::NotRising)) {
        return Some(Fault::NotRising.sentence().to_owned());
    }
    if let Some(channel) = case.telemetry.all().find(|channel| !channel.samples.are_in_time_order()) {
        let name = quoted(&channel.name, 60);
        return Some(format!("The times of channel {name} do not rise"));
    }
    let offsets = &case.record.clock_offsets;
    let (first, last) =
        (offsets.iter().min_by_key(|at| at.host_mono)?, offsets.iter().max_by_key(|at| at.host_mono)?);
    let moved = (i128::from(last.offset_ns) - i128::from(first.offset_ns)).unsigned_abs() as f64 / 1e9;
    let elapsed = last.host_mono.since(first.host_mono).as_secs_f64();
    let doubt = (first.uncertainty_ns as f64 + last.uncertainty_ns as f64) / 1e9;
    // A suspended device's monotonic clock stands still: that is told as a suspend.
    let slept = last.suspended.since(first.suspended).as_secs_f64();
    (moved > elapsed * DRIFT + doubt + slept + SLACK_S).then(|| {
        let (moved, elapsed) = (figures::seconds(moved), figures::seconds(elapsed));
        format!("The device's clock moved by {moved} against the host's within {elapsed}")
    })
}

/// A device that slept cooled down meanwhile.
pub fn suspended(case: &Case) -> Option<String> {
    let journal = case.record.journal.as_ref()?;
    let begin = journal.boottime.since(journal.mono);
    let end = case.record.clock_offsets.iter().map(|offset| offset.suspended).max()?;
    let slept = end.since(begin).as_secs_f64();
    (slept > SUSPEND_S).then(|| format!("The device was suspended for {}", figures::seconds(slept)))
}

/// Judges it.
pub fn judge(case: &Case, _: Gate) -> Finding {
    let n = case.record.clock_offsets.len() as u64;
    if let Some(why) = broken(case) {
        return Finding::not_proven("clock_jump", why).observed(n);
    }
    if let Some(why) = suspended(case) {
        return Finding::not_proven("suspended", why).observed(n);
    }
    if n < 2 || case.record.journal.is_none() {
        let words =
            "The host did not compare the clocks at begin and end, so a suspend would not have been seen";
        return Finding::not_proven("no_clock_offsets", words).observed(n);
    }
    Finding::pass("The device's clock rose, kept pace with the host's, and the device was not suspended")
        .observed(n)
}
