//! HMAC and HKDF against the Wycheproof project's vectors, and the examples of their RFCs.
#![allow(clippy::unwrap_used, reason = "a helper of a test may stop at the first surprise, as the test may")]

use counterseal::testing::{CachedKey, hkdf_sha256, hmac_sha256, hmac_sha256_fits, hmac_sha384, hmac_sha512};
use wycheproof::{hkdf, mac};

#[test]
fn wycheproof_hmac() {
    let sha256 = |secret: &[u8], input: &[u8]| hmac_sha256(secret, input).to_vec();
    let sha384 = |secret: &[u8], input: &[u8]| hmac_sha384(secret, input).to_vec();
    let sha512 = |secret: &[u8], input: &[u8]| hmac_sha512(secret, input).to_vec();
    assert_eq!(check_macs(mac::TestName::HmacSha256, sha256), 174);
    assert_eq!(check_macs(mac::TestName::HmacSha384, sha384), 174);
    assert_eq!(check_macs(mac::TestName::HmacSha512, sha512), 174);
}

/// Vectors may cut the tag short; then its beginning must fit.
fn check_macs(name: mac::TestName, hmac: impl Fn(&[u8], &[u8]) -> Vec<u8>) -> usize {
    let mut count = 0;
    for group in mac::TestSet::load(name).unwrap().test_groups {
        for test in group.tests {
            let whole = hmac(&test.key, &test.msg);
            let fits = test.tag.len() * 8 == group.tag_size && whole.starts_with(&test.tag);
            assert_eq!(fits, !test.result.must_fail(), "{name:?} {}", test.tc_id);
            count += 1;
        }
    }
    count
}

#[test]
fn wycheproof_verification_takes_whole_tags_only() {
    for group in mac::TestSet::load(mac::TestName::HmacSha256).unwrap().test_groups {
        for test in group.tests {
            let expected = group.tag_size == 256 && !test.result.must_fail();
            assert_eq!(hmac_sha256_fits(&test.key, &test.msg, &test.tag), expected, "{}", test.tc_id);
        }
    }
}

#[test]
fn wycheproof_hkdf() {
    let mut count = 0;
    for group in hkdf::TestSet::load(hkdf::TestName::HkdfSha256).unwrap().test_groups {
        for test in group.tests {
            let mut out = vec![0; test.size];
            let derived = hkdf_sha256(&test.salt, &test.ikm, &test.info, &mut out);
            assert_eq!(derived.is_err(), test.result.must_fail(), "{}", test.tc_id);
            assert!(derived.is_err() || out[..] == test.okm[..], "{}", test.tc_id);
            count += 1;
        }
    }
    assert_eq!(count, 86);
}

/// Key, data, and the tags of HMAC-SHA256, HMAC-SHA384 and HMAC-SHA512.
type Rfc4231Case<'a> = (&'a [u8], &'a [u8], &'a str, &'a str, &'a str);

#[test]
fn rfc_4231() {
    let long = [0xaa; 131];
    let both = b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.";
    let cases: [Rfc4231Case; 6] = [
        (
            &[0x0b; 20],
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
        ),
        (
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        ),
        (
            &[0xaa; 20],
            &[0xdd; 50],
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27",
            "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
        ),
        (
            &core::array::from_fn::<u8, 25, _>(|at| at as u8 + 1),
            &[0xcd; 50],
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
            "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb",
            "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd",
        ),
        (
            &long,
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
        ),
        (
            &long,
            &both[..],
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
            "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e",
            "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
        ),
    ];
    for (secret, input, sha256, sha384, sha512) in cases {
        assert_eq!(hex(&hmac_sha256(secret, input)), sha256);
        let key = CachedKey::new(secret);
        assert_eq!([hex(&key.mac(input)), hex(&key.mac(input))], [sha256, sha256]);
        assert_eq!(hex(&hmac_sha384(secret, input)), sha384);
        assert_eq!(hex(&hmac_sha512(secret, input)), sha512);
    }
}

/// Salt, input keying material, info, and the output keying material.
type Rfc5869Case = (Vec<u8>, Vec<u8>, Vec<u8>, &'static str);

#[test]
fn rfc_5869() {
    let count = |from: u8, to: u8| (from..=to).collect::<Vec<u8>>();
    let cases: [Rfc5869Case; 3] = [
        (
            count(0x00, 0x0c),
            vec![0x0b; 22],
            count(0xf0, 0xf9),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            count(0x60, 0xaf),
            count(0x00, 0x4f),
            count(0xb0, 0xff),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        ),
        (
            vec![],
            vec![0x0b; 22],
            vec![],
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ];
    for (salt, material, info, expected) in cases {
        let mut out = vec![0; expected.len() / 2];
        hkdf_sha256(&salt, &material, &info, &mut out).unwrap();
        assert_eq!(hex(&out), expected);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
