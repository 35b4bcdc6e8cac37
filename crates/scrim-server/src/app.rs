//! What every call works with: settings, storage, clock, and how many calls run at one time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use scrim_model::Environment;
use scrim_wire::protocol::Contact;

use crate::auth::User;
use crate::clock::Clock;
use crate::error::ServerError;
use crate::limits::{INGEST_CALLS_MAX, MEDIA_CALLS_MAX, OFFLINE_GRACE_MS, STORAGE_CALLS_MAX};
use crate::oidc::{OidcSettings, OidcTokens};
use crate::storage::{LeaseTerms, Storage, Version};

/// What is fixed while a server runs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Told to every desk and always on its screen.
    pub environment: Environment,
    /// Length of a lease, in seconds.
    pub lease_s: u32,
    /// Time between heartbeats, in seconds.
    pub heartbeat_s: u32,
    /// Whom to call when someone is in danger.
    pub duty_contacts: Vec<Contact>,
    /// A proxy on this machine's network ends TLS: other than loopback addresses may be used.
    pub behind_tls_proxy: bool,
    /// The issuer whose access tokens are taken besides the server's own.
    pub oidc: Option<OidcSettings>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            environment: Environment::Test,
            lease_s: 300,
            heartbeat_s: 60,
            duty_contacts: Vec::new(),
            behind_tls_proxy: false,
            oidc: None,
        }
    }
}

impl Settings {
    /// Whether the team is told of a decision at once and not when its day is over: in a test
    /// environment there is nobody to protect.
    pub(crate) fn tells_at_once(&self) -> bool {
        self.environment == Environment::Test
    }
}

/// What every call works with.
pub(crate) struct App {
    storage: Arc<dyn Storage>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
    pub(crate) oidc: Option<OidcTokens>,
    storage_calls: Arc<Semaphore>,
    ingest_calls: Arc<Semaphore>,
    media_calls: Arc<Semaphore>,
    media_served: AtomicU64,
    covers_served: AtomicU64,
}

/// Who calls which route; put there once the token and the role are good.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) user: User,
    /// Template of the route's path.
    pub(crate) route: &'static str,
}

/// Answer of `GET /v1/test/media-count`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct MediaCount {
    /// Requests for whole media that were answered with bytes since the server started.
    pub(crate) served: u64,
    /// Requests for smaller versions that were.
    #[serde(default)]
    pub(crate) covers: u64,
}

async fn permit(of: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, ServerError> {
    of.clone()
        .acquire_owned()
        .await
        .map_err(|_| ServerError::Interrupted)
}

impl App {
    pub(crate) fn new(
        settings: Settings,
        storage: Arc<dyn Storage>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            storage,
            clock,
            oidc: settings.oidc.clone().map(OidcTokens::new),
            settings,
            storage_calls: Arc::new(Semaphore::new(STORAGE_CALLS_MAX)),
            ingest_calls: Arc::new(Semaphore::new(INGEST_CALLS_MAX)),
            media_calls: Arc::new(Semaphore::new(MEDIA_CALLS_MAX)),
            media_served: AtomicU64::new(0),
            covers_served: AtomicU64::new(0),
        }
    }

    /// Calls the storage on a thread that may block. The work goes on if the client goes away.
    pub(crate) async fn stored<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn Storage) -> Result<T, ServerError> + Send + 'static,
    ) -> Result<T, ServerError> {
        let held = permit(&self.storage_calls).await?;
        let storage = self.storage.clone();
        let task = move || {
            let _held = held;
            call(storage.as_ref())
        };
        match tokio::task::spawn_blocking(task).await {
            Ok(answer) => answer,
            Err(_) => Err(ServerError::Interrupted),
        }
    }

    pub(crate) async fn ingest_permit(&self) -> Result<OwnedSemaphorePermit, ServerError> {
        permit(&self.ingest_calls).await
    }

    pub(crate) async fn media_permit(&self) -> Result<OwnedSemaphorePermit, ServerError> {
        permit(&self.media_calls).await
    }

    pub(crate) fn terms(&self) -> LeaseTerms {
        LeaseTerms {
            lease_ms: i64::from(self.settings.lease_s) * 1_000,
            offline_grace_ms: OFFLINE_GRACE_MS,
        }
    }

    /// Another request for media bytes was answered with bytes.
    pub(crate) fn count_media(&self, version: Version) {
        let counter = match version {
            Version::Whole => &self.media_served,
            Version::Cover => &self.covers_served,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn media_count(&self) -> MediaCount {
        MediaCount {
            served: self.media_served.load(Ordering::Relaxed),
            covers: self.covers_served.load(Ordering::Relaxed),
        }
    }
}
