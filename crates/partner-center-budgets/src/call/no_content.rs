//! An operation without a response body: the recorded error must come before the generated code's value.

use progenitor_client::{ClientHooks, ClientInfo, OperationInfo, ResponseValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::answer::Answer;
use crate::auth::FixedToken;
use crate::generated::{self, types};
use crate::{Client, Error, RetryPolicy};

impl Answer for () {
    const OBJECT_TYPE: &'static str = "";
    const FIELDS: &'static [&'static str] = &[];

    fn has_value(&self) -> bool {
        true
    }

    fn attributes(&self) -> Option<&types::ResourceAttributes> {
        None
    }
}

/// The method that `cargo xtask generate` writes for a `DELETE` that answers 200 or 204 without content.
impl generated::Client {
    async fn delete_thing(&self, id: &Uuid) -> Result<ResponseValue<()>, progenitor_client::Error<types::ApiFault>> {
        let url = format!("{}/v1/things/{id}", self.baseurl());
        let mut request = self.client().delete(url).build()?;
        let info = OperationInfo { operation_id: "delete_thing" };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200 | 204 => Ok(ResponseValue::empty(response)),
            403 => Err(progenitor_client::Error::ErrorResponse(ResponseValue::from_response(response).await?)),
            _ => Err(progenitor_client::Error::UnexpectedResponse(response)),
        }
    }
}

/// Calls the operation at a server that answers once.
async fn delete(answer: &'static str) -> Result<(), Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        assert!(connection.read(&mut request).await.unwrap() > 0);
        connection.write_all(answer.as_bytes()).await.unwrap();
    });
    let builder = Client::builder(FixedToken::new("a-made-up-token")).base_url(url).retry(RetryPolicy::never());
    let api = builder.build().unwrap().api();
    let result = api.delete_thing(&Uuid::nil()).await;
    let result = api.inner().finish(result);
    server.await.unwrap();
    result
}

#[tokio::test]
async fn a_refusal_of_an_operation_without_a_body_is_an_error() {
    assert!(delete("HTTP/1.1 204 No Content\r\n\r\n").await.is_ok());
    let refused = delete("HTTP/1.1 403 Forbidden\r\nContent-Length: 15\r\n\r\n{\"code\":\"2032\"}").await.unwrap_err();
    assert_eq!((refused.status(), refused.code()), (Some(403), Some("2032")));
    let lost = delete("").await.unwrap_err();
    assert!(matches!(lost, Error::Transport { .. }), "{lost:?}");
}
