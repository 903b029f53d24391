-- Version 7: what a query was told to be from its words alone, `public` or `sensitive`; no value where its route says nothing of it.

DROP VIEW answer;
CREATE VIEW answer AS
SELECT h.run_id AS run, h.session AS session,
       json_extract(h.json, '$.event.answer.index') AS position,
       json_extract(h.json, '$.event.answer.prompt') AS prompt,
       json_extract(h.json, '$.event.answer.scored.item') AS item,
       json_extract(h.json, '$.event.answer.scored.item_digest') AS item_sha256,
       json_extract(h.json, '$.event.answer.heat') AS heat,
       json_extract(h.json, '$.event.answer.scored.outcome') AS outcome,
       json_extract(h.json, '$.event.answer.scored.points') AS points,
       json_extract(h.json, '$.event.answer.scored.cell') AS cell,
       json_extract(h.json, '$.event.answer.scored.confidence') AS confidence,
       json_extract(h.json, '$.event.answer.classified') AS classified,
       json_extract(h.json, '$.event.answer.scored.critical') AS is_critical,
       json_extract(h.json, '$.event.answer.scored.sensitive') AS is_sensitive,
       json_extract(h.json, '$.event.answer.scored.answer_digest') AS answer_digest,
       json_extract(h.json, '$.event.answer.finish') AS finish,
       json_extract(h.json, '$.event.answer.ttft') / 1e6 AS ttft_ms,
       json_extract(h.json, '$.event.answer.e2e') / 1e6 AS e2e_ms,
       json_extract(h.json, '$.event.answer.text') AS text
FROM host_entry h
WHERE h.kind = 'answered'
  AND h.line > (SELECT max(a.line) FROM host_entry a
                WHERE a.run_id = h.run_id AND a.session = h.session AND a.kind = 'asked');
