//! What people have decided about findings, `config/reviewed.csv`: an accepted finding stays in the data
//! with its reason and no longer fails a run. Knows findings by their identifiers only.

use crate::failure::Failure;
use crate::finding::shown;
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::HashMap;

/// A decision about one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What was decided.
    pub verdict: Verdict,
    /// Why.
    pub note: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub on: NaiveDate,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may stay as it is.
    Accepted,
    /// It is wrong and waits for a correction: it counts as before.
    Confirmed,
}

impl Verdict {
    /// The identifier in the file and in the published tables.
    pub fn id(self) -> &'static str {
        match self {
            Verdict::Accepted => "accepted",
            Verdict::Confirmed => "confirmed",
        }
    }
}

/// The decisions by the identifier of their finding.
#[derive(Debug, Default)]
pub struct Reviewed(HashMap<String, Decision>);

#[derive(Deserialize)]
struct Line {
    finding_id: String,
    decision: String,
    note: String,
    by: String,
    on: String,
}

const COLUMNS: [&str; 5] = ["finding_id", "decision", "note", "by", "on"];

impl Reviewed {
    /// Reads `reviewed.csv`, in UTF-8 or GB18030. Of several decisions about one finding the last counts.
    ///
    /// # Errors
    /// Names the line, the column and the value that is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Reviewed, Failure> {
        let unreadable = |e: csv::Error| Failure::new("认定记录无法读取", "the decisions cannot be read").because(e);
        let Ok((text, _)) = crate::decode::to_text(bytes) else {
            return Err(Failure::new("认定记录是空的，或不是 UTF-8、GB18030 文本", "the decisions are empty, or no text in UTF-8 or GB18030"));
        };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let header = reader.headers().map_err(unreadable)?.clone();
        if let Some(column) = COLUMNS.iter().find(|c| !header.iter().any(|h| h == **c)) {
            let needed = COLUMNS.join(",");
            let zh = format!("第 1 行：缺少 {column} 列。需要这些列：{needed}");
            return Err(Failure::new(zh, format!("line 1: column `{column}` is missing; needed: {needed}")));
        }
        let mut decisions = HashMap::new();
        for record in reader.into_records() {
            let record = record.map_err(unreadable)?;
            if record.iter().all(str::is_empty) {
                continue;
            }
            let number = record.position().map_or(0, csv::Position::line);
            let line: Line = record.deserialize(Some(&header)).map_err(unreadable)?;
            let refuse = |column: &str, value: &str, zh: &str, en: &str| {
                let value = shown(value);
                Failure::new(format!("第 {number} 行 {column} 列为“{value}”：{zh}"), format!("line {number}: column `{column}` says `{value}`: {en}"))
            };
            let verdict = match line.decision.as_str() {
                "accepted" | "认可" => Verdict::Accepted,
                "confirmed" | "属实" => Verdict::Confirmed,
                other => return Err(refuse("decision", other, "应为 accepted（认可）或 confirmed（属实）", "should be `accepted` or `confirmed`")),
            };
            if verdict == Verdict::Accepted && line.note.is_empty() {
                return Err(refuse("note", "", "认可一个问题，要写明理由", "an accepted finding needs a reason"));
            }
            let on = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"].iter().find_map(|format| NaiveDate::parse_from_str(&line.on, format).ok());
            let on = on.ok_or_else(|| refuse("on", &line.on, "应为日期，如 2026-01-31", "should be a date like 2026-01-31"))?;
            decisions.insert(line.finding_id, Decision { verdict, note: line.note, by: line.by, on });
        }
        Ok(Reviewed(decisions))
    }

    /// The decision about a finding.
    pub fn of(&self, finding_id: &str) -> Option<&Decision> {
        self.0.get(finding_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_are_read_as_a_spreadsheet_saves_them() {
        let text = "\u{feff}finding_id,decision,note,by,on\r\n00ab,accepted,\"原件如此，已电话核实\",张,2026/1/5\r\n00cd,属实,,李,2026-01-31\r\n,,,,\r\n";
        let reviewed = Reviewed::parse(text.as_bytes()).expect("decisions");
        let one = reviewed.of("00ab").expect("a decision");
        assert_eq!((one.verdict, one.note.as_str(), one.on.to_string().as_str()), (Verdict::Accepted, "原件如此，已电话核实", "2026-01-05"));
        assert_eq!(reviewed.of("00cd").map(|d| d.verdict), Some(Verdict::Confirmed));
        assert_eq!(reviewed.of("00ef"), None);
    }

    #[test]
    fn a_wrong_decision_is_refused_with_line_and_column() {
        let message = |lines: &str| Reviewed::parse(format!("finding_id,decision,note,by,on\n{lines}\n").as_bytes()).expect_err("must fail").en;
        assert!(message("1,ok,x,y,2026-01-01").contains("line 2: column `decision` says `ok`"));
        assert!(message("1,accepted,,y,2026-01-01").contains("column `note`"));
        assert!(message("1,accepted,x,y,yesterday").contains("column `on` says `yesterday`"));
        assert!(Reviewed::parse(b"finding_id,decision\n").expect_err("must fail").en.contains("`note` is missing"));
    }
}
