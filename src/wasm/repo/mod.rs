//! The repo for JavaScript: requests and answers as packed values, conversions only.
//!
//! A database is opened once and named by a handle. A request is a list: what to do, whether it belongs to the open
//! transaction, and what that takes. Changesets come as recipes and are made here, by the same engine that validates.
//! A database in this program answers at once, so a request is one call; unless its storage takes its time, as IndexedDB
//! does: then the request waits here, and the host resumes it when the storage is done with something. There is one
//! request at a time.
//!
//! | file | |
//! |---|---|
//! | `exports` | the functions the host calls |
//! | `open` | what outlives a request |
//! | `request`, `write`, `options` | reading requests and doing what they say |
//! | `answer`, `error` | writing answers |
//! | `direct` | the short way to one row, without a request |
//! | `memory` | memory made ahead |
//! | `world` | the host's clock, randomness and storage |

mod answer;
mod direct;
mod error;
mod exports;
mod memory;
mod open;
mod options;
mod request;
mod world;
mod write;
