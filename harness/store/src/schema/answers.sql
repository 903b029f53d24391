-- Version 5: answers to golden items. The host's own lines hold all of it; these views read them. A session that began
-- anew asked anew: what was answered before its last `asked` does not count.

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

-- What each scorer found, combinators before their parts; `path` is its place in the item's tree.
CREATE VIEW score AS
SELECT h.run_id AS run, h.session AS session,
       json_extract(h.json, '$.event.answer.index') AS position,
       json_extract(h.json, '$.event.answer.scored.item') AS item,
       t.fullkey AS path,
       json_extract(t.value, '$.scorer') AS scorer,
       json_extract(t.value, '$.version') AS version,
       json_extract(t.value, '$.outcome') AS outcome,
       json_extract(t.value, '$.points') AS points,
       json_extract(t.value, '$.reason') AS reason
FROM host_entry h, json_tree(h.json, '$.event.answer.scored.part') t
WHERE h.kind = 'answered' AND t.type = 'object'
  AND h.line > (SELECT max(a.line) FROM host_entry a
                WHERE a.run_id = h.run_id AND a.session = h.session AND a.kind = 'asked');
