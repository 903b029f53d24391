//! The strips as XML.

use crate::made_up;

/// Every plot of a page.
pub fn plots(page: &str) -> Vec<&str> {
    page.match_indices("<svg")
        .map(|(begin, _)| {
            let end = page[begin..].find("</svg>").expect("a closed plot") + begin + "</svg>".len();
            &page[begin..end]
        })
        .collect()
}

/// Parses every plot; every coordinate is a number on the sheet.
pub fn check(page: &str) {
    for plot in plots(page) {
        let svg = roxmltree::Document::parse(plot).expect("a plot is well-formed XML");
        let view = svg.root_element().attribute("viewBox").expect("a view box");
        let size: Vec<f64> = view.split(' ').map(|part| part.parse().expect("a number")).collect();
        for node in svg.descendants().filter(roxmltree::Node::is_element) {
            for name in ["x", "y", "x1", "x2", "y1", "y2", "width", "height"] {
                if let Some(value) = node.attribute(name) {
                    let value: f64 = value.parse().expect("a number");
                    assert!(
                        value.is_finite() && value.abs() <= 8.0 * (size[2] + size[3]),
                        "{name} = {value}"
                    );
                }
            }
            if let Some(points) = node.attribute("points") {
                check_points(points, &size);
            }
        }
    }
}

fn check_points(points: &str, size: &[f64]) {
    assert!(!points.is_empty());
    for point in points.split(' ') {
        let (x, y) = point.split_once(',').expect("a pair");
        let (x, y): (f64, f64) = (x.parse().expect("a number"), y.parse().expect("a number"));
        assert!(
            (0.0..=size[2] * 4.0).contains(&x) && (0.0..=size[3] * 4.0).contains(&y),
            "{point} is off the sheet"
        );
    }
}

#[test]
fn plots_are_well_formed_and_finite() {
    let (run, verdict) = made_up::example();
    let page = edgesoak_reports::html(&run, &verdict);
    assert_eq!(plots(&page).len(), 3);
    check(&page);
}

#[test]
fn no_sentinel_colour_is_left() {
    let (run, verdict) = made_up::example();
    let page = edgesoak_reports::html(&run, &verdict);
    for plot in plots(&page) {
        assert!(!plot.contains("#0100"), "a line without a class");
        assert!(plot.contains("class=\"i-rate\"") && plot.contains("class=\"i-bar\""));
    }
}

#[test]
fn bar_floor_burst_onset_and_stall_are_named() {
    let (run, verdict) = made_up::example();
    let page = edgesoak_reports::html(&run, &verdict);
    let plot = plots(&page)[0];
    for words in [
        "bar 18<",
        "floor 15.5<",
        "burst 23.1<",
        "sustained 16.0<",
        "under 90 % of burst from 3:29 ± 0:15<",
        "stall 3.",
        "rest<",
        "recovery<",
    ] {
        assert!(plot.contains(words), "{words} is not on the plot");
    }
}

#[test]
fn missing_sensors_are_said_in_their_place() {
    let (run, verdict) = made_up::example();
    let page = edgesoak_reports::html(&run, &verdict);
    let plot = plots(&page)[1];
    for words in [
        "No temperature: /sys/class/thermal is absent; /sys/class/hwmon is absent.",
        "No clock: /sys/devices/system/cpu/cpufreq is absent.",
        "/sys/class/powercap may not be read.",
    ] {
        assert!(plot.contains(words), "{words} is not on the plot");
    }
    assert!(!plot.contains("class=\"i-heat\""));
}

#[test]
fn the_rate_of_the_table_is_tokens_by_active_time() {
    let course =
        made_up::decode::Course { seconds: 300.0, prefill: 1.5, ..made_up::decode::Course::default() };
    let record = made_up::session::record("s01", "made-up-1", &course, 1.0);
    let judged = made_up::gates::held(&record, &course);
    let (run, verdict) = made_up::run_of(vec![(record, judged)]);
    let page = edgesoak_reports::html(&run, &verdict);
    let row = page.split("<th scope=\"row\">1:00</th>").nth(1).expect("a row at one minute");
    let cell = row.split("<td class=\"number\">").nth(1).and_then(|rest| rest.split("</td>").next());
    let rate: f64 = cell.expect("a cell").parse().expect("a rate");
    // By wall time 1.5 s of prefill in each 8 s would show as 16 tokens/s.
    assert!((rate - 20.0).abs() < 0.4, "{rate} tokens/s");
}

#[test]
fn a_faster_clock_of_memory_is_not_taken_for_the_processors() {
    let (mut run, verdict) = made_up::example();
    let channels = &mut run.sessions[0].channels;
    let clock = channels.iter().find(|channel| channel.name == "cpufreq/policy4/cur").expect("a clock");
    let mut memory = clock.clone();
    memory.name = "devfreq/memory-bus/cur".to_owned();
    for sample in memory.samples.list_mut() {
        sample.value = sample.value.map(|hertz| hertz * 2.0);
    }
    channels.push(memory);
    let page = edgesoak_reports::html(&run, &verdict);
    let plot = plots(&page)[0];
    assert!(plot.contains("policy4<"), "the processor's clock is on the plot");
    assert!(!plot.contains("memory-bus"), "the memory's is not");
}
