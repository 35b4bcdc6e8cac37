//! The architecture's "Dependencies point one way" paragraph as data. To allow a new edge, change
//! the paragraph first, then this page.

/// Packages of the workspace and the workspace packages that each may link.
///
/// A package that is missing here is a breach, unless it lives under `tests/`: those may know
/// anything. Development dependencies are tests as well and are not looked at.
pub(crate) const MAY_LINK: &[(&str, &[&str])] = &[
    ("scrim-model", &[]),
    ("scrim-wire", &["scrim-model"]),
    ("scrim-desk", &["scrim-model", "scrim-wire"]),
    ("scrim-store", &["scrim-model", "scrim-wire"]),
    ("scrim-queue", &["scrim-model", "scrim-wire"]),
    ("scrim-media", &["scrim-model", "scrim-wire"]),
    ("scrim-report", &["scrim-model", "scrim-wire"]),
    ("scrim-server", &["scrim-model", "scrim-wire"]),
    ("scrim-pdq", &["scrim-model"]),
    ("scrim-decode", &["scrim-model", "scrim-wire", "scrim-pdq"]),
    ("scrim-decode-av", &["scrim-wire", "scrim-decode"]),
    ("scrim-window", &["scrim-model", "scrim-wire"]),
    ("scrim-samples", &["scrim-model", "scrim-wire"]),
    (
        "scrim-runtime",
        &[
            "scrim-model",
            "scrim-wire",
            "scrim-desk",
            "scrim-store",
            "scrim-queue",
            "scrim-media",
            "scrim-report",
        ],
    ),
    (
        "scrim-agent",
        &["scrim-model", "scrim-wire", "scrim-runtime"],
    ),
    (
        "scrim-cli",
        &[
            "scrim-model",
            "scrim-wire",
            "scrim-runtime",
            "scrim-store",
            "scrim-queue",
            "scrim-media",
            "scrim-report",
        ],
    ),
    // Makes manual pages and completions for packages; ships nowhere.
    ("scrim-pages", &["scrim-cli", "scrim-server"]),
];

/// Outside crates that have a home: nothing else may bring them in.
pub(crate) struct Home {
    /// Names of the outside crates.
    pub(crate) crates: &'static [&'static str],
    /// Packages that may bring them in.
    pub(crate) owners: &'static [&'static str],
    /// Whether packages under `tests/` may as well.
    pub(crate) tests_too: bool,
    /// `(package, outside crate)`: what the package gets only because that crate brings it along.
    pub(crate) through: &'static [(&'static str, &'static str)],
    /// Completes "because …".
    pub(crate) because: &'static str,
}

/// Every crate with a home.
pub(crate) const HOMES: &[Home] = &[
    Home {
        crates: &["rusqlite", "libsqlite3-sys"],
        owners: &["scrim-store", "scrim-server"],
        tests_too: true,
        through: &[],
        because: "only the store and the server's storage know a database",
    },
    Home {
        crates: &["ureq"],
        owners: &["scrim-queue", "scrim-server"],
        tests_too: true,
        through: &[],
        because: "only the connector of a desk and the server's reading of an issuer's keys contact anybody",
    },
    Home {
        crates: &["egui", "eframe", "egui_plot"],
        owners: &["scrim-window"],
        tests_too: true,
        through: &[],
        because: "only the window draws",
    },
    Home {
        crates: &["pulseaudio"],
        owners: &["scrim-window"],
        tests_too: false,
        through: &[],
        because: "only the window is heard",
    },
    Home {
        crates: &["tauri", "wry"],
        owners: &["scrim-agent"],
        tests_too: false,
        through: &[],
        because: "Tauri belongs to the agent alone",
    },
    Home {
        crates: &["argon2", "chacha20poly1305", "secret-service"],
        owners: &["scrim-runtime"],
        tests_too: false,
        through: &[],
        because: "keys are kept in one place",
    },
    Home {
        crates: &[
            "image",
            "image-webp",
            "png",
            "gif",
            "tiff",
            "moxcms",
            "mp4parse",
            "rav1d",
            "zune-jpeg",
            "turbojpeg",
            "fast_image_resize",
        ],
        owners: &["scrim-decode", "scrim-decode-av"],
        tests_too: true,
        through: &[("scrim-window", "eframe"), ("scrim-agent", "tauri")],
        because: "hostile media is decoded in the sandboxed worker and nowhere else",
    },
    Home {
        crates: &["rust_xlsxwriter"],
        owners: &["scrim-report"],
        tests_too: false,
        through: &[],
        because: "only the exports write workbooks",
    },
    Home {
        crates: &["indicatif"],
        owners: &["scrim-cli"],
        tests_too: false,
        through: &[],
        because: "only the console has a terminal",
    },
    Home {
        crates: &["clap_complete", "clap_mangen"],
        owners: &["scrim-pages"],
        tests_too: false,
        through: &[],
        because: "pages and completions are made for packages, not by what ships",
    },
    Home {
        crates: &["ffmpeg-sys-next"],
        owners: &["scrim-decode-av"],
        tests_too: false,
        through: &[],
        because: "FFmpeg's libraries are loaded only where a medium lasts, behind the walls",
    },
];

/// A crate that must not be anywhere in a package's linked tree, its own workspace packages included.
pub(crate) struct Absent {
    /// The package whose tree is read.
    pub(crate) package: &'static str,
    /// Names that must not be in it.
    pub(crate) crates: &'static [&'static str],
    /// Completes "because …".
    pub(crate) because: &'static str,
}

/// Every absence.
pub(crate) const ABSENCES: &[Absent] = &[
    Absent {
        package: "scrim-window",
        crates: &[
            "reqwest",
            "ureq",
            "hyper",
            "axum",
            "rusqlite",
            "libsqlite3-sys",
        ],
        because: "the window has neither network nor database",
    },
    Absent {
        package: "scrim-window",
        crates: &["arboard"],
        because: "the toolkit's clipboard is off: media cannot be copied",
    },
    Absent {
        package: "scrim-window",
        crates: &["turbojpeg", "fast_image_resize", "gif", "image-webp"],
        because: "the window has no codec but eframe's own png",
    },
    Absent {
        package: "scrim-desk",
        crates: PURE,
        because: "the heart is pure: events in, effects out",
    },
    Absent {
        package: "scrim-model",
        crates: PURE,
        because: "the model is pure: no input, no output, no clock",
    },
    Absent {
        package: "scrim-cli",
        crates: &["tauri", "wry", "eframe"],
        because: "the console works without a desktop",
    },
    Absent {
        package: "scrim-agent",
        crates: &["scrim-server", "axum"],
        because: "demo and smoke spawn the server, the agent never contains it",
    },
    Absent {
        package: "scrim-desk",
        crates: &["scrim-store", "scrim-queue", "scrim-media"],
        because: "the desk asks for effects and does not know who carries them out",
    },
];

const PURE: &[&str] = &["tokio", "rusqlite", "egui", "image", "ureq", "rand"];
