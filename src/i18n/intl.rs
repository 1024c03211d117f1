//! The locale, and the browser's formatters for it.
//!
//! Formatters are made once per kind and kept: making one costs more than using it a
//! hundred times.

use std::cell::RefCell;

use js_sys::{Array, Function, Intl, JsString, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

thread_local! {
    static LOCALE: RefCell<String> = RefCell::new("en".to_owned());
    /// `format` functions by what they format, such as `money USD`.
    static FORMATTERS: RefCell<Vec<(String, Function)>> = const { RefCell::new(Vec::new()) };
    static RELATIVE: RefCell<Option<Intl::RelativeTimeFormat>> = const { RefCell::new(None) };
    static PLURAL: RefCell<Option<Intl::PluralRules>> = const { RefCell::new(None) };
}

/// Says how dates and numbers are to be written: a tag that the browser knows, such as `en-GB`.
/// The language is that of the catalog, or a page would mix two.
pub(super) fn set_locale(tag: String) {
    LOCALE.with_borrow_mut(|locale| *locale = tag);
    FORMATTERS.with_borrow_mut(Vec::clear);
    RELATIVE.with_borrow_mut(|slot| *slot = None);
    PLURAL.with_borrow_mut(|slot| *slot = None);
}

/// The locale in use.
pub fn locale() -> String {
    LOCALE.with_borrow(Clone::clone)
}

/// A whole number, as in `1,204`.
pub fn integer(value: usize) -> String {
    apply("integer", &JsValue::from_str(&value.to_string()), || {
        number_format(&[])
    })
}

/// The plural category of `count` in the locale: `one`, `other`, …
pub(super) fn plural(count: usize) -> String {
    PLURAL.with_borrow_mut(|slot| {
        let rules = slot.get_or_insert_with(|| Intl::PluralRules::new(&locales(), &Object::new()));
        String::from(rules.select(count as f64))
    })
}

/// So many units away: `in 3 days`, `tomorrow`.
pub(super) fn relative(count: i32, unit: &str) -> String {
    RELATIVE.with_borrow_mut(|slot| {
        let formatter = slot.get_or_insert_with(|| {
            Intl::RelativeTimeFormat::new(&locales(), &options(&[("numeric", "auto")]))
        });
        String::from(formatter.format(f64::from(count), unit))
    })
}

/// The `format` function for numbers.
pub(super) fn number_format(settings: &[(&str, &str)]) -> Result<Function, JsValue> {
    method(intl("NumberFormat", &options(settings))?, "format")
}

/// A formatter of the browser, unless it has none of the kind or refuses the settings. The
/// constructors of js-sys would end the portal where it does.
pub(super) fn intl(class: &str, settings: &Object) -> Result<JsValue, JsValue> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into())?;
    let class: Function = Reflect::get(&intl, &class.into())?.dyn_into()?;
    Reflect::construct(&class, &Array::of2(&locales(), settings))
}

/// A formatter's method by its name, as a function of its own.
pub(super) fn method(formatter: JsValue, name: &str) -> Result<Function, JsValue> {
    let method: Function = Reflect::get(&formatter, &name.into())?.dyn_into()?;
    Ok(method.bind0(&formatter))
}

/// The locale, as the browser's formatters take it.
pub(super) fn locales() -> Array {
    Array::of1(&locale().into())
}

/// Settings of a formatter.
pub(super) fn options(settings: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in settings {
        // Setting a property of a plain object of our own cannot be refused.
        let _ = Reflect::set(&object, &(*name).into(), &(*value).into());
    }
    object
}

/// Runs the formatter called `name` on `value`, making it first where it is missing. Where
/// the browser lacks the formatter, the value stands as it is: better than an empty line.
pub(super) fn apply(
    name: &str,
    value: &JsValue,
    make: impl FnOnce() -> Result<Function, JsValue>,
) -> String {
    let known = FORMATTERS.with_borrow(|known| {
        let found = known.iter().find(|(known, _)| known == name);
        found.map(|(_, function)| function.clone())
    });
    let keep = |made: &Function| {
        FORMATTERS.with_borrow_mut(|known| known.push((name.to_owned(), made.clone())));
    };
    let formatter = known.map_or_else(|| make().inspect(keep), Ok);
    let text = formatter.and_then(|function| function.call1(&JsValue::UNDEFINED, value));
    let shown = text.unwrap_or_else(|_| value.clone());
    JsString::from(shown).into()
}
