//! Whoever reads for others says at each step that it goes on: a long listing is not a hung one.

use std::cell::RefCell;

thread_local! {
    static STEP: RefCell<Option<Box<dyn FnMut()>>> = const { RefCell::new(None) };
}

/// From now on `step` is called on this thread after each file that was opened, each piece of it that was read, and some names of a
/// directory. It should be cheap.
pub fn on_each_step(step: impl FnMut() + 'static) {
    STEP.set(Some(Box::new(step)));
}

/// A step was done.
pub(crate) fn done() {
    STEP.with_borrow_mut(|step| {
        if let Some(step) = step {
            step();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::rc::Rc;

    #[test]
    fn each_step_is_told_on_its_thread() {
        let count = Rc::new(Cell::new(0));
        done();
        let told = Rc::clone(&count);
        on_each_step(move || told.set(told.get() + 1));
        done();
        std::thread::spawn(done).join().unwrap();
        assert_eq!(count.get(), 1);
    }
}
