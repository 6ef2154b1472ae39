package replica_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"folkmoot/sync/badge"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
)

// admit lets a device in with badge 12.
func admit(t testing.TB, r *replica.Replica, token oplog.Hash, signed bool) {
	t.Helper()
	if _, err := r.AdmitBadge(context.Background(), token, person, badge.Device{Number: 12, Signed: signed}, room(0)...); err != nil {
		t.Fatal(err)
	}
}

func TestOneDeviceABadge(t *testing.T) {
	disk := newDisk()
	r := open(t, disk)
	first, second, stranger := oplog.Hash{1}, oplog.Hash{2}, oplog.Hash{3}
	if _, err := r.Admit(context.Background(), stranger, moot.ParticipantID{8}, room(0)...); err != nil {
		t.Fatal(err)
	}
	admit(t, r, first, true)
	if got := r.Device(first); got != (badge.Device{Number: 12, Signed: true}) || len(r.Others(person, first)) > 0 || !slices.Equal(r.Others(person, second), []oplog.Hash{first}) {
		t.Errorf("the first device is %+v, or not the only one", got)
	}
	admit(t, r, second, false)
	for _, when := range []string{"at once", "opened again"} {
		if got := r.Device(first); !got.Retired || !got.Signed {
			t.Errorf("%s: the first device is %+v, want it retired", when, got)
		}
		if got := r.Device(second); got != (badge.Device{Number: 12}) || len(r.Others(person, second)) > 0 {
			t.Errorf("%s: the second device is %+v, or not the only one", when, got)
		}
		if id, ok := r.Person(first); !ok || id != person {
			t.Errorf("%s: a retired token is forgotten: nobody can tell its owner where it went", when)
		}
		if got := r.Device(stranger); got != (badge.Device{}) {
			t.Errorf("%s: a device of open mode is %+v", when, got)
		}
		r.Close()
		r = open(t, disk.Copy())
	}
	admit(t, r, first, true) // and back again
	if r.Device(first).Retired || !r.Device(second).Retired {
		t.Error("a person cannot move back")
	}
}

// However many come at once, in one transaction or several, one stays.
func TestOneDeviceABadgeAtOnce(t *testing.T) {
	r := open(t, newDisk())
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() { admit(t, r, oplog.Hash{9, byte(i)}, i%2 == 0) })
	}
	all.Wait()
	live := ""
	count := 0
	for i := range 40 {
		if !r.Device(oplog.Hash{9, byte(i)}).Retired {
			live, count = live+fmt.Sprint(" ", i), count+1
		}
	}
	if count != 1 {
		t.Errorf("%d devices of one badge:%s", count, live)
	}
}
