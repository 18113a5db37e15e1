//! The repo: reads, writes, preloads and transactions over an adapter.
