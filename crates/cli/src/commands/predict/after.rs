//! What `segno predict` does with what it heard, beside saying it: tags of files, playlists.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::answer::Labels;
use crate::listening::Row;
use crate::playlist::Playlists;
use crate::tagging::{Fields, Roles, Writer, Writing, folder_of};

#[derive(clap::Args, Debug)]
#[command(next_help_heading = "Tags and playlists")]
pub struct AfterArgs {
    /// Print what would be written into the files' own tags: GENRE, MOOD, and SEGNO_… for how sure and which model
    #[arg(long)]
    pub write_tags: bool,
    /// Really write it, after writing down the way back
    #[arg(long, requires = "write_tags")]
    apply: bool,
    /// Leave a genre or a mood that is there already, and what belongs to it
    #[arg(long, requires = "write_tags")]
    keep: bool,
    /// Where the way back is written down, for `segno tags undo` [default: segno-undo-1.jsonl, or the next number, beside --out or here]
    #[arg(long, value_name = "FILE", requires = "apply")]
    undo_file: Option<PathBuf>,
    /// The task whose class is the genre
    #[arg(long, value_name = "TASK", default_value = "genre", requires = "write_tags")]
    genre_task: String,
    /// The task whose class is the mood
    #[arg(long, value_name = "TASK", default_value = "mood", requires = "write_tags")]
    mood_task: String,
    /// Write an M3U8 playlist a class into a folder, of what the model is sure of
    #[arg(long, value_name = "FOLDER")]
    playlist: Option<PathBuf>,
    /// Which playlists: a task (genre, mood), `tags`, or `all`
    #[arg(long, value_name = "TASK", requires = "playlist")]
    playlist_by: Vec<String>,
    /// Of a tagger: from which likelihood on a tag counts, for --write-tags and --playlist
    #[arg(long, value_name = "SHARE")]
    min_likelihood: Option<f32>,
}

/// Which model it was.
pub struct Model<'a> {
    /// Name and the beginning of its digest.
    pub name: String,
    /// Whether its confidence was measured: a head's.
    pub is_calibrated: bool,
    pub labels: &'a Labels,
}

/// What is done row by row.
#[derive(Default)]
pub struct After {
    writer: Option<Writer>,
    playlists: Option<Playlists>,
}

impl After {
    /// Nothing yet, with everything looked at that could be wrong.
    ///
    /// # Errors
    /// What is asked for cannot be had of the model, or would lie on something that is there.
    pub fn new(args: &AfterArgs, model: Model<'_>, out: Option<&Path>) -> Result<Self> {
        let AfterArgs { write_tags, apply, keep, undo_file, genre_task, mood_task, playlist, playlist_by, min_likelihood } = args;
        let (labels, least_likelihood) = (model.labels, *min_likelihood);
        let is_tagger = !labels.tags.is_empty();
        match min_likelihood {
            Some(least) => {
                ensure!(*least > 0.0 && *least <= 1.0, "--min-likelihood {least}: expected a share above 0, up to 1");
                ensure!(is_tagger, "--min-likelihood: {} has no tags", model.name);
            }
            None => ensure!(
                !is_tagger || (!write_tags && playlist.is_none()),
                "{} gives each of its tags a likelihood, and answers nothing for sure: say from which on a tag counts, with --min-likelihood",
                model.name
            ),
        }
        let writer = if *write_tags {
            ensure!(
                genre_task != mood_task,
                "{genre_task}: one task cannot be the genre and the mood at once: name another with --genre-task"
            );
            let roles = Roles { genre: genre_task.clone(), mood: mood_task.clone() };
            for (flag, task, usual) in [("--genre-task", genre_task, "genre"), ("--mood-task", mood_task, "mood")] {
                let known: Vec<&str> = labels.tasks.iter().map(|task| task.task.as_str()).collect();
                ensure!(task == usual || known.contains(&task.as_str()), "{flag} {task}: the model has {}", known.join(", "));
            }
            let fields = Fields::new(roles, model.name, model.is_calibrated, labels)?;
            let how = Writing { applies: *apply, keeps: *keep, undo: undo_file.clone(), folder: folder_of(out), least_likelihood };
            Some(Writer::new(fields, how)?)
        } else {
            None
        };
        let playlists = playlist.as_ref().map(|folder| Playlists::new(folder, playlist_by, least_likelihood, labels)).transpose()?;
        Ok(Self { writer, playlists })
    }

    /// Whether it prints itself what it does.
    pub fn prints(&self) -> bool {
        self.writer.is_some()
    }

    /// Does it for a row; whether the row's file is another now.
    ///
    /// # Errors
    /// The way back cannot be written down.
    pub fn row(&mut self, row: &Row) -> Result<bool> {
        if let Some(playlists) = &mut self.playlists {
            playlists.row(row);
        }
        self.writer.as_mut().map_or(Ok(false), |writer| writer.row(row))
    }

    /// Writes playlists, and tells what was done.
    ///
    /// # Errors
    /// Something was left undone.
    pub fn end(&self) -> Result<()> {
        let listed = self.playlists.as_ref().map_or(Ok(()), Playlists::end);
        self.writer.as_ref().map_or(Ok(()), Writer::end).and(listed)
    }
}
