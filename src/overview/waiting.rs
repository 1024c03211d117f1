//! What the customer hears while what they pressed is still being fetched.

use crate::i18n::t;
use crate::ui::Announcer;

/// Says that it takes a moment; an action that opens clears the message.
pub(crate) fn ask(announcer: Announcer) {
    announcer.announce(t::lazy_coming());
}

/// Says that it could not be opened.
pub(crate) fn give_up(announcer: Announcer) {
    announcer.announce(t::lazy_failed());
}
