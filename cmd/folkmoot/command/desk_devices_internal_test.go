package command

import (
	"context"
	"errors"
	"slices"
	"testing"

	"folkmoot/app/readmodel"
)

// fakeOthers writes down what is asked of a link to other devices.
type fakeOthers struct {
	asked []string
	fails error
}

func (f *fakeOthers) ask(what string) error { f.asked = append(f.asked, what); return f.fails }
func (f *fakeOthers) Devices(uint64) readmodel.Devices {
	return readmodel.Devices{Name: "Front desk", Port: 8443}
}
func (f *fakeOthers) Pair(_ context.Context, id string) error    { return f.ask("pair " + id) }
func (f *fakeOthers) Decline(_ context.Context, id string) error { return f.ask("decline " + id) }
func (f *fakeOthers) Unpair(_ context.Context, id string) error  { return f.ask("unpair " + id) }
func (f *fakeOthers) Invite(context.Context) error               { return f.ask("invite") }
func (f *fakeOthers) TakeOver(context.Context) error             { return f.ask("take over") }
func (f *fakeOthers) Fetching() *readmodel.Fetching              { return nil }
func (f *fakeOthers) NameDevice(_ context.Context, name string) error {
	return f.ask("name " + name)
}

// What the window asks of devices comes to the link, and what stands against it comes back
// in words; without a link each is refused in words.
func TestDeskSessionAsksOfDevices(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	s := &DeskSession{program: NewDesk(t.Context(), "folkmoot", t.TempDir(), Streams{}), poked: make(chan struct{}, 1), end: end,
		within: func(context.Context) (context.Context, context.CancelFunc) { return ctx, func() {} }}
	all := func() (failed []error) {
		return []error{s.Pair(ctx, "a"), s.Decline(ctx, "b"), s.Unpair(ctx, "c"), s.Invite(ctx), s.TakeOver(ctx), s.NameDevice(ctx, "d")}
	}
	key := func(err error) string {
		var trouble *readmodel.Trouble
		if errors.As(err, &trouble) {
			return trouble.Key
		}
		return ""
	}
	for i, err := range all() {
		if key(err) != "devices.off" {
			t.Errorf("call %d without a link: %v", i, err)
		}
	}
	if !s.devices(1).Off {
		t.Error("without a link the screen is not told that no devices are let in")
	}
	link := &fakeOthers{}
	s.others = link
	for i, err := range all() {
		if err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
	if want := []string{"pair a", "decline b", "unpair c", "invite", "take over", "name d"}; !slices.Equal(link.asked, want) {
		t.Errorf("asked %q, want %q", link.asked, want)
	}
	if len(s.poked) != 1 || s.devices(1).Name != "Front desk" {
		t.Error("the Sheet is not shown anew with what the link knows")
	}
	for err, want := range map[error]string{readmodel.ErrNotAsking: "devices.err_not_asking", readmodel.ErrUnknownDevice: "devices.err_unknown", readmodel.ErrDeviceAway: "devices.err_away",
		readmodel.ErrLeadsAlready: "devices.err_leads", readmodel.ErrDeviceName: "devices.err_name"} {
		link.fails = err
		for i, got := range all() {
			if key(got) != want {
				t.Errorf("call %d: %v, want %s", i, got, want)
			}
		}
	}
}
