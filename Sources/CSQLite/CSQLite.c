#include "CSQLite.h"

#include <sqlite3.h>
#include <stddef.h>

// Swift cannot call sqlite3_db_config, because it has variadic parameters.
int curare_sqlite_set_defensive(void *connection) {
    int is_on = 0;
    int result = sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, &is_on);
    if (result != SQLITE_OK) return result;
    return is_on ? SQLITE_OK : SQLITE_ERROR;
}
