//! What only happens in the browser: keys, focus, fetching ahead, marks, quiet refreshes. On the server these functions are
//! there and do nothing, since effects and handlers never run; the pages are complete without them.

mod anchor;
mod announcer;
mod cache;
mod clicks;
mod elements;
mod focus;
mod follow;
mod forms;
mod frames;
mod keeper;
mod keyboard;
mod keys;
mod latest;
mod marking;
mod marks;
mod menus;
mod places;
mod presence;
mod recovery;
mod refresh;
mod rehearsal;
mod searching;
mod steps;
mod took;
mod travel;
mod window;
mod zone;

pub(crate) use announcer::Announcer;
pub(crate) use cache::{Cache, point_at, press};
pub(crate) use clicks::note_click;
pub(crate) use elements::row_says;
pub(crate) use focus::{Focus, MAILBOX, SUBJECT, failure_shown, note_retry, page_shown};
pub(crate) use forms::note_form;
pub(crate) use frames::Frames;
pub(crate) use keeper::Keeper;
pub(crate) use keyboard::HELP_ID;
pub(crate) use latest::Latest;
pub(crate) use marking::{is_read_at_server, mark_read, mark_unread};
pub(crate) use marks::{Marks, Part};
pub(crate) use places::{Places, Wanted, list_stands, note_scroll};
pub(crate) use presence::{Ending, Presence, leave_for_sign_in};
pub(crate) use searching::{SEARCH, search};
pub(crate) use steps::Steps;
pub(crate) use took::tell_took;
pub(crate) use travel::Travel;
pub(crate) use window::Window;
pub(crate) use zone::Zone;

use crate::{pages::Mail, paths::LetterId};
use api_types::{Letter, MessageList};
use leptos::prelude::{GetValue, SetValue, WithUntracked};

/// Once, with the mail page.
pub(crate) fn start(mail: Mail) {
    keyboard::listen(mail);
    menus::close_by_themselves(mail);
    focus::keep(mail);
    window::start(mail);
    steps::start(mail);
    searching::invite(mail);
    places::keep(mail);
    refresh::keep_fresh(mail);
    recovery::recover(mail);
    zone::keep(mail);
    travel::start(mail);
    follow::follow(mail);
    rehearsal::rehearse(mail);
}

/// Each time a letter stands in the page.
pub(crate) fn letter_shown(mail: Mail, letter: &Letter) {
    // The last letter may be made once more while the next is on its way: it is nobody's news.
    if mail
        .place
        .with_untracked(|place| place.letter().is_none_or(|open| open.message != letter.message.id))
    {
        return;
    }
    mail.marks.answered(Part::Letter, Some(&LetterId::from(letter)));
    focus::letter_shown(mail);
    marking::mark_after_a_while(mail, letter);
    cache::fetch_neighbours(mail, letter);
}

/// Each time a list is about to stand in the page.
pub(crate) fn list_comes(mail: Mail, list: &MessageList) {
    if cfg!(feature = "ssr") {
        return;
    }
    window::hold(mail, list);
    focus::list_comes(mail, list);
    if !mail.kept.get_value() {
        mail.marks.answered(Part::List, None);
    }
    mail.shown.set_value(Some(list.clone()));
    places::take(mail);
}
