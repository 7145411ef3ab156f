//! Programs of others: found, run with a time limit, and ended together with all they have started.

use rustix::process::{Pid, Signal, kill_process_group};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By itself; whether it says that it did its work.
    Done(bool),
    /// It was ended, for it made no progress in time.
    Late,
    /// It was ended, for a signal came.
    Stopped,
    /// It could not be started.
    NotStarted,
}

/// Why a program gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It refuses the file: damaged, locked, or none of its formats.
    Refused,
    /// It took too long.
    Late,
}

/// How often a running program is looked at.
const GLANCE: Duration = Duration::from_millis(20);

/// A program: the one that the variable names, else the first of these names on the search path. An empty variable means none.
pub fn find(variable: &str, names: &[&str]) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(variable) {
        return Some(PathBuf::from(named)).filter(|p| p.is_file());
    }
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().flat_map(|name| folders.iter().map(move |f| f.join(name))).find(|p| p.is_file())
}

/// Runs a program in silence until it ends, `stopped` says so, or `progress` stays the same for longer than `patience`.
pub fn run(command: &mut Command, patience: Duration, progress: &dyn Fn() -> usize, stopped: &dyn Fn() -> bool) -> End {
    // In a group of its own, so that it does not outlive us by its children, and an interrupt reaches us first.
    let command = command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { return End::NotStarted };
    let (mut seen, mut since) = (progress(), Instant::now());
    loop {
        match child.try_wait() {
            Ok(Some(status)) => {
                // What it left running in its group goes with it.
                let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
                return End::Done(status.success());
            }
            Ok(None) => {}
            Err(_) => return ended(&mut child, End::Late),
        }
        if stopped() {
            return ended(&mut child, End::Stopped);
        }
        let now = progress();
        if now != seen {
            (seen, since) = (now, Instant::now());
        }
        if since.elapsed() > patience {
            return ended(&mut child, End::Late);
        }
        std::thread::sleep(GLANCE);
    }
}

fn ended(child: &mut Child, end: End) -> End {
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    let _ = child.wait();
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_hangs_is_ended_with_its_children() {
        let folder = tempfile::tempdir().expect("a folder");
        let mark = folder.path().join("alive");
        let script = format!("(sleep 1; touch '{}') & sleep 600", mark.display());
        let started = Instant::now();
        let end = run(Command::new("sh").args(["-c", &script]), Duration::from_millis(200), &|| 0, &|| false);
        assert_eq!(end, End::Late);
        assert!(started.elapsed() < Duration::from_secs(30));
        std::thread::sleep(Duration::from_millis(1500));
        assert!(!mark.exists(), "a child outlived it");
    }

    #[test]
    fn progress_buys_time_and_a_signal_ends_it() {
        let count = std::cell::Cell::new(0);
        let tick = || {
            count.set(count.get() + 1);
            count.get()
        };
        assert_eq!(run(Command::new("sleep").arg("0.5"), Duration::from_millis(200), &tick, &|| false), End::Done(true));
        assert_eq!(run(Command::new("sleep").arg("600"), Duration::from_secs(600), &|| 0, &|| true), End::Stopped);
        assert_eq!(run(&mut Command::new("/there/is/no/such/program"), Duration::from_secs(1), &|| 0, &|| false), End::NotStarted);
        assert_eq!(run(Command::new("sh").args(["-c", "exit 3"]), Duration::from_secs(10), &|| 0, &|| false), End::Done(false));
    }
}
