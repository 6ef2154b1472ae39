// Package storetest tries a store under failing disks and power loss.
//
// Start with Images and Faults; a Disk is the store.System that both use.
//
// Words: a call is one write or sync that the store, or bbolt below it, asks for; an
// image is a data folder as it may stand after the power went; an item is acknowledged
// once somebody was told that it is saved.
//
// What is real and what is pretended: all writing is done by bbolt itself, through the
// files that the Disk's OpenFile gives it. Its writes are seen one by one, in their
// order, in place of the file's own WriteAt. Its syncs are not seen but known: bbolt
// writes the pages of a transaction, syncs, writes the one page that makes them count,
// and syncs again; before that it lets the file grow and syncs. A write that fails
// returns the error wished for; a sync that fails does so truly, since the file below
// bbolt is exchanged for a pipe at that moment, and so the error is the system's own.
//
// An image holds all that was synced. Of what was written to a file after its last sync
// any subset of its sectors of 512 bytes is there, in any order, and of what was done to
// names in a folder any beginning. After a sync that failed, a later one says nothing of
// what was written before it: each such sector is there or not, until it is written anew.
// Not pretended is that the running program reads other bytes than it wrote.
package storetest
