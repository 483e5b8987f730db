use super::{Export, Help, PageWords, Span, Staff};
use api_types::Cause;
use app::words::Notice;

pub(super) static WORDS: PageWords = PageWords {
    help: Help {
        title: "My mail program times out",
        lead: "This page tells whether the fault is yours, and how to get at your mail meanwhile.",
        failing: |services| {
            format!(
                "Not answering: {services}. That is our fault: nothing is wrong with your computer or your mail program."
            )
        },
        failing_since: |service, since| format!("{service} since {since}"),
        slow: |services| {
            format!(
                "Answering slowly: {services}. That is our fault: nothing is wrong with your computer or your mail program."
            )
        },
        spool: "The mail store cannot be reached from here, so that mail programs may wait for it in vain too. That is our fault: nothing \
                is wrong with your computer or your mail program.",
        known: |services| {
            format!("There is a known problem with {services}; see below. Nothing is wrong with your computer.")
        },
        answering: |services| {
            format!(
                "Answering: {services}. The fault is likely between you and the server, or in the mail program; see below what to check."
            )
        },
        answering_in: |service, time| format!("{service} in {time}"),
        not_yet: "The mail servers have not been looked at yet. Reload this page in a minute.",
        unwatched: "The mail servers are not watched here, so this page cannot tell where the fault is.",
        servers: "The mail servers, as seen from here",
        looks: |looks, failed| format!("{failed} of {looks} looks in ten minutes failed"),
        figures: |figures| format!("; p50 / p99 {figures}"),
        no_looks: "no looks in the last ten minutes",
        arrives: "Does my mail arrive?",
        newest: |at, ago| format!("The newest mail in your inbox came on {at} ({ago})."),
        nothing: "There is no mail in your inbox.",
        read_now: "Read from the mail store just now.",
        as_known: |cause, at| {
            let why = match cause {
                Cause::Slow => "the mail store does not answer",
                Cause::Missing => "the mail store is not there",
                Cause::Denied => "there is no permission to read the mail store",
                Cause::Broken => "the mail store answers with errors",
                Cause::WrongStore => "the mail store that is there does not look like yours",
                Cause::Unsupported => "the mail store is of a kind that cannot be read here yet",
                Cause::Portal => "the portal cannot write to its own disk",
                Cause::Unshown | Cause::Busy => "mail cannot be read at the moment",
            };
            format!(
                "As far as is known: {why}, and this is what was seen on {at}. Mail that has come since is not lost; it is shown here \
                 once that is mended."
            )
        },
        unreadable: "Your mailbox cannot be read at the moment. That does not mean that it is empty, and mail is not lost.",
        signed_out: "Sign in to see when your newest mail came.",
        sign_in: "Sign in and come back here",
        who_knows: "It cannot be said at the moment whether you are signed in. Mail is not lost; try again in a minute.",
        ago: |seconds| match Span::of(seconds) {
            Span::Moments => "less than a minute ago".to_owned(),
            Span::Minutes(1) => "a minute ago".to_owned(),
            Span::Minutes(n) => format!("{n} minutes ago"),
            Span::Hours(1) => "an hour ago".to_owned(),
            Span::Hours(n) => format!("{n} hours ago"),
            Span::Days(n) => format!("{n} days ago"),
        },
        to_do: "Go on without the mail program",
        read_here: "Read your mail here",
        export: "Export your mail",
        export_hint: "Messages, mailboxes or everything, in a form that mail programs can import. It works while the mail store does not answer, too: what is missing is named in the file.",
        check: "What to check in the mail program",
        check_network: "Do other sites open on this computer? Away from the campus network, a firewall or VPN may block mail.",
        check_password: "Was your password changed lately? The mail program needs the new one.",
        check_restart: "Quit the mail program and start it again: connections that hang are made anew.",
        check_settings: "These are the right servers:",
        server: |service, host, port| format!("{service}: {host}, port {port}"),
        contact: |contact| format!("Questions: {contact}"),
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
                ", since the mail store could not be read",
            ]
            .concat()
        },
        unmarked: |name, number, when| {
            [
                name,
                ": ",
                number,
                " messages, from a copy of about ",
                when,
                " that may not be complete",
            ]
            .concat()
        },
        snapshot: |name, number, when| [name, ": ", number, " messages, from the snapshot of ", when].concat(),
        name_live: "live",
        name_saved: "saved copy",
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
                " messages come from a kept copy, since the mail store could not be read.",
            ]
            .concat()
        },
        missing: "These could not be read. Export again once the mail store can be read:",
        unnamed: |number| ["and ", number, " more"].concat(),
        more: "The search found too many messages: only the newest are here.",
        busy: Notice {
            title: "Another export is under way",
            text: "Try again when it has finished.",
        },
        heading: "Export mail",
        heading_of: |name| ["Export from ", name].concat(),
        intro: "Puts the mail you choose into one file to download. While the mail store cannot be read it is made from kept copies.",
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
    staff: Staff {
        title: "Tell of incidents",
        lead: "What is told here everybody reads, at once: on every page while it goes on, on the status page, and in its feed.",
        none: "There is none.",
        change: "Tell more, or close it",
        back: "All incidents",
        by: |name| format!("by {name}"),
        open_new: "Tell of something new",
        so_far: "What has been told",
        tell_more: "Tell more",
        severity: "How bad it is",
        affects: "What it is about",
        ja: "Text in Japanese",
        en: "Text in English",
        from: "Begins (if it is planned)",
        until: "Will be over (if that can be said)",
        times: |zone| format!("Times are those of {zone}, which can be chosen in the settings."),
        open: "Tell everybody",
        update: "Tell everybody",
        close: "Close it",
        close_hint: "To close it, texts may be left empty.",
        opened: "It is told.",
        updated: "The news is told.",
        closed: "It is over.",
        not_told: "Nothing has been told yet:",
        meanwhile: "Somebody else told more, or closed it, while you were writing. What is there now stands above; look at it, and send yours \
                    again if it still fits.",
        bad_length: |most| format!("A text has 1 to {most} characters, in both languages."),
        bad_control: "The text has characters that cannot be seen.",
        bad_time: "This is no time, as 2026-12-01T18:00 is.",
        bad_order: "The end is not after the beginning.",
        bad_severity: "Say how bad it is.",
        bad_service: "There is no such service.",
        bad_database: "The database cannot be written at the moment. What you typed is still here; try again.",
        read_only: "In this session nothing can be changed.",
    },
    expected: |until| format!("Expected to be over: {until}"),
};
