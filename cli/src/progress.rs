//! That something takes its time, told on a terminal.

use std::io::{IsTerminal, Write};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// While it lives, and standard error is a terminal, the last line there says what is under way, and for how long.
pub struct Progress {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    over: Condvar,
}

#[derive(Default)]
struct State {
    /// What is under way, and since when.
    what: Option<(String, Instant)>,
    /// Whether the line is there.
    shown: bool,
    over: bool,
}

impl State {
    fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

impl Progress {
    /// Starts, unless nobody looks.
    pub fn start(wanted: bool) -> Progress {
        let shared = Arc::new(Shared::default());
        if !wanted || !std::io::stderr().is_terminal() {
            return Progress { shared, thread: None };
        }
        let of_thread = shared.clone();
        Progress { shared, thread: Some(std::thread::spawn(move || show(&of_thread))) }
    }

    /// Says what is under way; nothing, if it is empty. What was shown before is gone when it comes back.
    pub fn tell(&self, what: &str) {
        let mut state = self.shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.clear();
        state.what = (!what.is_empty()).then(|| (what.to_owned(), Instant::now()));
    }
}

/// Shows what takes longer than a second, each second.
fn show(shared: &Shared) {
    let mut state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
    while !state.over {
        state = match shared.over.wait_timeout(state, Duration::from_secs(1)) {
            Ok((state, _)) => state,
            Err(poisoned) => poisoned.into_inner().0,
        };
        state.clear();
        let line = state.what.as_ref().and_then(|(what, since)| match since.elapsed().as_secs() {
            0 => None,
            seconds => Some(format!("{what}, {seconds} s ..")),
        });
        if let Some(line) = line.filter(|_| !state.over) {
            let _ = write!(std::io::stderr(), "{line}");
            state.shown = true;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.tell("");
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner).over = true;
        self.shared.over.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
