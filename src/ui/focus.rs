//! Keeps the keyboard focus in the portal.
//!
//! What has the focus may be removed or hidden: the button of a delivery that is skipped, a list
//! that is drawn again. The browser then gives the focus to the body, and whoever uses a keyboard
//! or a screen reader starts over. Here the focus goes on to what stands for the lost element:
//! the same control drawn anew, what was changed, the list around it, or the page's heading.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Element, Event, FocusOptions, HtmlElement, KeyboardEvent, MutationObserver,
    MutationObserverInit, ShadowRoot,
};

/// What can have the focus and has a name to be found by.
const CONTROLS: &str = "button, a[href], summary, input, select, textarea";

/// The buttons of the status line.
const TOAST: &str = ".status-line button";

/// What had the focus on the page, dialogs and the status line aside.
struct Origin {
    element: Element,
    name: String,
    /// The elements around it, the innermost first.
    around: Vec<Element>,
}

struct Keeper {
    root: ShadowRoot,
    /// The `id` of the element that shows what is being changed.
    changed: Box<dyn Fn() -> Option<String>>,
    /// What has the focus, wherever it is in the portal.
    focused: Option<Element>,
    origin: Option<Origin>,
    /// The message whose buttons Tab has led to already.
    visited: String,
    /// What Tab has led from to the status line, and leads back to.
    left: Option<Element>,
}

/// Keeps the focus inside `root` until the current owner is disposed of. `changed` tells the `id`
/// of the element that shows what is being changed.
pub fn keep_focus(root: &ShadowRoot, changed: impl Fn() -> Option<String> + 'static) {
    let keeper = Rc::new(RefCell::new(Keeper {
        root: root.clone(),
        changed: Box::new(changed),
        focused: None,
        origin: None,
        visited: String::new(),
        left: None,
    }));
    let focused = {
        let keeper = keeper.clone();
        handler(move |event| keeper.borrow_mut().note(&event))
    };
    let changed = {
        let keeper = keeper.clone();
        handler(move |_| mend(&keeper))
    };
    let left = {
        let keeper = keeper.clone();
        handler(move |_| {
            let keeper = keeper.clone();
            // Where it goes to is known in the next frame.
            request_animation_frame(move || mend(&keeper));
        })
    };
    let pressed = handler(move |event| {
        let target = keeper.borrow_mut().tab(event.unchecked_ref());
        if let Some(target) = target {
            event.prevent_default();
            focus(&target);
        }
    });
    let listeners = [
        ("focusin", focused),
        ("focusout", left),
        ("keydown", pressed),
    ];
    for (name, listener) in &listeners {
        let _ = root.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    }
    let observer = MutationObserver::new(changed.as_ref().unchecked_ref()).ok();
    if let Some(observer) = &observer {
        let options = MutationObserverInit::new();
        options.set_child_list(true);
        options.set_subtree(true);
        let _ = observer.observe_with_options(root, &options);
    }
    let held = StoredValue::new_local((root.clone(), observer, listeners, changed));
    on_cleanup(move || {
        held.with_value(|(root, observer, listeners, _)| {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            for (name, listener) in listeners {
                let listener = listener.as_ref().unchecked_ref();
                let _ = root.remove_event_listener_with_callback(name, listener);
            }
        });
    });
}

fn handler(call: impl FnMut(Event) + 'static) -> Closure<dyn FnMut(Event)> {
    Closure::new(call)
}

/// Takes the focus to `element`, which is made to take it where it is no control; whether it did.
pub fn focus(element: &Element) -> bool {
    if !element.matches(CONTROLS).unwrap_or(true) && !element.has_attribute("tabindex") {
        let _ = element.set_attribute("tabindex", "-1");
    }
    let quietly = FocusOptions::new();
    quietly.set_prevent_scroll(true);
    let element: &HtmlElement = element.unchecked_ref();
    let _ = element.focus_with_options(&quietly);
    element.matches(":focus").unwrap_or(false)
}

/// Gives the focus on where the element that had it is gone.
fn mend(keeper: &Rc<RefCell<Keeper>>) {
    let candidates = {
        let mut keeper = keeper.borrow_mut();
        let Some(focused) = keeper.focused.clone().filter(|_| keeper.is_lost()) else {
            return;
        };
        if is_shown(&focused) {
            // The customer pressed beside everything.
            keeper.focused = None;
            return;
        }
        keeper.candidates()
    };
    // Not while it is borrowed: the focus that is given is noted.
    let _ = candidates
        .iter()
        .any(|element| is_shown(element) && focus(element));
}

/// Whether `element` is in the page and drawn.
fn is_shown(element: &Element) -> bool {
    element.is_connected() && element.get_client_rects().length() > 0
}

/// What `element` is called by screen readers, as far as it tells one control from another.
fn name_of(element: &Element) -> String {
    let label = element.get_attribute("aria-label");
    let label = label.or_else(|| element.text_content());
    label.unwrap_or_default().trim().to_owned()
}

impl Keeper {
    fn note(&mut self, event: &Event) {
        let target = event.target().and_then(|target| target.dyn_into().ok());
        let Some(element): Option<Element> = target else {
            return;
        };
        self.focused = Some(element.clone());
        if matches!(element.closest("dialog, .status"), Ok(None)) {
            let mut around = Vec::new();
            let mut next = element.parent_element();
            while let Some(element) = next {
                next = element.parent_element();
                around.push(element);
            }
            self.origin = Some(Origin {
                name: name_of(&element),
                element,
                around,
            });
        }
    }

    /// Whether nothing has the focus. Where a frame or the page around has it, that is theirs.
    fn is_lost(&self) -> bool {
        let active = document().active_element();
        self.root.active_element().is_none()
            && active.is_none_or(|active| active.tag_name() == "BODY")
    }

    /// What may take the focus in the place of what had it, the best first.
    fn candidates(&self) -> Vec<Element> {
        let find = |selector: &str| self.root.query_selector(selector).ok().flatten();
        if let Some(dialog) = find("dialog[open] h2") {
            return vec![dialog];
        }
        let mut found = Vec::new();
        let changed = (self.changed)().filter(|id| !id.is_empty());
        let by_id = |id: String| find(&format!("[id='{id}']"));
        let mut places: Vec<Element> = changed.and_then(by_id).into_iter().collect();
        if let Some(origin) = &self.origin {
            found.push(origin.element.clone());
            let ids = origin.around.iter().map(Element::id);
            places.extend(ids.filter(|id| !id.is_empty()).filter_map(by_id));
            let same = |place: &Element| named(place, &origin.name);
            found.extend(places.iter().filter_map(same));
            if let (true, Some(main)) = (places.is_empty(), find("main")) {
                found.extend(same(&main));
            }
        }
        found.append(&mut places);
        if let Some(origin) = &self.origin {
            // The list that it was in, if that is still there.
            let in_main = |element: &&Element| {
                let parent = element.parent_element();
                parent.is_some_and(|parent| matches!(parent.closest("main"), Ok(Some(_))))
            };
            found.extend(origin.around.iter().filter(in_main).cloned());
        }
        found.extend(find("main h1"));
        found.extend(find("main"));
        found
    }

    /// Where Tab leads, if not on in the page: from what was changed to the buttons of the status
    /// line, which stands at the end of the page, and from there back. Once for each message.
    fn tab(&mut self, event: &KeyboardEvent) -> Option<Element> {
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        if event.key() != "Tab" || modified || event.default_prevented() {
            return None;
        }
        let buttons = self.root.query_selector_all(TOAST).ok()?;
        // A message that offers nothing has but the button that dismisses it.
        if buttons.length() < 2 || self.root.query_selector("dialog[open]").ok()?.is_some() {
            return None;
        }
        let button = |at: u32| buttons.get(at)?.dyn_into::<Element>().ok();
        let (first, last) = (button(0)?, button(buttons.length() - 1)?);
        let active = self.root.active_element()?;
        let end = if event.shift_key() { &first } else { &last };
        if active == *end {
            // Who came here in the order of the page goes on in it.
            return self.left.take().filter(is_shown);
        }
        let message = first.parent_element()?.text_content()?;
        let goes_on = event.shift_key() || self.visited == message;
        if goes_on || !matches!(active.closest(".status"), Ok(None)) {
            return None;
        }
        self.visited = message;
        self.left = Some(active);
        Some(first)
    }
}

/// The one control in `place` that is called `name`.
fn named(place: &Element, name: &str) -> Option<Element> {
    let all = place.query_selector_all(CONTROLS).ok()?;
    let all = (0..all.length()).filter_map(|at| all.get(at)?.dyn_into::<Element>().ok());
    let mut same = all.filter(|element| !name.is_empty() && name_of(element) == name);
    let first = same.next();
    first.filter(|_| same.next().is_none())
}
