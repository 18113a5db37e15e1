//! Tables in memory: rows by key, indexes, constraints, undo and a journal.
