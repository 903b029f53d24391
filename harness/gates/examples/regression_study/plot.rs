//! The outcomes over the true change as a drawing: what a gate promises, at a glance.

use std::fmt::Write as _;

use super::fleet::Cell;
use super::{SIGMAS, Tally};

/// True changes: every half of a per cent down to -12 %.
const STEPS: u32 = 24;
const STEP: f64 = 0.005;
/// Size of one panel, and what is around it, pixels.
const WIDTH: f64 = 260.0;
const HEIGHT: f64 = 180.0;
const LEFT: f64 = 48.0;
const TOP: f64 = 44.0;
const GAP: f64 = 28.0;

/// Parts of fleets that passed and failed at each step.
type Course = Vec<(f64, f64)>;

/// Draws fleets of three phones of which one changed, with history, one panel for each spread.
pub fn drawn(fleets: u32, seed: u64) -> String {
    let (width, height) = (LEFT + 3.0 * WIDTH + 2.0 * GAP + 16.0, TOP + HEIGHT + 52.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">\n\
         <title>Outcome of a comparison over the true change of one phone of three</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    for (panel, sigma) in SIGMAS.into_iter().enumerate() {
        let x = LEFT + panel as f64 * (WIDTH + GAP);
        svg.push_str(&of_panel(x, sigma, &course(sigma, fleets, seed), panel));
    }
    let middle = LEFT + 1.5 * WIDTH + GAP;
    let _ = writeln!(
        svg,
        "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">true change of one phone of three, per cent</text>\n</svg>",
        height - 8.0
    );
    svg
}

fn course(sigma: f64, fleets: u32, seed: u64) -> Course {
    let at = |step: u32| {
        let effects = vec![-STEP * f64::from(step), 0.0, 0.0];
        let tally = Tally::of(&Cell { sigma, effects, history: true }, fleets, seed);
        (Tally::part(tally.passed, fleets), Tally::part(tally.failed, fleets))
    };
    (0..=STEPS).map(at).collect()
}

/// Fails from below, passes from above, between them what stays open.
fn of_panel(x: f64, sigma: f64, course: &Course, panel: usize) -> String {
    let across = |step: usize| x + WIDTH * step as f64 / f64::from(STEPS);
    let up = |part: f64| TOP + HEIGHT * (1.0 - part);
    let area = |from: f64, of: &dyn Fn(&(f64, f64)) -> f64, fill: &str| {
        let line: Vec<String> = course
            .iter()
            .enumerate()
            .map(|(i, parts)| format!("{:.1},{:.1}", across(i), up(of(parts))))
            .collect();
        let (first, last) = (format!("{x:.1},{:.1}", up(from)), format!("{:.1},{:.1}", x + WIDTH, up(from)));
        format!("<polygon points=\"{first} {} {last}\" fill=\"{fill}\"/>\n", line.join(" "))
    };
    let mut svg = format!(
        "<text x=\"{x}\" y=\"{}\" font-weight=\"bold\">spread between runs {:.0} %</text>\n\
         <rect x=\"{x}\" y=\"{TOP}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#e4e4e4\"/>\n",
        TOP - 12.0,
        sigma * 100.0
    );
    svg += &area(1.0, &|parts| 1.0 - parts.0, "#7fb8a4");
    svg += &area(0.0, &|parts| parts.1, "#d98b7a");
    let margin = x + WIDTH * 0.05 / (STEP * f64::from(STEPS));
    let _ = writeln!(
        svg,
        "<line x1=\"{margin:.1}\" x2=\"{margin:.1}\" y1=\"{TOP}\" y2=\"{}\" stroke=\"#222\" stroke-dasharray=\"4 3\"/>",
        TOP + HEIGHT
    );
    for tick in (0..=STEPS).step_by(4) {
        let at = x + WIDTH * f64::from(tick) / f64::from(STEPS);
        let label = if tick == 0 { "0".to_owned() } else { format!("-{}", tick / 2) };
        let _ = writeln!(
            svg,
            "<text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{label}</text>",
            TOP + HEIGHT + 18.0
        );
    }
    if panel == 0 {
        for (part, label) in [(0.0, "0"), (0.5, "50"), (1.0, "100 %")] {
            let _ = writeln!(
                svg,
                "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
                x - 6.0,
                up(part) + 4.0
            );
        }
        let at = (margin + 4.0, TOP + 12.0);
        let _ = writeln!(svg, "<text x=\"{:.1}\" y=\"{}\" font-size=\"11\">accepted loss</text>", at.0, at.1);
    } else if panel == SIGMAS.len() - 1 {
        // The widest one has room for words.
        for (along, part, word) in [(0.06, 0.75, "pass"), (0.45, 0.45, "not proven"), (0.84, 0.25, "fail")] {
            let _ = writeln!(svg, "<text x=\"{:.1}\" y=\"{:.1}\">{word}</text>", x + WIDTH * along, up(part));
        }
    }
    svg
}
