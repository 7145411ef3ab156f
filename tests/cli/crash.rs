//! The program is killed at every step of publishing, and at any moment: what is published is always that of one
//! run, whole; the next run succeeds and leaves nothing behind.

use crate::fixture::{STREET, TOWN, report};
use crate::sandbox::{Sandbox, finished, skip, wait};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const RUN: [&str; 5] = ["aggregate", "--year", "2020", "--quiet", "--lang=en"];
const FILE: &str = "data/reports/2020/竹溪乡.md";

/// The published data by name.
type Data = BTreeMap<String, Vec<u8>>;

/// A folder with reports of three years, of which one was published before and one is laid out.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_reports();
    sandbox.write("data/reports/2019/望云街街道.md", report(STREET, 2019, 7));
    finished(sandbox.command(&["aggregate", "--year", "2019", "--report"])).status(0);
    sandbox
}

/// What a run publishes if the town received so many applications.
fn published(received: u32) -> Data {
    let sandbox = sandbox();
    sandbox.write(FILE, report(TOWN, 2020, received));
    finished(sandbox.command(&RUN)).status(0);
    sandbox.data("out")
}

/// Checks what the other programs of the same folder see after one of them was killed.
#[track_caller]
fn check(sandbox: &Sandbox, when: &str, whole: &[&Data]) {
    let seen = sandbox.data("out");
    assert!(whole.iter().any(|data| **data == seen), "{when}: what is published is not that of one run");
    let run: serde_json::Value = serde_json::from_str(&sandbox.read("out/run.json")).unwrap_or_else(|e| panic!("{when}: run.json: {e}"));
    for output in run["outputs"].as_array().expect("outputs") {
        let path = sandbox.path("out").join(output["path"].as_str().expect("path"));
        assert_eq!(fs::metadata(&path).ok().map(|m| m.len()), output["bytes"].as_u64(), "{when}: run.json is of another run: {}", path.display());
    }
    assert!(sandbox.path("out/publish/year=2019").is_dir(), "{when}: what was laid out is lost");
}

/// Runs once more, undisturbed.
#[track_caller]
fn recover(sandbox: &Sandbox, when: &str, whole: &Data) {
    let done = finished(sandbox.command(&RUN));
    assert_eq!(done.status, Some(0), "{when}: the next run failed: {}", done.err());
    assert!(sandbox.data("out") == *whole, "{when}: the next run published something else");
    sandbox.nothing_left_behind("out");
    let left = fs::read_dir(sandbox.path("out/.current/")).expect("run").flatten().map(|e| e.file_name().to_string_lossy().to_string());
    let left: Vec<String> = left.filter(|name| name.starts_with('.') && name != ".manifest").collect();
    assert!(left.is_empty(), "{when}: {left:?}");
    assert!(!sandbox.path("out/.attempt.json").exists(), "{when}");
}

fn die_at(sandbox: &Sandbox, step: usize, received: u32) -> Option<i32> {
    sandbox.write(FILE, report(TOWN, 2020, received));
    let mut command = sandbox.command(&RUN);
    command.env("HUIZONG_DIE_AT", step.to_string());
    finished(command).status
}

/// Kills a run before its first change to the disk, its second, and so on until it ends by itself.
fn every_step(start: impl Fn() -> Sandbox + Sync, states: &[(u32, &Data)], steps_at_least: usize) {
    let next = AtomicUsize::new(1);
    let last = AtomicUsize::new(usize::MAX);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let sandbox = start();
                let mut now = 0;
                loop {
                    let step = next.fetch_add(1, Ordering::Relaxed);
                    if step > last.load(Ordering::Relaxed) {
                        return;
                    }
                    let then = (now + 1) % states.len();
                    let when = format!("killed at step {step}");
                    match die_at(&sandbox, step, states[then].0) {
                        None => check(&sandbox, &when, &[states[now].1, states[then].1]),
                        Some(status) => {
                            assert_eq!(status, 0, "{when}");
                            last.fetch_min(step, Ordering::Relaxed);
                        }
                    }
                    recover(&sandbox, &when, states[then].1);
                    now = then;
                }
            });
        }
    });
    let last = last.into_inner();
    assert!(last > steps_at_least, "only {last} steps: they are not counted");
    assert!(last < 1000, "it never ended");
}

/// Only builds for tests count the steps.
fn steps_are_counted() -> bool {
    if !cfg!(debug_assertions) {
        skip("killed at every step", "steps are counted in builds for tests only");
    }
    cfg!(debug_assertions)
}

#[test]
fn killed_at_every_step() {
    if !steps_are_counted() {
        return;
    }
    let (five, six) = (published(5), published(6));
    let start = || {
        let sandbox = sandbox();
        finished(sandbox.command(&RUN)).status(0);
        sandbox
    };
    every_step(start, &[(5, &five), (6, &six)], 60);
}

#[test]
fn killed_at_every_step_of_an_unchanged_night() {
    if !steps_are_counted() {
        return;
    }
    let sandbox = sandbox();
    finished(sandbox.command(&RUN)).status(0);
    thread::sleep(Duration::from_millis(60));
    let whole = sandbox.data("out");
    finished(sandbox.command(&RUN)).status(0);
    for step in 1..100 {
        let mut command = sandbox.command(&RUN);
        command.env("HUIZONG_DIE_AT", step.to_string());
        let status = finished(command).status;
        let when = format!("killed at step {step}");
        check(&sandbox, &when, &[&whole]);
        recover(&sandbox, &when, &whole);
        assert!(sandbox.read("out/run.json").contains("\"unchanged\""), "{when}: nothing had changed");
        if status == Some(0) {
            assert!(step > 5, "only {step} steps: they are not counted");
            return;
        }
    }
    panic!("it never ended");
}

/// The first run has nothing to fall back to: after it was killed there is nothing, or all.
#[test]
fn a_first_run_killed_at_every_step() {
    if !steps_are_counted() {
        return;
    }
    let whole = {
        let sandbox = Sandbox::with_reports();
        finished(sandbox.command(&RUN)).status(0);
        sandbox.data("out")
    };
    let next = AtomicUsize::new(1);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let sandbox = Sandbox::with_reports();
                    let step = next.fetch_add(1, Ordering::Relaxed);
                    let status = die_at(&sandbox, step, 5);
                    let seen = sandbox.data("out");
                    // The names come one by one, each with all behind it.
                    let differs = seen.iter().find(|(name, content)| whole.get(*name) != Some(*content));
                    assert!(differs.is_none(), "step {step}: {differs:?}");
                    recover(&sandbox, &format!("killed at step {step}"), &whole);
                    if status.is_some() || step > 1000 {
                        assert!((40..1000).contains(&step), "{step} steps");
                        return;
                    }
                }
            });
        }
    });
}

/// Kills runs at random moments, while a reader reads.
fn killed_at_random(times: u32) {
    let (five, six) = (published(5), published(6));
    let states = [(5, &five), (6, &six)];
    let sandbox = sandbox();
    finished(sandbox.command(&RUN)).status(0);
    let started = Instant::now();
    sandbox.write(FILE, report(TOWN, 2020, 6));
    finished(sandbox.command(&RUN)).status(0);
    let takes = started.elapsed().as_micros() as u64;
    let (mut now, mut killed, mut seed) = (1, 0, 0x2545_f491_4f6c_dd1d_u64 ^ u64::from(std::process::id()));
    let over = std::sync::atomic::AtomicBool::new(false);
    let looks = AtomicUsize::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                looks.fetch_add(usize::from(look(&sandbox, &[&five, &six])), Ordering::Relaxed);
                thread::sleep(Duration::from_millis(1));
            }
        });
        for time in 0..times {
            let then = 1 - now;
            sandbox.write(FILE, report(TOWN, 2020, states[then].0));
            let mut child = sandbox.command(&RUN).spawn().expect("the program starts");
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            thread::sleep(Duration::from_micros(seed % takes));
            child.kill().expect("killed");
            killed += u32::from(wait(child).status.is_none());
            let when = format!("killed for the {time}th time, {} µs after its start", seed % takes);
            check(&sandbox, &when, &[states[now].1, states[then].1]);
            recover(&sandbox, &when, states[then].1);
            now = then;
        }
        over.store(true, Ordering::Relaxed);
    });
    assert!(killed * 2 > times, "only {killed} of {times} were killed before they ended");
    assert!(looks.into_inner() > 0, "nobody read");
}

/// Reads all of one run, through the folder that is published now; none if that was removed meanwhile.
fn look(sandbox: &Sandbox, whole: &[&Data]) -> bool {
    let Ok(folder) = fs::canonicalize(sandbox.path("out/.current")) else { return false };
    let read = |name: &String| fs::read(folder.join(Path::new(name))).ok();
    let Some(seen) = whole[0].keys().map(|name| Some((name.clone(), read(name)?))).collect::<Option<Data>>() else { return false };
    // Of a folder that is being removed, files go one by one, but none is ever half there.
    assert!(whole.iter().any(|data| **data == seen), "a reader saw parts of two runs");
    true
}

#[test]
fn killed_at_thirty_moments() {
    killed_at_random(30);
}

#[test]
#[ignore = "takes minutes"]
fn killed_at_two_hundred_moments() {
    killed_at_random(200);
}

#[test]
fn two_runs_started_at_once() {
    let sandbox = sandbox();
    let whole = published(6);
    sandbox.write(FILE, report(TOWN, 2020, 6));
    let children: Vec<_> = (0..4).map(|_| sandbox.command(&RUN).spawn().expect("the program starts")).collect();
    let ends: Vec<_> = children.into_iter().map(wait).collect();
    assert!(ends.iter().any(|done| done.status == Some(0)));
    for done in &ends {
        match done.status {
            Some(0) => {}
            Some(4) => assert!(done.err().contains("pid ") && done.err().contains("another run"), "{}", done.err()),
            other => panic!("{other:?}: {}", done.err()),
        }
    }
    assert!(sandbox.data("out") == whole);
    sandbox.nothing_left_behind("out");
    let holder = sandbox.read("out/.lock");
    let host = fs::read_to_string("/proc/sys/kernel/hostname").expect("host");
    assert!(holder.starts_with("pid ") && holder.contains(host.trim()), "{holder}");
}
