-- Version 1: views for people. `t_s` counts seconds from the submit of the first scored prompt, on the
-- device's clock; it is NULL where no prompt was scored.

-- Every reading in its unit; exactly one of `value` and `reason` is set.
CREATE VIEW reading AS
SELECT s.run_id AS run, s.session AS session, c.name AS channel, c.quantity AS quantity,
       (m.t_mono_ns - s.first_scored_submit_mono_ns) / 1e9 AS t_s,
       m.raw * c.scale AS value, c.unit AS unit, m.reason AS reason
FROM session s
JOIN channel c ON c.session_id = s.id
JOIN sample m ON m.channel_id = c.id;

CREATE VIEW temperature AS
SELECT run, session, channel, t_s, value AS celsius, reason
FROM reading WHERE quantity = 'temperature';

CREATE VIEW memory AS
SELECT run, session, channel, quantity, t_s, value / 1048576.0 AS mib, reason
FROM reading WHERE quantity IN ('runtime-memory', 'system-memory');

-- Power has three sources, and `source` says which: a channel in watts; the product of the only voltage and
-- the only current that share a folder and a tick (positive flows into a battery); the rise of an energy
-- counter since the reading before, where it rose (a counter that wraps falls).
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
WHERE m.raw >= b.raw AND m.t_mono_ns > b.t_mono_ns;

-- Decode rate by second of the soak. A token belongs to the second it came in, and so does the whole time
-- since the token before it in the same prompt; first tokens of prompts count in `tokens` only. Prefill is
-- no decode time. A second without a token has no row.
CREATE VIEW throughput AS
SELECT run, session, second, sum(tokens) AS tokens,
       sum(CASE WHEN before_mono_ns IS NULL THEN 0 ELSE tokens END) AS tokens_after_first,
       sum(t_mono_ns - before_mono_ns) / 1e9 AS active_s,
       sum(CASE WHEN before_mono_ns IS NULL THEN 0 ELSE tokens END) * 1e9
           / nullif(sum(t_mono_ns - before_mono_ns), 0) AS tokens_per_s
FROM (SELECT s.run_id AS run, s.session AS session, t.tokens AS tokens, t.t_mono_ns AS t_mono_ns,
             (t.t_mono_ns - s.first_scored_submit_mono_ns) / 1000000000 AS second,
             (SELECT b.t_mono_ns FROM token b
              WHERE b.session_id = t.session_id AND b.prompt = t.prompt AND b.token_index < t.token_index
              ORDER BY b.token_index DESC LIMIT 1) AS before_mono_ns
      FROM session s
      JOIN prompt p ON p.session_id = s.id AND p.phase = 'soaking'
      JOIN token t ON t.session_id = s.id AND t.prompt = p.prompt)
GROUP BY run, session, second;

-- One row per prompt with the latencies a person asks for first.
CREATE VIEW prompt_latency AS
SELECT s.run_id AS run, s.session AS session, p.prompt AS prompt, p.item AS item, p.phase AS phase,
       (p.submit_mono_ns - s.first_scored_submit_mono_ns) / 1e9 AS t_s,
       ((SELECT min(t.t_mono_ns) FROM token t WHERE t.session_id = s.id AND t.prompt = p.prompt)
           - p.submit_mono_ns) / 1e6 AS ttft_ms,
       ((SELECT max(t.t_mono_ns) FROM token t WHERE t.session_id = s.id AND t.prompt = p.prompt)
           - p.submit_mono_ns) / 1e6 AS e2e_ms,
       p.prompt_tokens AS prompt_tokens, p.decoded_tokens AS decoded_tokens, p.finish AS finish
FROM session s JOIN prompt p ON p.session_id = s.id;

CREATE VIEW missing_channel AS
SELECT s.run_id AS run, s.session AS session, c.name AS channel, c.quantity AS quantity,
       c.missing_reason AS reason, c.source AS source
FROM session s JOIN channel c ON c.session_id = s.id
WHERE c.missing_reason IS NOT NULL;
