//! Derives for the structs of `protocol`, which go through their fields by name: `Read` for the
//! browser, `Generate` for tests.

use proc_macro::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Ident, parse_macro_input};

/// Implements `protocol::Read` for a struct with named fields. A field that is absent reads as
/// `null`. For use inside of `protocol` only.
#[proc_macro_derive(Read)]
pub fn read(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let Some(fields) = named_fields(&input) else {
        return refused(&input);
    };
    let name = &input.ident;
    let values = fields.iter().map(|field| {
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

/// Implements `protocol::testing::Generate` for a struct with named fields, with the feature
/// `testing`. For use inside of `protocol` only.
#[proc_macro_derive(Generate)]
pub fn generate(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let Some(fields) = named_fields(&input) else {
        return refused(&input);
    };
    let name = &input.ident;
    let values = fields.iter().map(|field| {
        let key = field.to_string();
        quote! { #field: from.field(#key) }
    });
    quote! {
        #[cfg(feature = "testing")]
        impl crate::testing::Generate for #name {
            #[allow(unused_variables, reason = "a struct may have no fields")]
            fn generate(from: &mut crate::testing::Generator) -> Self {
                #name { #(#values,)* }
            }
        }
    }
    .into()
}

fn named_fields(input: &DeriveInput) -> Option<Vec<&Ident>> {
    let Data::Struct(data) = &input.data else {
        return None;
    };
    let Fields::Named(fields) = &data.fields else {
        return None;
    };
    let names = fields.named.iter().filter_map(|field| field.ident.as_ref());
    Some(names.collect())
}

fn refused(input: &DeriveInput) -> TokenStream {
    let text = "only a struct with named fields has fields by name";
    Error::new_spanned(&input.ident, text)
        .to_compile_error()
        .into()
}
