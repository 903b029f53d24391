use edgesoak_record::gate::Gate;
use edgesoak_record::plan::Bar;
use edgesoak_record::units::Bytes;
use edgesoak_record::verdict::Outcome;
use proptest::prelude::*;

use super::*;

const QUALITY: Gate = Gate::Quality;
const FLOOR: Gate = Gate::FloorTps;
const P95: Gate = Gate::E2eP95;

fn bar(gate: Gate, limit: f64) -> Bar {
    Bar { gate, limit }
}

fn offer(candidate: &str, size: u64) -> Offer {
    Offer { candidate: candidate.to_owned(), size: Some(Bytes(size)) }
}

fn wanted(route: &str, families: &[&str], gates: &[Gate]) -> Wanted {
    let required = |family: &&str| Required { family: (*family).to_owned(), units: 1 };
    let families = families.iter().map(required).collect();
    Wanted { route: route.to_owned(), families, gates: gates.to_vec(), on_hardware: true }
}

fn trial(candidate: &str, route: &str, family: &str, held: Vec<Held>) -> Trial {
    let [candidate, route, family] = [candidate, route, family].map(str::to_owned);
    let device = format!("{family}-1");
    Trial { candidate, route, family, device, is_virtual: false, held }
}

/// What a candidate misses.
fn missed(considered: &Considered) -> Vec<(&str, Outcome, &str)> {
    let Standing::Misses(misses) = &considered.standing else { panic!("{considered:?}") };
    misses.iter().map(|miss| (miss.family.as_str(), miss.outcome, miss.why.as_str())).collect()
}

/// Quality and floor against the bars of a route.
fn measured(quality: f64, least_quality: f64, floor: f64, least_floor: f64) -> Vec<Held> {
    vec![
        Held::point(&bar(QUALITY, least_quality), Some(quality)),
        Held::point(&bar(FLOOR, least_floor), Some(floor)),
    ]
}

#[test]
fn a_hot_policy_does_not_get_its_route() {
    let trials = [
        trial("tiny_gate", "intent", "scanner", measured(0.98, 0.97, 33.0, 30.0)),
        trial("policy_student", "policy", "scanner", measured(0.93, 0.92, 19.0, 15.0)),
        trial("hot_policy", "policy", "scanner", measured(0.95, 0.92, 11.0, 15.0)),
    ];
    let offers = [offer("hot_policy", 700), offer("policy_student", 1000), offer("tiny_gate", 200)];
    let gates = [QUALITY, FLOOR];
    let choices = select(
        &offers,
        &[wanted("intent", &["scanner"], &gates), wanted("policy", &["scanner"], &gates)],
        &trials,
        &[],
    );
    let chosen: Vec<_> = choices.iter().map(Choice::chosen).collect();
    assert_eq!(chosen, [Some("tiny_gate"), Some("policy_student")]);
    let why = "floor_tps is 11.0 tokens/s, at least 15.0 tokens/s wanted";
    assert_eq!(missed(&choices[1].considered[0]), [("scanner", Outcome::Fail, why)]);
}

#[test]
fn only_a_compiled_model_on_its_accelerator_qualifies() {
    let held = |on_accelerator: bool, p95: f64, floor: f64| {
        vec![
            Held::promise(Gate::Placement, Some(on_accelerator)),
            Held::point(&bar(P95, 120.0), Some(p95)),
            Held::point(&bar(FLOOR, 15.0), Some(floor)),
        ]
    };
    let trials = [
        trial("compiled", "policy", "phone", held(true, 94.0, 19.0)),
        trial("fallback", "policy", "phone", held(false, 182.0, 9.0)),
    ];
    let offers = [offer("fallback", 1), offer("compiled", 2)];
    let wanted = wanted("policy", &["phone"], &[Gate::Placement, P95, FLOOR]);
    let choices = select(&offers, &[wanted], &trials, &[]);
    assert_eq!(choices[0].chosen(), Some("compiled"));
    let why = [
        "placement is broken",
        "floor_tps is 9.0 tokens/s, at least 15.0 tokens/s wanted",
        "e2e_p95 is 182 ms, at most 120 ms wanted",
    ];
    assert_eq!(missed(&choices[0].considered[0]), why.map(|why| ("phone", Outcome::Fail, why)));
}

#[test]
fn routes_that_clear_common_bars() {
    let held = |p95, quality| {
        vec![Held::point(&bar(P95, 250.0), Some(p95)), Held::point(&bar(QUALITY, 0.92), Some(quality))]
    };
    let trials = [
        trial("a", "intent", "phone", held(42.0, 0.98)),
        trial("a", "policy_qa", "phone", held(228.0, 0.93)),
        trial("a", "photo_support", "phone", held(470.0, 0.91)),
    ];
    let routes =
        ["intent", "policy_qa", "photo_support"].map(|route| wanted(route, &["phone"], &[P95, QUALITY]));
    let choices = select(&[offer("a", 1)], &routes, &trials, &[]);
    let cleared: Vec<&str> = choices
        .iter()
        .filter(|choice| choice.chosen().is_some())
        .map(|choice| choice.route.as_str())
        .collect();
    assert_eq!(cleared, ["intent", "policy_qa"]);
}

#[test]
fn exports_are_held_against_their_baseline() {
    let rule = ExportRule { largest_drop: 0.02, latency_ms: 120.0 };
    let baseline = Export { quality: 0.94, p95_ms: 132.0 };
    assert_eq!(rule.faults(baseline, Export { quality: 0.938, p95_ms: 104.0 }), []);
    let [ExportFault::Quality(drop)] = rule.faults(baseline, Export { quality: 0.887, p95_ms: 71.0 })[..]
    else {
        panic!("int4 loses too much")
    };
    assert!((drop - 0.053).abs() < 1e-12);
    assert_eq!(rule.faults(baseline, Export { quality: 0.92, p95_ms: 120.0 }), []);
    assert_eq!(rule.faults(baseline, Export { quality: 0.99, p95_ms: 121.0 }), [ExportFault::Latency(121.0)]);
    assert_eq!(rule.faults(baseline, Export { quality: f64::NAN, p95_ms: 1.0 }), [ExportFault::NotMeasured]);
}

#[test]
fn every_required_family_must_be_shown() {
    let good = || measured(0.95, 0.92, 20.0, 15.0);
    let mut weak = good();
    weak[1] = Held::point(&bar(FLOOR, 15.0), None);
    let trials = [
        trial("small", "policy", "phone", good()),
        trial("middle", "policy", "phone", good()),
        trial("middle", "policy", "scanner", weak),
        trial("large", "policy", "phone", good()),
        trial("large", "policy", "scanner", good()),
        trial("larger", "policy", "phone", good()),
        trial("larger", "policy", "scanner", good()),
    ];
    let offers =
        [offer("larger", 4), offer("large", 3), offer("middle", 2), offer("small", 1), offer("absent", 0)];
    let choice = &select(&offers, &[wanted("policy", &["phone", "scanner"], &[])], &trials, &[])[0];
    let order: Vec<&str> =
        choice.considered.iter().map(|considered| considered.offer.candidate.as_str()).collect();
    assert_eq!(order, ["small", "middle", "large", "larger"]);
    assert_eq!(choice.chosen(), Some("large"));
    assert_eq!(choice.considered[3].standing, Standing::Larger);
    let open = Outcome::NotProven;
    assert_eq!(missed(&choice.considered[0]), [("scanner", open, "was not measured there")]);
    assert_eq!(missed(&choice.considered[1]), [("scanner", open, "floor_tps is not proven")]);
}

#[test]
fn a_family_is_as_good_as_its_worst_session_and_nothing_asked_is_nothing_shown() {
    let good = || trial("a", "policy", "phone", measured(0.95, 0.92, 20.0, 15.0));
    let weak = || trial("a", "policy", "phone", measured(0.95, 0.92, 14.0, 15.0));
    let bare = trial("a", "policy", "phone", Vec::new());
    let choose = |trials: &[Trial], families: &[&str], gates: &[Gate]| {
        select(&[offer("a", 1)], &[wanted("policy", families, gates)], trials, &[])[0].chosen().is_some()
    };
    assert!(choose(&[good()], &["phone"], &[QUALITY, FLOOR]));
    assert!(!choose(&[good(), weak()], &["phone"], &[]));
    assert!(!choose(&[good()], &["phone"], &[P95]), "nobody judged it");
    assert!(!choose(&[good()], &[], &[]) && !choose(&[bare], &["phone"], &[]));
}

#[test]
fn simulated_devices_stand_for_no_hardware_and_a_claim_needs_its_units() {
    let good = || measured(0.95, 0.92, 20.0, 15.0);
    let simulated = Trial { is_virtual: true, ..trial("a", "policy", "phone", good()) };
    let real = trial("a", "policy", "phone", good());
    let second = Trial { device: "phone-2".to_owned(), ..real.clone() };
    let choice = |trials: &[Trial], on_hardware, units| {
        let families = vec![Required { family: "phone".to_owned(), units }];
        let wanted = Wanted { families, on_hardware, ..wanted("policy", &[], &[]) };
        select(&[offer("a", 1)], &[wanted], trials, &[]).swap_remove(0)
    };
    let alone = std::slice::from_ref(&simulated);
    assert_eq!(choice(alone, false, 1).chosen(), Some("a"));
    let virtual_only = choice(alone, true, 1);
    let why = "only simulated devices stood for it";
    assert_eq!(missed(&virtual_only.considered[0]), [("phone", Outcome::NotProven, why)]);
    let one = choice(&[real.clone(), real.clone(), simulated], true, 2);
    let why = "ran on 1 of the 2 units that a claim about it needs";
    assert_eq!(missed(&one.considered[0]), [("phone", Outcome::NotProven, why)]);
    assert_eq!(choice(&[real, second], true, 2).chosen(), Some("a"));
}

#[test]
fn who_has_no_size_is_nobodys_smallest_and_what_is_excused_is_told() {
    let mut held = measured(0.95, 0.92, 14.0, 15.0);
    held[1].accepted = Some("waived".to_owned());
    let trials = [trial("a", "policy", "phone", held.clone()), trial("b", "policy", "phone", held)];
    let offers = [Offer { size: None, ..offer("a", 0) }, offer("b", 2)];
    let choice = &select(&offers, &[wanted("policy", &["phone"], &[])], &trials, &[])[0];
    assert_eq!(choice.chosen(), Some("b"));
    assert_eq!(choice.considered[0].accepted.iter().collect::<Vec<_>>(), ["floor_tps: waived"]);
    assert!(missed(&choice.considered[1])[0].2.starts_with("the size of its artifact is not known"));
}

proptest! {
    #[test]
    fn who_is_chosen_clears_and_nobody_smaller_does(
        floors in proptest::collection::vec((1_u64..50, 5.0_f64..30.0), 1..8),
    ) {
        let name = |index: usize| format!("c{index}");
        let offers: Vec<Offer> = floors.iter().enumerate().map(|(index, (size, _))| offer(&name(index), *size)).collect();
        let trials: Vec<Trial> = floors
            .iter()
            .enumerate()
            .map(|(index, (_, floor))| trial(&name(index), "r", "f", measured(1.0, 0.9, *floor, 15.0)))
            .collect();
        let choice = &select(&offers, &[wanted("r", &["f"], &[QUALITY, FLOOR])], &trials, &[])[0];
        let clearing = floors.iter().filter(|(_, floor)| *floor >= 15.0).map(|(size, _)| *size).min();
        let chosen = choice.considered.iter().find(|considered| considered.standing == Standing::Chosen);
        prop_assert_eq!(chosen.and_then(|considered| considered.offer.size).map(|size| size.0), clearing);
    }
}
