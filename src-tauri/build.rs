//! Makes Tauri’s context known to the compiler.

fn main() {
    tauri_build::build();
}
