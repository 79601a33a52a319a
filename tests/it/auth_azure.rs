//! Credentials of the Azure SDK.

use std::pin::Pin;
use std::sync::Arc;

use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::error::{Error as AzureError, ErrorKind};
use azure_core::time::{Duration, OffsetDateTime};
use partner_center_budgets::Error;
use partner_center_budgets::auth::{AzureCredential, Identity};

use crate::authority::{AUDIENCE, Authority};
use crate::replay::customer;

#[derive(Debug)]
struct Fake(Result<&'static str, (ErrorKind, &'static str)>);

impl TokenCredential for Fake {
    // The expansion of `async_trait`, which this workspace does not use.
    fn get_token<'a, 'b, 'c, 'd, 'e>(
        &'a self,
        scopes: &'b [&'c str],
        _: Option<TokenRequestOptions<'d>>,
    ) -> Pin<Box<dyn Future<Output = azure_core::Result<AccessToken>> + Send + 'e>>
    where
        'a: 'e,
        'b: 'e,
        'c: 'e,
        'd: 'e,
        Self: 'e,
    {
        assert_eq!(scopes, [format!("{AUDIENCE}/.default")]);
        let token = |text: &'static str| AccessToken::new(text, OffsetDateTime::now_utc() + Duration::hours(1));
        let failed = |(kind, text): &(ErrorKind, _)| AzureError::with_message(kind.clone(), *text);
        let granted = self.0.as_ref().map(|text| token(text)).map_err(failed);
        Box::pin(async { granted })
    }
}

#[tokio::test]
async fn an_azure_credential_signs_in() {
    let authority = Authority::granting("{}").await;
    let credential = AzureCredential::new(Arc::new(Fake(Ok("azure-token"))));
    assert!(!format!("{credential:?}").contains("azure-token"));
    let client = authority.client(credential.clone());
    for _ in 0..2 {
        client.get_budget(customer()).await.unwrap();
    }
    assert_eq!(authority.bearers(), ["Bearer azure-token"; 2]);
    assert_eq!(authority.sign_ins().len(), 0);

    let error = client.get_customer_usage_summary(customer()).await.unwrap_err();
    assert!(matches!(error, Error::Input { .. }), "an app alone is refused: {error:?}");
    let user = authority.client(credential.identity(Identity::AppAndUser));
    drop(user.get_customer_usage_summary(customer()).await);
    assert_eq!(authority.bearers().len(), 3, "with a user it is sent");
}

#[tokio::test]
async fn converts_errors_of_the_sdk_with_advice() {
    let authority = Authority::granting("{}").await;
    for (kind, text, code, is_retryable) in [
        (ErrorKind::Credential, "WorkloadIdentityCredential: AADSTS700027: bad key", Some("AADSTS700027"), false),
        (ErrorKind::Credential, "no identity endpoint", None, false),
        (ErrorKind::Connection, "refused", None, true),
    ] {
        let client = authority.client(AzureCredential::new(Arc::new(Fake(Err((kind, text))))));
        let Error::Auth(error) = client.get_budget(customer()).await.unwrap_err() else { panic!("another error") };
        assert_eq!((error.code(), error.is_retryable()), (code, is_retryable));
        assert!(error.advice().is_some());
    }
    assert_eq!(authority.seen().len(), 0);
}
