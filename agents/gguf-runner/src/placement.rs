//! Where llama.cpp put the model, from its own log.

use edgesoak_protocol::runner::{PlacedShare, Placement};

/// Longest text of the engine's own words, bytes.
const LONGEST_RAW: usize = 4 << 10;
/// Parts of the log's lines that say where something lies.
const TELLING: [&str; 5] = ["layers to GPU", "buffer size", "graph splits", "using device", "n_gpu_layers"];

/// The placement that the log of a load proves.
///
/// llama.cpp counts the output layer too: a model of 30 layers has 31 units. The line `offloaded x/y layers to
/// GPU` exists only in a build with a GPU backend. Without a GPU among the devices (`gpu_devices == 0`) all
/// layers are on the CPU, whatever was asked for; with one, no line means that nobody knows.
pub fn placement(
    requested: String,
    layers: u32,
    gpu_devices: usize,
    log: &str,
    system_info: &str,
) -> Placement {
    let units = layers + 1;
    let offloaded = log.lines().rev().find_map(offloaded);
    let (actual, evidence, confidence) = match offloaded {
        Some((gpu, all)) if gpu <= all && all > 0 => (shares(gpu, all), "log", "observed"),
        _ if gpu_devices == 0 => (shares(0, units), "api", "observed"),
        _ => (Vec::new(), "log", "unknown"),
    };
    Placement {
        requested,
        actual,
        unit: "layer".to_owned(),
        evidence: evidence.to_owned(),
        raw: telling(log, system_info),
        confidence: confidence.to_owned(),
    }
}

fn offloaded(line: &str) -> Option<(u32, u32)> {
    let (_, rest) = line.split_once("offloaded ")?;
    let (counts, _) = rest.split_once(" layers to GPU")?;
    let (gpu, all) = counts.split_once('/')?;
    Some((gpu.trim().parse().ok()?, all.trim().parse().ok()?))
}

fn shares(gpu: u32, all: u32) -> Vec<PlacedShare> {
    [("gpu", gpu), ("cpu", all - gpu)]
        .into_iter()
        .filter(|(_, units)| *units > 0)
        .map(|(device, units)| PlacedShare {
            device: device.to_owned(),
            units,
            share: f64::from(units) / f64::from(all),
        })
        .collect()
}

fn telling(log: &str, system_info: &str) -> String {
    let mut raw = format!("system info: {}", system_info.trim());
    for line in log.lines().filter(|line| TELLING.iter().any(|part| line.contains(part))) {
        if raw.len() + 1 + line.len() > LONGEST_RAW {
            break;
        }
        raw.push('\n');
        raw.push_str(line.trim());
    }
    let mut end = raw.len().min(LONGEST_RAW);
    while !raw.is_char_boundary(end) {
        end -= 1;
    }
    raw.truncate(end);
    raw
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFLOADED: &str = "load_tensors: offloading 20 repeating layers to GPU\n\
                             load_tensors: offloaded 20/31 layers to GPU\n\
                             load_tensors:   CPU_Mapped model buffer size =    93.80 MiB\nnoise\n";

    fn devices(placement: &Placement) -> Vec<(&str, u32)> {
        placement.actual.iter().map(|share| (share.device.as_str(), share.units)).collect()
    }

    #[test]
    fn a_split_is_read_from_the_log() {
        let split = placement("gpu".to_owned(), 30, 1, OFFLOADED, "AVX2 = 1");
        assert_eq!(devices(&split), [("gpu", 20), ("cpu", 11)]);
        assert!((split.actual[0].share - 20.0 / 31.0).abs() < 1e-12);
        assert_eq!((split.evidence.as_str(), split.confidence.as_str()), ("log", "observed"));
        assert_eq!(split.raw.lines().count(), 4, "system info and three telling lines: {}", split.raw);
    }

    #[test]
    fn a_cpu_build_says_cpu_even_if_a_gpu_was_asked_for() {
        let cpu = placement("gpu".to_owned(), 30, 0, "load_tensors: CPU model buffer size = 9 MiB", "");
        assert_eq!(devices(&cpu), [("cpu", 31)]);
        assert_eq!((cpu.requested.as_str(), cpu.confidence.as_str()), ("gpu", "observed"));
    }

    #[test]
    fn a_gpu_build_without_the_line_is_unknown() {
        for log in [
            "",
            "offloaded x/31 layers to GPU",
            "offloaded 32/31 layers to GPU",
            "offloaded 0/0 layers to GPU",
        ] {
            let nobody_knows = placement("gpu".to_owned(), 30, 1, log, "");
            assert_eq!(
                (devices(&nobody_knows), nobody_knows.confidence.as_str()),
                (vec![], "unknown"),
                "{log}"
            );
        }
    }

    #[test]
    fn the_engines_words_are_bounded() {
        let flood = "model buffer size é\n".repeat(10_000);
        let bounded = placement("cpu".to_owned(), 1, 0, &flood, &"é".repeat(3000));
        assert!(bounded.raw.len() <= LONGEST_RAW);
    }
}
