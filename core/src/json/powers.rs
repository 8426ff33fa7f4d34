//! Powers of ten in 128 bits, from a table of a tenth of their size: a browser downloads it.

/// 10^exponent over a power of two, rounded up, with its highest bit set: the upper half and the
/// lower. Right for exponents from −292 to 324.
pub(super) fn power_of_ten(exponent: i32) -> (u64, u64) {
    let (step, rest) = (exponent.div_euclid(STEP), exponent.rem_euclid(STEP));
    let five = FIVES.get(rest as usize).copied().unwrap_or_default();
    if step == 0 {
        return (five, 0);
    }
    let [high, middle, low] = STEPS.get((step - FIRST_STEP) as usize).copied().unwrap_or_default();
    let low = wide(low, five);
    let middle = wide(middle, five) + (low >> 64);
    let high = wide(high, five) + (middle >> 64);
    // Two factors with their highest bit set: of the product it is the highest or the second.
    let shift = high.leading_zeros();
    let (low, middle) = (low as u64, (middle as u64).rotate_left(shift));
    let carried = middle & u64::from(shift == 1);
    let is_rounded = (middle ^ carried) | low != 0;
    let power = (high << shift | u128::from(carried)) + u128::from(is_rounded);
    ((power >> 64) as u64, power as u64)
}

fn wide(a: u64, b: u64) -> u128 {
    u128::from(a) * u128::from(b)
}

const STEP: i32 = 27;
const FIRST_STEP: i32 = -11;

/// 5^0 to 5^26, each shifted up until its highest bit is set.
const FIVES: [u64; STEP as usize] = {
    let mut fives = [0; STEP as usize];
    let (mut five, mut exponent) = (1_u64, 0);
    while exponent < fives.len() {
        fives[exponent] = five << five.leading_zeros();
        five *= 5;
        exponent += 1;
    }
    fives
};

/// 10^(27 × step) over a power of two, rounded down to 192 bits of which the highest is set.
const STEPS: [[u64; 3]; 24] = [
    [0xa76c_5823_38ed_2621, 0xaf2a_f2b8_0af6_f24e, 0x657c_8f4d_4332_3a36],
    [0x873e_4f75_e222_4e68, 0x5a77_44a6_e804_a291, 0xcc35_eddf_cf09_96d7],
    [0xda7f_5bf5_9096_6848, 0xaf39_a475_506a_899e, 0xa302_94cc_2934_e662],
    [0xb080_392c_c434_9dec, 0xbd8d_794d_96aa_cfb3, 0xfe13_a5c8_6af6_4418],
    [0x8e93_8662_882a_f53e, 0x547e_b47b_7282_ee9c, 0x41b0_230e_1421_487d],
    [0xe658_29b3_046b_0afa, 0x0cb4_a5a3_112a_5112, 0xa3b5_61b1_cb20_8396],
    [0xba12_1a46_50e4_ddeb, 0x92f3_4d62_616c_e413, 0x21a0_183e_1058_3cd3],
    [0x964e_858c_91ba_2655, 0x3a6a_07f8_d510_f86f, 0xe908_2f25_e9c5_e9ec],
    [0xf2d5_6790_ab41_c2a2, 0xfae2_7299_423f_b9c3, 0x3695_dad7_e885_8901],
    [0xc428_d05a_a475_1e4c, 0xaa97_e14c_3c26_b886, 0x9684_2dc9_5323_f5a8],
    [0x9e74_d1b7_91e0_7e48, 0x775e_a264_cf55_347d, 0xca49_f1c0_5120_c9c7],
    [0x8000_0000_0000_0000, 0x0000_0000_0000_0000, 0x0000_0000_0000_0000],
    [0xcecb_8f27_f420_0f3a, 0x0000_0000_0000_0000, 0x0000_0000_0000_0000],
    [0xa70c_3c40_a64e_6c51, 0x9990_90b6_5f67_d924, 0x0000_0000_0000_0000],
    [0x86f0_ac99_b4e8_dafd, 0x69a0_28bb_3ded_71a3, 0xdf9f_9156_27c0_4e28],
    [0xda01_ee64_1a70_8de9, 0xe80e_6f48_20cc_9495, 0xd74b_aad0_3bc1_d8d3],
    [0xb01a_e745_b101_e9e4, 0x5ec0_5dcf_f72e_7f8f, 0xc04c_79ff_e324_301f],
    [0x8e41_ade9_fbeb_c27d, 0x1458_8f13_be84_7307, 0x23bd_6a20_59c0_02f5],
    [0xe5d3_ef28_2a24_2e81, 0x8f16_68c8_a86d_a5fa, 0xf0b5_ccf5_176e_cc7c],
    [0xb9a7_4a06_37ce_2ee1, 0x6d95_3e2b_d717_3692, 0x88ef_b003_7ac0_8bde],
    [0x95f8_3d0a_1fb6_9cd9, 0x4abd_af10_1564_f98e, 0x0d5a_4af7_b3a9_8e47],
    [0xf24a_01a7_3cf2_dccf, 0xbc63_3b39_673c_8cec, 0x3d9c_44cd_2f36_917c],
    [0xc3b8_3581_09e8_4f07, 0x0a86_2f80_ec47_00c8, 0x0260_6ea0_1029_dc37],
    [0x9e19_db92_b4e3_1ba9, 0x6c07_a2c2_6a83_46d1, 0x4944_d9f5_2cd0_dec2],
];

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;
    use core::cmp::Ordering;

    use super::*;

    /// A natural number of any size, its lowest bits first.
    type Natural = Vec<u64>;

    fn times(mut number: Natural, factor: u64) -> Natural {
        let mut carry = 0;
        for limb in &mut number {
            let sum = wide(*limb, factor) + carry;
            *limb = sum as u64;
            carry = sum >> 64;
        }
        number.push(carry as u64);
        number
    }

    fn five_to_the(exponent: u32) -> Natural {
        (0..exponent).fold(vec![1], |power, _| times(power, 5))
    }

    fn length(number: &[u64]) -> usize {
        let top = number.iter().rposition(|limb| *limb != 0).unwrap();
        64 * top + 64 - number[top].leading_zeros() as usize
    }

    fn shifted(number: &[u64], bits: usize) -> Natural {
        let mut shifted = vec![0; bits / 64];
        shifted.extend(times(number.to_vec(), 1 << (bits % 64)));
        shifted
    }

    fn compare(a: &[u64], b: &[u64]) -> Ordering {
        let limb = |number: &[u64], index: usize| number.get(index).copied().unwrap_or_default();
        let top = a.len().max(b.len());
        (0..top)
            .rev()
            .map(|index| limb(a, index).cmp(&limb(b, index)))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    fn product(a: u128, b: &[u64]) -> Natural {
        let (mut low, high) = (times(b.to_vec(), a as u64), times(b.to_vec(), (a >> 64) as u64));
        low.resize(high.len() + 1, 0);
        let mut carry = 0;
        for (limb, add) in low[1..].iter_mut().zip(high) {
            let sum = u128::from(*limb) + u128::from(add) + carry;
            *limb = sum as u64;
            carry = sum >> 64;
        }
        low
    }

    #[test]
    fn each_power_is_the_least_of_128_bits_that_is_not_below() {
        for exponent in -292..=324 {
            let (high, low) = power_of_ten(exponent);
            let power = u128::from(high) << 64 | u128::from(low);
            assert!(high >> 63 == 1, "10^{exponent}");
            let five = five_to_the(exponent.unsigned_abs());
            // Both sides as whole numbers: power × 2^up against five, or power × five against 2^up.
            let (exact, at_least, below) = if exponent >= 0 {
                let up = length(&five).saturating_sub(128);
                let down = 128_usize.saturating_sub(length(&five));
                let scaled = |power: u128| shifted(&product(power, &[1]), up);
                (shifted(&five, down), scaled(power), scaled(power - 1))
            } else {
                let one = shifted(&[1], 127 + length(&five));
                (one, product(power, &five), product(power - 1, &five))
            };
            assert!(compare(&at_least, &exact).is_ge(), "10^{exponent}");
            assert!(compare(&below, &exact).is_lt(), "10^{exponent}");
        }
    }
}
