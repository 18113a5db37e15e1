//! Writing: commits, and snapshots beside them.

use super::backend::{Area, Backend, Failure};
use super::checksum::checksum;
use super::error::JournalError;
use super::layout::{
    FRAME, Frame, HEAD, Head, SLOT_DISTANCE, SNAPSHOT_HEAD, Slot, snapshot_head, write_block,
};
use super::recover::{self, Piece};
use std::task::{Context, Poll, Waker};

/// How long a journal is at least before a snapshot takes its place.
const ENOUGH: u64 = 1 << 20;

/// The journal of a database: commits are appended to it, and from time to time a snapshot takes its place.
pub(in crate::store) struct Journal {
    pub(super) backend: Box<dyn Backend + Send>,
    /// What the header speaks of.
    pub(super) generation: u32,
    /// The generation of the journal that commits go to: that of the header, or the next while a snapshot is written.
    pub(super) active: u32,
    /// Where the next frame goes.
    pub(super) offset: u64,
    /// The last commit.
    pub(super) number: u64,
    pub(super) chain: u32,
    /// The last commit that is known to be durable.
    pub(super) durable: u64,
    /// Where the last frame began and what it was chained to, as long as it may be taken back.
    pub(super) last: Option<(u64, u32)>,
    pub(super) broken: Option<String>,
    pub(super) snapshot: Option<Writing>,
    pub(super) snapshot_length: u64,
    /// After a snapshot failed: how long the journal must be for the next one.
    pub(super) retry_at: u64,
}

/// A snapshot that is being written.
pub(super) struct Writing {
    number: u64,
    offset: u64,
    blocks: u32,
    done: Done,
}

/// How far the end of a snapshot is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Done {
    Nothing,
    Snapshot,
    Journal,
    Header,
}

impl Journal {
    /// Opens what a backend keeps, and hands it over piece by piece. What is refused is corrupt.
    pub(in crate::store) fn open(
        backend: Box<dyn Backend + Send>,
        take: &mut dyn FnMut(Piece<'_>) -> Result<(), String>,
    ) -> Result<Journal, JournalError> {
        recover::open(backend, take)
    }

    /// Appends a commit. It is durable after [`Journal::poll_durable`].
    ///
    /// # Errors
    /// Nothing was appended then.
    pub(in crate::store) fn append(&mut self, payload: &[u8]) -> Result<(), JournalError> {
        if let Some(cause) = &self.broken {
            return Err(JournalError::Broken { cause: cause.clone() });
        }
        let Ok(length) = u32::try_from(payload.len()) else {
            return Err(Failure::full("a commit of more than 4 GB").into());
        };
        let frame = Frame {
            length,
            number: self.number + 1,
            durable: self.durable,
            generation: self.active,
            chain: self.chain,
            payload: checksum(0, payload),
        };
        let mut bytes = Vec::with_capacity(FRAME + payload.len());
        bytes.extend_from_slice(&frame.write());
        bytes.extend_from_slice(payload);
        let area = self.area();
        if let Err(failure) = self.backend.write(area, self.offset, &bytes) {
            self.cut(&failure);
            return Err(failure.into());
        }
        self.last = Some((self.offset, self.chain));
        self.offset += bytes.len() as u64;
        self.number += 1;
        self.chain = frame.own_chain();
        Ok(())
    }

    /// Makes all commits durable.
    ///
    /// # Errors
    /// The last commit was taken back: it will not be there after the next opening. If that one was acknowledged, or others are not
    /// durable either, nothing is appended any more until then.
    pub(in crate::store) fn poll_durable(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), JournalError>> {
        if let Some(cause) = &self.broken {
            return Poll::Ready(Err(JournalError::Broken { cause: cause.clone() }));
        }
        if self.durable == self.number {
            return Poll::Ready(Ok(()));
        }
        let area = self.area();
        match self.backend.poll_flush(area, context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(())) => {
                self.durable = self.number;
                self.last = None;
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(failure)) => {
                // Of several commits that were to become durable nobody knows how many did, and what was acknowledged stays.
                if self.durable + 1 < self.number || self.last.is_none() {
                    self.broken = Some(failure.message.clone());
                }
                if let Some((offset, chain)) = self.last.take() {
                    (self.offset, self.chain) = (offset, chain);
                    self.number -= 1;
                    self.cut(&failure);
                }
                Poll::Ready(Err(failure.into()))
            }
        }
    }

    /// Says that the last commit was acknowledged without being durable: it is not taken back any more.
    pub(in crate::store) fn acknowledge(&mut self) {
        self.last = None;
    }

    /// Whether the journal is long enough for a snapshot to take its place.
    pub(in crate::store) fn is_long(&self) -> bool {
        self.snapshot.is_none() && self.offset > ENOUGH.max(self.snapshot_length).max(self.retry_at)
    }

    /// Begins a snapshot of what is there when this is ready. Commits go to the next journal from then on.
    ///
    /// # Errors
    /// All is as it was.
    pub(in crate::store) fn poll_begin_snapshot(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), JournalError>> {
        match self.poll_durable(context) {
            Poll::Ready(Ok(())) => {}
            other => return other,
        }
        Poll::Ready(self.begin_snapshot().map_err(|failure| self.give_up(failure)))
    }

    fn begin_snapshot(&mut self) -> Result<(), Failure> {
        if self.retry_at == u64::MAX {
            return Err(Failure::new("an earlier snapshot failed at its end; open the database anew"));
        }
        let Some(generation) = self.generation.checked_add(1) else {
            return Err(Failure::full("there were too many snapshots"));
        };
        let area = Area::Snapshot(generation % 2 == 1);
        self.backend.truncate(area, 0)?;
        self.backend.write(area, 0, &snapshot_head(generation))?;
        // If a snapshot was given up before, commits go to the next journal already.
        if self.active == self.generation {
            let head = Head { generation, base: self.number };
            let journal = Area::Journal(generation % 2 == 1);
            self.backend.truncate(journal, 0)?;
            self.backend.write(journal, 0, &head.write())?;
            (self.active, self.offset, self.chain) = (generation, HEAD as u64, head.chain());
        }
        self.snapshot = Some(Writing {
            number: self.number,
            offset: SNAPSHOT_HEAD as u64,
            blocks: 0,
            done: Done::Nothing,
        });
        Ok(())
    }

    /// Appends a block to the snapshot.
    ///
    /// # Errors
    /// The snapshot is given up. Commits are not touched by that.
    pub(in crate::store) fn write_block(&mut self, payload: &[u8]) -> Result<(), JournalError> {
        let generation = self.generation.wrapping_add(1);
        let Some(writing) = &mut self.snapshot else { return Ok(()) };
        let block = write_block(generation, writing.blocks, payload);
        let area = Area::Snapshot(generation % 2 == 1);
        if let Err(failure) = self.backend.write(area, writing.offset, &block) {
            return Err(self.give_up(failure));
        }
        writing.offset += block.len() as u64;
        writing.blocks += 1;
        Ok(())
    }

    /// Makes the snapshot durable, and then the current one: the header says so.
    ///
    /// # Errors
    /// The snapshot is given up. Commits are not touched by that.
    pub(in crate::store) fn poll_finish_snapshot(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), JournalError>> {
        let generation = self.generation.wrapping_add(1);
        let parity = generation % 2 == 1;
        loop {
            let Some(writing) = &mut self.snapshot else { return Poll::Ready(Ok(())) };
            let area = match writing.done {
                Done::Nothing => Area::Snapshot(parity),
                // What the snapshot holds must be in the journal, too: the numbers of commits go on from there.
                Done::Snapshot => Area::Journal(parity),
                Done::Journal | Done::Header => Area::Header,
            };
            if writing.done == Done::Journal {
                let Writing { number, offset, blocks, .. } = *writing;
                let slot = Slot { generation, number, length: offset, blocks };
                writing.done = Done::Header;
                let at = (generation % 2) as u64 * SLOT_DISTANCE as u64;
                if let Err(failure) = self.backend.write(Area::Header, at, &slot.write()) {
                    return Poll::Ready(Err(self.stop_snapshots(failure)));
                }
            }
            match (self.backend.poll_flush(area, context), writing.done) {
                (Poll::Pending, _) => return Poll::Pending,
                (Poll::Ready(Ok(())), Done::Nothing) => writing.done = Done::Snapshot,
                (Poll::Ready(Ok(())), Done::Snapshot) => writing.done = Done::Journal,
                (Poll::Ready(Ok(())), Done::Journal | Done::Header) => break,
                (Poll::Ready(Err(failure)), Done::Header) => {
                    return Poll::Ready(Err(self.stop_snapshots(failure)));
                }
                (Poll::Ready(Err(failure)), _) => return Poll::Ready(Err(self.give_up(failure))),
            }
        }
        self.snapshot_length = self.snapshot.take().map_or(0, |writing| writing.offset);
        (self.generation, self.retry_at) = (generation, 0);
        // What is old is of no use; if it can't be cut now, it is cut when its place is needed.
        self.backend.truncate(Area::Snapshot(!parity), 0).ok();
        self.backend.truncate(Area::Journal(!parity), 0).ok();
        Poll::Ready(Ok(()))
    }

    /// The last commit, and the last that is known to be durable.
    pub(in crate::store) fn numbers(&self) -> (u64, u64) {
        (self.number, self.durable)
    }

    fn area(&self) -> Area {
        Area::Journal(self.active % 2 == 1)
    }

    /// Takes away what stands behind the last good frame: it must not be there after the next opening.
    fn cut(&mut self, failure: &Failure) {
        let area = self.area();
        let cut = self.backend.truncate(area, self.offset).and_then(|()| flush_now(&mut *self.backend, area));
        if cut.is_err() {
            self.broken = Some(failure.message.clone());
        }
    }

    fn give_up(&mut self, failure: Failure) -> JournalError {
        self.snapshot = None;
        if self.retry_at < u64::MAX {
            self.retry_at = self.offset.saturating_mul(2);
        }
        failure.into()
    }

    /// Nobody knows which slot the header has now. Either goes well with the files as they are, but not with a
    /// new snapshot.
    fn stop_snapshots(&mut self, failure: Failure) -> JournalError {
        self.snapshot = None;
        self.retry_at = u64::MAX;
        failure.into()
    }
}

/// Flushes, if that can be done at once; if not, it is on its way.
pub(super) fn flush_now(backend: &mut dyn Backend, area: Area) -> Result<(), Failure> {
    match backend.poll_flush(area, &mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Ok(()),
    }
}
