//! Functions that a provider offers to configurations.

use crate::data::Function;
use crate::proto;
use crate::value::Value;

/// Calls a function. An error is an answer too: Terraform shows it at the call.
pub(crate) fn call(functions: &[Function], request: &proto::CallRequest) -> anyhow::Result<proto::CallResponse> {
    let arguments = request.arguments.iter().map(|argument| Value::decode(Some(argument)));
    let arguments: Vec<Value> = arguments.collect::<Result<_, _>>()?;
    let known = functions.iter().find(|function| function.name == request.name);
    let outcome = match known {
        Some(function) => (function.call)(&arguments),
        None => Err(format!("the function {} is not emulated", request.name)),
    };
    Ok(match outcome {
        Ok(value) => proto::CallResponse {
            result: value.encode(),
            error: None,
        },
        Err(text) => proto::CallResponse {
            result: None,
            error: Some(proto::FunctionError { text }),
        },
    })
}
