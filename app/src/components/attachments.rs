use crate::{
    paths,
    prefs::use_words,
    words::{count, size},
};
use api_types::{Attachment, FileIcon, Letter, MailboxId, Message};
use leptos::prelude::*;

/// The files of a letter.
#[component]
pub fn Attachments(letter: Letter) -> impl IntoView {
    let w = &use_words().letter;
    let Letter { mailbox, message, .. } = letter;
    let mailbox = mailbox.id;
    let files = &message.attachments;
    if files.is_empty() {
        return ().into_any();
    }
    let number = files.len();
    let zip = (number > 1).then(|| {
        view! {
            <a class="all" href=paths::parts_zip(&mailbox, &message.id, &message.of) rel="external" download="">
                {w.download_all}
            </a>
        }
    });
    let files = files.iter().map(|file| one(&mailbox, &message, file)).collect_view();
    view! {
        <section class="attachments" aria-label=w.attachments>
            <h2>{(w.attachments_count)(&count(number as u64))} {zip}</h2>
            <ul>{files}</ul>
        </section>
    }
    .into_any()
}

fn one(mailbox: &MailboxId, message: &Message, file: &Attachment) -> impl IntoView + use<> {
    let w = &use_words().letter;
    let name = if file.name.is_empty() {
        w.unnamed.to_owned()
    } else {
        file.name.clone()
    };
    let bytes = if file.about {
        (w.about)(&size(file.size))
    } else {
        size(file.size)
    };
    let view_link = file.viewable.then(|| {
        view! {
            <a
                class="view"
                href=paths::part_view(mailbox, &message.id, &message.of, file.part)
                target="_blank"
                rel="noopener"
                aria-label=(w.view_file)(&name)
            >
                {w.view}
            </a>
        }
    });
    let (saved_as, title) = (name.clone(), name.clone());
    let mismatch = file.mismatch.then(|| view! { <p class="warn-text">{w.mismatch}</p> });
    view! {
        <li>
            <a
                class="file"
                href=paths::part(mailbox, &message.id, &message.of, file.part)
                rel="external"
                download=saved_as
                title=title
            >
                <span class="file-icon" data-icon=kind(file.icon) aria-hidden="true">
                    {file.extension.chars().take(4).collect::<String>()}
                </span>
                <span class="file-name">{name}</span>
                <small>{bytes} " · " {w.download}</small>
            </a>
            {view_link}
            {mismatch}
        </li>
    }
}

fn kind(icon: FileIcon) -> &'static str {
    match icon {
        FileIcon::Pdf => "pdf",
        FileIcon::Image => "image",
        FileIcon::Archive => "archive",
        FileIcon::Sheet => "sheet",
        FileIcon::Document => "document",
        FileIcon::Slides => "slides",
        FileIcon::Audio => "audio",
        FileIcon::Video => "video",
        FileIcon::Text => "text",
        FileIcon::Calendar => "calendar",
        FileIcon::Mail => "mail",
        FileIcon::Other => "other",
    }
}
