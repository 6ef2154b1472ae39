//go:build unix

package command

import (
	"errors"

	"golang.org/x/sys/unix"
)

// addressTaken says whether listening failed since another program does.
func addressTaken(err error) bool { return errors.Is(err, unix.EADDRINUSE) }

// addressDenied says whether listening failed for want of rights.
func addressDenied(err error) bool { return errors.Is(err, unix.EACCES) }
