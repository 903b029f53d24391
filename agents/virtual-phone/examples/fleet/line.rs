//! A row as a line of JSON.

use edgesoak_protocol::units::Nanos;
use edgesoak_virtual_phone::fleet::{OUTPUT_TOKENS, Row, SOAK};
use edgesoak_virtual_phone::record::Recorded;
use serde_json::{Value, json};

pub fn of(row: &Row, session: &str, seed: u64, recorded: &Recorded, rests: [Option<f64>; 2]) -> Value {
    let truth = recorded.truth.as_ref().map(|truth| {
        json!({
            "burst_tps": truth.burst.map(|rate| rate.0),
            "sustained_tps": truth.sustained.map(|rate| rate.0),
            "floor_tps": truth.floor.map(|rate| rate.0),
            "time_to_throttle_s": truth.time_to_throttle.map(Nanos::as_secs_f64),
            "joules": truth.energy.0,
            "tokens": truth.tokens,
            "last_token_s": truth.last_token.as_secs_f64(),
            "memory_mib_per_min": recorded.memory_slope,
        })
    });
    let boot = row.boot();
    json!({
        "session": session,
        "name": row.name,
        "twin": row.twin,
        "profile": row.profile,
        "candidate": row.candidate.name,
        "model": row.candidate.model.text(),
        "device": row.candidate.device,
        "threads": row.candidate.threads,
        "seed": seed,
        "fault": row.fault,
        "planted": row.planted,
        "red": row.red,
        "also": row.also,
        "slowed_by": row.slowed_by,
        "stop_at_c": row.stop_at_c,
        "soak_ms": SOAK.0,
        "output_tokens": OUTPUT_TOKENS,
        "artifact_sha256": row.job("", "").artifact.sha256,
        "prompts_sha256": row.job("", "").workload.prompts.sha256,
        "is_mains": row.is_mains(),
        "tells_heat": row.tells_heat(),
        "ambient_c": row.room_c,
        "begin": { "mono_ns": boot.mono.0, "boottime_ns": boot.boottime.0 },
        "end": { "mono_ns": recorded.mono.0, "boottime_ns": recorded.boottime.0 },
        "took_ns": recorded.took.0,
        "is_off": recorded.down.is_some(),
        "frames": recorded.frames,
        "truth": truth,
        "rest_tps": rests[0],
        "warmer_rest_tps": rests[1],
    })
}
