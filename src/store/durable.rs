//! The database and its journal.

use super::database::Database;
use super::error::StoreError;
use super::image::{self, Image, Loading};
use super::journal::{Backend, Journal, JournalError, Piece};
use super::records;
use super::transaction::{Mark, Undo};
use std::task::{Context, Poll, Waker};

/// When a commit is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// When it is durable.
    #[default]
    Strict,
    /// When it is written. A crash may take the last commits, never one in their midst; [`Database::flush`] makes durable
    /// what is there.
    Relaxed,
}

/// What keeps a database.
pub(super) struct Keeper {
    pub journal: Journal,
    pub durability: Durability,
    /// What is being written as a snapshot.
    image: Option<Image>,
    /// Why the last snapshot was given up.
    failure: Option<JournalError>,
}

impl Database {
    /// Opens the database that a backend keeps; an empty one, if it keeps none yet.
    ///
    /// After a crash it holds the commits up to some point: all that were durable, and perhaps the one that was under way.
    ///
    /// ```
    /// use ectomorph::store::journal::Memory;
    /// use ectomorph::store::{Database, Durability};
    /// let database = Database::open(Memory::new(), Durability::Strict).unwrap();
    /// assert_eq!(database.tables().count(), 0);
    /// ```
    ///
    /// # Errors
    /// [`JournalError`]: what is kept is damaged or too new, or can't be read.
    pub fn open(
        backend: impl Backend + Send + 'static,
        durability: Durability,
    ) -> Result<Database, StoreError> {
        let mut loading = Loading::new(false);
        let journal = Journal::open(Box::new(backend), &mut |piece| match piece {
            Piece::Block(block) => loading.take(block),
            Piece::Commit(_) if !loading.is_whole() => Err("blocks are missing".into()),
            Piece::Commit(records) => loading.catalogue.replay(records),
        })?;
        if !loading.is_whole() {
            return Err(JournalError::corrupt(None, 0, "blocks of the snapshot are missing").into());
        }
        let mut database = Database { catalogue: loading.catalogue, ..Database::default() };
        database.catalogue.wake();
        database.log.records = true;
        database.keeper = Some(Keeper { journal, durability, image: None, failure: None });
        Ok(database)
    }

    /// Ends the transaction, and keeps what it did: when this is ready, it is as durable as asked for. Until then nothing
    /// else can be done with the database.
    ///
    /// # Errors
    /// No transaction is open; or it can't be kept, and then it is undone.
    pub fn poll_commit(&mut self, context: &mut Context<'_>) -> Poll<Result<(), StoreError>> {
        if let Err(error) = self.log.opened() {
            return Poll::Ready(Err(error));
        }
        if self.keeper.is_none() || (!self.log.is_sealed() && self.log.is_idle()) {
            return Poll::Ready(self.end());
        }
        if !self.log.is_sealed() {
            self.push_sequences();
            let Some(keeper) = &mut self.keeper else { return Poll::Ready(self.end()) };
            if let Err(error) = keeper.journal.append(&self.log.redo) {
                return Poll::Ready(Err(self.fail_commit(error)));
            }
            if keeper.durability == Durability::Relaxed {
                keeper.journal.acknowledge();
                return Poll::Ready(self.end_commit());
            }
            self.log.seal(true);
        }
        let Some(keeper) = &mut self.keeper else { return Poll::Ready(self.end()) };
        match keeper.journal.poll_durable(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(())) => Poll::Ready(self.end_commit()),
            Poll::Ready(Err(error)) => Poll::Ready(Err(self.fail_commit(error))),
        }
    }

    /// Changes when commits are done, from the next one on: for a group of them that one flush makes durable. Nobody is to be told of
    /// those that were relaxed before [`Database::poll_flush`] is ready.
    pub fn set_durability(&mut self, durability: Durability) {
        if let Some(keeper) = &mut self.keeper {
            keeper.durability = durability;
        }
    }

    fn end_commit(&mut self) -> Result<(), StoreError> {
        self.log.moved.clear();
        self.log.all_moved = false;
        self.log.seal(false);
        self.end()?;
        // A piece of a snapshot with each commit, so that no commit waits for a whole one.
        let _ = self.poll_snapshot(&mut Context::from_waker(Waker::noop()));
        Ok(())
    }

    fn fail_commit(&mut self, error: JournalError) -> StoreError {
        self.log.seal(false);
        self.undo(Mark::START);
        match self.end() {
            Ok(()) => error.into(),
            Err(error) => error,
        }
    }

    /// Makes all commits durable; at once, or not at all.
    ///
    /// # Errors
    /// As of a commit. [`JournalError::Pending`] if the backend takes its time: use [`Database::poll_flush`].
    pub fn flush(&mut self) -> Result<(), StoreError> {
        self.poll_flush(&mut Context::from_waker(Waker::noop())).unwrap_or_pending()
    }

    /// Makes all commits durable.
    ///
    /// # Errors
    /// As of a commit.
    pub fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<Result<(), StoreError>> {
        let Some(keeper) = &mut self.keeper else { return Poll::Ready(Ok(())) };
        keeper.journal.poll_durable(context).map_err(Into::into)
    }

    /// Does one piece of the work that keeps the journal short: begins a snapshot if the journal is long, writes a block of
    /// about 64 KB of the one that is under way, or ends it. Each commit does a piece too. Ready with whether
    /// there is more to do.
    ///
    /// # Errors
    /// The snapshot is given up. Nothing else is touched by that: the journal goes on, and a later snapshot may succeed.
    pub fn poll_snapshot(&mut self, context: &mut Context<'_>) -> Poll<Result<bool, StoreError>> {
        self.snapshot_piece(false, context)
    }

    /// Writes a whole snapshot, which takes the place of the journal.
    ///
    /// # Errors
    /// As [`Database::poll_snapshot`]; a transaction is open.
    pub fn snapshot(&mut self) -> Result<(), StoreError> {
        if self.log.is_open() {
            return Err(StoreError::Transaction("a transaction is open; write the snapshot after it"));
        }
        let mut context = Context::from_waker(Waker::noop());
        while self.snapshot_piece(true, &mut context).unwrap_or_pending()? {}
        Ok(())
    }

    /// Why the last snapshot was given up, if it was.
    pub fn snapshot_failure(&self) -> Option<&JournalError> {
        self.keeper.as_ref()?.failure.as_ref()
    }

    /// The number of the last commit that is kept, and of the last that is known to be durable. 0 for neither, and without
    /// a backend.
    pub fn commits(&self) -> (u64, u64) {
        self.keeper.as_ref().map_or((0, 0), |keeper| keeper.journal.numbers())
    }

    fn snapshot_piece(&mut self, forced: bool, context: &mut Context<'_>) -> Poll<Result<bool, StoreError>> {
        let Some(keeper) = &mut self.keeper else { return Poll::Ready(Ok(false)) };
        let Keeper { journal, image, failure, .. } = keeper;
        let piece = match image {
            None if self.log.is_open() || !(forced || journal.is_long()) => return Poll::Ready(Ok(false)),
            None => journal.poll_begin_snapshot(context).map_ok(|()| {
                *image = Some(Image::new(&self.catalogue, false));
                true
            }),
            Some(blocks) => match blocks.next_block() {
                Some(block) => Poll::Ready(journal.write_block(&block).map(|()| true)),
                None => journal.poll_finish_snapshot(context).map_ok(|()| {
                    *image = None;
                    *failure = None;
                    false
                }),
            },
        };
        piece.map_err(|error| {
            *image = None;
            *failure = Some(error.clone());
            error.into()
        })
    }

    /// The whole database as one file.
    pub fn export(&self) -> Vec<u8> {
        image::write_file(&self.catalogue)
    }

    /// Puts what is in a file in the place of everything, as a statement that can be undone.
    ///
    /// # Errors
    /// The file is damaged or too new, or what is in it breaks its own constraints. Nothing has changed then.
    pub fn import(&mut self, file: &[u8]) -> Result<(), StoreError> {
        let started = self.start_statement()?;
        let result = self.replace(file);
        self.end_statement(started, result)
    }

    fn replace(&mut self, file: &[u8]) -> Result<(), StoreError> {
        let mut catalogue = image::read_file(file)?;
        catalogue.wake();
        catalogue.plant()?;
        catalogue.verify()?;
        let before = std::mem::replace(&mut self.catalogue, catalogue);
        self.log.undo.push(Undo::Define(Box::new(before)));
        self.log.all_moved = true;
        self.version += 1;
        if self.log.records {
            records::push_replace(&mut self.log.redo, file);
        }
        Ok(())
    }

    /// Makes all commits durable, and gives the backend up.
    ///
    /// # Errors
    /// As [`Database::flush`].
    pub fn close(mut self) -> Result<(), StoreError> {
        if self.log.is_open() {
            self.rollback()?;
        }
        self.flush()
    }
}

/// An answer that has to be there at once.
trait AtOnce<T> {
    fn unwrap_or_pending(self) -> Result<T, StoreError>;
}

impl<T> AtOnce<T> for Poll<Result<T, StoreError>> {
    fn unwrap_or_pending(self) -> Result<T, StoreError> {
        match self {
            Poll::Ready(result) => result,
            Poll::Pending => Err(JournalError::Pending.into()),
        }
    }
}
