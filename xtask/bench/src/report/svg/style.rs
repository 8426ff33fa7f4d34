//! The plot's colours, by the reader's scheme. The page has a colour of its own: an image cannot know what lies behind it.

pub(super) const CSS: &str = "
text { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; font-size: 13px; fill: #1f2328; }
.page { fill: #ffffff; stroke: #d1d9e0; }
.head { font-size: 19px; font-weight: 650; }
.title { font-size: 15px; font-weight: 650; }
.group { font-size: 12px; font-weight: 650; fill: #0a6e66; letter-spacing: 0.02em; }
.what { font-size: 13px; }
.note, .about, .tick, .wanted { font-size: 11px; font-weight: 400; fill: #636c76; }
.tick { text-anchor: middle; }
.value { font-weight: 650; text-anchor: end; font-variant-numeric: tabular-nums; }
.wanted { text-anchor: end; font-variant-numeric: tabular-nums; }
.missed { fill: #9a4a00; }
.grid { stroke: #e6eaee; stroke-width: 1; }
.base { stroke: #b7c0c9; stroke-width: 1; }
.bar { fill: #14a394; }
.short { fill: #e08b2c; }
.cut { stroke: #ffffff; stroke-width: 3; }
.target { stroke: #1f2328; stroke-width: 2; stroke-linecap: round; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .page { fill: #0d1117; stroke: #30363d; }
  .group { fill: #5fd3c6; }
  .note, .about, .tick, .wanted { fill: #9198a1; }
  .missed { fill: #f0a95b; }
  .grid { stroke: #21262d; }
  .base { stroke: #484f58; }
  .bar { fill: #1f9e91; }
  .short { fill: #d9822b; }
  .cut { stroke: #0d1117; }
  .target { stroke: #f0f6fc; }
}
";
