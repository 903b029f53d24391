//! What the outputs of the system say: exits, kills, traffic, sockets, identity.

mod listing;

use edgesoak_protocol::Reason;
use edgesoak_sensors::capture::{Capture, Fact, Kind};
use listing::{assert_values, listing, parse, published};
use proptest::prelude::*;

/// One snapshot for each capture of our own, and all of them by kind.
macro_rules! families {
    ($($test:ident: $kind:literal / $file:literal;)*) => {
        $(#[test]
        fn $test() {
            let text = include_str!(concat!("outputs/", $kind, "/", $file, ".txt"));
            insta::assert_snapshot!(listing($kind, text));
        })*

        const OWN: &[(&str, &str)] =
            &[$(($kind, include_str!(concat!("outputs/", $kind, "/", $file, ".txt"))),)*];
    };
}

families! {
    exits_of_one_package: "exit-info" / "android14-one-package";
    exits_without_subreasons: "exit-info" / "android11-no-subreason";
    exits_of_every_package: "exit-info" / "android15-every-package";
    exits_none: "exit-info" / "no-exits";
    exits_denied: "exit-info" / "denied";
    kills_threadtime: "lmkd" / "android14-threadtime";
    kills_brief: "lmkd" / "android10-brief";
    kills_events: "lmkd" / "android13-events";
    kills_dmesg: "lmkd" / "linux-dmesg";
    kills_none: "lmkd" / "quiet";
    kills_denied: "lmkd" / "denied";
    traffic_with_duplicates: "netstats" / "android13-duplicates";
    traffic_other_order: "netstats" / "android16-other-order";
    traffic_without_map: "netstats" / "android12-no-map";
    traffic_status_only: "netstats" / "status-only";
    traffic_no_service: "netstats" / "no-service";
    sockets_of_a_phone: "proc-net" / "phone-all";
    interfaces_of_a_board: "proc-net" / "board-dev";
    sockets_torn: "proc-net" / "torn-row";
    sockets_denied: "proc-net" / "denied";
    identity_of_a_phone: "getprop" / "phone-getprop";
    identity_of_a_scanner: "getprop" / "scanner-lines";
    identity_of_an_emulator: "getprop" / "emulator";
    identity_of_something_else: "getprop" / "not-android";
}

fn own(kind: &'static str) -> impl Iterator<Item = &'static str> {
    OWN.iter().filter(move |(own, _)| *own == kind).map(|(_, text)| *text)
}

fn value(capture: &Capture, channel: &str) -> Result<f64, Reason> {
    let reading = capture.readings().iter().find(|reading| reading.channel == channel);
    reading.unwrap_or_else(|| panic!("{channel} is not there")).value
}

fn word<'a>(capture: &'a Capture, fact: &str) -> Option<&'a str> {
    match capture.facts().get(fact) {
        Some(Fact::Word(word)) => Some(word),
        _ => None,
    }
}

#[test]
fn nothing_that_an_app_was_doing_is_kept() {
    for text in own("exit-info") {
        let listing = listing("exit-info", text);
        for words in ["prompt", "stop com", "timed out", "rss=9GB", "procexitstore"] {
            assert!(!listing.contains(words), "{words}: {listing}");
        }
    }
    for text in own("proc-net") {
        let listing = listing("proc-net", text);
        for address in ["01A8C0", "C2F4", "01BB", "0100007F:"] {
            assert!(!listing.contains(address), "{address}: {listing}");
        }
    }
}

#[test]
fn serial_numbers_and_names_stay_on_the_device() {
    for text in own("getprop") {
        let listing = listing("getprop", text);
        for private in ["R5XQ0000EXA", "210045201", "example-net", "Somebody", "Example Mobile", "192.0.2.1"]
        {
            assert!(!listing.contains(private), "{private}: {listing}");
        }
    }
}

#[test]
fn the_second_line_of_a_description_is_not_a_field() {
    let mut texts = own("exit-info").filter(|text| text.contains("and a second line of it"));
    let capture = parse("exit-info", texts.next().expect("such a capture"));
    assert_eq!(value(&capture, "exit/0/reason"), Ok(6.0));
    assert_eq!(value(&capture, "exit/0/status"), Ok(0.0));
    assert_eq!(value(&capture, "exits/crash"), Ok(0.0));
}

#[test]
fn an_app_cannot_log_the_death_of_another() {
    let mut texts = own("lmkd").filter(|text| text.contains("forged"));
    let text = texts.next().expect("such a capture");
    assert!(!listing("lmkd", text).contains("forged"));
    assert_eq!(value(&parse("lmkd", text), "kills/lmkd"), Ok(2.0));
}

#[test]
fn a_missing_row_is_zero_only_behind_a_printed_map() {
    for text in own("netstats") {
        let capture = parse("netstats", text);
        let printed = capture.facts()["map_printed"] == Fact::Flag(true);
        let none = capture.readings().iter().any(|reading| reading.channel == "network/uid/any");
        assert_eq!(printed, !none, "{text}");
    }
}

#[test]
fn many_records_are_counted_and_few_are_kept() {
    let record = "ApplicationExitInfo #0:\n timestamp=2026-01-01 00:00:00.000 pid=1 packageUid=2\n \
        process=a reason=3 (LOW_MEMORY) status=0\n importance=1 pss=1MB rss=1MB description=x\n";
    let capture = parse("exit-info", &record.repeat(3000));
    assert_eq!(value(&capture, "exits/low-memory"), Ok(3000.0));
    assert_eq!(capture.facts()["truncated"], Fact::Flag(true));
    assert!(capture.readings().len() < 400);

    let rows: Vec<String> = (0..3000).map(|user| format!("{user} 1 1 1 1\n")).collect();
    let text = format!("mAppUidStatsMap:\nuid rxBytes rxPackets txBytes txPackets\n{}", rows.concat());
    let capture = parse("netstats", &text);
    assert_eq!(capture.readings().len(), 4096);
    assert_eq!(capture.facts()["truncated"], Fact::Flag(true));

    let rows: Vec<String> = (1..3000)
        .map(|row| format!("{row}: 00000000:0016 00000000:0000 0A 0:0 0:0 0 {row} 0 {row} 1\n"))
        .collect();
    let capture = parse("proc-net", &format!("  sl  local_address rem_address st\n{}", rows.concat()));
    assert_eq!(value(&capture, "sockets/tcp"), Ok(2999.0));
    assert_eq!(capture.facts()["truncated"], Fact::Flag(true));
}

#[test]
fn published_exits() {
    let Some(text) = published("android-exit-info/dumpsys-activity-exit-info.api34.txt") else { return };
    let expected = "USER REQUESTED=10 state;FORCE STOP=21 state;status=0 state;importance=100 state;\
        pss=sentinel KiB;rss=sentinel KiB;ApplicationExitInfo=1 count;LOW_MEMORY=0 count;FREEZER=0 count";
    assert_values("exit-info", &text, expected);
    let capture = parse("exit-info", &text);
    assert_eq!(capture.facts()["uid"], Fact::Number(10_197));
    assert_eq!(capture.facts()["exit/0/pid"], Fact::Number(8_297));
    assert_eq!(word(&capture, "exit/0/time"), Some("2026-10-08 22:49:31.375"));
    assert_eq!(word(&capture, "package"), Some("com.example.otel_zone_example"));
}

#[test]
fn published_kills() {
    let Some(text) = published("android-lmk/logcat-lmkd-lines.txt") else { return };
    let expected = "oom_score_adj=0 state;rss=4445960 KiB;anon rss=3990164 KiB;swap=2413008 KiB;\
        dmabuf_pss=0 KiB;dmabuf_rss=0 KiB;am_low_memory=20 count;oom_score_adj=100 state;rss=266188 KiB;\
        swap=0 KiB;lowmemorykiller=2 count;killinfo=0 count;am_kill=0 count;kernel=0 count;Zygote=1 count;\
        am_low_memory=1 count";
    assert_values("lmkd", &text, expected);
    let capture = parse("lmkd", &text);
    assert_eq!(capture.facts()["kill/0/uid"], Fact::Number(1_010_174));
    assert_eq!(capture.facts()["kill/0/pid"], Fact::Number(17_757));
    assert_eq!(capture.facts()["kill/1/uid"], Fact::Number(10_144));
    assert_eq!(word(&capture, "kill/0/process"), Some("com.example.llmapp"));
    assert_eq!(word(&capture, "kill/1/cause"), Some("min watermark is breached even after kill"));
    assert_eq!(word(&capture, "kill/1/time"), Some("09-07 01:55:44.794"));
    assert!(!capture.facts().contains_key("uid"), "two users were hit");
}

#[test]
fn published_traffic() {
    let Some(text) = published("samsung-a15-sma155m-android16/netstats-bpf-maps.tail.txt") else { return };
    let capture = parse("netstats", &text);
    assert_eq!(capture.facts()["rows"], Fact::Number(9));
    assert_eq!(capture.facts()["map_printed"], Fact::Flag(true));
    assert_eq!(word(&capture, "map_status"), Some("OK"));
    assert_eq!(capture.readings().len(), 36);
    for (channel, expected) in [
        ("network/uid/10316/rx-bytes", 39_711.0),
        ("network/uid/10236/rx-bytes", 245_367_873.0),
        ("network/uid/5009/tx-bytes", 535_088_618.0),
        ("network/uid/5009/tx-packets", 371_414.0),
        ("network/uid/10079/rx-packets", 0.0),
        ("network/uid/0/tx-packets", 1_012.0),
        ("network/uid/10104/tx-bytes", 121_350.0),
    ] {
        assert_eq!(value(&capture, channel), Ok(expected), "{channel}");
    }
}

#[test]
fn published_sockets_and_interfaces() {
    let Some(text) = published("local-debian12-x86_64-vm/proc-net-tcp.txt") else { return };
    let capture = parse("proc-net", &text);
    for (channel, expected) in [
        ("sockets/tcp", 3.0),
        ("sockets/tcp/listening", 1.0),
        ("sockets/tcp/outward", 0.0),
        ("sockets/tcp/inode/118649", 10.0),
        ("sockets/tcp/inode/118650", 1.0),
        ("sockets/tcp/inode/118651/uid", 0.0),
        ("sockets/uid/0", 3.0),
        ("sockets/uid/0/outward", 0.0),
    ] {
        assert_eq!(value(&capture, channel), Ok(expected), "{channel}");
    }
    assert_eq!(capture.facts()["uid"], Fact::Number(0));

    let Some(text) = published("local-debian12-x86_64-vm/proc-net-udp.txt") else { return };
    let capture = parse("proc-net", &text);
    assert_eq!(value(&capture, "sockets/udp"), Ok(0.0));
    assert_eq!(value(&capture, "sockets/udp/outward"), Ok(0.0));

    let Some(text) = published("local-debian12-x86_64-vm/proc-net-dev.txt") else { return };
    let expected = "lo=1419564266 bytes;lo=59653 count;ifb0=0 bytes;eth0=1637362694 bytes;eth0=43053 count;\
        eth0=2763671 bytes;eth0=26408 count";
    assert_values("proc-net", &text, expected);
}

#[test]
fn headings_without_interfaces_are_not_silence() {
    let capture = parse("proc-net", "Inter-|   Receive | Transmit\n face |bytes packets|bytes packets\n");
    assert_eq!(value(&capture, "network/any"), Err(Reason::Absent));
}

#[test]
fn published_identity() {
    let Some(text) = published("samsung-s23-sms9110-android16/devinfo.txt") else { return };
    let capture = parse("getprop", &text);
    for (name, expected) in [
        ("ro.product.model", "SM-S9110"),
        ("ro.product.device", "dm1q"),
        ("ro.soc.model", "SM8550"),
        ("ro.hardware.egl", "adreno"),
        ("selinux", "Enforcing"),
        ("kernel", "5.15.189-android13-8-33413713-abS9110ZHS8FZG1"),
        ("context", "u:r:shell:s0"),
        ("missing", "ro.build.fingerprint"),
    ] {
        assert_eq!(word(&capture, name), Some(expected), "{name}");
    }
    assert_eq!(capture.facts()["ro.build.version.sdk"], Fact::Number(36));
    assert_eq!(capture.facts()["uid"], Fact::Number(2_000));
    assert_eq!(value(&capture, "memory/total"), Ok(7_242_448.0));
    let refused = "file/sys/class/power_supply/battery/cycle_count";
    assert_eq!(value(&capture, refused), Err(Reason::Denied));
}

/// Lines that no parser of these kinds knows.
fn unknown_line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("vendor: extra block".to_owned()),
        Just("  mVendorState: 7 of 9".to_owned()),
        Just("[vendor.example.thing]: [9]".to_owned()),
        Just("x".repeat(5000)),
        "[a-z]{1,8}( [a-z]{1,8}){0,4}",
        "<[a-z]{1,8}>[0-9]{1,6}</[a-z]{1,8}>",
    ]
}

fn own_capture() -> impl Strategy<Value = (&'static str, &'static str)> {
    (0..OWN.len()).prop_map(|at| OWN[at])
}

proptest! {
    #[test]
    fn any_text_is_survived(text in "(\\PC|\n){0,400}") {
        for (kind, _) in OWN {
            parse(kind, &text);
        }
    }

    #[test]
    fn a_mutated_capture_is_survived(
        (kind, text) in own_capture(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        kept in any::<prop::sample::Index>(),
    ) {
        let mut bytes = text.as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        bytes.truncate(kept.index(bytes.len()) + 1);
        let capture = parse(kind, &String::from_utf8_lossy(&bytes));
        for reading in capture.readings() {
            prop_assert!(reading.value.is_ok_and(f64::is_finite) || reading.value.is_err());
            prop_assert!(reading.channel.len() <= 200 && reading.raw.len() <= 200);
        }
    }

    #[test]
    fn unknown_lines_change_nothing(
        (kind, text) in own_capture(),
        unknown in unknown_line(),
        place in any::<prop::sample::Index>(),
    ) {
        let before = parse(kind, text);
        let mut lines: Vec<&str> = text.lines().collect();
        lines.insert(place.index(lines.len() + 1), &unknown);
        prop_assert_eq!(before, parse(kind, &(lines.join("\n") + "\n")));
    }

    #[test]
    fn an_unsampled_size_is_never_a_number(digits in "0{1,3}([.,]0{0,3})?", unit in "(|K|M|G|KB|MB|GB)") {
        let text = format!(
            "ApplicationExitInfo #0:\nprocess=a reason=3 (X) status=0\nimportance=1 pss={digits}{unit} rss=1MB\n"
        );
        prop_assert_eq!(value(&parse("exit-info", &text), "exit/0/pss"), Err(Reason::Sentinel));
    }

    #[test]
    fn every_row_of_traffic_is_there(rows in prop::collection::btree_map(any::<u32>(), any::<[u32; 4]>(), 0..40)) {
        let table: Vec<String> =
            rows.iter().map(|(user, row)| format!("    {user} {} {} {} {}\n", row[0], row[1], row[2], row[3])).collect();
        let text = format!("  mAppUidStatsMap:\n    uid rxBytes rxPackets txBytes txPackets\n{}  mStatsMapA:\n", table.concat());
        let capture = parse("netstats", &text);
        prop_assert_eq!(capture.readings().len(), rows.len() * 4);
        for (user, row) in rows {
            prop_assert_eq!(value(&capture, &format!("network/uid/{user}/tx-bytes")), Ok(f64::from(row[2])));
        }
    }
}

#[test]
fn every_kind_here_is_in_the_table() {
    for (kind, _) in OWN {
        assert!(Kind::from_word(kind).is_some(), "{kind}");
    }
}
