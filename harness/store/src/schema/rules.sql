-- Version 3: views read a raw integer by its channel's rule, as the program does. A number with which a driver says that
-- it has no value is no value.

-- What each sample says: a value in the channel's unit, or the reason why there is none. `raw` stays as it was printed.
CREATE VIEW sample_reading AS
SELECT channel_id, seq, t_mono_ns, raw, CASE WHEN reason IS NULL THEN scaled END AS value, reason
FROM (SELECT m.channel_id AS channel_id, m.seq AS seq, m.t_mono_ns AS t_mono_ns, m.raw AS raw,
             m.raw * c.scale AS scaled,
             CASE
             WHEN m.raw IS NULL THEN m.reason
             -- Plain numbers, and those whose parser has told already.
             WHEN c.rule IN (0, 1, 4) THEN NULL
             -- Temperatures: zero where the neighbours are warm, the numbers of open inputs, where drivers park.
             WHEN c.rule IN (2, 3, 8, 9) THEN
                 CASE
                 WHEN c.rule IN (3, 9) AND m.raw = 0 THEN 'sentinel'
                 WHEN c.rule = 9 AND abs(m.raw * c.scale) < 1.0 THEN 'implausible'
                 WHEN m.raw IN (65535, -2147483648, -22) THEN 'sentinel'
                 WHEN abs(m.raw * c.scale + 274.0) < 1e-6 OR abs(m.raw * c.scale + 273.0) < 1e-6
                   OR abs(m.raw * c.scale + 127.0) < 1e-6 OR abs(m.raw * c.scale + 99.9) < 1e-6
                   OR abs(m.raw * c.scale + 40.0) < 1e-6 OR abs(m.raw * c.scale + 26.428) < 1e-6
                   OR abs(m.raw * c.scale - 125.0) < 1e-6 THEN 'sentinel'
                 WHEN c.rule IN (8, 9) AND (m.raw IN (-274, -273, -127, -40, 125) OR m.raw * c.scale < -200.0)
                 THEN 'sentinel'
                 WHEN m.raw * c.scale BETWEEN -20.0 AND 130.0 THEN NULL
                 ELSE 'implausible'
                 END
             -- Numbers of drivers: errors written as values, nothing at or below zero, shares, currents without a unit.
             WHEN c.rule IN (5, 6, 7, 10) THEN
                 CASE
                 WHEN m.raw IN (-61, -22, -2147483648, 2147483647) THEN 'sentinel'
                 WHEN c.rule = 6 AND m.raw <= 0 THEN 'sentinel'
                 WHEN c.rule = 7 AND m.raw < 0 THEN 'sentinel'
                 WHEN c.rule = 7 AND m.raw * c.scale > 100.0 THEN 'implausible'
                 WHEN c.rule = 10 AND m.raw <> 0 AND m.raw NOT BETWEEN 10001 AND 30000000
                  AND m.raw NOT BETWEEN -30000000 AND -10001 THEN 'implausible'
                 END
             ELSE 'parse'
             END AS reason
      FROM sample m JOIN channel c ON c.id = m.channel_id);

DROP VIEW reading;
CREATE VIEW reading AS
SELECT s.run_id AS run, s.session AS session, c.name AS channel, c.quantity AS quantity,
       (m.t_mono_ns - s.first_scored_submit_mono_ns) / 1e9 AS t_s,
       m.value AS value, c.unit AS unit, m.reason AS reason
FROM session s
JOIN channel c ON c.session_id = s.id
JOIN sample_reading m ON m.channel_id = c.id;

-- As before, from readings: a product needs two values, and a counter's rise two as well.
DROP VIEW power;
CREATE VIEW power AS
SELECT run, session, channel, 'power' AS source, t_s, value AS watts, reason
FROM reading WHERE quantity = 'power'
UNION ALL
SELECT s.run_id, s.session, rtrim(v.folder, '/'), 'voltage*current',
       (mv.t_mono_ns - s.first_scored_submit_mono_ns) / 1e9,
       mv.value * mi.value, coalesce(mv.reason, mi.reason)
FROM session s
JOIN (SELECT session_id, id, group_id, rtrim(name, replace(name, '/', '')) AS folder
      FROM channel WHERE quantity = 'voltage' AND missing_reason IS NULL
      GROUP BY session_id, group_id, rtrim(name, replace(name, '/', '')) HAVING count(*) = 1) v
  ON v.session_id = s.id
JOIN (SELECT session_id, id, group_id, rtrim(name, replace(name, '/', '')) AS folder
      FROM channel WHERE quantity = 'current' AND missing_reason IS NULL
      GROUP BY session_id, group_id, rtrim(name, replace(name, '/', '')) HAVING count(*) = 1) i
  ON i.session_id = s.id AND i.group_id = v.group_id AND i.folder = v.folder
JOIN sample_reading mv ON mv.channel_id = v.id
JOIN sample_reading mi ON mi.channel_id = i.id AND mi.seq = mv.seq
UNION ALL
SELECT s.run_id, s.session, c.name, 'energy',
       (m.t_mono_ns - s.first_scored_submit_mono_ns) / 1e9,
       (m.raw - b.raw) * c.scale * 1e9 / (m.t_mono_ns - b.t_mono_ns), NULL
FROM session s
JOIN channel c ON c.session_id = s.id AND c.quantity = 'energy'
JOIN sample_reading m ON m.channel_id = c.id
JOIN sample_reading b ON b.channel_id = c.id AND b.seq =
     (SELECT max(p.seq) FROM sample p WHERE p.channel_id = c.id AND p.seq < m.seq)
WHERE m.value IS NOT NULL AND b.value IS NOT NULL AND m.raw >= b.raw AND m.t_mono_ns > b.t_mono_ns
UNION ALL
SELECT r.run, r.session, r.meter, 'meter',
       (r.host_mono_ns + coalesce(
            (SELECT o.offset_ns FROM clock_offset o WHERE o.run_id = s.run_id AND o.session_id = s.id
             AND o.host_mono_ns <= r.host_mono_ns ORDER BY o.host_mono_ns DESC LIMIT 1),
            (SELECT o.offset_ns FROM clock_offset o WHERE o.run_id = s.run_id AND o.session_id = s.id
             ORDER BY o.host_mono_ns LIMIT 1))
        - s.first_scored_submit_mono_ns) / 1e9,
       r.watts, r.reason
FROM meter_reading r JOIN session s ON s.run_id = r.run AND s.session = r.session;
