// Package nettest makes a small network for tests: hosts in network namespaces of their
// own, each with one cable to a common switch.
//
// Start with New(t, 3) and Net.Host; call Main from TestMain where tests should also run
// for somebody who is not root.
//
// Words: a host is a namespace with an adapter eth0, the address 10.77.0.N and the
// link-local fe80::77:N, and no default route. The switch is a bridge in a namespace of
// its own.
//
// Promises: nothing has a name outside the process, so runs do not meet, and the kernel
// takes everything away when the process ends, however it ends. A machine that refuses
// namespaces fails the test with a sentence. Methods of different hosts may be called from
// several goroutines.
//
// What will bite: a goroutine that In's function starts is not in the namespace; what it
// opens before it returns is. Linux only.
package nettest
