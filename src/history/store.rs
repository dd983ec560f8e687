//! The index itself.

use super::entry::Entry;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::path::Path;

/// Version of the tables. Another one is thrown away and made again: nothing stands in it alone.
const VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE runs (
    id TEXT PRIMARY KEY, dir TEXT NOT NULL, kind TEXT NOT NULL, time TEXT NOT NULL, serial TEXT NOT NULL, model TEXT NOT NULL,
    station TEXT NOT NULL, suite TEXT NOT NULL, verdict TEXT NOT NULL, probability REAL, head TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE adapters (run TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (name, run)) WITHOUT ROWID;
CREATE INDEX by_time ON runs (time);
CREATE INDEX by_serial ON runs (serial, time);
CREATE INDEX by_verdict ON runs (verdict, time);
CREATE INDEX adapters_of ON adapters (run);
";

/// Why the history cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the history {file} cannot be used; it can be made again from the journals by `pinhole history --rebuild DIR`")]
pub struct HistoryError {
    file: String,
    source: rusqlite::Error,
}

/// Which runs are asked for. What is `None` is not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Exactly this serial number.
    pub serial: Option<String>,
    /// Any part of the model's name, in any case.
    pub model: Option<String>,
    /// Runs that name this adapter.
    pub adapter: Option<String>,
    /// Exactly this verdict.
    pub verdict: Option<String>,
    /// Not begun before this time, RFC 3339 or the beginning of one.
    pub since: Option<String>,
    /// Lines at most.
    pub limit: u32,
}

/// The index.
pub struct History {
    connection: Connection,
    file: String,
}

impl History {
    /// Opens it, and makes it where it is not there.
    ///
    /// # Errors
    /// It cannot be opened or made.
    pub fn open(path: &Path) -> Result<Self, HistoryError> {
        let file = path.display().to_string();
        let made = Connection::open(path).and_then(|connection| Self::prepare(connection, &file));
        made.map_err(|source| HistoryError { file, source })
    }

    /// One in memory, for tests and measurements.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn in_memory() -> Result<Self, HistoryError> {
        let file = ":memory:".to_owned();
        let made = Connection::open_in_memory().and_then(|connection| Self::prepare(connection, &file));
        made.map_err(|source| HistoryError { file, source })
    }

    fn prepare(connection: Connection, file: &str) -> rusqlite::Result<Self> {
        // Several benches of a station may end a run at once.
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if version != VERSION {
            connection.execute_batch("BEGIN IMMEDIATE; DROP TABLE IF EXISTS runs; DROP TABLE IF EXISTS adapters;")?;
            connection.execute_batch(TABLES)?;
            connection.execute_batch(&format!("PRAGMA user_version = {VERSION}; COMMIT;"))?;
        }
        Ok(Self { connection, file: file.to_owned() })
    }

    fn failed(&self, source: rusqlite::Error) -> HistoryError {
        HistoryError { file: self.file.clone(), source }
    }

    /// Enters runs; one that is known is entered anew.
    ///
    /// # Errors
    /// The index cannot be written.
    pub fn enter<'e>(&mut self, entries: impl IntoIterator<Item = &'e Entry>) -> Result<(), HistoryError> {
        let written = self.try_enter(entries);
        written.map_err(|source| self.failed(source))
    }

    fn try_enter<'e>(&mut self, entries: impl IntoIterator<Item = &'e Entry>) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction()?;
        {
            let mut run = transaction.prepare("INSERT OR REPLACE INTO runs VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)")?;
            let mut forget = transaction.prepare("DELETE FROM adapters WHERE run = ?1")?;
            let mut adapter = transaction.prepare("INSERT OR REPLACE INTO adapters (name, run) VALUES (?1, ?2)")?;
            for entry in entries {
                run.execute(params![
                    entry.id,
                    entry.dir,
                    entry.kind,
                    entry.time,
                    entry.serial,
                    entry.model,
                    entry.station,
                    entry.suite,
                    entry.verdict,
                    entry.probability,
                    entry.head
                ])?;
                forget.execute(params![entry.id])?;
                for name in &entry.adapters {
                    adapter.execute(params![name, entry.id])?;
                }
            }
        }
        transaction.commit()
    }

    /// The runs that fit, the newest first.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn find(&self, filter: &Filter) -> Result<Vec<Entry>, HistoryError> {
        self.try_find(filter).map_err(|source| self.failed(source))
    }

    fn try_find(&self, filter: &Filter) -> rusqlite::Result<Vec<Entry>> {
        let mut wheres = Vec::new();
        let mut values: Vec<String> = Vec::new();
        let like =
            filter.model.as_ref().map(|text| format!("%{}%", text.replace('!', "!!").replace('%', "!%").replace('_', "!_")));
        let asked = [
            ("serial = ?", filter.serial.clone()),
            ("model LIKE ? ESCAPE '!'", like),
            ("id IN (SELECT run FROM adapters WHERE name = ?)", filter.adapter.clone()),
            ("verdict = ?", filter.verdict.clone()),
            ("time >= ?", filter.since.clone()),
        ];
        for (clause, value) in asked {
            if let Some(value) = value {
                wheres.push(clause);
                values.push(value);
            }
        }
        let wheres = if wheres.is_empty() { String::new() } else { format!("WHERE {}", wheres.join(" AND ")) };
        let text = format!(
            "SELECT id, dir, kind, time, serial, model, station, suite, verdict, probability, head FROM runs {wheres} \
             ORDER BY time DESC LIMIT {}",
            filter.limit
        );
        let mut statement = self.connection.prepare(&text)?;
        let rows = statement.query_map(rusqlite::params_from_iter(&values), entry)?;
        let mut found: Vec<Entry> = rows.collect::<rusqlite::Result<_>>()?;
        let mut names = self.connection.prepare("SELECT name FROM adapters WHERE run = ? ORDER BY name")?;
        for entry in &mut found {
            let rows = names.query_map([&entry.id], |row| row.get(0))?;
            entry.adapters = rows.collect::<rusqlite::Result<_>>()?;
        }
        Ok(found)
    }

    /// The run with this id.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn get(&self, id: &str) -> Result<Option<Entry>, HistoryError> {
        let text = "SELECT id, dir, kind, time, serial, model, station, suite, verdict, probability, head FROM runs WHERE id = ?";
        self.connection.query_row(text, [id], entry).optional().map_err(|source| self.failed(source))
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        id: row.get(0)?,
        dir: row.get(1)?,
        kind: row.get(2)?,
        time: row.get(3)?,
        serial: row.get(4)?,
        model: row.get(5)?,
        station: row.get(6)?,
        suite: row.get(7)?,
        adapters: Vec::new(),
        verdict: row.get(8)?,
        probability: row.get(9)?,
        head: row.get(10)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: u32) -> Entry {
        Entry {
            id: format!("id-{number}"),
            dir: format!("reports/{number}"),
            kind: "return".to_owned(),
            time: format!("2026-11-{:02}T10:00:00Z", 1 + number % 28),
            serial: format!("AMC{}", number % 7),
            model: ["Amcrest indoor (5 V class)", "100% dome"][number as usize % 2].to_owned(),
            station: "bench".to_owned(),
            suite: "return".to_owned(),
            adapters: vec!["oem".to_owned(), ["cable", "psu"][number as usize % 2].to_owned()],
            verdict: ["supply", "button", "no_fault_found"][number as usize % 3].to_owned(),
            probability: Some(0.97),
            head: "00".to_owned(),
        }
    }

    fn ids(history: &History, filter: &Filter) -> Vec<u32> {
        let found = history.find(&Filter { limit: 1000, ..filter.clone() }).unwrap();
        let mut ids: Vec<u32> = found.iter().map(|entry| entry.id[3..].parse().unwrap()).collect();
        ids.sort_unstable();
        ids
    }

    #[test]
    fn every_filter_finds_what_it_asks_for_and_nothing_else() {
        let mut history = History::in_memory().unwrap();
        let all: Vec<Entry> = (0..100).map(entry).collect();
        history.enter(&all).unwrap();
        let some = |text: &str| Some(text.to_owned());
        let none = Filter::default;
        let expect = |keep: &dyn Fn(u32) -> bool| (0..100).filter(|n| keep(*n)).collect::<Vec<u32>>();
        assert_eq!(ids(&history, &Filter { serial: some("AMC3"), ..none() }), expect(&|n| n % 7 == 3));
        assert_eq!(ids(&history, &Filter { model: some("AMCREST"), ..none() }), expect(&|n| n % 2 == 0));
        assert_eq!(ids(&history, &Filter { model: some("100%"), ..none() }), expect(&|n| n % 2 == 1));
        assert_eq!(ids(&history, &Filter { adapter: some("psu"), ..none() }), expect(&|n| n % 2 == 1));
        assert_eq!(ids(&history, &Filter { verdict: some("button"), ..none() }), expect(&|n| n % 3 == 1));
        assert_eq!(ids(&history, &Filter { since: some("2026-11-20"), ..none() }), expect(&|n| 1 + n % 28 >= 20));
        let both = Filter { adapter: some("cable"), verdict: some("supply"), ..none() };
        assert_eq!(ids(&history, &both), expect(&|n| n % 6 == 0));
    }

    #[test]
    fn a_run_that_goes_on_is_entered_anew_and_not_twice() {
        let mut history = History::in_memory().unwrap();
        history.enter([&entry(1)]).unwrap();
        let later = Entry { verdict: "hardware".to_owned(), adapters: vec!["psu".to_owned()], ..entry(1) };
        history.enter([&later]).unwrap();
        let found = history.find(&Filter { limit: 10, ..Filter::default() }).unwrap();
        assert_eq!(found, [later]);
        assert_eq!(history.get("id-1").unwrap().unwrap().verdict, "hardware");
    }

    #[test]
    fn an_index_of_another_version_is_made_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("history.db");
        let old = Connection::open(&path).unwrap();
        old.execute_batch("CREATE TABLE runs (x TEXT); PRAGMA user_version = 99;").unwrap();
        drop(old);
        let mut history = History::open(&path).unwrap();
        history.enter([&entry(5)]).unwrap();
        drop(history);
        assert!(History::open(&path).unwrap().get("id-5").unwrap().is_some());
    }
}
