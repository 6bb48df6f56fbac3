//! How long a shut way still counts as one that goods can take: news travels.

/// Whether goods are still made and sent for a way that has been shut for so many days in a row, today included (0: it is open).
///
/// ```
/// # use ripstop::rule::news::still_sent;
/// assert_eq!([0, 1, 3, 4].map(|shut_days| still_sent(shut_days, 3)), [true, true, true, false]);
/// assert_eq!([0, 1].map(|shut_days| still_sent(shut_days, 0)), [true, false]);
/// ```
#[inline(always)]
pub fn still_sent(shut_days: u32, news_days: u32) -> bool {
    shut_days <= news_days
}
