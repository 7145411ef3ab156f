//! Scanned pages are read by tesseract. It is given line by line what stands on a page, and reads each line in more than
//! one way, so that what it is wrong about in one way shows in another.

use crate::decode::{Seen, Strip};
use crate::foreign::{self, End, Trouble};
use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Names the program, where it is not on the search path.
const VARIABLE: &str = "HUIZONG_TESSERACT";
/// The languages it must know: that of the reports, and one for numbers, of which the former sees few.
const LANGUAGES: [&str; 2] = ["chi_sim", "eng"];
/// The ways of reading: language, whether the line is looked at as it is (13) or set right first (7), and whether
/// only what may be a number is read so.
const WAYS: [(&str, &str, bool); 4] = [("chi_sim", "7", false), ("chi_sim", "13", false), ("eng", "7", true), ("eng", "13", true)];
/// Of a gap wider than this part of its height two words are apart.
const GAP: f32 = 0.4;

/// Tesseract, if it is installed.
pub fn program() -> Option<PathBuf> {
    foreign::find(VARIABLE, &["tesseract"])
}

/// Tesseract and the languages that it knows of those it must.
#[derive(Debug)]
pub struct Tesseract {
    program: PathBuf,
    patience: Duration,
}

/// Why nothing can be recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// There is no tesseract.
    Program,
    /// It does not know a language.
    Language(&'static str),
}

impl Lack {
    /// What to install, in both languages.
    pub fn told(self) -> (String, String) {
        const PACKAGES: &str = "apt install tesseract-ocr tesseract-ocr-chi-sim";
        match self {
            Lack::Program => (
                format!("--ocr 需要 tesseract，本机没有找到，扫描件没有读取。请安装（Debian、统信、麒麟：{PACKAGES}），或用环境变量 {VARIABLE} 指明其程序。"),
                format!(
                    "--ocr needs tesseract; none was found here, and scans were not read. Install it (Debian, Ubuntu: {PACKAGES}), or name its program in the variable {VARIABLE}."
                ),
            ),
            Lack::Language(language) => (
                format!("--ocr 需要 tesseract 的语言数据 {language}，本机没有装，扫描件没有读取。请安装（Debian、统信、麒麟：{PACKAGES}）。"),
                format!(
                    "--ocr needs the data of tesseract for {language}, which are not installed here, and scans were not read. Install them (Debian, Ubuntu: {PACKAGES})."
                ),
            ),
        }
    }
}

impl Tesseract {
    /// Finds the program, and whether it knows its languages.
    ///
    /// # Errors
    /// What is to be installed.
    pub fn find(patience: Duration, stopped: &dyn Fn() -> bool) -> Result<Tesseract, Lack> {
        let program = program().ok_or(Lack::Program)?;
        // Asked for by reading nothing: where languages lie differs from system to system, and so does how they are listed.
        let tesseract = Tesseract { program, patience };
        let folder = tempfile::tempdir().map_err(|_| Lack::Program)?;
        let picture = folder.path().join("white.pgm");
        fs::write(&picture, b"P5\n8 8\n255\n".iter().copied().chain([255; 64]).collect::<Vec<u8>>()).map_err(|_| Lack::Program)?;
        for language in LANGUAGES {
            match tesseract.run(&picture, &folder.path().join("seen"), language, "7", stopped) {
                End::Done(true) => {}
                End::Done(false) => return Err(Lack::Language(language)),
                End::Late | End::Stopped | End::NotStarted => return Err(Lack::Program),
            }
        }
        Ok(tesseract)
    }

    fn run(&self, input: &Path, output: &Path, language: &str, way: &str, stopped: &dyn Fn() -> bool) -> End {
        let mut command = Command::new(&self.program);
        command.arg(input).arg(output).args(["-l", language, "--psm", way, "--dpi", "300", "-c", "tessedit_create_tsv=1"]);
        // One thread: files are read side by side, and its threads wait for one another more than they work.
        foreign::run(command.env("OMP_THREAD_LIMIT", "1"), self.patience, &|| 0, stopped)
    }

    /// Reads strips in all ways.
    ///
    /// # Errors
    /// If it refuses, or takes too long.
    pub fn read(&self, strips: &[&Strip], stopped: &dyn Fn() -> bool) -> Result<Vec<Vec<Seen>>, Trouble> {
        let refused = |_| Trouble::Refused;
        let folder = tempfile::Builder::new().prefix("huizong-").tempdir().map_err(refused)?;
        let written = write(strips, folder.path()).map_err(refused)?;
        let mut seen: Vec<Vec<Seen>> = vec![Vec::new(); strips.len()];
        for (way, (language, mode, numbers_only)) in WAYS.into_iter().enumerate() {
            let some: Vec<usize> = (0..strips.len()).filter(|strip| !numbers_only || strips[*strip].may_be_number()).collect();
            if some.is_empty() {
                continue;
            }
            let (list, output) = (folder.path().join(format!("list{way}")), folder.path().join(format!("seen{way}")));
            let paths: Vec<String> = some.iter().map(|strip| written[*strip].display().to_string()).collect();
            fs::write(&list, paths.join("\n")).map_err(refused)?;
            match self.run(&list, &output, language, mode, stopped) {
                End::Done(true) => {}
                End::Late => return Err(Trouble::Late),
                End::Done(false) | End::Stopped | End::NotStarted => return Err(Trouble::Refused),
            }
            let mut lines = words(&fs::read_to_string(output.with_extension("tsv")).map_err(refused)?);
            for (page, strip) in (1..).zip(some) {
                seen[strip].push(lines.remove(&page).unwrap_or_default());
            }
        }
        Ok(seen)
    }
}

fn write(strips: &[&Strip], folder: &Path) -> io::Result<Vec<PathBuf>> {
    let one = |(number, strip): (usize, &&Strip)| {
        let path = folder.join(format!("{number}.pgm"));
        fs::write(&path, strip.picture.pgm()).map(|()| path)
    };
    strips.iter().enumerate().map(one).collect()
}

/// The texts of a table of words as tesseract writes it, by the numbers of their pages.
fn words(table: &str) -> HashMap<usize, Seen> {
    let mut lines: HashMap<usize, Seen> = HashMap::new();
    let mut ends: HashMap<usize, f32> = HashMap::new();
    for row in table.lines().skip(1) {
        // level page block paragraph line word left top width height confidence text
        let fields: Vec<&str> = row.splitn(12, '\t').collect();
        let [_, page, .., left, _, width, height, confidence, text] = fields.as_slice() else { continue };
        let (Ok(page), Ok(left), Ok(width), Ok(height), Ok(confidence)) =
            (page.parse::<usize>(), left.parse::<f32>(), width.parse::<f32>(), height.parse::<f32>(), confidence.parse::<f32>())
        else {
            continue;
        };
        let text = text.trim();
        if confidence < 0.0 || text.is_empty() {
            continue;
        }
        let end = ends.insert(page, left + width);
        let line = lines.entry(page).or_insert(Seen { text: String::new(), confidence: 100.0 });
        // Han characters have no blanks between them.
        let latin = line.text.ends_with(|c: char| c.is_ascii()) && text.is_ascii();
        if latin && end.is_some_and(|end| left - end > GAP * height) {
            line.text.push(' ');
        }
        line.text.push_str(text);
        line.confidence = line.confidence.min(confidence);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_line_are_put_together() {
        let table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
            1\t1\t0\t0\t0\t0\t0\t0\t90\t40\t-1\t\n\
            5\t1\t1\t1\t1\t1\t10\t10\t30\t20\t96.5\t总\n\
            5\t1\t1\t1\t1\t2\t42\t10\t30\t20\t80.25\t计\n\
            5\t2\t1\t1\t1\t1\t10\t10\t30\t20\t90\t12\n\
            5\t2\t1\t1\t1\t2\t60\t10\t30\t20\t95\t\"7\n";
        let lines = words(table);
        assert_eq!(lines[&1], Seen { text: "总计".to_string(), confidence: 80.25 });
        assert_eq!(lines[&2], Seen { text: "12 \"7".to_string(), confidence: 90.0 }, "a gap stays");
        assert_eq!(lines.len(), 2);
    }
}
