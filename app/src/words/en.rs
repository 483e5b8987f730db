//! English

use super::*;

pub(super) static WORDS: Words = Words {
    lang: Lang::En,
    lang_name: "English",
    frame: Frame {
        site: "文箱 Fumibako",
        skip: "Skip to content",
        open_rail: "Open mailboxes",
        rail: "Mailboxes",
        more_mailboxes: "Folders",
        unread_in_rail: |n| [n, " unread"].concat(),
        unreadable: "cannot be read",
        account_menu: |name| ["Menu of ", name].concat(),
        settings: "Settings",
        sign_out: "Sign out",
        bottom_bar: "Bottom menu",
        mail: "Mail",
        shortcuts: "Keyboard shortcuts",
        search: "Search",
        search_in: "Search sender, recipient, subject",
    },
    roles: Roles {
        inbox: "Inbox",
        drafts: "Drafts",
        sent: "Sent",
        archive: "Archive",
        junk: "Junk",
        trash: "Trash",
    },
    list: List {
        label: |name| ["Messages in ", name].concat(),
        counts: |unread, all| [unread, " unread / ", all, " messages"].concat(),
        sort: [
            "Newest first",
            "Oldest first",
            "By sender",
            "By subject",
            "Largest first",
        ],
        sort_menu: |now| ["Order: ", now].concat(),
        only_unread: "Unread only",
        all: "Show all",
        today: "Today",
        yesterday: "Yesterday",
        earlier: "Earlier",
        unread: "Unread",
        flagged: "Starred",
        answered: "Answered",
        attachments: "Has attachments",
        no_subject: "(no subject)",
        no_sender: "(no sender)",
        loading: "Loading…",
        empty: Notice {
            title: "No messages",
            text: "This mailbox is empty.",
        },
        empty_unread: Notice {
            title: "No unread messages",
            text: "You have read everything in this mailbox.",
        },
        pending: |n| {
            [
                "Bodies are still being read (",
                n,
                " to go). The list can be used meanwhile.",
            ]
            .concat()
        },
        pages: "Pages",
        first: "First page",
        previous: "Previous page",
        next: "Next page",
        last: "Last page",
        page_of: |page, pages| ["Page ", page, " of ", pages].concat(),
        to_page: "Page to go to",
        to_day: "Go to a day",
        day: "Day",
        go: "Go",
        results: |text| ["Results for “", text, "”"].concat(),
        found: |n| match n {
            "1" => "1 message".to_owned(),
            _ => [n, " messages"].concat(),
        },
        found_more: |n| ["The newest ", n, " messages"].concat(),
        everywhere: "All mailboxes",
        where_menu: |now| ["Searched: ", now].concat(),
        not_found: Notice {
            title: "Nothing was found",
            text: "Senders, recipients and subjects were searched for every word. Fewer or shorter words find more.",
        },
        no_question: Notice {
            title: "What are you looking for?",
            text: "Type part of a sender, a recipient or a subject into the box at the top. Two characters are enough.",
        },
        not_yet_found: |n| [n, " messages are still being read and cannot be found yet."].concat(),
        choose: "Choose a message from the list to read it here.",
    },
    letter: Letter {
        label: "Message",
        tools: "Message actions",
        back: |name| ["← ", name].concat(),
        previous: "Previous message",
        next: "Next message",
        mark_read: "Mark as read",
        mark_unread: "Mark as unread",
        marked_unread: "Marked as unread.",
        read_at_server: "The mail server holds this message as read; that cannot be changed here yet.",
        opened_here: "Shown as read because it was opened here. The mail server does not know yet.",
        more: "More",
        all_headers: "All headers",
        fewer_headers: "Fewer headers",
        as_text: "Read as text",
        as_html: "Read as HTML",
        read_as: "Read in another encoding",
        read_as_auto: "Automatic",
        source: "Save source",
        print: "Print",
        own_tab: "Open the text alone in a new tab",
        from: "From",
        sender: "Sender",
        to: "To",
        cc: "Cc",
        reply_to: "Reply to",
        date: "Date",
        size: "Size",
        charset: "Encoding",
        headers: "All headers",
        body: "Text of the message",
        show_quote: |n| ["Show quoted text (", n, " lines)"].concat(),
        remote_images: |n| match n {
            "1" => "1 remote image is not shown.".to_owned(),
            _ => [n, " remote images are not shown."].concat(),
        },
        encrypted: Notice {
            title: "This message is encrypted",
            text: "It cannot be read here. Save its source and open it with the mail program that has your key.",
        },
        empty: "This message has no text.",
        notes: "About this message",
        attachments: "Attachments",
        attachments_count: |n| match n {
            "1" => "1 attachment".to_owned(),
            _ => [n, " attachments"].concat(),
        },
        about: |size| ["about ", size].concat(),
        view: "View",
        view_file: |name| ["View ", name].concat(),
        download: "Save",
        download_all: "Save all as zip",
        mismatch: "The content is not what the type says. Ask the sender before you open it.",
        unnamed: "(no name)",
        loading: "Loading message…",
    },
    report: Report {
        title: "Delivery report",
        failed: Notice {
            title: "Not delivered",
            text: "Delivery was given up. Check the address and send the message again.",
        },
        delayed: Notice {
            title: "Delivery is delayed",
            text: "This is not a failure yet. It will be retried; you need not send it again.",
        },
        delivered: Notice {
            title: "Delivered",
            text: "It has arrived in the recipient's mailbox.",
        },
        relayed: Notice {
            title: "Handed to the other system",
            text: "The systems beyond it send no delivery reports.",
        },
        expanded: Notice {
            title: "Sent on to several recipients",
            text: "It has arrived at a mailing list or the like and was sent on to its members.",
        },
        status: "Status code",
        said: "The other side said",
        until: |when| ["It will be retried until ", when, "."].concat(),
    },
    fresh: Fresh {
        live: "Live",
        live_ms: |ms| ["Live · read from the spool in ", ms, " ms"].concat(),
        saved: |when| ["Saved copy of ", when].concat(),
        saved_never: "Not read yet",
        snapshot: |when| ["Snapshot of ", when].concat(),
        label: "Source and age",
        stale: "This may not be the latest state.",
        still_works: |when| {
            [
                "You see the copy saved ",
                when,
                ". Reading works. What you read is remembered here only.",
            ]
            .concat()
        },
        still_works_undated: "You see the saved copy. Reading works. What you read is remembered here only.",
    },
    errors: Errors {
        no_sessions: Notice {
            title: "Your sign-in cannot be checked just now",
            text: "The portal cannot read its own records. You are not signed out, and no mail is lost. Try again in a while.",
        },
        signed_out: Notice {
            title: "You are signed out",
            text: "Please sign in again.",
        },
        not_found: Notice {
            title: "Not found",
            text: "There is no such page. Check the address, or go back to the inbox.",
        },
        gone: Notice {
            title: "This message is not here any more",
            text: "It was moved or deleted meanwhile by another mail program.",
        },
        moved: Notice {
            title: "The message was moved",
            text: "It opens in its new place.",
        },
        bad_request: Notice {
            title: "The request was not understood",
            text: "Reload the page and try again.",
        },
        internal: Notice {
            title: "Something is wrong on our side",
            text: "This could not be shown. If it happens again, tell your administrator the number below.",
        },
        offline: Notice {
            title: "No connection",
            text: "Check your network and try again. What is on the screen stays readable.",
        },
        causes: Causes {
            slow: Notice {
                title: "The spool server does not answer",
                text: "There was no answer in time. No mail is lost. Try again in a while.",
            },
            missing: Notice {
                title: "The mail store is not there",
                text: "The spool seems not to be mounted. No mail is lost. Tell your administrator.",
            },
            denied: Notice {
                title: "No permission to read the mail",
                text: "The spool refused to be read. Tell your administrator.",
            },
            broken: Notice {
                title: "The spool could not be read",
                text: "The storage answered with an error. Try again in a while.",
            },
            wrong_store: Notice {
                title: "This store does not look like yours",
                text: "To be safe it is not shown. Tell your administrator.",
            },
            unsupported: Notice {
                title: "This kind of mailbox cannot be read",
                text: "Its format is not supported yet.",
            },
            portal: Notice {
                title: "The portal cannot write to its disk",
                text: "Reading works. New mail may be missing here, and what you read is not remembered.",
            },
        },
        retry: "Try again",
        incident: |id| ["Incident number: ", id].concat(),
        to_inbox: "Go to the inbox",
        to_sign_in: "Go to the sign-in page",
    },
    sign_in: SignIn {
        title: "Sign in",
        lead: "Open your mail with a one-time sign-in link.",
        how: "The link is shown in the terminal where this Fumibako was started. A link works once. Press Enter there to get a new one.",
        lead_portal: "You sign in with your account of the campus portal.",
        with_portal: "Sign in through the portal",
        public: "Others use this computer",
        public_hint: "You are signed out after a short time, and nothing is kept in the browser.",
        without_portal: "When the portal does not work",
        code_hint: "With an emergency code from the support desk you can read your mail. Each code works once.",
        account: "Account",
        code: "Emergency code",
        password: "Password",
        portal_up: "The portal answers",
        portal_away: "The portal does not answer",
        contact: |contact| ["Help: ", contact].concat(),
        again: Notice {
            title: "You are signed out",
            text: "Open a new link to go on.",
        },
        out: Notice {
            title: "You are signed out",
            text: "Here, and at the portal.",
        },
        ended: Notice {
            title: "You are signed out",
            text: "You can sign in again at any time.",
        },
        out_here: Notice {
            title: "You are signed out here",
            text: "The portal may still know you: whoever uses this browser next could sign in as you. At a computer that others use, close all its windows.",
        },
        to_go_on: Notice {
            title: "Please sign in",
            text: "You come to the page you wanted afterwards.",
        },
        used: Notice {
            title: "This link does not work",
            text: "It has been used already, or has expired. Open a new one.",
        },
        refused: Notice {
            title: "There is no mailbox for this account",
            text: "The portal has signed you in, but no mail here belongs to the name it gave. If you expect mail, ask the support desk and give the number.",
        },
        denied: Notice {
            title: "The portal did not sign you in",
            text: "You may have stopped it there. You can try again at any time.",
        },
        not_begun: Notice {
            title: "This sign-in cannot be finished",
            text: "It took too long, was finished before, or was begun in another browser. Please begin again.",
        },
        portal_down: Notice {
            title: "The portal does not answer",
            text: "Nobody can sign in through it now. Your mail is safe. Please try again in a few minutes.",
        },
        wrong_code: Notice {
            title: "Account and code do not belong together",
            text: "The code may be mistyped, used already, or over.",
        },
        wrong_password: Notice {
            title: "Account and password do not belong together",
            text: "Please try again. If it does not work, ask the support desk.",
        },
        too_many: Notice {
            title: "Too many tries",
            text: "Please wait a minute, then try again.",
        },
        language: "Language",
    },
    session: Session {
        title: "Where you are signed in",
        lead: "Sign out wherever it was not you, or where you have left.",
        this: "This browser",
        some_browser: "A browser",
        began: "Signed in",
        used: "Last used",
        end: "Sign out there",
        end_label: |browser, used| ["Sign out there: ", browser, ", last used ", used].concat(),
        ended: "Signed out there.",
        read_only: Notice {
            title: "Signed in with an emergency code",
            text: "You can read; nothing is remembered or changed.",
        },
        soon: Notice {
            title: "You will be signed out in a few minutes",
            text: "Nothing was done here for a long time.",
        },
        at_last: Notice {
            title: "Your session ends in a few minutes",
            text: "It has lasted as long as it may. If you sign in again, you come back to this page.",
        },
        stay: "Stay signed in",
        anew: "Sign in again",
        later: "Not now",
    },
    export: Export {
        title: "About this export",
        made: |when| ["Exported ", when, "."].concat(),
        live: |name, number, when| [name, ": ", number, " messages, as of ", when].concat(),
        saved: |name, number, when| {
            [
                name,
                ": ",
                number,
                " messages, from the list remembered as of ",
                when,
                ", since the spool did not answer",
            ]
            .concat()
        },
        snapshot: |name, number, when| [name, ": ", number, " messages, from the snapshot of ", when].concat(),
        never: |name, number| {
            [
                name,
                ": ",
                number,
                " messages; its list has not been read to the end yet",
            ]
            .concat()
        },
        pending: |number| ["The headers of ", number, " more have not been read yet."].concat(),
        copies: |copies, whole| {
            [
                copies,
                " of ",
                whole,
                " messages come from a kept copy, since the spool did not answer.",
            ]
            .concat()
        },
        missing: "These could not be read. Export again once the spool answers:",
        unnamed: |number| ["and ", number, " more"].concat(),
        more: "The search found too many messages: only the newest are here.",
        busy: Notice {
            title: "Another export is under way",
            text: "Try again when it has finished.",
        },
        link: "Export mail…",
        heading: "Export mail",
        heading_of: |name| ["Export from ", name].concat(),
        intro: "Puts the mail you choose into one file to download. While the spool does not answer it is made from kept copies.",
        hint: |number| {
            [
                "Exports the messages you tick; if you tick none, all ",
                number,
                " of them.",
            ]
            .concat()
        },
        mailboxes: "Mailboxes",
        choose: "Choose messages",
        choose_of: |name| ["Choose messages of ", name].concat(),
        other_mailboxes: "Export several mailboxes at once",
        messages: "Messages",
        period: "Period (everything if left empty)",
        since: "From",
        until: "Until",
        form: "Format",
        zip: "A ZIP with one file (.eml) for each message",
        mbox: "mbox, to import into a mail client",
        submit: "Download",
        newer: "Previous part",
        older: "Next part",
        each_page: "Ticks count within the part that is shown.",
    },
    status: Status {
        title: "Service status",
        open_mail: "Open mail",
        days: "Last 60 days",
        figures: "p50 / p99 (last 10 minutes)",
        answering: "OK",
        slow: "Slow",
        failing: "Not answering",
        unknown: "Not known",
        all_well: "Everything answers.",
        not_known: "Nothing has been looked at yet.",
        is_slow: |services| ["Slow: ", services, "."].concat(),
        is_failing: |services| ["Not answering: ", services, "."].concat(),
        reads_on: "Mail can be read here as usual. If your mail program times out, use this webmail until it is over.",
        reads_copies: "Mail is not lost. Lists and search show what was last seen, and letters that were kept can be read here.",
        no_sign_in: "Who is signed in reads on. Signing in may not work at the moment.",
        since: |at| ["since ", at].concat(),
        strip: |failing, slow| ["Last 60 days: ", failing, " with failures, ", slow, " slow"].concat(),
        news: "Notices",
        no_news: "There are no notices.",
        open: "Ongoing",
        feed: |site| [site, " service status"].concat(),
        feed_about: "Outages and maintenance of the mail service",
        feed_old: |at| {
            [
                "Notices cannot be read at the moment; this is what was known at ",
                at,
                ".",
            ]
            .concat()
        },
        feed_nothing: "Notices cannot be read at the moment.",
        spool: "Mail spool",
        imap: "IMAP",
        pop3: "POP",
        smtp: "Sending mail (SMTP)",
        portal: "Sign-in portal",
        state: "Webmail database",
        web: "Webmail",
        notice: "Notice",
        degraded: "Degraded",
        outage: "Outage",
        planned: "Planned",
        closed: "Over",
        heading: |kind, services| {
            if services.is_empty() {
                kind.to_owned()
            } else {
                [kind, ": ", services].concat()
            }
        },
        and: ", ",
        when: |from, until| {
            ["When: ", from, " – ", until]
                .concat()
                .trim_end_matches(" – ")
                .to_owned()
        },
    },
    settings: Settings {
        title: "Settings",
        language: "Language",
        theme: "Colours",
        themes: ["As the system", "Light", "Dark"],
        zone: "Time zone",
        keys: "Use single-key shortcuts",
        keys_hint: "Keys like j and k act by themselves. Turn this off if they act by mistake, as with voice input.",
        save: "Save",
        saved: "Saved.",
    },
    keys: Keys {
        title: "Keyboard shortcuts",
        close: "Close",
        next: "Next message",
        previous: "Previous message",
        open: "Open the message",
        back: "Back to the list",
        mark_unread: "Mark as unread",
        go_inbox: "Go to the inbox",
        go_sent: "Go to sent mail",
        go_drafts: "Go to drafts",
        go_trash: "Go to trash",
        search: "Search",
        help: "Show this table",
        then: "then",
        or: "or",
        off_hint: "Single keys can be turned off in the settings.",
    },
    body_frame: BodyFrame {
        image_blocked: "Remote image (not shown)",
        too_complex: "The HTML of this message is too complex; it is shown as text.",
        empty: "This message has no text.",
    },
    defects: &[
        // Of mailboxes (mailroom).
        ("symlink", "Not read because it is a symbolic link: {}"),
        ("fifo", "Not read because it is a named pipe: {}"),
        ("device", "Not read because it is a device or socket: {}"),
        ("directory", "A directory stands where a file should be: {}"),
        ("not-a-directory", "A file stands where a directory should be: {}"),
        ("other-filesystem", "Not read because it lies on another filesystem: {}"),
        ("not-permitted", "The mail server's rights do not let you read it: {}"),
        ("world-writable", "Not read because everybody may write to it: {}"),
        ("bad-owner", "Not read because it belongs to somebody else: {}"),
        ("unreadable", "A file could not be read: {}"),
        ("empty-file", "A file has no content: {}"),
        (
            "compressed",
            "It is compressed and damaged; what could be unpacked is shown: {}",
        ),
        ("truncated-mbox", "The last message of the mbox ends in the middle."),
        ("not-mbox", "The file is not an mbox: {}"),
        ("missing-directory", "A directory of the Maildir is missing: {}"),
        ("missing", "The file of the mailbox is not there: {}"),
        ("odd-name", "A file has an unusual name: {}"),
        (
            "too-many-entries",
            "There is too much to read at once; only a part is shown.",
        ),
        (
            "bad-side-file",
            "A side file has a line that was not understood and was skipped: {}",
        ),
        ("duplicate", "The same message is there twice; one is shown: {}"),
        (
            "nul-bytes",
            "Parts are filled with NUL bytes, as after a crash of a file server. {}",
        ),
        (
            "encrypted-file",
            "The mail server encrypted it, so it cannot be read: {}",
        ),
        ("other", "Something could not be read: {}"),
        // Of messages (render).
        ("not-a-message", "The message has no headers."),
        (
            "header-too-long",
            "The headers are too long; only a part of them was read.",
        ),
        ("too-many-parts", "It has too many parts; only some are shown."),
        ("too-deep", "It is nested too deeply; only a part is shown."),
        ("bad-encoding", "The transfer encoding is damaged in places."),
        (
            "unknown-charset",
            "The stated encoding is not known; the text is shown by a guess. {}",
        ),
        (
            "undecodable",
            "Some bytes could not be turned into letters. Try “Read in another encoding”.",
        ),
        (
            "mislabelled-charset",
            "The text is not in the encoding it states; it is read as what it looks like. {}",
        ),
        (
            "truncated",
            "The message ends before its parts do; what is there is shown.",
        ),
        ("bad-date", "Its date cannot be read; the time of arrival is shown."),
        ("too-complex", "Its HTML is too complex; it is shown as text."),
        (
            "too-large",
            "It is very large; only a part is shown. The source has all of it.",
        ),
    ],
    defect: "There is something unusual about this message ({}).",
    times: |n| [" (", n, " in all)"].concat(),
};
