//! Digits that are no amount: years, months and dates, telephones, addresses on the net, slogans and what a
//! conversion left of them.

use super::number::Numbers;
use super::time::Moment;

impl Numbers<'_> {
    /// The year that begins here, with the date it may belong to.
    pub(super) fn year(&self, from: usize) -> Option<(Moment, usize)> {
        if self.run_end(from) != from + 4 {
            return None;
        }
        let value = self.glyphs.get(from..from + 4)?.iter().filter_map(|glyph| glyph.ch.to_digit(10));
        let moment = Moment::of_year(value.fold(0, |sum, digit| sum * 10 + digit as i32), self.year)?;
        let mut end = from + 4;
        let beside = matches!(self.ch(end), '、' | '和' | '与' | '及') && self.ch(end + 1).is_ascii_digit();
        if beside && self.year(end + 1).is_some() {
            // 2019、2020两个年度.
            return Some((moment, end));
        }
        if ["两年", "两个年度", "三年", "三个年度"].iter().any(|years| self.starts(end, years)) {
            return Some((moment, end + 1 + usize::from(self.ch(end + 1) == '个')));
        }
        if matches!(self.ch(end), '-' | '—' | '~' | '至') {
            let next = end + self.glyphs.get(end..)?.iter().take_while(|glyph| matches!(glyph.ch, '-' | '—' | '~' | '至')).count();
            let (_, last) = self.year(next)?;
            return Some((Moment::ManyYears, last));
        }
        let year = self.ch(end) == '年';
        if !year && !self.starts(end, "全年") && !self.starts(end, "年度") {
            return None;
        }
        end += usize::from(year);
        end += usize::from(self.ch(end) == '度');
        if matches!(self.ch(end), '-' | '—' | '~' | '至')
            && self.ch(end + 1).is_ascii_digit()
            && self.year(end + 1).is_some_and(|(_, last)| self.ch(last - 1) == '年' || self.ch(last - 1) == '度')
        {
            let (_, last) = self.year(end + 1)?;
            return Some((Moment::ManyYears, last));
        }
        if self.ch(end).is_ascii_digit()
            && let Some((month, after)) = self.digits(end)
            && let Some((part, after)) = self.month(end, month, after)
        {
            return Some((moment.narrowed(part), after));
        }
        Some((moment, end))
    }

    /// A month, with its day: 12月31日, 1至11月.
    pub(super) fn month(&self, from: usize, value: f64, end: usize) -> Option<(Moment, usize)> {
        if self.ch(end) != '月' || !(1.0..=12.0).contains(&value) && self.range_start(from).is_none() {
            return None;
        }
        let mut end = end + 1;
        end += usize::from(self.ch(end) == '份');
        let mut day = 0.0;
        if self.ch(end).is_ascii_digit()
            && let Some((number, after)) = self.digits(end)
            && matches!(self.ch(after), '日' | '号')
        {
            day = number;
            end = after + 1;
        }
        if value == 1.0
            && day <= 1.0
            && matches!(self.ch(end), '-' | '—' | '~' | '至' | '到')
            && let Some((last, after)) = self.digits(end + 1)
            && last == 12.0
            && self.ch(after) == '月'
            && let Some((_, end)) = self.month(end + 1, last, after)
        {
            // 1月至12月: the whole year.
            return Some((Moment::Edge, end));
        }
        // 7月底、6月初.
        end += usize::from(day == 0.0 && matches!(self.ch(end), '底' | '末' | '初'));
        let bounds = (value == 1.0 && day == 1.0) || (value == 12.0 && day == 31.0);
        Some((if bounds { Moment::Edge } else { Moment::Part }, end))
    }

    /// A list index that ran into a year: 1.2021年.
    pub(super) fn dotted_year(&self, at: usize) -> bool {
        self.run_end(at) == at + 4 && self.ch(at + 4) == '年'
    }

    pub(super) fn range_start(&self, from: usize) -> Option<usize> {
        from.checked_sub(1).filter(|&before| matches!(self.ch(before), '-' | '—' | '至'))
    }

    /// Whether the words before digits say that they are a telephone number or code: 咨询电话：6012345.
    fn called(&self, from: usize) -> bool {
        let before = self.glyphs.get(..from).unwrap_or_default();
        let mut words = before.iter().rev().map(|glyph| glyph.ch).skip_while(|ch| matches!(ch, ':' | '为' | '是' | '(')).take(2);
        let (last, first) = (words.next(), words.next());
        matches!(
            (first, last),
            (Some('电'), Some('话')) | (Some('传'), Some('真')) | (Some('邮'), Some('编')) | (Some('号' | '编' | '代'), Some('码')) | (Some('热'), Some('线'))
        ) && self.measure(self.run_end(from)).is_none()
    }

    /// Digits that are no number at all, and where they end.
    pub(super) fn no_number(&self, from: usize) -> Option<usize> {
        let run = self.run_end(from);
        let digits = run - from;
        let next = self.ch(run);
        let after = self.ch(run + 1);
        let telephone = self.ch(from) == '0' && digits >= 3 || digits >= 5 && self.called(from);
        let net = next == '.' && after.is_ascii_digit() && {
            let second = self.run_end(run + 1);
            self.ch(second) == '.' && self.ch(second + 1).is_ascii_digit()
        };
        let slogan = (next == '+' && after.is_ascii_alphanumeric()) || (next == '·' && after.is_ascii_digit());
        let clock = matches!(next, ':' | '/') && after.is_ascii_digit() && digits <= 4;
        let date = next == '-' && after.is_ascii_digit() && {
            let second = self.run_end(run + 1);
            self.ch(second) == '-' && self.ch(second + 1).is_ascii_digit()
        };
        let letters = next.is_ascii_alphabetic();
        let debris = digits > 4 && matches!(next, '年' | '月' | '日');
        let stops = telephone || net || slogan || clock || date || letters || debris;
        stops.then(|| {
            let rest = self.glyphs.get(run..).unwrap_or_default();
            let tail = rest
                .iter()
                .take_while(|glyph| glyph.ch.is_ascii_alphanumeric() || matches!(glyph.ch, '.' | '-' | '+' | '/' | '·' | ':' | '_' | '@' | '年' | '月' | '日'));
            run + tail.count()
        })
    }
}
