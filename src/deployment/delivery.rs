//! How the host files reach the machine, what else Terraform reads, and the language of the runbook.

use super::CnbFacts;
use super::refusal::{check, refused};
use crate::clouds::Cloud;
use crate::error::{Error, Result};
use crate::inputs::{Cnb, syntax};
use crate::tables::Bootstrap;
use crate::tables::Choice;
use crate::tables::CnbDeploy;
use crate::tables::Lang;

/// One of `allowed`, by its word.
pub(super) fn chosen<C: Choice>(key: &str, asked: &str, allowed: &[C]) -> Result<C> {
    let found = allowed.iter().find(|choice| choice.slug() == asked);
    found.copied().ok_or_else(|| {
        let slugs: Vec<_> = allowed.iter().map(|choice| choice.slug()).collect();
        refused(key, asked, format_args!("is not available here; allowed: {}", slugs.join(", ")))
            .hint(format!("use `{}`", slugs[0]))
    })
}

pub(super) fn bootstrap(cloud: &Cloud, asked: Option<&str>, no_ssh: bool) -> Result<Bootstrap> {
    let Some(asked) = asked else {
        return Ok(cloud.bootstraps[0]);
    };
    let bootstrap = chosen("bootstrap", asked, cloud.bootstraps)?;
    if bootstrap == Bootstrap::Ssh && no_ssh {
        return Err(refused("bootstrap", asked, "needs SSH, but `allow_ssh_from` allows nobody").better(
            "use {}, or allow your address",
            "bootstrap",
            cloud.bootstraps[0].slug(),
        ));
    }
    Ok(bootstrap)
}

pub(super) fn lang(asked: Option<&str>, mainland: bool) -> Result<Lang> {
    match asked {
        Some(asked) => chosen("lang", asked, Lang::ALL),
        None if mainland => Ok(Lang::ZhCn),
        None => Ok(Lang::En),
    }
}

pub(super) fn cnb(cloud: &Cloud, asked: Option<&Cnb>, bootstrap: Bootstrap, name: &str) -> Result<Option<CnbFacts>> {
    if !cloud.cnb {
        return match asked {
            Some(_) => Err(Error::usage(format!("{} has no CNB pipeline", cloud.display_name.en))
                .about("cnb", "`cnb`", "")
                .hint("leave it out")),
            None => Ok(None),
        };
    }
    let nothing = Cnb::default();
    let asked = asked.unwrap_or(&nothing);
    let repository =
        |value: Option<&String>, key: &str| value.map(|text| check(text, key, syntax::repository)).transpose();
    let own = repository(asked.repository.as_ref(), "cnb.repository")?;
    let secrets = repository(asked.secrets.as_ref(), "cnb.secrets")?;
    let given = own.is_some() && secrets.is_some();
    if bootstrap == Bootstrap::Cnb && !given {
        return Err(
            Error::usage("`bootstrap: cnb` needs the repository of the bundle and the secret repository")
                .hint("give both: `--cnb-repository ORG/REPO --cnb-secrets ORG/REPO`"),
        );
    }
    Ok(Some(CnbFacts {
        repository: own.unwrap_or_else(|| format!("your-org/{name}")),
        secrets: secrets.unwrap_or_else(|| "your-org/secrets".to_owned()),
        deploy: match &asked.deploy {
            Some(text) => chosen("cnb.deploy", text, CnbDeploy::ALL)?,
            None => CnbDeploy::Tat,
        },
        given,
        event: name.replace('-', "_"),
    }))
}

/// Names of files that Terraform reads beside the generated ones.
pub(super) fn extra_files(asked: &[String]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for name in asked {
        names.push(check(name, "extra_files", syntax::extra_file)?);
    }
    names.sort();
    names.dedup();
    Ok(names)
}
