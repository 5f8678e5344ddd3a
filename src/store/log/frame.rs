//! Pure: one record of the log as bytes, and back.
//!
//! A frame is a checksum, the length of its payload, its number, how far the log was synced when
//! it was written, and the payload; zeros fill it up to a multiple of eight bytes. The checksum is
//! over all that follows it up to the end of the payload.

/// Where frames begin: so that one can be looked for behind damage.
pub(super) const ALIGNMENT: usize = 8;
/// What stands before the payload.
pub(super) const HEADER_BYTES: usize = 24;

/// One record, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Frame<'a> {
    /// Its number.
    pub(in crate::store) seq: u64,
    /// Every record up to this one was on disk when it was written.
    pub(in crate::store) synced: u64,
    /// What it says.
    pub(in crate::store) payload: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Writes the frame; `None` when the payload is larger than four gigabytes.
    pub(in crate::store) fn encode(&self) -> Option<Vec<u8>> {
        let length = u32::try_from(self.payload.len()).ok()?;
        let mut bytes = Vec::with_capacity(HEADER_BYTES + self.payload.len() + ALIGNMENT);
        bytes.extend([0; 4]);
        bytes.extend(length.to_le_bytes());
        bytes.extend(self.seq.to_le_bytes());
        bytes.extend(self.synced.to_le_bytes());
        bytes.extend(self.payload);
        let checksum = crc32fast::hash(&bytes[4..]);
        bytes[..4].copy_from_slice(&checksum.to_le_bytes());
        bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), 0);
        Some(bytes)
    }

    /// Reads the frame that begins here; `None` when there is no whole one.
    pub(in crate::store) fn decode(bytes: &'a [u8]) -> Option<Self> {
        let (checksum, rest) = bytes.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (seq, rest) = rest.split_first_chunk()?;
        let (synced, rest) = rest.split_first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let payload = rest.get(..length)?;
        let summed = &bytes[4..HEADER_BYTES + length];
        if payload.is_empty() || crc32fast::hash(summed) != u32::from_le_bytes(*checksum) {
            return None;
        }
        Some(Self {
            seq: u64::from_le_bytes(*seq),
            synced: u64::from_le_bytes(*synced),
            payload,
        })
    }

    /// Returns how many bytes the frame takes.
    pub(in crate::store) fn size(&self) -> usize {
        (HEADER_BYTES + self.payload.len()).next_multiple_of(ALIGNMENT)
    }
}
