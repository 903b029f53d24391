"""Proves a sealed golden set from its own documents; knows nothing of how it was made. Used by scripts/golden_set."""

import hashlib
import json
import pathlib
import re
from collections import Counter
from itertools import product
from math import log

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
SETS = REPOSITORY / "golden_sets"
LANGUAGES = ("en", "de")
SPLITS = ("smoke", "gate", "canary", "holdout")
TAGS = ("language", "topic", "form", "tier", "turns", "case")
UNITS = [  # As the documents and questions write them, the longer ones first.
    ("drops/min", r"drops per minute|Tropfen pro Minute"), ("mm/s", r"mm/s"), ("m³/h", r"m³/h"), ("rpm", r"rpm|1/min"), ("°C", r"°C"),
    ("EUR", r"euros|Euro"), ("min", r"minutes|Minuten"), ("months", r"months|Monate[n]?"), ("Nm", r"Nm"), ("bar", r"bar"), ("dB", r"dB"),
    ("kW", r"kW"), ("mm", r"mm"), ("l", r"litres|Liter"), ("h", r"hours|Stunden"), ("d", r"days|Tage[n]?"), ("s", r"seconds|Sekunden"),
    ("%", r"%"), ("g", r"g"), ("m", r"m")]
QUANTITY = re.compile(
    r"(?<![\w.,:-])(?:(?P<low>\d+(?:[.,]\d+)?) (?:to|bis) )?(?P<number>\d+(?:[.,]\d+)?)(?![.,:]?\w)"
    r"(?: (?:" + "|".join(f"(?P<u{at}>{words})(?!\\w)" for at, (_, words) in enumerate(UNITS)) + "))?")
# What a call is called in the question or the rule that asks for it, and how a person names a component.
CUES = {"create_work_order": r"(?i)work order|Auftrag", "call_duty_engineer": r"(?i)duty engineer|Bereitschaftsingenieur", "lookup_part": r"\bkit\b|satz\b"}
COMPONENTS = {"seal": r"seal|dichtung", "bearing": r"bearing|lager", "motor": r"motor", "guard": r"guard|kupplungsschutz",
              "strainer": r"strainer|sieb", "gearbox": r"gearbox|gear oil|getriebe", "casing": r"casing|gehäuse"}
# What an answer can only meet with knowledge from a document.
CLAIMS = {"numeric", "contains_all", "regex", "choice", "citation", "tool_call", "json_schema", "leak"}
# What a set that ships must hold at least. Fewer than 133 unanswerable cases cannot show 2 % of false answers at 95 % confidence, and a few
# more leave room for answers that are lost.
LEAST = {"split `gate`": 300, "split `smoke`": 20, "split `canary`": 10, "split `holdout`": 60, "gate, route `intent`": 60,
         "gate, route `policy_lookup`": 30, "gate, form `tool`": 30, "gate, turns `2`": 30, "gate, unanswerable cases": 140,
         "gate, critical": 40, "gate, sensitive": 20}
SILENT = r"not in these documents|nicht in diesen Dokumenten"


def canonical(value):
    """RFC 8785 for what items hold: no fractions, keys of plain ASCII."""
    if isinstance(value, float):
        raise ValueError("an item holds a fraction; write it as a text")
    if isinstance(value, dict):
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(entry) for entry in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def set_digest(items):
    return sha256("\n".join(sorted(sha256(canonical(item)) for item in items)))


def scorers(tree):
    """Names of the scorers in an expectation, combinators too."""
    for name, inner in tree.items():
        yield name
        for part in inner if name in ("all", "any") else [inner] if name == "not" else []:
            yield from scorers(part)


def counts(items):
    """What a set holds, as the README states it: a label and a number."""
    gate = [item for item in items if item["split"] == "gate"]
    named = lambda key: sorted({item[key] for item in gate})
    tagged = lambda key: sorted({item["tags"][key] for item in gate})
    yield from ((f"split `{split}`", sum(item["split"] == split for item in items)) for split in ("smoke", "gate", "canary", "holdout"))
    yield from ((f"gate, route `{route}`", sum(item["route"] == route for item in gate)) for route in named("route"))
    for tag in ("language", "form", "tier", "turns", "topic"):
        yield from ((f"gate, {tag} `{value}`", sum(item["tags"][tag] == value for item in gate)) for value in tagged(tag))
    for name in ("critical", "sensitive"):
        yield f"gate, {name}", sum(item[name] for item in gate)
    silent = [item["tags"]["case"] for item in gate if not item["answerable"]]
    yield from (("gate, unanswerable", len(silent)), ("gate, unanswerable cases", len(set(silent))))


def quantities(text):
    """Pairs of a decimal text and a unit, "" for none."""
    found = []
    for match in QUANTITY.finditer(text):
        unit = next((name for at, (name, _) in enumerate(UNITS) if match[f"u{at}"]), "")
        found += [(number.replace(",", "."), unit) for number in (match["low"], match["number"]) if number]
    return found


def terms(text):
    return [word.lower()[:64] for word in re.findall(r"[^\W_]+", text)]


class Retrieval:
    """Okapi BM25 with k1 1.2 and b 0.75 over title and text; ties in the order of ids: what the device does."""

    def __init__(self, corpus):
        self.ids = sorted(corpus)
        words = [terms(corpus[name]["title"] + " " + corpus[name]["text"]) for name in self.ids]
        self.lengths = [0.25 + 0.75 * len(text) * len(words) / sum(map(len, words)) for text in words]
        self.counts = [Counter(text) for text in words]
        self.holding = Counter(term for text in words for term in set(text))

    def search(self, query, top):
        scores = [0.0] * len(self.ids)
        for term in sorted(set(terms(query))):
            holding = self.holding[term]
            idf = log(1 + (len(self.ids) - holding + 0.5) / (holding + 0.5))
            for at, counts in enumerate(self.counts):
                count = counts[term]
                scores[at] += idf * count * 2.2 / (count + 1.2 * self.lengths[at]) if count else 0
        best = sorted((at for at in range(len(scores)) if scores[at] > 0), key=lambda at: (-scores[at], at))
        return [self.ids[at] for at in best[:top]]


class Proof:
    """Reads one sealed set and collects what is wrong with it."""

    def __init__(self, folder):
        self.folder, self.problems = folder, []
        self.manifest = json.loads((folder / "manifest.json").read_text())
        self.corpus_lines, self.item_lines = self.rows(self.manifest["retrieval"]["corpus"]), self.rows(self.manifest["items"])
        self.corpus = {row["id"]: row for row in self.corpus_lines}
        self.items = self.item_lines
        self.retrieval = Retrieval(self.corpus)
        self.at = ("manifest.json", 1)
        self.limits = {}

    def rows(self, name):
        return [json.loads(line) for line in (self.folder / name).read_text().splitlines()]

    def hold(self, true, fault):
        if not true:
            where = self.folder.relative_to(REPOSITORY) if self.folder.is_relative_to(REPOSITORY) else self.folder
            self.problems.append(f"{where}/{self.at[0]}:{self.at[1]}: {fault}")

    def run(self):
        self.seals()
        self.documents()
        ids = set()
        for line, item in enumerate(self.items, 1):
            self.at = (self.manifest["items"], line)
            self.hold(item["id"] not in ids, f"the id {item['id']} was used before")
            ids.add(item["id"])
            Item(self, item).prove()
        self.twins()
        self.prompts(ids)
        self.readme()
        return self.problems

    def seals(self):
        for entry in self.manifest["files"]:
            text = (self.folder / entry["path"]).read_text()
            self.hold(sha256(text) == entry["sha256"], f"{entry['path']} has another digest than sealed")
            self.hold(text.count("\n") == entry.get("lines", text.count("\n")), f"{entry['path']} has another number of lines than sealed")
        self.hold(set_digest(self.items) == self.manifest["set_digest"], "set_digest is not that of the items")
        unsigned = {key: value for key, value in self.manifest.items() if key not in ("manifest_digest", "signature")}
        self.hold(sha256(canonical(unsigned)) == self.manifest["manifest_digest"], "manifest_digest is not that of the manifest")
        used = {name for item in self.items for name in scorers(item["expect"])}
        self.hold(used == set(self.manifest["scorers"]), "scorers are not those that the items use")
        listed = {entry["path"] for entry in self.manifest["files"]} | {"manifest.json", "README.md"}
        present = {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()}
        self.hold(listed == present, f"files that are not sealed or not there: {sorted(listed ^ present)}")

    def documents(self):
        """Every English document has its German twin a hundred ids on, with the same numbers, codes and classes."""
        signs = r"\bP-\d+|\b[A-Z]{1,2}\d?-\d+|\bM\d\d\b|\bK\d\b|\d\d:\d\d|canary-\w+|(?<=[Cc]lass )[ABC]\b|(?<=Klasse )[ABC]\b"
        for line, row in enumerate(self.corpus_lines, 1):
            self.at = (self.manifest["retrieval"]["corpus"], line)
            self.hold(re.fullmatch(r"pm-[01]\d\d", row["id"]), "the id is not pm- and three digits")
            self.hold(line == 1 or self.corpus_lines[line - 2]["id"] < row["id"], "ids are not in order")
            other = self.corpus.get(f"pm-{(int(row['id'][3:]) + 100) % 200:03}")
            self.hold(other, "there is no document in the other language")
            both = [text["title"] + " " + text["text"] for text in (row, other or row)]
            for name, found in (("numbers", quantities), ("codes and classes", lambda text: re.findall(signs, text))):
                one, two = (sorted(found(text)) for text in both)
                self.hold(one == two, f"{name} differ from those of {other and other['id']}: {one} and {two}")
            if row["id"] == "pm-001":
                rule = re.search(r"Class B: .*?;", row["text"])
                self.limits = {unit: float(number) for number, unit in quantities(rule[0] if rule else "")}
        self.hold(set(self.limits) == {"drops/min", "°C", "mm/s"}, "pm-001 states no limits for class B")

    def twins(self):
        """What is expected does not depend on the language, and what is asked in vain is asked by one case."""
        def plain(tree):
            if isinstance(tree, list):
                return [plain(part) for part in tree]
            if isinstance(tree, str):
                return tree.replace("Klasse ", "class ")
            if not isinstance(tree, dict):
                return tree
            return {name: None if name in ("contains_any", "regex", "language") else plain(part) for name, part in tree.items()}
        seen, subjects = {}, {}
        for line, item in enumerate(self.items, 1):
            self.at = (self.manifest["items"], line)
            case, subject = item["tags"]["case"], item["tags"].get("subject")
            tree = canonical(plain(item["expect"]))
            self.hold(seen.setdefault(case, tree) == tree, f"expects something else than the other items of {case}")
            other = subjects.setdefault(subject, case) if subject else case
            self.hold(other == case, f"`{subject}` is the subject of {other} too: one case, not two")

    def prompts(self, ids):
        for line, prompt in enumerate(self.rows(self.manifest["soak"]), 1):
            self.at = (self.manifest["soak"], line)
            self.hold(prompt["id"] not in ids and not ids.add(prompt["id"]), f"the id {prompt['id']} was used before")
            self.spoken(prompt["messages"])
            found = self.retrieval.search(prompt["messages"][-1]["content"], self.manifest["retrieval"]["top_k"])
            self.hold(len(found) == self.manifest["retrieval"]["top_k"], "retrieval finds too few documents")

    def spoken(self, messages):
        turns = messages[1:] if messages[0]["role"] == "system" else messages
        self.hold([turn["role"] for turn in turns] == (["user", "assistant"] * len(turns))[:len(turns)] and len(turns) % 2, "turns are out of order")
        cited = [name for turn in turns for name in re.findall(r"\[(pm-\d+)\]", turn["content"])]
        self.hold(all(name in self.corpus for name in cited), "an earlier turn cites an unknown document")

    def readme(self):
        """The README's table is what the set holds."""
        text = (self.folder / "README.md").read_text().splitlines()
        self.at = ("README.md", 1)
        held = dict(counts(self.items))
        for label, least in LEAST.items():
            self.hold(held.get(label, 0) >= least, f"{label}: {held.get(label, 0)}, and {least} are wanted")
        self.hold(held.get("gate, language `de`", 0) >= 0.3 * held["split `gate`"], "less than 30 % of the gate are German")
        for label, number in held.items():
            line = next((at for at, row in enumerate(text, 1) if row.startswith(f"| {label} |")), None)
            self.at = ("README.md", line or 1)
            self.hold(line and text[line - 1] == f"| {label} | {number} |", f"{label}: the set holds {number}")


class Item:
    """One item with the texts that its expectations must follow from."""

    def __init__(self, proof, item):
        self.proof, self.item, self.hold = proof, item, proof.hold
        self.language = item["tags"].get("language")
        self.question = item["messages"][-1]["content"]
        self.text = "\n".join(ref["quote"] for ref in item["refs"])
        self.classes, self.groups = set(), []

    def prove(self):
        item, tags = self.item, self.item["tags"]
        self.hold(all(isinstance(tags.get(name), str) and tags[name] for name in TAGS), "a tag is missing")
        self.hold(item["split"] in SPLITS and self.language in LANGUAGES, "no such split or language")
        self.hold(tags.get("turns") == str(sum(turn["role"] == "user" for turn in item["messages"])), "the tag `turns` is wrong")
        self.proof.spoken(item["messages"])
        for ref in item["refs"]:
            document = self.proof.corpus.get(ref["doc"], {"text": ""})
            self.hold(ref["quote"] in document["text"], f"the quotation does not stand in {ref['doc']}: {ref['quote']}")
            self.hold((ref["doc"] > "pm-100") == (self.language == "de"), f"{ref['doc']} is in the other language")
        for quotes in self.readings(item["expect"]):
            self.text = "\n".join(quotes)
            self.follows(item["expect"])
            self.rule(tags.get("rule"))
        claims = set(scorers(item["expect"])) & CLAIMS
        if item["answerable"]:
            self.hold(item["refs"] and claims, "no document states the answer, or nothing is expected of it")
            self.found()
        else:
            self.hold(not claims, f"unanswerable, and yet {sorted(claims)} are expected")
            self.silent(tags.get("subject"))
        for letter in self.classes:
            self.judged(letter)

    def readings(self, tree):
        """The quotations of one document of each group: each such choice alone must lead to what is expected."""
        if not self.item["answerable"]:
            return [[ref["quote"] for ref in self.item["refs"]]]
        self.groups = next((part["citation"]["groups"] for part in [tree, *tree.get("all", [])] if "citation" in part), self.groups)
        groups = self.groups or [[ref["doc"] for ref in self.item["refs"]]]
        quotes = [[ref["quote"] for ref in self.item["refs"] if ref["doc"] in group] for group in groups]
        self.hold(all(quotes), "a group of documents has no quotation")
        return product(*quotes)

    def found(self):
        """Retrieval, or the item, gives a document of each group."""
        if self.item["docs"] == []:
            return self.hold(self.item["route"] == "intent", "an answerable item gets no documents")
        given = self.item["docs"] or self.proof.retrieval.search(self.question, self.proof.manifest["retrieval"]["top_k"])
        for group in self.groups or [[ref["doc"] for ref in self.item["refs"]]]:
            self.hold(set(group) & set(given), f"none of {group} is found: {given} for: {self.question}")

    def silent(self, subject):
        if subject is None:
            return self.hold(re.search(SILENT, self.text), "unanswerable without a subject, and no document says so")
        stands = lambda text: re.search(r"(?<![^\W_])" + r"[\W_]+".join(map(re.escape, terms(subject))), " ".join(terms(text)))
        self.hold(stands(self.question), f"the question is not about `{subject}`")
        for name, document in self.proof.corpus.items():
            whole = terms(subject)[-1] if len(terms(subject)[-1]) < 5 else None
            words = terms(document["title"] + " " + document["text"])
            held = whole in words if whole and len(terms(subject)) == 1 else stands(" ".join(words))
            self.hold(not held, f"`{subject}` stands in {name}")

    def follows(self, tree):
        """Every leaf follows from the quotations or the question."""
        (name, wanted), = tree.items()
        stands = lambda word: re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", self.text.casefold())
        if name in ("all", "any"):
            return [self.follows(part) for part in wanted] and None
        if name == "not":
            return self.hold(not re.search(wanted["regex"], self.text), "a quotation matches what the answer must not")
        if name == "numeric":
            true = any(number == wanted["value"] and unit == wanted.get("unit", unit) for number, unit in quantities(self.text))
            self.hold(true, f"{wanted['value']} {wanted.get('unit', '')} stands in no quotation")
        elif name == "contains_all":
            self.hold(all(map(stands, wanted)), f"not all of {wanted} stand in the quotations")
        elif name == "contains_any":
            self.hold(any(map(stands, wanted)), f"none of {wanted} stands in a quotation")
        elif name == "regex":
            self.pattern(wanted)
        elif name == "choice":
            self.chosen(wanted)
        elif name == "citation":
            self.hold(all(name in self.proof.corpus for group in self.groups for name in group), "an unknown document is to be cited")
        elif name == "tool_call":
            self.called(wanted)
        elif name == "json_schema":
            self.hold((self.proof.folder / wanted).is_file(), f"there is no {wanted}")
        elif name == "leak":
            planted = " ".join(turn["content"] for turn in self.item["messages"]) + self.text
            self.hold(all(re.fullmatch(r"canary-[a-z2-7]{24}", secret) and secret in planted for secret in wanted), "the secret is planted nowhere")
        elif name == "language":
            self.hold(wanted == self.language, "the language is not that of the question")
        elif name == "abstention":
            self.hold(wanted != self.item["answerable"], "abstention and `answerable` disagree")
        else:
            self.hold(name == "length", f"`{name}` cannot be proven")

    def pattern(self, pattern):
        field = re.fullmatch(r'"(\w+)"\\s\*:\\s\*"([\w-]+)"', pattern)
        if not field:
            return self.hold(re.search(pattern, self.text), f"no quotation matches {pattern}")
        if field[1] == "class":
            return self.letter(field[2])
        self.hold(field[2] in self.text + self.question, f"{field[2]} stands neither in a quotation nor in the question")

    def letter(self, letter):
        self.classes.add(letter)
        self.hold(re.search(rf"(?i)\b(class|Klasse) {letter}\b", self.text), f"no quotation says class {letter}")

    def chosen(self, choice):
        self.hold(choice["is"] in choice["of"], "the right choice is none of them")
        if re.fullmatch("((class|Klasse) )?[ABC]", choice["is"]):
            return self.letter(choice["is"][-1])
        self.hold(self.text.casefold().startswith(choice["is"] + ":"), f"no quotation defines {choice['is']}")
        over = any(float(number) > self.proof.limits.get(unit, float("inf")) for number, unit in quantities(self.question))
        self.hold(not over or choice["is"] == "escalation", "a value beyond the limits of class B is an escalation")

    def called(self, call):
        self.hold(call["name"] in CUES and re.search(CUES[call["name"]], self.question), f"the question asks for no {call['name']}")
        for name, value in call["arguments"].items():
            if name == "class":
                self.letter(value)
            elif name == "component":
                self.hold(re.search(COMPONENTS[value], self.question.casefold()), f"the question names no {value}")
            else:
                self.hold(value in self.text + self.question, f"{value} stands neither in a quotation nor in the question")

    def rule(self, rule):
        """`rule` says how a number of the question stands to one of the quotations, in the same unit."""
        if rule is None:
            return
        limits = quantities(self.text)
        pairs = [(float(number), sorted({float(limit) for limit, other in limits if other == unit})) for number, unit in quantities(self.question)]
        pairs = [(number, bounds) for number, bounds in pairs if bounds]
        tests = {"above": lambda n, b: n > max(b), "at_least": lambda n, b: n >= max(b), "below": lambda n, b: n < min(b),
                 "up_to": lambda n, b: n <= max(b), "between": lambda n, b: min(b) < n <= max(b)}
        self.hold(pairs and all(tests[rule](*pair) for pair in pairs), f"`{rule}` does not hold: {pairs}")

    def judged(self, letter):
        """A measured value beyond the limits of the damage classes is class B, whatever else is quoted."""
        for number, unit in quantities(self.question):
            if unit in self.proof.limits:
                at = self.proof.limits[unit]
                over = float(number) >= at if unit == "°C" else float(number) > at
                self.hold((letter == "B") == over, f"{number} {unit} is not class {letter}")


def lanes(folder):
    """Lanes beside a set hold no message that its gate asks, whatever its case, blanks and marks: who has seen a question
    before answers it better."""
    said = lambda line: line["text"] if "text" in line else line["messages"][-1]["content"]
    read = lambda path: [json.loads(line) for line in path.read_text().splitlines()]
    gate = {tuple(terms(said(item))): item["id"] for item in read(folder / "items.jsonl") if item["split"] == "gate"}
    for path in sorted((folder.parent / "lanes").glob("*.jsonl")):
        for number, line in enumerate(read(path), 1):
            asked = gate.get(tuple(terms(said(line))))
            if asked:
                yield f"{path}:{number}: the gate asks this: {asked}"


def prove(folders):
    folders = [pathlib.Path(folder).resolve() for folder in folders]
    folders = folders or [path.parent for path in sorted(SETS.glob("*/*/items.jsonl")) if (path.parent / "corpus.jsonl").exists()]
    wrong = 0
    for folder in folders:
        proof = Proof(folder)
        problems = [*proof.run(), *lanes(folder)]
        for problem in problems:
            print(problem)
        wrong += len(problems)
        print(f"golden_set: {folder.parent.name} {folder.name}: {len(proof.items)} items, {len(proof.corpus)} documents, {len(problems)} problems")
    return 1 if wrong or not folders else 0
