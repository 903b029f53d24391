//! Readings that programs print, in a session.

use edgesoak_protocol::journal::{FinishReason, Frame, Phase};
use edgesoak_protocol::{ChannelSpec, Quantity, Reason};

use crate::device::{Device, is_alive, wait_until};

/// The channels of the group that this channel belongs to, in the order of its ticks.
fn group_of<'a>(channels: &'a [ChannelSpec], name: &str) -> (u8, Vec<&'a ChannelSpec>) {
    let group = channels.iter().find(|spec| spec.name == name).expect("the channel is there").group;
    let of_group = |spec: &&ChannelSpec| spec.group == group && spec.missing.is_none();
    (group, channels.iter().filter(of_group).collect())
}

#[test]
fn what_a_command_printed_stands_right_before_its_tick() {
    let device = Device::phone();
    device.run(&Device::job("raw", &[]));
    let (header, entries, _) = device.journal("raw");
    let (group, channels) = group_of(&header.channels, "battery/level");
    let period = header.groups.iter().find(|known| known.id == group).expect("in the header").period_ns;
    assert_eq!(period, 10_000_000_000);
    let raws: Vec<usize> = (0..entries.len())
        .filter(|index| matches!(&entries[*index].frame, Frame::Raw { source, .. } if source == "dumpsys battery"))
        .collect();
    assert_eq!(raws.len(), 1, "it is read at once, and then not for a while");
    let Frame::Raw { kind, text, bytes, took_ns, .. } = &entries[raws[0]].frame else {
        panic!("a raw frame")
    };
    assert_eq!(kind, "battery");
    assert!(text.contains("voltage: 3990") && *bytes > 100 && *took_ns > 0, "{text}");
    let Frame::Tick { group: read, values } = &entries[raws[0] + 1].frame else { panic!("its tick") };
    assert_eq!((*read, values.len()), (group, channels.len()));
    let at = channels.iter().position(|spec| spec.name == "battery/level").expect("it is one of them");
    assert_eq!(channels[at].value(values[at].0), Ok(81.0));
}

#[test]
fn a_limit_holds_for_what_a_command_prints() {
    let device = Device::phone();
    let mut job = Device::job("low", &[]);
    job.phases.soak_ms = 60_000;
    job.stop_at.battery_percent = Some(85.0);
    let (_, reason, detail) = device.run(&job);
    assert_eq!(reason, FinishReason::BatteryLimit);
    assert!(detail.starts_with("battery/level reads 81 %"), "{detail}");
}

#[test]
fn a_recorded_folder_answers_as_its_device_did() {
    let mut device = Device::new();
    device.system = device.outside().join("system");
    std::fs::create_dir_all(device.system.join("commands")).expect("made");
    std::fs::write(device.system.join("commands/vcgencmd_measure_temp.txt"), "temp=51.5'C\n")
        .expect("written");
    let mut job = Device::job("recorded", &[]);
    job.stop_at.temperature_celsius = Some(50.0);
    let (frames, reason, detail) = device.run(&job);
    assert_eq!(reason, FinishReason::TemperatureLimit, "{detail}");
    assert!(frames.iter().any(|frame| matches!(frame, Frame::Raw { text, .. } if text == "temp=51.5'C\n")));
}

#[test]
fn a_command_that_hangs_holds_nothing_up() {
    let device = Device::phone();
    // Probing asks each command once; from then on this one hangs.
    let mut job = Device::job("hangs", &[]);
    job.phases.soak_ms = 60_000;
    device.start(&job);
    device.wait_for("hangs", |frame| matches!(frame, Frame::Raw { .. }).then_some(()));
    device.say("hang.battery", "");
    device.wait_for("hangs", |frame| {
        matches!(frame, Frame::PromptSubmitted { phase: Phase::Soaking, .. }).then_some(())
    });
    let hanging: u32 = wait_until(|| device.says("hanging")?.parse().ok());
    assert!(device.output(&["stop", "--session", "run/hangs"]).status.success());
    let (frames, reason, _) = device.finish("hangs");
    assert_eq!(reason, FinishReason::Stopped);
    let restored = device.output(&["restore"]);
    assert!(
        restored.status.success(),
        "a finished session is outwaited, whatever its process still waits for"
    );
    let is_stuck = |frame: &Frame| matches!(frame, Frame::Note { code, .. } if code == "command-stuck");
    let failed = |frame: &Frame| matches!(frame, Frame::Tick { values, .. } if values.iter().any(|raw| raw.0 == Err(Reason::Failed)));
    assert!(frames.iter().any(is_stuck) || frames.iter().any(failed), "it is told");
    wait_until(|| (!is_alive(hanging)).then_some(()));
}

#[test]
fn ticks_of_commands_keep_to_their_own_groups() {
    let device = Device::phone();
    device.run(&Device::job("groups", &[]));
    let (header, entries, _) = device.journal("groups");
    for (index, group) in header.groups.iter().enumerate() {
        assert_eq!(usize::from(group.id), index);
    }
    for entry in &entries {
        if let Frame::Tick { group, values } = &entry.frame {
            let present = |spec: &&ChannelSpec| spec.group == *group && spec.missing.is_none();
            assert_eq!(values.len(), header.channels.iter().filter(present).count());
        }
    }
    assert!(header.channels.iter().any(|spec| spec.quantity == Quantity::ChargeStatus));
}
