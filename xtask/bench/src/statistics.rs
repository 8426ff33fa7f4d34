//! A median with its spread.

use serde::{Deserialize, Serialize};

/// Where the samples lie: the least, the quartiles; and how many there are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub(crate) min: f64,
    pub(crate) p25: f64,
    pub(crate) median: f64,
    pub(crate) p75: f64,
    pub(crate) samples: usize,
}

impl Summary {
    /// Nothing for no samples.
    pub(crate) fn of(samples: &[f64]) -> Option<Self> {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |share| quantile(&sorted, share);
        Some(Self { min: at(0.0)?, p25: at(0.25)?, median: at(0.5)?, p75: at(0.75)?, samples: sorted.len() })
    }
}

/// Between two samples, on the straight line from one to the other.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * sorted.len().checked_sub(1)? as f64;
    let (below, above) = (sorted.get(place.floor() as usize)?, sorted.get(place.ceil() as usize)?);
    Some(below + (above - below) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_count() {
        let summary = Summary::of(&[5.0, 1.0, 4.0, 2.0, 3.0]).unwrap();
        assert_eq!(summary, Summary { min: 1.0, p25: 2.0, median: 3.0, p75: 4.0, samples: 5 });
    }

    #[test]
    fn even_count_lies_between() {
        let summary = Summary::of(&[4.0, 1.0, 3.0, 2.0]).unwrap();
        assert_eq!(summary, Summary { min: 1.0, p25: 1.75, median: 2.5, p75: 3.25, samples: 4 });
    }

    #[test]
    fn one_outlier_moves_no_quartile() {
        let calm = Summary::of(&[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        assert_eq!(Summary::of(&[1.0, 2.0, 3.0, 4.0, 5000.0]), Some(calm));
    }

    #[test]
    fn no_samples_no_summary() {
        assert_eq!(Summary::of(&[]), None);
    }
}
