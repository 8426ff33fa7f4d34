//! One panel: bars under one scale, grouped by language.

use std::fmt::Write;

use super::{MARGIN, escaped};
use crate::report::{Bound, Line};

/// Bars with one meaning.
pub(super) struct Panel {
    pub(super) title: &'static str,
    pub(super) subtitle: &'static str,
    pub(super) scale: Scale,
    pub(super) bars: Vec<Bar>,
}

/// One row of the report.
pub(super) struct Bar {
    pub(super) more_is_better: bool,
    id: String,
    group: String,
    what: String,
    about: String,
    /// Times faster, or the share of what is allowed.
    value: f64,
    target: f64,
    met: bool,
    shown: String,
    wanted: String,
}

/// From a value to a place.
#[derive(Clone, Copy)]
pub(super) enum Scale {
    /// From and to, as powers of ten; bars begin at 1.
    Logarithmic(f64, f64),
    /// From nothing to somewhat more than all that is allowed.
    Share,
}

impl Bar {
    /// Nothing for a row without a ratio or a target. `sizes` is how many of its rows this one is the worst of.
    pub(super) fn of(line: &Line, sizes: usize) -> Option<Self> {
        let (ratio, target) = (line.ratio?, line.target?);
        let size = if sizes > 1 { format!("worst of {sizes}: {}", line.size) } else { line.size.clone() };
        let peer = if line.is_figure() { String::new() } else { format!(", against {}", line.peer.name) };
        let (value, target) = match target {
            Bound::AtLeast(least) => (ratio, least),
            Bound::AtMost(most) => (ratio / most, 1.0),
        };
        let shown = match line.product.figures {
            Some(figures) if line.is_figure() => line.shown(figures.median),
            _ if ratio >= 10.0 => format!("{ratio:.1} ×"),
            _ => format!("{ratio:.2} ×"),
        };
        Some(Self {
            more_is_better: line.more_is_better(),
            id: line.id.clone(),
            group: line.group.clone(),
            what: line.what.clone(),
            about: size + &peer,
            value,
            target,
            met: line.met?,
            shown: shown.replace("|t| ", "t "),
            wanted: line.shown_target().replace("|t| ", "t "),
        })
    }
}

impl Scale {
    /// Wide enough for every bar and target, within reason.
    pub(super) fn logarithmic(bars: &[Bar]) -> Self {
        let all = bars.iter().flat_map(|bar| [bar.value, bar.target]);
        let (least, most) =
            all.fold((1.0_f64, 2.0_f64), |(least, most), value| (least.min(value), most.max(value)));
        Self::Logarithmic((least.max(0.1) / 1.1).log10(), (most.min(200.0) * 1.1).log10())
    }

    /// The place of a value; what lies beyond the scale ends at its edge.
    fn x(self, value: f64) -> f64 {
        let share = match self {
            Self::Logarithmic(from, to) => (value.max(1e-9).log10() - from) / (to - from),
            Self::Share => value / SHARES,
        };
        LEFT + share.clamp(0.0, 1.0) * (RIGHT - LEFT)
    }

    fn ends_before(self, value: f64) -> bool {
        match self {
            Self::Logarithmic(_, to) => value.log10() > to,
            Self::Share => value > SHARES,
        }
    }

    fn begin(self) -> f64 {
        if let Self::Share = self { 0.0 } else { 1.0 }
    }

    fn ticks(self) -> Vec<(f64, String)> {
        match self {
            Self::Share => {
                [0.0, 0.5, 1.0].iter().map(|share| (*share, format!("{:.0} %", share * 100.0))).collect()
            }
            Self::Logarithmic(from, to) => {
                let shown = |tick: &&f64| (from..=to).contains(&tick.log10());
                TICKS.iter().filter(shown).map(|tick| (*tick, format!("{tick}×"))).collect()
            }
        }
    }
}

impl Panel {
    /// Draws it from `top` on, and tells where it ends.
    pub(super) fn draw(&self, svg: &mut String, top: f64) -> f64 {
        let mut rows = String::new();
        let first = top + 34.0;
        let (mut y, mut group) = (first, "");
        for bar in &self.bars {
            if bar.group != group {
                group = &bar.group;
                y += if y > first { 12.0 } else { 0.0 };
                let _ = writeln!(
                    rows,
                    r#"<text class="group" x="{MARGIN}" y="{:.1}">{}</text>"#,
                    y + 13.0,
                    escaped(group)
                );
                y += 22.0;
            }
            self.row(&mut rows, bar, y);
            y += ROW;
        }
        let _ = writeln!(
            svg,
            r#"<text x="{MARGIN}" y="{:.1}"><tspan class="title">{}</tspan><tspan class="note" dx="10">{}</tspan></text>"#,
            top + 8.0,
            self.title,
            self.subtitle,
        );
        for (tick, label) in self.scale.ticks() {
            let x = self.scale.x(tick);
            let class = if tick == 1.0 { "base" } else { "grid" };
            let _ = writeln!(
                svg,
                r#"<line class="{class}" x1="{x:.1}" y1="{:.1}" x2="{x:.1}" y2="{y:.1}"/>"#,
                top + 34.0
            );
            let _ = writeln!(svg, r#"<text class="tick" x="{x:.1}" y="{:.1}">{label}</text>"#, top + 28.0);
        }
        svg.push_str(&rows);
        y
    }

    fn row(&self, svg: &mut String, bar: &Bar, y: f64) {
        let Bar { id, what, about, value, target, met, shown, wanted, .. } = bar;
        let (begin, end) = (self.scale.x(self.scale.begin()), self.scale.x(*value));
        let (x, width) = (begin.min(end), (end - begin).abs().max(1.0).min(RIGHT - begin.min(end)));
        let (class, end) = if *met { ("bar", "") } else { ("bar short", ", short") };
        let mark = self.scale.x(*target);
        let middle = y + ROW / 2.0;
        // A bar that goes on beyond the scale is cut off slantwise.
        let cut = if self.scale.ends_before(*value) {
            let (x, y) = (RIGHT - 8.0, middle - 9.0);
            format!("<path class=\"cut\" d=\"M{x:.1} {y:.1} l-6 18\"/>\n")
        } else {
            String::new()
        };
        let _ = writeln!(
            svg,
            r#"<g id="{id}"><title>{what}, {about}: {shown}, target {wanted}{end}</title>
<text class="what" x="{MARGIN}" y="{:.1}">{what}</text>
<text class="about" x="{MARGIN}" y="{:.1}">{about}</text>
<rect class="{class}" x="{x:.1}" y="{:.1}" width="{width:.1}" height="{BAR}" rx="2"/>
{cut}<line class="target" x1="{mark:.1}" y1="{:.1}" x2="{mark:.1}" y2="{:.1}"/>
<text class="value" x="{VALUES}" y="{:.1}">{shown}</text>
<text class="{}" x="{VALUES}" y="{:.1}">{wanted}{end}</text></g>"#,
            middle - 2.5,
            middle + 10.5,
            middle - BAR / 2.0,
            middle - BAR / 2.0 - 4.0,
            middle + BAR / 2.0 + 4.0,
            middle - 2.5,
            if *met { "wanted" } else { "wanted missed" },
            middle + 10.5,
            what = escaped(what),
            about = escaped(about),
        );
    }
}

const LEFT: f64 = 356.0;
const RIGHT: f64 = 700.0;
const VALUES: f64 = 812.0;
const ROW: f64 = 34.0;
const BAR: f64 = 13.0;
/// Where the scale of shares ends.
const SHARES: f64 = 1.25;
const TICKS: [f64; 11] = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_steps_on_the_scale_are_equal_factors() {
        let scale = Scale::Logarithmic(0.0, 2.0);
        assert_eq!(scale.x(1.0), LEFT);
        assert_eq!(scale.x(100.0), RIGHT);
        assert!((scale.x(10.0) - (LEFT + RIGHT) / 2.0).abs() < 1e-9);
        assert_eq!([scale.x(0.001), scale.x(1e9)], [LEFT, RIGHT]);
    }

    #[test]
    fn a_share_begins_at_nothing() {
        assert_eq!(Scale::Share.x(0.0), LEFT);
        assert!(Scale::Share.x(1.0) < RIGHT);
        assert_eq!(Scale::Share.x(7.0), RIGHT);
    }
}
