//! Asking a model about many files on every core.

use std::{
    path::PathBuf,
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use anyhow::Result;

use crate::answer::{Answer, Answers};
use crate::{stop, told};

/// What came of a file: an answer, or why there is none.
pub type Outcome = Result<Answer, String>;

/// Asks about each file, on as many threads as rayon has, each with a model of its own from `begin`, and hands what came of it to
/// `on_outcome` with the file's place, in the order in which files are done. Ends early where the person asks for it
/// ([`stop::asked`]): files at hand are finished. A file without an answer ends nothing.
///
/// The threads are not rayon's: a network runs on those, and one that waits for it there would be handed another file meanwhile.
///
/// # Errors
/// `begin`'s, or `on_outcome`'s: no more files are begun then.
pub fn listen<A: Answers>(
    files: &[PathBuf],
    over_time: bool,
    begin: impl Fn() -> Result<A> + Sync,
    mut on_outcome: impl FnMut(usize, Outcome) -> Result<()>,
) -> Result<()> {
    let (next, ended) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (sender, receiver) = mpsc::channel();
    let work = |sender: mpsc::Sender<Result<(usize, Outcome)>>| {
        let mut answers = match begin() {
            Ok(answers) => answers,
            Err(error) => return drop(sender.send(Err(error))),
        };
        while !ended.load(Ordering::Relaxed) && !stop::asked() {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(index) else { return };
            let outcome = answers.answer(file, over_time).map_err(|error| told(&error));
            if sender.send(Ok((index, outcome))).is_err() {
                return; // whoever listens has an error of its own
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..rayon::current_num_threads().min(files.len()) {
            let sender = sender.clone();
            scope.spawn(|| work(sender));
        }
        drop(sender);
        let mut take = || receiver.iter().try_for_each(|said| said.and_then(|(index, outcome)| on_outcome(index, outcome)));
        let taken = take();
        ended.store(true, Ordering::Relaxed);
        taken
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use anyhow::bail;

    use super::*;

    /// Says how long a file's name is; of names with an x, nothing.
    struct Lengths;

    impl Answers for Lengths {
        fn answer(&mut self, file: &Path, _over_time: bool) -> Result<Answer> {
            let name = file.to_str().unwrap();
            if name.contains('x') {
                bail!("{name}: an x");
            }
            Ok(Answer { clips: name.len(), tasks: vec![], tags: vec![], distance: None, timeline: vec![], note: None })
        }
    }

    fn files() -> Vec<PathBuf> {
        (0..50).map(|n| if n % 7 == 3 { "x".repeat(n) } else { "a".repeat(n) }.into()).collect()
    }

    #[test]
    fn each_file_is_answered_once_and_one_without_an_answer_ends_nothing() {
        let mut found = vec![None; 50];
        let on_outcome = |index: usize, outcome: Outcome| {
            assert!(found[index].replace(outcome.map(|answer| answer.clips)).is_none());
            Ok(())
        };
        listen(&files(), false, || Ok(Lengths), on_outcome).unwrap();
        for (n, outcome) in found.into_iter().enumerate() {
            assert_eq!(outcome.unwrap().ok(), (n % 7 != 3).then_some(n));
        }
    }

    #[test]
    fn an_error_of_either_side_ends_it() {
        let full = |_: usize, _: Outcome| bail!("the disk is full");
        assert_eq!(listen(&files(), false, || Ok(Lengths), full).unwrap_err().to_string(), "the disk is full");
        let none = || -> Result<Lengths> { bail!("no model") };
        assert_eq!(listen(&files(), false, none, |_, _| Ok(())).unwrap_err().to_string(), "no model");
    }
}
