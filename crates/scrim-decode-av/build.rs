//! Keeps what is linked statically from standing in for what FFmpeg's libraries want of each other.

fn main() {
    // `scrim-decode` brings rav1d, which defines libdav1d's functions by their names. A linker exports from a program
    // what a shared library asks for, so FFmpeg would call rav1d with structures of another shape.
    println!("cargo::rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
    println!("cargo::rerun-if-changed=build.rs");
}
