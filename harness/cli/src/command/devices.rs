//! `edgesoak devices`: the devices of the matrix, their state, and what to do about it.

use std::fmt::Write as _;

use edgesoak_controller::probe_device;
use edgesoak_matrix::DeviceEntry;
use serde_json::{Value, json};

use crate::args::{Format, Shared};
use crate::command::{plan, print_json, probe};
use crate::failure::{Failure, INFRASTRUCTURE};
use crate::places::Places;
use crate::terminal::{printable, say};

/// One device as it is shown.
struct Row {
    entry: DeviceEntry,
    state: &'static str,
    advice: String,
    facts: Value,
}

/// Lists the devices; infrastructure when none is usable.
pub fn list(shared: &Shared) -> Result<u8, Failure> {
    let matrix = plan::matrix(shared)?;
    let places = Places::find()?;
    let runtime = super::host_threads()?;
    let rows: Vec<Row> = matrix.devices().iter().map(|entry| runtime.block_on(ask(entry, &places))).collect();
    match shared.format {
        Format::Json => print_json(&rows.iter().map(document).collect::<Vec<_>>())?,
        Format::Human => say(&rows.iter().map(lines).collect::<String>())?,
    }
    Ok(if rows.iter().any(|row| row.state == "ready") { 0 } else { INFRASTRUCTURE })
}

async fn ask(entry: &DeviceEntry, places: &Places) -> Row {
    let row = |state, advice: String, facts| Row { entry: entry.clone(), state, advice, facts };
    if let Some(why) = &entry.unusable {
        return row("not-built-in", why.clone(), Value::Null);
    }
    match probe_device(&probe::request(entry, places, 0)).await {
        Ok(probe) => {
            let facts = serde_json::to_value(&probe).unwrap_or(Value::Null);
            row("ready", format!("edgesoak run --devices {}", entry.id), facts)
        }
        Err(error) => {
            let failure = Failure::infrastructure("").because(&error);
            let hint = error.hint().unwrap_or_else(|| "run `edgesoak doctor`".to_owned());
            row("unreachable", format!("{}; {hint}", failure.causes().join(": ")), Value::Null)
        }
    }
}

fn document(row: &Row) -> Value {
    json!({
        "device": row.entry.id,
        "family": row.entry.family,
        "driver": row.entry.driver,
        "virtual": row.entry.is_virtual,
        "state": row.state,
        "what_to_do": row.advice,
        "probe": row.facts,
    })
}

fn lines(row: &Row) -> String {
    let mark = if row.entry.is_virtual { " (virtual)" } else { "" };
    let mut text = format!(
        "{}{mark} | {} | {} | {}\n  what to do: {}\n",
        row.entry.id, row.entry.family, row.entry.driver, row.state, row.advice
    );
    if let Some(cpu) = row.facts["cpu"].as_str() {
        let system = row.facts["os"].as_str().unwrap_or("unknown system");
        let _ = writeln!(text, "  {cpu}, {} cores, {system}", row.facts["cores"]);
    }
    // Channels of the runtime have nothing to follow until one runs.
    let channels: Vec<&Value> = row.facts["channels"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|channel| !channel["name"].as_str().unwrap_or_default().starts_with("runtime/"))
        .collect();
    let readable = channels.iter().filter(|channel| channel["missing"].is_null()).count();
    if !channels.is_empty() {
        let _ = writeln!(text, "  {readable} channels readable, {} not:", channels.len() - readable);
    }
    for channel in channels.iter().filter(|channel| !channel["missing"].is_null()) {
        let word = |key: &str| channel[key].as_str().unwrap_or_default();
        let _ = writeln!(text, "    {}: {} ({})", word("name"), word("missing"), word("source"));
    }
    printable(&text)
}
