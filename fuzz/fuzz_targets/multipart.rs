#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| server::http::multipart_of_any_bytes(bytes));
