use rehearse::{Function, Provider, Value};

use crate::nesting::{HEAD, MADE_UP};
use crate::stage::Stage;

const WITH_FUNCTION: Provider = Provider {
    functions: &[Function {
        name: "shout",
        call: |arguments| match arguments {
            [Value::Text(text)] if !text.is_empty() => Ok(Value::Text(text.to_uppercase())),
            _ => Err("there is nothing to shout".to_owned()),
        },
    }],
    ..MADE_UP
};

fn output(value: &str) -> String {
    format!("{HEAD}\noutput \"said\" {{\n  value = {value}\n}}\n")
}

#[test]
fn a_function_answers_or_says_why_not() {
    let Some(stage) = Stage::new(WITH_FUNCTION, &output("provider::madeup::shout(\"hello\")")) else {
        return;
    };
    stage.apply();
    assert_eq!(stage.outputs()["said"]["value"], "HELLO");

    let refuses = |value: &str, expected: &str| {
        stage.write(&output(value));
        let complaint = stage.complaint(&["plan", "-input=false", "-no-color"]);
        assert!(complaint.contains(expected), "{expected}: {complaint}");
    };
    refuses("provider::madeup::shout(\"\")", "there is nothing to shout");
    // Terraform knows the parameters from the schema.
    refuses("provider::madeup::shout()", "Not enough function arguments");
    refuses("provider::madeup::whisper(\"a\", \"b\")", "the function whisper is not emulated");
    refuses("provider::madeup::mumble()", "is not available from the provider");
}
