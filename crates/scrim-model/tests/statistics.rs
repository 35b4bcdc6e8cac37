//! Statistics equal what other people's programs make of the same numbers, and the textbooks' own examples.
#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use scrim_model::stats::{
    Level, PairTable, Proportion, Weights, fleiss_kappa, krippendorff_alpha, percentile_linear,
};
use serde_json::Value;

const WEIGHTS: [Weights; 3] = [Weights::None, Weights::Linear, Weights::Quadratic];
const LEVELS: [Level; 4] = [
    Level::Nominal,
    Level::Ordinal,
    Level::Interval,
    Level::Ratio,
];

fn golden() -> Value {
    serde_json::from_str(include_str!("statistics/agreement.json")).unwrap()
}

/// Equal to 1e-12 of the figure, or of 1 if it is smaller, or both not defined.
#[track_caller]
fn same(got: Option<f64>, expected: &Value, what: &str) {
    match (got, expected.as_f64()) {
        (None, None) => {}
        (Some(got), Some(expected))
            if (got - expected).abs() <= 1e-12 * expected.abs().max(1.0) => {}
        (got, expected) => panic!("{what}: {got:?}, not {expected:?}"),
    }
}

/// What one rater said of a unit.
fn said(unit: &str, rater: usize) -> Option<usize> {
    let sign = char::from(unit.as_bytes()[rater]);
    sign.to_digit(10).map(|value| value as usize)
}

#[test]
fn agreement_of_a_thousand_tables_is_what_the_libraries_say() {
    let golden = golden();
    let tables = golden["tables"].as_array().unwrap();
    assert_eq!(tables.len(), 1000);
    let (mut defined, mut undefined) = (0, 0);
    for table in tables {
        let what = table["units"].to_string();
        let values = table["values"].as_u64().unwrap() as usize;
        let units: Vec<&str> = table["units"]
            .as_array()
            .unwrap()
            .iter()
            .map(|unit| unit.as_str().unwrap())
            .collect();
        let raters = units[0].len();
        let pairs = units
            .iter()
            .filter_map(|unit| Some((said(unit, 0)?, said(unit, 1)?)));
        let pairs = PairTable::new(values, pairs).unwrap();
        for (at, weights) in WEIGHTS.into_iter().enumerate() {
            same(pairs.cohen_kappa(weights), &table["cohen"][at], &what);
        }
        let whole = units
            .iter()
            .filter(|unit| (0..raters).all(|rater| said(unit, rater).is_some()));
        let counts: Vec<Vec<u64>> = whole
            .map(|unit| {
                let of = |value| {
                    (0..raters)
                        .filter(|&rater| said(unit, rater) == Some(value))
                        .count()
                };
                (0..values).map(|value| of(value) as u64).collect()
            })
            .collect();
        same(fleiss_kappa(&counts), &table["fleiss"], &what);
        let given: Vec<Vec<f64>> = units
            .iter()
            .map(|unit| {
                (0..raters)
                    .filter_map(|rater| said(unit, rater))
                    .map(|value| value as f64)
                    .collect()
            })
            .collect();
        for (at, level) in LEVELS.into_iter().enumerate() {
            let alpha = krippendorff_alpha(&given, level);
            same(alpha, &table["alpha"][at], &what);
            *(if alpha.is_some() {
                &mut defined
            } else {
                &mut undefined
            }) += 1;
        }
    }
    assert!(
        defined > 2_000 && undefined > 100,
        "{defined} defined, {undefined} not"
    );
}

#[test]
fn shares_and_percentiles_are_what_the_libraries_say() {
    let golden = golden();
    for row in golden["wilson"].as_array().unwrap() {
        let (part, whole) = (row[0].as_u64().unwrap(), row[1].as_u64().unwrap());
        let got = Proportion::wilson(part, whole).unwrap();
        same(Some(got.low), &row[2], &row.to_string());
        same(Some(got.high), &row[3], &row.to_string());
    }
    for row in golden["percentile"].as_array().unwrap() {
        let sample: Vec<f64> = row[0]
            .as_array()
            .unwrap()
            .iter()
            .map(|x| x.as_f64().unwrap())
            .collect();
        same(
            percentile_linear(&sample, row[1].as_f64().unwrap()),
            &row[2],
            &row.to_string(),
        );
    }
}

/// Values of the textbooks: Krippendorff 2011 ("C"), Fleiss 1971, and small ones that can be worked out by hand.
#[test]
fn textbook_examples_come_out() {
    let near = |got: Option<f64>, expected: f64| same(got, &expected.into(), "textbook");
    let counts = [(0, 0, 20), (0, 1, 5), (1, 0, 10), (1, 1, 15)];
    let pairs = counts
        .into_iter()
        .flat_map(|(first, second, times)| std::iter::repeat_n((first, second), times));
    let table = PairTable::new(2, pairs).unwrap();
    near(table.cohen_kappa(Weights::None), 0.4);
    assert_eq!((table.items(), table.agreed()), (50, 35));
    assert_eq!(table.prevalence(), Some(vec![0.55, 0.45]));

    let first = [0, 0, 1, 1, 2, 2, 2, 3, 3, 0];
    let second = [0, 1, 1, 1, 2, 2, 3, 3, 2, 0];
    let table = PairTable::new(4, first.into_iter().zip(second)).unwrap();
    near(table.cohen_kappa(Weights::None), 0.6);
    near(table.cohen_kappa(Weights::Linear), 0.75);
    near(
        table.cohen_kappa(Weights::Quadratic),
        0.869_565_217_391_304_3,
    );

    let units: Vec<Vec<f64>> = "11.1 2232 3333 3333 2222 1234 4444 1121 2222 .555 ..11 ..3."
        .split(' ')
        .map(|unit| {
            unit.chars()
                .filter_map(|sign| sign.to_digit(10))
                .map(f64::from)
                .collect()
        })
        .collect();
    for (level, expected) in LEVELS.into_iter().zip([
        0.743_421_052_631_579,
        0.815_387_503_754_881_4,
        0.849_107_142_857_142_8,
        0.797_402_774_711_612_1,
    ]) {
        near(krippendorff_alpha(&units, level), expected);
    }

    let fleiss = [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ];
    near(
        fleiss_kappa(&fleiss.map(Vec::from)),
        0.209_930_704_421_955_22,
    );
}

#[test]
fn what_is_not_defined_has_no_figure() {
    assert!(PairTable::new(0, []).is_none());
    assert!(PairTable::new(2, [(0, 2)]).is_none());
    assert!(PairTable::new(usize::MAX, []).is_none());
    let nobody = PairTable::new(3, []).unwrap();
    assert_eq!(
        (nobody.items(), nobody.agreed(), nobody.prevalence()),
        (0, 0, None)
    );
    let all_one = PairTable::new(2, [(1, 1); 5]).unwrap();
    for weights in WEIGHTS {
        assert_eq!(nobody.cohen_kappa(weights), None);
        assert_eq!(all_one.cohen_kappa(weights), None);
    }
    assert_eq!(fleiss_kappa(&[]), None);
    assert_eq!(fleiss_kappa(&[vec![1, 0]]), None, "one person");
    assert_eq!(
        fleiss_kappa(&[vec![2, 0], vec![1, 0]]),
        None,
        "not equally many"
    );
    assert_eq!(
        fleiss_kappa(&[vec![2, 0], vec![1]]),
        None,
        "not the same categories"
    );
    for level in LEVELS {
        assert_eq!(krippendorff_alpha(&[], level), None);
        assert_eq!(
            krippendorff_alpha(&[vec![1.0], vec![2.0]], level),
            None,
            "nobody twice"
        );
        assert_eq!(
            krippendorff_alpha(&[vec![1.0, 1.0]], level),
            None,
            "one value"
        );
        assert_eq!(krippendorff_alpha(&[vec![1.0, f64::NAN]], level), None);
    }
    assert_eq!(krippendorff_alpha(&[vec![-1.0, 1.0]], Level::Ratio), None);
    assert!(Proportion::wilson(0, 0).is_none());
    assert!(Proportion::wilson(2, 1).is_none());
    assert_eq!(percentile_linear(&[], 50.0), None);
}

proptest! {
    /// Who is called the first does not matter, nor the order of items, and no figure leaves its range.
    #[test]
    fn agreement_knows_no_order_and_keeps_its_range(pairs in prop::collection::vec((0_usize..5, 0_usize..5), 0..60)) {
        let table = PairTable::new(5, pairs.iter().copied()).unwrap();
        let turned = PairTable::new(5, pairs.iter().rev().map(|&(a, b)| (b, a))).unwrap();
        for weights in WEIGHTS {
            let (one, other) = (table.cohen_kappa(weights), turned.cohen_kappa(weights));
            prop_assert_eq!(one.is_some(), other.is_some());
            if let (Some(one), Some(other)) = (one, other) {
                prop_assert!((one - other).abs() < 1e-12 && one <= 1.0);
            }
        }
        let units: Vec<Vec<f64>> = pairs.iter().map(|&(a, b)| vec![a as f64, b as f64]).collect();
        for level in LEVELS {
            prop_assert!(krippendorff_alpha(&units, level).is_none_or(|alpha| alpha <= 1.0));
        }
    }

    #[test]
    fn an_interval_holds_its_share(whole in 1_u64..100_000, of in 0.0_f64..=1.0) {
        let got = Proportion::wilson((whole as f64 * of) as u64, whole).unwrap();
        prop_assert!(0.0 <= got.low && got.low <= got.share && got.share <= got.high && got.high <= 1.0);
    }
}
