//! Prints how long a call of a warm helper takes beside one of a thread of our own:
//! `cargo run --release -p workers --example calls [CALLS [BYTES]]`.
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use std::{
    error::Error,
    sync::mpsc::{Sender, channel},
    thread,
    time::{Duration, Instant},
};
use tokio::sync::oneshot;
use workers::{Pool, Settings, Urgency};

const MAX: usize = 64 << 20;
const LONG: Duration = Duration::from_secs(60);

type Job = (Vec<u8>, oneshot::Sender<Vec<u8>>);

fn work(request: &[u8]) -> Vec<u8> {
    let length = request.try_into().map_or(0, u64::from_le_bytes);
    vec![7; length as usize]
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next();
    if first.as_deref() == Some("helper") {
        return Ok(workers::serve(MAX, |request, _| work(&request))?);
    }
    let calls: usize = first.map_or(Ok(20_000), |given| given.parse())?;
    let bytes: u64 = arguments.next().map_or(Ok(10 << 10), |given| given.parse())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let pool = Pool::new(Settings {
        name: "speed",
        program: "/proc/self/exe".into(),
        args: vec!["helper".into()],
        env: Vec::new(),
        workers: 2,
        queue: 64,
        per_key_queued_at_most: 64,
        behind_at_most: 1,
        per_key_at_most: 2,
        lost_at_most: 1,
        hung_after: LONG,
        longest: LONG,
        max_frame: MAX,
    })?;
    let (threads, jobs) = channel::<Job>();
    thread::spawn(move || {
        for (request, tell) in jobs {
            // Whoever asked may be gone.
            let _ = tell.send(work(&request));
        }
    });
    println!("{calls} calls, each answered with {bytes} bytes");
    for _ in 0..3 {
        let own = measured(calls, || runtime.block_on(by_thread(&threads, bytes)))?;
        let helper = measured(calls, || runtime.block_on(by_helper(&pool, bytes)))?;
        println!(
            "median: thread {} µs, helper {} µs, ratio {:.1}; 99th of 100: thread {} µs, helper {} µs",
            own.0,
            helper.0,
            helper.0 as f64 / own.0.max(1) as f64,
            own.1,
            helper.1
        );
    }
    println!("{:?}", pool.counts());
    Ok(())
}

async fn by_helper(pool: &Pool, bytes: u64) -> Result<usize, Box<dyn Error>> {
    let mut ticket = pool.submit(Urgency::Waiting, 0, bytes.to_le_bytes().into())?;
    Ok(ticket.wait(LONG).await?.bytes.len())
}

async fn by_thread(threads: &Sender<Job>, bytes: u64) -> Result<usize, Box<dyn Error>> {
    let (tell, told) = oneshot::channel();
    threads.send((bytes.to_le_bytes().into(), tell))?;
    Ok(tokio::time::timeout(LONG, told).await??.len())
}

/// Microseconds of the middle call, and of the one that only one of a hundred was slower than.
fn measured(
    calls: usize,
    mut call: impl FnMut() -> Result<usize, Box<dyn Error>>,
) -> Result<(u128, u128), Box<dyn Error>> {
    let mut took = Vec::with_capacity(calls);
    for _ in 0..calls.max(1) {
        let begun = Instant::now();
        call()?;
        took.push(begun.elapsed().as_micros());
    }
    took.sort_unstable();
    Ok((took[took.len() / 2], took[took.len() * 99 / 100]))
}
