//! What the runner says about itself.

use std::io::{self, Write};

use edgesoak_protocol::runner::{Event, IMAGE, PlacedShare, Placement, VERSION, text_alone};

use crate::options::Claim;

/// Writes one event as one line, in one write.
pub fn say(out: &mut impl Write, event: &Event) -> io::Result<()> {
    let mut line = serde_json::to_vec(event)?;
    line.push(b'\n');
    out.write_all(&line)?;
    out.flush()
}

/// The answer to `hello`.
pub fn caps(takes_images: bool) -> Event {
    let mut inputs = text_alone();
    inputs.extend(takes_images.then(|| IMAGE.to_owned()));
    Event::Caps {
        version: VERSION,
        runtime: "scripted".to_owned(),
        runtime_version: env!("CARGO_PKG_VERSION").to_owned(),
        cpu_features: Vec::new(),
        devices: vec!["cpu".to_owned()],
        inputs,
        decodes: true,
    }
}

/// A failed request.
pub fn error(id: Option<u32>, code: &str, message: &str) -> Event {
    Event::Error { id, code: code.to_owned(), message: message.to_owned() }
}

/// The placement that was to be claimed.
pub fn placement(requested: String, claim: Claim) -> Placement {
    let on = |device: &str| vec![PlacedShare { device: device.to_owned(), units: 1, share: 1.0 }];
    let (actual, confidence) = match claim {
        Claim::Cpu => (on("cpu"), "observed"),
        Claim::Gpu => (on("gpu"), "observed"),
        Claim::Unknown => (Vec::new(), "unknown"),
    };
    Placement {
        requested,
        actual,
        unit: "device".to_owned(),
        evidence: "plan".to_owned(),
        raw: "scripted: no model is computed".to_owned(),
        confidence: confidence.to_owned(),
    }
}
