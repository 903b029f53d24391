//! What is found in recorded folders of many families of devices, and that a live device gives the same.

mod recorded;

use std::fmt::Write;

use edgesoak_protocol::{Quantity, RawReading, Reason};
use edgesoak_sensors::{Bank, CommandSource, FAST, RawOutput, Root, SLOW};
use proptest::prelude::*;
use recorded::{DEVICES, Folder};

/// Rows that every machine has and that say nothing of this one.
const EVERYWHERE: [&str; 7] = ["load/", "cpu/", "runtime/", "memory/", "network/", "cpufreq/", "pressure/"];

/// Channel table, facts and commands as text, without what differs from run to run.
fn table(root: &Root) -> String {
    let mut bank = Bank::open(root);
    let probed = bank.probed();
    let mut text = String::new();
    for (spec, channel) in bank.specs().iter().zip(&probed) {
        if EVERYWHERE.iter().any(|start| spec.name.starts_with(start)) {
            continue;
        }
        let reading = match (channel.value, channel.missing) {
            (Some(value), None) => format!("{value:.4} {}", channel.unit.symbol()),
            (None, Some(reason)) if spec.missing.is_some() => format!("- {reason}"),
            (None, Some(reason)) => format!("now {reason}"),
            other => panic!("neither a value nor a reason: {other:?}"),
        };
        let (word, raw) = (channel.quantity.word(), &channel.raw);
        writeln!(
            text,
            "{:<34} {word:<15} {reading:<22} group {} <- {raw:?} {}",
            spec.name, spec.group, spec.source
        )
        .expect("a string grows");
    }
    for (name, value) in bank.facts() {
        writeln!(text, "fact {name} = {value}").expect("a string grows");
    }
    for command in bank.probed_commands() {
        let missing = command.missing.map_or("answers", Reason::word);
        writeln!(text, "command {} every {} ms: {missing}", command.command, command.period_ms)
            .expect("a string grows");
    }
    text
}

/// Values by channel name.
type Values = Vec<(String, Result<f64, Reason>)>;

fn source(bank: &mut Bank, line: &str) -> CommandSource {
    bank.take_commands().into_iter().find(|source| source.line() == line).expect("it gives channels")
}

/// The values of one read by channel name.
fn read(bank: &Bank, source: &mut CommandSource) -> (Values, Option<RawOutput>) {
    let mut out = vec![RawReading(Ok(77))];
    let output = source.read(&mut out);
    let mut specs: Vec<_> = bank.specs().iter().collect();
    specs.retain(|spec| spec.group == source.group() && spec.missing.is_none());
    assert_eq!(specs.len(), out.len());
    let values = specs.iter().zip(&out).map(|(spec, raw)| (spec.name.clone(), spec.value(raw.0)));
    (values.collect(), output)
}

fn of(values: &[(String, Result<f64, Reason>)], name: &str) -> Result<f64, Reason> {
    values.iter().find(|(found, _)| found == name).expect("the channel is in the group").1
}

#[test]
fn every_folder_has_its_table() {
    for device in DEVICES {
        insta::assert_snapshot!(format!("recorded__{device}"), table(&Folder::of(device).root()));
    }
}

#[test]
fn a_live_device_gives_what_its_folder_gives() {
    for device in DEVICES {
        let folder = Folder::of(device);
        let [mut recorded, mut live] = [folder.root(), folder.live()].map(|root| Bank::open(&root));
        assert_eq!(recorded.specs(), live.specs(), "{device}");
        assert_eq!(recorded.facts(), live.facts(), "{device}");
        assert_eq!(recorded.probed(), live.probed(), "{device}");
        let commands = [&recorded, &live].map(|bank| {
            let commands = bank.probed_commands().iter();
            commands.map(|command| (command.command.clone(), command.missing)).collect::<Vec<_>>()
        });
        assert_eq!(commands[0], commands[1], "{device}");
        let groups = [&recorded, &live].map(|bank| bank.groups(100, 1000, 10_000));
        assert_eq!(groups[0], groups[1], "{device}");
        let sources = [recorded.take_commands(), live.take_commands()];
        assert_eq!(sources[0].len(), sources[1].len(), "{device}");
        let [from_folder, from_device] = sources;
        for (mut folder, mut device) in from_folder.into_iter().zip(from_device) {
            let ((expected, kept), (found, printed)) =
                (read(&recorded, &mut folder), read(&live, &mut device));
            assert_eq!(expected, found, "{device:?}");
            let without_time = |output: Option<RawOutput>| output.map(|output| (output.source, output.text));
            assert_eq!(without_time(kept), without_time(printed), "{device:?}");
        }
    }
}

/// The file of a command's answer.
fn answer_file(line: &str) -> String {
    format!("commands/{}.txt", line.replace(' ', "_").replace('/', "+"))
}

/// What a journal keeps of each answer says all that was read from it. An answer that says nothing by itself is kept
/// with the words that tell what it is, which stand before it a second time when it is read again here.
fn assert_kept_text_reads_the_same(folder: &Folder) -> usize {
    let mut bank = Bank::open(&folder.root());
    let sources = bank.take_commands();
    let count = sources.len();
    for mut source in sources {
        let (values, output) = read(&bank, &mut source);
        let output = output.expect("it printed");
        if output.source.starts_with("getprop ") {
            assert_eq!(output.text, "sys.siop.level=2\n");
            continue;
        }
        folder.put(&answer_file(&output.source), &output.text);
        let (again, kept) = read(&bank, &mut source);
        assert_eq!(values, again, "{source:?}");
        assert_eq!(kept.expect("it printed").text, output.text, "{source:?}");
    }
    count
}

#[test]
fn a_journal_can_be_read_again() {
    let sources: usize =
        DEVICES.iter().map(|device| assert_kept_text_reads_the_same(&Folder::of(device))).sum();
    assert!(sources > 30, "{sources}");
}

#[test]
fn published_answers_become_channels() {
    let captures = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/captures");
    if !std::path::Path::new(captures).is_dir() {
        println!("skipped: the published captures are not beside this repository");
        return;
    }
    let (thermal, battery) = ("commands/dumpsys_thermalservice.txt", "commands/dumpsys_battery.txt");
    for (capture, file, channel, value) in [
        ("samsung-a15-sma155m-android16/thermalservice.aidl3.txt", thermal, "thermal/override", 0.0),
        ("samsung-a52-5g-android12/thermalservice.hal20.txt", thermal, "thermal/override", 0.0),
        ("pixel-sdm670-class/thermalservice.android10-hal20.txt", thermal, "thermal/override", 0.0),
        ("samsung-android9-sdhms/thermalservice.hal-sdhms.txt", thermal, "thermal/override", 0.0),
        ("samsung-a15-sma155m-android16/dumpsys-battery.trimmed.txt", battery, "battery/override", 0.0),
        ("samsung-s23-sms9110-android16/dumpsys-battery.trimmed.txt", battery, "battery/status", 2.0),
        ("pixel-generic/dumpsys-battery.android10.txt", battery, "battery/override", 0.0),
        (
            "raspberry-pi5/vcgencmd-pmic_read_adc.idle.txt",
            "commands/vcgencmd_pmic_read_adc.txt",
            "voltage/ext5v",
            5.1,
        ),
    ] {
        let folder = Folder::empty();
        let text = std::fs::read_to_string(format!("{captures}/{capture}")).expect("a capture");
        folder.put(file, &text);
        let probed = Bank::open(&folder.root()).probed();
        let found = probed.iter().find(|found| found.name == channel && found.value.is_some());
        let found = found.unwrap_or_else(|| panic!("{capture} has no {channel}: {probed:#?}"));
        assert!((found.value.expect("a value") - value).abs() < 0.1, "{capture}: {found:?}");
        assert!(assert_kept_text_reads_the_same(&folder) > 0, "{capture}");
    }
}

#[test]
fn temperatures_are_believed_in_their_order() {
    for (device, source) in [
        ("pixel", "thermalservice"),
        ("pixel_without_service", "ithermal"),
        ("not_ready", "sysfs"),
        ("mtk_tablet", "hardware-properties"),
        ("battery_hal", "hardware-properties"),
        ("old_handset", "battery-temperature-only"),
        ("raspberry_pi_5", "sysfs"),
        ("raspberry_pi_3", "vcgencmd"),
        ("faked", "none"),
        ("linux", "sysfs"),
    ] {
        let facts = Bank::open(&Folder::of(device).root()).facts();
        assert_eq!(facts.get("thermal_source").map(String::as_str), Some(source), "{device}");
    }
}

#[test]
fn commands_have_groups_of_their_own_and_their_own_pace() {
    let folder = Folder::of("pixel");
    let mut bank = Bank::open(&folder.root());
    let groups = bank.groups(100, 1000, 30_000);
    assert_eq!(
        [groups[usize::from(FAST)].period_ns, groups[usize::from(SLOW)].period_ns],
        [100_000_000, 1_000_000_000]
    );
    let sources = bank.take_commands();
    assert_eq!(sources.len() + 2, groups.len());
    for (place, group) in groups.iter().enumerate() {
        assert_eq!(usize::from(group.id), place);
    }
    for source in &sources {
        let period = groups[usize::from(source.group())].period_ns;
        assert_eq!(source.period(30_000).as_nanos(), u128::from(period), "{source:?}");
        assert_eq!(source.period(1).as_secs(), 10, "{source:?}");
    }
    assert!(bank.take_commands().is_empty());
    let mut board = Bank::open(&Folder::of("raspberry_pi_5").root());
    assert!(board.take_commands().iter().all(|source| source.period(10_000).as_secs() == 2));
}

#[test]
fn what_a_dump_costs_the_services_is_told_where_it_can_be_seen() {
    let folder = Folder::of("samsung");
    folder.put("proc/1234/comm", "system_server\n");
    folder.put("proc/1234/task/1234/schedstat", "5000000 1 1\n");
    let costs = |root: &Root| {
        let bank = Bank::open(root);
        let dumps = bank.probed_commands().iter().filter(|command| command.command.starts_with("dumpsys"));
        dumps.map(|command| command.service_cpu_us).collect::<Vec<_>>()
    };
    assert!(costs(&folder.root()).iter().all(Option::is_none));
    let live = costs(&folder.live());
    assert!(!live.is_empty() && live.iter().all(|cost| *cost == Some(0)), "{live:?}");
}

#[test]
fn a_battery_that_somebody_fakes_is_told_in_the_tick() {
    let folder = Folder::of("samsung");
    let mut bank = Bank::open(&folder.root());
    let mut battery = source(&mut bank, "dumpsys battery");
    let (values, _) = read(&bank, &mut battery);
    assert_eq!(of(&values, "battery/override"), Ok(0.0));
    assert!(of(&values, "battery/voltage").is_ok());
    folder.put("commands/dumpsys_battery.txt", include_str!("outputs/battery/faked.txt"));
    let (values, output) = read(&bank, &mut battery);
    assert_eq!(of(&values, "battery/override"), Ok(1.0));
    assert_eq!(of(&values, "battery/voltage"), Err(Reason::Stale));
    assert!(output.expect("it printed").text.contains("UPDATES STOPPED"));
}

#[test]
fn a_small_current_is_not_taken_for_the_other_unit() {
    let folder = Folder::of("samsung");
    let answer = |current: &str| {
        let text = format!(
            "Current Battery Service state:\n  status: 3\n  level: 50\n  scale: 100\n  current now: {current}\n"
        );
        folder.put("commands/dumpsys_battery.txt", &text);
    };
    answer("-362500");
    let mut bank = Bank::open(&folder.root());
    let mut battery = source(&mut bank, "dumpsys battery");
    for (printed, amperes) in [
        ("-362500", Ok(-0.3625)),
        // 4.2 mA from a charger that feeds the rest: 4.2 A would look right.
        ("-4200", Err(Reason::Implausible)),
        ("0", Ok(0.0)),
        ("-500000", Ok(-0.5)),
    ] {
        answer(printed);
        assert_eq!(of(&read(&bank, &mut battery).0, "battery/current"), amperes, "{printed}");
    }
    // Where the first answers were small, the first large one tells.
    answer("-500");
    let mut bank = Bank::open(&folder.root());
    let mut battery = source(&mut bank, "dumpsys battery");
    for (printed, amperes) in
        [("-500", Ok(-0.5)), ("-362500", Ok(-0.3625)), ("-500", Err(Reason::Implausible))]
    {
        answer(printed);
        assert_eq!(of(&read(&bank, &mut battery).0, "battery/current"), amperes, "{printed}");
    }
}

#[test]
fn an_overridden_thermal_status_is_told_in_the_tick() {
    let folder = Folder::of("samsung");
    let mut bank = Bank::open(&folder.root());
    let mut service = source(&mut bank, "dumpsys thermalservice");
    let (values, _) = read(&bank, &mut service);
    assert_eq!((of(&values, "thermal/override"), of(&values, "thermal/status")), (Ok(0.0), Ok(1.0)));
    folder
        .put("commands/dumpsys_thermalservice.txt", include_str!("outputs/thermalservice/box_not_ready.txt"));
    let (values, _) = read(&bank, &mut service);
    assert_eq!((of(&values, "thermal/override"), of(&values, "thermal/status")), (Ok(1.0), Ok(3.0)));
    assert_eq!(of(&values, "temperature/ap"), Err(Reason::Absent), "the cached one is not taken");
}

#[test]
fn sensors_that_vanish_and_appear_keep_the_table() {
    let folder = Folder::of("samsung");
    let mut bank = Bank::open(&folder.root());
    let mut service = source(&mut bank, "dumpsys thermalservice");
    let (before, output) = read(&bank, &mut service);
    assert_eq!(output.expect("it printed").appeared, [""; 0]);
    let text = "HAL Ready: true\nCurrent temperatures from HAL:\n\
        \tTemperature{mValue=51.5, mType=9, mName=NPU, mStatus=0}\n\
        \tTemperature{mValue=33.5, mType=12, mName=MODEM, mStatus=0}\n\
        \tTemperature{mValue=34.7, mType=0, mName=AP, mStatus=0}\n";
    folder.put("commands/dumpsys_thermalservice.txt", text);
    let (values, output) = read(&bank, &mut service);
    assert_eq!(values.len(), before.len());
    assert_eq!((of(&values, "temperature/npu"), of(&values, "temperature/ap")), (Ok(51.5), Ok(34.7)));
    assert_eq!(of(&values, "temperature/skin"), Err(Reason::Absent));
    assert_eq!(output.expect("it printed").appeared, ["temperature/modem"]);
    let (_, output) = read(&bank, &mut service);
    assert_eq!(output.expect("it printed").appeared, [""; 0], "it was told once");
}

#[test]
fn a_service_that_dies_once_is_asked_again() {
    let folder = Folder::of("samsung");
    folder.put("deaths/dumpsys_thermalservice.txt", "");
    let mut bank = Bank::open(&folder.live());
    let mut service = source(&mut bank, "dumpsys thermalservice");
    folder.put("deaths/dumpsys_thermalservice.txt", "");
    let (values, output) = read(&bank, &mut service);
    assert_eq!((of(&values, "temperature/ap"), output), (Err(Reason::Failed), None));
    let (values, _) = read(&bank, &mut service);
    assert_eq!(of(&values, "temperature/ap"), Ok(34.7));
}

#[test]
fn a_command_that_fails_gives_its_reason_to_all() {
    let folder = Folder::of("samsung");
    let mut bank = Bank::open(&folder.root());
    let mut battery = source(&mut bank, "dumpsys battery");
    let all = |values: Values, reason| {
        assert!(!values.is_empty());
        for (name, value) in values {
            assert_eq!(value, Err(reason), "{name}");
        }
    };
    folder.put("commands/dumpsys_battery.txt", "Permission Denial: can't dump from pid=1, uid=2000\n");
    let (values, output) = read(&bank, &mut battery);
    all(values, Reason::Denied);
    assert!(output.expect("it printed").text.starts_with("Permission Denial"));
    folder.put("commands/dumpsys_battery.txt", &"x".repeat(3 << 20));
    let (values, output) = read(&bank, &mut battery);
    all(values, Reason::Parse);
    assert_eq!(output.expect("it printed").text, "");
    folder.remove("commands/dumpsys_battery.txt");
    let (values, output) = read(&bank, &mut battery);
    all(values, Reason::CommandMissing);
    assert_eq!(output, None);
}

#[test]
fn nothing_that_identifies_a_unit_is_told() {
    for device in ["pixel", "samsung", "zebra"] {
        let folder = Folder::of(device);
        let mut told = table(&folder.root());
        for mut source in Bank::open(&folder.root()).take_commands() {
            let output = source.read(&mut Vec::new()).expect("it printed");
            assert!(output.text.len() <= 16 * 1024 && output.bytes > 0);
            told.push_str(&output.text);
        }
        for secret in ["Z9912345", "R5XQ0000EXA", "192.0.2.1", "Example Mobile", "Somebody", "FirstUseDate"] {
            assert!(!told.contains(secret), "{device}: {secret}");
        }
    }
}

#[test]
fn the_pack_of_now_is_told_and_not_one_of_before() {
    let facts = Bank::open(&Folder::of("zebra").root()).facts();
    let of = |name: &str| facts.get(name).map(String::as_str);
    assert_eq!((of("battery_health_percent"), of("battery_decommission")), (Some("79"), Some("1")));
    let facts = Bank::open(&Folder::of("honeywell").root()).facts();
    assert_eq!(facts.get("battery_swapping").map(String::as_str), Some("true"));
}

/// A lab records what the agent asks for, word for word: an answer under another name would never be found.
#[test]
fn the_recorder_asks_what_the_agent_asks() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/record_on_device.sh");
    let script = std::fs::read_to_string(script).expect("the recorder");
    let folder = Folder::empty();
    for program in ["dumpsys", "lshal", "vcgencmd", "tegrastats"] {
        folder.put(&format!("commands/{program}_x.txt"), "");
    }
    let bank = Bank::open(&folder.root());
    let asked = bank.probed_commands().iter().map(|command| command.command.as_str());
    let once = ["getprop", "getprop sys.siop.level", "getenforce", "id", "dumpsys activity broadcasts"];
    let mut words = 0;
    for word in asked.chain(once).flat_map(str::split_ascii_whitespace) {
        assert!(script.contains(word), "{word}");
        words += 1;
    }
    assert!(words > 25, "{words}");
}

#[test]
fn energy_of_rails_and_of_the_power_chip_has_its_unit() {
    let probed = Bank::open(&Folder::of("pixel").root()).probed();
    let rail = probed.iter().find(|channel| channel.name == "rail/vsys_pwr_modem").expect("a rail");
    assert_eq!((rail.quantity, rail.value), (Quantity::Energy, Some(41.2209)));
    let probed = Bank::open(&Folder::of("raspberry_pi_5").root()).probed();
    let power = probed.iter().find(|channel| channel.name == "power/pmic").expect("the power chip");
    assert!((power.value.expect("a value") - 4.62).abs() < 1e-9, "{power:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever an answer turns into, each channel has one reading, and a temperature is one that can be true.
    #[test]
    fn damaged_answers_give_plausible_values_or_reasons(
        device in prop::sample::select(vec!["pixel_without_service", "samsung", "xiaomi", "raspberry_pi_5"]),
        damage in prop::collection::vec((0_usize..4000, any::<u8>()), 0..40),
        end in 0_usize..6000,
    ) {
        let folder = Folder::of(device);
        let mut bank = Bank::open(&folder.root());
        let units: Vec<_> = bank.specs().iter().map(|spec| (spec.name.clone(), spec.quantity)).collect();
        for mut source in bank.take_commands() {
            let output = source.read(&mut Vec::new()).expect("it printed");
            let mut bytes = output.text.into_bytes();
            for (place, byte) in &damage {
                if let Some(at) = bytes.get_mut(*place) {
                    *at = *byte;
                }
            }
            bytes.truncate(end);
            folder.put(&answer_file(&output.source), &String::from_utf8_lossy(&bytes));
            let (values, _) = read(&bank, &mut source);
            for (name, value) in values {
                let (_, quantity) = units.iter().find(|(found, _)| *found == name).expect("it has a row");
                if let (Ok(value), Quantity::Temperature) = (value, quantity) {
                    prop_assert!((-20.0..=130.0).contains(&value), "{name}: {value}");
                }
                prop_assert!(value.is_ok_and(f64::is_finite) || value.is_err(), "{name}");
            }
        }
    }
}
