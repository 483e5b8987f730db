use super::{cache, places};
use crate::pages::Mail;

/// Something in the list was clicked. A letter is opened by the keyboard when there was no button press (UI Events, `detail`
/// is 0), and here when no key asks for another window.
pub(crate) fn note_click(mail: Mail, event: &leptos::ev::MouseEvent) {
    // The event of scrolling comes with the next frame, and by then another list may be on its way.
    places::note_scroll(mail);
    if event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() {
        return;
    }
    if cache::press(mail, event) && event.detail() == 0 {
        mail.focus.by_key();
    }
}
