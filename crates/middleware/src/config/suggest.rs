//! What was probably meant by a word that is not known.

use strsim::damerau_levenshtein;

/// A hint that names the known word which is closest to `wrong`, if one is close, and all of them.
pub(crate) fn suggestion<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let all = known.join(", ");
    let distance = |word: &str| damerau_levenshtein(&wrong.to_lowercase(), word);
    let closest = known.iter().min_by_key(|word| distance(word));
    // Within a third of its letters, a word is mistyped and not another one.
    match closest.filter(|word| distance(word) <= (word.chars().count() / 3).max(1)) {
        Some(word) => format!("did you mean `{word}`? There are: {all}"),
        None => format!("there are: {all}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cf_8_a_mistyped_word_is_suggested_and_another_word_is_not() {
        let known = ["listen", "log", "skip_delivery"];
        let all = "here are: listen, log, skip_delivery";
        for (wrong, meant) in [
            ("lisen", "listen"),
            ("Listen", "listen"),
            ("lgo", "log"),
            ("skip_dilevery", "skip_delivery"),
        ] {
            let said = suggestion(wrong, known);
            assert_eq!(said, format!("did you mean `{meant}`? T{all}"));
        }
        assert_eq!(suggestion("bucket", known), format!("t{all}"));
    }
}
