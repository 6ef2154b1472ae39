// Package replicatest helps to test what is built on a replica.
//
// Start with Disk, which holds a record in memory and fails when it is told to.
//
// Words: a disk is what replica.Disk promises; a failure is stored where the change was
// taken all the same, as after a sync that failed.
//
// A Disk may be used by several goroutines.
//
// What will bite: nothing is written anywhere, and what is erased is only forgotten.
package replicatest
