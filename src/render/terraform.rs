//! The root module, which calls our module of the cloud with the deployment's values.

use hcl::expr::{Expression, TemplateExpr};
use hcl::{Attribute, Block, Body};

use super::{RenderedFile, bug, hcl as syntax, header};
use crate::clouds::{Encoding, Fact, Module};
use crate::deployment::{Deployment, SecretSlot};
use crate::error::Result;
use crate::layout::{BOOTSTRAP, CLOUD_INIT};
use crate::tables::Bootstrap;

/// Write-only arguments need 1.11 in Terraform and in OpenTofu alike.
const REQUIRED_VERSION: &str = ">= 1.11.0, < 2.0.0";

/// Name of the module call.
const MODULE: &str = "agent";

/// Empty if the machine exists already.
pub(super) fn render(d: &Deployment) -> Result<Vec<RenderedFile>> {
    let Some(module) = d.cloud.module() else {
        return Ok(Vec::new());
    };
    let file = |path: &str, body: &Body| -> Result<RenderedFile> {
        let text = syntax::to_text(body).map_err(|error| bug(path, &error))?;
        Ok(RenderedFile::new(path, format!("{}\n\n{text}", header("#"))))
    };
    let mut terraform = file("terraform.tf", &settings(module))?;
    terraform.contents.push_str(&backend_example(module));
    let mut files = vec![
        terraform,
        file("main.tf", &main(d, module)?)?,
        file("variables.tf", &variables(d, module)?)?,
        file("outputs.tf", &outputs(module))?,
    ];
    for (name, source) in module.files {
        let notice = if name.ends_with(".md") {
            format!("<!--\n{}\n-->", header("  "))
        } else {
            header("#")
        };
        files.push(RenderedFile::new(
            format!("modules/{}/{name}", d.cloud.slug),
            format!("{notice}\n\n{source}"),
        ));
    }
    Ok(files)
}

fn settings(module: &Module) -> Body {
    let mut requirement = Block::builder("required_providers");
    for provider in module.providers {
        requirement = requirement.add_attribute((
            provider.name,
            Expression::from_iter([
                ("source", syntax::literal(provider.source)),
                ("version", syntax::literal(provider.version)),
            ]),
        ));
    }
    Body::from(
        Block::builder("terraform")
            .add_attribute(("required_version", REQUIRED_VERSION))
            .add_block(requirement.build())
            .build(),
    )
}

fn backend_example(module: &Module) -> String {
    let mut text = String::from(
        "\n# State is kept in this folder. To share it, create the storage, put this into a file `backend.tf`, and name that\n\
         # under `extra_files` in deployment.yaml. Never put keys there.\n#\n",
    );
    for line in module.backend.example.lines() {
        text.push_str(format!("# {line}").trim_end());
        text.push('\n');
    }
    text
}

fn main(d: &Deployment, module: &Module) -> Result<Body> {
    let blocks: String = module.providers.iter().map(|provider| provider.block).collect();
    let providers = ::hcl::parse(&blocks.replace("{region}", &d.region)).map_err(|error| bug("main.tf", &error))?;
    let mut call = Block::builder("module")
        .add_label(MODULE)
        .add_attribute(("source", syntax::literal(&format!("./modules/{}", d.cloud.slug))));
    for (variable, fact) in module.inputs {
        call = call.add_attribute((*variable, value(d, variable, *fact)));
    }
    let mut body = Body::builder();
    for structure in providers {
        body = body.add_structure(structure);
    }
    if module.asks_for(Fact::SecretVersions) {
        let first_versions = d.secrets.iter().map(|slot| (slot.vault_name(), Expression::from(1)));
        let locals = Block::builder("locals").add_attribute(("secret_versions", syntax::object(first_versions)));
        body = body.add_block(locals.build());
    }
    Ok(body.add_block(call.build()).build())
}

fn value(d: &Deployment, input: &str, fact: Fact) -> Expression {
    match fact {
        Fact::Architecture => syntax::literal(d.architecture.slug()),
        Fact::FirstScript => match d.bootstrap {
            Bootstrap::CloudInit => match d.cloud.user_data.map(|user_data| user_data.encoding) {
                Some(Encoding::CloudConfig) => read("file", CLOUD_INIT),
                Some(Encoding::Script) => read("file", BOOTSTRAP),
                Some(Encoding::Base64) => read("filebase64", BOOTSTRAP),
                Some(Encoding::GzipBase64) => syntax::call("base64gzip", [read("file", BOOTSTRAP)]),
                None => Expression::Null,
            },
            Bootstrap::CommandService => read("file", BOOTSTRAP),
            Bootstrap::Ssh | Bootstrap::Cnb => Expression::Null,
        },
        Fact::Id => syntax::literal(&d.id),
        Fact::VaultName => syntax::literal(d.vault_name.as_deref().unwrap_or_default()),
        Fact::Location => syntax::literal(&d.region),
        Fact::Name => syntax::literal(&d.name),
        Fact::RuntimePort => Expression::from(d.port),
        Fact::SecretValues => syntax::object(
            d.secrets
                .iter()
                .map(|slot| (slot.vault_name(), syntax::reference("var", &[&slot.terraform_variable()]))),
        ),
        Fact::SecretVersions => syntax::call(
            "merge",
            [
                syntax::reference("local", &["secret_versions"]),
                syntax::reference("var", &["secret_versions"]),
            ],
        ),
        Fact::Size => syntax::literal(&d.size),
        Fact::SshAllowedCidrs => syntax::literals(&d.ssh_cidrs),
        Fact::SshPublicKey => syntax::literal(&d.ssh_public_key),
        Fact::Tags => {
            let id = ("deployment_id".to_owned(), d.id.clone());
            let all = d.tags.iter().cloned().chain([id]);
            syntax::object(all.map(|(key, text)| (key, syntax::literal(&text))))
        }
        Fact::TrustedLaunch => Expression::from(d.trusted_launch),
        Fact::Variable => syntax::reference("var", &[input]),
        Fact::VmRevision => syntax::reference("var", &["vm_revision"]),
    }
}

/// An expression for the content of a file of the bundle.
fn read(function: &str, file: &str) -> Expression {
    let path = format!("${{path.module}}/{file}");
    syntax::call(function, [Expression::from(TemplateExpr::QuotedString(path))])
}

fn variables(d: &Deployment, module: &Module) -> Result<Body> {
    let mut body = Body::builder();
    if module.asks_for(Fact::SecretValues) {
        for slot in &d.secrets {
            body = body.add_block(secret_variable(slot));
        }
    }
    if module.asks_for(Fact::SecretVersions) {
        let what = "Version by secret name in the vault; raise one to store its value again";
        let kind = syntax::call("map", [variable("number")]);
        body = body.add_block(root_variable("secret_versions", what, kind, Expression::Object(Default::default())));
    }
    if module.asks_for(Fact::VmRevision) {
        let what = "Raise it to replace the machine, for example to apply a changed cloud-init.yaml";
        body = body.add_block(root_variable("vm_revision", what, variable("number"), Expression::from(1)));
    }
    for row in module.variables {
        let written = |text: &str| {
            let parsed: std::result::Result<Expression, _> = text.parse();
            parsed.map_err(|error| bug("variables.tf", &error))
        };
        body = body.add_block(root_variable(row.name, row.description, written(row.kind)?, written(row.default)?));
    }
    Ok(body.build())
}

fn secret_variable(slot: &SecretSlot) -> Block {
    let description = format!("{}, stored in the vault as {}", slot.label.en, slot.vault_name());
    Block::builder("variable")
        .add_label(slot.terraform_variable())
        .add_attribute(("description", syntax::literal(&description)))
        .add_attribute(keyword("type", "string"))
        .add_attribute(("ephemeral", true))
        .add_attribute(("sensitive", true))
        .add_attribute(("nullable", false))
        // Without a default, `terraform destroy` would ask for every secret.
        .add_attribute(("default", syntax::literal("")))
        .build()
}

fn root_variable(name: &str, description: &str, kind: Expression, default: Expression) -> Block {
    Block::builder("variable")
        .add_label(name)
        .add_attribute(("description", syntax::literal(description)))
        .add_attribute(("type", kind))
        .add_attribute(("nullable", false))
        .add_attribute(("default", default))
        .build()
}

fn outputs(module: &Module) -> Body {
    let mut body = Body::builder();
    for (name, description) in module.outputs {
        body = body.add_block(
            Block::builder("output")
                .add_label(*name)
                .add_attribute(("description", syntax::literal(description)))
                .add_attribute(("value", syntax::reference("module", &[MODULE, name])))
                .build(),
        );
    }
    body.build()
}

fn keyword(name: &str, word: &str) -> Attribute {
    Attribute::new(name, variable(word))
}

fn variable(word: &str) -> Expression {
    Expression::Variable(::hcl::expr::Variable::unchecked(word))
}
