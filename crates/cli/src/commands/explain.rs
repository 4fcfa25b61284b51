//! `segno explain`: a file and a model → a picture of what the answer hangs on.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use segno_models::AnyModel;
use segno_raster::Rasterizer;
use serde_json::json;

use super::{print_json, write_whole};
use crate::answer::{HeadAnswers, Tagger};
use crate::explaining::{Wanted, explain_head, explain_tagger, explain_trained};
use crate::library::Library;
use crate::told::show;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
The picture has what the model heard, a map of what its answer hangs on, what its attention looked at, where it has one, and two curves
that say whether the map is to be believed: as cells are taken away, the reddest first, the answer should fall faster than in random
orders; as they are put into nothing, it should rise faster.

Examples:
  segno explain song.mp3 --model work/models/lstm-attention/track-1.safetensors --out song.svg
  segno explain song.mp3 --model musicnn-msd --class jazz --out song.html
  segno explain song.mp3 --model mine --task mood --out song.png")]
pub struct Args {
    /// Audio file
    #[arg(value_name = "AUDIO")]
    file: PathBuf,
    /// Model file, or a name of the library [default: the model in use]
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,
    /// Pre-trained network that a head listens with, where neither its file nor the library has it
    #[arg(long, value_name = "FILE")]
    backbone: Vec<PathBuf>,
    /// The task whose answer is explained [default: the model's first]
    #[arg(long)]
    task: Option<String>,
    /// The class, or the tag, that is explained [default: the likeliest]
    #[arg(long)]
    class: Option<String>,
    /// Clips, or patches of three seconds, from the file's first on
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=20))]
    clips: u16,
    /// The picture: .svg, .png, or .html, which has the numbers beside it
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Print the answer and the curves as a JSON object
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<()> {
    let form = Form::of(&args.out)?;
    let path = Library::model_file(args.model.as_deref())?;
    let wanted = Wanted { task: args.task.as_deref(), class: args.class.as_deref(), clips: args.clips.into() };
    let explanation = match &AnyModel::read(&path)? {
        AnyModel::Trained(model) => explain_trained(model, &path, &args.file, wanted)?,
        AnyModel::Backbone(backbone) => explain_tagger(backbone, Tagger::new(backbone)?, &args.file, wanted)?,
        AnyModel::Head(head) => explain_head(head, HeadAnswers::new(head, &path, &args.backbone)?, &args.file, wanted)
            .with_context(|| path.display().to_string())?,
    };
    let bytes = match form {
        Form::Svg => explanation.svg()?.into_bytes(),
        Form::Html => explanation.html()?.into_bytes(),
        Form::Png => Rasterizer::new().png(&explanation.svg()?)?,
    };
    write_whole(&args.out, &bytes)?;
    if args.json {
        let is_believed = explanation.faithfulness.beats_chance();
        print_json(&json!({
            "file": args.file, "answer": explanation.answer, "picture": args.out, "beats_chance": is_believed,
            "faithfulness": explanation.faithfulness,
        }));
        return Ok(());
    }
    show!("{}", explanation.answer);
    show!("{}", explanation.verdict());
    show!("picture: {}", args.out.display());
    Ok(())
}

/// What the picture is written as.
enum Form {
    Svg,
    Png,
    Html,
}

impl Form {
    fn of(out: &Path) -> Result<Self> {
        match out.extension().and_then(|ending| ending.to_str()) {
            Some("svg") => Ok(Self::Svg),
            Some("png") => Ok(Self::Png),
            Some("html") => Ok(Self::Html),
            _ => bail!("--out {}: expected a name that ends in .svg, .png or .html", out.display()),
        }
    }
}
