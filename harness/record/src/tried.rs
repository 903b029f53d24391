//! Where a route was tried.

/// A family on which a session of a route was planned, whatever became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// Id of the route.
    pub route: String,
    /// Id of the family.
    pub family: String,
    /// On a simulated device.
    pub is_virtual: bool,
}
