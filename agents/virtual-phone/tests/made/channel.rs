//! What a channel read in a session.

use edgesoak_protocol::journal::{Entry, Frame, Header};

/// All values of a channel.
pub fn values(header: &Header, entries: &[Entry], name: &str) -> Vec<f64> {
    let spec = header.channels.iter().find(|spec| spec.name == name).expect(name);
    let of_group: Vec<_> =
        header.channels.iter().filter(|other| other.group == spec.group && other.missing.is_none()).collect();
    let place = of_group.iter().position(|other| other.name == name).expect("it is sampled");
    let ticks = entries.iter().filter_map(|entry| match &entry.frame {
        Frame::Tick { group, values } if *group == spec.group => values.get(place),
        _ => None,
    });
    ticks.filter_map(|raw| spec.value(raw.0).ok()).collect()
}
