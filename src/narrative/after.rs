//! What follows a figure in its clause: 70件申请, 2件结转下年, 60余人参加.

use super::clause::foreign;
use super::grammar::{Grammar, has};
use super::lexer::{Kind, Mark, Token};
use super::lexicon::{Carriers, Role, Word};
use super::time::Moment;
use super::turn::turned;

/// The words after a figure, up to the next mark.
#[derive(Debug, Clone, Copy, Default)]
pub struct After {
    /// The first noun.
    pub topic: u8,
    /// It is a kind within its topic.
    pub kind: bool,
    /// The first verb.
    pub act: u8,
    /// The carriers.
    pub carriers: Carriers,
    /// The noun is one that adds nothing behind another: 事项.
    pub vague: bool,
    /// An unknown word comes first.
    pub gap: bool,
    /// Nothing but function words follows.
    pub empty: bool,
    /// What follows leads up to the next figure and belongs to that one.
    pub onward: bool,
}

/// Whether a clause goes on with an attribute: …的.
fn attribute(tokens: &[Token]) -> bool {
    let inside = tokens.iter().take_while(|token| !matches!(token.kind, Kind::Mark(Mark::Comma | Mark::Semicolon | Mark::Stop) | Kind::Amount(_)));
    inside.skip(1).any(|token| token.role() == Role::Of)
}

/// Whether the next verb is one of handling: 继续办理.
fn handled(grammar: &Grammar, tokens: &[Token]) -> bool {
    let mut words = tokens.iter().map_while(|token| match token.kind {
        Kind::Word(word) => Some(word.act),
        _ => None,
    });
    words.find(|&act| act != 0).is_some_and(|act| has(grammar.acts.compound, act))
}

impl After {
    /// Reads the tokens after a figure.
    pub fn read(grammar: &Grammar, tokens: &[Token], measure: Option<u8>) -> After {
        let mut after = After { empty: true, ..After::default() };
        let mut cause = false;
        let role = tokens.first().map_or(Role::None, Token::role);
        for (at, token) in tokens.iter().enumerate() {
            match token.kind {
                Kind::Time(Moment::Year(1)) if after.act == 0 && handled(grammar, tokens.get(at + 1..).unwrap_or_default()) => {
                    // 其余3件转2025年办理.
                    after.act = grammar.acts.turn_out;
                    break;
                }
                // 7块为今年新立, 2宗由2021年转入: the verb is still to come.
                Kind::Time(moment) if at == 1 && matches!((role, moment), (Role::Copula, Moment::Year(0)) | (Role::From, Moment::Year(..0))) => {}
                Kind::Mark(_) | Kind::Index | Kind::Time(_) if after.act == 0 => break,
                Kind::Mark(_) | Kind::Index => break,
                Kind::Amount(_) => {
                    after.onward = true;
                    break;
                }
                Kind::Gap | Kind::Title => {
                    after.gap |= after.empty;
                    after.empty = false;
                }
                Kind::Time(_) => {}
                Kind::Word(word) => {
                    if at == 0 && word.role == Role::Parts && attribute(tokens) {
                        // 1件涉及信息公开的行政复议.
                        continue;
                    }
                    if matches!(
                        word.role,
                        Role::Parts
                            | Role::Compare
                            | Role::Change
                            | Role::Aside
                            | Role::Mean
                            | Role::Share
                            | Role::Link
                            | Role::Negation
                            | Role::Aim
                            | Role::All
                    ) {
                        break;
                    }
                    // 2件因补正尚在办理: the reason is not what is counted.
                    let acts = &grammar.acts;
                    let done = has(acts.compound, word.act) || word.act != 0 && [acts.turn, acts.turn_in, acts.turn_out, acts.turn_left].contains(&word.act);
                    cause = (cause || word.role == Role::Cause) && word.role != Role::Effect && !done;
                    if !cause {
                        after.word(grammar, tokens, at, word, measure);
                    }
                }
            }
        }
        after
    }

    /// What of it may govern a count.
    pub fn own(&self, grammar: &Grammar) -> After {
        match self.onward {
            false => *self,
            // 42人参与开放日2次: the persons took part, whatever follows.
            true if has(grammar.acts.attends, self.act) => After { onward: false, ..*self },
            true => After { empty: true, ..After::default() },
        }
    }

    fn word(&mut self, grammar: &Grammar, tokens: &[Token], at: usize, word: Word, measure: Option<u8>) {
        let act = turned(grammar, tokens, at, word.act);
        let strong = has(grammar.acts.strong, act) && !has(grammar.acts.strong, self.act);
        if act != 0 && !word.loose && (self.act == 0 || strong) {
            self.act = act;
            if has(grammar.acts.attends, act) && Grammar::is(grammar.foreign, self.topic) {
                // 120名信息员参加培训: who they were.
                (self.topic, self.gap) = (0, false);
            }
        }
        // 先后2次选派人员参加培训: persons are not counted in 次.
        let unfit = |topic: u8| measure.is_some() && !grammar.counts(topic, measure);
        let place = at
            .checked_sub(1)
            .and_then(|at| tokens.get(at))
            .is_some_and(|token| matches!(token.kind, Kind::Word(Word { role: Role::Preposition | Role::At, act: 0, .. })));
        if place && Grammar::is(grammar.foreign, word.topic) {
            // 34条在社区公告栏张贴: where it was done.
            return;
        }
        let refined = (self.topic != 0 || !self.gap) && unfit(self.topic) && !Grammar::is(grammar.foreign, self.topic) && !unfit(word.topic);
        let better = self.topic == 0 || refined;
        if word.topic != 0 && better && (refined || self.act == 0 || has(grammar.acts.attends, self.act)) {
            self.topic = if self.topic == grammar.matter && word.about { self.topic } else { word.topic };
            self.vague = word.plain && Grammar::is(grammar.foreign, word.topic);
            let modified = self.gap;
            self.kind = word.kind || modified;
            if modified && word.plain && !Grammar::is(grammar.broad, word.topic) {
                self.topic = foreign(grammar);
            }
        }
        if !(word.apposed && word.topic != 0) {
            self.carriers = self.carriers.and(word.carriers);
        }
        let content = word.act != 0 || word.topic != 0 || !word.carriers.is_empty() || word.role == Role::Person;
        self.empty &= !content;
    }
}
