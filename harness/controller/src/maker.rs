//! Who makes phones and scanners, by the numbers on their USB ports.

/// A maker of phones or scanners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Maker {
    /// Its number on USB.
    pub vendor: u16,
    /// Its name.
    pub name: &'static str,
    /// Whether its devices are usually kept by an EMM, which decides about debugging.
    pub usually_managed: bool,
}

const fn phones(vendor: u16, name: &'static str) -> Maker {
    Maker { vendor, name, usually_managed: false }
}

const fn scanners(vendor: u16, name: &'static str) -> Maker {
    Maker { vendor, name, usually_managed: true }
}

/// Numbers as the makers use them for their phones; many make other things under the same number, too.
const MAKERS: [Maker; 16] = [
    scanners(0x05e0, "Zebra"),
    scanners(0x0c2e, "Honeywell"),
    scanners(0x05f9, "Datalogic"),
    phones(0x18d1, "Google"),
    phones(0x04e8, "Samsung"),
    phones(0x2717, "Xiaomi"),
    phones(0x22d9, "OPPO"),
    phones(0x2a70, "OnePlus"),
    phones(0x22b8, "Motorola"),
    phones(0x12d1, "Huawei"),
    phones(0x0fce, "Sony"),
    phones(0x1004, "LG"),
    phones(0x0bb4, "HTC"),
    phones(0x2d95, "vivo"),
    phones(0x2e04, "HMD"),
    phones(0x2ae5, "Fairphone"),
];

impl Maker {
    /// The maker with this number.
    #[must_use]
    pub fn of(vendor: u16) -> Option<Self> {
        MAKERS.into_iter().find(|maker| maker.vendor == vendor)
    }
}
