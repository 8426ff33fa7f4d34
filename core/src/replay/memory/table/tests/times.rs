//! Lines that nobody came to for a while.

use super::*;

/// However long nobody came to a line: what ended is free, what has not is held, whatever its 15 bits say.
#[test]
fn time_may_pass_in_any_steps() {
    let (unit, wrap, stamps) = (SPAN / 2, 1 << 15, 64 * SPAN / 2);
    let steps = [1, unit, SPAN, wrap / 2, wrap, 2 * wrap, stamps, YEAR];
    for begin in [0, unit - 1, wrap - 1, 1_708_167_234] {
        for step in steps.into_iter().flat_map(|step| [step - 1, step, step + 1, step + wrap / 2]) {
            let mut set = Set::at(60, begin);
            for more in 0..12 {
                set.put(set.mark(0, 0, 0, more), begin + more % 2 * SPAN);
            }
            set.advance(begin + step);
            let live: Vec<_> = (0..12).map(|more| set.holds(set.mark(0, 0, 0, more))).collect();
            let expected: Vec<_> = (0..12).map(|more| step <= more % 2 * SPAN).collect();
            assert_eq!(live, expected, "{begin} + {step}");
            let held = live.iter().filter(|held| **held).count();
            // Unless the stamp seems to be of this time again.
            let units = (begin + step) / unit - begin / unit;
            let is_clear = units < 3 || units % 64 > 2;
            for more in 0..if is_clear { 10 - held.min(10) as u64 } else { 1 } {
                let place = set.find(set.mark(0, 0, 0, 100 + more)).unwrap();
                let passed = place.passed;
                place.leave();
                assert!(passed == 0 || !is_clear || held > 0, "{begin} + {step}");
                set.put(set.mark(0, 0, 0, 100 + more), begin + step);
            }
            assert_eq!(set.spill.len(), 0, "{begin} + {step}");
            set.check();
        }
    }
}
