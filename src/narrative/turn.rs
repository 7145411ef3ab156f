//! Which way a matter is carried over the turn of the year: 上年结转 comes in, 结转下年 goes out.

use super::grammar::Grammar;
use super::lexer::{Kind, Token};
use super::lexicon::Word;
use super::time::Moment;

/// The direction of 结转 by the time beside it: from the year before, or to the year after.
pub fn turned(grammar: &Grammar, tokens: &[Token], at: usize, act: u8) -> u8 {
    if act != 0 && act == grammar.acts.turn_left {
        // 2023年未办完的申请2件.
        let before = tokens.iter().take(at).rev().map_while(|token| match token.kind {
            Kind::Time(moment) => Some(Some(moment)),
            Kind::Word(Word { act: 0, .. }) => Some(None),
            _ => None,
        });
        let left = before.flatten().next().is_some_and(|moment| matches!(moment, Moment::Year(..0)));
        return if left { grammar.acts.turn_in } else { act };
    }
    let behind = |steps: usize| at.checked_sub(steps).and_then(|at| tokens.get(at)).map(|token| token.kind);
    if let (Some(Kind::Time(Moment::Year(..0))), Some(Kind::Word(Word { loose: true, .. })), Some(Kind::Word(next))) =
        (behind(1), tokens.get(at).map(|token| token.kind), tokens.get(at + 1).map(|token| token.kind))
        && act != 0
        && next.topic == grammar.turning
    {
        // 2021年转来的申请1件.
        return grammar.acts.turn_in;
    }
    let counted = |at: usize| tokens.get(at).is_none_or(|token| matches!(token.kind, Kind::Amount(_)));
    if let Some(Kind::Time(Moment::Year(..0))) = tokens.get(at + 1).map(|token| token.kind)
        && counted(at + 2)
        && act != 0
        && act == grammar.acts.turn_taken
    {
        // 承接上年1件.
        return grammar.acts.turn_in;
    }
    if act != grammar.acts.turn || act == 0 {
        return act;
    }
    let near = |token: &Token| match token.kind {
        Kind::Time(Moment::Year(year)) => Some(Some(year)),
        Kind::Time(Moment::Part | Moment::Event | Moment::Edge | Moment::Whole) | Kind::Word(_) => Some(None),
        _ => None,
    };
    let after = tokens.iter().skip(at + 1).take(4).map_while(near).flatten().next();
    let before = tokens.iter().take(at).rev().take(4).map_while(near).flatten().next();
    match (before, after) {
        (_, Some(year)) => {
            if year > 0 {
                grammar.acts.turn_out
            } else {
                grammar.acts.turn_in
            }
        }
        (Some(year), None) if year < 0 => grammar.acts.turn_in,
        (Some(_), None) => grammar.acts.turn_out,
        (None, None) => act,
    }
}
