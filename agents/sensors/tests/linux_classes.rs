//! Where Linux keeps which sensor: one made-up device per rule, and what its channels say.

mod tree;

use std::collections::BTreeMap;

use edgesoak_protocol::{Quantity, Reading, Reason, Unit};
use edgesoak_sensors::{Bank, FAST};
use tree::Tree;

/// A channel as probed.
struct Found {
    place: usize,
    quantity: Quantity,
    unit: Unit,
    value: Reading<f64>,
    source: String,
    fast: bool,
}

fn probed(files: &str) -> BTreeMap<String, Found> {
    let tree = Tree::from_capture(files);
    let mut bank = Bank::open(&tree.root());
    let channels = bank.probed();
    let rows = channels.into_iter().zip(bank.specs()).enumerate();
    rows.map(|(place, (channel, spec))| {
        let value = channel.value.ok_or_else(|| channel.missing.expect("no value has a reason"));
        let (quantity, unit, source) = (channel.quantity, channel.unit, channel.source);
        let fast = spec.missing.is_none() && spec.group == FAST;
        (channel.name, Found { place, quantity, unit, value, source, fast })
    })
    .collect()
}

/// Checks lines `name quantity value unit`, or `name quantity - reason`.
fn expect(found: &BTreeMap<String, Found>, lines: &str) {
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name, quantity, value, last] = words[..] else { panic!("{line}") };
        let channel = found.get(name).unwrap_or_else(|| panic!("{name} is not in the table"));
        assert_eq!(channel.quantity.word(), quantity, "{name}");
        if value == "-" {
            assert_eq!(channel.value.map_err(Reason::word), Err(last), "{name}");
            continue;
        }
        let number: f64 = value.parse().expect("a number");
        let is = channel.value.unwrap_or_else(|reason| panic!("{name} has no value: {reason}"));
        assert!((is - number).abs() <= 1e-9 * number.abs().max(1.0), "{name}: {is}");
        assert_eq!(channel.unit.symbol(), last, "{name}");
    }
}

#[test]
fn a_zone_that_wakes_has_the_unit_of_its_family() {
    let tree = Tree::from_capture("");
    for (zone, temp) in ["309\n", "322\n", "\n"].into_iter().enumerate() {
        let at = format!("/sys/class/thermal/thermal_zone{zone}");
        tree.put(&format!("{at}/type"), &format!("tsens_tz_sensor{zone}\n"));
        tree.put(&format!("{at}/temp"), temp);
    }
    let mut bank = Bank::open(&tree.root());
    let asleep = |bank: &mut Bank| {
        let found = bank.probed().into_iter().find(|channel| channel.name == "temperature/tsens_tz_sensor2");
        let found = found.expect("it keeps its place");
        found.value.ok_or_else(|| found.missing.expect("no value has a reason"))
    };
    assert_eq!(asleep(&mut bank), Err(Reason::Sentinel));
    tree.put("/sys/class/thermal/thermal_zone2/temp", "315\n");
    assert!((asleep(&mut bank).expect("it is awake") - 31.5).abs() < 1e-9);
}

#[test]
fn a_gauge_comes_before_the_battery_that_it_gauges() {
    let found = probed(include_str!("captures/phone_with_gauge.txt"));
    expect(
        &found,
        "battery/bms/voltage         voltage        4.012345    V
         battery/bms/current         current        -0.412      A
         battery/bms/charge_counter  charge-counter 2.45        Ah
         battery/bms/cycle_count     charge-cycles  176         1
         battery/voltage             voltage        4.011       V
         battery/current             current        -0.4        A
         battery/level               charge-level   81          %
         battery/temperature         temperature    31.2        °C
         battery/health              battery-health 93          %
         battery/charge_counter      charge-counter -           implausible
         battery/status              charge-status  3           1
         supply/usb/online           plugged        0           1",
    );
    assert!(found["battery/bms/current"].place < found["battery/current"].place);
    assert!(found["battery/bms/current"].fast);
    assert!(!found.contains_key("battery/current_avg"), "a file that nobody promised has no row");
}

#[test]
fn a_vendor_may_write_milliamperes_beside_microamperes() {
    let samsung = probed(include_str!("captures/samsung_supply.txt"));
    expect(
        &samsung,
        "battery/current     current -0.3625 A
         battery/current_avg current -0.371  A
         battery/voltage     voltage 3.912   V",
    );
    assert!(samsung["battery/current"].source.ends_with("/batt_current_ua_now"));
    let huawei =
        "# /sys/class/power_supply/Battery/type\nBattery\n# /sys/class/power_supply/Battery/status\n";
    let current = "# /sys/class/power_supply/Battery/current_now\n-540\n";
    let with = |status: &str| probed(&format!("d\n{huawei}{status}\n{current}"));
    expect(&with("Discharging"), "battery/current current -0.54 A");
    // On the charger as many µA are as likely: no channel rather than a wrong one.
    expect(&with("Charging"), "battery/current current - implausible");
}

#[test]
fn a_denied_battery_still_shows_its_uevent() {
    let found = probed(include_str!("captures/uevent_only.txt"));
    expect(
        &found,
        "battery/voltage        voltage        4.101234 V
         battery/current        current        0.326171 A
         battery/level          charge-level   66       %
         battery/temperature    temperature    30.1     °C
         battery/charge_counter charge-counter 1.98     Ah
         battery/power          power          -        absent
         battery/status         charge-status  2        1",
    );
    assert!(!found["battery/voltage"].fast, "the driver answers for everything at once");
    assert!(found["battery/voltage"].source.ends_with("/uevent"));
    let nothing = probed(
        "d\n# /sys/class/power_supply/battery/type\nBattery\n# /refused.txt\n\
         EACCES /sys/class/power_supply/battery/voltage_now\nEACCES /sys/class/power_supply/battery/uevent\n",
    );
    expect(&nothing, "battery/voltage voltage - denied");
}

#[test]
fn rails_of_energy_meters() {
    let found = probed(include_str!("captures/odpm.txt"));
    expect(
        &found,
        "rail/s10m_vdd_tpu     energy 9.120044  J
         rail/vsys_pwr_modem   energy 41.220903 J
         rail/s2s_vdd_g3d      energy -         parse
         rail/s2s_vdd_g3d#1    energy -         parse
         rail/vsys_pwr_display energy 120.7745  J",
    );
    let denied = probed(
        "d\n# /sys/bus/iio/devices/iio:device0/name\npac1934\n# /refused.txt\n\
         EACCES /sys/bus/iio/devices/iio:device0/energy_value\n",
    );
    expect(&denied, "rail/any energy - denied");
}

#[test]
fn thermometers_that_tell_the_air_apart() {
    let dir = "/sys/bus/iio/devices/iio:device1";
    let of = |air: &str| {
        probed(&format!(
            "d\n# {dir}/name\nmlx90632\n# {dir}/in_temp_object_input\n36500\n# {dir}/in_temp_ambient_input\n{air}\n"
        ))
    };
    let air = of("23125");
    expect(&air, "ambient/mlx90632 ambient 23.125 °C");
    assert!(!air.keys().any(|name| name.contains("object")), "{:?}", air.keys());
    expect(&of("-273000"), "ambient/mlx90632 ambient - sentinel");
}

#[test]
fn monitors_of_boards_without_nc_and_sums() {
    let hwmon = probed(include_str!("captures/jetson_hwmon.txt"));
    expect(
        &hwmon,
        "hwmon/ina3221/vdd_in/in            voltage 19.136 V
         hwmon/ina3221/vdd_in/curr          current 0.312  A
         hwmon/ina3221/vdd_soc/in           voltage 19.12  V
         hwmon/ina3221/vdd_soc/curr         current 0.088  A
         hwmon/psu/average/power            power   7.5    W
         hwmon/psu/board/energy             energy  12.5   J",
    );
    let unwanted = ["nc", "sum", "in3", "in7"];
    assert!(hwmon.keys().all(|name| !unwanted.iter().any(|part| name.contains(part))), "{:?}", hwmon.keys());
    let iio = probed(include_str!("captures/jetson_iio.txt"));
    expect(
        &iio,
        "power/pom_5v_in   power   2.28  W
         voltage/pom_5v_in voltage 4.952 V
         current/pom_5v_in current 0.46  A",
    );
    assert!(!iio.contains_key("power/nc"));
}

#[test]
fn the_driver_folder_stands_in_for_a_class_that_is_not_shown() {
    let dir = "/sys/bus/i2c/drivers/ina3221/1-0040/hwmon/hwmon3";
    let files = format!(
        "d\n# {dir}/name\nina3221\n# {dir}/in1_label\nVDD_IN\n# {dir}/in1_input\n5000\n# {dir}/curr1_input\n400\n"
    );
    expect(&probed(&files), "hwmon/ina3221/vdd_in/in voltage 5 V\nhwmon/ina3221/vdd_in/curr current 0.4 A");
}

#[test]
fn graphics_of_five_vendors() {
    expect(
        &probed(include_str!("captures/adreno.txt")),
        "gpu/clock       clock-current 680000000 Hz
         gpu/clock_cap   clock-cap     719000000 Hz
         gpu/load        utilisation   41.283    %
         gpu/temperature temperature   61.4      °C",
    );
    let of = |files: &str| probed(&format!("d\n{files}"));
    for (temp, celsius) in [(614, 61.4), (61, 61.0)] {
        let files = format!("# /sys/class/kgsl/kgsl-3d0/temp\n{temp}\n");
        expect(&of(&files), &format!("gpu/temperature temperature {celsius} °C"));
    }
    let samsung = "# /sys/kernel/gpu/gpu_clock\n897000\n# /sys/kernel/gpu/gpu_busy\n63 %\n";
    expect(&of(samsung), "gpu/clock clock-current 897000000 Hz\ngpu/load utilisation 63 %");
    let mali = "# /sys/class/devfreq/13000000.mali/cur_freq\n701000000\n# /sys/class/devfreq/13000000.mali/load\n\
        88@701000000Hz\n# /sys/kernel/ged/hal/gpu_utilization\n37 2 61\n";
    expect(&of(mali), "gpu/clock clock-current 701000000 Hz\ngpu/load utilisation 37 %");
    let tegra =
        "# /sys/devices/platform/gpu.0/load\n734\n# /sys/class/devfreq/17000000.gpu/max_freq\n1300500000\n";
    expect(&of(tegra), "gpu/load utilisation 73.4 %\ngpu/clock_cap clock-cap 1300500000 Hz");
    let desktop =
        "# /sys/class/drm/card1/gt_act_freq_mhz\n350\n# /sys/class/drm/card0/device/gpu_busy_percent\n17\n";
    expect(&of(desktop), "gpu/clock clock-current 350000000 Hz\ngpu/load utilisation 17 %");
    let asleep =
        "# /sys/class/kgsl/kgsl-3d0/gpuclk\n0\n# /refused.txt\nEACCES /sys/class/kgsl/kgsl-3d0/gpubusy\n";
    expect(&of(asleep), "gpu/clock clock-current - offline\ngpu/load utilisation - denied");
}

#[test]
fn a_bus_that_counts_megabytes_has_no_clock() {
    let found = probed(
        "d\n# /sys/class/devfreq/memlat/cur_freq\n547000000\n# /sys/class/devfreq/memlat/max_freq\n2092000000\n\
         # /sys/class/devfreq/soc:qcom,cpu-llcc-bw/cur_freq\n762\n\
         # /sys/class/devfreq/soc:qcom,cpu-llcc-bw/max_freq\n14236\n",
    );
    expect(
        &found,
        "devfreq/memlat/cur                clock-current 547000000  Hz
         devfreq/memlat/cap                clock-cap     2092000000 Hz
         devfreq/soc_qcom_cpu-llcc-bw/cur  clock-current -          implausible",
    );
}

#[test]
fn clocks_that_ran_between_two_samples_are_counted() {
    let dir = "/sys/devices/system/cpu/cpufreq/policy0";
    let found = probed(&format!("d\n# {dir}/stats/time_in_state\n300000 200\n1200000 300\n"));
    expect(&found, "cpufreq/policy0/cycles event-count 4200000000 1");
    assert!(
        !probed(&format!("d\n# {dir}/scaling_cur_freq\n300000\n")).contains_key("cpufreq/policy0/cycles")
    );
}

#[test]
fn pressure_that_a_phone_withholds_has_its_reason() {
    let found = probed("d\n# /refused.txt\nEACCES /proc/pressure/cpu\nEACCES /proc/pressure/memory\n");
    expect(
        &found,
        "pressure/cpu/some    pressure - denied
         pressure/memory/full pressure - denied
         pressure/io/some     pressure - absent",
    );
}

#[test]
fn a_counter_knows_where_it_wraps_and_a_part_is_named_within_its_whole() {
    let zone = "/sys/class/powercap/intel-rapl:0";
    let files = format!(
        "d\n# {zone}/name\npackage-0\n# {zone}/energy_uj\n262143328849\n# {zone}/max_energy_range_uj\n262143328850\n\
         # {zone}:0/name\ncore\n# {zone}:0/energy_uj\n7\n"
    );
    let tree = Tree::from_capture(&files);
    let bank = Bank::open(&tree.root());
    let of = |name: &str| bank.specs().iter().find(|spec| spec.name == name).expect("it is in the table");
    assert_eq!(of("rapl/package-0").wraps_at(), Some(262_143_328_850));
    assert_eq!(of("rapl/package-0/core").wraps_at(), None);
}

#[test]
fn zones_shown_by_their_types_alone() {
    let found = probed(
        "d\n# /dev/thermal/tz-by-name/VIRTUAL-SKIN/temp\n33512\n# /dev/thermal/tz-by-name/soc/temp\n88\n",
    );
    expect(
        &found,
        "temperature/virtual-skin temperature 33.512 °C
         temperature/soc          temperature -      not-a-temperature",
    );
}

#[test]
fn other_views_of_a_sensor_are_read_less_often() {
    let zone = |number: u32, kind: &str, raw: i64| {
        let dir = format!("/sys/class/thermal/thermal_zone{number}");
        format!("# {dir}/type\n{kind}\n# {dir}/temp\n{raw}\n")
    };
    let files = [
        "d\n",
        &zone(0, "cpu-0-0-step", 41_000),
        &zone(1, "cpu-0-0-usr", 42_000),
        &zone(2, "mdm-step", 40_000),
    ];
    let found = probed(&files.concat());
    assert!(!found["temperature/cpu-0-0-step"].fast);
    assert!(found["temperature/cpu-0-0-usr"].fast);
    assert!(found["temperature/mdm-step"].fast, "nothing else shows it");
}

#[test]
fn a_parked_sensor_may_wake() {
    let tree = Tree::from_capture("d\n# /sys/class/thermal/thermal_zone0/type\nmodem\n");
    tree.put("/sys/class/thermal/thermal_zone0/temp", "-274000\n");
    let mut bank = Bank::open(&tree.root());
    let value = |bank: &mut Bank| {
        let probed = bank.probed();
        let channel = probed.iter().find(|channel| channel.name == "temperature/modem").expect("it is there");
        channel.value.ok_or(channel.missing.expect("no value has a reason"))
    };
    assert_eq!(value(&mut bank), Err(Reason::Sentinel));
    tree.put("/sys/class/thermal/thermal_zone0/temp", "35500\n");
    assert_eq!(
        bank.probed()
            .iter()
            .find(|channel| channel.name == "temperature/modem")
            .and_then(|channel| channel.value),
        Some(35.5)
    );
}
