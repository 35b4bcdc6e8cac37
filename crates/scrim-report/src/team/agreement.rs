//! Agreement of blind second reviews with what they reviewed.
//!
//! Nominal coefficients compare the first policy, the others the severity (0–4), which is an order with a zero.

use std::collections::BTreeSet;

use scrim_model::stats::{
    DOUBLE_REVIEWED_MIN, Level, PairTable, Weights, fleiss_kappa, krippendorff_alpha,
};
use scrim_model::team::{ReviewKind, TeamPair};
use scrim_wire::window::{TeamFigure, TeamRow};

use super::{TeamSource, count};

/// Severities.
const STEPS: usize = 5;

pub(super) fn rows(source: &TeamSource<'_>) -> (u64, Vec<TeamRow>) {
    let pairs: Vec<&TeamPair> = source
        .pairs
        .iter()
        .filter(|pair| pair.review == ReviewKind::Sample)
        .collect();
    let n = pairs.len() as u64;
    let names = names(&pairs);
    let (policies, severities) = (by_policy(&pairs, &names), by_severity(&pairs));
    let units: Vec<Vec<f64>> = pairs
        .iter()
        .map(|pair| vec![pair.first.severity.into(), pair.second.severity.into()])
        .collect();
    let of_policies = commonest(policies.as_ref());
    let of_severities = commonest(severities.as_ref());
    let kappa = |of: &Option<PairTable>, weights| of.as_ref()?.cohen_kappa(weights);
    let alpha = |level| krippendorff_alpha(&units, level);
    let percent = policies
        .as_ref()
        .filter(|_| n > 0)
        .map(|table| table.agreed() as f64 / n as f64);
    let figures = [
        ("percent", percent, of_policies),
        ("cohen", kappa(&policies, Weights::None), of_policies),
        (
            "cohen_linear",
            kappa(&severities, Weights::Linear),
            of_severities,
        ),
        (
            "cohen_quadratic",
            kappa(&severities, Weights::Quadratic),
            of_severities,
        ),
        ("fleiss", fleiss_kappa(&said(&pairs, &names)), of_policies),
        (
            "alpha_nominal",
            krippendorff_alpha(&named(&pairs, &names), Level::Nominal),
            of_policies,
        ),
        ("alpha_ordinal", alpha(Level::Ordinal), of_severities),
        ("alpha_interval", alpha(Level::Interval), of_severities),
        ("alpha_ratio", alpha(Level::Ratio), of_severities),
    ];
    let row = |(id, value, prevalence): (&str, Option<f64>, Option<f64>)| {
        let figure = |value: Option<f64>| match value {
            _ if (1..DOUBLE_REVIEWED_MIN).contains(&n) => TeamFigure::TooFew,
            Some(value) => TeamFigure::Is(value),
            None => TeamFigure::NotDefined,
        };
        TeamRow {
            id: id.to_owned(),
            name: String::new(),
            cells: vec![count(n), figure(value), figure(prevalence)],
        }
    };
    (n, figures.into_iter().map(row).collect())
}

/// The policies that were found, sorted; "none" is one.
fn names<'a>(pairs: &[&'a TeamPair]) -> Vec<&'a str> {
    let both = pairs
        .iter()
        .flat_map(|pair| [pair.first.policy.as_str(), pair.second.policy.as_str()]);
    both.collect::<BTreeSet<_>>().into_iter().collect()
}

fn place(policies: &[&str], policy: &str) -> usize {
    policies.partition_point(|known| *known < policy)
}

fn by_policy(pairs: &[&TeamPair], names: &[&str]) -> Option<PairTable> {
    let places = pairs.iter().map(|pair| {
        (
            place(names, &pair.first.policy),
            place(names, &pair.second.policy),
        )
    });
    PairTable::new(names.len(), places)
}

fn by_severity(pairs: &[&TeamPair]) -> Option<PairTable> {
    let places = pairs
        .iter()
        .map(|pair| (pair.first.severity.into(), pair.second.severity.into()));
    PairTable::new(STEPS, places)
}

/// Of each pair, how often each policy was found.
fn said(pairs: &[&TeamPair], names: &[&str]) -> Vec<Vec<u64>> {
    let of = |pair: &&TeamPair| {
        let mut counts = vec![0; names.len()];
        counts[place(names, &pair.first.policy)] += 1;
        counts[place(names, &pair.second.policy)] += 1;
        counts
    };
    pairs.iter().map(of).collect()
}

/// Policies as numbers that stand for names.
fn named(pairs: &[&TeamPair], names: &[&str]) -> Vec<Vec<f64>> {
    let of = |policy: &str| place(names, policy) as f64;
    pairs
        .iter()
        .map(|pair| vec![of(&pair.first.policy), of(&pair.second.policy)])
        .collect()
}

/// The share of the commonest answer: where it is near 1, coefficients say little.
fn commonest(table: Option<&PairTable>) -> Option<f64> {
    let shares = table?.prevalence()?;
    shares.into_iter().reduce(f64::max)
}
