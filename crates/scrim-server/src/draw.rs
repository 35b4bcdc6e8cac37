//! Drawing decisions for a second review: the rules, without a database.

use std::collections::BTreeMap;

use scrim_wire::protocol::Drawing;

/// A decision that may be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drawable {
    /// Its id.
    pub(crate) decision: String,
    /// Its item.
    pub(crate) item: String,
    /// Its first policy, if any, and its first action.
    pub(crate) stratum: (String, String),
    /// As decided, 0–4.
    pub(crate) severity: u8,
    /// Whether it was decided unsurely.
    pub(crate) unsure: bool,
}

impl Drawable {
    fn weight(&self) -> u64 {
        (1 + u64::from(self.severity)) * if self.unsure { 2 } else { 1 }
    }
}

/// Up to `size` of them; `None` if there is no such drawing. `below(n)` gives a number below `n`, each
/// as likely as any other.
pub(crate) fn draw(
    from: Vec<Drawable>,
    drawing: &Drawing,
    size: usize,
    below: &mut dyn FnMut(usize) -> usize,
) -> Option<Vec<Drawable>> {
    match drawing {
        Drawing::Random => Some(random(from, size, below)),
        Drawing::Stratified => Some(stratified(from, size, below)),
        Drawing::RiskWeighted => Some(risk_weighted(from, size, below)),
        Drawing::Other(_) => None,
    }
}

/// Every one is as likely as any other; in any order.
pub(crate) fn random<T>(
    mut from: Vec<T>,
    size: usize,
    below: &mut dyn FnMut(usize) -> usize,
) -> Vec<T> {
    for place in 0..size.min(from.len()) {
        let other = place + below(from.len() - place);
        from.swap(place, other);
    }
    from.truncate(size);
    from
}

/// One of each stratum in turn, until there are enough. Which strata have one more is drawn too.
fn stratified(
    from: Vec<Drawable>,
    size: usize,
    below: &mut dyn FnMut(usize) -> usize,
) -> Vec<Drawable> {
    let mut strata: BTreeMap<(String, String), Vec<Drawable>> = BTreeMap::new();
    for one in from {
        strata.entry(one.stratum.clone()).or_default().push(one);
    }
    let strata: Vec<_> = strata.into_values().collect();
    let count = strata.len();
    let mut strata = random(strata, count, below);
    for stratum in &mut strata {
        let count = stratum.len();
        *stratum = random(std::mem::take(stratum), count, below);
    }
    let mut chosen = Vec::new();
    while chosen.len() < size {
        let before = chosen.len();
        let in_turn = strata.iter_mut().filter_map(Vec::pop);
        chosen.extend(in_turn.take(size - before));
        if chosen.len() == before {
            break;
        }
    }
    chosen
}

/// One after the other; each time by the weights of those that are left.
fn risk_weighted(
    mut from: Vec<Drawable>,
    size: usize,
    below: &mut dyn FnMut(usize) -> usize,
) -> Vec<Drawable> {
    let mut chosen = Vec::new();
    while chosen.len() < size && !from.is_empty() {
        let total: u64 = from.iter().map(Drawable::weight).sum();
        let mut left = below(usize::try_from(total).unwrap_or(usize::MAX)) as u64;
        let hit = from.iter().position(|one| {
            let is_hit = left < one.weight();
            left = left.saturating_sub(one.weight());
            is_hit
        });
        chosen.push(from.swap_remove(hit.unwrap_or(0)));
    }
    chosen
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The same numbers in every run.
    fn chance(seed: u64) -> impl FnMut(usize) -> usize {
        let mut state = seed;
        move |n| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as usize % n
        }
    }

    fn one(n: usize, stratum: &str, severity: u8, unsure: bool) -> Drawable {
        Drawable {
            decision: format!("d{n}"),
            item: format!("i{n}"),
            stratum: (stratum.to_owned(), "remove".to_owned()),
            severity,
            unsure,
        }
    }

    fn ids(drawn: &[Drawable]) -> BTreeSet<&str> {
        drawn.iter().map(|one| one.decision.as_str()).collect()
    }

    #[test]
    fn every_drawing_gives_as_many_as_asked_for_and_each_once() {
        let from: Vec<_> = (0..20)
            .map(|n| one(n, &format!("p{}", n % 3), 1, false))
            .collect();
        for drawing in Drawing::KNOWN {
            for (size, expected) in [(0, 0), (1, 1), (7, 7), (20, 20), (99, 20)] {
                let drawn = draw(from.clone(), drawing, size, &mut chance(size as u64));
                let drawn = drawn.unwrap_or_default();
                assert_eq!((drawn.len(), ids(&drawn).len()), (expected, expected));
            }
        }
        assert_eq!(draw(from, &"whim".into(), 1, &mut chance(1)), None);
    }

    #[test]
    fn random_leaves_nobody_out() {
        let mut below = chance(7);
        let mut hits = [0_u32; 10];
        for _ in 0..10_000 {
            for place in random((0..10).collect(), 3, &mut below) {
                hits[place] += 1;
            }
        }
        assert!(
            hits.iter().all(|hits| (2_800..3_200).contains(hits)),
            "{hits:?}"
        );
    }

    #[test]
    fn strata_have_the_same_number_as_far_as_there_are_so_many() {
        let mut from: Vec<_> = (0..100).map(|n| one(n, "many", 1, false)).collect();
        from.extend((100..103).map(|n| one(n, "few", 1, false)));
        from.push(one(200, "one", 1, false));
        let drawn = draw(from, &Drawing::Stratified, 12, &mut chance(3)).unwrap_or_default();
        let of = |name: &str| drawn.iter().filter(|one| one.stratum.0 == name).count();
        assert_eq!((of("many"), of("few"), of("one")), (8, 3, 1));
    }

    #[test]
    fn the_graver_and_the_less_sure_are_likelier_by_their_weights() {
        // Weights 1, 5, and 10 of 16.
        let from = vec![
            one(0, "p", 0, false),
            one(1, "p", 4, false),
            one(2, "p", 4, true),
        ];
        let mut below = chance(11);
        let mut hits = [0_u32; 3];
        for _ in 0..16_000 {
            let drawn = draw(from.clone(), &Drawing::RiskWeighted, 1, &mut below);
            let place = drawn.and_then(|drawn| from.iter().position(|one| *one == drawn[0]));
            hits[place.unwrap_or_default()] += 1;
        }
        for (hits, expected) in hits.iter().zip([1_000, 5_000, 10_000]) {
            assert!(hits.abs_diff(expected) < 200, "{hits} {expected}");
        }
    }
}
