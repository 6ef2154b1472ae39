package command

import (
	"errors"

	"golang.org/x/sys/windows"
)

// freeSpace gives how many bytes may still be written in a folder.
func freeSpace(dir string) (uint64, error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	var free uint64
	err = windows.GetDiskFreeSpaceEx(name, &free, nil, nil)
	return free, err
}

// noRoom is what this system says where a disk is full.
const noRoom = windows.ERROR_DISK_FULL

// diskFull says whether writing failed for want of room.
func diskFull(err error) bool {
	return errors.Is(err, noRoom) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}

// addressTaken says whether listening failed since another program does.
func addressTaken(err error) bool { return errors.Is(err, windows.WSAEADDRINUSE) }

// addressDenied says whether listening failed for want of rights.
func addressDenied(err error) bool { return errors.Is(err, windows.WSAEACCES) }

// readOnlyDisk says whether writing failed since the whole disk may only be read.
func readOnlyDisk(err error) bool { return errors.Is(err, windows.ERROR_WRITE_PROTECT) }
