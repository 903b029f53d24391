//! No input makes any parser panic, and every channel gets an answer.

use edgesoak_protocol::{Reading, Reason};
use proptest::prelude::*;

use super::{
    cpu_times, gpu, integer, keyed, load, network, pressure, process, rails, supply, temperature,
    time_in_state,
};
use crate::source::Parse;

const PARSERS: [(&str, Parse); 16] = [
    ("integer", integer::one),
    ("memory", keyed::memory),
    ("paging", keyed::paging),
    ("load", load::hundredths),
    ("cpu times", cpu_times::split),
    ("pressure", pressure::totals),
    ("network", network::bytes),
    ("process memory", process::memory),
    ("process usage", process::usage),
    ("pressure of the processor", pressure::of_processor),
    ("gpu clock", gpu::clock),
    ("gpu share", gpu::first_number),
    ("gpu busy", gpu::share),
    ("rails", rails::energies),
    ("uevent", supply::uevent),
    ("time in state", time_in_state::tens_of_cycles),
];

/// A reading that no parser gives by itself: whoever leaves it behind forgot a channel.
const UNTOUCHED: Reading<i64> = Err(Reason::CommandMissing);

fn feed(text: &[u8]) {
    for (name, parse) in PARSERS {
        let mut out = [UNTOUCHED; 2];
        parse(text, &mut out);
        assert!(!out.contains(&UNTOUCHED), "{name}: {out:?}");
    }
    let mut out = [UNTOUCHED];
    supply::status(text, &mut out);
    assert_ne!(out[0], UNTOUCHED);
    let scale = temperature::proposed_scale(integer::decimal(text));
    assert!([1.0, 0.1, 1e-3].contains(&scale));
}

proptest! {
    #[test]
    fn arbitrary_bytes(text in prop::collection::vec(any::<u8>(), 0..400)) {
        feed(&text);
    }

    #[test]
    fn nearly_right_texts(text in "(cpu |some |full |pgmajfault |MemFree: |RssAnon:\t|eth0: |\\(x\\) |total=|[0-9]{1,20}|[-.:| \n]){0,40}") {
        feed(text.as_bytes());
    }

    #[test]
    fn every_integer_comes_back(number: i64) {
        prop_assert_eq!(integer::decimal(format!("{number}\n").as_bytes()), Ok(number));
    }

    #[test]
    fn every_load_comes_back(hundredths in 0_i64..100_000_000) {
        let mut out = [UNTOUCHED];
        load::hundredths(format!("{}.{:02} 0.00 0.00 1/1 1\n", hundredths / 100, hundredths % 100).as_bytes(), &mut out);
        prop_assert_eq!(out[0], Ok(hundredths));
    }
}
