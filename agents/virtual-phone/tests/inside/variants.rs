//! Phones that are hard to cope with.

use crate::phone::Place;

#[test]
fn nothing_runs_on_a_noexec_phone() {
    let Some(place) = Place::new() else { return };
    let said = place
        .run(&["--phone", "noexec"], "cp /system/bin/adbd /data/local/tmp/a && /data/local/tmp/a --help");
    assert_eq!(said.status.code(), Some(126));
    assert!(String::from_utf8_lossy(&said.stderr).contains("Permission denied"), "{said:?}");
}

#[test]
fn a_tiny_storage_is_soon_full_and_is_told_so() {
    let Some(place) = Place::new() else { return };
    let said = place.says(
        &["--phone", "tiny-storage"],
        "stat -f -c '%a %S' /data/local/tmp | { read blocks size; echo $((blocks * size >> 20)); }; \
         head -c 20000000 /dev/zero > /data/local/tmp/big || echo full; stat -c %s /data/local/tmp/big",
    );
    assert_eq!(said, "16\nfull\n16777216");
}

#[test]
fn a_strict_policy_hides_sensors_from_files_only() {
    let Some(place) = Place::new() else { return };
    let said = place.says(
        &["--phone", "selinux-denied"],
        "cd /sys/class; cat thermal/thermal_zone0/type; cat thermal/thermal_zone0/temp 2>&1; \
         cat power_supply/battery/capacity 2>&1; dumpsys thermalservice | grep -c mValue; dumpsys battery | grep level",
    );
    let lines: Vec<&str> = said.lines().collect();
    let [kind, temperature, capacity, values, level] = lines[..] else { panic!("{said}") };
    assert_eq!((kind, level), ("BIG", "  level: 80"));
    assert!(temperature.ends_with("Permission denied") && capacity.ends_with("Permission denied"), "{said}");
    assert!(values.parse::<u32>().expect("a number") > 3, "{values}");
}

#[test]
fn what_makes_no_phone_is_refused_before_anything_is_made() {
    let Some(place) = Place::new() else { return };
    for options in
        [&["--profile", "pi-board"][..], &["--phone", "odd"], &["--fault", "no-such"], &["--link", "cut"]]
    {
        let said = place.run(options, "echo it lives");
        assert_eq!((said.status.code(), said.stdout.len()), (Some(2), 0), "{options:?}: {said:?}");
    }
}
