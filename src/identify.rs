//! Whose report it is, of which year, and when it was published: from the title, then what the text
//! states, then the path. Where these disagree, a finding says so and the earlier one counts.

use crate::document::{Block, Document, Paragraph, Place};
use crate::finding::Finding;
use crate::form::label::{fold, numeral, small_number};
use crate::registry::{Lookup, Registry};
use chrono::NaiveDate;
use std::borrow::Cow;

/// Who and when.
#[derive(Debug, Default)]
pub struct Identity {
    /// The title as it stands, blanks folded; none if there is none.
    pub title: Option<String>,
    /// The report year.
    pub year: Option<i32>,
    /// The registered office.
    pub office: Option<u32>,
    /// The office's name as the report writes it, where it is not registered.
    pub unregistered: Option<String>,
    /// Date of publication or sign-off.
    pub published_on: Option<NaiveDate>,
    /// Disagreements and unknown names.
    pub findings: Vec<Finding>,
}

/// Paragraphs at the beginning and the end in which title, period and sign-off are looked for.
const HEAD: usize = 40;
const TAIL: usize = 8;
/// Longest title or sign-off, in characters.
const LONGEST: usize = 80;

/// Tells who wrote a document and for which year. `path` is relative to the input folder.
pub fn identify(document: &Document<'_>, path: &str, registry: &Registry) -> Identity {
    let paragraphs: Vec<&Paragraph<'_>> = document.blocks.iter().filter_map(Block::paragraph).collect();
    let head = &paragraphs[..paragraphs.len().min(HEAD)];
    let tail = &paragraphs[paragraphs.len().saturating_sub(TAIL)..];
    let title = find_title(head);
    let mut identity = Identity { published_on: find_date(head, tail), ..Identity::default() };
    let title_text = title.as_ref().map(|t| fold(title_of(&t.text))).unwrap_or_default();
    identity.title = title.as_ref().map(|t| title_of(&t.text).split_whitespace().collect::<Vec<_>>().join(" "));
    let title = title.map(|t| t.at);
    let place = title.map(|t| head[t].at).unwrap_or_default();
    // 2022年 may stand on a line of its own above or below the title.
    let near = title.map_or(&[][..], |t| &head[t.saturating_sub(2)..(t + 3).min(head.len())]);
    let beside = near.iter().filter(|p| p.text.chars().count() <= 12).map(|p| fold(&p.text)).find(|t| years(t).next().is_some() && dates(t).next().is_none());
    let dated_title = if years(&title_text).next().is_some() { title_text.clone() } else { beside.unwrap_or_default() };
    identity.find_year(&dated_title, place, head, path);
    identity.find_office(&title_text, title.map_or(&[], |t| &head[t.saturating_sub(2)..t]), place, tail, path, registry);
    identity
}

/// A place where a name or year was read, in both languages.
type Source = (&'static str, &'static str);
const TITLE: Source = ("标题", "the title");
const PERIOD: Source = ("正文所述时段", "the stated period");
const SIGN_OFF: Source = ("落款", "the sign-off");
const PATH: Source = ("路径", "the path");

impl Identity {
    fn find_year(&mut self, title: &str, at: Place, head: &[&Paragraph<'_>], path: &str) {
        let stated = [years(title).next().map(|y| (TITLE, y)), stated_period(head).map(|y| (PERIOD, y)), path_year(path).map(|y| (PATH, y))];
        let mut stated = stated.into_iter().flatten();
        let Some((first, year)) = stated.next() else { return };
        self.year = Some(year);
        for (second, other) in stated.filter(|(_, other)| *other != year) {
            let finding = Finding::new("report.year_mismatch").at(at).numbers(f64::from(year), f64::from(other));
            let finding = finding.both("first_zh", first.0, first.0).both("first_en", first.1, first.1);
            let finding = finding.both("second_zh", second.0, second.0).both("second_en", second.1, second.1);
            self.findings.push(finding.with("expected", year.to_string()).with("actual", other.to_string()));
        }
    }

    fn find_office(&mut self, title: &str, above: &[&Paragraph<'_>], at: Place, tail: &[&Paragraph<'_>], path: &str, registry: &Registry) {
        let year = self.year;
        // A name that several offices share means the one named before, else that of the path's district.
        let settle = |lookup: Lookup, before: Option<u32>| match lookup {
            Lookup::Several(candidates) => {
                let one = before.filter(|b| candidates.contains(b)).or_else(|| registry.in_district(&candidates, path));
                one.map_or(Lookup::Several(candidates), Lookup::Found)
            }
            other => other,
        };
        let names = names_in_title(title);
        let known = |names: &mut dyn Iterator<Item = &str>, before| names.map(|n| settle(registry.by_name(n, year), before)).find(|l| *l != Lookup::Unknown);
        let mut in_title = known(&mut names.iter().map(String::as_str), None);
        let mut claimed = names.first().cloned();
        if in_title.is_none() && claimed.is_none() {
            // The issuer stands on a line of its own above the title.
            in_title = known(&mut above.iter().rev().map(|p| p.text.as_ref()).filter(|t| t.chars().count() <= LONGEST), None);
            claimed = above.last().map(|p| fold(&p.text)).filter(|t| looks_like_office(t));
        }
        let signed: Vec<String> = tail.iter().filter(|p| p.text.chars().count() <= LONGEST).map(|p| without_date(&fold(&p.text))).collect();
        let before = if let Some(Lookup::Found(office)) = in_title { Some(office) } else { None };
        let in_sign_off = known(&mut signed.iter().map(String::as_str), before);
        let mut in_parts = path.rsplit(['/', '!']).map(|part| registry.in_path(part.rsplit_once('.').map_or(part, |(stem, _)| stem), year));
        let in_path = settle(in_parts.find(|l| *l != Lookup::Unknown).unwrap_or(Lookup::Unknown), before);
        let sources = [(TITLE, in_title), (SIGN_OFF, in_sign_off), (PATH, Some(in_path))];
        let mut found: Vec<(Source, u32)> = Vec::new();
        let mut several = None;
        for (source, lookup) in sources {
            match lookup {
                Some(Lookup::Found(office)) => found.push((source, office)),
                Some(Lookup::Several(candidates)) => several = several.or(Some((source, candidates))),
                _ => {}
            }
        }
        // A name that fits several offices is settled by another source that names one of them.
        if let Some((source, candidates)) = several
            && let Some(&(_, office)) = found.iter().find(|(_, o)| candidates.contains(o))
        {
            found.insert(0, (source, office));
        }
        let stranger = claimed.as_deref().filter(|name| found.first().is_some_and(|f| f.0 != TITLE) && looks_like_office(name));
        if let Some(name) = stranger {
            let (source, office) = found[0];
            // The path alone does not make a report that names another office that of its folder.
            if source == PATH && registry.nearest(name).is_none_or(|near| near.code != registry.office(office).code) {
                found.clear();
            } else {
                self.disagree(at, source, &registry.office(office).name, TITLE, name);
            }
        }
        match found.as_slice() {
            [] => {
                let name = claimed.or_else(|| signed.iter().find(|s| looks_like_office(s)).cloned());
                if let Some(office) = name.as_deref().and_then(|n| registry.in_other_years(n, year)) {
                    let finding = Finding::new("report.office_of_other_years").at(at).with("found", office.full_name());
                    self.findings
                        .push(finding.with("code", &office.code).with("years", office.years()).with("year", year.map(|y| y.to_string()).unwrap_or_default()));
                    self.unregistered = name;
                    return;
                }
                let near = name.as_deref().and_then(|n| registry.nearest(n));
                let hint_zh = near.map_or(String::new(), |o| format!("（最接近的是：{}，{}）", o.full_name(), o.code));
                let hint_en = near.map_or(String::new(), |o| format!(" (nearest: {}, {})", o.full_name(), o.code));
                let finding = Finding::new("report.unregistered_office").at(at).both(
                    "found",
                    name.as_deref().unwrap_or("（未写明）"),
                    name.as_deref().unwrap_or("(not named)"),
                );
                self.findings.push(finding.with("nearest_zh", hint_zh).with("nearest_en", hint_en));
                self.unregistered = name;
            }
            [(first, office), rest @ ..] => {
                self.office = Some(*office);
                for (second, other) in rest.iter().filter(|(_, other)| other != office) {
                    let full = |o: u32| registry.office(o).full_name();
                    self.disagree(at, *first, &full(*office), *second, &full(*other));
                }
            }
        }
    }

    fn disagree(&mut self, at: Place, first: Source, taken: &str, second: Source, other: &str) {
        let finding = Finding::new("report.office_mismatch").at(at).with("expected_text", taken).with("found", other);
        let finding = finding.both("first_zh", first.0, first.0).both("first_en", first.1, first.1);
        self.findings.push(finding.both("second_zh", second.0, second.0).both("second_en", second.1, second.1));
    }
}

/// What a yearly report calls itself.
pub fn is_title(text: &str) -> bool {
    // Most paragraphs lack letters that no title lacks.
    if !text.contains('开') || !text.contains('报') {
        return false;
    }
    let folded = fold(text);
    let subject = ["信息公开", "政务公开"].iter().any(|w| folded.contains(w));
    let kind = ["年度报告", "年报", "工作报告", "情况报告", "年度工作报告"].iter().any(|w| folded.contains(w));
    subject && kind && folded.chars().count() <= LONGEST && !folded.contains(['。', '，', '；'])
}

/// The title, where running text follows it in the same line.
fn title_of(text: &str) -> &str {
    const OPENINGS: [&str; 6] = ["根据", "按照", "依据", "现将", "本报告", "为"];
    let end = text.char_indices().nth(LONGEST).map(|(end, _)| &text[..end]).and_then(|head| head.find("年度报告")).map(|at| at + "年度报告".len());
    match end {
        Some(end) if !OPENINGS.iter().any(|o| text.trim_start().starts_with(o)) => &text[..end],
        _ => text,
    }
}

/// A title and the paragraph it begins in.
struct Title<'t> {
    at: usize,
    text: Cow<'t, str>,
}

fn find_title<'t>(head: &[&'t Paragraph<'_>]) -> Option<Title<'t>> {
    let whole = |at: usize| Title { at, text: Cow::Borrowed(head[at].text.as_ref()) };
    let titles: Vec<usize> = (0..head.len()).filter(|&i| head[i].text.len() <= 4 * LONGEST && is_title(&head[i].text)).collect();
    let first = titles.first().copied();
    // Above a report its site may list those of other years and offices; its own title is a heading, or of the year that it states.
    let dated: Vec<(usize, i32)> = titles.iter().filter_map(|&i| Some((i, years(&fold(&head[i].text)).next()?))).collect();
    let headed = dated.iter().find(|(i, _)| head[*i].heading);
    let of_period = || {
        let stated = stated_period(head)?;
        let of_year = || dated.iter().filter(|(_, year)| *year == stated);
        // Of several offices the list ends and the report begins with its own title, right above its first sentence.
        let prose = head.iter().position(|p| p.text.contains('。')).unwrap_or(head.len());
        let (first, _) = of_year().next()?;
        // A line that names what it is (附件：), or says the first title once more, is none.
        let is_own = |text: &str| !text.contains(['：', ':']) && !text.contains(head[*first].text.trim());
        let named = |text: &str| !names_in_title(&fold(title_of(text))).is_empty();
        of_year().rfind(|(i, _)| *i < prose && is_own(&head[*i].text) && named(&head[*i].text)).or_else(|| of_year().next())
    };
    let found = headed.or_else(of_period).or(dated.first()).map(|(i, _)| whole(*i)).or_else(|| broken_title(head));
    // The whole report may be one line.
    let line = || (0..head.len()).find(|&i| is_title(title_of(&head[i].text)));
    found.or_else(|| first.or_else(line).map(whole))
}

/// A title with its year that the ends of lines have broken into two or three.
fn broken_title<'t>(head: &[&Paragraph<'_>]) -> Option<Title<'t>> {
    let joined = |at: usize, lines: usize| {
        let pieces = head.get(at..at + lines)?;
        if pieces.iter().any(|p| p.text.len() > 4 * LONGEST || dates(&fold(&p.text)).next().is_some()) {
            return None;
        }
        let text: String = pieces.iter().map(|p| p.text.trim()).collect();
        let folded = fold(&text);
        let dated = years(&folded).next().is_some() && folded.match_indices('年').any(|(end, _)| years(tail_of(&folded[..end], 4)).next().is_some());
        (dated && is_title(&text)).then_some(Title { at, text: Cow::Owned(text) })
    };
    (2..=3).find_map(|lines| (0..head.len()).find_map(|at| joined(at, lines)))
}

/// The period that the report says it is about; the end of a line may have broken it.
fn stated_period(head: &[&Paragraph<'_>]) -> Option<i32> {
    let whole = head.iter().filter(|p| p.text.contains('月')).find_map(|p| period(&fold(&p.text)));
    whole.or_else(|| head.windows(2).filter(|two| two[1].text.contains('月')).find_map(|two| period(&fold(&format!("{}{}", two[0].text, two[1].text)))))
}

/// The pieces of a title that may name the office: what is left without year and report words.
fn names_in_title(title: &str) -> Vec<String> {
    let mut text = title.to_string();
    for word in ["标题:", "中共", "工作委员会", "党工委", "政府信息公开", "政务信息公开", "信息公开", "政务公开"] {
        part(&mut text, word);
    }
    for word in ["年度工作报告", "工作年度报告", "年度报告", "工作报告", "情况报告", "年报", "关于印发", "关于", "《", "》", "(", ")", "的", "工作", "情况"]
    {
        part(&mut text, word);
    }
    let mut pieces = vec![String::new()];
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        if let Some((_, length)) = year_at(rest) {
            pieces.push(String::new());
            rest = &rest[length..];
            rest = rest.strip_prefix('年').unwrap_or(rest);
            rest = rest.strip_prefix('度').unwrap_or(rest);
            continue;
        }
        if c == '|' {
            pieces.push(String::new());
        } else if let Some(last) = pieces.last_mut() {
            last.push(c);
        }
        rest = &rest[c.len_utf8()..];
    }
    pieces.retain(|p| p.chars().filter(|c| c.is_alphabetic()).count() >= 2);
    pieces
}

/// Puts a bar in the place of a word.
fn part(text: &mut String, word: &str) {
    if memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some() {
        *text = text.replace(word, "|");
    }
}

/// Whether a text could be the name of an office, as opposed to a sentence or a heading.
fn looks_like_office(text: &str) -> bool {
    const TAILS: [&str; 22] = [
        "街道",
        "办事处",
        "街道办",
        "镇",
        "乡",
        "苏木",
        "政府",
        "局",
        "委员会",
        "委",
        "管委会",
        "办公室",
        "中心",
        "院",
        "队",
        "公司",
        "学校",
        "大学",
        "厅",
        "所",
        "处",
        "区",
    ];
    let length = text.chars().count();
    (2..=40).contains(&length) && !text.contains(['。', '，', '、', '：', ':']) && TAILS.iter().any(|t| text.ends_with(t))
}

/// The years a folded text names, in order: 2020年, 二〇二〇年, or 2020 on its own.
fn years(text: &str) -> impl Iterator<Item = i32> {
    let mut rest = text;
    let mut digit_before = false;
    std::iter::from_fn(move || {
        while let Some(c) = rest.chars().next() {
            if !digit_before && let Some((year, length)) = year_at(rest) {
                rest = &rest[length..];
                return Some(year);
            }
            digit_before = c.is_ascii_digit();
            rest = &rest[c.len_utf8()..];
        }
        None
    })
}

/// A year at the start of a text, and its length: four digits from 2000 to 2099 and no fifth.
fn year_at(text: &str) -> Option<(i32, usize)> {
    let mut year = 0;
    let mut length = 0;
    let mut count = 0;
    for c in text.chars() {
        let digit = match c {
            '0'..='9' => c as i32 - '0' as i32,
            '〇' | '○' | '零' | 'O' => 0,
            _ => match numeral(c) {
                Some(digit) => i32::from(digit),
                None => break,
            },
        };
        if count == 4 {
            return None;
        }
        year = year * 10 + digit;
        length += c.len_utf8();
        count += 1;
    }
    (count == 4 && (2000..2100).contains(&year)).then_some((year, length))
}

/// The year of a stated period: 2020年1月1日至(2020年)12月31日, or 截至2020年12月31日.
fn period(text: &str) -> Option<i32> {
    let (end, first) = match text.find("12月31日") {
        Some(end) => (end, "1月1日"),
        None => (text.find("十二月三十一日")?, "一月一日"),
    };
    if let Some(start) = text[..end].rfind(first) {
        let before = text[..start].strip_suffix('年')?;
        return years(tail_of(before, 4)).next();
    }
    let before = text[..end].strip_suffix('年')?;
    let digits = tail_of(before, 4);
    let lead = &before[..before.len() - digits.len()];
    (lead.ends_with('至') || lead.ends_with('止')).then(|| years(digits).next()).flatten()
}

fn tail_of(text: &str, characters: usize) -> &str {
    let start = text.char_indices().rev().nth(characters - 1).map_or(0, |(at, _)| at);
    &text[start..]
}

/// The year a folder is called by, the innermost first; else the year in the file's name.
pub fn path_year(path: &str) -> Option<i32> {
    let mut parts: Vec<&str> = path.split(['/', '!']).collect();
    let file = parts.pop().unwrap_or("");
    let folder = |part: &&str| {
        let name = part.trim_end_matches("年度").trim_end_matches('年');
        year_at(name).filter(|(_, length)| *length == name.len()).map(|(year, _)| year)
    };
    parts.iter().rev().find_map(folder).or_else(|| years(file).next())
}

fn find_date(head: &[&Paragraph<'_>], tail: &[&Paragraph<'_>]) -> Option<NaiveDate> {
    let short = |p: &&&Paragraph<'_>| p.text.chars().count() <= LONGEST;
    let signed = tail.iter().rev().filter(short).find_map(|p| {
        let text = fold(&p.text);
        final_date(&text)
    });
    let said = |p: &&Paragraph<'_>| {
        if !p.text.contains(['期', '间']) {
            return None;
        }
        let text = fold(&p.text);
        let at = ["发布日期", "发布时间", "公开日期", "成文日期", "发文日期", "信息时间"].iter().find_map(|w| text.find(w))?;
        dates(&text[at..]).next().map(|(date, _)| date)
    };
    signed.or_else(|| head.iter().filter(short).find_map(said))
}

fn without_date(text: &str) -> String {
    match final_date(text) {
        Some(_) => {
            let name = text.find(|c: char| c.is_ascii_digit() || "二〇".contains(c)).unwrap_or(text.len());
            text[..name].to_string()
        }
        None => text.to_string(),
    }
}

/// The date that a folded text ends with.
fn final_date(text: &str) -> Option<NaiveDate> {
    let may_end = |c: char| c == '日' || c == '十' || c.is_ascii_digit() || numeral(c).is_some();
    let last = if text.ends_with(may_end) { dates(text).last() } else { None };
    last.filter(|(_, end)| *end == text.len()).map(|(date, _)| date)
}

/// The dates in a folded text and where they end.
fn dates(text: &str) -> impl Iterator<Item = (NaiveDate, usize)> {
    text.char_indices().filter(|(_, c)| c.is_ascii_digit() || *c == '二').filter_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_ascii_digit()) {
            return None;
        }
        let (year, length) = year_at(&text[at..])?;
        let rest = &text[at + length..];
        let (mark, closing): (&[char], &str) = match rest.chars().next()? {
            '年' => (&['月'], "日"),
            '-' => (&['-'], ""),
            '/' => (&['/'], ""),
            '.' => (&['.'], ""),
            _ => return None,
        };
        let rest = &rest[rest.chars().next()?.len_utf8()..];
        let (month, length) = small_number(rest)?;
        let rest = rest[length..].strip_prefix(mark)?;
        let (day, length) = small_number(rest)?;
        let rest = rest[length..].strip_prefix(closing)?;
        let date = NaiveDate::from_ymd_opt(year, u32::from(month), u32::from(day))?;
        Some((date, text.len() - rest.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Datelike;

    #[test]
    fn years_periods_and_dates_are_read_in_their_writings() {
        assert_eq!(years("二〇二〇年政府信息公开").next(), Some(2020));
        assert_eq!(years("国办发20201234").next(), None);
        assert_eq!(period("本报告所列数据统计期限自2020年1月1日起至12月31日止"), Some(2020));
        assert_eq!(period("截至2020年12月31日"), Some(2020));
        assert_eq!(path_year("reports/2020/青岚区/a.md"), Some(2020));
        assert_eq!(path_year("a/望河街2021年.md"), Some(2021));
        assert_eq!(path_year("a/b.md"), None);
        let date = |text: &str| dates(text).last().map(|(d, _)| (d.year(), d.month(), d.day()));
        assert_eq!(date("2021年1月20日"), Some((2021, 1, 20)));
        assert_eq!(date("二〇二一年一月二十日"), Some((2021, 1, 20)));
        assert_eq!(date("2021-01-20"), Some((2021, 1, 20)));
        assert_eq!(date("2021年13月20日"), None);
    }

    #[test]
    fn titles_are_told_from_sentences_and_give_the_name() {
        assert!(is_title("云州市青岚区望河街街道办事处 2020 年 政府信息公开工作年度报告"));
        assert!(!is_title("根据政府信息公开年度报告的要求，现公布如下。"));
        let line = format!("云州市望河街街道办事处2020年政府信息公开工作年度报告 {}", "根据条例要求编制。".repeat(20));
        assert_eq!(title_of(&line), "云州市望河街街道办事处2020年政府信息公开工作年度报告");
        for title in [
            "云州市望河街街道办事处2020年政府信息公开工作年度报告",
            "2020年云州市望河街街道办事处政府信息公开年报",
            "关于云州市望河街街道办事处2020年度信息公开工作情况报告",
        ] {
            assert_eq!(names_in_title(&fold(title)), ["云州市望河街街道办事处"], "{title}");
        }
        assert_eq!(names_in_title(&fold("2020年政府信息公开工作年度报告（望河街街道）")), ["望河街街道"]);
    }

    fn title_and_period(lines: &[&str]) -> (Option<String>, Option<i32>) {
        let paragraphs: Vec<Paragraph<'_>> = lines.iter().map(|l| Paragraph { text: Cow::Borrowed(*l), heading: false, at: Place::default() }).collect();
        let head: Vec<&Paragraph<'_>> = paragraphs.iter().collect();
        (find_title(&head).map(|t| t.text.into_owned()), stated_period(&head))
    }

    #[test]
    fn titles_and_periods_that_line_ends_have_broken_are_put_together() {
        let text = ["云州市青岚区望河街街道办事处2020年政府信", "息公开工作年度报告", "本报告所列数据的统计期限自2020", "年1月1日起至2020年12月31日止。"];
        assert_eq!(title_and_period(&text), (Some("云州市青岚区望河街街道办事处2020年政府信息公开工作年度报告".to_string()), Some(2020)));
        // The day on which it was put on the web is no part of a title.
        let text = ["发布时间：2021年1月20日", "望河街街道办事处政府信息公开工作年度报告", "2021-01-20"];
        assert_eq!(title_and_period(&text), (Some("望河街街道办事处政府信息公开工作年度报告".to_string()), None));
    }
}
