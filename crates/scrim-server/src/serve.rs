//! The running server: its router, who is let through, how it starts and stops.

use std::future::{Future, IntoFuture};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::app::{App, Caller, Settings};
use crate::auth::{bearer, sha256};
use crate::clock::Clock;
use crate::error::ServerError;
use crate::limits::STOP_MS;
use crate::oidc::is_jwt;
use crate::route::{Access, Route};
use crate::routes::ROUTES;
use crate::storage::Storage;

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

/// Every call of the server, without a listener: [`serve`] puts it on one, the simulation calls it in
/// its own process.
pub fn router(settings: Settings, storage: Arc<dyn Storage>, clock: Arc<dyn Clock>) -> Router {
    let app = Arc::new(App::new(settings, storage, clock));
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
    let token = bearer(headers)?;
    let user = match &app.oidc {
        Some(oidc) if is_jwt(token) => {
            let subject = oidc.subject(token).await?;
            app.stored(move |storage| storage.user_by_subject(&subject))
                .await?
        }
        _ => {
            let hash = sha256(token.as_bytes());
            app.stored(move |storage| storage.user_by_token(&hash))
                .await?
        }
    };
    let user = user.ok_or(ServerError::SignedOut)?;
    if roles.is_some_and(|roles| !user.is_any(roles)) {
        return Err(ServerError::NotAllowed);
    }
    Ok(Some(Caller {
        user,
        route: route.path,
    }))
}
