//! What a person may do.

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Work with Claude.
    User,
    /// And manage the bridge, which many people share.
    Admin,
    /// Everything, on a bridge that serves nobody else.
    Owner,
}

impl Role {
    /// Tells whether the person decides for others, or has nobody above them.
    pub fn is_in_charge(self) -> bool {
        match self {
            Role::User => false,
            Role::Admin | Role::Owner => true,
        }
    }
}
