//! Sets fields of a file's tag: `set UNDO_FILE FILE GENRE=jazz MOOD=calm X=1`, of which a field may be named twice; `set --undo UNDO_FILE`: the way back.
//! Whether it sounds the same nobody asks here: `segno predict --write-tags --apply` does.

use std::{env, error::Error, path::Path};

use segno_tags::{Field, Tagged, UndoFile, read_undo};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--undo", undo] => {
            for plan in read_undo(Path::new(undo))? {
                println!("{}: {:?}", plan.file().display(), plan.undo(|_, _| Ok(()))?);
            }
        }
        [undo, file, ref fields @ ..] => {
            let mut wanted: Vec<(Field, Vec<String>)> = vec![];
            for field in fields {
                let (name, value) = field.split_once('=').ok_or("expected NAME=VALUE")?;
                let field = Field::from(name.to_owned());
                match wanted.iter_mut().find(|(known, _)| *known == field) {
                    Some((_, values)) => values.push(value.to_owned()),
                    None => wanted.push((field, vec![value.to_owned()])),
                }
            }
            let plan = Tagged::read(Path::new(file))?.plan(&wanted)?;
            UndoFile::create(Path::new(undo))?.keep(&plan)?;
            plan.write(|_, _| Ok(()))?;
            for change in plan.changes() {
                println!("{}: {:?} → {:?}", change.field, change.before.values, change.after.values);
            }
        }
        _ => return Err("expected: set UNDO_FILE FILE NAME=VALUE…, or set --undo UNDO_FILE".into()),
    }
    Ok(())
}
