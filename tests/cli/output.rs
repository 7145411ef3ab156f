//! Where the results go: all of a run or nothing of it, and what was published before stays.

use crate::fixture::{STREET, TOWN, report};
use crate::input::{column, without_permission};
use crate::sandbox::{PROGRAM, Sandbox, finished, names, skip, wait};
use std::fs;
use std::io::Write;
use std::process::Command;
use std::thread;
use std::time::Duration;

const RUN: [&str; 3] = ["aggregate", "--year", "2020"];

/// Reports and a run that was published before.
fn published() -> Sandbox {
    let sandbox = Sandbox::with_reports();
    finished(sandbox.command(&RUN)).status(0);
    assert_eq!(sandbox.published("out").len(), 11);
    // What comes now would be published with another number.
    sandbox.write("data/reports/2020/竹溪乡.md", report(TOWN, 2020, 50));
    sandbox
}

#[test]
fn output_path_is_a_file() {
    let sandbox = Sandbox::with_reports();
    sandbox.write("out", "an older note");
    sandbox.run(&RUN).status(1).says("out");
    sandbox.run(&["aggregate", "--lang", "en", "--output", "out/below"]).status(1).says("out/below");
    sandbox.expect("output_is_a_file");
    assert_eq!(sandbox.read("out"), "an older note");
}

#[test]
fn output_is_read_only() {
    let sandbox = published();
    let before = sandbox.published("out");
    // The lock may be opened, but nothing can be created.
    let Some(done) = without_permission(&sandbox, &[("out", "555")], &RUN) else {
        return skip("output_is_read_only", "this user may write everywhere, and there is no setpriv");
    };
    sandbox.note("huizong aggregate --year 2020", &done.status(1).says("out"));
    assert!(sandbox.published("out") == before);
    // No lock yet either.
    fs::create_dir(sandbox.path("new")).expect("folder");
    let done = without_permission(&sandbox, &[("new", "555")], &["aggregate", "--lang", "en", "--output", "new/out"]);
    sandbox.note("huizong aggregate --lang en --output new/out", &done.expect("as before").status(1));
    sandbox.expect("output_is_read_only");
}

/// Something of the user's stands where a table belongs: it is neither replaced nor mixed up with ours.
#[test]
fn foreign_file_in_the_way() {
    let sandbox = Sandbox::with_reports();
    sandbox.write("out/facts/notes.txt", "mine");
    sandbox.run(&RUN).status(1).says("out/facts");
    assert_eq!(sandbox.read("out/facts/notes.txt"), "mine");
    assert_eq!(names(&sandbox.path("out/facts")), ["notes.txt"]);
    assert_eq!(sandbox.published("out").len(), 1, "nothing was published");
    sandbox.nothing_left_behind("out");
    fs::remove_dir_all(sandbox.path("out/facts")).expect("removed");
    sandbox.write("out/run.json", "{}");
    sandbox.run(&["aggregate", "--lang", "en"]).status(1).says("out/run.json");
    assert_eq!(sandbox.read("out/run.json"), "{}");
    sandbox.nothing_left_behind("out");
    sandbox.expect("foreign_file_in_the_way");
}

/// What else the user keeps in the output folder stays.
#[test]
fn other_files_in_the_output_stay() {
    let sandbox = Sandbox::with_reports();
    sandbox.write("out/notebook.ipynb", "{}");
    sandbox.write("out/.gitignore", "*");
    for _ in 0..3 {
        finished(sandbox.command(&RUN)).status(0);
    }
    assert_eq!(sandbox.read("out/notebook.ipynb"), "{}");
    assert_eq!(sandbox.read("out/.gitignore"), "*");
}

#[test]
fn locked_by_another_run() {
    let sandbox = published();
    let before = sandbox.published("out");
    let mut lock = fs::File::create(sandbox.path("out/.lock")).expect("lock file");
    lock.lock().expect("lock");
    lock.write_all(b"pid 4711, 2021-02-03 04:05:06\n").expect("holder");
    sandbox.run(&RUN).status(4).says("4711");
    sandbox.run(&["aggregate", "--lang", "en", "--quiet"]).status(4).says("4711");
    sandbox.expect("locked");
    assert!(sandbox.published("out") == before);
    // What publishes nothing needs no lock; another output folder has its own.
    finished(sandbox.command(&["check", "--year", "2020"])).status(0);
    finished(sandbox.command(&["aggregate", "--output", "other"])).status(0);
    // The lock goes with its holder; the file that stays locks nobody out.
    drop(lock);
    finished(sandbox.command(&RUN)).status(0);
}

/// Enough reports that a run is still reading when the signal comes.
fn many_reports() -> Sandbox {
    let sandbox = published();
    for number in 0..3000 {
        let copy = sandbox.path(&format!("data/reports/2020/{number:04}.md"));
        fs::hard_link(sandbox.path("data/reports/2020/竹溪乡.md"), copy).expect("hard link");
    }
    sandbox
}

/// Starts a run and sends it a signal as soon as it holds the lock.
fn signalled(sandbox: &Sandbox, signal: &str, arguments: &[&str]) -> crate::sandbox::Done {
    let lock = sandbox.path("out/.lock");
    fs::write(&lock, "").expect("emptied");
    let mut child = sandbox.command(arguments).spawn().expect("the program starts");
    while fs::read(&lock).expect("lock").is_empty() {
        assert!(child.try_wait().expect("child").is_none(), "it ended before it held the lock");
        thread::sleep(Duration::from_millis(1));
    }
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill").success());
    wait(child)
}

#[test]
fn interrupted() {
    let sandbox = many_reports();
    let before = sandbox.published("out");
    for (signal, language) in [("-INT", "zh"), ("-TERM", "en")] {
        let done = signalled(&sandbox, signal, &["aggregate", "--year", "2020", "--lang", language]).status(130);
        sandbox.note(&format!("huizong aggregate --year 2020 --lang {language}   # kill {signal}"), &done);
        assert!(done.stdout.is_empty());
        assert!(sandbox.published("out") == before, "{signal}: what was published is untouched");
        sandbox.nothing_left_behind("out");
    }
    sandbox.expect("interrupted");
}

#[test]
fn killed() {
    let sandbox = many_reports();
    let before = sandbox.published("out");
    let done = signalled(&sandbox, "-KILL", &RUN);
    assert_eq!(done.status, None);
    assert!(sandbox.published("out") == before);
    // The next run is not held up by what the killed one left.
    for number in 0..3000 {
        fs::remove_file(sandbox.path(&format!("data/reports/2020/{number:04}.md"))).expect("removed");
    }
    sandbox.write("out/.next/facts/year=2020/facts.csv", "half a file");
    sandbox.write("out/.next/facts/year=2007/facts.csv", "of nobody");
    finished(sandbox.command(&RUN)).status(0);
    sandbox.nothing_left_behind("out");
    assert_eq!(names(&sandbox.path("out/facts")), ["year=2020"]);
    let summary = sandbox.read("out/district_summary/year=2020/district_summary.csv");
    assert_eq!(column(&summary, "applications_received"), ["57"]);
}

/// No file may grow beyond some kilobytes: writing fails in the middle, as on a full disk.
#[test]
fn writing_fails_in_the_middle() {
    let sandbox = published();
    let before = sandbox.published("out");
    // 4 blocks of 512 bytes: too little for facts. 40: enough for facts.parquet, not for facts.csv.
    for blocks in [4, 40] {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let done = finished(sandbox.script(&script, &RUN));
        sandbox.note(&format!("ulimit -f {blocks}; huizong aggregate --year 2020"), &done);
        let done = done.status(1).says("out");
        assert!(done.stdout.is_empty());
        assert!(sandbox.published("out") == before, "{blocks}: what was published is untouched");
        sandbox.nothing_left_behind("out");
    }
    sandbox.expect("writing_fails_in_the_middle");
    finished(sandbox.command(&RUN)).status(0);
    assert!(sandbox.published("out") != before);
}

/// A disk of its own that is full, mounted where nobody else sees it.
#[test]
fn full_disk() {
    let can = Command::new("unshare").args(["--user", "--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"]).output();
    if !can.is_ok_and(|o| o.status.success()) {
        return skip("full_disk", "no user name spaces for this user, so no disk to fill");
    }
    let sandbox = Sandbox::with_reports();
    fs::create_dir(sandbox.path("disk")).expect("folder");
    // A run fits; then the disk is filled up to some kilobytes; what was published must still be readable.
    let script = "
        mount -t tmpfs -o size=1024k none disk || exit 99
        \"$@\" --output disk/out --quiet || exit 98
        cat disk/out/*/*/* disk/out/run.json > before
        dd if=/dev/zero of=disk/filler bs=1k count=100000 2>/dev/null
        truncate -s -$ROOM disk/filler
        echo >> data/reports/2020/竹溪乡.md
        \"$@\" --output disk/out
        status=$?
        cat disk/out/*/*/* disk/out/run.json > after
        ls -A disk/out > left
        rm disk/filler
        \"$@\" --output disk/out --quiet || exit 97
        exit $status";
    for room in ["0", "8k", "40k"] {
        let arguments = [&["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", PROGRAM], &RUN[..]].concat();
        let mut command = sandbox.prepared("unshare", &arguments);
        command.env("ROOM", room);
        let done = finished(command).status(1);
        let bytes = |name: &str| fs::read(sandbox.path(name)).expect("copy");
        assert!(bytes("before").len() > 10_000 && bytes("before") == bytes("after"), "{room}: what was published is untouched");
        let said = done.err();
        assert!(said.contains("disk/out") && said.contains("No space left"), "{room}: {said}");
        assert!(!sandbox.read("left").contains(".next"), "{room}: half-written files fill the disk: {}", sandbox.read("left"));
    }
}

#[test]
fn other_years_are_carried_over() {
    let sandbox = Sandbox::with_reports();
    for (year, received) in [(2019, 3), (2018, 2)] {
        sandbox.write(&format!("data/reports/{year}/望云街街道.md"), report(STREET, year, received));
        sandbox.write(&format!("data/reports/{year}/竹溪乡.md"), report(TOWN, year, received));
    }
    finished(sandbox.command(&["aggregate"])).status(0);
    let all = sandbox.data("out");
    assert_eq!(all.len(), 30);
    // One year again, with another number and in another order of years: only its files differ.
    sandbox.write("data/reports/2019/竹溪乡.md", report(TOWN, 2019, 30));
    fs::remove_dir_all(sandbox.path("data/reports/2018")).expect("removed");
    finished(sandbox.command(&["aggregate", "--year", "2019"])).status(0);
    let now = sandbox.data("out");
    assert!(all.keys().eq(now.keys()), "every year is still there");
    for (name, bytes) in &all {
        assert_eq!(now[name] != *bytes, name.contains("year=2019") && !name.contains("findings"), "{name}");
    }
    // Its own years only stand in run.json.
    let run: serde_json::Value = serde_json::from_str(&sandbox.read("out/run.json")).expect("run.json");
    let years: Vec<i64> = run["years"].as_array().expect("years").iter().filter_map(|y| y["year"].as_i64()).collect();
    assert_eq!(years, [2019]);
    finished(sandbox.command(&["aggregate", "--year", "2019"])).status(0);
    assert!(sandbox.data("out") == now);
    sandbox.nothing_left_behind("out");
}

/// A reader that has opened the files of a run reads that run to its end.
#[test]
fn open_files_stay_readable_while_replaced() {
    let sandbox = published();
    let before = sandbox.published("out");
    let mut open: Vec<(String, fs::File)> = before.keys().map(|name| (name.clone(), fs::File::open(sandbox.path("out").join(name)).expect("file"))).collect();
    finished(sandbox.command(&RUN)).status(0);
    finished(sandbox.command(&RUN)).status(0);
    assert!(sandbox.published("out") != before);
    for (name, file) in &mut open {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(file, &mut bytes).expect("read");
        assert!(bytes == before[name.as_str()], "{name}");
    }
}

/// Readers that come while runs are published always find whole files of one of them.
#[test]
fn readers_meanwhile_see_whole_files() {
    let sandbox = published();
    let old = sandbox.data("out");
    finished(sandbox.command(&RUN)).status(0);
    let new = sandbox.data("out");
    thread::scope(|scope| {
        let runs = scope.spawn(|| {
            for number in 0..12 {
                sandbox.write("data/reports/2020/竹溪乡.md", report(TOWN, 2020, if number % 2 == 0 { 5 } else { 50 }));
                finished(sandbox.command(&RUN)).status(0);
            }
        });
        let mut seen = 0;
        while !runs.is_finished() {
            for (name, bytes) in &old {
                let found = fs::read(sandbox.path("out").join(name)).unwrap_or_else(|e| panic!("{name} is not there for a moment: {e}"));
                assert!(found == *bytes || found == new[name], "{name} is of neither run");
                seen += 1;
            }
        }
        assert!(seen > 0);
    });
}

#[test]
fn results_are_described_in_run_json() {
    let sandbox = Sandbox::with_reports();
    sandbox.write("data/reports/2020/空.md", "");
    sandbox.write("data/reports/2019/竹溪乡.md", report(TOWN, 2019, 5));
    finished(sandbox.command(&RUN)).status(3);
    let run: serde_json::Value = serde_json::from_str(&sandbox.read("out/run.json")).expect("run.json");
    let files = run["files"].as_object().expect("files");
    let number = |name: &str| files[name].as_u64().expect("a number");
    let parts = ["counted", "duplicate", "not_a_report", "without_year", "unreadable", "other_years"];
    assert_eq!(number("found"), parts.iter().map(|p| number(p)).sum::<u64>(), "the books balance: {files:?}");
    assert_eq!((number("found"), number("counted"), number("unreadable"), number("other_years")), (4, 2, 1, 1));
    for output in run["outputs"].as_array().expect("outputs") {
        let path = sandbox.path("out").join(output["path"].as_str().expect("path"));
        assert_eq!(fs::metadata(&path).expect("a published file").len(), output["bytes"].as_u64().expect("bytes"), "{}", path.display());
    }
    assert_eq!(run["outputs"].as_array().map(Vec::len), Some(10));
}

/// New folders are made as deep as asked for, and the output may be a link.
#[test]
fn output_folder_is_made() {
    let sandbox = Sandbox::with_reports();
    finished(sandbox.command(&["aggregate", "--output", "结果/每 日/out"])).status(0);
    assert_eq!(sandbox.published("结果/每 日/out").len(), 11);
    fs::create_dir(sandbox.path("store")).expect("folder");
    sandbox.link("store", "out");
    finished(sandbox.command(&RUN)).status(0);
    assert!(sandbox.data("store") == sandbox.data("结果/每 日/out"));
    // A published folder that was moved away whole still reads.
    fs::rename(sandbox.path("结果"), sandbox.path("moved")).expect("moved");
    assert!(sandbox.data("moved/每 日/out") == sandbox.data("store"));
}

/// Results below the input would be read as reports the next time.
#[test]
fn output_inside_the_input_does_not_disturb_the_next_run() {
    let sandbox = Sandbox::with_reports();
    let run = ["aggregate", "--year", "2020", "--output", "data/reports/out"];
    let first = finished(sandbox.command(&run));
    if first.status == Some(0) {
        let second = finished(sandbox.command(&run)).status(0);
        assert_eq!(first.out(), second.out(), "the results of the first run are taken for reports");
    } else {
        // Refused: as good.
        assert!(matches!(first.status, Some(1 | 2)) && first.err().contains("data/reports/out"), "{first:?}");
    }
}
