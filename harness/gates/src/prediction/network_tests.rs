use super::{fit, low_pass};

/// Four watts, then half of it.
fn power() -> Vec<f64> {
    (0..240).map(|tick| if tick < 100 { 4.0 } else { 2.0 }).collect()
}

#[test]
fn a_network_on_the_grid_is_found_again() {
    let power = power();
    let through =
        |tau: f64, gain: f64| low_pass(&power, tau, 5.0).into_iter().map(move |kelvin| gain * kelvin);
    let rise: Vec<f64> = through(12.0, 1.5)
        .zip(through(80.0, 1.0))
        .zip(through(500.0, 3.0))
        .map(|((a, b), c)| a + b + c)
        .collect();
    let best = fit(&rise, &power, 5.0).remove(0);
    assert_eq!(format!("{:?}", best.taus), "[12.0, 80.0, 500.0]");
    assert!((best.gain() - 5.5).abs() < 1e-3 && best.error < 1e-3, "{best:?}");
}

#[test]
fn a_short_soak_leaves_many_networks() {
    let power = vec![4.0; 240];
    let through =
        |tau: f64, gain: f64| low_pass(&power, tau, 5.0).into_iter().map(move |kelvin| gain * kelvin);
    let rise: Vec<f64> = through(60.0, 1.0).zip(through(890.0, 3.0)).map(|(a, b)| a + b).collect();
    let spread = |length: usize| {
        let gains: Vec<f64> =
            fit(&rise[..length], &power[..length], 5.0).iter().map(super::Network::gain).collect();
        gains.iter().copied().fold(0.0, f64::max) / gains.iter().copied().fold(f64::INFINITY, f64::min)
    };
    assert!(spread(60) > spread(240) && spread(240) >= 1.0);
}

#[test]
fn nothing_is_fitted_to_too_little() {
    assert!(fit(&[1.0; 10], &[1.0; 10], 5.0).is_empty());
    assert!(fit(&[1.0; 50], &[1.0; 49], 5.0).is_empty());
}

#[test]
fn heat_never_cools() {
    let falling: Vec<f64> = (0..60).map(|tick| -f64::from(tick)).collect();
    let best = fit(&falling, &[1.0; 60], 5.0).remove(0);
    assert!(best.gains.iter().all(|gain| *gain >= 0.0));
}
