use super::Network;
use proptest::prelude::*;

const SECOND: u64 = 1_000_000_000;

#[test]
fn one_pole_follows_its_closed_form() {
    let (capacity, conductance, power) = (12.0, 0.25, 4.0);
    let mut network = Network::new(vec![capacity], vec![conductance], &[]);
    network.set_rises(&[7.0]);
    for step in 1..=300_u64 {
        network.advance(SECOND, &[power]);
        let limit = power / conductance;
        let expected = limit + (7.0 - limit) * (-(step as f64) * conductance / capacity).exp();
        assert!((network.rises()[0] - expected).abs() < 1e-11, "after {step} s");
    }
}

/// Two equal nodes between which heat flows: the sum and the difference are poles of their own.
#[test]
fn two_poles_follow_their_closed_form() {
    let (capacity, ambient, link, power) = (20.0, 0.1, 0.5, 3.0);
    let mut network = Network::new(vec![capacity; 2], vec![ambient; 2], &[(0, 1, link)]);
    for step in 1..=100_u64 {
        network.advance(3 * SECOND, &[power, 0.0]);
        let seconds = 3.0 * step as f64;
        let mode = |conductance: f64| power / conductance * (1.0 - (-seconds * conductance / capacity).exp());
        let (sum, difference) = (mode(ambient), mode(ambient + 2.0 * link));
        assert!(
            (network.rises()[0] - 0.5 * (sum + difference)).abs() < 1e-11,
            "heated node after {seconds} s"
        );
        assert!(
            (network.rises()[1] - 0.5 * (sum - difference)).abs() < 1e-11,
            "other node after {seconds} s"
        );
    }
}

#[test]
fn a_decade_of_steps_ends_in_balance() {
    let mut network = phone();
    let powers = [5.0, 0.7, 0.2, 0.0];
    network.advance(400_000 * SECOND, &powers);
    assert!((network.lost_w() - 5.9).abs() < 1e-9, "what comes in goes out: {}", network.lost_w());
}

#[test]
fn the_number_of_kept_steps_is_bounded() {
    let mut network = phone();
    for ns in 1..200 {
        network.advance(ns * 1_000_003, &[1.0, 0.0, 0.0, 0.0]);
    }
    assert_eq!(network.kept.len(), super::KEPT_STEPS);
}

fn phone() -> Network {
    Network::new(
        vec![3.0, 40.0, 45.0, 60.0],
        vec![0.0, 0.05, 0.0, 0.25],
        &[(0, 1, 0.4), (1, 2, 0.3), (1, 3, 0.5), (2, 3, 0.4)],
    )
}

/// A connected network of three to six nodes with its powers and start.
fn any_network() -> impl Strategy<Value = (Network, RawNetwork)> {
    (3_usize..=6)
        .prop_flat_map(|size| {
            (
                prop::collection::vec(1.0..80.0_f64, size),
                prop::collection::vec(0.01..0.4_f64, size),
                prop::collection::vec(0.05..0.8_f64, size - 1),
                prop::collection::vec(0.0..6.0_f64, size),
                prop::collection::vec(-5.0..20.0_f64, size),
            )
        })
        .prop_map(|(capacities, to_ambient, chain, powers, start)| {
            let links: Vec<_> = chain.iter().enumerate().map(|(node, g)| (node, node + 1, *g)).collect();
            let mut network = Network::new(capacities.clone(), to_ambient.clone(), &links);
            network.set_rises(&start);
            (network, RawNetwork { capacities, to_ambient, links, powers, rises: start })
        })
}

#[derive(Debug)]
struct RawNetwork {
    capacities: Vec<f64>,
    to_ambient: Vec<f64>,
    links: Vec<(usize, usize, f64)>,
    powers: Vec<f64>,
    rises: Vec<f64>,
}

impl RawNetwork {
    fn slope(&self, rises: &[f64]) -> Vec<f64> {
        let mut heat: Vec<f64> =
            self.powers.iter().zip(&self.to_ambient).zip(rises).map(|((p, g), rise)| p - g * rise).collect();
        for &(one, other, conductance) in &self.links {
            let flow = conductance * (rises[other] - rises[one]);
            heat[one] += flow;
            heat[other] -= flow;
        }
        heat.iter().zip(&self.capacities).map(|(heat, capacity)| heat / capacity).collect()
    }

    /// The classic method of Runge and Kutta, fourth order.
    fn runge_kutta(&mut self, step_s: f64) {
        let shifted = |slope: &[f64], part: f64| -> Vec<f64> {
            self.rises.iter().zip(slope).map(|(rise, slope)| rise + part * step_s * slope).collect()
        };
        let first = self.slope(&self.rises);
        let second = self.slope(&shifted(&first, 0.5));
        let third = self.slope(&shifted(&second, 0.5));
        let fourth = self.slope(&shifted(&third, 1.0));
        for node in 0..self.rises.len() {
            let mean = (first[node] + 2.0 * second[node] + 2.0 * third[node] + fourth[node]) / 6.0;
            self.rises[node] += step_s * mean;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn one_long_step_agrees_with_many_tiny_ones((mut network, mut raw) in any_network(), seconds in 1_u64..20) {
        network.advance(seconds * SECOND, &raw.powers);
        for _ in 0..seconds * 200 {
            raw.runge_kutta(1.0 / 200.0);
        }
        for (exact, tiny) in network.rises().iter().zip(&raw.rises) {
            prop_assert!((exact - tiny).abs() < 1e-6, "{exact} against {tiny}");
        }
    }

    #[test]
    fn a_step_may_be_cut_anywhere((network, raw) in any_network(), cut in 1_u64..999) {
        let (mut whole, mut halves) = (network.clone(), network);
        whole.advance(1000 * SECOND / 10, &raw.powers);
        halves.advance(cut * SECOND / 10, &raw.powers);
        halves.advance((1000 - cut) * SECOND / 10, &raw.powers);
        for (one, two) in whole.rises().iter().zip(halves.rises()) {
            prop_assert!((one - two).abs() < 1e-9, "{one} against {two}");
        }
    }

    /// Energy in = energy stored + energy lost; the loss is integrated by Simpson's rule on the exact solution.
    #[test]
    fn energy_is_conserved((mut network, raw) in any_network()) {
        let before = network.stored_j();
        let (steps, ns) = (4000_u32, SECOND / 40);
        let mut lost = 0.0;
        for _ in 0..steps {
            let begin = network.lost_w();
            network.advance(ns / 2, &raw.powers);
            let middle = network.lost_w();
            network.advance(ns / 2, &raw.powers);
            lost += (begin + 4.0 * middle + network.lost_w()) / 6.0 * (ns as f64 / 1e9);
        }
        let fed = raw.powers.iter().sum::<f64>() * f64::from(steps) * (ns as f64 / 1e9);
        let stored = network.stored_j() - before;
        prop_assert!((fed - stored - lost).abs() < 1e-6 * fed.max(1.0), "{fed} J in, {stored} J stored, {lost} J lost");
    }
}
