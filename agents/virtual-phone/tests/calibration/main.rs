//! The profiles against public measurements, where their folder stands beside the repository.

mod power;
mod runs;
mod traces;

use edgesoak_virtual_phone::Profile;

/// Largest median absolute error of the decode rate over a run, as a part of one.
const MOST_ERROR: f64 = 0.05;

#[test]
fn profiles_follow_the_public_runs() {
    let Some(runs) = runs::all() else {
        println!("skipped: ../shared/data/traces is absent");
        return;
    };
    for run in runs {
        let profile = Profile::built_in(run.profile).expect("a profile of ours");
        let error = runs::median_error(&run, &profile);
        println!("{}: median absolute error of the rate {:.2} %", run.profile, error * 100.0);
        assert!(error <= MOST_ERROR, "{}: {error}", run.profile);
        let stated = profile.calibration.rate_error.expect("a profile with a run states its error");
        assert!((stated - error).abs() <= 0.0006, "{} states {stated}, measured {error}", run.profile);
    }
}

/// What the public run of the phone with the steepest fall is known for.
#[test]
fn the_iphone_class_falls_as_published() {
    let Some(run) = runs::all().and_then(|runs| runs.into_iter().find(|run| run.profile == "iphone-class"))
    else {
        println!("skipped: ../shared/data/traces is absent");
        return;
    };
    let profile = Profile::built_in(run.profile).expect("a profile of ours");
    let rates = runs::modelled(&run, &profile);
    let peak = rates[..3].iter().sum::<f64>() / 3.0;
    let below = |part: f64| {
        let is_below =
            |window: &[f64]| window[0] < part * peak && window.iter().sum::<f64>() / 5.0 < part * peak;
        rates.windows(5).position(is_below).expect("it throttles")
    };
    let last_30_s = &rates[rates.len() - 26..];
    let last = last_30_s.iter().sum::<f64>() / last_30_s.len() as f64;
    let joules = runs::energy_per_item(&run, &profile);
    println!(
        "peak {peak:.1}, -10 % at {} s, -25 % at {} s, last 30 s {last:.1}, {joules:.3} J",
        below(0.9),
        below(0.75)
    );
    assert!((peak / 56.7 - 1.0).abs() < 0.03, "peak {peak}");
    assert!(below(0.9).abs_diff(13) <= 4, "-10 % at {} s", below(0.9));
    assert!(below(0.75).abs_diff(40) <= 4, "-25 % at {} s", below(0.75));
    assert!((last / 26.1 - 1.0).abs() < 0.05, "last 30 s {last}");
    assert!((joules / 0.146 - 1.0).abs() < 0.10, "{joules} J per token");
}

#[test]
fn cores_draw_what_was_measured() {
    for power::Measured { profile: name, table, clusters } in power::MEASURED {
        let Some(points) = power::measured(table) else {
            println!("skipped: ../shared/data/freqbench is absent");
            return;
        };
        let profile = Profile::built_in(name).expect("a profile of ours");
        let mut errors = Vec::new();
        for (core, cluster) in *clusters {
            let cluster = &profile.clusters[profile.cluster(cluster).expect("a cluster of the profile")];
            let of_core = points.iter().filter(|point| point.core == *core);
            errors.extend(of_core.filter_map(|point| power::error(cluster, *point)));
        }
        errors.sort_by(f64::total_cmp);
        assert!(errors.len() >= 12, "{name}: {} points in common", errors.len());
        let (median, largest) = (errors[errors.len() / 2], errors[errors.len() - 1]);
        println!(
            "{name}: power of a core, median error {:.2} %, largest {:.1} %",
            median * 100.0,
            largest * 100.0
        );
        let stated = profile.calibration.power_error.expect("a profile with a measurement states its error");
        assert!((stated - median).abs() <= 0.0006, "{name} states {stated}, measured {median}");
        assert!(median <= 0.05, "{name}: {median}");
    }
}
