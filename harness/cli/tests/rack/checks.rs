//! What must hold on real hardware.

use std::io::{Write as _, stderr};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::device::{Device, Ended, Rack};

/// What a device must have for a check to mean something.
pub enum Needs {
    /// Any device.
    Nothing,
    /// adb, beside the product.
    Adb,
    /// A hook that takes it off its charger.
    Hook,
    /// A person who stands before the rack.
    Hands,
}

/// One row of the checklist.
pub struct Check {
    /// Its name in the list of trials.
    pub name: &'static str,
    /// What it needs.
    pub needs: Needs,
    /// Says why the device fails it.
    pub run: fn(&Rack, &Device) -> Result<(), String>,
}

/// The checklist.
pub const CHECKS: &[Check] = &[
    Check { name: "probe-answers", needs: Needs::Nothing, run: probe_answers },
    Check { name: "push-is-verified", needs: Needs::Nothing, run: push_is_verified },
    Check { name: "soaks-a-minute", needs: Needs::Nothing, run: soaks_a_minute },
    Check { name: "settings-are-as-before", needs: Needs::Adb, run: settings_are_as_before },
    Check { name: "charger-goes-off-and-on", needs: Needs::Hook, run: charger_goes_off_and_on },
    Check { name: "lost-link-costs-nothing", needs: Needs::Adb, run: lost_link_costs_nothing },
    Check { name: "pulled-cable-costs-nothing", needs: Needs::Hands, run: pulled_cable_costs_nothing },
    Check { name: "reboot-is-never-a-pass", needs: Needs::Adb, run: reboot_is_never_a_pass },
];

fn probe_answers(rack: &Rack, device: &Device) -> Result<(), String> {
    let row = rack.listed(device)?;
    ensure(row["state"] == "ready", || format!("{}: {}", row["state"], row["what_to_do"]))?;
    let channels = row["probe"]["channels"].as_array().ok_or("the probe lists no channels")?;
    let readable = |quantity: &str| {
        channels.iter().any(|channel| channel["quantity"] == quantity && channel["missing"].is_null())
    };
    ensure(readable("cpu-time") || readable("system-memory"), || {
        format!("nothing is readable: {channels:?}")
    })?;
    ensure(device.phone.is_none() || readable("temperature"), || "no temperature is readable".to_owned())
}

fn push_is_verified(rack: &Rack, device: &Device) -> Result<(), String> {
    passes(rack.soaked(device)?, &["artifact"])
}

fn soaks_a_minute(rack: &Rack, device: &Device) -> Result<(), String> {
    let verdict = rack.soaked(device)?;
    passes(verdict, &["placement", "runtime_alive", "journal", "data_coverage", "clocks"])?;
    let burst = gate(verdict, "burst_tps")?;
    ensure(burst["measured"].as_f64().is_some_and(|rate| rate > 0.0), || format!("no rate: {burst}"))
}

fn settings_are_as_before(rack: &Rack, device: &Device) -> Result<(), String> {
    let phone = device.phone()?;
    let _turn = device.take_turn();
    let before = phone.settings()?;
    let ended = rack.start(device)?.wait()?;
    phone.wait_until_answers(true, Duration::from_mins(1))?;
    let after = phone.settings()?;
    ensure(before == after, || format!("before {before:?}\nafter {after:?}\n{}", ended.said))?;
    let left = phone.left_running()?;
    ensure(left.is_empty(), || format!("left running: {left:?}"))
}

fn charger_goes_off_and_on(rack: &Rack, device: &Device) -> Result<(), String> {
    let phone = device.phone()?;
    let _turn = device.take_turn();
    ensure(phone.is_powered() == Some(true), || "plug it in before this check".to_owned())?;
    let mut run = rack.start(device)?;
    run.wait_for_soak()?;
    let during = phone.is_powered();
    let ended = run.wait()?;
    ensure(during != Some(true), || format!("on its charger during the soak\n{}", ended.said))?;
    let back = Instant::now();
    while phone.is_powered() != Some(true) {
        ensure(back.elapsed() < Duration::from_mins(1), || "its charger did not come back".to_owned())?;
        thread::sleep(Duration::from_secs(1));
    }
    whole(&ended)
}

fn lost_link_costs_nothing(rack: &Rack, device: &Device) -> Result<(), String> {
    let phone = device.phone()?;
    let _turn = device.take_turn();
    let mut run = rack.start(device)?;
    run.wait_for_soak()?;
    for _ in 0..3 {
        thread::sleep(Duration::from_secs(8));
        phone.adb(&["reconnect"])?;
    }
    whole(&run.wait()?)
}

fn pulled_cable_costs_nothing(rack: &Rack, device: &Device) -> Result<(), String> {
    let phone = device.phone()?;
    let _turn = device.take_turn();
    let mut run = rack.start(device)?;
    run.wait_for_soak()?;
    ask(&format!("unplug {} now", device.id));
    phone.wait_until_answers(false, Duration::from_mins(2))?;
    thread::sleep(Duration::from_secs(20));
    ask(&format!("plug {} in again, another port will do", device.id));
    phone.wait_until_answers(true, Duration::from_mins(5))?;
    whole(&run.wait()?)
}

fn reboot_is_never_a_pass(rack: &Rack, device: &Device) -> Result<(), String> {
    let phone = device.phone()?;
    let _turn = device.take_turn();
    let mut run = rack.start(device)?;
    run.wait_for_soak()?;
    thread::sleep(Duration::from_secs(15));
    phone.adb(&["reboot"])?;
    let ended = run.wait()?;
    phone.wait_until_booted()?;
    ensure(ended.exit != Some(0), || format!("a run whose device restarted passed\n{}", ended.said))?;
    ensure(ended.exit != Some(2), || format!("no run at all\n{}", ended.said))?;
    ensure(ended.journal_bytes > 1000, || format!("what was measured is lost\n{}", ended.said))?;
    let left = phone.left_running()?;
    ensure(left.is_empty(), || format!("left running: {left:?}"))
}

/// The run ended with a verdict on a whole journal.
fn whole(ended: &Ended) -> Result<(), String> {
    let verdict = ended.verdict.as_ref().ok_or_else(|| format!("no verdict\n{}", ended.said))?;
    passes(verdict, &["journal", "runtime_alive", "data_coverage"])
}

fn gate<'a>(verdict: &'a Value, name: &str) -> Result<&'a Value, String> {
    let gates = verdict["sessions"][0]["gates"].as_array().ok_or("no session was judged")?;
    gates.iter().find(|gate| gate["gate"] == name).ok_or_else(|| format!("{name} was not judged"))
}

fn passes(verdict: &Value, names: &[&str]) -> Result<(), String> {
    names.iter().try_for_each(|name| {
        let gate = gate(verdict, name)?;
        ensure(gate["outcome"] == "pass", || format!("{name}: {} {}", gate["outcome"], gate["sentence"]))
    })
}

fn ensure(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}

/// Tells the person before the rack, around what the test runner keeps back.
fn ask(words: &str) {
    let _ = writeln!(stderr(), "\n>>> {words}");
}
