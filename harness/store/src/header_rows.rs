//! A journal's header as rows: the device's clocks, the groups and the channel table.

use std::collections::HashSet;

use edgesoak_protocol::journal::Header;
use rusqlite::{Connection, params};

use crate::frames::Layout;
use crate::journal_file::JournalFile;
use crate::limits::{CHANNELS, SCALE};
use crate::numbers::{Damage, Refusal, bounded, stored};

/// Tables that hold what a journal says, children first.
const DEVICE_TABLES: [&str; 15] = [
    "token",
    "prompt",
    "phase",
    "runtime",
    "runtime_exit",
    "placed_share",
    "placement",
    "verified_file",
    "gap",
    "overhead",
    "raw_output",
    "device_change",
    "note",
    "channel",
    "channel_group",
];

/// Forgets everything that an earlier journal of the session said.
pub(crate) fn clear(tx: &Connection, session: i64) -> rusqlite::Result<()> {
    tx.execute(
        "DELETE FROM sample WHERE channel_id IN (SELECT id FROM channel WHERE session_id = ?1)",
        [session],
    )?;
    for table in DEVICE_TABLES {
        tx.execute(&format!("DELETE FROM {table} WHERE session_id = ?1"), [session])?;
    }
    Ok(())
}

/// Whether the table makes sense; nothing is written.
pub(crate) fn check(header: &Header) -> Result<(), Damage> {
    if header.channels.len() > CHANNELS {
        return Err(Damage("it has more channels than any device"));
    }
    if header.groups.iter().zip(0_usize..).any(|(group, position)| usize::from(group.id) != position) {
        return Err(Damage("its groups are not in order"));
    }
    let mut names = HashSet::new();
    for channel in &header.channels {
        if !names.insert(bounded(&channel.name)?) {
            return Err(Damage("two of its channels have the same name"));
        }
        if channel.missing.is_none() && usize::from(channel.group) >= header.groups.len() {
            return Err(Damage("a channel belongs to no group"));
        }
        if !channel.scale.is_finite() || channel.scale.abs() > SCALE {
            return Err(Damage("a channel has a scale beyond any unit"));
        }
        bounded(&channel.source)?;
    }
    bounded(&header.boot_id)?;
    bounded(&header.agent)?;
    for clock in [header.mono_ns, header.boottime_ns, header.wall_ns] {
        stored(clock)?;
    }
    header.groups.iter().try_for_each(|group| stored(group.period_ns).map(drop))
}

pub(crate) fn insert(tx: &Connection, session: i64, journal: &JournalFile) -> Result<(), Refusal> {
    let header = &journal.header;
    tx.prepare_cached(
        "UPDATE session SET header_sha256 = ?2, boot_id = ?3, agent_version = ?4, says_virtual = ?5, \
         opened_mono_ns = ?6, opened_boottime_ns = ?7, opened_unix_ns = ?8 WHERE id = ?1",
    )?
    .execute(params![
        session,
        journal.header_sha256(),
        header.boot_id,
        header.agent,
        header.is_virtual,
        stored(header.mono_ns)?,
        stored(header.boottime_ns)?,
        stored(header.wall_ns)?,
    ])?;
    let mut group_row =
        tx.prepare_cached("INSERT INTO channel_group (session_id, group_id, period_ns) VALUES (?1, ?2, ?3)")?;
    for group in &header.groups {
        group_row.execute(params![session, group.id, stored(group.period_ns)?])?;
    }
    let mut channel_row = tx.prepare_cached(
        "INSERT INTO channel (session_id, position, name, quantity, unit, scale, rule, group_id, source, \
         missing_reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    for (channel, position) in header.channels.iter().zip(0_i64..) {
        channel_row.execute(params![
            session,
            position,
            channel.name,
            channel.quantity.word(),
            channel.unit.symbol(),
            channel.scale,
            channel.rule,
            channel.group,
            channel.source,
            channel.missing.map(edgesoak_protocol::Reason::word),
        ])?;
    }
    Ok(())
}

/// Which channels the ticks of each group carry, in the order of the table.
pub(crate) fn layout(tx: &Connection, session: i64) -> rusqlite::Result<Layout> {
    let groups: usize =
        tx.query_row("SELECT count(*) FROM channel_group WHERE session_id = ?1", [session], |row| {
            row.get::<_, u16>(0).map(usize::from)
        })?;
    let mut layout = vec![Vec::new(); groups];
    let mut query = tx.prepare_cached(
        "SELECT group_id, id FROM channel WHERE session_id = ?1 AND missing_reason IS NULL ORDER BY position",
    )?;
    let mut rows = query.query([session])?;
    while let Some(row) = rows.next()? {
        let group: u8 = row.get(0)?;
        if let Some(channels) = layout.get_mut(usize::from(group)) {
            channels.push(row.get(1)?);
        }
    }
    Ok(layout)
}
