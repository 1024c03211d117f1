//! How an intent is declared.

/// Declares one intent: its name with the typed placeholders of its route, its method, its route,
/// its body and, where the body holds a [`Secret`], the name of that field. All intents are POST,
/// PUT or DELETE with a JSON body.
macro_rules! intent {
    (
        $(#[doc = $about:literal])+
        $intent:ident { $($field:ident: $type:ident),* } $method:ident $route:literal $body:ty
            $(, secret $secret:ident)?
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, protocol_derive::Generate)]
        pub struct $intent {
            $(
                /// Which one, from the path.
                pub $field: $type,
            )*
            /// What the customer sends.
            pub body: $body,
        }

        crate::intents::declare::key!($intent, $($field: $type),*);

        impl $intent {
            pub(super) const ABOUT: &str = concat!($($about),+);
            pub(super) const METHOD: &str = stringify!($method);
            pub(super) const ROUTE: &str = $route;
            #[allow(unused_mut, unused_assignments, reason = "few have a secret")]
            pub(super) const SECRET: Option<&str> = {
                let mut secret = None;
                $(secret = Some(stringify!($secret));)?
                secret
            };

            #[allow(unused_mut, reason = "a route may have no placeholders")]
            pub(super) fn path(&self) -> String {
                let mut path = $route.to_owned();
                $(path = path.replacen(concat!("{", stringify!($field), "}"), &self.$field.to_string(), 1);)*
                path
            }

            pub(super) fn written(&self) -> String {
                serde_json::to_string(&self.body).unwrap_or_default()
            }

            pub(super) fn secret(&self) -> Option<&base::Secret> {
                $(return Some(&self.body.$secret);)?
                #[allow(unreachable_code, reason = "few have a secret")]
                None
            }

            pub(super) fn read(method: &str, path: &str, body: &[u8]) -> Result<$intent, crate::route::BadRequest> {
                let Some([$($field),*]) = crate::route::captures($route, path) else {
                    return Err(crate::route::BadRequest::NoRoute);
                };
                $(let $field = $field.parse::<$type>().map_err(|_| crate::route::BadRequest::NoRoute)?;)*
                if method != $intent::METHOD {
                    return Err(crate::route::BadRequest::Method);
                }
                let body = crate::body::read_body::<$body>(body)?;
                Ok($intent { $($field,)* body })
            }
        }
    };
}

/// Where the route names a delivery, its key.
macro_rules! key {
    ($intent:ident, address_id: AddressId, date: Date) => {
        impl $intent {
            /// The delivery that it is about.
            pub fn key(&self) -> crate::view::shared::DeliveryKey {
                crate::view::shared::DeliveryKey {
                    address_id: self.address_id,
                    date: self.date,
                }
            }
        }
    };
    ($intent:ident, $($field:ident: $type:ident),*) => {};
}

pub(super) use {intent, key};
