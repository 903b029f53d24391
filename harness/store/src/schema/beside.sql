-- Version 2: what commands printed, what was changed on a device, and what stood beside it.

-- What a command printed that samples of the same time were read from: the lines that count.
CREATE TABLE raw_output (
    session_id INTEGER NOT NULL REFERENCES session (id),
    seq INTEGER NOT NULL,
    t_mono_ns INTEGER NOT NULL,
    command TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    printed_bytes INTEGER NOT NULL,
    took_ns INTEGER NOT NULL,
    PRIMARY KEY (session_id, seq)
) STRICT, WITHOUT ROWID;

-- A setting that was changed (`before` is set) or given back.
CREATE TABLE device_change (
    session_id INTEGER NOT NULL REFERENCES session (id),
    seq INTEGER NOT NULL,
    t_mono_ns INTEGER NOT NULL,
    setting TEXT NOT NULL,
    before TEXT,
    after TEXT NOT NULL,
    PRIMARY KEY (session_id, seq)
) STRICT, WITHOUT ROWID;

-- From here on `host_mono` is the host's monotonic clock; `line` is the host journal's.
CREATE TABLE meter (
    session_id INTEGER NOT NULL REFERENCES session (id),
    meter TEXT NOT NULL,
    scope TEXT NOT NULL,
    gain_error_ppm INTEGER,
    PRIMARY KEY (session_id, meter)
) STRICT, WITHOUT ROWID;

CREATE TABLE meter_sample (
    session_id INTEGER NOT NULL REFERENCES session (id),
    line INTEGER NOT NULL,
    position INTEGER NOT NULL,
    meter TEXT NOT NULL,
    opened_host_mono_ns INTEGER NOT NULL,
    arrived_host_mono_ns INTEGER NOT NULL,
    own_ns INTEGER,
    microwatts INTEGER,
    reason TEXT,
    PRIMARY KEY (session_id, line, position),
    CHECK ((microwatts IS NULL) <> (reason IS NULL))
) STRICT, WITHOUT ROWID;

-- How a meter's own clock runs against the host's; of each stream of a meter the last line counts.
CREATE TABLE meter_clock (
    session_id INTEGER NOT NULL REFERENCES session (id),
    line INTEGER NOT NULL,
    meter TEXT NOT NULL,
    opened_host_mono_ns INTEGER NOT NULL,
    own_ns INTEGER NOT NULL,
    host_mono_ns INTEGER NOT NULL,
    drift_ppb INTEGER NOT NULL,
    residual_ns INTEGER NOT NULL,
    PRIMARY KEY (session_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE ambient_sample (
    session_id INTEGER NOT NULL REFERENCES session (id),
    line INTEGER NOT NULL,
    probe TEXT NOT NULL,
    host_mono_ns INTEGER NOT NULL,
    millicelsius INTEGER,
    reason TEXT,
    PRIMARY KEY (session_id, line),
    CHECK ((millicelsius IS NULL) <> (reason IS NULL))
) STRICT, WITHOUT ROWID;

-- Readings of meters by the time they were taken: the meter's own where it has a clock, else that of arrival.
CREATE VIEW meter_reading AS
SELECT s.run_id AS run, s.session AS session, m.meter AS meter, d.scope AS scope, m.line AS line,
       m.position AS position,
       coalesce(c.host_mono_ns + (m.own_ns - c.own_ns)
                    + CAST((m.own_ns - c.own_ns) * (c.drift_ppb / 1e9) AS INTEGER),
                m.arrived_host_mono_ns) AS host_mono_ns,
       m.microwatts / 1e6 AS watts, m.reason AS reason
FROM session s
JOIN meter_sample m ON m.session_id = s.id
JOIN meter d ON d.session_id = s.id AND d.meter = m.meter
LEFT JOIN meter_clock c ON c.session_id = s.id AND c.line =
     (SELECT max(l.line) FROM meter_clock l WHERE l.session_id = s.id AND l.meter = m.meter
      AND l.opened_host_mono_ns = m.opened_host_mono_ns);

CREATE VIEW ambient AS
SELECT s.run_id AS run, s.session AS session, a.probe AS probe, a.host_mono_ns AS host_mono_ns,
       a.millicelsius / 1e3 AS celsius, a.reason AS reason
FROM session s JOIN ambient_sample a ON a.session_id = s.id;

-- Power has four sources now: beside the device's own three, a meter. Its times come to the device's clock through
-- the last comparison of the clocks before them, or the first one.
DROP VIEW power;
CREATE VIEW power AS
SELECT run, session, channel, 'power' AS source, t_s, value AS watts, reason
FROM reading WHERE quantity = 'power'
UNION ALL
SELECT s.run_id, s.session, rtrim(v.folder, '/'), 'voltage*current',
       (mv.t_mono_ns - s.first_scored_submit_mono_ns) / 1e9,
       (mv.raw * v.scale) * (mi.raw * i.scale), coalesce(mv.reason, mi.reason)
FROM session s
JOIN (SELECT session_id, id, group_id, scale, rtrim(name, replace(name, '/', '')) AS folder
      FROM channel WHERE quantity = 'voltage' AND missing_reason IS NULL
      GROUP BY session_id, group_id, rtrim(name, replace(name, '/', '')) HAVING count(*) = 1) v
  ON v.session_id = s.id
JOIN (SELECT session_id, id, group_id, scale, rtrim(name, replace(name, '/', '')) AS folder
      FROM channel WHERE quantity = 'current' AND missing_reason IS NULL
      GROUP BY session_id, group_id, rtrim(name, replace(name, '/', '')) HAVING count(*) = 1) i
  ON i.session_id = s.id AND i.group_id = v.group_id AND i.folder = v.folder
JOIN sample mv ON mv.channel_id = v.id
JOIN sample mi ON mi.channel_id = i.id AND mi.seq = mv.seq
UNION ALL
SELECT s.run_id, s.session, c.name, 'energy',
       (m.t_mono_ns - s.first_scored_submit_mono_ns) / 1e9,
       (m.raw - b.raw) * c.scale * 1e9 / (m.t_mono_ns - b.t_mono_ns), NULL
FROM session s
JOIN channel c ON c.session_id = s.id AND c.quantity = 'energy'
JOIN sample m ON m.channel_id = c.id
JOIN sample b ON b.channel_id = c.id AND b.seq =
     (SELECT max(p.seq) FROM sample p WHERE p.channel_id = c.id AND p.seq < m.seq)
WHERE m.raw >= b.raw AND m.t_mono_ns > b.t_mono_ns
UNION ALL
SELECT r.run, r.session, r.meter, 'meter',
       (r.host_mono_ns + coalesce(
            (SELECT o.offset_ns FROM clock_offset o WHERE o.run_id = s.run_id AND o.session_id = s.id AND o.host_mono_ns <= r.host_mono_ns
             ORDER BY o.host_mono_ns DESC LIMIT 1),
            (SELECT o.offset_ns FROM clock_offset o WHERE o.run_id = s.run_id AND o.session_id = s.id ORDER BY o.host_mono_ns LIMIT 1))
        - s.first_scored_submit_mono_ns) / 1e9,
       r.watts, r.reason
FROM meter_reading r JOIN session s ON s.run_id = r.run AND s.session = r.session;
