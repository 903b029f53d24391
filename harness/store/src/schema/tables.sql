-- Version 1: tables. Times are nanoseconds; `_mono_` is the device's monotonic clock, `_unix_` wall time.

CREATE TABLE run (
    run_id TEXT NOT NULL PRIMARY KEY,
    opened_unix_ns INTEGER NOT NULL,
    edgesoak_version TEXT NOT NULL,
    plan_id TEXT NOT NULL,
    profile TEXT NOT NULL,
    tier TEXT NOT NULL,
    expected_s REAL,
    plan_json TEXT NOT NULL,
    policy_json TEXT NOT NULL,
    policy_sha256 TEXT NOT NULL,
    history_json TEXT NOT NULL,
    closed INTEGER NOT NULL CHECK (closed IN (0, 1)),
    interrupted TEXT
) STRICT;

CREATE TABLE host_entry (
    run_id TEXT NOT NULL REFERENCES run (run_id),
    line INTEGER NOT NULL,
    at_unix_ns INTEGER NOT NULL,
    session TEXT,
    kind TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (run_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE damaged_line (
    run_id TEXT NOT NULL REFERENCES run (run_id),
    line INTEGER NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (run_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES run (run_id),
    session TEXT NOT NULL,
    position INTEGER NOT NULL,
    repeat_number INTEGER NOT NULL,
    device TEXT NOT NULL,
    family TEXT NOT NULL,
    route TEXT NOT NULL,
    workload TEXT NOT NULL,
    candidate TEXT NOT NULL,
    artifact_sha256 TEXT NOT NULL,
    planned_soak_ms INTEGER NOT NULL,
    is_virtual INTEGER NOT NULL CHECK (is_virtual IN (0, 1)),
    close_state TEXT,
    close_cause TEXT,
    close_detail TEXT,
    whose TEXT,
    -- From here on: the device's journal; all NULL until the host has any of it.
    header_sha256 TEXT,
    boot_id TEXT,
    agent_version TEXT,
    says_virtual INTEGER CHECK (says_virtual IN (0, 1)),
    opened_mono_ns INTEGER,
    opened_boottime_ns INTEGER,
    opened_unix_ns INTEGER,
    last_mono_ns INTEGER,
    first_scored_submit_mono_ns INTEGER,
    journal_bytes INTEGER,
    last_seq INTEGER,
    ending TEXT CHECK (ending IN ('finished', 'open', 'torn', 'corrupt')),
    ending_detail TEXT,
    finish_reason TEXT,
    finish_detail TEXT,
    UNIQUE (run_id, session)
) STRICT;

CREATE TABLE bar (
    session_id INTEGER NOT NULL REFERENCES session (id),
    position INTEGER NOT NULL,
    gate TEXT NOT NULL,
    limit_value REAL NOT NULL,
    unit TEXT NOT NULL,
    PRIMARY KEY (session_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE clock_offset (
    run_id TEXT NOT NULL REFERENCES run (run_id),
    line INTEGER NOT NULL,
    session_id INTEGER NOT NULL REFERENCES session (id),
    host_mono_ns INTEGER NOT NULL,
    offset_ns INTEGER NOT NULL,
    uncertainty_ns INTEGER NOT NULL,
    suspended_ns INTEGER NOT NULL,
    PRIMARY KEY (run_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE verdict (
    run_id TEXT NOT NULL PRIMARY KEY REFERENCES run (run_id),
    verdict TEXT NOT NULL,
    exit_code INTEGER NOT NULL,
    reason TEXT NOT NULL,
    sentence TEXT NOT NULL,
    json TEXT NOT NULL
) STRICT;

CREATE TABLE session_verdict (
    run_id TEXT NOT NULL REFERENCES verdict (run_id),
    position INTEGER NOT NULL,
    session TEXT NOT NULL,
    verdict TEXT NOT NULL,
    sentence TEXT NOT NULL,
    PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE gate_result (
    run_id TEXT NOT NULL REFERENCES verdict (run_id),
    session TEXT NOT NULL,
    position INTEGER NOT NULL,
    gate TEXT NOT NULL,
    outcome TEXT NOT NULL,
    measured REAL,
    lo REAL,
    hi REAL,
    limit_value REAL,
    unit TEXT NOT NULL,
    n INTEGER NOT NULL,
    sentence TEXT NOT NULL,
    cause TEXT,
    blocking INTEGER NOT NULL CHECK (blocking IN (0, 1)),
    accepted TEXT,
    PRIMARY KEY (run_id, session, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE channel_group (
    session_id INTEGER NOT NULL REFERENCES session (id),
    group_id INTEGER NOT NULL,
    period_ns INTEGER NOT NULL,
    PRIMARY KEY (session_id, group_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE channel (
    id INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES session (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    quantity TEXT NOT NULL,
    unit TEXT NOT NULL,
    scale REAL NOT NULL,
    rule INTEGER NOT NULL,
    group_id INTEGER NOT NULL,
    source TEXT NOT NULL,
    missing_reason TEXT,
    UNIQUE (session_id, position)
) STRICT;

-- `raw` is what the device printed; the channel's unit is reached by `raw * scale`.
-- The frame's number is the key, not its time: a device may repeat a time, it cannot repeat a number.
CREATE TABLE sample (
    channel_id INTEGER NOT NULL REFERENCES channel (id),
    seq INTEGER NOT NULL,
    t_mono_ns INTEGER NOT NULL,
    raw INTEGER,
    reason TEXT,
    PRIMARY KEY (channel_id, seq),
    CHECK ((raw IS NULL) <> (reason IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE phase (
    session_id INTEGER NOT NULL REFERENCES session (id),
    seq INTEGER NOT NULL,
    begin_mono_ns INTEGER NOT NULL,
    phase TEXT NOT NULL,
    PRIMARY KEY (session_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE prompt (
    session_id INTEGER NOT NULL REFERENCES session (id),
    prompt INTEGER NOT NULL,
    item TEXT NOT NULL,
    phase TEXT NOT NULL,
    submit_mono_ns INTEGER NOT NULL,
    retrieve_ns INTEGER NOT NULL,
    render_ns INTEGER NOT NULL,
    prompt_sha256 TEXT NOT NULL,
    prompt_bytes INTEGER NOT NULL,
    tokens_per_stamp INTEGER,
    done_mono_ns INTEGER,
    finish TEXT,
    prompt_tokens INTEGER,
    decoded_tokens INTEGER,
    engine_prefill_ns INTEGER,
    engine_decode_ns INTEGER,
    PRIMARY KEY (session_id, prompt)
) STRICT, WITHOUT ROWID;

-- One row per callback of the engine; `token_index` is that of the first of its `tokens`.
CREATE TABLE token (
    session_id INTEGER NOT NULL REFERENCES session (id),
    prompt INTEGER NOT NULL,
    token_index INTEGER NOT NULL,
    t_mono_ns INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    PRIMARY KEY (session_id, prompt, token_index)
) STRICT, WITHOUT ROWID;

CREATE TABLE runtime (
    session_id INTEGER NOT NULL REFERENCES session (id),
    seq INTEGER NOT NULL,
    started_mono_ns INTEGER NOT NULL,
    pid INTEGER NOT NULL,
    runtime TEXT NOT NULL,
    runtime_version TEXT NOT NULL,
    cpu_features_json TEXT NOT NULL,
    load_ns INTEGER NOT NULL,
    threads INTEGER NOT NULL,
    context_tokens INTEGER NOT NULL,
    PRIMARY KEY (session_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE runtime_exit (
    session_id INTEGER NOT NULL REFERENCES session (id),
    seq INTEGER NOT NULL,
    at_mono_ns INTEGER NOT NULL,
    exit_code INTEGER,
    signal INTEGER,
    last_rss_bytes INTEGER,
    last_words TEXT NOT NULL,
    PRIMARY KEY (session_id, seq),
    CHECK ((exit_code IS NULL) <> (signal IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE placement (
    session_id INTEGER NOT NULL REFERENCES session (id),
    seq INTEGER NOT NULL,
    requested TEXT NOT NULL,
    unit TEXT NOT NULL,
    evidence TEXT NOT NULL,
    raw TEXT NOT NULL,
    confidence TEXT NOT NULL,
    PRIMARY KEY (session_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE placed_share (
    session_id INTEGER NOT NULL REFERENCES session (id),
    seq INTEGER NOT NULL,
    position INTEGER NOT NULL,
    device TEXT NOT NULL,
    units INTEGER NOT NULL,
    share_millionths INTEGER NOT NULL,
    PRIMARY KEY (session_id, seq, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE verified_file (
    session_id INTEGER NOT NULL REFERENCES session (id),
    seq INTEGER NOT NULL,
    what TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (session_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE gap (
    session_id INTEGER NOT NULL REFERENCES session (id),
    seq INTEGER NOT NULL,
    t_mono_ns INTEGER NOT NULL,
    group_id INTEGER NOT NULL,
    missed_ticks INTEGER NOT NULL,
    PRIMARY KEY (session_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE overhead (
    session_id INTEGER NOT NULL REFERENCES session (id),
    seq INTEGER NOT NULL,
    t_mono_ns INTEGER NOT NULL,
    cpu_ns INTEGER NOT NULL,
    rss_bytes INTEGER NOT NULL,
    missed_ticks INTEGER NOT NULL,
    worst_jitter_ns INTEGER NOT NULL,
    worst_sync_ns INTEGER NOT NULL,
    PRIMARY KEY (session_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
    session_id INTEGER NOT NULL REFERENCES session (id),
    seq INTEGER NOT NULL,
    t_mono_ns INTEGER NOT NULL,
    code TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (session_id, seq)
) STRICT, WITHOUT ROWID;
