//! Keeps rav1d, which defines libdav1d's functions by their names, from standing in for libdav1d where FFmpeg calls it. See
//! ADR 0022.

fn main() {
    println!("cargo::rustc-link-arg=-Wl,--exclude-libs,ALL");
    println!("cargo::rerun-if-changed=build.rs");
}
