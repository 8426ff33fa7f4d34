//! A plot of the rows that count: how many times faster than each peer, and how much of what is allowed is used.

mod panel;
mod style;

use std::fmt::Write;

use super::{Line, Report};
use panel::{Bar, Panel, Scale};

/// The plot, for light and dark pages alike.
pub(crate) fn plot(report: &Report) -> String {
    let (faster, within) = bars(report);
    let panels = [
        Panel {
            title: "Times faster than the peer",
            subtitle: "longer is better; the upright mark is the target",
            scale: Scale::logarithmic(&faster),
            bars: faster,
        },
        Panel {
            title: "Used of what is allowed",
            subtitle: "shorter is better; the upright mark is the target",
            scale: Scale::Share,
            bars: within,
        },
    ];
    let mut y = HEAD;
    let mut body = String::new();
    for panel in panels.iter().filter(|panel| !panel.bars.is_empty()) {
        y = panel.draw(&mut body, y) + BETWEEN;
    }
    let height = y + FOOT - BETWEEN;
    let version =
        report.rows.iter().map(|line| line.product.version.as_str()).find(|version| !version.is_empty());
    let mut svg = String::new();
    let _ = write!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" aria-labelledby="title">
<title id="title">Counterseal measured against its peers</title>
<style>{}</style>
<rect class="page" x="0.5" y="0.5" width="{}" height="{}" rx="10"/>
<text class="head" x="{MARGIN}" y="38">Counterseal {} against its peers</text>
<text class="note" x="{MARGIN}" y="58">{}</text>
{body}<text class="note" x="{MARGIN}" y="{}">Medians, product and peers by turns in one run of “cargo xtask bench”. Each row, size and version: docs/performance.md</text>
</svg>
"#,
        style::CSS,
        WIDTH - 1.0,
        height - 1.0,
        escaped(version.unwrap_or_default()),
        escaped(&report.machine),
        height - 20.0,
    );
    svg
}

/// One bar a row that counts, at the size where it is worst.
fn bars(report: &Report) -> (Vec<Bar>, Vec<Bar>) {
    let mut worst: Vec<(&Line, usize)> = Vec::new();
    for line in report.rows.iter().filter(|line| !line.for_information && line.fault.is_none()) {
        match worst.iter_mut().find(|(other, _)| other.id == line.id) {
            Some((other, sizes)) => {
                *sizes += 1;
                if margin(line) < margin(other) {
                    *other = line;
                }
            }
            None => worst.push((line, 1)),
        }
    }
    let bar = |(line, sizes): &(&Line, usize)| Bar::of(line, *sizes);
    let bars: Vec<Bar> = worst.iter().filter_map(bar).collect();
    bars.into_iter().partition(|bar| bar.more_is_better)
}

/// How much better than wanted: 1 is just there.
fn margin(line: &Line) -> f64 {
    match (line.target, line.ratio) {
        (Some(super::Bound::AtLeast(least)), Some(ratio)) => ratio / least,
        (Some(super::Bound::AtMost(most)), Some(ratio)) => most / ratio,
        _ => f64::INFINITY,
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const WIDTH: f64 = 840.0;
const MARGIN: f64 = 28.0;
const HEAD: f64 = 86.0;
const BETWEEN: f64 = 30.0;
const FOOT: f64 = 52.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::report;
    use std::collections::BTreeSet;

    #[test]
    fn every_row_that_counts_has_one_bar() {
        let report = report("", &[2.0], &[3.0]);
        let svg = plot(&report);
        let counted: BTreeSet<_> =
            report.rows.iter().filter(|line| !line.for_information).map(|line| &line.id).collect();
        for id in &counted {
            assert_eq!(svg.matches(&format!(r#"id="{id}""#)).count(), 1, "{id}");
        }
        assert_eq!(svg.matches(r#"class="target""#).count(), counted.len());
    }

    #[test]
    fn it_is_well_formed_whatever_the_figures() {
        for (product, peer) in [(1.0, 1.0), (1.0, 1e9), (1e9, 1.0)] {
            let svg = plot(&report("", &[product], &[peer]));
            assert_well_formed(&svg);
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
        assert_well_formed(&plot(&report("core-parts-ring", &[1.0], &[1.0])));
    }

    #[test]
    fn bars_stay_inside() {
        for (product, peer) in [(1.0, 1e9), (1e9, 1.0)] {
            for line in plot(&report("", &[product], &[peer])).lines().filter(|line| line.contains("<rect")) {
                let number = |name: &str| -> f64 {
                    let (_, rest) = line.split_once(&format!(r#" {name}=""#)).unwrap();
                    rest.split_once('"').unwrap().0.parse().unwrap()
                };
                assert!(number("width") >= 0.0 && number("x") + number("width") <= WIDTH, "{line}");
            }
        }
    }

    #[test]
    fn of_several_sizes_the_worst_is_shown() {
        let mut report = report("core-mac-limit", &[110.0], &[100.0]);
        report.rows[2].ratio = Some(1.24);
        let svg = plot(&report);
        assert!(svg.contains("1.24") && !svg.contains("1.10"), "{svg}");
        assert!(svg.contains("worst of 4: 1 KiB input"), "{svg}");
    }

    #[test]
    fn text_is_escaped() {
        let mut report = report("core-token-timed-limit/250B", &[1.0], &[1.0]);
        report.rows[0].what = "<&>".to_owned();
        assert!(plot(&report).contains("&lt;&amp;&gt;"));
    }

    /// Tags open and close in order.
    fn assert_well_formed(svg: &str) {
        let mut open = Vec::new();
        for tag in svg.split('<').skip(1) {
            let tag = tag.split_once('>').unwrap().0;
            match (tag.strip_prefix('/'), tag.strip_suffix('/')) {
                (Some(name), _) => assert_eq!(open.pop(), Some(name)),
                (None, Some(_)) => {}
                (None, None) => open.push(tag.split([' ', '\n']).next().unwrap()),
            }
        }
        assert!(open.is_empty());
    }
}
