//! The journal, stopped at every step: what is opened afterwards is a prefix of the commits, with all that were durable.

mod backend;
mod damage;
mod workload;

use backend::{Crashing, Disk, FATES, Fate, Random};
use ectomorph::store::journal::JournalError;
use ectomorph::store::{Database, Durability, StoreError};
use workload::Workload;

/// Stops a workload at a step, and looks at what is there then under every fate.
fn stop_and_look(commits: usize, durability: Durability, stop_at: usize, states: &[Vec<u8>]) -> bool {
    let (backend, disk) = Crashing::on(Disk::stopping_at(stop_at));
    let (mut done, mut durable) = (0, 0);
    let mut finished = false;
    if let Ok(mut database) = Database::open(backend, durability) {
        let mut workload = Workload::new(7);
        finished = true;
        for _ in 0..commits {
            if workload.commit(&mut database).is_err() {
                finished = false;
                break;
            }
            done += 1;
            durable = database.commits().1 as usize;
        }
    }
    let disk = disk.lock().unwrap().clone();
    let mut random = Random(stop_at as u64);
    for fate in FATES {
        look(&disk, fate, &mut random, done, durable, states);
    }
    finished
}

fn look(disk: &Disk, fate: Fate, random: &mut Random, done: usize, durable: usize, states: &[Vec<u8>]) {
    let (backend, after) = Crashing::on(disk.after_crash(fate, random));
    let database = match Database::open(backend, Durability::Strict) {
        Ok(database) => database,
        Err(error) => panic!("{fate:?} after {done} commits, {durable} durable: {error}"),
    };
    let state = database.export();
    let kept = states.iter().position(|other| *other == state);
    let kept = kept.unwrap_or_else(|| panic!("{fate:?} after {done} commits: what is there was never there"));
    assert_eq!(kept as u64, database.commits().0);
    // The commit that was stopped may be there too.
    assert!((durable..=done + 1).contains(&kept), "{fate:?}: {kept} of {done} commits, {durable} durable");
    drop(database);
    // Recovery itself changed nothing that a second one would not find.
    let again = after.lock().unwrap().after_crash(Fate::Lost, random);
    let database = Database::open(Crashing::on(again).0, Durability::Strict).unwrap();
    assert_eq!(database.export(), state);
}

/// The states after each commit, without any crash.
fn states(commits: usize) -> Vec<Vec<u8>> {
    let mut database = Database::new();
    let mut workload = Workload::new(7);
    let mut states = vec![database.export()];
    for _ in 0..commits {
        workload.commit(&mut database).unwrap();
        states.push(database.export());
    }
    states
}

#[test]
fn a_strict_database_that_is_stopped_at_any_step_has_every_commit_that_was_acknowledged() {
    let commits = 120;
    let states = states(commits);
    let mut stop_at = 0;
    while !stop_and_look(commits, Durability::Strict, stop_at, &states) {
        stop_at += 1;
    }
    assert!(stop_at > 2 * commits, "a commit is two steps at least, and snapshots take some");
}

#[test]
fn a_relaxed_database_that_is_stopped_at_any_step_has_a_prefix_of_its_commits() {
    let commits = 120;
    let states = states(commits);
    let mut stop_at = 0;
    while !stop_and_look(commits, Durability::Relaxed, stop_at, &states) {
        stop_at += 1;
    }
    assert!(stop_at > commits);
}

#[test]
fn two_thousand_commits_stopped_at_every_step_lose_nothing_that_was_acknowledged() {
    // One run; what a crash would leave is looked at before every step of it, each time under another fate.
    let commits = 2_000;
    let states = states(commits);
    for durability in [Durability::Strict, Durability::Relaxed] {
        let (backend, disk) = Crashing::on(Disk::default());
        let mut database = Database::open(backend, durability).unwrap();
        disk.lock().unwrap().watched = Some(Vec::new());
        let mut workload = Workload::new(7);
        let mut random = Random(11);
        let mut looked = 0;
        for done in 0..commits {
            let (_, durable) = database.commits();
            workload.commit(&mut database).unwrap();
            for left in disk.lock().unwrap().watched.iter_mut().flat_map(|watched| watched.drain(..)) {
                let fate = FATES[looked % FATES.len()];
                look_once(&left, fate, &mut random, (durable, done as u64 + 1), &states);
                looked += 1;
            }
        }
        assert!(looked > commits, "a commit is a step at least: {looked}");
    }
}

/// What is there after a crash is one of the states between two.
fn look_once(disk: &Disk, fate: Fate, random: &mut Random, (least, most): (u64, u64), states: &[Vec<u8>]) {
    let (backend, _) = Crashing::on(disk.after_crash(fate, random));
    let database = match Database::open(backend, Durability::Strict) {
        Ok(database) => database,
        Err(error) => panic!("{fate:?} in commit {most}, {least} durable: {error}"),
    };
    let (kept, _) = database.commits();
    assert!((least..=most).contains(&kept), "{fate:?}: {kept} of {most} commits, {least} durable");
    assert!(database.export() == states[kept as usize], "{fate:?}: commit {kept} is not what it was");
}

#[test]
fn a_step_that_fails_fails_its_commit_and_nothing_else() {
    for every in [2, 3, 5, 7] {
        let failing: fn(usize) -> bool = match every {
            2 => |step| step % 2 == 0,
            3 => |step| step % 3 == 0,
            5 => |step| step % 5 == 0,
            _ => |step| step % 7 == 0,
        };
        let (backend, disk) = Crashing::on(Disk::default());
        let mut database = Database::open(backend, Durability::Strict).unwrap();
        disk.lock().unwrap().failing = Some(failing);
        let mut workload = Workload::new(3);
        let mut failed = 0;
        for _ in 0..300 {
            let before = database.export();
            let kept = workload.clone();
            match workload.commit(&mut database) {
                Ok(()) => {}
                Err(StoreError::Journal(error)) => {
                    assert_eq!(without_sequences(&database), without_sequences_of(&before));
                    workload = kept;
                    failed += 1;
                    if matches!(*error, JournalError::Broken { .. }) {
                        break;
                    }
                }
                Err(error) => panic!("{error}"),
            }
        }
        assert!(failed > 0);
        let state = without_sequences(&database);
        drop(database);
        let left = disk.lock().unwrap().after_crash(Fate::Kept, &mut Random(1));
        let again = Database::open(Crashing::on(left).0, Durability::Strict).unwrap();
        assert_eq!(without_sequences(&again), state, "every {every}");
    }
}

#[test]
fn a_flush_that_fails_takes_no_commit_out_of_a_relaxed_database() {
    for pending in 1..4 {
        let (backend, disk) = Crashing::on(Disk::default());
        let mut database = Database::open(backend, Durability::Relaxed).unwrap();
        let mut workload = Workload::new(7);
        let mut states = vec![database.export()];
        let mut commit = |database: &mut Database, states: &mut Vec<Vec<u8>>| {
            let done = workload.commit(database);
            if done.is_ok() {
                states.push(database.export());
            }
            done
        };
        for _ in 0..5 {
            commit(&mut database, &mut states).unwrap();
        }
        database.flush().unwrap();
        for _ in 0..pending {
            commit(&mut database, &mut states).unwrap();
        }
        disk.lock().unwrap().steps = 0;
        disk.lock().unwrap().failing = Some(|step| step == 1);
        assert!(database.flush().is_err());
        disk.lock().unwrap().failing = None;
        // What was acknowledged is there still, so nothing may be kept that it is not kept with.
        let refused = commit(&mut database, &mut states).unwrap_err();
        let is_broken =
            matches!(&refused, StoreError::Journal(error) if matches!(**error, JournalError::Broken { .. }));
        assert!(is_broken, "{pending} pending: {refused}");
        assert_eq!(without_sequences(&database), without_sequences_of(states.last().unwrap()));
        for fate in FATES {
            let left = disk.lock().unwrap().after_crash(fate, &mut Random(1));
            let again = Database::open(Crashing::on(left).0, Durability::Strict).unwrap();
            let (kept, _) = again.commits();
            assert!(
                kept >= 5 && again.export() == states[kept as usize],
                "{pending} pending, {fate:?}: {kept}"
            );
        }
    }
}

#[test]
fn when_the_quota_is_used_up_that_commit_fails_and_small_ones_go_on() {
    let (backend, disk) = Crashing::on(Disk::default());
    let mut database = Database::open(backend, Durability::Strict).unwrap();
    let mut workload = Workload::new(5);
    for _ in 0..50 {
        workload.commit(&mut database).unwrap();
    }
    disk.lock().unwrap().quota = Some(40_000);
    let before = without_sequences(&database);
    let error = workload.commit_text(&mut database, 60_000).unwrap_err();
    assert!(matches!(&error, StoreError::Journal(error) if error.is_full()), "{error}");
    assert_eq!(error.code(), "disk_full");
    assert_eq!(without_sequences(&database), before);
    workload.commit_text(&mut database, 100).unwrap();
    let after = without_sequences(&database);
    assert_ne!(after, before);
    drop(database);
    let left = disk.lock().unwrap().after_crash(Fate::Lost, &mut Random(1));
    let again = Database::open(Crashing::on(left).0, Durability::Strict).unwrap();
    assert_eq!(without_sequences(&again), after);
}

/// What is in the tables. Sequences move on when a commit fails, as in PostgreSQL.
fn without_sequences(database: &Database) -> Vec<String> {
    let tables = database.tables();
    tables
        .flat_map(|table| table.rows().map(move |(_, row)| format!("{} {row:?}", table.definition().name)))
        .collect()
}

fn without_sequences_of(file: &[u8]) -> Vec<String> {
    let mut database = Database::new();
    database.import(file).unwrap();
    without_sequences(&database)
}
