use crate::{
    error::Refused,
    job::{Job, Urgency},
    settings::Settings,
};
use std::collections::{HashMap, VecDeque};

/// Who waits, who is served, and who is next.
pub(crate) struct Queue {
    waiting: VecDeque<Job>,
    behind: VecDeque<Job>,
    places: usize,
    places_per_key: usize,
    behind_at_most: usize,
    per_key_at_most: usize,
    serving_behind: usize,
    serving: HashMap<u64, usize>,
}

impl Queue {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            waiting: VecDeque::new(),
            behind: VecDeque::new(),
            places: settings.queue,
            places_per_key: settings.per_key_queued_at_most,
            behind_at_most: settings.behind_at_most,
            per_key_at_most: settings.per_key_at_most,
            serving_behind: 0,
            serving: HashMap::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        let wanted = |jobs: &VecDeque<Job>| jobs.iter().filter(|job| !job.is_unwanted()).count();
        wanted(&self.waiting) + wanted(&self.behind)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.behind.is_empty()
    }

    /// A place for the job, or word at once that there is none.
    pub(crate) fn offer(&mut self, job: Job) -> Result<(), Refused> {
        let (places, per_key) = (self.places, self.places_per_key);
        let jobs = self.line(job.urgency);
        let place = |jobs: &VecDeque<Job>| {
            if jobs.len() >= places {
                Err(Refused::Full)
            } else if jobs.iter().filter(|queued| queued.key == job.key).count() >= per_key {
                Err(Refused::FullForKey)
            } else {
                Ok(())
            }
        };
        if place(jobs).is_err() {
            jobs.retain(|job| !job.is_unwanted());
            place(jobs)?;
        }
        jobs.push_back(job);
        Ok(())
    }

    /// The next job that may be served now; it counts as being served until it is [released](Self::release).
    pub(crate) fn take(&mut self) -> Option<Job> {
        let job = match self.first(Urgency::Waiting) {
            None if self.serving_behind < self.behind_at_most => self.first(Urgency::Behind)?,
            job => job?,
        };
        if job.urgency == Urgency::Behind {
            self.serving_behind += 1;
        }
        *self.serving.entry(job.key).or_default() += 1;
        Some(job)
    }

    /// The first whose key has not all the helpers that it may have. What nobody wants any more is left out.
    fn first(&mut self, urgency: Urgency) -> Option<Job> {
        self.line(urgency).retain(|job| !job.is_unwanted());
        let (at_most, serving) = (self.per_key_at_most, &self.serving);
        let jobs = match urgency {
            Urgency::Waiting => &mut self.waiting,
            Urgency::Behind => &mut self.behind,
        };
        let is_free = |job: &Job| serving.get(&job.key).is_none_or(|count| *count < at_most);
        let place = jobs.iter().position(is_free)?;
        jobs.remove(place)
    }

    /// Gives back a job that was taken and not begun: it is the next of its line.
    pub(crate) fn put_back(&mut self, job: Job) {
        self.release_line(job.urgency);
        self.release_key(job.key);
        self.line(job.urgency).push_front(job);
    }

    /// A helper is free for what nobody waits for.
    pub(crate) fn release_line(&mut self, urgency: Urgency) {
        if urgency == Urgency::Behind {
            self.serving_behind = self.serving_behind.saturating_sub(1);
        }
    }

    /// How many helpers work for this key.
    pub(crate) fn serving(&self, key: u64) -> usize {
        self.serving.get(&key).copied().unwrap_or_default()
    }

    /// A helper works no longer for this key.
    pub(crate) fn release_key(&mut self, key: u64) {
        if let Some(count) = self.serving.get_mut(&key) {
            *count -= 1;
            if *count == 0 {
                self.serving.remove(&key);
            }
        }
    }

    /// Nobody is served any more.
    pub(crate) fn clear(&mut self) -> impl Iterator<Item = Job> + use<> {
        let behind = std::mem::take(&mut self.behind);
        std::mem::take(&mut self.waiting).into_iter().chain(behind)
    }

    fn line(&mut self, urgency: Urgency) -> &mut VecDeque<Job> {
        match urgency {
            Urgency::Waiting => &mut self.waiting,
            Urgency::Behind => &mut self.behind,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::Ticket;
    use std::time::Duration;

    fn queue() -> Queue {
        Queue::new(&Settings {
            name: "test",
            program: "/nowhere".into(),
            args: Vec::new(),
            env: Vec::new(),
            workers: 4,
            queue: 4,
            per_key_queued_at_most: 3,
            behind_at_most: 1,
            per_key_at_most: 2,
            lost_at_most: 1,
            hung_after: Duration::MAX,
            longest: Duration::MAX,
            max_frame: 1,
        })
    }

    fn offer(queue: &mut Queue, urgency: Urgency, key: u64, name: u8) -> Result<Ticket, Refused> {
        let (job, ticket) = Job::new(urgency, key, vec![name]);
        queue.offer(job).map(|()| ticket)
    }

    fn take(queue: &mut Queue) -> Option<u8> {
        queue.take().map(|job| job.request[0])
    }

    #[test]
    fn waiting_first_then_one_behind_and_a_key_with_its_share_is_passed() {
        let mut queue = queue();
        let order = [
            (Urgency::Behind, 9),
            (Urgency::Behind, 8),
            (Urgency::Waiting, 1),
            (Urgency::Waiting, 1),
        ];
        let more = [(Urgency::Waiting, 1), (Urgency::Waiting, 2)];
        let _tickets: Vec<_> = (0..)
            .zip(order.into_iter().chain(more))
            .map(|(name, (urgency, key))| offer(&mut queue, urgency, key, name).unwrap())
            .collect();
        let taken: Vec<_> = std::iter::from_fn(|| take(&mut queue)).collect();
        assert_eq!(taken, [2, 3, 5, 0], "4 waits for its key, 1 for the one behind");
        queue.release_key(1);
        assert_eq!(take(&mut queue), Some(4));
        queue.release_line(Urgency::Behind);
        assert_eq!((take(&mut queue), take(&mut queue)), (Some(1), None));
    }

    #[test]
    fn what_is_put_back_is_next_and_holds_nothing() {
        let mut queue = queue();
        let _tickets: Vec<_> = (0..2)
            .map(|name| offer(&mut queue, Urgency::Behind, 1, name).unwrap())
            .collect();
        let job = queue.take().unwrap();
        queue.put_back(job);
        assert_eq!((queue.len(), take(&mut queue), take(&mut queue)), (2, Some(0), None));
    }

    #[test]
    fn places_are_counted_for_each_urgency_and_key_and_the_unwanted_have_none() {
        let mut queue = queue();
        let mut tickets: Vec<_> = (0..3)
            .map(|name| offer(&mut queue, Urgency::Waiting, 1, name).unwrap())
            .collect();
        assert_eq!(
            offer(&mut queue, Urgency::Waiting, 1, 3).err(),
            Some(Refused::FullForKey)
        );
        tickets.push(offer(&mut queue, Urgency::Waiting, 2, 4).unwrap());
        assert_eq!(offer(&mut queue, Urgency::Waiting, 3, 5).err(), Some(Refused::Full));
        tickets.push(offer(&mut queue, Urgency::Behind, 3, 6).unwrap());
        drop(tickets.remove(0));
        assert_eq!(queue.len(), 4);
        tickets.push(offer(&mut queue, Urgency::Waiting, 3, 7).unwrap());
        let taken: Vec<_> = std::iter::from_fn(|| take(&mut queue)).collect();
        assert_eq!(taken, [1, 2, 4, 7, 6]);
    }
}
