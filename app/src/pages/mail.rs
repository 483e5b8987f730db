use crate::{
    api::{Failure, Lean, Wire, list_mailboxes, list_messages, open_message, search_messages},
    components::{AccountMenu, BottomBar, Freshness, LetterPane, ListPane, PageTitle, RailDrawer, StaleNotice, TopBar},
    live::{self, Cache, Focus, Frames, Latest, Marks, Part, Steps, Travel, Wanted, Window},
    paths::{self, LetterId, ListId, Place},
    prefs::use_words,
};
use api_types::{ApiError, Letter, LetterQuery, MailboxId, MessageId, MessageList, Rail};
use leptos::prelude::*;
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_query_map},
};

/// What the mail page knows; every part of it takes this from the context.
#[derive(Clone, Copy)]
pub struct Mail {
    /// What the URL names.
    pub place: Memo<Place>,
    /// How the URL wants it shown.
    pub query: Memo<LetterQuery>,
    /// The key of the dated copy that is read, if it is not the live mail.
    pub snapshot: Memo<Option<String>>,
    /// The mailboxes.
    pub rail: Resource<Result<Rail, Failure>, Wire>,
    /// The list.
    pub list: Resource<Result<MessageList, Failure>, Lean>,
    /// The letter, when the URL names one.
    pub letter: Resource<Option<Result<Letter, Failure>>, Lean>,
    /// What was read or unread here since the list came.
    pub marks: Marks,
    /// Letters fetched ahead.
    pub cache: Cache,
    /// Frames of letters.
    pub frames: Frames,
    /// Where the focus goes.
    pub focus: Focus,
    /// Where the list on its way is to be scrolled to.
    pub wanted: Wanted,
    /// Which piece of the list stands in the page.
    pub window: Window,
    /// Steps from row to row that are still to be made.
    pub steps: Steps,
    /// The router's way of going somewhere (browser only).
    pub travel: StoredValue<Option<Travel>>,
    /// Set by what shows the list, read by the title: a resource must not be read there.
    pub list_title: RwSignal<Option<ListTitle>>,
    /// Set by what shows the letter: of which one, and what.
    pub letter_title: RwSignal<Option<(MessageId, String)>>,
    /// The list on the screen (browser only). Of what came with the page it lacks what only its rows show (`api::Lean`).
    pub shown: StoredValue<Option<MessageList>>,
    /// The mailboxes on the screen (browser only).
    pub rail_shown: StoredValue<Option<Rail>>,
    /// The list could not be read again, and stays as it is.
    pub kept: StoredValue<bool>,
}

impl Mail {
    fn new() -> Self {
        let location = use_location();
        let params = use_query_map();
        // While the router leaves for another page this still names the last one: nothing is fetched for nothing.
        let place = Memo::new(
            move |last: Option<&Place>| match location.pathname.with(|path| Place::of(path)) {
                Place::Elsewhere => last.cloned().unwrap_or(Place::Elsewhere),
                place => place,
            },
        );
        let query = Memo::new(move |_| {
            let mut query = params.with(|params| paths::read_letter_query(|name| params.get(name)));
            match place.with(|place| *place == Place::Search) {
                true => drop(query.list.search.get_or_insert_default()),
                // A place alone is none of a list.
                false => query.list.search = query.list.search.filter(|search| !search.text.is_empty()),
            }
            query
        });
        let window = Window::default();
        let cache = Cache::default();
        let keeper = live::Keeper::new();
        let snapshot = Memo::new(move |_| {
            let of_place = place.with(|place| place.mailbox().and_then(MailboxId::snapshot).map(str::to_owned));
            let of_search = || query.with(|query| search_snapshot(query).map(str::to_owned));
            of_place.or_else(of_search)
        });
        let rail = Resource::<_, Wire>::new_with_options(
            move || snapshot.get(),
            move |key| async move {
                let key = key.unwrap_or_default();
                keeper.rail(list_mailboxes(key.clone()).await, &key)
            },
            false,
        );
        let wanted = Memo::new(move |_| {
            let mut list = query.with(|query| query.list.clone());
            let id = place.with(|place| ListId::new(place.mailbox(), &list));
            list.from = window.from(&id, &list).or(list.from);
            (id, paths::list_query(&list))
        });
        let latest = Latest::keep_to(wanted);
        let list = Resource::<_, Lean>::new_with_options(
            move || wanted.get(),
            move |(id, query)| async move {
                let asked = async {
                    match &id {
                        ListId::Mailbox(mailbox) => list_messages(mailbox.clone(), query.clone()).await,
                        ListId::Found(_) => search_messages(query.clone()).await,
                        ListId::None => Err(Failure(ApiError::NotFound)),
                    }
                };
                match latest.answer((id.clone(), query.clone()), asked).await {
                    Some(answer) => keeper.list(answer, &id, &query),
                    None => keeper.given_up(),
                }
            },
            false,
        );
        let letter = Resource::<_, Lean>::new_with_options(
            move || (place.get(), query.with(paths::letter_query)),
            move |(place, query)| async move {
                let Place::Letter(id) = place else {
                    return None;
                };
                if let Some(letter) = cache.take(&id, &query) {
                    return Some(Ok(letter));
                }
                Some(open_message(id.mailbox, id.message, query).await)
            },
            false,
        );
        Self {
            place,
            query,
            snapshot,
            rail,
            list,
            letter,
            marks: Marks::default(),
            cache,
            frames: Frames::default(),
            focus: Focus::default(),
            wanted: Wanted::default(),
            window,
            steps: Steps::default(),
            travel: StoredValue::new(None),
            list_title: RwSignal::new(None),
            letter_title: RwSignal::new(None),
            shown: keeper.shown,
            rail_shown: keeper.rail,
            kept: keeper.kept,
        }
    }

    /// A letter is open, or on its way.
    pub fn reading(&self) -> bool {
        self.place.with(|place| place.letter().is_some())
    }

    /// The list is what was found, or is still to be asked for.
    pub fn searching(&self) -> bool {
        self.place.with(|place| *place == Place::Search)
    }

    /// The mailbox of the URL.
    pub fn mailbox(&self) -> Option<MailboxId> {
        self.place.with(|place| place.mailbox().cloned())
    }

    /// Which list the URL names.
    pub fn list_id(&self) -> ListId {
        self.place
            .with(|place| self.query.with(|query| ListId::new(place.mailbox(), &query.list)))
    }

    /// The letter of the URL.
    pub fn opened(&self) -> Option<LetterId> {
        self.place.with(|place| place.letter().cloned())
    }

    /// The charset that the URL wants the letter read as; not followed.
    pub fn charset(&self) -> Option<String> {
        self.query.with_untracked(|query| query.charset.clone())
    }

    /// The document that the open letter has in its frame, should it be HTML.
    pub fn frame_path(&self) -> Option<String> {
        self.query.with(|query| {
            let charset = query.charset.as_deref();
            self.place.with(|place| match place {
                Place::Letter(id) => Some(paths::body(&id.mailbox, &id.message, "html", charset)),
                _ => None,
            })
        })
    }

    /// Whether that is the list of the URL; a page beyond the last is the last.
    pub fn is_of_url(&self, list: &MessageList) -> bool {
        let query = self.query.with_untracked(|query| paths::list_query(&query.list));
        ListId::of(list) == untrack(|| self.list_id()) && paths::is_answer_to(list, &query)
    }

    /// The URL of the list around the letter.
    pub fn list_path(&self) -> String {
        self.query.with(|query| match (self.mailbox(), &query.list.search) {
            (None, None) => paths::home().to_owned(),
            (mailbox, _) => paths::list(&mailbox.unwrap_or_default(), &query.list),
        })
    }

    /// The title of the document. On the server it is asked for when the parts of the page are gone, so this holds what it reads by
    /// itself, and of a page that was just made nothing is marked: a signal of its own is not even looked at (one that is gone may
    /// end in a panic, `try_` or not).
    fn title(self) -> impl Fn() -> String + Send + Sync + 'static {
        let words = use_words();
        let place = ArcMemo::from(self.place);
        // From now on it is known, and reading it asks nobody else.
        place.with_untracked(|_| ());
        let letter = ArcRwSignal::from(self.letter_title);
        let list = ArcRwSignal::from(self.list_title);
        let marks = self.marks;
        let left = move |mailbox: &MailboxId, unread| match cfg!(feature = "ssr") {
            true => unread,
            false => marks.unread_left(Part::List, mailbox, unread),
        };
        move || {
            let head = if let Some(open) = place.with(|place| place.letter().cloned()) {
                match letter.get() {
                    Some((of, title)) if of == open.message => title,
                    // On its way; the list may know it.
                    _ => live::row_says(&open).map_or_else(|| words.letter.loading.to_owned(), |(subject, _)| subject),
                }
            } else {
                match list.get() {
                    Some(ListTitle { name, of, unread }) => match of {
                        ListId::Mailbox(mailbox) if left(&mailbox, unread) > 0 => {
                            [name.as_str(), " (", &crate::words::count(left(&mailbox, unread)), ")"].concat()
                        }
                        _ => name,
                    },
                    None => words.list.loading.to_owned(),
                }
            };
            [head.as_str(), " — ", words.frame.site].concat()
        }
    }
}

/// The dated copy that is searched.
fn search_snapshot(query: &LetterQuery) -> Option<&str> {
    query.list.search.as_ref()?.within.as_ref()?.snapshot()
}

/// What the title of the page says of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListTitle {
    /// Name of the list, or of what went wrong.
    pub name: String,
    /// Which one.
    pub of: ListId,
    /// Unread messages, by the list.
    pub unread: u64,
}

/// Rail, list and letter. It stays while the person moves between mailboxes and letters, so the list keeps its place.
#[component]
pub fn MailPage() -> impl IntoView {
    let mail = Mail::new();
    provide_context(mail);
    live::start(mail);
    live::page_shown(live::MAILBOX);
    let words = use_words();
    view! {
        <PageTitle text=mail.title() />
        <div
            class="app"
            data-view=move || if mail.reading() { "letter" } else { "list" }
            data-at=move || mail.searching().then_some("search")
        >
            <a class="skip" href="#content" rel="external">{words.frame.skip}</a>
            <TopBar>
                <Freshness />
                <AccountMenu />
            </TopBar>
            <StaleNotice />
            <RailDrawer />
            <main id="content" tabindex="-1">
                <ListPane />
                <LetterPane />
                // Nothing stands in it, but without it the router would wait for ever to have arrived.
                <Outlet />
            </main>
            <BottomBar />
        </div>
    }
}
