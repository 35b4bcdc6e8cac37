//! What the managed file says besides its floor: tables `server`, `tls`, `proxy`, `origins`, `keys`, `workers`.
//!
//! A file that is there and cannot be used in full never means "no rules": then nobody is
//! contacted, and it is said why. Only whoever owns the file can bring that about.

use std::path::Path;

use scrim_media::Waived;
use scrim_queue::{IssuerAddress, Origin, Pin, ProxyAddress, Trust};
use serde_json::{Map, Value};

use crate::keys::place::KeyPlace;
use crate::limits::{MANAGED_LIST_MAX, MANAGED_TEXT_CHARS_MAX};
use crate::owned::owned_bytes;

/// What is managed of the network; everything that is left out is free.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetworkRules {
    /// The only queue server that this computer may sign in to.
    pub server: Option<Origin>,
    /// Who says who people are.
    pub issuer: Option<IssuerAddress>,
    /// What desks are called there.
    pub client_id: Option<String>,
    /// Whose certificates are trusted; a sign-in cannot add to it.
    pub trust: Option<Trust>,
    /// The proxy that every call goes through.
    pub proxy: Option<ProxyAddress>,
    /// Origins that may be contacted as well: an issuer's endpoints on other hosts.
    pub also: Vec<Origin>,
    /// Where updates come from.
    pub updates: Option<Origin>,
    /// Where media come from, if not from the queue server.
    pub media: Option<Origin>,
    /// The place that the key of the records must have.
    pub key_place: Option<KeyPlace>,
    /// Walls that workers may lack.
    pub waived: Waived,
}

/// One table of the file.
struct Table<'a> {
    name: &'static str,
    rows: Map<String, Value>,
    faults: &'a mut Vec<String>,
}

impl Table<'_> {
    fn fault(&mut self, key: &str, why: &str) {
        self.faults.push(format!("{}.{key} {why}", self.name));
    }

    fn text(&mut self, key: &str) -> Option<String> {
        match self.rows.remove(key)? {
            Value::String(text) if text.chars().count() <= MANAGED_TEXT_CHARS_MAX => Some(text),
            _ => {
                self.fault(key, "must be a text of reasonable length");
                None
            }
        }
    }

    fn read<T, E: std::fmt::Display>(
        &mut self,
        key: &str,
        read: impl Fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.text(key)?;
        match read(&text) {
            Ok(value) => Some(value),
            Err(why) => {
                self.fault(key, &why.to_string());
                None
            }
        }
    }

    fn list<T, E: std::fmt::Display>(
        &mut self,
        key: &str,
        read: impl Fn(&str) -> Result<T, E>,
    ) -> Vec<T> {
        let rows = match self.rows.remove(key) {
            None => return Vec::new(),
            Some(Value::Array(rows)) if rows.len() <= MANAGED_LIST_MAX => rows,
            Some(_) => {
                self.fault(key, "must be a short list");
                return Vec::new();
            }
        };
        let mut out = Vec::new();
        for row in rows {
            match row.as_str().map(&read) {
                Some(Ok(value)) => out.push(value),
                Some(Err(why)) => self.fault(key, &why.to_string()),
                None => self.fault(key, "must be a list of texts"),
            }
        }
        out
    }

    fn flag(&mut self, key: &str) -> bool {
        match self.rows.remove(key) {
            None => false,
            Some(Value::Bool(is)) => is,
            Some(_) => {
                self.fault(key, "must be true or false");
                false
            }
        }
    }

    /// Whatever nobody asked for is unknown.
    fn end(mut self) {
        let unknown: Vec<String> = self.rows.keys().cloned().collect();
        for key in unknown {
            self.fault(&key, "is no key that Scrim knows");
        }
    }
}

/// Reads the tables out of `document`; all of them, or what is wrong.
pub(crate) fn read(document: &Map<String, Value>, owner: u32) -> Result<NetworkRules, Vec<String>> {
    let (mut rules, mut faults) = (NetworkRules::default(), Vec::new());
    for (name, value) in document {
        if ![
            "version",
            "protection",
            "server",
            "tls",
            "proxy",
            "origins",
            "keys",
            "workers",
        ]
        .contains(&name.as_str())
        {
            faults.push(format!("{name} is no table that Scrim knows"));
        }
        if name == "version" && value != &Value::from(1) {
            faults.push("version must be 1".to_owned());
        }
    }
    if let Some(mut server) = table(document, "server", &mut faults) {
        rules.server = server.read("url", origin);
        rules.issuer = server.read("oidc_issuer", issuer);
        rules.client_id = server.text("oidc_client_id");
        server.end();
    }
    if let Some(mut tls) = table(document, "tls", &mut faults) {
        rules.trust = trust(&mut tls, owner);
        tls.end();
    }
    if let Some(mut proxy) = table(document, "proxy", &mut faults) {
        rules.proxy = proxy.read("url", ProxyAddress::parse);
        proxy.end();
    }
    if let Some(mut origins) = table(document, "origins", &mut faults) {
        rules.also = origins.list("also", origin);
        rules.updates = origins.read("updates", origin);
        rules.media = origins.read("media", origin);
        origins.end();
    }
    if let Some(mut keys) = table(document, "keys", &mut faults) {
        rules.key_place = keys.read("require", key_place);
        keys.end();
    }
    if let Some(mut workers) = table(document, "workers", &mut faults) {
        rules.waived.landlock = !workers.list("allow_without", wall).is_empty();
        workers.end();
    }
    if faults.is_empty() {
        Ok(rules)
    } else {
        Err(faults)
    }
}

fn table<'a>(
    document: &Map<String, Value>,
    name: &'static str,
    faults: &'a mut Vec<String>,
) -> Option<Table<'a>> {
    match document.get(name)? {
        Value::Object(rows) => Some(Table {
            name,
            rows: rows.clone(),
            faults,
        }),
        _ => {
            faults.push(format!("[{name}] must be a table"));
            None
        }
    }
}

fn origin(text: &str) -> Result<Origin, &'static str> {
    Origin::parse(text).map_err(|_| "must be https://host or https://host:port, without a path")
}

fn issuer(text: &str) -> Result<IssuerAddress, &'static str> {
    IssuerAddress::parse(text).map_err(|_| "must be an https:// address without a query")
}

fn key_place(text: &str) -> Result<KeyPlace, &'static str> {
    match text {
        "keyring" => Ok(KeyPlace::Keyring),
        "passphrase" => Ok(KeyPlace::Passphrase),
        _ => Err("must be \"keyring\" or \"passphrase\""),
    }
}

/// A wall that can be waived; there is no other than this one.
fn wall(text: &str) -> Result<(), &'static str> {
    match text {
        "landlock" => Ok(()),
        _ => Err("may name \"landlock\" and no other wall"),
    }
}

/// The table `tls`. Its file is held to the same rules as the managed file itself.
fn trust(tls: &mut Table<'_>, owner: u32) -> Option<Trust> {
    let (file, alone) = (tls.text("ca_file"), tls.flag("only_this_ca"));
    let pins = tls.list("pins", Pin::parse);
    let mut trust = Trust::system();
    if let Some(file) = &file {
        let path = Path::new(file);
        if !path.is_absolute() {
            tls.fault("ca_file", "must be a full path");
            return None;
        }
        let bytes = match owned_bytes(path, owner, scrim_queue::limits::CA_BYTES_MAX) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                tls.fault("ca_file", "names a file that is not there");
                return None;
            }
            Err(why) => {
                tls.fault("ca_file", &format!("cannot be used: {why}"));
                return None;
            }
        };
        match trust.with_authorities(&bytes, alone) {
            Ok(with) => trust = with,
            Err(why) => {
                tls.fault("ca_file", &why.to_string());
                return None;
            }
        }
    } else if alone {
        tls.fault("only_this_ca", "needs ca_file");
        return None;
    }
    match trust.with_pins(pins) {
        Ok(trust) => Some(trust),
        Err(why) => {
            tls.fault("pins", &why.to_string());
            None
        }
    }
}
