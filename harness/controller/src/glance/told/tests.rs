use proptest::prelude::*;

use super::*;

const PHONE: &str = "@properties
ro.product.manufacturer=Google
ro.product.model=Pixel 8
ro.soc.model=Tensor G3
ro.board.platform=zuma
ro.build.version.release=16
ro.serialno=38111FDJH00ABC
ro.boot.qemu=
ro.kernel.qemu=
@lease
@storage
1048576 4096
@battery
Current Battery Service state:
  AC powered: false
  USB powered: true
  status: 2
  health: 2
  present: true
  level: 64
  scale: 100
  voltage: 4012
  temperature: 287
  technology: Li-ion
@thermalservice
Thermal Status: 2
@power
  mWakefulness=Dozing
@trust
 User \"Owner\" (id=0, flags=0x4c13) (current): trustState=UNTRUSTED, trustManaged=0, deviceLocked=1, isActiveUnlockRunning=0
";

#[test]
fn a_phone_is_read() {
    let glance = read(PHONE);
    let identity = &glance.identity;
    assert_eq!((identity.maker.as_deref(), identity.model.as_deref()), (Some("Google"), Some("Pixel 8")));
    assert_eq!((identity.soc.as_deref(), identity.is_simulated), (Some("Tensor G3"), false));
    assert_eq!((glance.battery_percent.clone(), glance.battery_celsius.clone()), (Ok(64.0), Ok(28.7)));
    assert_eq!((glance.thermal_status.clone(), glance.free_bytes.clone()), (Ok(2), Ok(4 << 30)));
    assert_eq!((glance.is_locked.clone(), glance.is_awake.clone()), (Ok(true), Ok(false)));
    assert_eq!((glance.session.clone(), glance.unread()), (None, Vec::new()));
}

#[test]
fn what_is_missing_has_a_reason() {
    let glance = read(
        "@battery\nCan't find service: battery\n@trust\n@thermalservice\nPermission Denial: can't dump\n\
         @storage\nstat: /data/local/tmp: No such file or directory\n@properties\nro.soc.model=\nro.board.platform=sdm660\n",
    );
    assert_eq!(glance.identity.soc.as_deref(), Some("sdm660"));
    let unread = glance.unread();
    let unread: Vec<String> = unread.iter().map(|(what, why)| format!("{what}: {why}")).collect();
    assert_eq!(
        unread,
        [
            "charge: Can't find service: battery",
            "battery temperature: Can't find service: battery",
            "throttling: Permission Denial: can't dump",
            "free space: stat: /data/local/tmp: No such file or directory",
            "screen lock: `trust` does not tell `deviceLocked`",
        ]
    );
}

#[test]
fn nonsense_is_no_reading() {
    for battery in ["level: 101", "level: -1", "level: x", "level: NaN", "level: 5\n scale: 0", "level: inf"]
    {
        let glance = read(&format!("@battery\n {battery}\n temperature: 99999\n"));
        assert!(glance.battery_percent.is_err() && glance.battery_celsius.is_err(), "{battery}");
    }
    assert!(read("@trust\n (current): deviceLocked=maybe\n").is_locked.is_err());
    assert!(read("@thermalservice\nThermal Status: 900\n").thermal_status.is_err());
    let set = "@thermalservice\nIsStatusOverride: true\nThermal Status: 3\n";
    assert!(read(set).thermal_status.is_err_and(|why| why.starts_with("status 3 was set by hand")));
    let real = read("@thermalservice\nIsStatusOverride: false\nThermal Status: 3\n");
    assert_eq!(real.thermal_status, Ok(3));
}

#[test]
fn a_lease_names_its_session() {
    let lease = r#"{"pid":812,"session":"20260101-120000-ab/policy_qa.scanner"}"#;
    assert_eq!(
        read(&format!("@lease\n{lease}   \n")).session.as_deref(),
        Some("20260101-120000-ab/policy_qa.scanner")
    );
    assert_eq!(read("@lease\n{torn\n").session.as_deref(), Some("an unknown session"));
}

#[test]
fn the_agent_tells_whose_the_device_is() {
    let told = r#"{"tenant":{"host":"lab-2-0a1b2c3d","run":"20260101-120000-ab"},"left_ms":90000}"#;
    let tenancy = read(&format!("@tenant\n{told}\n")).tenancy.expect("it tells");
    assert_eq!(tenancy.tenant.map(|tenant| tenant.host).as_deref(), Some("lab-2-0a1b2c3d"));
    assert_eq!(tenancy.left_ms, 90_000);
    let free = read("@tenant\n{\"tenant\":null,\"left_ms\":0}\n").tenancy.expect("it tells");
    assert_eq!(free.tenant, None);
    for nothing in ["", "usage: edgesoak-agent", "{torn"] {
        assert_eq!(read(&format!("@tenant\n{nothing}\n@storage\n")).tenancy, None, "{nothing}");
    }
}

proptest! {
    #[test]
    fn whatever_is_answered_stays_in_its_bounds(text in "(@(battery|trust|storage|power|lease)\n[ -~\\x00\u{1b}\n]{0,300}){0,4}") {
        let glance = read(&text);
        for (_, why) in glance.unread() {
            prop_assert!(why.chars().count() <= 2 * MAX_CHARS && !why.chars().any(char::is_control), "{why:?}");
        }
        prop_assert!(glance.session.is_none_or(|session| session.chars().count() <= MAX_CHARS));
    }
}
