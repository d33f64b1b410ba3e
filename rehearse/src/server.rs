//! gRPC over HTTP/2 on a Unix socket.
//!
//! Every method takes one message and answers with one: in gRPC, a frame of five bytes and the message, then a trailer
//! with the status. That is less code on hyper and prost alone than tonic's service types for each method without
//! generated code.

use std::convert::Infallible;
use std::sync::Arc;

use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderMap, HeaderValue};
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::UnixListener;

use crate::plugin::Plugin;

type Body = UnsyncBoxBody<Bytes, Infallible>;

const SERVICE: &str = "/tfplugin6.Provider/";
/// The frame's head: a compression flag and the length.
const FRAME_HEAD: usize = 5;

/// gRPC's codes for calls without an answer.
#[derive(Clone, Copy)]
enum Status {
    Unimplemented = 12,
    Internal = 13,
}

/// Serves one provider until the future is dropped.
pub(crate) async fn serve(listener: UnixListener, provider: Arc<Plugin>) {
    while let Ok((stream, _)) = listener.accept().await {
        let provider = Arc::clone(&provider);
        let service = service_fn(move |request| {
            let provider = Arc::clone(&provider);
            async move { Ok::<_, Infallible>(respond(&provider, request).await) }
        });
        let connection = http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service);
        // Terraform closes the connection abruptly, which only HTTP considers an error.
        tokio::spawn(async move { drop(connection.await) });
    }
}

async fn respond(provider: &Plugin, request: Request<Incoming>) -> Response<Body> {
    let path = request.uri().path().to_owned();
    // The plugin framework also probes services of its own, which are optional.
    let Some(method) = path.strip_prefix(SERVICE) else {
        return refuse(Status::Unimplemented, &path);
    };
    let Ok(body) = request.into_body().collect().await else {
        return refuse(Status::Internal, "the request broke off");
    };
    let body = body.to_bytes();
    let Some(message) = body.get(FRAME_HEAD..).filter(|_| body[0] == 0) else {
        return refuse(Status::Internal, "the request is not one plain message");
    };
    match provider.call(method, message).await {
        Ok(Some(message)) => answer(&message),
        Ok(None) => refuse(Status::Unimplemented, &path),
        Err(error) => refuse(Status::Internal, &format!("{method}: {error:#}")),
    }
}

fn answer(message: &[u8]) -> Response<Body> {
    let length = u32::try_from(message.len()).expect("an answer is smaller than 4 GB");
    let mut frame = vec![0];
    frame.extend(length.to_be_bytes());
    frame.extend(message);
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("0"));
    let body = Full::new(Bytes::from(frame)).with_trailers(std::future::ready(Some(Ok(trailers))));
    respond_with(body.boxed_unsync())
}

fn refuse(status: Status, message: &str) -> Response<Body> {
    let mut response = respond_with(Empty::new().boxed_unsync());
    let headers = response.headers_mut();
    headers.insert("grpc-status", HeaderValue::from(status as u16));
    // Percent signs would be decoded.
    if let Ok(message) = HeaderValue::from_str(&message.replace(['%', '\n', '\r'], " ")) {
        headers.insert("grpc-message", message);
    }
    response
}

fn respond_with(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    response
        .headers_mut()
        .insert("content-type", HeaderValue::from_static("application/grpc"));
    response
}
