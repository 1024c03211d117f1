use super::bodies::Nothing;
use super::declare::intent;

intent! {
    /// Ask for all data to be deleted: a code is sent to the customer's address.
    RequestDeletion {}
    POST "/customer/deletion" Nothing
}
