//! The style of what only the preview shows, which is in no sheet that a merchant ships.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

const STYLE: &str = include_str!("preview.css");

/// Adds the style to the shadow root that `root` is in.
pub(crate) fn adopt_style(root: &HtmlElement) {
    // A browser that lacks any of this shows the portal all the same.
    let _ = add(&root.get_root_node());
}

fn add(shadow: &JsValue) -> Result<(), JsValue> {
    let class: Function = Reflect::get(&js_sys::global(), &"CSSStyleSheet".into())?.dyn_into()?;
    let sheet = Reflect::construct(&class, &Array::new())?;
    let replace: Function = Reflect::get(&sheet, &"replaceSync".into())?.dyn_into()?;
    replace.call1(&sheet, &STYLE.into())?;
    let name = "adoptedStyleSheets".into();
    let sheets = Array::from(&Reflect::get(shadow, &name)?);
    sheets.push(&sheet);
    Reflect::set(shadow, &name, &sheets)?;
    Ok(())
}
