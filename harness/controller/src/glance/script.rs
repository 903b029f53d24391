//! What a device's shell is asked. Each answer follows a line with its name; services that an Android lacks say so
//! themselves.

/// Everything of a look.
pub(super) const LOOK: &str = r#"echo @properties
for p in ro.product.manufacturer ro.product.model ro.soc.model ro.board.platform ro.build.version.release ro.serialno ro.boot.qemu ro.kernel.qemu
do echo "$p=$(getprop $p)"; done
echo @lease
h=$(head -c 512 /data/local/tmp/edgesoak/lease 2>/dev/null)
p=${h#*\"pid\":}; p=${p%%[!0-9]*}
[ -n "$p" ] && grep -q edgesoak-agent /proc/$p/cmdline 2>/dev/null && echo "$h"
echo @tenant
d=/data/local/tmp/edgesoak
[ -x $d/bin/edgesoak-agent ] && $d/bin/edgesoak-agent tenant --home $d 2>/dev/null </dev/null | head -c 1024
echo @storage
stat -f -c '%a %S' /data/local/tmp 2>&1
echo @battery
dumpsys battery 2>&1
echo @thermalservice
dumpsys thermalservice 2>&1 | grep -E "IsStatusOverride:|Thermal Status:|Can't find|ermission"
echo @power
dumpsys power 2>&1 | grep -E "mWakefulness=|Can't find|ermission"
echo @trust
dumpsys trust 2>&1 | grep -E "\(current\)|Can't find|ermission"
:"#;

/// Switches the screen on; a second later it is on if it ever will be.
pub(super) const WAKE: &str = r#"input keyevent KEYCODE_WAKEUP
sleep 1
echo @power
dumpsys power 2>&1 | grep -E "mWakefulness=|Can't find|ermission"
:"#;
