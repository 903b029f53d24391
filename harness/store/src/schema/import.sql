-- Version 4: sessions that another program measured.

-- A session with a row here was imported. Its rates stand in a channel of quantity `decode-rate` or `item-rate`, each at
-- the end of its window: `window_ns` long, or from the rate before it where that is NULL. `is_timed` is NULL without
-- rates, and 0 where windows stand side by side although there may have been pauses between them.
CREATE TABLE import (
    session_id INTEGER NOT NULL PRIMARY KEY REFERENCES session (id),
    format TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    file_bytes INTEGER NOT NULL,
    line INTEGER NOT NULL,
    zero_mono_ns INTEGER NOT NULL,
    window_ns INTEGER,
    is_timed INTEGER CHECK (is_timed IN (0, 1)),
    energy_microjoules INTEGER,
    energy_over_ns INTEGER,
    energy_tokens INTEGER,
    facts_json TEXT NOT NULL
) STRICT;

CREATE VIEW imported AS
SELECT s.run_id AS run, s.session AS session, s.device AS device, i.format AS format, i.file_name AS file,
       i.file_sha256 AS sha256, i.line AS line, i.energy_microjoules / 1e6 AS energy_j, i.energy_tokens AS energy_tokens
FROM session s JOIN import i ON i.session_id = s.id;

-- Rates as the imported file has them; `t_s` is the end of the window.
CREATE VIEW imported_rate AS
SELECT s.run_id AS run, s.session AS session, c.quantity AS quantity,
       (m.t_mono_ns - i.zero_mono_ns) / 1e9 AS t_s, i.window_ns / 1e9 AS window_s, m.value AS per_s, m.reason AS reason
FROM session s
JOIN import i ON i.session_id = s.id
JOIN channel c ON c.session_id = s.id AND c.quantity IN ('decode-rate', 'item-rate')
JOIN sample_reading m ON m.channel_id = c.id;
