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

/// The plots that are strips.
pub fn strips(page: &str) -> Vec<&str> {
    plots(page).into_iter().filter(|plot| plot.contains(" data-x=")).collect()
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
            if let Some(path) = node.attribute("d") {
                check_path(path, &size);
            }
        }
    }
}

/// Commands of a path with their numbers.
fn commands(path: &str) -> Vec<(char, Vec<f64>)> {
    let mut commands: Vec<(char, Vec<f64>)> = Vec::new();
    for c in path.replace('-', " -").chars().filter(char::is_ascii_alphabetic) {
        commands.push((c, Vec::new()));
    }
    let numbers = path.replace('-', " -");
    let texts = numbers.split(|c: char| c.is_ascii_alphabetic()).skip(1);
    for (command, text) in commands.iter_mut().zip(texts) {
        command.1 = text.split_whitespace().map(|number| number.parse().expect("a number")).collect();
    }
    commands
}

/// Every corner, most of which are told from the one before, lies on the sheet.
fn check_path(path: &str, size: &[f64]) {
    assert!(path.starts_with('M'), "{path}");
    let (mut x, mut y) = (0.0, 0.0);
    for (command, numbers) in commands(path) {
        let corners: Vec<(f64, f64)> = match command {
            'h' => numbers.iter().map(|dx| (*dx, 0.0)).collect(),
            'v' => numbers.iter().map(|dy| (0.0, *dy)).collect(),
            'M' | 'l' => numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect(),
            'z' => Vec::new(),
            other => panic!("{other} is none of our commands"),
        };
        for (dx, dy) in corners {
            (x, y) = if command == 'M' { (dx, dy) } else { (x + dx, y + dy) };
            assert!(
                (0.0..=size[2] * 4.0).contains(&x) && (0.0..=size[3] * 4.0).contains(&y),
                "{x}, {y} is off the sheet"
            );
        }
    }
}

#[test]
fn plots_are_well_formed_and_finite() {
    let (run, verdict) = made_up::example();
    let page = edgesoak_reports::html(&run, &verdict);
    assert_eq!(strips(&page).len(), 3);
    check(&page);
}

#[test]
fn no_sentinel_colour_is_left() {
    let (run, verdict) = made_up::example();
    let page = edgesoak_reports::html(&run, &verdict);
    for plot in strips(&page) {
        assert!(!plot.contains("#0100"), "a line without a class");
        assert!(plot.contains("class=\"i-rate\"") && plot.contains("class=\"i-bar\""));
    }
}

#[test]
fn bar_floor_burst_onset_and_stall_are_named() {
    let (run, verdict) = made_up::example();
    let page = edgesoak_reports::html(&run, &verdict);
    let plot = strips(&page)[0];
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
    let plot = strips(&page)[1];
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
    let plot = strips(&page)[0];
    assert!(plot.contains("policy4<"), "the processor's clock is on the plot");
    assert!(!plot.contains("memory-bus"), "the memory's is not");
}

#[test]
fn a_script_reads_back_what_was_drawn() {
    let (run, verdict) = made_up::example();
    let page = edgesoak_reports::html(&run, &verdict);
    let svg = roxmltree::Document::parse(strips(&page)[0]).expect("a plot is well-formed XML");
    let strip = svg
        .descendants()
        .find(|node| node.attribute("data-strip") == Some("Temperature"))
        .expect("temperatures are drawn");
    let path = strip.children().find(|node| node.attribute("data-name") == Some("battery")).expect("a line");
    let begin = &commands(path.attribute("d").expect("a path"))[0].1;
    let read: Vec<f64> = strip
        .attribute("data-y")
        .expect("a scale")
        .split(' ')
        .map(|part| part.parse().expect("a number"))
        .collect();
    // The battery begins at 27.5 °C; a quarter of a pixel is less than a tenth of a kelvin.
    assert!((read[0] + read[1] * begin[1] - 27.5).abs() < 0.1, "{read:?} {begin:?}");
    assert_eq!(strip.attribute("data-unit"), Some("°C"));
}

#[test]
fn every_strip_has_a_place_that_can_be_linked_to() {
    let (run, verdict) = made_up::example();
    let page = edgesoak_reports::html(&run, &verdict);
    for (place, plot) in strips(&page).into_iter().enumerate() {
        for slug in ["decode", "temperature", "clock", "power", "memory", "waiting", "processor"] {
            assert!(plot.contains(&format!("<g id=\"s{place}-{slug}\">")), "s{place}-{slug}");
        }
    }
}

#[test]
fn cooling_charger_and_trip_points_are_shown() {
    let (mut run, verdict) = made_up::example();
    let zone = |source: &str, celsius| {
        format!(r#"{{"source":"{source}","trips":[{{"kind":"passive","celsius":{celsius}}}]}}"#)
    };
    let text = format!(
        r#"{{"zones":[{},{}]}}"#,
        zone("/made-up/thermal/soc", 46.5),
        zone("/made-up/thermal/skin", 95.0)
    );
    let first = run.sessions[0].notes[0].clone();
    let code = edgesoak_record::thermal_limits::NOTE.to_owned();
    run.sessions[0].notes.push(edgesoak_record::session::Note { code, text, ..first });
    let plugs = |channel: &&mut edgesoak_record::session::Channel| channel.name == "battery/status";
    for channel in run.sessions[0].channels.iter_mut().filter(plugs) {
        let last = channel.samples.len() - 200;
        channel.samples.list_mut()[last..].iter_mut().for_each(|sample| sample.value = Ok(2.0));
    }
    let page = edgesoak_reports::html(&run, &verdict);
    let plot = strips(&page)[0];
    for words in [
        "passive trip 46.5<",
        "up to 2 from 2:5",
        "charging from 9:",
        "class=\"i-cool2\"",
        "class=\"i-plug\"",
    ] {
        assert!(plot.contains(words), "{words} is not on the plot");
    }
    assert!(!plot.contains("trip 95"), "a trip point far above would press the lines flat");
    assert!(page.contains("on battery, charging</td>"), "the table says both states of a row");
    assert!(strips(&page)[1].contains("No charger state") || strips(&page)[1].contains("on battery"));
}

#[test]
fn plots_say_why_they_are_missing() {
    let (mut run, mut verdict) = made_up::example();
    let page = edgesoak_reports::html(&run, &verdict);
    assert!(page.contains("No session has both a sustained rate and an energy that was measured."));
    assert!(page.contains("No clock of what decodes could be read."));
    for session in &mut run.sessions {
        session.prompts.iter_mut().for_each(|prompt| prompt.tokens_per_stamp = 4);
    }
    for session in &mut verdict.sessions {
        session
            .slowdowns
            .iter_mut()
            .flat_map(|slowdown| &mut slowdown.shares)
            .for_each(|share| share.loss = None);
    }
    let page = edgesoak_reports::html(&run, &verdict);
    assert!(page.contains("The runtime tells 4 tokens at a time: the time of each is not known."));
    assert!(page.contains("No suspect explains a part of this loss."));
    check(&page);
}

#[test]
fn energy_stands_against_rate_where_both_were_measured() {
    let (run, mut verdict) = made_up::example();
    for (session, joules) in verdict.sessions.iter_mut().zip([0.21, 0.13]) {
        let mut result = session.gates[0].clone();
        (result.gate, result.measured) = (edgesoak_record::Gate::JoulesPerToken, Some(joules));
        session.gates.push(result);
    }
    let page = edgesoak_reports::html(&run, &verdict);
    let plot = page.split("id=\"all-energy-by-rate\"").nth(1).expect("the plot is there");
    assert!(plot.contains("◇ made-up-scanner-1</text>") && plot.contains("0.210</td>"));
    check(&page);
}
