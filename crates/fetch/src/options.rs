//! How patient a download is.

use std::time::Duration;

/// The knobs of a download.
///
/// | field | default | purpose |
/// |---|---|---|
/// | `connect_timeout` | 30 s | for the address, the connection and its encryption |
/// | `stall_timeout` | 60 s | the longest silence of the server |
/// | `attempts` | 5 | failures in a row after which to give up; getting a mebibyte further starts the count anew |
/// | `first_pause` | 1 s | before the second attempt; doubled before each further one, to a minute at most |
/// | `use_proxy` | yes | goes through the proxy that `ALL_PROXY`, `HTTPS_PROXY` or `HTTP_PROXY` names, but for hosts in `NO_PROXY` |
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// For the address, the connection and its encryption.
    pub connect_timeout: Duration,
    /// The longest silence of the server.
    pub stall_timeout: Duration,
    /// Failures in a row after which to give up; 0 counts as 1.
    pub attempts: u32,
    /// The pause before the second attempt.
    pub first_pause: Duration,
    /// Whether to go through the proxy that the environment names, if it names one.
    pub use_proxy: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(30),
            stall_timeout: Duration::from_secs(60),
            attempts: 5,
            first_pause: Duration::from_secs(1),
            use_proxy: true,
        }
    }
}

impl Options {
    /// The pause after `failures` failures in a row.
    pub(crate) fn pause_after(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(16);
        self.first_pause.saturating_mul(1 << doublings).min(Duration::from_secs(60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute() {
        let options = Options::default();
        let seconds: Vec<u64> = [1, 2, 3, 7, 40].iter().map(|&n| options.pause_after(n).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 60, 60]);
    }
}
