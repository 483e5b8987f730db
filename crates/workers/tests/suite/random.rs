use crate::pools::{LONG, settings};
use std::{collections::HashMap, time::Duration};
use workers::{Answer, Lost, Miss, Pool, Refused, Settings, Urgency};

/// The same numbers each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// What is asked, and what may come of it.
fn request(number: u64, numbers: &mut Numbers) -> (Vec<u8>, &'static [Lost]) {
    match numbers.below(1000) {
        0..=9 => (b"die".to_vec(), &[Lost::Died]),
        10..=14 => (b"say HTTP/1.1 200 OK\r\n\r\n".to_vec(), &[Lost::Nonsense]),
        15 => (b"long".to_vec(), &[Lost::TooLong]),
        16 => (b"hang".to_vec(), &[Lost::Hung]),
        17 => (b"stop".to_vec(), &[Lost::Hung]),
        _ => {
            let length = numbers.below(3000) as usize;
            let filled = format!("echo {number} {}", "x".repeat(length));
            (filled.into_bytes(), &[])
        }
    }
}

#[tokio::test]
async fn of_ten_thousand_each_has_its_own_answer_or_none() {
    let pool = Pool::new(Settings {
        queue: 300,
        per_key_queued_at_most: 100,
        behind_at_most: 3,
        per_key_at_most: 2,
        lost_at_most: 3,
        hung_after: Duration::from_secs(2),
        ..settings(6)
    })
    .unwrap();
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let mut ends: HashMap<String, u64> = HashMap::new();
    let mut open = Vec::new();
    let mut number = 0;
    while number < 10_000 || !open.is_empty() {
        if number < 10_000 {
            let (request, faults) = request(number, &mut numbers);
            let urgency = [Urgency::Waiting, Urgency::Behind][numbers.below(2) as usize];
            match pool.submit(urgency, numbers.below(12), request.clone()) {
                Ok(_) if numbers.below(40) == 0 => *ends.entry("dropped".into()).or_default() += 1,
                Ok(ticket) => open.push((ticket, request, faults)),
                Err(Refused::Full | Refused::FullForKey) => {
                    tokio::task::yield_now().await;
                    *ends.entry("full".into()).or_default() += 1;
                }
                Err(refused) => panic!("{refused}"),
            }
            number += 1;
        }
        // Some are asked after often, and all at the end.
        let patience = if number < 10_000 && open.len() < 200 {
            Duration::ZERO
        } else {
            LONG
        };
        let Some(place) = (open.len() as u64).checked_sub(1).map(|last| numbers.below(last + 1)) else {
            continue;
        };
        let (mut ticket, request, faults) = open.swap_remove(place as usize);
        let end = match ticket.wait(patience).await {
            Err(Miss::Deadline) => {
                assert!(patience.is_zero());
                open.push((ticket, request, faults));
                continue;
            }
            Ok(Answer { bytes, .. }) => {
                assert!(faults.is_empty() && request.strip_prefix(b"echo ") == Some(&bytes[..]));
                "answered".into()
            }
            Err(Miss::Lost(lost)) => {
                // A machine that is busy enough makes anything hang.
                assert!(
                    faults.contains(&lost) || lost == Lost::Hung,
                    "{lost:?} of {:?}",
                    String::from_utf8_lossy(&request)
                );
                format!("{lost:?}")
            }
        };
        assert_eq!(ticket.wait(Duration::ZERO).await, Err(Miss::Lost(Lost::Told)));
        *ends.entry(end).or_default() += 1;
    }
    println!("{ends:?} {:?}", pool.counts());
    assert_eq!(ends.values().sum::<u64>(), 10_000);
    assert_eq!(pool.counts().queued, 0);
}
