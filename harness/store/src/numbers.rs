//! From the journal's unsigned numbers to SQLite's signed ones, and back.

/// Something in a journal that no honest writer writes. The word says what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damage(pub(crate) &'static str);

/// Why a frame could not be stored.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The frame is at fault.
    Damage(Damage),
    /// The database is at fault.
    Database(rusqlite::Error),
}

impl From<Damage> for Refusal {
    fn from(damage: Damage) -> Self {
        Self::Damage(damage)
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

/// A number as SQLite stores it.
pub(crate) fn stored(number: u64) -> Result<i64, Damage> {
    i64::try_from(number).map_err(|_| Damage("it holds a number beyond any clock or counter"))
}

/// A text of bounded length.
pub(crate) fn bounded(text: &str) -> Result<&str, Damage> {
    if text.len() > crate::limits::TEXT_BYTES {
        return Err(Damage("it holds a text beyond any length"));
    }
    Ok(text)
}

/// A stored number as the journal had it. Only our own rows are read, and those came from [`stored`].
pub(crate) fn unsigned(column: usize, number: i64) -> rusqlite::Result<u64> {
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}
