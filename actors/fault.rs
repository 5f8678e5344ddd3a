//! Named points at which a test can break the bridge: nothing at all without the feature
//! `fault-points`, which no release has.
//!
//! A point is switched on by the environment, in the words of the crate `fail`:
//! `FAILPOINTS="outbox.noted=2*off->1*return"` ends the process at once when the point is passed
//! for the third time, `=1*sleep(300)` makes it wait, and `=1*return(disk full)` makes it fail
//! where a point can fail.

/// Marks a point. The second form can fail: it returns `$fail(reason)` from the function.
#[macro_export]
macro_rules! fault_point {
    ($name:literal) => {{
        #[cfg(feature = "fault-points")]
        if let Some(reason) = $crate::fault::hit($name) {
            panic!("the fault point {} is to fail: {reason}", $name);
        }
    }};
    ($name:literal, $fail:expr) => {{
        #[cfg(feature = "fault-points")]
        if let Some(reason) = $crate::fault::hit($name) {
            return $fail(reason);
        }
    }};
}

/// Does what the environment wants done at a point; returns the reason if it is to fail.
#[cfg(feature = "fault-points")]
pub fn hit(name: &str) -> Option<String> {
    let reason = fail::eval(name, Option::unwrap_or_default)?;
    if reason.is_empty() {
        // As after kill -9: nothing is flushed, closed or said.
        std::process::abort();
    }
    Some(reason)
}
