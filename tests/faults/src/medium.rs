//! Files and their directory: what a running system sees, what is durable, what lies between.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::content::Content;
use crate::image::Image;

pub(crate) type FileId = u64;

/// A change of a file since its last sync.
#[derive(Debug, Clone)]
pub(crate) enum Pending {
    Write {
        offset: usize,
        bytes: Arc<[u8]>,
        /// A sync failed and forgot it: it never becomes durable.
        forgotten: bool,
    },
    Resize(usize),
}

/// A change of the directory since it was last durable.
#[derive(Debug, Clone)]
pub(crate) enum DirChange {
    Bound(String, FileId),
    Unbound(String),
    Renamed(String, String),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Inode {
    pub(crate) live: Content,
    pub(crate) durable: Content,
    pub(crate) pending: Vec<Pending>,
}

impl Inode {
    fn settled(content: Content) -> Inode {
        Inode {
            live: content.clone(),
            durable: content,
            pending: Vec::new(),
        }
    }

    /// Everything that was not forgotten becomes durable.
    fn sync(&mut self) {
        let forgotten = |change: &Pending| {
            matches!(
                change,
                Pending::Write {
                    forgotten: true,
                    ..
                }
            )
        };
        if self.pending.iter().any(forgotten) {
            for change in &self.pending {
                match change {
                    Pending::Write {
                        forgotten,
                        offset,
                        bytes,
                    } if !forgotten => {
                        self.durable.write_at(*offset, bytes);
                    }
                    Pending::Write { .. } => {}
                    Pending::Resize(len) => self.durable.resize(*len),
                }
            }
            self.durable.resize(self.live.len());
        } else {
            self.durable = self.live.clone();
        }
        self.pending.clear();
    }
}

type Directory = BTreeMap<String, FileId>;

#[derive(Debug, Clone, Default)]
pub(crate) struct Medium {
    pub(crate) files: BTreeMap<FileId, Inode>,
    pub(crate) names: Directory,
    pub(crate) durable_names: Directory,
    pub(crate) dir_changes: Vec<DirChange>,
    next_id: FileId,
}

impl Medium {
    /// A disk that holds `image`, all of it durable.
    pub(crate) fn holding(image: &Image) -> Medium {
        let mut medium = Medium::default();
        for (name, content) in &image.files {
            medium.put(name, content.clone());
        }
        medium
    }

    /// Puts a durable file there, in place of one with its name.
    pub(crate) fn put(&mut self, name: &str, content: Content) {
        let id = self.new_id();
        self.files.insert(id, Inode::settled(content));
        self.names.insert(name.to_owned(), id);
        self.durable_names.insert(name.to_owned(), id);
        self.dir_changes.push(DirChange::Bound(name.to_owned(), id));
    }

    fn new_id(&mut self) -> FileId {
        self.next_id += 1;
        self.next_id
    }

    /// What a running system sees.
    pub(crate) fn live(&self) -> Image {
        self.image(&self.names, |inode| inode.live.clone())
    }

    /// What is there after a loss of power, whatever else is.
    pub(crate) fn durable(&self) -> Image {
        self.image(&self.durable_names, |inode| inode.durable.clone())
    }

    pub(crate) fn image(
        &self,
        names: &Directory,
        mut content: impl FnMut(&Inode) -> Content,
    ) -> Image {
        let files = names
            .iter()
            .filter_map(|(name, id)| Some((name.clone(), content(self.files.get(id)?))))
            .collect();
        Image { files }
    }

    pub(crate) fn create(&mut self, name: &str) -> FileId {
        let id = self.new_id();
        self.files.insert(id, Inode::default());
        self.change_directory(DirChange::Bound(name.to_owned(), id));
        id
    }

    /// A file without a name: gone with its last handle.
    pub(crate) fn create_nameless(&mut self) -> FileId {
        let id = self.new_id();
        self.files.insert(id, Inode::default());
        id
    }

    pub(crate) fn change_directory(&mut self, change: DirChange) {
        change.apply(&mut self.names);
        self.dir_changes.push(change);
    }

    pub(crate) fn sync_directory(&mut self) {
        self.durable_names = self.names.clone();
        self.dir_changes.clear();
    }

    pub(crate) fn write(&mut self, id: FileId, offset: usize, bytes: &[u8]) {
        if let Some(inode) = self.files.get_mut(&id) {
            inode.live.write_at(offset, bytes);
            inode.pending.push(Pending::Write {
                offset,
                bytes: bytes.into(),
                forgotten: false,
            });
        }
    }

    pub(crate) fn resize(&mut self, id: FileId, len: usize) {
        if let Some(inode) = self.files.get_mut(&id) {
            inode.live.resize(len);
            inode.pending.push(Pending::Resize(len));
        }
    }

    pub(crate) fn sync(&mut self, id: FileId) {
        if let Some(inode) = self.files.get_mut(&id) {
            inode.sync();
        }
    }

    /// What a sync that failed should have written is lost, though a running system still sees it.
    pub(crate) fn forget(&mut self, id: FileId) {
        for change in self
            .files
            .get_mut(&id)
            .into_iter()
            .flat_map(|inode| &mut inode.pending)
        {
            if let Pending::Write { forgotten, .. } = change {
                *forgotten = true;
            }
        }
    }

    /// Lets go of files that no name and no handle leads to.
    pub(crate) fn collect(&mut self, open: &BTreeSet<FileId>) {
        let bound = self.dir_changes.iter().filter_map(|change| match change {
            DirChange::Bound(_, id) => Some(id),
            DirChange::Unbound(_) | DirChange::Renamed(..) => None,
        });
        let reached: BTreeSet<FileId> = open
            .iter()
            .chain(self.names.values())
            .chain(self.durable_names.values())
            .chain(bound)
            .copied()
            .collect();
        self.files.retain(|id, _| reached.contains(id));
    }
}

impl DirChange {
    pub(crate) fn apply(&self, names: &mut Directory) {
        match self {
            DirChange::Bound(name, id) => {
                names.insert(name.clone(), *id);
            }
            DirChange::Unbound(name) => {
                names.remove(name);
            }
            DirChange::Renamed(from, to) => {
                if let Some(id) = names.remove(from) {
                    names.insert(to.clone(), id);
                }
            }
        }
    }
}
