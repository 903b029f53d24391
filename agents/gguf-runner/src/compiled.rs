//! What only the C interface of llama.cpp tells: its log, its version, and the CPU features it was built for.

#![expect(unsafe_code, reason = "the safe bindings leave these functions out")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::{Mutex, PoisonError};

use llama_cpp_sys_2 as sys;

/// Log text that is kept; loading any model writes less.
const KEPT_LOG: usize = 256 << 10;

static LOG: Mutex<String> = Mutex::new(String::new());

/// Sends llama.cpp's log into memory instead of stderr, which must never carry prompt text.
pub fn keep_log() {
    // SAFETY: the callback is a plain function that lives as long as the process and needs no user data.
    unsafe { sys::llama_log_set(Some(keep), std::ptr::null_mut()) }
}

/// The log so far; empties it.
pub fn take_log() -> String {
    std::mem::take(&mut *LOG.lock().unwrap_or_else(PoisonError::into_inner))
}

unsafe extern "C" fn keep(_level: sys::ggml_log_level, text: *const c_char, _data: *mut c_void) {
    if text.is_null() {
        return;
    }
    // SAFETY: llama.cpp passes a text that ends with a zero and is valid during the call.
    let text = unsafe { CStr::from_ptr(text) }.to_string_lossy();
    let mut log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    if log.len() + text.len() <= KEPT_LOG {
        log.push_str(&text);
    }
}

/// Version and commit of the engine, with those of its bindings.
pub fn version() -> String {
    // SAFETY: both return texts that are compiled in and end with a zero.
    let (version, commit) = unsafe { (text(sys::ggml_version()), text(sys::ggml_commit())) };
    // Sources from a registry carry no commit.
    let commit = if commit == "unknown" { String::new() } else { format!(" ({commit})") };
    format!("ggml {version}{commit}, llama-cpp-2 {BINDINGS}")
}

/// The version of `llama-cpp-2` that the manifest pins.
const BINDINGS: &str = "0.1.160";

/// What llama.cpp says about its build and this system. Starts its backends: check the CPU first.
pub fn system_info() -> String {
    // SAFETY: returns a text in static storage that ends with a zero; nobody else calls it.
    unsafe { text(sys::llama_print_system_info()) }
}

/// # Safety
/// `pointer` is null or a text that ends with a zero and is not written to meanwhile.
unsafe fn text(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return "unknown".to_owned();
    }
    // SAFETY: promised by the caller.
    unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned()
}

/// CPU features that the engine's code uses without asking, by the names that Rust gives them.
///
/// The answers are constants of the build, so asking is safe on a CPU that lacks them.
pub fn required_cpu_features() -> Vec<&'static str> {
    type Asked = (unsafe extern "C" fn() -> c_int, &'static str);
    const X86: [Asked; 12] = [
        (sys::ggml_cpu_has_sse3, "sse3"),
        (sys::ggml_cpu_has_ssse3, "ssse3"),
        (sys::ggml_cpu_has_avx, "avx"),
        (sys::ggml_cpu_has_avx2, "avx2"),
        (sys::ggml_cpu_has_avx_vnni, "avxvnni"),
        (sys::ggml_cpu_has_bmi2, "bmi2"),
        (sys::ggml_cpu_has_f16c, "f16c"),
        (sys::ggml_cpu_has_fma, "fma"),
        (sys::ggml_cpu_has_avx512, "avx512f"),
        (sys::ggml_cpu_has_avx512_vbmi, "avx512vbmi"),
        (sys::ggml_cpu_has_avx512_vnni, "avx512vnni"),
        (sys::ggml_cpu_has_avx512_bf16, "avx512bf16"),
    ];
    const ARM: [Asked; 5] = [
        (sys::ggml_cpu_has_neon, "neon"),
        (sys::ggml_cpu_has_fp16_va, "fp16"),
        (sys::ggml_cpu_has_dotprod, "dotprod"),
        (sys::ggml_cpu_has_matmul_int8, "i8mm"),
        (sys::ggml_cpu_has_sve, "sve"),
    ];
    let asked = X86.into_iter().chain(ARM);
    // SAFETY: these functions take nothing, touch nothing and return a constant.
    asked.filter(|(has, _)| unsafe { has() } != 0).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_named_is_the_one_that_is_pinned() {
        assert!(include_str!("../Cargo.toml").contains(&format!("\"={BINDINGS}\"")));
    }

    #[test]
    fn this_machine_can_run_what_was_built() {
        assert_eq!(crate::cpu::missing(&required_cpu_features()), [""; 0]);
    }
}
