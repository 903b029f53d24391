//! Models in their runtimes.

use crate::shape::{Kind, Section, Shape, defaulted, list, optional, required};

pub(crate) fn section() -> Section {
    Section {
        name: "a candidate",
        about: "A model in a runtime.",
        keys: vec![
            optional("routes", list(Shape::Reference(Kind::Route), 100), "Routes it serves; absent: all."),
            optional(
                "families",
                list(Shape::Reference(Kind::Family), 100),
                "Families it is for; absent: all.",
            ),
            required("runtime", Shape::Text(64), "Runner program, such as `gguf-runner`."),
            required("artifact", Shape::Table(artifact), "The model file and its digest."),
            optional("licence", Shape::Text(120), "Licence of the model."),
            optional("quantisation", Shape::Text(40), "Quantisation, such as `Q4_1`."),
            optional(
                "export_of",
                Shape::Reference(Kind::Candidate),
                "Candidate that it was exported from: `policy.export` says what it may lose.",
            ),
            required("placement", Shape::Word(&["cpu", "gpu", "npu"]), "What must be observed."),
            defaulted("options", Shape::Table(options), "{}", "Options of the runtime."),
        ],
    }
}

fn artifact() -> Section {
    Section {
        name: "`artifact`",
        about: "The model file: either `cache` or `path`.",
        keys: vec![
            optional("cache", Shape::FileName, "A file name in the cache of EdgeSoak."),
            optional("path", Shape::Path, "A file, relative to the matrix."),
            required("sha256", Shape::Digest, "SHA-256 of the file."),
        ],
    }
}

fn options() -> Section {
    Section {
        name: "`options`",
        about: "Options of the runtime.",
        keys: vec![
            defaulted(
                "threads",
                Shape::Threads,
                r#""cores-1""#,
                "Decode threads: a number, `cores`, or `cores-1`.",
            ),
            defaulted("context", Shape::Integer(64, 1_048_576), "2048", "Context length, tokens."),
            defaulted("args", list(Shape::Text(256), 64), "[]", "Further arguments of the runner, in order."),
        ],
    }
}
