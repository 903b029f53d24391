use edgesoak_protocol::reading::Reason;
use edgesoak_protocol::units::Nanos;
use edgesoak_record::session::{JournalEnding, JournalFacts};

use super::packet::{Said, Trace};
use super::wire::read::{Value, fields};

fn journal() -> JournalFacts {
    JournalFacts {
        boot_id: String::new(),
        agent: String::new(),
        is_virtual: true,
        mono: Nanos(1_000),
        boottime: Nanos(5_000),
        wall: Nanos(1_700_000_000_000_000_000),
        last: Nanos(9_000),
        ending: JournalEnding::Open,
        group_period: Vec::new(),
    }
}

/// The field with this number; it is there once.
fn field<'b>(fields: &[(u32, Value<'b>)], number: u32) -> Value<'b> {
    let mut found = fields.iter().filter(|(field, _)| *field == number).map(|(_, value)| value.clone());
    let value = found.next().unwrap_or_else(|| panic!("no field {number} in {fields:?}"));
    assert_eq!(found.next(), None, "field {number} stands twice");
    value
}

#[test]
fn packets_carry_what_they_should_at_the_time_they_should() {
    let mut bytes = Vec::new();
    let mut trace = Trace::begin(&mut bytes, &journal()).expect("memory");
    let device = trace.process("phone (virtual)", &["run s01"]).expect("memory");
    let heat = trace.counter_track(device, "thermal/soc", "°C").expect("memory");
    let prompts = trace.track(device, "prompts").expect("memory");
    trace.value(heat, Nanos(2_000), 41.5).expect("memory");
    trace
        .slice(prompts, "p1", (Nanos(3_000), Nanos(4_000)), &[("prompt_tokens", Said::Number(7))])
        .expect("memory");
    trace.instant(prompts, Reason::Denied.word(), Nanos(5_000)).expect("memory");
    let packets: Vec<_> = fields(&bytes)
        .into_iter()
        .map(|(number, packet)| {
            assert_eq!(number, 1);
            packet.fields()
        })
        .collect();
    assert_eq!(packets.len(), 8);
    let snapshot = field(&packets[0], 6).fields();
    assert_eq!(field(&snapshot, 2).number(), 3, "the monotonic clock counts");
    let clocks: Vec<(u64, u64)> = snapshot
        .iter()
        .filter(|(number, _)| *number == 1)
        .map(|(_, clock)| (field(&clock.fields(), 1).number(), field(&clock.fields(), 2).number()))
        .collect();
    assert_eq!(clocks, [(3, 1_000), (6, 5_000), (1, 1_700_000_000_000_000_000)]);
    let tracks: Vec<_> = packets[1..4].iter().map(|packet| field(packet, 60).fields()).collect();
    let process = field(&tracks[0], 3).fields();
    assert_eq!((field(&process, 6).text(), field(&process, 8).text()), ("phone (virtual)", "run s01"));
    assert_eq!(field(&field(&tracks[1], 8).fields(), 6).text(), "°C");
    let parent = field(&tracks[0], 1);
    assert!(tracks[1..].iter().all(|track| field(track, 5) == parent));
    let events: Vec<_> = packets[4..]
        .iter()
        .map(|packet| {
            assert_eq!((field(packet, 58).number(), field(packet, 10).number()), (3, 1));
            (field(packet, 8).number(), field(packet, 11).fields())
        })
        .collect();
    let kinds: Vec<(u64, u64)> = events.iter().map(|(at, event)| (*at, field(event, 9).number())).collect();
    assert_eq!(kinds, [(2_000, 4), (3_000, 1), (4_000, 2), (5_000, 3)]);
    assert_eq!(field(&events[0].1, 11), field(&tracks[1], 1));
    assert!((field(&events[0].1, 44).double() - 41.5).abs() < f64::EPSILON);
    let said = field(&events[1].1, 4).fields();
    assert_eq!((field(&said, 10).text(), field(&said, 3).number()), ("prompt_tokens", 7));
    assert_eq!(field(&events[3].1, 23).text(), "denied");
}
