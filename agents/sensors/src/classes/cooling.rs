//! Cooling devices: a state above zero means that something throttles.

use edgesoak_protocol::{Quantity, Unit};

use super::thermal::DIR;
use crate::bank::SLOW;
use crate::label;
use crate::listing;
use crate::table::{Channel, Table};

pub(super) fn find(table: &mut Table<'_>) {
    for name in listing::numbered(table.root, DIR, "cooling_device").names {
        let kind = table.root.word(&format!("{DIR}/{name}/type")).unwrap_or_else(|| name.clone());
        let channel = format!("cooling/{}", label::lower(&kind));
        let channel = Channel::new(channel, Quantity::CoolingState, Unit::One, 1.0);
        table.add_integer(&format!("{DIR}/{name}/cur_state"), SLOW, channel);
    }
}
