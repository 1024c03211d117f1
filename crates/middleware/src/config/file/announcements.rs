//! What the merchant has to say, to whom and when.

use gateway::{AnnouncementPolicy, Audience};
use protocol::{Announcement, Date};

use super::texts::{id, texts};
use crate::config::error::ConfigError;
use crate::config::source::Source;
use crate::config::spanned::Spanned;
use crate::config::tables::TextTable;

/// The keys of an announcement beside its texts.
const KEYS: [&str; 6] = ["id", "picture", "link", "from", "until", "audience"];
/// The longest text, in characters.
const LONGEST: usize = 500;
/// How many there may be.
const MOST: usize = 20;

/// The announcements in the order of the file.
pub(super) fn announcements(
    source: &Source<'_>,
    tables: &[Spanned<TextTable>],
) -> Result<Vec<AnnouncementPolicy>, ConfigError> {
    if let Some(beyond) = tables.get(MOST) {
        let hint = "take out those that are over";
        return Err(source.wrong(beyond, "there are more than 20 announcements", hint));
    }
    let mut found: Vec<AnnouncementPolicy> = Vec::new();
    for table in tables {
        let one = announcement(source, table)?;
        let is_same = |other: &AnnouncementPolicy| other.announcement.id == one.announcement.id;
        if found.iter().any(is_same) {
            let message = format!("{} is there twice", one.announcement.id);
            return Err(source.wrong(table, message, "give one of the two another id"));
        }
        found.push(one);
    }
    Ok(found)
}

fn announcement(
    source: &Source<'_>,
    table: &Spanned<TextTable>,
) -> Result<AnnouncementPolicy, ConfigError> {
    let id = id(source, table)?;
    let text = texts(source, table, &KEYS)?;
    let keys = table.as_ref();
    for (key, value) in keys {
        if !KEYS.contains(&key.as_str()) && value.as_ref().chars().count() > LONGEST {
            let hint = "say it in a sentence or two, and link to the rest";
            return Err(source.wrong(value, "longer than 500 characters", hint));
        }
    }
    let url = |key: &str| {
        let url = keys.get(key).map(|value| source.url(value));
        Ok(url.transpose()?.map(|url| url.url().to_string()))
    };
    let day = |key: &str| keys.get(key).map(|value| day(source, value)).transpose();
    let (from, until) = (day("from")?, day("until")?);
    if let (Some(from), Some(until), Some(value)) = (from, until, keys.get("until"))
        && until < from
    {
        let hint = "name a day from `from` on";
        return Err(source.wrong(value, "it is over before it begins", hint));
    }
    Ok(AnnouncementPolicy {
        announcement: Announcement {
            id,
            text,
            picture: url("picture")?,
            link: url("link")?,
        },
        audience: match keys.get("audience") {
            Some(value) => audience(source, value)?,
            None => Audience::All,
        },
        from,
        until,
    })
}

fn day(source: &Source<'_>, value: &Spanned<String>) -> Result<Date, ConfigError> {
    let day = value.as_ref().parse();
    day.map_err(|_| {
        source.wrong(
            value,
            "not a date",
            "write it like \"2026-12-25\", in quotes",
        )
    })
}

fn audience(source: &Source<'_>, value: &Spanned<String>) -> Result<Audience, ConfigError> {
    match value.as_ref().as_str() {
        "all" => Ok(Audience::All),
        "active" => Ok(Audience::Active),
        "cancelled" => Ok(Audience::Cancelled),
        "new" => Ok(Audience::New),
        _ => {
            let hint = "there are: all, active, cancelled, new";
            Err(source.wrong(value, "no such audience", hint))
        }
    }
}
