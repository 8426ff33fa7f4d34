//! The command line of `scale`.

use std::path::PathBuf;

use super::sizing::Plan;
use crate::Result;

pub(super) struct Arguments {
    pub(super) redis: PathBuf,
    pub(super) plan: Plan,
}

impl Arguments {
    pub(super) fn read(given: impl IntoIterator<Item = String>) -> Result<Self> {
        let mut read = Self {
            redis: "redis-server".into(),
            plan: Plan { rate: 1_000.0, max_age: 60.0, max_ahead: 5.0 },
        };
        let mut given = given.into_iter();
        while let Some(argument) = given.next() {
            let value = given.next().ok_or(format!("{argument} needs a value"))?;
            match argument.as_str() {
                "--redis" => read.redis = value.into(),
                "--rate" => read.plan.rate = number(&argument, &value, 1e9)?,
                "--max-age" => read.plan.max_age = number(&argument, &value, 3600.0)?,
                "--max-ahead" => read.plan.max_ahead = number(&argument, &value, 3600.0)?,
                _ => return Err(format!("unknown argument `{argument}`; {USAGE}").into()),
            }
        }
        Ok(read)
    }
}

fn number(name: &str, value: &str, most: f64) -> Result<f64> {
    match value.parse() {
        Ok(number) if (1.0..=most).contains(&number) => Ok(number),
        _ => Err(format!("{name} must be a number from 1 to {most}").into()),
    }
}

const USAGE: &str = "allowed: --rate MESSAGES_A_SECOND, --max-age SECONDS, --max-ahead SECONDS, --redis FILE";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Arguments> {
        Arguments::read(text.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn rates_and_windows() {
        let plan = read("--rate 25000 --max-age 30").unwrap().plan;
        assert_eq!((plan.rate, plan.max_age, plan.max_ahead), (25_000.0, 30.0, 5.0));
    }

    #[test]
    fn others_are_refused() {
        for bad in ["--rate", "--rate 0", "--rate NaN", "--rate many", "--max-age 3601", "--ratio 5"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
