#pragma once

/// Turns on the defensive mode of a connection (`sqlite3 *`): SQL statements cannot change the schema table or other
/// internal data directly. Returns 0, or the error code of SQLite.
int curare_sqlite_set_defensive(void *connection);
