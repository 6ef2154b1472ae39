package command

import (
	"errors"
	"io/fs"

	"golang.org/x/sys/windows"
)

// addressTaken says whether listening failed since another program does.
func addressTaken(err error) bool { return errors.Is(err, windows.WSAEADDRINUSE) }

// addressDenied says whether listening failed for want of rights.
func addressDenied(err error) bool { return errors.Is(err, windows.WSAEACCES) }

// readOnlyDisk says whether writing failed since the whole disk may only be read.
func readOnlyDisk(err error) bool { return errors.Is(err, windows.ERROR_WRITE_PROTECT) }

// onlyOf says whether a file is a user's alone: what lies in the folder for temporary
// files is, which each user has for himself here.
func onlyOf(fs.FileInfo, int) bool { return true }
