//! Whatever was read before, a run publishes what a run from nothing publishes; and it does not read again what has
//! not changed.

use crate::fixture::{OFFICES, STREET, TOWN, report};
use crate::sandbox::{PROGRAM, Sandbox, finished, names, skip};
use std::fs;
use std::io::{Cursor, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use zip::write::SimpleFileOptions;

const RUN: [&str; 2] = ["aggregate", "--quiet"];

/// Numbers that are the same in every run of the test.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound.max(1)
    }

    fn pick<T: Clone>(&mut self, things: &[T]) -> Option<T> {
        things.get(self.below(things.len())).cloned()
    }
}

/// Runs, and tells how many files were not read again.
#[track_caller]
fn recalled(sandbox: &Sandbox, arguments: &[&str]) -> u64 {
    // Longer than the clock of a file system takes to tick.
    std::thread::sleep(Duration::from_millis(60));
    let done = finished(sandbox.command(arguments));
    assert!(matches!(done.status, Some(0 | 3)), "{}", done.err());
    let run: serde_json::Value = serde_json::from_str(&sandbox.read("out/run.json")).expect("run.json");
    assert_eq!(run["outcome"], "published");
    run["recalled"].as_u64().expect("a number of files")
}

/// Compares what is published with what a run from nothing publishes. Years that nobody asked for now, or that went, are
/// there from before.
#[track_caller]
fn as_from_nothing(sandbox: &Sandbox, arguments: &[&str], when: &str) {
    let _ = fs::remove_dir_all(sandbox.path("fresh"));
    let done = finished(sandbox.command(&[arguments, &["--output", "fresh"]].concat()));
    assert!(matches!(done.status, Some(0 | 3)), "{when}: {}", done.err());
    let history = sandbox.data("out");
    let fresh = sandbox.data("fresh");
    assert!(fresh.len() >= 10, "{when}: nothing was published");
    for (name, content) in fresh {
        assert!(history.get(&name) == Some(&content), "{when}: {name} differs from that of a run from nothing");
    }
    let of = |output: &str| -> serde_json::Value { serde_json::from_str(&sandbox.read(&format!("{output}/run.json"))).expect("run.json") };
    for same in ["files", "inputs", "outputs"] {
        assert_eq!(of("out")[same], of("fresh")[same], "{when}: {same}");
    }
}

fn zipped(files: &[(String, String)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).expect("a file");
        zip.write_all(content.as_bytes()).expect("written");
    }
    zip.finish().expect("a zip").into_inner()
}

/// A report of one of the two offices, or something that is none.
fn anything(dice: &mut Dice) -> String {
    let office = [STREET, TOWN, "云州市青石区无名街道办事处"][dice.below(3)];
    let year = 2018 + dice.below(4) as i32;
    let text = report(office, year, dice.below(30) as u32);
    match dice.below(8) {
        0 => String::new(),
        1 => "会议纪要。".to_string(),
        2 => text.replace("|规章|0|", "|规章|若干|"),
        3 => text.replace("本机关公开工作总体平稳", "本机关主动公开信息37条，其中网站12条"),
        _ => text,
    }
}

/// Does one thing to the input or to what is kept. Gives what it was.
fn change(sandbox: &Sandbox, dice: &mut Dice) -> String {
    let folder = sandbox.path("data/reports");
    let files: Vec<PathBuf> = ["", "甲", "乙"].iter().flat_map(|sub| names_of(&folder.join(sub))).collect();
    let new = format!("data/reports/{}/{}.md", ["", "甲", "乙"][dice.below(3)], dice.below(12));
    let old = dice.pick(&files).unwrap_or_else(|| sandbox.path("data/reports/竹溪乡.md"));
    let kept: Vec<PathBuf> = names_of(&sandbox.path("out/.cache"));
    let what = dice.below(15);
    match what {
        0..=2 => sandbox.write(&new, anything(dice)),
        3 => fs::write(&old, anything(dice)).expect("changed"),
        4 => fs::rename(&old, sandbox.path(&new)).unwrap_or_default(),
        5 if files.len() > 3 => fs::remove_file(&old).unwrap_or_default(),
        6 => fs::File::options().append(true).open(&old).and_then(|f| f.set_modified(std::time::SystemTime::now())).unwrap_or_default(),
        7 => {
            // Of the same length and time as before.
            let modified = fs::metadata(&old).and_then(|m| m.modified()).expect("a time");
            let mut bytes = fs::read(&old).expect("a report");
            bytes.iter_mut().filter(|b| b.is_ascii_digit()).for_each(|b| *b = if *b == b'9' { b'1' } else { *b + u8::from(*b > b'4') });
            fs::write(&old, bytes).expect("changed");
            fs::File::options().append(true).open(&old).and_then(|f| f.set_modified(modified)).expect("set back");
        }
        8 => {
            let members: Vec<(String, String)> = (0..dice.below(4)).map(|n| (format!("{n}.md"), anything(dice))).collect();
            sandbox.write(&format!("data/reports/{}.zip", dice.below(2)), zipped(&members));
        }
        9 => {
            let [one, other, aside] = ["甲", "乙", "丙"].map(|sub| folder.join(sub));
            let _ = fs::rename(&one, &aside).and_then(|()| fs::rename(&other, &one));
            let _ = fs::rename(&aside, &other);
        }
        10 => sandbox.write("config/reviewed.csv", format!("finding_id,decision,note,by,on\n{}", "\n".repeat(dice.below(3)))),
        11 => sandbox.write("config/offices.csv", OFFICES.replace("望云街街道,", ["望云街街道,", "望云街街道;望云,"][dice.below(2)])),
        12 => {
            if let Some(shelf) = dice.pick(&kept) {
                let mut bytes = fs::read(&shelf).expect("a shelf");
                let at = dice.below(bytes.len());
                bytes[at] ^= 1 << dice.below(8);
                fs::write(shelf, bytes).expect("damaged");
            }
        }
        13 => {
            if let Some(shelf) = dice.pick(&kept) {
                let bytes = fs::read(&shelf).expect("a shelf");
                fs::write(shelf, &bytes[..dice.below(bytes.len())]).expect("cut");
            }
        }
        _ => fs::remove_dir_all(sandbox.path("out/.cache")).unwrap_or_default(),
    }
    format!("{what} on {} or {new}", old.display())
}

fn names_of(folder: &std::path::Path) -> Vec<PathBuf> {
    if !folder.is_dir() {
        return Vec::new();
    }
    names(folder).iter().map(|name| folder.join(name)).filter(|path| path.is_file()).collect()
}

/// Lives through many changes; after each the output is that of a run from nothing.
fn history(seed: u64, steps: usize) {
    let mut dice = Dice(seed);
    let sandbox = Sandbox::with_reports();
    sandbox.write("data/reports/甲/2019.md", report(STREET, 2019, 3));
    sandbox.write("data/reports/乙/2019.md", report(TOWN, 2019, 4));
    let mut done = Vec::new();
    for _ in 0..steps {
        for _ in 0..1 + dice.below(3) {
            done.push(change(&sandbox, &mut dice));
        }
        let years: [&[&str]; 4] = [&[], &[], &["--year", "2020"], &["--year", "2019", "--year", "2021"]];
        let arguments = [&RUN, years[dice.below(4)]].concat();
        // Not always long enough after the change for its time to tell.
        std::thread::sleep(Duration::from_millis([0, 60][dice.below(2)]));
        let when = format!("seed {seed}: {done:?}, {arguments:?}");
        let status = finished(sandbox.command(&arguments)).status;
        if status == Some(1) {
            // No report of these years: refused, from nothing too.
            let _ = fs::remove_dir_all(sandbox.path("fresh"));
            assert_eq!(finished(sandbox.command(&[&arguments[..], &["--output", "fresh"]].concat())).status, Some(1), "{when}");
            continue;
        }
        as_from_nothing(&sandbox, &arguments, &when);
        sandbox.nothing_left_behind("out");
    }
}

#[test]
fn a_long_history_ends_as_a_run_from_nothing() {
    std::thread::scope(|scope| {
        for seeds in [[11, 23], [37, 41]] {
            scope.spawn(move || seeds.into_iter().for_each(|seed| history(seed, 12)));
        }
    });
}

#[test]
#[ignore = "takes minutes"]
fn many_long_histories_end_as_runs_from_nothing() {
    std::thread::scope(|scope| {
        for first in [100, 200] {
            scope.spawn(move || (first..first + 20).for_each(|seed| history(seed * 7919, 40)));
        }
    });
}

#[test]
fn only_what_changed_is_read_again() {
    let sandbox = Sandbox::with_reports();
    let file = "data/reports/2020/竹溪乡.md";
    for (name, office, year) in [("a", STREET, 2019), ("b", TOWN, 2019), ("c", STREET, 2018)] {
        sandbox.write(&format!("data/reports/{name}.md"), report(office, year, 3));
    }
    let members = [("x.md".to_string(), report(TOWN, 2018, 4)), ("y.md".to_string(), "会议纪要。".to_string())];
    sandbox.write("data/reports/z.zip", zipped(&members));
    let run = |arguments: &[&str], when: &str| {
        let recalled = recalled(&sandbox, arguments);
        as_from_nothing(&sandbox, arguments, when);
        recalled
    };
    assert_eq!(run(&RUN, "first"), 0);
    sandbox.write(file, report(TOWN, 2020, 6));
    assert_eq!(run(&RUN, "one changed"), 5);
    fs::rename(sandbox.path("data/reports/a.md"), sandbox.path("data/reports/2019.md")).expect("renamed");
    assert_eq!(run(&RUN, "one renamed"), 5, "its name may tell its year");
    sandbox.write(file, report(TOWN, 2020, 6));
    assert_eq!(run(&RUN, "written anew with the same content"), 6);
    fs::remove_file(sandbox.path("data/reports/b.md")).expect("removed");
    assert_eq!(run(&RUN, "one removed"), 5);
    sandbox.write("config/reviewed.csv", "finding_id,decision,note,by,on\n");
    assert_eq!(run(&RUN, "a decision"), 5, "no decision changes a reading");
    sandbox.write("config/offices.csv", OFFICES.replace("望云街街道,", "望云街街道;望云,"));
    assert_eq!(run(&RUN, "the registry"), 0);
    fs::remove_file(sandbox.path("config/reviewed.csv")).expect("removed");
    fs::remove_dir_all(sandbox.path("out/.cache")).expect("removed");
    assert_eq!(run(&RUN, "nothing is kept"), 0);
    // What was read to the end for one question serves all; what was not is read once more.
    let year = ["aggregate", "--quiet", "--year", "2020"];
    assert_eq!(run(&year, "one year"), 5);
    assert_eq!(run(&RUN, "all years again"), 5);
    fs::remove_dir_all(sandbox.path("out/.cache")).expect("removed");
    sandbox.write(file, report(TOWN, 2020, 8));
    assert_eq!(run(&year, "one year from nothing"), 0);
    assert_eq!(run(&RUN, "all years"), 3, "those of 2020 and 2019");
    // Who checks only looks.
    let check = || finished(sandbox.command(&["check", "--format", "csv"])).status(0).out();
    let checked = check();
    fs::remove_dir_all(sandbox.path("out/.cache")).expect("removed");
    assert!(check() == checked && !sandbox.path("out/.cache").exists());
    sandbox.write("config/reviewed.csv", "finding_id,decision,note,by,on\n\n");
    assert_eq!(run(&RUN, "nothing is kept again"), 0);
    // Only what is there is kept.
    let kept = |sandbox: &Sandbox| {
        names(&sandbox.path("out/.cache")).iter().map(|n| fs::read(sandbox.path("out/.cache").join(n)).expect("a shelf")).collect::<Vec<_>>().concat()
    };
    let has = |name: &str| kept(&sandbox).windows(name.len()).any(|w| w == name.as_bytes());
    assert!(has("2019.md") && has("c.md"));
    for gone in ["2019.md", "c.md", "z.zip"] {
        fs::remove_file(sandbox.path("data/reports").join(gone)).expect("removed");
    }
    assert_eq!(run(&RUN, "most are gone"), 2);
    assert!(!has("2019.md") && !has("c.md") && !has("z.zip"));
}

/// Whatever lies in the place of what is kept, the run goes on; what is damaged is written anew.
#[test]
fn what_is_damaged_is_as_good_as_none_and_is_healed() {
    let sandbox = Sandbox::with_reports();
    assert_eq!(recalled(&sandbox, &RUN), 0);
    let shelves = |sandbox: &Sandbox| names_of(&sandbox.path("out/.cache"));
    let whole: Vec<Vec<u8>> = shelves(&sandbox).iter().map(|shelf| fs::read(shelf).expect("a shelf")).collect();
    assert!(!whole.is_empty());
    for damaged in [b"".as_slice(), b"x", &[0; 4096]] {
        shelves(&sandbox).iter().for_each(|shelf| fs::write(shelf, damaged).expect("damaged"));
        sandbox.write("data/reports/note.txt", "会议纪要。");
        assert_eq!(recalled(&sandbox, &RUN), 0);
        as_from_nothing(&sandbox, &RUN, "damaged");
        fs::remove_file(sandbox.path("data/reports/note.txt")).expect("removed");
        assert_eq!(recalled(&sandbox, &RUN), 2, "it was healed");
        let healed: Vec<Vec<u8>> = shelves(&sandbox).iter().map(|shelf| fs::read(shelf).expect("a shelf")).collect();
        assert!(healed == whole);
    }
    // A shelf of files that have gone since goes too.
    let before = shelves(&sandbox);
    for number in 0..32 {
        let shelf = format!("out/.cache/{number:02}");
        if !sandbox.path(&shelf).exists() {
            sandbox.write(&shelf, "of another program");
        }
    }
    sandbox.write("data/reports/2020/竹溪乡.md", report(TOWN, 2020, 6));
    assert_eq!(recalled(&sandbox, &RUN), 1);
    assert_eq!(shelves(&sandbox), before);
    fs::remove_dir_all(sandbox.path("out/.cache")).expect("removed");
    sandbox.write("out/.cache", "in the way");
    sandbox.write("data/reports/note.txt", "会议纪要。");
    assert_eq!(recalled(&sandbox, &RUN), 0);
    as_from_nothing(&sandbox, &RUN, "in the way");
}

#[test]
fn tables_that_are_the_same_are_not_written_again() {
    let sandbox = Sandbox::with_reports();
    sandbox.write("data/reports/a.md", report(STREET, 2019, 3));
    sandbox.write("data/reports/b.md", report(STREET, 2019, 4));
    let number = |table: &str, year: &str| fs::metadata(sandbox.path(&format!("out/{table}/year={year}/{table}.csv"))).expect(table).ino();
    let others = |year: &str| ["reports", "findings", "division_totals", "district_summary"].map(|table| number(table, year));
    let run = |when: &str| {
        recalled(&sandbox, &RUN);
        as_from_nothing(&sandbox, &RUN, when);
        ["2019", "2020"].map(|year| number("facts", year))
    };
    let first = run("first");
    sandbox.write("data/reports/2020/竹溪乡.md", report(TOWN, 2020, 6));
    let before = ["2019", "2020"].map(others);
    let second = run("a report of 2020 changed");
    assert_eq!((second[0], second[1] == first[1]), (first[0], false));
    assert!(others("2019") == before[0] && others("2020").iter().zip(&before[1]).all(|(now, before)| now != before));
    // A decision changes the findings of its year, and no facts.
    let findings = sandbox.read("out/findings/year=2019/findings.csv");
    let id =
        findings.lines().nth(1).and_then(|line| line.split(',').find(|id| id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit()))).expect("a finding");
    sandbox.write("config/reviewed.csv", format!("finding_id,decision,note,by,on\n{id},accepted,原件如此,张,2026-01-05\n"));
    let before = ["2019", "2020"].map(others);
    assert_eq!(run("a decision"), second);
    assert!(others("2019") != before[0] && others("2020") == before[1]);
    // The other of two reports is preferred now.
    sandbox.write("data/reports/a.md", report(STREET, 2019, 3).replace("2020年1月26日", "2020年1月25日"));
    sandbox.write("data/reports/b.md", report(STREET, 2019, 4).replace("2020年1月26日", "2020年1月27日"));
    let third = run("two changed");
    assert!(third[0] != second[0] && third[1] == second[1]);
    sandbox.write("out/facts/year=2020/facts.csv", "spoilt");
    let fourth = run("a published file was spoilt");
    assert!(fourth[0] != third[0] && fourth[1] != third[1]);
    sandbox.write("config/offices.csv", OFFICES.replace("望云街街道,", "望云街街道;望云,"));
    let fifth = run("the registry changed");
    assert!(fifth[0] != fourth[0] && fifth[1] != fourth[1]);
    // What is not written again is said again.
    sandbox.write("data/reports/2020/竹溪乡.md", report(TOWN, 2020, 8));
    let said = |output: &str| finished(sandbox.command(&["aggregate", "--format", "csv", "--output", output])).status(0).out();
    let after = said("out");
    let _ = fs::remove_dir_all(sandbox.path("fresh"));
    assert_eq!(after, said("fresh"));
    assert!(number("facts", "2019") == fifth[0] && after.lines().any(|line| line.starts_with("2019,")));
}

/// LibreOffice takes seconds; what it made of a file is kept, and what it failed at is tried again.
#[test]
fn what_was_converted_is_kept() {
    let sandbox = Sandbox::with_reports();
    let old = |content: &str| {
        [
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(),
            &[0; 504],
            &"WordDocument".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
            &[0; 40],
            content.as_bytes(),
        ]
        .concat()
    };
    sandbox.write("data/reports/2019/一.doc", old("good"));
    sandbox.write("data/reports/2019/二.doc", old("bad"));
    let paragraph = docx_rs::Paragraph::new().add_run(docx_rs::Run::new().add_text(format!("{STREET}2019年政府信息公开工作年度报告")));
    let mut docx = Cursor::new(Vec::new());
    docx_rs::Docx::new().add_paragraph(paragraph).build().pack(&mut docx).expect("packed");
    sandbox.write("whole.docx", docx.into_inner());
    let script = "#!/bin/sh\nwhile [ \"$1\" != --outdir ]; do shift; done\nout=$2; shift 2\nfor in; do\necho x >> DIR/asked\ngrep -q bad $in || cp DIR/whole.docx $out/$(basename \"$in\" .doc).docx\ndone\n";
    sandbox.write("suite", script.replace("DIR", &sandbox.path("").display().to_string()));
    fs::set_permissions(sandbox.path("suite"), fs::Permissions::from_mode(0o755)).expect("permissions");
    let asked = |sandbox: &Sandbox| {
        std::thread::sleep(Duration::from_millis(60));
        let _ = fs::remove_file(sandbox.path("asked"));
        let mut command = sandbox.command(&RUN);
        command.env("HUIZONG_SOFFICE", sandbox.path("suite"));
        finished(command).status(3);
        let run: serde_json::Value = serde_json::from_str(&sandbox.read("out/run.json")).expect("run.json");
        let status: Vec<_> = run["inputs"].as_array().expect("inputs").iter().map(|i| i["status"].as_str().unwrap_or_default().to_string()).collect();
        assert_eq!(status, ["partly_read", "unreadable", "read", "read"]);
        (fs::read_to_string(sandbox.path("asked")).unwrap_or_default().lines().count(), run["recalled"].as_u64())
    };
    assert_eq!(asked(&sandbox), (3, Some(0)), "both together, and the bad one alone");
    sandbox.write("data/reports/2020/竹溪乡.md", report(TOWN, 2020, 6));
    assert_eq!(asked(&sandbox), (1, Some(2)));
    // Another suite may read otherwise; without one the file cannot be read.
    fs::write(sandbox.path("suite"), sandbox.read("suite") + "\n").expect("another");
    assert_eq!(asked(&sandbox), (3, Some(0)));
    assert_eq!(recalled(&sandbox, &RUN), 0);
}

/// Results are worth more than what is kept: where a run that keeps nothing has room enough, any run has.
#[test]
fn what_is_kept_gives_way_to_results() {
    let can = Command::new("unshare").args(["--user", "--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"]).output();
    if !can.is_ok_and(|o| o.status.success()) {
        return skip("what_is_kept_gives_way_to_results", "no user name spaces for this user, so no disk to fill");
    }
    let sandbox = Sandbox::with_reports();
    // What is read of them is kept, and is not published.
    for copy in 0..40 {
        sandbox.write(&format!("data/reports/{copy}.md"), report(TOWN, 2020, copy));
    }
    fs::create_dir(sandbox.path("disk")).expect("folder");
    let script = "
        mount -t tmpfs -o size=8192k none disk || exit 99
        \"$@\" --output disk/out || exit 98
        for room in $(seq 100 20 600); do
            for keeps in nothing all; do
                rm -rf disk/out/.cache disk/filler
                if [ $keeps = nothing ]; then : > disk/out/.cache; fi
                dd if=/dev/zero of=disk/filler bs=1k count=$(($(df -k --output=avail disk | tail -1) - room)) 2>/dev/null
                echo >> data/reports/2020/竹溪乡.md
                \"$@\" --output disk/out 2>/dev/null
                echo $room $keeps $? $(ls disk/out/.cache 2>/dev/null | wc -l)
            done
        done";
    let arguments = [&["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", PROGRAM], &RUN[..]].concat();
    let done = finished(sandbox.prepared("unshare", &arguments)).status(0).out();
    let lines: Vec<Vec<&str>> = done.lines().map(|line| line.split(' ').collect()).collect();
    for pair in lines.chunks(2) {
        assert_eq!(pair[0][2], pair[1][2], "room of {} kB: nothing is kept, and all is\n{done}", pair[0][0]);
    }
    let seen = |status: &str, kept: &dyn Fn(usize) -> bool| lines.iter().any(|l| l[1] == "all" && l[2] == status && kept(l[3].parse().expect("a number")));
    assert!(seen("1", &|_| true) && seen("0", &|kept| kept == 0) && seen("0", &|kept| kept > 3), "the disk was never full, or always\n{done}");
}
