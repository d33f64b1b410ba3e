//! From the answers to what will be written, as often as the person changes an answer.

use super::answers::{self, Answers};
use super::secrets::{self, Gathered, TypedSecrets};
use crate::cli::GenerateArgs;
use crate::deployment::Deployment;
use crate::error::{Error, Kind, Result};
use crate::inputs::wizard::{Decision, Reply, Wizard};
use crate::render::{self, RenderedFile};
use crate::report::{self, Palette};
use crate::tables::words;

/// What was agreed on.
pub(super) struct Settled {
    pub answers: Answers,
    pub deployment: Deployment,
    pub files: Vec<RenderedFile>,
    pub secrets: Gathered,
}

/// Shows the deployment; with somebody to ask, asks for its secrets first, and for a yes afterwards.
///
/// # Errors
/// Bad input, a "no", an interruption.
pub(super) fn settle(args: &GenerateArgs, mut answers: Answers, wizard: &mut Wizard, asks: bool) -> Result<Settled> {
    let mut typed = TypedSecrets::default();
    loop {
        let (deployment, files) = match resolved(&answers) {
            Ok(made) => made,
            // Nobody should answer everything again for the sake of one answer.
            Err(error) if asks => {
                report::error(&error, false);
                answers = changed(args, answers, wizard, Some(error))?;
                continue;
            }
            Err(error) => return Err(error),
        };
        let ask = asks.then_some((&*wizard, &mut typed));
        let Reply::Given(secrets) = secrets::gather(&deployment, &answers.out, ask, wizard.lang)? else {
            answers = earlier(args, answers, wizard)?;
            continue;
        };
        let out = answers.out.display().to_string();
        report::note("");
        report::note(&report::summary(&deployment, &out, &secrets.missing, wizard.lang, Palette::stderr()));
        let decision = if asks { wizard.decide()? } else { Decision::Generate };
        match decision {
            Decision::Generate => {
                return Ok(Settled {
                    answers,
                    deployment,
                    files,
                    secrets,
                });
            }
            Decision::Change => answers = changed(args, answers, wizard, None)?,
            Decision::Stop => {
                let stopped = words("not generated; nothing was written", "没有生成，也没有写入任何文件");
                return Err(Error::new(Kind::Declined, stopped.say(wizard.lang)));
            }
        }
    }
}

fn resolved(answers: &Answers) -> Result<(Deployment, Vec<RenderedFile>)> {
    let deployment = Deployment::resolve(&answers.spec)?;
    let files = render::render(&deployment)?;
    Ok((deployment, files))
}

/// Other answers; without a change, what went wrong before stays wrong.
fn changed(args: &GenerateArgs, answers: Answers, wizard: &mut Wizard, wrong: Option<Error>) -> Result<Answers> {
    match wizard.edit(answers.asked.clone(), !answers.edits)? {
        Reply::Given(spec) if spec != answers.asked => answers::placed(args, spec, answers),
        Reply::Given(_) | Reply::Back => wrong.map_or(Ok(answers), Err),
    }
}

/// The question before the secrets.
fn earlier(args: &GenerateArgs, answers: Answers, wizard: &mut Wizard) -> Result<Answers> {
    if wizard.has_asked() {
        let spec = wizard.back(answers.asked.clone())?;
        return answers::placed(args, spec, answers);
    }
    match wizard.edit(answers.asked.clone(), !answers.edits)? {
        Reply::Given(spec) => answers::placed(args, spec, answers),
        Reply::Back => wizard.stop_here().map(|()| answers),
    }
}
