//! Colors as numbers: the one place that reckons with them.
#![expect(clippy::float_arithmetic, reason = "colors are fractions")]

use csscolorparser::Color;

use crate::css;

/// A color that is written out: no `var()`, no `from`.
pub(crate) fn parse(text: &str) -> Option<Color> {
    if text == "transparent" {
        return Some(Color::new(0.0, 0.0, 0.0, 0.0));
    }
    csscolorparser::parse(text).ok()
}

/// So many percent of `one` and the rest of `other`, as `color-mix(in oklab, …)`.
pub(crate) fn mix(one: &Color, percent: f32, other: &Color) -> Color {
    let share = percent / 100.0;
    let ([l1, a1, b1, alpha1], [l2, a2, b2, alpha2]) = (one.to_oklaba(), other.to_oklaba());
    let (left, right) = (alpha1 * share, alpha2 * (1.0 - share));
    let alpha = left + right;
    if alpha == 0.0 {
        return Color::new(0.0, 0.0, 0.0, 0.0);
    }
    let part = |x: f32, y: f32| (x * left + y * right) / alpha;
    Color::from_oklaba(part(l1, l2), part(a1, a2), part(b1, b2), alpha)
}

/// `oklch(from base …)`, each component a number, a letter, or `min()` or `max()` of the two.
pub(crate) fn relative(base: &Color, components: &[&str]) -> Option<Color> {
    let [l, a, b, alpha] = base.to_oklaba();
    let (c, h) = (a.hypot(b), b.atan2(a).to_degrees());
    let number = |text: &str| match text {
        "l" => Some(l),
        "c" => Some(c),
        "h" => Some(h),
        "calc(1 - l)" => Some(1.0 - l),
        text => text.parse().ok(),
    };
    let component = |text: &str| {
        for (name, of) in [("min", f32::min as fn(f32, f32) -> f32), ("max", f32::max)] {
            if let Some(two) = css::arguments(text, name) {
                return Some(of(number(two.first()?)?, number(two.get(1)?)?));
            }
        }
        number(text)
    };
    let [l, c, h] = components else {
        return None;
    };
    let (l, c, h) = (component(l)?, component(c)?, component(h)?.to_radians());
    Some(Color::from_oklaba(l, c * h.cos(), c * h.sin(), alpha))
}

/// The luminance that WCAG counts with, of a color that nothing shows through.
pub(crate) fn luminance(color: &Color) -> f32 {
    let [r, g, b, _] = color.clamp().to_linear_rgba();
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Black or white, whichever can be read better on `color`.
pub(crate) fn legible(color: &Color) -> Color {
    let light = if luminance(color) < 0.179 { 1.0 } else { 0.0 };
    Color::new(light, light, light, 1.0)
}

/// What is seen where `front` lies on `back`.
pub(crate) fn over(front: &Color, back: &Color) -> Color {
    let ([r, g, b, alpha], [r2, g2, b2, _]) = (front.to_array(), back.to_array());
    let part = |x: f32, y: f32| x * alpha + y * (1.0 - alpha);
    Color::new(part(r, r2), part(g, g2), part(b, b2), 1.0)
}

/// The contrast of two colors, 1 to 21, in hundredths.
pub(crate) fn contrast(one: &Color, other: &Color) -> u32 {
    let (one, other) = (luminance(one), luminance(other));
    let ratio = (one.max(other) + 0.05) / (one.min(other) + 0.05);
    // At most 2100; the tenth makes up for what 32 bits leave out.
    (ratio * 100.0 + 0.1) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn color(text: &str) -> Color {
        parse(text).unwrap()
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert_eq!(contrast(&color("#000000"), &color("#ffffff")), 2100);
        assert_eq!(contrast(&color("#ffffff"), &color("#767676")), 454);
        assert_eq!(contrast(&color("#777777"), &color("#ffffff")), 447);
    }

    #[test]
    fn a_color_is_lifted_and_mixed_as_in_a_browser() {
        let base = color("oklch(0.43 0.085 165)");
        let lifted = relative(&base, &["max(l, 0.74)", "min(c, 0.14)", "h"]).unwrap();
        assert_eq!(lifted.to_rgba8(), color("oklch(0.74 0.085 165)").to_rgba8());
        let half = mix(&color("#000000"), 10.0, &color("transparent"));
        assert_eq!(half.to_rgba8(), [0, 0, 0, 26]);
        assert_eq!(
            over(&half, &color("#ffffff")).to_rgba8(),
            [230, 230, 230, 255]
        );
    }
}
