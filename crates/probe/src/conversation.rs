//! One look, the same for every protocol.

mod imap;
mod imap_answer;
mod pop3;
mod smtp;

use crate::{
    Cause, Clock, Deadlines, Failure, Kind, ProbeAccount, Report, Step, Target, Tls, connect::connect,
    timing::Stopwatch, trouble::Trouble, wire::Talk,
};

/// What the steps say in one protocol. Each reads its answer to the end.
trait Protocol: Default {
    async fn greeting(&mut self, talk: &mut Talk) -> Result<(), Trouble>;
    /// Forgets what was said to an earlier one.
    async fn capabilities(&mut self, talk: &mut Talk) -> Result<(), Trouble>;
    /// Up to the answer that announces the handshake.
    async fn start_tls(&mut self, talk: &mut Talk) -> Result<(), Trouble>;
    async fn sign_in(&mut self, talk: &mut Talk, account: &ProbeAccount) -> Result<(), Trouble>;
    /// The question that changes nothing; `signed_in` tells which can be asked.
    async fn ask(&mut self, talk: &mut Talk, signed_in: bool) -> Result<(), Trouble>;
    async fn goodbye(&mut self, talk: &mut Talk) -> Result<(), Trouble>;
}

/// Looks at a server. It ends within the deadlines; dropped before, it drops the connection. A name that is being looked up then
/// keeps a thread of the runtime until the system gives up.
pub async fn probe(target: &Target, deadlines: Deadlines, clock: Clock<'_>) -> Report {
    match target.kind {
        Kind::Imap => look::<imap::Imap>(target, deadlines, clock).await,
        Kind::Pop3 => look::<pop3::Pop3>(target, deadlines, clock).await,
        Kind::Smtp => look::<smtp::Smtp>(target, deadlines, clock).await,
    }
}

async fn look<P: Protocol>(target: &Target, deadlines: Deadlines, clock: Clock<'_>) -> Report {
    let mut watch = Stopwatch::start(deadlines, clock);
    let mut protocol = P::default();
    let talked = talk_to(target, deadlines, &mut protocol, &mut watch).await;
    let total = watch.total();
    let result = match talked {
        Ok(mut talk) => {
            watch.goodbye(protocol.goodbye(&mut talk)).await;
            Ok(())
        }
        Err(failure) => Err(failure),
    };
    watch.report(total, result)
}

async fn talk_to<P: Protocol>(
    target: &Target,
    deadlines: Deadlines,
    protocol: &mut P,
    watch: &mut Stopwatch<'_>,
) -> Result<Talk, Failure> {
    let connected = connect(&target.host, target.port, deadlines.step);
    let mut talk = Talk::new(watch.step(Step::Connect, connected).await?);
    if target.tls == Tls::Implicit {
        talk = watch.step(Step::Tls, secure(talk, target)).await?;
    }
    watch.step(Step::Greeting, protocol.greeting(&mut talk)).await?;
    watch.step(Step::Capabilities, protocol.capabilities(&mut talk)).await?;
    if target.tls == Tls::StartTls {
        watch.step(Step::StartTls, started(protocol, &mut talk)).await?;
        talk = watch.step(Step::Tls, secure(talk, target)).await?;
        watch.step(Step::Capabilities, protocol.capabilities(&mut talk)).await?;
    }
    if let Some(account) = &target.account {
        let signed = signed_in(protocol, &mut talk, account);
        watch.step(Step::SignIn, signed).await?;
    }
    let asked = protocol.ask(&mut talk, target.account.is_some());
    watch.step(Step::Ask, asked).await?;
    Ok(talk)
}

async fn secure(talk: Talk, target: &Target) -> Result<Talk, Trouble> {
    match &target.secured {
        Some(secured) => talk.secure(secured).await,
        None => Err(Trouble::new(Cause::Tls, "no TLS is prepared")),
    }
}

/// Bytes that came with the answer were written by who knows whom, before TLS: whoever took them for answers given under TLS
/// would believe them (CVE-2011-0411, and RFC 9051 §6.2.1).
async fn started<P: Protocol>(protocol: &mut P, talk: &mut Talk) -> Result<(), Trouble> {
    protocol.start_tls(talk).await?;
    talk.quiet()
}

async fn signed_in<P: Protocol>(protocol: &mut P, talk: &mut Talk, account: &ProbeAccount) -> Result<(), Trouble> {
    if !talk.is_private() {
        return Err(Trouble::new(
            Cause::Tls,
            "no password is sent to another machine without TLS",
        ));
    }
    protocol.sign_in(talk, account).await
}
