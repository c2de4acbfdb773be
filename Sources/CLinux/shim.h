#pragma once
// Declarations of GNU extensions. Swift's import of glibc does not contain them.
extern int syncfs(int descriptor);
/// An offset and a count of 0 mean the whole file.
extern int sync_file_range(int descriptor, long long offset, long long count, unsigned int flags);
/// Flag 1 (RENAME_NOREPLACE): an existing file is not replaced.
extern int renameat2(int old_folder, const char *old_path, int new_folder, const char *new_path, unsigned int flags);
