//! The queue server: its real router and its real storage, called in this process.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use scrim_model::{ItemId, ModeratorId, PolicyTree, Role};
use scrim_queue::{Answered, Asking, Severed};
use scrim_server::Settings;
use scrim_server::auth::{User, sha256};
use scrim_server::storage::{SqliteStorage, Storage};
use scrim_wire::protocol::{Contact, HeldDecisions, IngestItem, Outcome, QueueInfo};
use tower::ServiceExt;

use crate::clocks::TrueTime;
use crate::limits::ANSWER_BYTES_MAX;
use crate::world::Unfit;

/// See the module.
pub(crate) struct Server {
    path: PathBuf,
    settings: Settings,
    time: TrueTime,
    tokio: tokio::runtime::Runtime,
    up: Option<(Arc<SqliteStorage>, Router)>,
}

impl Server {
    pub(crate) fn start(folder: &Path, time: &TrueTime, lease: (u32, u32)) -> Result<Self, Unfit> {
        let settings = Settings {
            lease_s: lease.0,
            heartbeat_s: lease.1,
            duty_contacts: vec![Contact {
                name: "Duty".to_owned(),
                reach: "1".to_owned(),
            }],
            ..Settings::default()
        };
        let tokio = tokio::runtime::Builder::new_current_thread()
            .max_blocking_threads(1)
            .build()?;
        let mut server = Self {
            path: folder.join("server.db"),
            settings,
            time: time.clone(),
            tokio,
            up: None,
        };
        server.begin()?;
        Ok(server)
    }

    /// Ends without a word.
    pub(crate) fn die(&mut self) {
        self.up = None;
    }

    /// Starts over the same database, if it does not run.
    pub(crate) fn begin(&mut self) -> Result<(), Unfit> {
        if self.up.is_none() {
            let storage = Arc::new(SqliteStorage::open(&self.path)?);
            let time = Arc::new(self.time.clone());
            let router = scrim_server::router(self.settings.clone(), storage.clone(), time);
            self.up = Some((storage, router));
        }
        Ok(())
    }

    pub(crate) fn is_up(&self) -> bool {
        self.up.is_some()
    }

    /// One request and its answer; none while the server is down.
    pub(crate) fn call(&self, asking: &Asking) -> Result<Answered, Severed> {
        let (_, router) = self.up.as_ref().ok_or(Severed)?;
        let mut request = Request::builder()
            .method(asking.method.as_str())
            .uri(asking.path.as_str());
        for (name, value) in &asking.headers {
            request = request.header(name, value);
        }
        let request = request
            .body(Body::from(asking.body.clone()))
            .map_err(|_| Severed)?;
        let router = router.clone();
        self.tokio.block_on(async move {
            let answer = router
                .oneshot(request)
                .await
                .map_err(|never| match never {})?;
            let status = answer.status().as_u16();
            let body = axum::body::to_bytes(answer.into_body(), ANSWER_BYTES_MAX).await;
            let body = body.map_err(|_| Severed)?.to_vec();
            Ok(Answered { status, body })
        })
    }

    fn storage(&self) -> Result<&SqliteStorage, Unfit> {
        let (storage, _) = self.up.as_ref().ok_or(Unfit::new("the server is down"))?;
        Ok(storage)
    }

    pub(crate) fn put_user(
        &self,
        user: &ModeratorId,
        lead: bool,
        token: &str,
    ) -> Result<(), Unfit> {
        let mut roles = vec![Role::Moderator];
        if lead {
            roles.push(Role::Lead);
        }
        self.storage()?.put_user(&User {
            id: user.clone(),
            name: user.as_str().to_owned(),
            roles,
            languages: Vec::new(),
        })?;
        let hash = sha256(token.as_bytes());
        Ok(self.storage()?.add_token(user, &hash, self.time.utc())?)
    }

    pub(crate) fn put_queue(&self, queue: &QueueInfo) -> Result<(), Unfit> {
        Ok(self.storage()?.put_queue(queue)?)
    }

    pub(crate) fn put_policies(&self, tree: &PolicyTree) -> Result<(), Unfit> {
        Ok(self.storage()?.put_policies(tree, self.time.utc())?)
    }

    pub(crate) fn put_item(&self, item: IngestItem) -> Result<ItemId, Unfit> {
        let media = item
            .item
            .media
            .iter()
            .map(|m| vec![0; m.n as usize + 1].into())
            .collect();
        Ok(self.storage()?.put_item(item, media, self.time.utc())?)
    }

    /// The platform takes an item back.
    pub(crate) fn withdraw(&self, item: &ItemId, key: String) -> Result<(), Unfit> {
        use scrim_server::storage::{Change, LeaseTerms, Write};
        let write = Write {
            user: ModeratorId::new("platform")?,
            role: Role::Ingest,
            is_lead: false,
            route: "/v1/items/{id}/withdraw",
            key,
            body_sha256: [0; 32],
            desk: None,
            chain_head: None,
            is_training: false,
            tells_at_once: true,
            now: self.time.utc(),
            terms: LeaseTerms {
                lease_ms: 0,
                offline_grace_ms: 0,
            },
        };
        self.storage()?
            .apply(&write, Change::Withdraw(item.clone()))?;
        Ok(())
    }

    /// Decisions of `user` as the server holds them, in the order of arrival.
    pub(crate) fn decisions(&self, user: &ModeratorId) -> Result<HeldDecisions, Unfit> {
        use scrim_server::storage::Scope;
        let (mut all, mut since) = (Vec::new(), 0);
        loop {
            let text = self
                .storage()?
                .decisions(since, &Scope::Mine(user.clone()))?;
            let page: HeldDecisions = serde_json::from_str(&text)?;
            if page.decisions.is_empty() {
                break;
            }
            since = page.next;
            all.extend(page.decisions);
        }
        Ok(HeldDecisions {
            decisions: all,
            next: since,
            ..HeldDecisions::default()
        })
    }

    /// Everything that the platform was told to do, in order.
    pub(crate) fn outcomes(&self) -> Result<Vec<Outcome>, Unfit> {
        let (mut all, mut since) = (Vec::new(), 0);
        loop {
            let page = self.storage()?.outcomes(since)?;
            if page.outcomes.is_empty() {
                return Ok(all);
            }
            since = page.next;
            all.extend(page.outcomes);
        }
    }

    /// `open`, `claimed`, `decided`, …
    pub(crate) fn state_of(&self, item: &ItemId, user: &ModeratorId) -> Result<String, Unfit> {
        Ok(self.storage()?.item(item, user, self.time.utc())?.state)
    }
}
