//! The payment processor's own card fields: JavaScript modules that are loaded only when a card
//! is added, with the interface of `web/tokenisers/tokeniser.d.ts`. What is typed into them stays
//! with the processor; the portal gets a token.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use protocol::{Secret, Tokeniser};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement, ShadowRoot};

use crate::host::object;

/// The slot of the shadow root in which the fields appear. They stand in the page's own tree,
/// since processors do not look into shadow roots.
pub const SLOT: &str = "perennial-card";

/// How the modules are loaded, and the element that the portal stands in.
struct Page {
    load: JsValue,
    host: Option<Element>,
}

/// The card fields of this page. Copies are the same.
#[derive(Clone, Copy)]
pub struct CardFields(StoredValue<Page, LocalStorage>);

/// What happens in the fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// They can be typed into.
    Ready,
    /// What is wrong with what was typed; empty where nothing is any more.
    Field(String),
    /// The bank asks something here, or has its answer.
    Challenge(bool),
    /// The processor answered, and does not show its fields.
    Refused,
    /// The processor cannot be reached.
    Failed,
}

/// What became of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tokenised {
    /// It is confirmed.
    Done(Card),
    /// Something is missing or wrong, and said at the field.
    Invalid,
    /// It was refused, for a reason in the processor's words, which may be empty.
    Declined(String),
    /// The bank has not answered yet.
    Waiting,
    /// The processor answered, and does not take the request.
    Refused,
    /// The processor cannot be reached.
    Failed,
}

/// A card that the processor has confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Card {
    /// What stands for it.
    pub token: Secret,
    /// Its brand, lower case; empty where it is not told.
    pub brand: String,
    /// Its last four digits; empty where they are not told.
    pub last4: String,
}

/// One question to the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Confirm what was typed.
    Tokenise,
    /// Look what became of a confirmation begun earlier.
    Check,
    /// Go on with a confirmation that the bank still waits for.
    Proceed,
}

/// Fields that stand in the page until they are dropped.
pub struct Mounted {
    handle: JsValue,
    slot: Element,
    /// What the module calls; it must live as long as the fields.
    _listener: Closure<dyn Fn(JsValue)>,
}

impl CardFields {
    /// Fields for a portal in `root`, whose page loads a module by its kind with `load`. Offered
    /// as context.
    pub fn provide(load: JsValue, root: &HtmlElement) {
        let shadow = root.get_root_node().dyn_into::<ShadowRoot>().ok();
        let host = shadow.map(|shadow| shadow.host());
        provide_context(CardFields(StoredValue::new_local(Page { load, host })));
    }

    /// The fields of this portal.
    pub fn expect() -> CardFields {
        expect_context()
    }

    /// Puts the fields of `tokeniser` into the page, for the setup with this `secret`; without
    /// `entry` only an earlier confirmation can go on. `None` where they cannot be loaded.
    pub async fn mount(
        self,
        tokeniser: Tokeniser,
        secret: &Secret,
        entry: bool,
        on: impl Fn(Happening) + 'static,
    ) -> Option<Mounted> {
        let (load, host) = self
            .0
            .try_with_value(|page| (page.load.clone(), page.host.clone()))?;
        let load: Function = load.dyn_into().ok()?;
        let module: Promise = load
            .call1(&JsValue::NULL, &tokeniser.kind.as_str().into())
            .ok()?
            .dyn_into()
            .ok()?;
        let module = JsFuture::from(module).await.ok()?;
        let mount: Function = Reflect::get(&module, &"mount".into())
            .ok()?
            .dyn_into()
            .ok()?;

        let host = host.filter(|host| host.is_connected())?;
        let slot = document().create_element("div").ok()?;
        slot.set_slot(SLOT);
        host.append_child(&slot).ok()?;
        let listener = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
            if let Some(happening) = happening(&event) {
                on(happening);
            }
        });
        let url = window().location().href().unwrap_or_default();
        let options = object([
            ("key", tokeniser.key.into()),
            ("origin", tokeniser.origin.into()),
            ("secret", secret.expose().into()),
            ("returnUrl", url.into()),
            ("locale", crate::i18n::locale().into()),
            ("dark", is_dark(&host).into()),
            ("entry", entry.into()),
            ("on", listener.as_ref().clone()),
        ]);
        match mount.call2(&JsValue::NULL, &slot, &options) {
            Ok(handle) => Some(Mounted {
                handle,
                slot,
                _listener: listener,
            }),
            Err(_) => {
                slot.remove();
                None
            }
        }
    }
}

impl Mounted {
    /// Asks the fields; the answer may take as long as the bank does. It does not need the
    /// fields to stay, so that whoever asked is free to take them away.
    pub fn ask(&self, ask: Ask) -> impl Future<Output = Tokenised> + use<> {
        let name = match ask {
            Ask::Tokenise => "tokenise",
            Ask::Check => "check",
            Ask::Proceed => "proceed",
        };
        let promise =
            call(&self.handle, name).and_then(|promise| promise.dyn_into::<Promise>().ok());
        async move {
            let answer = match promise {
                Some(promise) => JsFuture::from(promise).await.ok(),
                None => None,
            };
            answer
                .and_then(|answer| tokenised(&answer))
                .unwrap_or(Tokenised::Failed)
        }
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = call(&self.handle, "unmount");
        self.slot.remove();
    }
}

fn call(object: &JsValue, name: &str) -> Option<JsValue> {
    let function: Function = Reflect::get(object, &name.into()).ok()?.dyn_into().ok()?;
    function.call0(object).ok()
}

fn text(object: &JsValue, name: &str) -> String {
    let value = Reflect::get(object, &name.into()).ok();
    value
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}

fn happening(event: &JsValue) -> Option<Happening> {
    Some(match text(event, "type").as_str() {
        "ready" => Happening::Ready,
        "field" => Happening::Field(text(event, "message")),
        "challenge" => {
            let open = Reflect::get(event, &"open".into()).ok()?;
            Happening::Challenge(open.is_truthy())
        }
        "refused" => Happening::Refused,
        "failed" => Happening::Failed,
        _ => return None,
    })
}

fn tokenised(result: &JsValue) -> Option<Tokenised> {
    Some(match text(result, "state").as_str() {
        "done" => {
            let token = text(result, "token");
            if token.is_empty() {
                return None;
            }
            Tokenised::Done(Card {
                token: token.into(),
                brand: text(result, "brand"),
                last4: text(result, "last4"),
            })
        }
        "invalid" => Tokenised::Invalid,
        "declined" => Tokenised::Declined(text(result, "message")),
        "waiting" => Tokenised::Waiting,
        "refused" => Tokenised::Refused,
        _ => return None,
    })
}

/// Whether the portal shows light text, whatever it is that makes it dark.
fn is_dark(host: &Element) -> bool {
    let root = host
        .shadow_root()
        .and_then(|shadow| shadow.query_selector(".portal").ok().flatten());
    // Nothing has this outline: it is there to be read.
    let probe = root.and_then(|root| window().get_computed_style(&root).ok().flatten());
    let color = probe.and_then(|probe| probe.get_property_value("outline-color").ok());
    color.as_deref() == Some("rgb(0, 0, 0)")
}
