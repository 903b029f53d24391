//! Pure parsers: the bytes of a file in, integers or reasons out. Nothing here touches a file, and no input
//! makes any of it panic.

pub(crate) mod charge;
pub(crate) mod cpu_times;
pub(crate) mod cpuinfo;
pub(crate) mod gpu;
pub(crate) mod integer;
pub(crate) mod keyed;
pub(crate) mod load;
pub(crate) mod network;
pub(crate) mod pressure;
pub(crate) mod process;
pub(crate) mod rails;
pub(crate) mod supply;
pub(crate) mod temperature;
pub(crate) mod time_in_state;
pub(crate) mod zone_unit;

use edgesoak_protocol::Reading;

/// Gives every channel its number, or all of them the reason why there is none.
fn spread<const N: usize>(numbers: Reading<[i64; N]>, out: &mut [Reading<i64>]) {
    match numbers {
        Ok(numbers) => out.iter_mut().zip(numbers).for_each(|(slot, number)| *slot = Ok(number)),
        Err(reason) => out.fill(Err(reason)),
    }
}

#[cfg(test)]
mod tests;
