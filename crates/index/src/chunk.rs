/// Rows in one statement: few enough for its parameters, enough that its own cost does not count.
pub(crate) const CHUNK: usize = 100;

/// A last chunk of odd size is not worth remembering its statement for; one message that arrives is.
pub(crate) fn recurs(rows: usize) -> bool {
    matches!(rows, 1 | CHUNK)
}
