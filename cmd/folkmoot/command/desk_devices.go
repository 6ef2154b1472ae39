package command

import (
	"context"

	"folkmoot/app/readmodel"
)

// otherDevices is what a session's window asks of the link to other devices.
type otherDevices interface {
	// Devices gives what is known of them at a time, in milliseconds since 1970.
	Devices(now uint64) readmodel.Devices
	Pair(ctx context.Context, id string) error
	Decline(ctx context.Context, id string) error
	Unpair(ctx context.Context, id string) error
	Invite(ctx context.Context) error
	TakeOver(ctx context.Context) error
	NameDevice(ctx context.Context, name string) error
	// Fetching is set while the session comes here for the first time.
	Fetching() *readmodel.Fetching
}

// devices gives what is known of other devices; none are let in where there is no link.
func (s *DeskSession) devices(now uint64) readmodel.Devices {
	if s.others == nil {
		return readmodel.Devices{Off: true}
	}
	return s.others.Devices(now)
}

// fetching says how far a session is that comes here for the first time, nil for none.
func (s *DeskSession) fetching() *readmodel.Fetching {
	if s.others == nil {
		return nil
	}
	return s.others.Fetching()
}

// onDevices asks something of the link, and puts what stands against it into words.
func (s *DeskSession) onDevices(ctx context.Context, do func(context.Context, otherDevices) error) error {
	ctx, done, ok := s.begin(ctx)
	if !ok {
		return errClosed()
	}
	defer done()
	err := readmodel.ErrDevicesOff
	if s.others != nil {
		err = do(ctx, s.others)
	}
	s.poke()
	if trouble := readmodel.DeviceTrouble(err); trouble != nil {
		return trouble
	}
	return s.program.explain(err)
}

// Pair lets a device in that asks.
func (s *DeskSession) Pair(ctx context.Context, id string) error {
	return s.onDevices(ctx, func(ctx context.Context, o otherDevices) error { return o.Pair(ctx, id) })
}

// Decline turns a device away that asks.
func (s *DeskSession) Decline(ctx context.Context, id string) error {
	return s.onDevices(ctx, func(ctx context.Context, o otherDevices) error { return o.Decline(ctx, id) })
}

// Unpair ends a device's part in the session.
func (s *DeskSession) Unpair(ctx context.Context, id string) error {
	return s.onDevices(ctx, func(ctx context.Context, o otherDevices) error { return o.Unpair(ctx, id) })
}

// Invite makes a secret that lets one device in.
func (s *DeskSession) Invite(ctx context.Context) error {
	return s.onDevices(ctx, func(ctx context.Context, o otherDevices) error { return o.Invite(ctx) })
}

// TakeOver makes this computer the one that leads.
func (s *DeskSession) TakeOver(ctx context.Context) error {
	return s.onDevices(ctx, func(ctx context.Context, o otherDevices) error { return o.TakeOver(ctx) })
}

// NameDevice changes what other devices call this computer.
func (s *DeskSession) NameDevice(ctx context.Context, name string) error {
	return s.onDevices(ctx, func(ctx context.Context, o otherDevices) error { return o.NameDevice(ctx, name) })
}
