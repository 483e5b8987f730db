//! The helper of these tests: a request is a word, a blank, and what it is about.

use crate::{gate, pools, tries};
use rustix::process::{Signal, getpid, kill_process};
use std::{io::Write, os::unix::net::UnixStream, path::Path, thread, time::Duration};
use workers::{Beat, Pool, ServeError, Urgency, serve};

pub const MAX: usize = 1 << 20;

pub fn be() {
    let mut requests = 0;
    let served = serve(MAX, |request, beat| {
        requests += 1;
        work(&request, beat, requests)
    });
    match served {
        // Somebody asks for every test, also those that are none.
        Ok(()) | Err(ServeError::NoPool(_)) => {}
        Err(error) => panic!("{error}"),
    }
}

fn work(request: &[u8], beat: &Beat, requests: usize) -> Vec<u8> {
    let blank = request.iter().position(|byte| *byte == b' ').unwrap_or(request.len());
    let (word, about) = request.split_at(blank);
    let about = about.get(1..).unwrap_or_default();
    match std::str::from_utf8(word).unwrap() {
        "echo" => about.to_vec(),
        "count" => requests.to_string().into_bytes(),
        "pid" => getpid().as_raw_nonzero().to_string().into_bytes(),
        "environment" => format!("{:?}", std::env::vars().collect::<Vec<_>>()).into_bytes(),
        "directory" => std::fs::read_link("/proc/self/cwd")
            .unwrap()
            .into_os_string()
            .into_encoded_bytes(),
        "ahead" => {
            beat.ahead(b"first");
            // Is the second one.
            beat.ahead(b"not this");
            match about {
                b"hang" => hang(),
                path => gate::pass(Path::new(std::str::from_utf8(path).unwrap())),
            }
        }
        "long-ahead" => {
            beat.ahead(&vec![7; MAX + 1]);
            b"all".to_vec()
        }
        "gate" => gate::pass(Path::new(std::str::from_utf8(about).unwrap())),
        "hang" => hang(),
        "stop" => {
            kill_process(getpid(), Signal::STOP).unwrap();
            hang()
        }
        "die" => std::process::exit(3),
        "panic" => panic!("on purpose"),
        "long" => vec![7; MAX + 1],
        "long-job" => {
            for _ in 0..150 {
                thread::sleep(Duration::from_millis(10));
                beat.step();
            }
            b"done".to_vec()
        }
        "endless" => loop {
            thread::sleep(Duration::from_millis(5));
            beat.step();
        },
        "say" => {
            say(about);
            hang()
        }
        "say-and-die" => {
            say(about);
            std::process::exit(0)
        }
        "own-pool" => own_pool(),
        "confine" => tries::confine(std::str::from_utf8(about).unwrap()),
        "try" => tries::attempt(std::str::from_utf8(about).unwrap()),
        word => panic!("{word}"),
    }
}

fn hang() -> ! {
    loop {
        thread::park();
    }
}

fn say(bytes: &[u8]) {
    let stdin = rustix::stdio::stdin().try_clone_to_owned().unwrap();
    UnixStream::from(stdin).write_all(bytes).unwrap();
}

/// A pool within a helper; its helper hangs, so that no closed socket ends it. The answer is the number of its process.
fn own_pool() -> Vec<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let pool = Pool::new(pools::settings(1)).unwrap();
    let mut ticket = pool.submit(Urgency::Waiting, 0, b"pid".to_vec()).unwrap();
    let answer = runtime.block_on(ticket.wait(pools::LONG)).unwrap();
    std::mem::forget(pool.submit(Urgency::Waiting, 0, b"hang".to_vec()).unwrap());
    std::mem::forget(pool);
    answer.bytes
}
