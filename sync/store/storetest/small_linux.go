package storetest

import (
	"os"
	"os/exec"
	"syscall"
)

// OnSmallDisk gives a command that runs a program where it may mount what it likes, seen
// by nobody else; the program calls Mount. It needs a system that grants that: Start
// gives an error where it does not.
func OnSmallDisk(program string, args ...string) *exec.Cmd {
	c := exec.Command(program, args...)
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	return c
}

// Mount puts a memory disk of eight MiB over a folder.
func Mount(folder string) error { return syscall.Mount("none", folder, "tmpfs", 0, "size=8m") }
