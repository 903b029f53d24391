# What a device shows of its sensors, as text on stdout. Plain POSIX shell: toybox, busybox and dash run it.
# Read by record_device; changes nothing on the device.
#
# Blocks:  === file /path     then lines "|content"                      then === end ok
#          === file /path     then lines "!what the shell said"          then === end refused
#          === dir /path      likewise, for folders that cannot be listed
#          === command WORDS  likewise; a command that is not there has no block
PATH="$PATH:/system/bin:/vendor/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/opt/vc/bin"
LC_ALL=C
export PATH LC_ALL
# Most bytes of one file or answer.
most=2000000

block() { # kind, name, output, status
    printf '=== %s %s\n' "$1" "$2"
    if [ "$4" -eq 0 ]; then
        printf '%s\n' "$3" | sed 's/^/|/'
        echo '=== end ok'
    else
        printf '%s\n' "$3" | sed 's/^/!/'
        echo '=== end refused'
    fi
}

file() {
    for path; do
        said="$(cat "$path" 2>&1)"
        status=$?
        case "$status$said" in
            0*) block file "$path" "$said" 0 ;;
            *"No such file"* | *"Not a directory"*) ;;
            *) block file "$path" "$said" 1 ;;
        esac
    done
}

# Names in a folder, or those that are tried where it refuses to be listed.
names() { # folder, guesses...
    folder="$1"
    shift
    if found="$(ls "$folder" 2>&1)"; then
        printf '%s\n' "$found"
        return
    fi
    case "$found" in
        *"No such file"*) return ;;
    esac
    block dir "$folder" "$found" 1 >&3
    for guess; do printf '%s\n' "$guess"; done
}

upto() { # prefix, last number
    number=0
    while [ "$number" -le "$2" ]; do
        printf '%s%s ' "$1" "$number"
        number=$((number + 1))
    done
}

command_() { # seconds, words...
    seconds="$1"
    shift
    command -v "$1" >/dev/null 2>&1 || return 0
    limit=""
    command -v timeout >/dev/null 2>&1 && limit="timeout $seconds"
    said="$($limit "$@" 2>&1 </dev/null | head -c "$most")"
    block command "$*" "$said" 0
}

exec 3>&1

file /proc/loadavg /proc/stat /proc/meminfo /proc/vmstat /proc/net/dev /proc/pressure/cpu /proc/pressure/memory \
    /proc/pressure/io /proc/cpuinfo /proc/device-tree/model /proc/sys/kernel/ostype /proc/sys/kernel/osrelease \
    /proc/sys/kernel/arch /etc/os-release /usr/lib/os-release /sys/devices/system/cpu/online

at=/sys/class/thermal
for name in $(names $at $(upto thermal_zone 99) $(upto cooling_device 49)); do
    case "$name" in
        thermal_zone*) file $at/$name/type $at/$name/temp ;;
        cooling_device*) file $at/$name/type $at/$name/cur_state $at/$name/max_state ;;
    esac
done
at=/dev/thermal/tz-by-name
for name in $(names $at); do file "$at/$name/temp"; done

monitor() {
    file "$1/name"
    for input in $(names "$1" temp1_input temp2_input in1_input in2_input in3_input curr1_input curr2_input curr3_input \
        power1_input power1_average in1_label in2_label in3_label); do
        case "$input" in
            *_input | *_label | *_average | *_enable | *_crit) file "$1/$input" ;;
        esac
    done
}
for name in $(names /sys/class/hwmon $(upto hwmon 9)); do monitor /sys/class/hwmon/$name; done
at=/sys/bus/i2c/drivers/ina3221
for device in $(names $at); do
    case "$device" in
        *-*) for name in $(names $at/$device/hwmon); do monitor $at/$device/hwmon/$name; done ;;
    esac
done
iio() {
    file "$1/name" "$1/energy_value" "$1/sampling_rate" "$1/enabled_rails"
    for rail in 0 1 2; do
        file "$1/rail_name_$rail" "$1/in_power${rail}_input" "$1/in_voltage${rail}_input" "$1/in_current${rail}_input"
    done
}
for name in $(names /sys/bus/iio/devices iio:device0 iio:device1); do
    case "$name" in iio:device*) iio "/sys/bus/iio/devices/$name" ;; esac
done
at=/sys/bus/i2c/drivers/ina3221x
for device in $(names $at); do
    for name in $(names $at/$device 2>/dev/null); do
        case "$name" in iio:device*) iio "$at/$device/$name" ;; esac
    done
done

at=/sys/class/power_supply
for name in $(names $at bms battery BAT0 BAT1 AC usb ac wireless dc); do
    for part in type scope online status uevent voltage_now current_now current_avg power_now capacity temp \
        charge_counter charge_now energy_now cycle_count state_of_health health batt_current_ua_now; do
        file "$at/$name/$part"
    done
done
at=/sys/class/powercap
for name in $(names $at intel-rapl:0); do
    case "$name" in intel-rapl*:*) file $at/$name/name $at/$name/energy_uj $at/$name/max_energy_range_uj ;; esac
done
at=/sys/devices/system/cpu/cpufreq
for name in $(names $at $(upto policy 15)); do
    case "$name" in
        policy*)
            for part in scaling_cur_freq scaling_max_freq scaling_min_freq scaling_governor cpuinfo_max_freq \
                cpuinfo_min_freq related_cpus stats/time_in_state; do
                file $at/$name/$part
            done
            ;;
    esac
done
at=/sys/class/devfreq
for name in $(names $at); do file "$at/$name/cur_freq" "$at/$name/max_freq" "$at/$name/load" "$at/$name/governor"; done
at=/sys/class/kgsl/kgsl-3d0
file $at/gpuclk $at/max_gpuclk $at/gpubusy $at/gpu_busy_percentage $at/gpu_model $at/temp
at=/sys/kernel/gpu
file $at/gpu_clock $at/gpu_max_clock $at/gpu_min_clock $at/gpu_busy $at/gpu_model $at/gpu_governor
file /sys/kernel/ged/hal/gpu_utilization /sys/class/misc/mali0/device/utilization \
    /sys/class/misc/mali0/device/utilisation /sys/class/misc/mali0/device/gpuinfo \
    /sys/devices/platform/gpu.0/load /sys/devices/gpu.0/load
for card in 0 1; do
    file /sys/class/drm/card$card/gt_act_freq_mhz /sys/class/drm/card$card/gt_max_freq_mhz \
        /sys/class/drm/card$card/device/gpu_busy_percent
done

command_ 10 getprop
command_ 10 getprop sys.siop.level
command_ 10 getenforce
command_ 10 id
for service in thermalservice battery hardware_properties gpu android.hardware.thermal.IThermal/default \
    android.hardware.power.stats.IPowerStats/default; do
    command_ 20 dumpsys "$service"
done
# Of all broadcasts only the one about the battery, which stands behind megabytes of others.
if command -v dumpsys >/dev/null 2>&1; then
    limit=""
    command -v timeout >/dev/null 2>&1 && limit="timeout 20"
    said="$($limit dumpsys activity broadcasts 2>&1 </dev/null |
        grep -A 3 -E 'android\.intent\.action\.BATTERY_CHANGED|denied|Denial' | head -c "$most")"
    block command "dumpsys activity broadcasts" "$said" 0
fi
# How it is set. Of the power service's answer only the lines that tell it: the rest names programs.
for key in stay_on_while_plugged_in zen_mode airplane_mode_on wifi_on; do command_ 10 settings get global $key; done
for key in screen_off_timeout screen_brightness screen_brightness_mode; do command_ 10 settings get system $key; done
command_ 10 dumpsys deviceidle enabled deep
command_ 10 dumpsys deviceidle enabled light
if command -v dumpsys >/dev/null 2>&1; then
    limit=""
    command -v timeout >/dev/null 2>&1 && limit="timeout 20"
    said="$($limit dumpsys power 2>&1 </dev/null | grep -iE 'mWakefulness=|FixedPerformance|denied|denial')"
    block command "dumpsys power" "$said" 0
fi
at=/sys/class/power_supply/battery
file $at/input_suspend $at/batt_slate_mode $at/battery_charging_enabled $at/charging_enabled $at/charge_disable \
    /sys/devices/platform/soc/soc:google,charger/charge_disable /sys/devices/platform/google,charger/charge_disable \
    /proc/mtk_battery_cmd/en_power_path /proc/mtk_battery_cmd/current_cmd
command_ 20 lshal debug android.hardware.power.stats@1.0::IPowerStats/default
command_ 5 vcgencmd measure_temp
command_ 5 vcgencmd get_throttled
command_ 5 vcgencmd pmic_read_adc
command_ 1 tegrastats --interval 200
echo '=== done'
