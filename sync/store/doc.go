// Package store keeps a session's record in one bbolt file, with the keys that
// belong to it in a file beside it.
//
// Start with Create and Open; a File is an oplog.Log.
//
// Words: the data folder holds for each session <id>.folkmoot (the record) and
// <id>.key (the device's signing key and the key that seals personal payloads).
//
// Promises: what Append and Commit have taken is on the disk, synced, and is
// there again after kill -9 or a power cut; an Append is whole or not at all. A
// File may be used by several goroutines, one of them writing.
//
// What will bite: after a Commit that failed nothing is written before Recover; bbolt
// locks its file, so one program at a time has a session open; and losing the .key
// file is the same as erasing the names for good.
package store
