//! Which of many things hang together, told pair by pair (union-find): lines that cross, dots that touch, offices that
//! became one another.

/// Things, by number, in groups.
#[derive(Debug, Default)]
pub struct Groups {
    /// Of each thing another one of its group with a lower number; the first of a group points to itself.
    before: Vec<usize>,
}

impl Groups {
    /// So many things, each by itself.
    pub fn new(count: usize) -> Groups {
        Groups { before: (0..count).collect() }
    }

    /// One thing more, by itself; gives its number.
    pub fn add(&mut self) -> usize {
        self.before.push(self.before.len());
        self.before.len() - 1
    }

    /// Makes one group of the groups of two things.
    pub fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        self.before[a.max(b)] = a.min(b);
    }

    /// The groups, in the order of their first things, each in order.
    pub fn members(mut self) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut place = vec![0; self.before.len()];
        for thing in 0..self.before.len() {
            let first = self.first(thing);
            if first == thing {
                place[thing] = groups.len();
                groups.push(Vec::new());
            }
            groups[place[first]].push(thing);
        }
        groups
    }

    /// The first thing of a group; the way to it is halved for the next time.
    fn first(&mut self, mut of: usize) -> usize {
        while self.before[of] != of {
            self.before[of] = self.before[self.before[of]];
            of = self.before[of];
        }
        of
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_joined_hangs_together_in_order() {
        let mut groups = Groups::new(5);
        assert_eq!(groups.add(), 5);
        for (a, b) in [(4, 1), (3, 5), (1, 5), (4, 5)] {
            groups.join(a, b);
        }
        assert_eq!(groups.members(), [vec![0], vec![1, 3, 4, 5], vec![2]]);
    }
}
