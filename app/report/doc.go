// Package report writes what leaves a session: data in other tools' formats, the
// report as one page, and the pack of all of it.
//
// Start with WritePack, which writes a checked folder, and VerifyPack; WritePolis,
// WriteHTML, WriteSVG, WritePNG and the others write one thing each into a Target.
//
// # Words
//
// A Source is what is written about: a View, the log behind it where the caller has
// it, and who gets which public number. A Target takes files by path (a folder, or
// memory). The public part of a pack is for everybody; the private part stays with
// the host. The counting rule is the same everywhere: the last vote of each person
// on each statement.
//
// # What is public
//
// Imported people and statements keep the source's ids. People of the room get
// fresh numbers above them in random order, and the start of the opinion round as
// their time; who is who is forgotten with the Source. Names, the log and full
// times stand in the private part only, and nothing is public without a licence.
//
// # Concurrency
//
// A Source may be used by one goroutine at a time. All else are pure functions but
// for Folder, WritePack and VerifyPack, which work on the disk.
//
// # What will bite
//
//   - The same Source writes the same bytes; two Sources of one record with different
//     random bytes number the room's people differently, so the files of one
//     publication must come from one Source.
//   - Without Source.Entries the imported votes that were changed later are missing
//     from votes.csv, and there is no log to write.
package report
