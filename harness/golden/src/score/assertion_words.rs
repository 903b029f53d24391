//! Words by which a sentence tells the reader what to do or what holds, in English and German, in their folded form:
//! `ss` for `ß`.

/// Words with which an order begins. Orders that only send the reader on (`ask`, `check`, `look`) are none.
pub(super) const ORDERS: &[&str] = &[
    "absorb",
    "add",
    "adjust",
    "apply",
    "begin",
    "choose",
    "clean",
    "climb",
    "close",
    "connect",
    "cool",
    "decrease",
    "disconnect",
    "drain",
    "drive",
    "enter",
    "evacuate",
    "fill",
    "fit",
    "grease",
    "increase",
    "inspect",
    "install",
    "isolate",
    "leave",
    "lift",
    "lock",
    "loosen",
    "lower",
    "lubricate",
    "measure",
    "mix",
    "mount",
    "move",
    "neutralise",
    "neutralize",
    "open",
    "order",
    "pay",
    "pour",
    "press",
    "pull",
    "push",
    "put",
    "raise",
    "reduce",
    "remove",
    "replace",
    "reset",
    "restart",
    "rinse",
    "run",
    "select",
    "set",
    "shut",
    "start",
    "stop",
    "switch",
    "take",
    "tighten",
    "treat",
    "try",
    "turn",
    "unlock",
    "use",
    "vent",
    "wash",
    "wear",
    "benutze",
    "dreh",
    "drehe",
    "entferne",
    "ersetze",
    "fahre",
    "fülle",
    "lass",
    "lasse",
    "löse",
    "miss",
    "nimm",
    "nutze",
    "öffne",
    "reinige",
    "schalte",
    "schliesse",
    "schmiere",
    "setze",
    "spüle",
    "stell",
    "stelle",
    "starte",
    "tausche",
    "trage",
    "verwende",
    "wechsle",
    "zieh",
    "ziehe",
];
/// The same before `Sie`, and where they end a German sentence: `Die Pumpe abstellen.`
pub(super) const INFINITIVES: &[&str] = &[
    "abschalten",
    "abstellen",
    "anfahren",
    "anziehen",
    "aufnehmen",
    "ausbauen",
    "benutzen",
    "bestellen",
    "betreten",
    "drehen",
    "einbauen",
    "einschalten",
    "einstellen",
    "entfernen",
    "entlüften",
    "ersetzen",
    "fahren",
    "füllen",
    "heben",
    "lassen",
    "laufen",
    "lösen",
    "messen",
    "mischen",
    "nachfüllen",
    "nehmen",
    "neutralisieren",
    "nutzen",
    "öffnen",
    "reinigen",
    "schalten",
    "schliessen",
    "schmieren",
    "setzen",
    "spülen",
    "starten",
    "stellen",
    "tauschen",
    "tragen",
    "versuchen",
    "verwenden",
    "wechseln",
    "ziehen",
    "zurücksetzen",
];
/// Words behind which an order may begin, as behind a comma.
pub(super) const OPENS: &[&str] = &[
    "aber",
    "also",
    "and",
    "bitte",
    "but",
    "daher",
    "dann",
    "deshalb",
    "instead",
    "oder",
    "or",
    "please",
    "so",
    "then",
    "therefore",
    "und",
];
/// Words that stand in front of an order and change nothing.
pub(super) const CARRIES: &[&str] =
    &["always", "do", "don't", "einfach", "immer", "just", "never", "nicht", "nie", "not", "simply"];
/// Words that allow or oblige.
pub(super) const MODALS: &[&str] = &[
    "can", "cannot", "could", "have", "may", "might", "must", "need", "shall", "should", "darf", "darfst",
    "dürfen", "kann", "kannst", "können", "müssen", "musst", "muss", "sollen", "sollten", "solltest",
    "sollte",
];
/// Those that rule whomever they are about.
pub(super) const RULES: &[&str] = &["must", "darf", "dürfen"];
/// Words that tell a rule.
pub(super) const RULED: &[&str] = &[
    "allowed",
    "forbidden",
    "permitted",
    "prohibited",
    "erlaubt",
    "gestattet",
    "untersagt",
    "verboten",
    "zulässig",
];
/// Whom they address.
pub(super) const READERS: &[&str] = &["you", "sie", "du", "man"];
/// What stands between a modal and what it allows.
pub(super) const ADVERBS: &[&str] =
    &["also", "always", "never", "not", "only", "please", "simply", "still", "then", "to"];
/// What may be allowed or obliged without answering anything.
pub(super) const HARMLESS: &[&str] = &[
    "angeben",
    "check",
    "erreichen",
    "finden",
    "find",
    "geben",
    "get",
    "give",
    "look",
    "nachlesen",
    "nennen",
    "obtain",
    "provide",
    "prüfen",
    "reach",
    "request",
    "search",
    "sehen",
    "share",
    "specify",
    "verify",
    "want",
];
/// First words of an answer to a yes-or-no question that grants it.
pub(super) const AFFIRMS: &[&str] = &["yes", "ja", "sure", "klar"];
/// Words in front of a letter that judges.
pub(super) const CLASSES: &[&str] = &["class", "klasse"];
/// Words with which a clause begins that states what holds.
pub(super) const STATES: &[&str] = &[
    "it is",
    "it was",
    "it's",
    "it takes",
    "this is",
    "that is",
    "that's",
    "that was",
    "which are",
    "which is",
    "which was",
    "namely",
    "these are",
    "there are",
    "the value is",
    "the answer is",
    "the limit is",
    "es ist",
    "es sind",
    "es war",
    "nämlich",
    "und zwar",
    "das ist",
    "das sind",
    "der wert ist",
    "der wert liegt",
    "die antwort ist",
    "die antwort lautet",
];
/// Words in front of a number that is about right.
pub(super) const ROUGHLY: &[&str] = &[
    "about",
    "approximately",
    "around",
    "maybe",
    "perhaps",
    "roughly",
    "ca",
    "circa",
    "etwa",
    "rund",
    "ungefähr",
    "vielleicht",
];
/// Words in front of a number by which somebody is reached or a place of a text is named.
pub(super) const REACHES: &[&str] = &[
    "chapter",
    "dial",
    "document",
    "ext",
    "extension",
    "number",
    "page",
    "pages",
    "phone",
    "section",
    "tel",
    "telephone",
    "abschnitt",
    "dokument",
    "durchwahl",
    "kapitel",
    "nebenstelle",
    "nummer",
    "nr",
    "seite",
    "seiten",
    "telefon",
    "unter",
];
/// Words in front of a time within which somebody is to be reached.
pub(super) const WITHIN: &[&str] = &["binnen", "innerhalb", "von", "within"];
/// Words by which a question is passed on, with its numbers.
pub(super) const PASSES_ON: &[&str] = &["whether", "ob"];
/// Words by which a question is said again.
pub(super) const SAYS_AGAIN: &[&str] = &[
    "whether", "how", "if", "what", "when", "where", "which", "who", "whom", "whose", "why", "ob", "warum",
    "was", "wann", "welche", "welchem", "welchen", "welcher", "welches", "wem", "wen", "wer", "wie", "wo",
    "wofür", "womit",
];
/// Words that turn against what was said, where a clause begins.
pub(super) const TURNS: &[&str] = &["aber", "but", "however", "jedoch", "only", "nur", "allerdings"];
/// Words that deny: a sentence with one of them says of a code that it is not known, more often than what it is.
pub(super) const DENIES: &[&str] = &[
    "cannot",
    "can't",
    "missing",
    "no",
    "not",
    "unknown",
    "without",
    "fehlen",
    "fehlt",
    "kein",
    "keine",
    "keinen",
    "nicht",
    "ohne",
    "unbekannt",
];
/// Words that ask, or name a case: an order may follow them.
pub(super) const CASES: &[&str] = &["if", "when"];
/// Words of clauses that name a case or a time, where they begin.
pub(super) const CONDITIONS: &[&str] = &[
    "after", "before", "once", "should", "unless", "until", "while", "beim", "bevor", "bis", "ehe", "falls",
    "nachdem", "sobald", "solange", "sollte", "sollten", "vor", "während", "wenn",
];
/// Words by which a clause waits for somebody to be asked.
pub(super) const WAITS: &[&str] =
    &["before", "till", "unless", "until", "without", "bevor", "bis", "ehe", "ohne"];
/// Words of a clause that tells what not to do.
pub(super) const FORBIDS: &[&str] =
    &["cannot", "can't", "don't", "mustn't", "never", "not", "kein", "keine", "keinen", "nicht", "nie"];
/// Words that stop somebody and nothing else.
pub(super) const STOPS: &[&str] = &["stop", "wait", "stopp", "halt"];
/// Words with which a clause begins that names what the question was about.
pub(super) const PREPOSITIONS: &[&str] = &[
    "above",
    "as",
    "at",
    "below",
    "concerning",
    "for",
    "from",
    "in",
    "of",
    "on",
    "regarding",
    "to",
    "under",
    "with",
    "ab",
    "an",
    "auf",
    "aus",
    "bei",
    "für",
    "im",
    "in",
    "mit",
    "nach",
    "über",
    "unter",
    "von",
    "zu",
    "zum",
    "zur",
];
/// Words by which a thing is said to be another.
pub(super) const IS: &[&str] = &[
    "applies", "are", "be", "equals", "gets", "is", "it's", "needs", "that's", "was", "were", "bekommt",
    "beträgt", "betragen", "braucht", "gelten", "gilt", "heisst", "ist", "lautet", "liegt", "sind", "war",
    "waren", "wäre", "wären",
];
/// What stands between them and the other, beside [`ROUGHLY`] and [`BOUNDS`].
pub(super) const BETWEEN: &[&str] =
    &["a", "an", "at", "exactly", "the", "bei", "das", "der", "die", "ein", "eine", "einen", "genau"];
/// Words in front of an infinitive that is a noun, or of a purpose.
pub(super) const NOMINAL: &[&str] = &["zu", "beim", "dem", "vom", "vor", "zum"];
/// Words with which a clause begins that goes on about a thing.
pub(super) const RELATES: &[&str] = &["was", "welche", "welcher", "welches"];
/// Words behind a preposition that make a bound of a number: `at least 12 bar`.
pub(super) const BOUNDS: &[&str] = &["least", "most", "mindestens", "höchstens"];
/// Words between the places of a text.
pub(super) const JOINS: &[&str] = &["and", "to", "bis", "und"];
/// Words by which what somebody asked is named.
pub(super) const ASKED: &[&str] = &["asked", "asking", "question", "frage", "gefragt"];
