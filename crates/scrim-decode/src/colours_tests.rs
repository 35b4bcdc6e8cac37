#![allow(clippy::unwrap_used, reason = "tests")]

use moxcms::ToneReprCurve;
use proptest::prelude::*;

use super::*;

fn written(profile: &ColorProfile) -> Vec<u8> {
    profile.encode().unwrap()
}

fn of_one(profile: &[u8], pixel: [u8; 3]) -> Option<[u8; 3]> {
    let [r, g, b] = pixel;
    let made = Profile::read(profile)?.of_rgbx(&[r, g, b, 255])?;
    assert_eq!((made.len(), made[3]), (4, 255));
    Some([made[0], made[1], made[2]])
}

#[track_caller]
fn assert_near(got: Option<[u8; 3]>, expected: [u8; 3]) {
    let got = got.unwrap();
    let near = got.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 2);
    assert!(near, "{got:?} is not {expected:?}");
}

#[test]
fn wide_colours_are_brought_into_srgb() {
    // Display P3's (200, 100, 50) is sRGB's (215, 93, 31) by the matrices of both (CSS Color 4, 10.2 and 10.3).
    assert_near(
        of_one(&written(&ColorProfile::new_display_p3()), [200, 100, 50]),
        [215, 93, 31],
    );
    // Grey is grey in both.
    assert_near(
        of_one(&written(&ColorProfile::new_display_p3()), [120, 120, 120]),
        [120, 120, 120],
    );
}

#[test]
fn srgb_stays_as_it_is() {
    let profile = written(&ColorProfile::new_srgb());
    for pixel in [[0, 0, 0], [255, 255, 255], [1, 2, 3], [200, 100, 50]] {
        assert_near(of_one(&profile, pixel), pixel);
    }
}

#[test]
fn a_grey_profile_is_followed() {
    // Light as it is: half of it is 188 in sRGB.
    let profile = written(&ColorProfile::new_gray_with_gamma(1.0));
    assert_near(of_one(&profile, [128, 128, 128]), [188, 188, 188]);
}

#[test]
fn profiles_that_do_not_fit_or_are_no_profile_are_left_out() {
    let mut inks = ColorProfile::new_srgb();
    inks.color_space = DataColorSpace::Cmyk;
    assert_eq!(of_one(&written(&inks), [1, 2, 3]), None);
    let rgb = written(&ColorProfile::new_srgb());
    assert!(Profile::read(&rgb).unwrap().of_inks(&[0; 4]).is_none());
    for bytes in [&b""[..], b"profile", &rgb[..100], &[0; 4000]] {
        assert!(Profile::read(bytes).is_none());
    }
    let long = [rgb, vec![0; PROFILE_BYTES_MAX]].concat();
    assert!(Profile::read(&long).is_none());
}

#[test]
fn a_curve_of_nothing_is_left_out_or_followed_but_never_a_failure() {
    for curve in [vec![], vec![0], vec![0; 5000], vec![65_535; 3]] {
        let mut profile = ColorProfile::new_srgb();
        profile.red_trc = Some(ToneReprCurve::Lut(curve));
        if let Ok(bytes) = profile.encode() {
            of_one(&bytes, [1, 2, 3]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_profile_gives_colours_or_nothing(
        which in 0_usize..3,
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let whole = [ColorProfile::new_display_p3(), ColorProfile::new_gray_with_gamma(2.2), ColorProfile::new_adobe_rgb()];
        let mut bytes = written(&whole[which]);
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        of_one(&bytes, [9, 8, 7]);
    }
}
