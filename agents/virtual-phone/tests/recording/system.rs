//! What the kernel counts follows from the work.

use edgesoak_virtual_phone::Accelerator;
use edgesoak_virtual_phone::profile::built_in_names;

use crate::made::{Made, Read};

fn rise(read: &Read, name: &str, from: f64, to: f64) -> f64 {
    let samples = read.channel(name);
    let at = |t: f64| samples.iter().find(|sample| sample.0 >= t).expect("a sample").1;
    at(to) - at(from)
}

#[test]
fn processor_time_adds_up_to_the_cores() {
    for name in built_in_names().filter(|name| *name != "iphone-class") {
        let read = Made { profile: name, ..Made::soak(60) }.read();
        let kinds = ["cpu/user", "cpu/system", "cpu/idle", "cpu/iowait", "cpu/steal"];
        let all: f64 = kinds.iter().map(|kind| rise(&read, kind, 10.0, 50.0)).sum();
        let cores = all / 40.0;
        assert!((cores - cores.round()).abs() < 0.01 && cores > 1.5, "{name}: {cores} cores");
        let runtime = rise(&read, "runtime/cpu_time", 10.0, 50.0);
        assert!((runtime - 80.0).abs() < 0.1, "{name}: {runtime} s on two threads in 40 s");
        let others = rise(&read, "cpu/user", 10.0, 50.0) + rise(&read, "cpu/system", 10.0, 50.0) - runtime;
        assert!((0.0..0.02).contains(&(others / all)), "{name}: others take {others} of {all} s");
    }
}

#[test]
fn others_take_their_share_from_ours() {
    let read = Made::soak(60).with_faults(&["background-load:25%"]).read();
    let runtime = rise(&read, "runtime/cpu_time", 15.0, 55.0);
    assert!((runtime - 60.0).abs() < 0.2, "{runtime} s");
    let kinds = ["cpu/user", "cpu/system", "cpu/idle"];
    let all: f64 = kinds.iter().map(|kind| rise(&read, kind, 15.0, 55.0)).sum();
    assert!((all / 40.0 - 8.0).abs() < 0.01, "{all} s of eight cores in 40 s");
    assert!(rise(&read, "cpu/idle", 15.0, 55.0) > 0.0);
}

#[test]
fn a_stalled_runtime_takes_no_time() {
    let read = Made::soak(50).with_faults(&["stalls@10s:10s"]).read();
    let samples = read.channel("runtime/cpu_time");
    let longest = samples.chunk_by(|a, b| a.1 >= b.1).map(|same| same[same.len() - 1].0 - same[0].0);
    assert!(longest.fold(0.0, f64::max) > 9.0);
}

#[test]
fn memory_is_loaded_once_and_then_stays() {
    let read = Made::soak(60).read();
    let (file, anon) = (read.channel("runtime/rss_file"), read.channel("runtime/rss_anon"));
    let last = |samples: &[(f64, f64)]| samples[samples.len() - 1].1;
    assert!((last(&file) - 230e6).abs() < 1_024.0);
    assert!((last(&anon) - (60e6 + 40_000.0 * 1_024.0)).abs() < 1_024.0);
    assert!(file.windows(2).all(|pair| pair[0].1 <= pair[1].1) && file[0].1 < 1e6, "it is read bit by bit");
    let settled = anon.iter().filter(|sample| sample.0 > 1.0);
    assert!(settled.clone().all(|sample| (sample.1 - last(&anon)).abs() < 1.0), "and stays as it is");
    assert!(rise(&read, "runtime/major_faults", 2.0, 50.0).abs() < 0.5);
}

#[test]
fn the_load_of_a_minute_comes_slowly_to_what_runs() {
    let read = Made::soak(300).read();
    let load = read.channel("load/1min");
    let at = |t: f64| load.iter().find(|sample| sample.0 >= t).expect("a sample").1;
    assert!(at(4.0) < 0.1 && (1.0..1.6).contains(&at(60.0)) && (1.9..2.2).contains(&at(290.0)));
}

#[test]
fn an_accelerator_leaves_the_processor_almost_alone() {
    let mut made = Made { profile: "tensor-phone", ..Made::soak(60) };
    made.candidate.accelerator = Accelerator::Gpu;
    let read = made.read();
    let runtime = rise(&read, "runtime/cpu_time", 10.0, 50.0);
    assert!((7.5..8.5).contains(&runtime), "{runtime} s of one core in 40 s");
}
