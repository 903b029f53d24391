//! What programs find.

use std::process::Command;

use crate::phone::{PHONE, Place};

#[test]
fn programs_are_the_shells_user_who_may_nothing() {
    let Some(place) = Place::new() else { return };
    let said =
        place.says(&[], "id -u; whoami; id; grep CapEff /proc/self/status; umask; echo ${HOME-none} $TMPDIR");
    let lines: Vec<&str> = said.lines().collect();
    let id = "uid=2000(shell) gid=2000(shell) groups=2000(shell) context=u:r:shell:s0";
    assert_eq!(lines, ["2000", "shell", id, "CapEff:\t0000000000000000", "0000", "none /data/local/tmp"]);
}

#[test]
fn only_data_can_be_written() {
    let Some(place) = Place::new() else { return };
    let tried = "for place in / /system /usr /bin /etc /sys /proc /data /dev; do touch $place/new 2>/dev/null && echo $place; done; \
                 (echo 1 > /sys/class/thermal/thermal_zone0/temp) 2>/dev/null && echo zone; \
                 (echo b > /proc/sysrq-trigger) 2>/dev/null && echo sysrq; \
                 (echo 1 > /proc/sys/vm/overcommit_memory) 2>/dev/null && echo sysctl; \
                 touch /data/local/tmp/new /sdcard/new && ls /data/local/tmp /storage/emulated/0";
    assert_eq!(place.says(&[], tried), "/data/local/tmp:\nnew\n\n/storage/emulated/0:\nnew");
    assert!(place.pushed().join("new").exists(), "it is kept");
    assert!(place.dir().join("data/media/0/new").exists(), "and so is this");
}

#[test]
fn what_is_mounted_below_a_folder_of_the_machine_cannot_be_written_either() {
    let Some(place) = Place::new() else { return };
    let mounted = "mount -t tmpfs mine /usr/share && mkdir '/usr/share/a b' && mount -t tmpfs mine '/usr/share/a b' && exec \"$@\"";
    let tried = "for place in /usr/share '/usr/share/a b'; do touch \"$place/new\" 2>/dev/null && echo $place; done; echo tried";
    let said = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", mounted, "sh", PHONE, "adbd"])
        .args(["--profile", "tensor-phone", "--run", tried, "--dir"])
        .arg(place.dir())
        .output()
        .expect("unshare can be executed");
    assert_eq!(String::from_utf8_lossy(&said.stdout), "tried\n", "{said:?}");
}

#[test]
fn what_is_pushed_can_be_executed_and_what_lies_on_the_card_cannot() {
    let Some(place) = Place::new() else { return };
    let program =
        "echo '#!/system/bin/sh\necho it runs' > $1/p; chmod 700 $1/p; $1/p 2>/dev/null || echo it does not";
    let said = place.says(&[], &format!("set -- /data/local/tmp; {program}; set -- /sdcard; {program}"));
    assert_eq!(said, "it runs\nit does not");
}

#[test]
fn a_phone_has_its_own_programs_and_those_of_toybox() {
    let Some(place) = Place::new() else { return };
    let said = place.says(
        &["--profile", "sm6115-scanner", "--seed", "7"],
        "getprop ro.product.manufacturer; getprop ro.serialno; getprop ro.product.cpu.abi; getprop sys.boot_completed; \
         dumpsys battery | grep level; getenforce; printf abc | sha256sum | cut -c 1-8; \
         command -v perl || command -v cc || echo no more",
    );
    let abi = if cfg!(target_arch = "aarch64") { "arm64-v8a" } else { std::env::consts::ARCH };
    let expected = [
        "Zebra Technologies",
        "virtual-sm6115-scanner-7",
        abi,
        "1",
        "  level: 80",
        "Enforcing",
        "ba7816bf",
        "no more",
    ];
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn settings_can_be_turned() {
    let Some(place) = Place::new() else { return };
    let said = place.says(
        &[],
        "svc wifi disable; settings get global wifi_on; \
         settings put system screen_brightness 9; settings get system screen_brightness; \
         cmd notification set_dnd none; settings get global zen_mode; \
         cmd thermalservice override-status 4; dumpsys thermalservice | grep -E '^(IsSt|Thermal St)'; \
         cmd thermalservice reset; dumpsys thermalservice | grep ^IsSt; \
         dumpsys activity oom | grep -c cch; am kill-all; dumpsys activity oom | grep -c cch; \
         cmd power set-fixed-performance-mode-enabled true; input keyevent KEYCODE_SLEEP; dumpsys power; \
         toybox printf '%s\n' toybox; am force-stop com.example; pm list packages; logcat -d; dmesg || echo denied",
    );
    let expected = [
        "0",
        "9",
        "2",
        "IsStatusOverride: true",
        "Thermal Status: 4",
        "IsStatusOverride: false",
        "3",
        "0",
        "  mWakefulness=Asleep",
        "  mFixedPerformanceModeEnabled=true",
        "toybox",
        "denied",
    ];
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn it_sees_its_own_processes_its_own_network_and_its_own_body() {
    let Some(place) = Place::new() else { return };
    let said = place.says(
        &["--ambient", "31"],
        "ls /proc | grep -c '^[0-9]*$'; ls /sys/class/net 2>/dev/null; grep -c : /proc/net/dev; cat /proc/net/route | wc -l; \
         cut -d. -f1 /proc/uptime; grep MemTotal /proc/meminfo; cat /sys/class/thermal/thermal_zone0/temp",
    );
    let lines: Vec<&str> = said.lines().collect();
    let [processes, networks, routes, up, memory, temperature] = lines[..] else { panic!("{said}") };
    assert!(processes.parse::<u32>().expect("a number") < 10, "{processes} processes");
    // Its loopback leads nowhere else.
    assert_eq!((networks, routes), ("1", "1"));
    assert!(up.parse::<u32>().expect("seconds") < 60, "{up}");
    assert_eq!(memory.split_whitespace().nth(1), Some("12582912"));
    let celsius = temperature.parse::<f64>().expect("a number") / 1e3;
    assert!((31.0..33.0).contains(&celsius), "{celsius}");
}

#[test]
fn its_loopback_is_up() {
    let Some(place) = Place::new() else { return };
    // A network that is down has no address of its own.
    assert_ne!(place.says(&[], "grep -c 127.0.0.1 /proc/net/fib_trie"), "0");
}
