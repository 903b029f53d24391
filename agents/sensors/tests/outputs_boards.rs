//! What the outputs of boards and of the kernel say: rails, clocks, graphics, memory, pressure.

#[path = "hostile/boards.rs"]
mod hostile;
mod listing;

use listing::{assert_values, listing, published};

/// One snapshot for each capture of our own.
macro_rules! families {
    ($($test:ident: $kind:literal / $file:literal;)*) => {
        $(#[test]
        fn $test() {
            let text = include_str!(concat!("outputs/", $kind, "/", $file, ".txt"));
            insta::assert_snapshot!(listing($kind, text));
        })*
    };
}

families! {
    tegrastats_orin_agx: "tegrastats" / "orin_agx";
    tegrastats_nano: "tegrastats" / "nano";
    tegrastats_tx2: "tegrastats" / "tx2";
    tegrastats_tx1: "tegrastats" / "tx1";
    tegrastats_xavier: "tegrastats" / "xavier";
    tegrastats_missing: "tegrastats" / "missing";
    ina3221_orin_nano: "ina3221" / "orin_nano";
    ina3221_orin_agx: "ina3221" / "orin_agx";
    ina3221_tx2_iio: "ina3221" / "tx2_iio";
    ina3221_relative: "ina3221" / "relative";
    vcgencmd_pi5_loaded: "vcgencmd" / "pi5_loaded";
    vcgencmd_pi4_loop: "vcgencmd" / "pi4_loop";
    vcgencmd_pi3_parked: "vcgencmd" / "pi3_parked";
    vcgencmd_denied: "vcgencmd" / "denied";
    vcgencmd_torn: "vcgencmd" / "torn";
    cpufreq_phone: "cpufreq" / "phone";
    cpufreq_board: "cpufreq" / "board";
    cpufreq_old_kernel: "cpufreq" / "old_kernel";
    cpufreq_virtual_machine: "cpufreq" / "virtual_machine";
    gpu_adreno: "gpu" / "adreno";
    gpu_adreno_idle: "gpu" / "adreno_idle";
    gpu_samsung: "gpu" / "samsung";
    gpu_mali: "gpu" / "mali";
    gpu_jetson: "gpu" / "jetson";
    gpu_desktop: "gpu" / "desktop";
    gpu_dumpsys: "gpu" / "dumpsys";
    meminfo_app_android15: "meminfo" / "app_android15";
    meminfo_app_android9: "meminfo" / "app_android9";
    meminfo_proc_board: "meminfo" / "proc_board";
    meminfo_process_status: "meminfo" / "process_status";
    meminfo_device_totals: "meminfo" / "device_totals";
    meminfo_no_process: "meminfo" / "no_process";
    meminfo_no_service: "meminfo" / "no_service";
    psi_board: "psi" / "board";
    psi_phone_denied: "psi" / "phone_denied";
    psi_group: "psi" / "group";
    psi_switched_off: "psi" / "switched_off";
}

#[test]
fn published_jetson() {
    let Some(text) = published("jetson-orin-nano-8gb/tegrastats.txt") else { return };
    let expected = "RAM=6333440 KiB;SWAP=871424 KiB;CPU0=15 percent;CPU0=729000 kHz;CPU5=8 percent;\
        EMC_FREQ=43 percent;EMC_FREQ=2133000 kHz;GR3D_FREQ=63 percent;GR3D_FREQ=621000 kHz;NVDEC=offline kHz;\
        APE=200000 kHz;cpu=53.968 celsius;soc0=50.75 celsius;tj=53.968 celsius;VDD_IN=12479 mW;\
        VDD_IN/average=12479 mW;VDD_CPU_GPU_CV=4667 mW;VDD_SOC=2817 mW;\
        RAM=3534848 KiB;SWAP/cached=178176 KiB;CPU5=1 percent;GR3D_FREQ=0 percent;GR3D_FREQ=absent kHz;\
        soc0=50 celsius;VDD_IN=4824 mW;VDD_CPU_GPU_CV=518 mW;VDD_SOC=1475 mW";
    assert_values("tegrastats", &text, expected);
}

#[test]
fn published_raspberry_pis() {
    let Some(text) = published("raspberry-pi5/vcgencmd-pmic_read_adc.idle.txt") else { return };
    let expected = "DDR_VDDQ_A=0 mA;VDD_CORE_A=946.5799 mA;VDD_CORE_V=720.9762 mV;EXT5V_V=5114.78 mV;\
        BATT_V=18.8034 mV;pmic_read_adc=1900.528212 mW";
    assert_values("vcgencmd", &text, expected);
    let facts = listing("vcgencmd", &text);
    assert!(
        facts.contains("rails_paired = Number(12)") && facts.contains("rails_without_current = Number(2)")
    );

    let Some(text) = published("raspberry-pi-any/vcgencmd-misc.txt") else { return };
    let expected = "frequency(1)=250000 kHz;volt=1200 mV;temp=42.2 celsius;throttled=327680 state;\
        throttled=327685 state";
    assert_values("vcgencmd", &text, expected);
    let facts = listing("vcgencmd", &text);
    for fact in ["reboot_first = Flag(true)", "under_voltage = Flag(true)", "frequency_capped = Flag(false)"]
    {
        assert!(facts.contains(fact), "{fact}");
    }
}

#[test]
fn published_processors() {
    let Some(text) = published("x86-laptop-procfs/cpufreq-policy.txt") else { return };
    let expected = "cpu1/cpuinfo_cur_freq=1200195 kHz;cpu1/scaling_max_freq=3300000 kHz;\
        cpu1/scaling_min_freq=1200000 kHz;policy0/cpuinfo_max_freq=2400000 kHz;\
        policy0/scaling_cur_freq=1219917 kHz;policy0/scaling_min_freq=800000 kHz";
    assert_values("cpufreq", &text, expected);
    let facts = listing("cpufreq", &text);
    assert!(
        facts.contains("policy0/capped = Flag(false)")
            && facts.contains("cpu1/governor = Word(\"powersave\")")
    );

    let Some(text) = published("local-debian12-x86_64-vm/sysfs-absent.txt") else { return };
    assert_values("cpufreq", &text, "cpufreq=absent kHz");
}

#[test]
fn a_graphics_processor_tells_the_unit_of_its_temperature() {
    for (temp, celsius) in [("61400", "61.4"), ("614", "61.4"), ("61", "61"), ("-274000", "sentinel")] {
        let file = format!("/sys/class/kgsl/kgsl-3d0/temp:{temp}\n");
        assert_values("gpu", &file, &format!("temp={celsius} celsius"));
    }
}

#[test]
fn published_graphics() {
    let Some(text) = published("samsung-a15-sma155m-android16/thermal-sysfs-denied.txt") else { return };
    assert_values("gpu", &text, "gpubusy=absent percent");
    assert_eq!(listing("gpu", &text).lines().count(), 1, "a listing of names is no content");
    let Some(text) = published("samsung-s23-sms9110-android16/devinfo.txt") else { return };
    assert_values("gpu", &text, "gpubusy=0 percent");
    assert_values("meminfo", &text, "MemTotal=7242448 KiB");
    assert!(listing("gpu", &text).contains("renderer = Word(\"Qualcomm, Adreno (TM) 740"));
}

#[test]
fn published_memory() {
    let Some(text) = published("samsung-a15-sma155m-android16/dumpsys-meminfo-app-summary.txt") else {
        return;
    };
    let expected = "EGL mtrack=10872 KiB;GL mtrack=410596 KiB;Java Heap=12940 KiB;Java Heap=27356 KiB;\
        Native Heap=61984 KiB;Graphics=421468 KiB;Private Other=165944 KiB;Unknown=168840 KiB;\
        TOTAL PSS=926735 KiB;TOTAL RSS=906980 KiB;TOTAL SWAP PSS=117522 KiB";
    assert_values("meminfo", &text, expected);
    let all = listing("meminfo", &text);
    assert!(all.contains("memory/app/unknown/rss") && !all.contains("memory/app/unknown/pss"));
    assert!(all.contains("pid = Number(18078)") && all.contains("uptime_ms = Number(34219491)"));

    let Some(text) = published("local-debian12-x86_64-vm/meminfo.head.txt") else { return };
    let expected =
        "MemTotal=24684092 KiB;MemFree=15772580 KiB;MemAvailable=22240504 KiB;Inactive=5999104 KiB";
    assert_values("meminfo", &text, expected);

    let Some(text) = published("local-debian12-x86_64-vm/proc-pid-status.txt") else { return };
    assert_values("meminfo", &text, "VmRSS=1668 KiB;RssAnon=112 KiB;RssFile=1556 KiB;VmSwap=0 KiB");
}

#[test]
fn published_pressure() {
    let Some(text) = published("local-debian12-x86_64-vm/pressure.txt") else { return };
    let expected = "cpu some avg10=99.08 percent;cpu some total=1065886679 count;cpu full avg10=sentinel percent;\
        cpu full total=sentinel count;io some avg300=0.35 percent;io full total=3419464 count;\
        memory some total=0 count;memory full avg60=0 percent";
    assert_values("psi", &text, expected);

    let Some(text) = published("_composite-not-one-machine/pressure.txt") else { return };
    let expected = "cpu some avg60=2 percent;cpu some total=15 count;io some total=15 count;\
        io full avg10=0.2 percent;io full total=25 count;memory full avg300=4.95 percent";
    assert_values("psi", &text, expected);
}
