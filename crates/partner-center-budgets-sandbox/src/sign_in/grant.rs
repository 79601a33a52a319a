/// An OAuth grant type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grant {
    ClientCredentials,
    RefreshToken,
    AuthorizationCode,
    DeviceCode,
}

impl Grant {
    /// In the order of the discriminants, which are the indices of counters.
    pub(crate) const ALL: [Self; 4] =
        [Self::ClientCredentials, Self::RefreshToken, Self::AuthorizationCode, Self::DeviceCode];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ClientCredentials => "client_credentials",
            Self::RefreshToken => "refresh_token",
            Self::AuthorizationCode => "authorization_code",
            Self::DeviceCode => "device_code",
        }
    }
}
