//! Payloads of an exact size that look like what an engine reports: numbers, fractions, names, text.

/// One value as two texts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Payload {
    /// In RFC 8785 form.
    pub(crate) canonical: String,
    /// With its members in the order that an application writes them.
    pub(crate) loose: String,
}

impl Payload {
    /// A payload whose RFC 8785 form has `size` bytes; the least that there is has [`LEAST`].
    pub(crate) fn new(size: usize) -> Self {
        let mut spare = size.saturating_sub(LEAST);
        let status = "RUNNING-ON-GPU-0-NOW";
        if spare < MESSAGE {
            let status = status.get(..RUNNING + spare).unwrap_or(status);
            return Self::of(None, None, status);
        }
        let mut readings = Vec::new();
        if spare > READINGS + MESSAGE {
            spare -= READINGS - 1;
            while let Some(rest) = spare.checked_sub(Reading(readings.len()).canonical().len() + 1 + MESSAGE)
            {
                readings.push(Reading(readings.len()));
                spare = rest + MESSAGE;
            }
            if readings.is_empty() {
                spare += READINGS - 1;
            }
        }
        let message: String = TEXT.chars().cycle().take(spare - MESSAGE).collect();
        let readings = (!readings.is_empty()).then_some(readings);
        Self::of(Some(&message), readings.as_deref(), "RUNNING")
    }

    fn of(message: Option<&str>, readings: Option<&[Reading]>, status: &str) -> Self {
        let message = message.map(|message| format!(r#""message":"{message}""#));
        let list = |each: fn(&Reading) -> String| {
            readings.map(|readings| {
                format!(r#""readings":[{}]"#, readings.iter().map(each).collect::<Vec<_>>().join(","))
            })
        };
        let [job, progress, tries] =
            [r#""job":42"#, r#""progress":0.75"#, r#""tries":1"#].map(|text| Some(text.to_owned()));
        let status = Some(format!(r#""status":"{status}""#));
        let (canonical, loose) = (list(Reading::canonical), list(Reading::loose));
        Self {
            canonical: object([
                job.clone(),
                message.clone(),
                progress.clone(),
                canonical,
                status.clone(),
                tries.clone(),
            ]),
            loose: object([status, progress, tries, job, loose, message]),
        }
    }
}

/// One of a list.
struct Reading(usize);

impl Reading {
    fn canonical(&self) -> String {
        let [at, ok, sensor, value] = self.members();
        object([at, ok, sensor, value])
    }

    fn loose(&self) -> String {
        let [at, ok, sensor, value] = self.members();
        object([sensor, at, value, ok])
    }

    fn members(&self) -> [Option<String>; 4] {
        let number = self.0;
        [
            format!(r#""at":{}"#, 1_708_167_234 + number),
            format!(r#""ok":{}"#, number % 7 != 3),
            format!(r#""sensor":"t-{:03}""#, number * 37 % 1000),
            format!(r#""value":{}"#, 20.0 + number as f64 * 0.375),
        ]
        .map(Some)
    }
}

fn object<const N: usize>(members: [Option<String>; N]) -> String {
    format!("{{{}}}", members.into_iter().flatten().collect::<Vec<_>>().join(","))
}

/// `{"job":42,"progress":0.75,"status":"RUNNING","tries":1}`
const LEAST: usize = 55;
const RUNNING: usize = "RUNNING".len();
const MESSAGE: usize = r#","message":"""#.len();
const READINGS: usize = r#","readings":[]"#.len();
const TEXT: &str = "The engine reports what it measured while the job ran. ";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Size;

    #[test]
    fn sizes_are_exact_and_both_texts_are_one_value() {
        for size in (LEAST..700).chain([1024, 16_384]) {
            let payload = Payload::new(size);
            assert_eq!(payload.canonical.len(), size);
            assert_eq!(counterseal::json::canonical(payload.loose.as_bytes()).unwrap(), payload.canonical);
            assert_ne!(payload.loose, payload.canonical);
        }
    }

    #[test]
    fn the_payload_of_the_packet_of_200_bytes() {
        let payload = Payload::new(Size::Packet.bytes());
        assert_eq!(payload.canonical, r#"{"job":42,"progress":0.75,"status":"RUNNING","tries":1}"#);
    }
}
