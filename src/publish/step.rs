//! Every change that publishing makes to the disk passes here first, so that a test can kill the program
//! before each of them: `HUIZONG_DIE_AT=7` kills it before the seventh. Only in builds for tests.

/// Called before each change to the disk: making, writing, making durable, renaming, linking, removing.
#[cfg(not(debug_assertions))]
pub fn step() {}

/// Called before each change to the disk: making, writing, making durable, renaming, linking, removing.
#[cfg(debug_assertions)]
pub fn step() {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU64, Ordering};
    static LAST: LazyLock<Option<u64>> = LazyLock::new(|| std::env::var("HUIZONG_DIE_AT").ok()?.parse().ok());
    static DONE: AtomicU64 = AtomicU64::new(0);
    let now = DONE.fetch_add(1, Ordering::Relaxed) + 1;
    if LAST.is_some_and(|last| now >= last) {
        // As the system would do it: nothing is unwound, closed or flushed.
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}
