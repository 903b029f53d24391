//! What a device's shell answered.

use edgesoak_protocol::probe::{Tenancy, Tenant};
use serde::Deserialize;

use super::{Glance, Identity, Told};

const MAX_CHARS: usize = 120;
/// Temperatures that a battery can have, °C.
const CELSIUS: std::ops::RangeInclusive<f64> = -40.0..=120.0;

/// Who holds the lease of a device, as its agent writes it.
#[derive(Deserialize)]
struct Holder {
    session: String,
}

/// Reads answers; what is not there is missing with a reason.
pub(super) fn read(text: &str) -> Glance {
    let part = |name: &'static str| Part::of(text, name);
    let battery = part("battery");
    Glance {
        identity: identity(&part("properties")),
        battery_percent: percent(&battery),
        battery_celsius: celsius(&battery),
        thermal_status: thermal_status(&part("thermalservice")),
        free_bytes: free(&part("storage")),
        is_locked: part("trust").value("deviceLocked=", |flag| match flag {
            "0" => Some(false),
            "1" => Some(true),
            _ => None,
        }),
        is_awake: part("power").value("mWakefulness=", |word| Some(word != "Asleep" && word != "Dozing")),
        session: session(&part("lease")),
        tenancy: tenancy(&part("tenant")),
    }
}

/// What somebody set by hand is no word of the device about its heat.
fn thermal_status(part: &Part<'_>) -> Told<u8> {
    let status = part.value("Thermal Status:", |status| status.parse().ok())?;
    if part.lines.contains(&"IsStatusOverride: true") {
        return Err(format!("status {status} was set by hand; `cmd thermalservice reset` takes it off"));
    }
    Ok(status)
}

/// The lines of one answer.
struct Part<'a> {
    name: &'a str,
    lines: Vec<&'a str>,
}

impl<'a> Part<'a> {
    fn of(text: &'a str, name: &'a str) -> Self {
        let lines = text.lines().skip_while(|line| line.strip_prefix('@') != Some(name)).skip(1);
        Self { name, lines: lines.take_while(|line| !line.starts_with('@')).map(str::trim).collect() }
    }

    /// The word behind a key, if it makes sense.
    fn value<T>(&self, key: &str, read: impl Fn(&str) -> Option<T>) -> Told<T> {
        let found = self.lines.iter().find_map(|line| line.split_once(key));
        let Some((_, rest)) = found else { return Err(self.why(key)) };
        let word = rest.trim_start().split([' ', ',']).next().unwrap_or_default();
        read(word).ok_or_else(|| format!("`{}` makes no sense", brief(&format!("{key}{rest}"))))
    }

    /// Why a key is not there: the device's own complaint, if there is one.
    fn why(&self, key: &str) -> String {
        let complaint = self.lines.iter().find(|line| line.contains("an't ") || line.contains("ermission"));
        match complaint {
            Some(line) => brief(line),
            None => format!("`{}` does not tell `{}`", self.name, key.trim_end_matches([':', '='])),
        }
    }
}

fn identity(properties: &Part<'_>) -> Identity {
    let told = |name: &str| {
        let value = properties.lines.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))?;
        Some(brief(value)).filter(|value| !value.is_empty() && value != "unknown")
    };
    Identity {
        maker: told("ro.product.manufacturer"),
        model: told("ro.product.model"),
        soc: told("ro.soc.model").or_else(|| told("ro.board.platform")),
        release: told("ro.build.version.release"),
        serial: told("ro.serialno"),
        is_simulated: ["ro.boot.qemu", "ro.kernel.qemu"]
            .iter()
            .any(|name| told(name).as_deref() == Some("1")),
    }
}

fn percent(battery: &Part<'_>) -> Told<f64> {
    let number =
        |key| battery.value(key, |word| word.parse::<f64>().ok().filter(|number| number.is_finite()));
    let (level, scale) = (number("level:")?, number("scale:").unwrap_or(100.0));
    let percent = level / scale * 100.0;
    if (0.0..=100.0).contains(&percent) {
        Ok(percent)
    } else {
        Err(format!("{level} of {scale} makes no sense"))
    }
}

fn celsius(battery: &Part<'_>) -> Told<f64> {
    // Tenths of a degree.
    let celsius = battery.value("temperature:", |word| word.parse::<i32>().ok())?;
    let celsius = f64::from(celsius) / 10.0;
    if CELSIUS.contains(&celsius) { Ok(celsius) } else { Err(format!("{celsius} °C makes no sense")) }
}

fn free(storage: &Part<'_>) -> Told<u64> {
    let line = storage.lines.first().copied().unwrap_or_default();
    let mut words = line.split_whitespace().map(str::parse::<u64>);
    match (words.next(), words.next(), words.next()) {
        (Some(Ok(blocks)), Some(Ok(size)), None) => Ok(blocks.saturating_mul(size)),
        _ if line.is_empty() => Err("`stat` says nothing".to_owned()),
        _ => Err(brief(line)),
    }
}

fn session(lease: &Part<'_>) -> Option<String> {
    let line = lease.lines.first()?;
    let holder = serde_json::from_str::<Holder>(line).map(|holder| brief(&holder.session));
    // A lease that cannot be read is held all the same.
    Some(holder.unwrap_or_else(|_| "an unknown session".to_owned()))
}

/// An agent that does not know the question gives no answer.
fn tenancy(told: &Part<'_>) -> Option<Tenancy> {
    let Tenancy { tenant, left_ms } = serde_json::from_str(told.lines.first()?).ok()?;
    let tenant = tenant.map(|Tenant { host, run }| Tenant { host: brief(&host), run: brief(&run) });
    Some(Tenancy { tenant, left_ms })
}

/// One line without control characters, cut.
fn brief(text: &str) -> String {
    let printable = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_CHARS);
    printable.collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests;
