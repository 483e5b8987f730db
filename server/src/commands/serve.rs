//! `serve`: run the portal. Connections are served by lanes; this thread accepts them, waits for signals, and does what is due now
//! and then.

use super::accounts;
use crate::{
    assets,
    cli::Source,
    forgetting,
    lanes::Lanes,
    listen::{self, Listener},
    router::build_router,
    setup::{Plan, SetupError},
    state::AppState,
    status, watch,
};
use mailroom::{Account, Clock};
use std::process::ExitCode;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc,
};

/// Links printed at once; a whole campus does not fit on a screen.
const MOST_LINKS: usize = 50;

pub(super) async fn run(source: Source) -> Result<ExitCode, SetupError> {
    let mut plan = Plan::new(&source)?;
    plan.helpers = true;
    eprintln!("Data is kept in {}", plan.data.display());
    let listener = Listener::bind(&plan.listen).await.map_err(|error| {
        SetupError::Text(format!(
            "cannot listen on {}: {error}; choose another address with --listen",
            plan.listen
        ))
    })?;
    let address = listener.address()?;
    let app = plan.build(address).await?;
    if !assets::has_front() {
        eprintln!(
            "Built without the browser's half (make front): pages are complete, but without keys and quick moves."
        );
    }
    let lanes = Lanes::for_this_machine(&build_router(app.clone()))?;
    let mut terminate = signal(SignalKind::terminate())?;
    let stop = async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        eprintln!("Stopping.");
    };
    tokio::spawn(forget_what_is_old(app.clone()));
    let forgotten = forgetting::before(&app).await;
    tokio::spawn(forgetting::keep_following(app.clone(), forgotten));
    tokio::spawn(watch::keep_knowing_the_portal(app.clone()));
    let looks = status::start(&app).await;
    // Where people come through the campus portal, no link stands in a log that others read.
    if plan.local || (plan.listen.is_here() && app.auth().portal().is_none()) {
        tokio::spawn(keep_printing(app.clone(), plan.local));
    } else {
        eprintln!("Listening on {} for {}", plan.listen, app.settings().origin());
    }
    listen::serve(listener, lanes, stop).await;
    status::stop(&app, looks).await;
    app.state().close().await;
    Ok(ExitCode::SUCCESS)
}

/// Once an hour, sessions that have ended leave the database, and indexes of dated copies that nobody opens the disk.
async fn forget_what_is_old(app: AppState) {
    let mut every = tokio::time::interval(std::time::Duration::from_secs(3600));
    loop {
        every.tick().await;
        let now = app.clock().now();
        if let Err(error) = app.state().delete_expired(now).await {
            tracing::error!(%error, "expired sessions cannot be deleted");
        }
        if let Err(error) = app.state().forget_old(now).await {
            tracing::error!(%error, "old sign-ins cannot be deleted");
        }
        if let Err(error) = app.mailroom().forget_old_snapshots().await {
            tracing::error!(%error, "what was read of old copies cannot be deleted");
        }
    }
}

/// One line a person, `Open http://… (name)`.
async fn print_links(app: &AppState, local: bool) {
    if local {
        return print_links_of(app, &app.accounts().all());
    }
    // Whose mail there is, only the spool knows.
    match accounts::elsewhere().await {
        Ok(names) => {
            let found: Vec<_> = names.iter().filter_map(|name| app.accounts().find(name)).collect();
            print_links_of(app, &found);
        }
        Err(error) => tracing::error!(%error, "no links: whose mail there is cannot be asked"),
    }
}

fn print_links_of(app: &AppState, accounts: &[Account]) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    for account in accounts.iter().take(MOST_LINKS) {
        let token = app.links().mint(&account.name);
        let _ = writeln!(
            out,
            "Open {}/sign-in/once/{token} ({})",
            app.settings().origin(),
            account.display_name
        );
    }
    let _ = out.flush();
    if accounts.len() > MOST_LINKS {
        eprintln!("… and {} more people.", accounts.len() - MOST_LINKS);
    }
}

/// Links at the start, and fresh ones on Enter or SIGUSR1.
async fn keep_printing(app: AppState, local: bool) {
    print_links(&app, local).await;
    let (sender, mut enter) = mpsc::channel::<()>(1);
    // Reading a terminal blocks and cannot be cancelled, so it has a thread that ends with the process.
    std::thread::spawn(move || {
        for line in std::io::stdin().lines() {
            if line.is_err() || sender.blocking_send(()).is_err() {
                break;
            }
        }
    });
    let Ok(mut usr1) = signal(SignalKind::user_defined1()) else {
        return;
    };
    let mut open = true;
    loop {
        tokio::select! {
            line = enter.recv(), if open => match line {
                Some(()) => print_links(&app, local).await,
                None => open = false,
            },
            Some(()) = usr1.recv() => print_links(&app, local).await,
        }
    }
}
