//! A folder of its own for one test, with the default layout (`config`, `data/reports`, `out`), in
//! which the program runs. What the runs print is kept as a transcript and compared as a whole.

use crate::fixture::{OFFICES, STREET, TOWN, report};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The built program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_huizong");
/// The repository.
pub const REPO: &str = env!("CARGO_MANIFEST_DIR");
/// A run that is not over by then hangs. No bound on speed: nothing here takes a tenth of it.
const HANGS: Duration = Duration::from_secs(400);
/// What the program publishes.
pub const PUBLISHED: [&str; 5] = ["district_summary", "division_totals", "facts", "findings", "reports"];

/// A folder for one test.
pub struct Sandbox {
    dir: TempDir,
    transcript: Mutex<String>,
}

/// How a run ended.
#[derive(Debug)]
pub struct Done {
    /// Exit status; none if a signal ended it.
    pub status: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl Done {
    /// Checks the exit status.
    #[track_caller]
    pub fn status(self, wanted: i32) -> Done {
        assert_eq!(self.status, Some(wanted), "exit status\nstdout:\n{}\nstderr:\n{}", self.out(), self.err());
        self
    }

    pub fn out(&self) -> String {
        String::from_utf8(self.stdout.clone()).expect("stdout is UTF-8")
    }

    pub fn err(&self) -> String {
        String::from_utf8(self.stderr.clone()).expect("stderr is UTF-8")
    }

    /// Checks that some text stands in what was printed, on either stream.
    #[track_caller]
    pub fn says(self, text: &str) -> Done {
        let printed = self.out() + &self.err();
        assert!(printed.contains(text), "`{text}` is not said in:\n{printed}");
        self
    }
}

impl Sandbox {
    /// A registry of two offices and no reports.
    pub fn new() -> Sandbox {
        let sandbox = Sandbox { dir: TempDir::new().expect("temporary folder"), transcript: Mutex::default() };
        sandbox.write("config/offices.csv", OFFICES);
        fs::create_dir_all(sandbox.path("data/reports")).expect("input folder");
        sandbox
    }

    /// The same with a clean report of both offices for 2020.
    pub fn with_reports() -> Sandbox {
        let sandbox = Sandbox::new();
        sandbox.write("data/reports/2020/望云街街道.md", report(STREET, 2020, 7));
        sandbox.write("data/reports/2020/竹溪乡.md", report(TOWN, 2020, 5));
        sandbox
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// Writes a file and the folders above it.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
        fs::write(path, content).expect("file");
    }

    pub fn read(&self, path: &str) -> String {
        let path = self.path(path);
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    pub fn link(&self, target: &str, path: &str) {
        std::os::unix::fs::symlink(target, self.path(path)).expect("symbolic link");
    }

    /// The program with arguments, in this folder, in an environment that says nothing.
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.prepared(PROGRAM, arguments)
    }

    /// A shell script in the same surroundings; `"$@"` is the program with arguments.
    pub fn script(&self, script: &str, arguments: &[&str]) -> Command {
        let mut all = vec!["-c", script, "sh", PROGRAM];
        all.extend(arguments);
        self.prepared("sh", &all)
    }

    /// A program in this folder, in an environment that says nothing of language or width.
    pub fn prepared(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.dir.path());
        for name in ["LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE", "COLUMNS", "RAYON_NUM_THREADS", "POLARS_MAX_THREADS", "RUST_BACKTRACE", "RUST_LIB_BACKTRACE"]
        {
            command.env_remove(name);
        }
        // What a test says must not depend on other programs being here.
        command.env("HUIZONG_SOFFICE", "").env("HUIZONG_TESSERACT", "");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program and notes the run in the transcript.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Done {
        let done = finished(self.command(arguments));
        self.note(&format!("huizong {}", arguments.join(" ")), &done);
        done
    }

    /// Notes a run in the transcript.
    pub fn note(&self, shown: &str, done: &Done) {
        let mut transcript = self.transcript.lock().expect("transcript");
        if !transcript.is_empty() {
            transcript.push('\n');
        }
        let status = done.status.map_or("killed".to_string(), |s| s.to_string());
        let _ = writeln!(transcript, "$ {}\n[status {status}]", self.masked(shown));
        for (name, bytes) in [("stdout", &done.stdout), ("stderr", &done.stderr)] {
            if !bytes.is_empty() {
                let _ = writeln!(transcript, "[{name}]\n{}", self.masked(&String::from_utf8_lossy(bytes)).trim_end_matches('\n'));
            }
        }
    }

    /// Compares the transcript with the expected text, or rewrites that.
    #[track_caller]
    pub fn expect(&self, name: &str) {
        expect(&format!("{name}.txt"), self.transcript.lock().expect("transcript").as_bytes());
    }

    /// Text without what differs from run to run.
    fn masked(&self, text: &str) -> String {
        let text = text.replace(&*self.dir.path().to_string_lossy(), "[DIR]").replace(REPO, "[REPO]");
        // Times first: what is left of today is a day alone, such as that on which a finding was first seen.
        let text = mask_times(&text.replace(concat!("huizong ", env!("CARGO_PKG_VERSION")), "huizong [VERSION]"));
        text.replace(&chrono::Local::now().date_naive().to_string(), "[TODAY]")
    }

    /// Every published file with its content, `run.json` too.
    pub fn published(&self, output: &str) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let root = self.path(output);
        for name in PUBLISHED {
            collect(&root.join(name), &mut files, &root);
        }
        if let Ok(bytes) = fs::read(root.join("run.json")) {
            files.insert("run.json".to_string(), bytes);
        }
        files
    }

    /// The published data without `run.json`, in which alone the clock stands.
    pub fn data(&self, output: &str) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.published(output);
        files.remove("run.json");
        files
    }

    /// Checks that nothing half-done lies in the output folder: at most the link, the lock and one finished run.
    #[track_caller]
    pub fn nothing_left_behind(&self, output: &str) {
        let mut hidden: Vec<String> = names(&self.path(output)).into_iter().filter(|n| n.starts_with('.')).collect();
        hidden.retain(|n| n != ".lock" && n != ".current" && n != ".cache");
        let kept = self.path(output).join(".cache");
        assert!(!kept.is_dir() || !names(&kept).iter().any(|n| n.ends_with(".new")), "left behind in {output}/.cache");
        assert!(hidden.iter().filter(|n| n.starts_with(".run-")).count() == hidden.len() && hidden.len() <= 1, "left behind in {output}: {hidden:?}");
    }

    /// The messages of a published `findings.csv`, by rule.
    pub fn findings(&self, output: &str, year: i32) -> Vec<(String, String)> {
        let text = self.read(&format!("{output}/findings/year={year}/findings.csv"));
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let header = reader.headers().expect("header").clone();
        let column = |name: &str| header.iter().position(|h| h == name).unwrap_or_else(|| panic!("column {name}"));
        let (rule, message) = (column("rule"), column("message_en"));
        reader.records().map(|r| r.expect("row")).map(|r| (r[rule].to_string(), r[message].to_string())).collect()
    }
}

/// Waits for a program to end.
#[track_caller]
pub fn finished(mut command: Command) -> Done {
    wait(command.spawn().expect("the program starts"))
}

/// Waits for a started program to end.
#[track_caller]
pub fn wait(mut child: Child) -> Done {
    fn drain(mut stream: impl Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).expect("a stream of the program");
            bytes
        })
    }
    let stdout = child.stdout.take().map(drain);
    let stderr = child.stderr.take().map(drain);
    let started = Instant::now();
    let status = loop {
        match child.try_wait().expect("the program can be waited for") {
            Some(status) => break status,
            None if started.elapsed() > HANGS => {
                child.kill().expect("the program can be ended");
                panic!("the program hangs");
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let all = |stream: Option<std::thread::JoinHandle<Vec<u8>>>| stream.map(|s| s.join().expect("stream")).unwrap_or_default();
    Done { status: status.code(), stdout: all(stdout), stderr: all(stderr) }
}

/// Compares a text with `tests/expect/<name>`, or rewrites that if `UPDATE_EXPECT` is set.
#[track_caller]
pub fn expect(name: &str, found: &[u8]) {
    let path = Path::new(REPO).join("tests/expect").join(name);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, found).expect("expected text");
        return;
    }
    let wanted = fs::read(&path).unwrap_or_default();
    if wanted == found {
        return;
    }
    let (wanted, found) = (String::from_utf8_lossy(&wanted).into_owned(), String::from_utf8_lossy(found).into_owned());
    let line = wanted.lines().zip(found.lines()).take_while(|(a, b)| a == b).count();
    let from = |text: &str| text.lines().skip(line.saturating_sub(2)).take(12).collect::<Vec<_>>().join("\n");
    panic!(
        "tests/expect/{name} differs from line {} on (UPDATE_EXPECT=1 rewrites it)\n--- expected\n{}\n--- found\n{}\n",
        line + 1,
        from(&wanted),
        from(&found)
    );
}

/// Says why a test cannot be made here; it then counts as passed.
pub fn skip(test: &str, reason: &str) {
    // Not `eprintln!`: what that prints is kept back when a test passes.
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {reason}");
}

pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).expect("folder").map(|e| e.expect("entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn collect(path: &Path, files: &mut BTreeMap<String, Vec<u8>>, root: &Path) {
    if path.is_dir() {
        names(path).iter().for_each(|name| collect(&path.join(name), files, root));
    } else if let Ok(bytes) = fs::read(path) {
        files.insert(path.strip_prefix(root).expect("below").to_string_lossy().into_owned(), bytes);
    }
}

/// Times like 2026-01-02T03:04:05.678+08:00 become [TIME].
fn mask_times(text: &str) -> String {
    let is_start =
        |t: &str| t.len() > 19 && t.bytes().take(19).zip(*b"0000-00-00T00:00:00").all(|(b, shape)| if shape == b'0' { b.is_ascii_digit() } else { b == shape });
    let mut out = String::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        if is_start(rest) {
            out.push_str("[TIME]");
            rest = rest[19..].trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-' | ':' | 'Z'));
        } else {
            out.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    out
}
