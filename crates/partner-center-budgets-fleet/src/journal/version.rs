/// The version of the journals that are written and read. Version 1 had no checksums, version 2 had others.
pub(super) const VERSION: u32 = 3;
