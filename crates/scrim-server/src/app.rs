//! The running server: its settings, its router, and how it starts and stops.

use std::future::{Future, IntoFuture};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use scrim_model::Environment;
use scrim_wire::protocol::Contact;

use crate::auth::{User, bearer_hash};
use crate::clock::Clock;
use crate::error::ServerError;
use crate::limits::{
    INGEST_CALLS_MAX, MEDIA_CALLS_MAX, OFFLINE_GRACE_MS, STOP_MS, STORAGE_CALLS_MAX,
};
use crate::routes::{Access, ROUTES, Route};
use crate::storage::{LeaseTerms, Storage};

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
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            environment: Environment::Test,
            lease_s: 300,
            heartbeat_s: 60,
            duty_contacts: Vec::new(),
            behind_tls_proxy: false,
        }
    }
}

/// What every call works with.
pub(crate) struct App {
    storage: Arc<dyn Storage>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
    storage_calls: Arc<Semaphore>,
    ingest_calls: Arc<Semaphore>,
    media_calls: Arc<Semaphore>,
    media_served: AtomicU64,
}

/// Who calls which route; put there once the token and the role are good.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) user: User,
    pub(crate) route: &'static Route,
}

async fn permit(of: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, ServerError> {
    of.clone()
        .acquire_owned()
        .await
        .map_err(|_| ServerError::Interrupted)
}

impl App {
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
    pub(crate) fn count_media(&self) {
        self.media_served.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn media_count(&self) -> u64 {
        self.media_served.load(Ordering::Relaxed)
    }
}

/// Serves until `stop` is done, then lets calls under way finish for up to
/// [`STOP_MS`](crate::limits::STOP_MS).
///
/// # Errors
/// [`ServerError::NotLoopback`] if the listener can be reached from elsewhere and no TLS proxy is
/// declared; [`ServerError::Io`] if the listener fails.
pub async fn serve(
    listener: TcpListener,
    settings: Settings,
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServerError> {
    let at = listener
        .local_addr()
        .map_err(ServerError::io("reading the listener's address"))?;
    if !at.ip().is_loopback() && !settings.behind_tls_proxy {
        return Err(ServerError::NotLoopback);
    }
    let (stopping, stopped) = oneshot::channel();
    let stop = async move {
        stop.await;
        // The receiver is gone only when the server has ended already.
        stopping.send(()).ok();
    };
    let server = axum::serve(listener, router(settings, storage, clock))
        .with_graceful_shutdown(stop)
        .into_future();
    let deadline = async {
        if stopped.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(Duration::from_millis(STOP_MS)).await;
    };
    tokio::select! {
        ended = server => ended.map_err(ServerError::io("serving")),
        () = deadline => {
            tracing::warn!("calls were still under way when the server stopped");
            Ok(())
        }
    }
}

fn router(settings: Settings, storage: Arc<dyn Storage>, clock: Arc<dyn Clock>) -> Router {
    let app = Arc::new(App {
        storage,
        clock,
        settings,
        storage_calls: Arc::new(Semaphore::new(STORAGE_CALLS_MAX)),
        ingest_calls: Arc::new(Semaphore::new(INGEST_CALLS_MAX)),
        media_calls: Arc::new(Semaphore::new(MEDIA_CALLS_MAX)),
        media_served: AtomicU64::new(0),
    });
    let mut router = Router::new();
    for route in ROUTES {
        let app = app.clone();
        let gate = middleware::from_fn(move |request: Request, next: Next| {
            guarded(app.clone(), route, request, next)
        });
        router = router.route(route.path, route.mounted().route_layer(gate));
    }
    router
        .fallback(|| async { ServerError::Unknown })
        .method_not_allowed_fallback(|| async { ServerError::Method })
        .with_state(app)
}

/// Lets only those through whom the route's row admits, and logs the call without its content.
async fn guarded(
    app: Arc<App>,
    route: &'static Route,
    mut request: Request,
    next: Next,
) -> Response {
    let response = match admit(&app, route, request.headers()).await {
        Ok(caller) => {
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            next.run(request).await
        }
        Err(refused) => refused.into_response(),
    };
    tracing::info!(
        method = route.method.as_str(),
        route = route.path,
        status = response.status().as_u16(),
        "call"
    );
    response
}

async fn admit(
    app: &App,
    route: &'static Route,
    headers: &HeaderMap,
) -> Result<Option<Caller>, ServerError> {
    let roles = match route.access {
        Access::Everyone => return Ok(None),
        Access::SignedIn => None,
        Access::Roles(roles) => Some(roles),
    };
    let hash = bearer_hash(headers)?;
    let user = app
        .stored(move |storage| storage.user_by_token(&hash))
        .await?
        .ok_or(ServerError::SignedOut)?;
    if roles.is_some_and(|roles| !user.is_any(roles)) {
        return Err(ServerError::NotAllowed);
    }
    Ok(Some(Caller { user, route }))
}
