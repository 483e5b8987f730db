use crate::prefs::use_words;
use api_types::{DeliveryAction, DeliveryReport, Recipient};
use leptos::prelude::*;

/// A delivery report in plain words: what happened, and whether anything must be done (RFC 3464).
#[component]
pub fn Report(report: DeliveryReport) -> impl IntoView {
    let words = use_words();
    let recipients = report.recipients.into_iter().map(recipient).collect_view();
    view! {
        <section class="report" aria-labelledby="report-title">
            <h2 id="report-title">{words.report.title}</h2>
            <ul>{recipients}</ul>
        </section>
    }
    .into_any()
}

fn recipient(recipient: Recipient) -> impl IntoView {
    let words = use_words();
    let w = &words.report;
    let notice = words.delivery(recipient.action);
    let kind = match recipient.action {
        DeliveryAction::Failed => "failed",
        DeliveryAction::Delayed => "delayed",
        DeliveryAction::Delivered | DeliveryAction::Relayed | DeliveryAction::Expanded => "done",
    };
    let until = recipient
        .retry_until
        .map(|when| view! { <p>{(w.until)(&when.full)}</p> });
    let status = (!recipient.status.is_empty()).then(|| {
        view! {
            <div>
                <dt>{w.status}</dt>
                <dd>{recipient.status}</dd>
            </div>
        }
    });
    let said = (!recipient.diagnostic.is_empty()).then(|| {
        view! {
            <div>
                <dt>{w.said}</dt>
                <dd>{recipient.diagnostic}</dd>
            </div>
        }
    });
    view! {
        <li data-action=kind>
            <p>
                <strong>{notice.title}</strong>
                ": "
                <bdi>{recipient.address}</bdi>
            </p>
            <p>{notice.text}</p>
            {until}
            <dl class="small">{status} {said}</dl>
        </li>
    }
}
