//! What the programs of a phone find in their environment: little, as on a phone. There is no `HOME`.

/// The variables.
pub(super) fn all() -> [(&'static str, &'static str); 10] {
    [
        ("PATH", "/system/bin:/vendor/bin"),
        ("TMPDIR", "/data/local/tmp"),
        ("ANDROID_ROOT", "/system"),
        ("ANDROID_DATA", "/data"),
        ("ANDROID_STORAGE", "/storage"),
        ("EXTERNAL_STORAGE", "/sdcard"),
        ("SHELL", "/system/bin/sh"),
        ("USER", "shell"),
        ("LOGNAME", "shell"),
        ("HOSTNAME", "virtual"),
    ]
}
