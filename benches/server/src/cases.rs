//! What is done with a database.

use crate::blog::{self, Place};
use crate::measure::{Settings, Took};
use crate::peers::Peer;
use sqlx::{AnyConnection, Connection};
use std::time::Instant;

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Inserts a user and gives it back with its id.
    Insert,
    /// Inserts 10,000 people.
    InsertAll,
    /// Reads a user by its id.
    Get,
    /// Reads 10,000 users.
    All,
    /// Reads 100 users with their 1,000 posts and 2,000 comments.
    Preload,
    /// Changes the name of a user.
    Update,
    /// Inserts a user and a post of it in a transaction.
    Transaction,
}

impl Case {
    pub const ALL: [Case; 7] =
        [Case::Insert, Case::InsertAll, Case::Get, Case::All, Case::Preload, Case::Update, Case::Transaction];

    pub fn name(self) -> &'static str {
        match self {
            Case::Insert => "insert",
            Case::InsertAll => "insert_all",
            Case::Get => "get",
            Case::All => "all",
            Case::Preload => "preload",
            Case::Update => "update",
            Case::Transaction => "transaction",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Case::Insert => "insert",
            Case::InsertAll => "insert_all 10k",
            Case::Get => "get",
            Case::All => "all 10k into structs",
            Case::Preload => "preload 100/1k/2k",
            Case::Update => "update",
            Case::Transaction => "transaction",
        }
    }
}

/// What everybody took for a case.
pub struct Row {
    pub case: Case,
    /// Names and times, in the order of the peers.
    pub peers: Vec<(&'static str, Took)>,
}

/// Runs every case with every peer.
pub async fn run(place: Place, url: &str, peers: &mut [Box<dyn Peer>], settings: &Settings) -> Vec<Row> {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await.expect("the database answers");
    let mut rows = Vec::new();
    for case in Case::ALL {
        if settings.case.as_ref().is_some_and(|wanted| wanted != case.name()) {
            continue;
        }
        let mut row = Row { case, peers: peers.iter().map(|peer| (peer.name(), Took::default())).collect() };
        // The first time, statements are prepared and results compared; the second says how often a turn does it.
        let mut once = None;
        let mut expected = None;
        for peer in peers.iter_mut() {
            blog::reset(place, &mut connection).await;
            let seen = peer.run(case, 2).await;
            let expected = *expected.get_or_insert(seen);
            assert_eq!(seen, expected, "{} does something else in {}", peer.name(), case.name());
            if case == Case::InsertAll {
                blog::reset(place, &mut connection).await;
            }
            let start = Instant::now();
            peer.run(case, 1).await;
            once.get_or_insert(start.elapsed());
        }
        let times = match case {
            Case::InsertAll => 1,
            _ => settings.times(once.unwrap_or_default()),
        };
        for round in 0..settings.rounds {
            for turn in 0..peers.len() {
                let at = (round + turn) % peers.len();
                blog::reset(place, &mut connection).await;
                let start = Instant::now();
                peers[at].run(case, times).await;
                row.peers[at].1.push(start, times);
            }
        }
        rows.push(row);
    }
    rows
}
