//! `#[derive(Read)]` for the structs of `protocol`: the browser reads each field by its name.

use proc_macro::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, parse_macro_input};

/// Implements `protocol::Read` for a struct with named fields. A field that is absent reads as
/// `null`. For use inside of `protocol` only.
#[proc_macro_derive(Read)]
pub fn read(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let Data::Struct(data) = &input.data else {
        return refused(&input);
    };
    let Fields::Named(fields) = &data.fields else {
        return refused(&input);
    };
    let name = &input.ident;
    let fields = fields.named.iter().filter_map(|field| field.ident.as_ref());
    let values = fields.map(|field| {
        let key = field.to_string();
        quote! { #field: json.take(#key)? }
    });
    quote! {
        impl crate::json::Read for #name {
            fn read(mut json: crate::json::Json) -> Option<Self> {
                matches!(json, crate::json::Json::Object(_)).then_some(())?;
                Some(#name { #(#values,)* })
            }
        }
    }
    .into()
}

fn refused(input: &DeriveInput) -> TokenStream {
    let text = "only a struct with named fields can be read field by field";
    Error::new_spanned(&input.ident, text)
        .to_compile_error()
        .into()
}
