//! Numbers as word processors write them in front of paragraphs: 三、 十二 ③ ⑶ 壹 甲 iv.

/// A number in the writing that the file names; what is not known here is written in digits.
pub(super) fn written(number: u32, format: &str) -> String {
    let of = |first: char, most: u32| (1..=most).contains(&number).then(|| char::from_u32(first as u32 + number - 1)).flatten().map(String::from);
    let circled = || of('①', 20).or_else(|| (21..=35).contains(&number).then(|| char::from_u32('㉑' as u32 + number - 21)).flatten().map(String::from));
    let turn = |signs: &str| signs.chars().nth((number.max(1) as usize - 1) % signs.chars().count()).map(String::from);
    let found = match format {
        "none" => Some(String::new()),
        "decimalZero" => Some(format!("{number:02}")),
        "upperRoman" => roman(number),
        "lowerRoman" => roman(number).map(|r| r.to_lowercase()),
        "upperLetter" => letters(number, 'A'),
        "lowerLetter" => letters(number, 'a'),
        "chineseCounting" | "chineseCountingThousand" | "taiwaneseCounting" | "taiwaneseCountingThousand" | "japaneseCounting" | "koreanCounting" => {
            counted(number, &SMALL)
        }
        "chineseLegalSimplified" => counted(number, &LEGAL),
        "ideographLegalTraditional" | "japaneseLegal" => counted(number, &LEGAL_TRADITIONAL),
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" | "koreanDigital2" => Some(digits(number, "〇一二三四五六七八九")),
        "decimalFullWidth" | "decimalFullWidth2" => Some(digits(number, "０１２３４５６７８９")),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => circled(),
        "decimalEnclosedParen" => of('⑴', 20),
        "decimalEnclosedFullstop" => of('⒈', 20),
        "ideographEnclosedCircle" => of('㊀', 10),
        "ideographTraditional" => turn("甲乙丙丁戊己庚辛壬癸"),
        "ideographZodiac" => turn("子丑寅卯辰巳午未申酉戌亥"),
        _ => None,
    };
    found.unwrap_or_else(|| number.to_string())
}

/// The signs of a way to count: ten digits, and the signs for ten, hundred and thousand.
type Signs = [&'static str; 2];
const SMALL: Signs = ["零一二三四五六七八九", "十百千"];
const LEGAL: Signs = ["零壹贰叁肆伍陆柒捌玖", "拾佰仟"];
const LEGAL_TRADITIONAL: Signs = ["零壹貳參肆伍陸柒捌玖", "拾佰仟"];

fn counted(number: u32, signs: &Signs) -> Option<String> {
    if number > 9999 {
        return None;
    }
    let sign = |list: &'static str, n: usize| list.chars().nth(n).unwrap_or_default();
    if number == 0 {
        return Some(sign(signs[0], 0).to_string());
    }
    let mut text = String::new();
    let mut gap = false;
    for place in (0..4u32).rev() {
        let digit = (number / 10u32.pow(place) % 10) as usize;
        if digit == 0 {
            gap |= !text.is_empty();
            continue;
        }
        if gap {
            text.push(sign(signs[0], 0));
            gap = false;
        }
        // 十二, not 一十二.
        let silent = place == 1 && digit == 1 && text.is_empty() && signs[1].starts_with('十');
        if !silent {
            text.push(sign(signs[0], digit));
        }
        if place > 0 {
            text.push(sign(signs[1], place as usize - 1));
        }
    }
    Some(text)
}

fn digits(number: u32, signs: &str) -> String {
    number.to_string().bytes().filter_map(|d| signs.chars().nth(usize::from(d - b'0'))).collect()
}

fn letters(number: u32, first: char) -> Option<String> {
    let letter = char::from_u32(first as u32 + number.checked_sub(1)? % 26)?;
    Some(String::from(letter).repeat(((number - 1) / 26 + 1).min(8) as usize))
}

fn roman(number: u32) -> Option<String> {
    const SIGNS: [(u32, &str); 13] =
        [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];
    let mut rest = Some(number).filter(|n| (1..4000).contains(n))?;
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            text.push_str(sign);
            rest -= value;
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn numbers_are_written_as_the_file_says() {
        let cases = [
            (3, "chineseCountingThousand", "三"),
            (10, "chineseCounting", "十"),
            (12, "chineseCountingThousand", "十二"),
            (30, "taiwaneseCountingThousand", "三十"),
            (105, "chineseCountingThousand", "一百零五"),
            (1010, "chineseCountingThousand", "一千零一十"),
            (10, "chineseLegalSimplified", "壹拾"),
            (21, "ideographDigital", "二一"),
            (7, "decimalEnclosedCircle", "⑦"),
            (21, "decimalEnclosedCircleChinese", "㉑"),
            (40, "decimalEnclosedCircle", "40"),
            (2, "decimalEnclosedParen", "⑵"),
            (5, "decimal", "5"),
            (5, "decimalZero", "05"),
            (5, "something new", "5"),
            (14, "lowerRoman", "xiv"),
            (27, "lowerLetter", "aa"),
            (3, "ideographTraditional", "丙"),
            (0, "upperLetter", "0"),
            (0, "ideographTraditional", "甲"),
            (9, "none", ""),
        ];
        for (number, format, expected) in cases {
            assert_eq!(written(number, format), expected, "{number} {format}");
        }
    }
}
