//! Lets the program find libtorch where it was built against it.

fn main() {
    if let Ok(folder) = std::env::var("DEP_PUPIL_VISION_LIBTORCH_LIB") {
        println!("cargo::rustc-link-arg=-Wl,-rpath,{folder}");
    }
}
