//! Welch's t-test of two classes of times, with crops.

/// The times of two classes.
pub(crate) struct Classes([Vec<f64>; 2]);

/// What the test found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Verdict {
    /// Of the crop that tells the classes apart best.
    pub(crate) t: f64,
    /// Of the means below [`CALM`]: the first class's less the second's.
    pub(crate) difference: f64,
}

impl Classes {
    pub(crate) fn new(capacity: usize) -> Self {
        Self([Vec::with_capacity(capacity), Vec::with_capacity(capacity)])
    }

    pub(crate) fn add(&mut self, class: usize, time: f64) {
        if let Some(times) = self.0.get_mut(class) {
            times.push(time);
        }
    }

    /// Over all times, and over those below several quantiles of both classes together: what interrupts a measurement makes it
    /// longer and hides a small difference. None where a class has too few times.
    pub(crate) fn verdict(&self) -> Option<Verdict> {
        let [first, second] = &self.0;
        let mut all: Vec<f64> = first.iter().chain(second).copied().collect();
        all.sort_by(f64::total_cmp);
        let crop = |share: f64| {
            let most = *all.get((share * all.len().checked_sub(1)? as f64) as usize)?;
            let below = |times: &[f64]| Moments::of(times.iter().copied().filter(|time| *time <= most));
            welch(below(first)?, below(second)?)
        };
        let crops: Option<Vec<Verdict>> = CROPS.iter().map(|share| crop(*share)).collect();
        let furthest = crops?.into_iter().max_by(|one, other| one.t.abs().total_cmp(&other.t.abs()))?;
        Some(Verdict { difference: crop(CALM)?.difference, ..furthest })
    }
}

/// Count, mean and variance.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Moments {
    count: f64,
    mean: f64,
    variance: f64,
}

impl Moments {
    /// In one pass (Welford, 1962). None for fewer than two.
    fn of(times: impl Iterator<Item = f64>) -> Option<Self> {
        let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
        for time in times {
            count += 1.0;
            let before = time - mean;
            mean += before / count;
            squares += before * (time - mean);
        }
        (count >= 2.0).then(|| Self { count, mean, variance: squares / (count - 1.0) })
    }
}

/// Where neither varies, equal means are no difference and others a certain one.
fn welch(first: Moments, second: Moments) -> Option<Verdict> {
    let difference = first.mean - second.mean;
    let error = (first.variance / first.count + second.variance / second.count).sqrt();
    let t = if difference == 0.0 { 0.0 } else { difference / error };
    Some(Verdict { t, difference })
}

const CROPS: [f64; 6] = [1.0, 0.99, 0.95, CALM, 0.75, 0.5];
/// Where the means are no longer those of interruptions.
const CALM: f64 = 0.9;

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(first: impl Iterator<Item = f64>, second: impl Iterator<Item = f64>) -> Classes {
        Classes([first.collect(), second.collect()])
    }

    #[test]
    fn moments_of_a_few() {
        let moments = Moments::of([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0].into_iter()).unwrap();
        assert_eq!((moments.count, moments.mean), (8.0, 5.0));
        assert!((moments.variance - 32.0 / 7.0).abs() < 1e-12);
        assert_eq!(Moments::of([1.0].into_iter()), None);
    }

    #[test]
    fn t_as_computed_by_hand() {
        // Means 3 and 5, variances 2.5 and 2.5, five of each: −2 / √(0.5 + 0.5).
        let [first, second] =
            [1.0, 3.0].map(|begin| Moments::of((0..5).map(move |step| begin + f64::from(step))).unwrap());
        assert_eq!(welch(first, second), Some(Verdict { t: -2.0, difference: -2.0 }));
    }

    #[test]
    fn like_classes_are_not_told_apart() {
        let times = |from: u32| (from..from + 10_000).map(|number| f64::from(number * 7919 % 1009));
        let verdict = classes(times(0), times(3)).verdict().unwrap();
        assert!(verdict.t.abs() < 4.5, "{verdict:?}");
    }

    #[test]
    fn a_shift_is_seen_under_rare_long_interruptions() {
        let times = |shift: f64| {
            (0..10_000).map(move |number| match number % 500 {
                0 => 1e6 * f64::from(number % 7),
                step => 100.0 + shift + f64::from(step % 10),
            })
        };
        let verdict = classes(times(0.0), times(1.0)).verdict().unwrap();
        assert!(verdict.t < -10.0, "{verdict:?}");
        assert!((-1.0..-0.2).contains(&verdict.difference), "{verdict:?}");
    }

    #[test]
    fn too_few_give_no_verdict() {
        assert_eq!(classes([1.0].into_iter(), [1.0, 2.0].into_iter()).verdict(), None);
        assert_eq!(Classes::new(0).verdict(), None);
    }
}
