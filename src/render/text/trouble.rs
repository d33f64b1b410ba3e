//! The failures of a cloud, for the runbook.

use serde::Serialize;

use crate::clouds::Failure;
use crate::deployment::Deployment;
use crate::tables::Lang;

#[derive(Debug, Serialize)]
pub(super) struct ToldFailure {
    symptom: &'static str,
    remedy: String,
}

/// The failures that a person can recognise, in the order of the row.
pub(super) fn all(d: &Deployment, lang: Lang) -> Vec<ToldFailure> {
    let told = |failure: &'static Failure| {
        Some(ToldFailure {
            symptom: failure.symptom?.say(lang),
            remedy: remedy(failure, d, lang),
        })
    };
    d.cloud.failures.iter().filter_map(told).collect()
}

fn remedy(failure: &Failure, d: &Deployment, lang: Lang) -> String {
    let forget = format!("`{{terraform}} state rm {}`", failure.forget.join(" "));
    // In the reader's own terminal, the engine has not been initialised yet.
    let (init, again) = match lang {
        Lang::En => ("`terraform init`, then `terraform", "apply or destroy again"),
        Lang::ZhCn => ("`terraform init`，再 `terraform", "重新执行或销毁"),
    };
    let (cause, remedy) = (failure.cause.say(lang), failure.remedy.say(lang));
    let remedy = remedy
        .replace("{forget}", &forget)
        .replace("{again}", again)
        .replace("`{terraform}", init)
        .replace("{region}", &d.region);
    let remedy = d.agent.names().fill(&remedy);
    match lang {
        Lang::En => format!("{}. {}.", sentence(cause), sentence(&remedy)),
        Lang::ZhCn => format!("{cause}。{remedy}。"),
    }
}

fn sentence(clause: &str) -> String {
    let mut characters = clause.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}
