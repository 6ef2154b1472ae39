package readmodel_test

import (
	"slices"
	"testing"

	"folkmoot/app/readmodel"
)

// twoAdapters is a venue that has all ways to join.
var twoAdapters = readmodel.Venue{Addresses: []string{"http://192.168.0.10:8080", "http://10.0.0.7:8080", "http://172.16.0.9:8080"}, JoinLink: "a",
	JoinLinks: []string{"a", "b", "c"}, NameAddress: "http://folkmoot.local:8080", NameLink: "n"}

// Each way shows its own address, and steps forward and back pass each once.
func TestLadderGoesThroughItsRungs(t *testing.T) {
	type stand struct {
		rung    readmodel.Rung
		address string
		link    string
		shown   int
	}
	all := []stand{
		{readmodel.RungQR, "http://192.168.0.10:8080", "a", 3}, {readmodel.RungTyped, "http://192.168.0.10:8080", "a", 1}, {readmodel.RungName, "http://folkmoot.local:8080", "n", 1},
		{readmodel.RungAdapter, "http://10.0.0.7:8080", "b", 1}, {readmodel.RungAdapter, "http://172.16.0.9:8080", "c", 1},
		{readmodel.RungRouter, "http://192.168.0.10:8080", "a", 3}, {readmodel.RungTablets, "http://192.168.0.10:8080", "a", 3}, {readmodel.RungPaper, "http://192.168.0.10:8080", "a", 3},
	}
	at := func(l readmodel.Ladder) (stand, readmodel.Joining) {
		j, v := l.Joining(1000, twoAdapters)
		return stand{j.Rung, v.Addresses[0], v.JoinLink, len(v.Addresses)}, j
	}
	var l readmodel.Ladder
	for i, want := range all {
		got, j := at(l)
		if got != want || j.Back != (i > 0) || j.Next != (i < len(all)-1) {
			t.Errorf("step %d: %+v %+v, want %+v", i, got, j, want)
		}
		l = l.Step(1, twoAdapters)
	}
	for i := len(all) - 1; i >= 0; i-- {
		if got, _ := at(l); got != all[i] {
			t.Errorf("back at %d: %+v, want %+v", i, got, all[i])
		}
		l = l.Step(-1, twoAdapters)
	}
	if got, _ := at(l); got != all[0] {
		t.Errorf("beyond the first: %+v", got)
	}
}

// A venue with one address and no name has neither of their ways.
func TestLadderPassesOverWhatIsNotThere(t *testing.T) {
	plain := readmodel.Venue{Addresses: []string{"http://192.168.0.10:8080"}, JoinLink: "a", JoinLinks: []string{"a"}}
	var got []readmodel.Rung
	var l readmodel.Ladder
	for range 6 {
		got = append(got, l.Rung())
		l = l.Step(1, plain)
	}
	if want := []readmodel.Rung{readmodel.RungQR, readmodel.RungTyped, readmodel.RungRouter, readmodel.RungTablets, readmodel.RungPaper, readmodel.RungPaper}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	// What was there and went away leaves the addresses as they are.
	onName := readmodel.Ladder{}.Step(1, twoAdapters).Step(1, twoAdapters)
	if _, v := onName.Joining(0, plain); v.JoinLink != "a" || len(v.Addresses) != 1 {
		t.Errorf("without the name: %+v", v)
	}
	onLast := onName.Step(1, twoAdapters).Step(1, twoAdapters)
	if _, v := onLast.Joining(0, plain); v.JoinLink != "a" || len(v.Addresses) != 1 {
		t.Errorf("without the second address: %+v", v)
	}
	if _, v := onName.Joining(0, readmodel.Venue{}); len(v.Addresses) != 0 {
		t.Errorf("without any: %+v", v)
	}
}

// Sixty seconds of showing without any phone mean that the Wi-Fi keeps devices apart; time
// in which nothing is shown does not count, nor does a way that was just come to.
func TestLadderIsStuck(t *testing.T) {
	stuck := func(l readmodel.Ladder, now uint64, v readmodel.Venue) bool {
		j, _ := l.Joining(now, v)
		return j.Stuck
	}
	l := readmodel.Ladder{}.At(5000, true, 0)
	if stuck(l, 64_999, twoAdapters) || !stuck(l, 65_000, twoAdapters) {
		t.Error("not after sixty seconds")
	}
	alone := twoAdapters
	alone.Alone = true
	if stuck(l, 65_000, alone) {
		t.Error("a laptop without a network blames the Wi-Fi")
	}
	if hidden := l.At(30_000, false, 0).At(50_000, true, 0); stuck(hidden, 109_999, twoAdapters) || !stuck(hidden, 110_000, twoAdapters) {
		t.Error("time in which nothing was shown counts, or showing it again does not")
	}
	if next := l.Step(1, twoAdapters).At(65_000, true, 0); stuck(next, 124_999, twoAdapters) || !stuck(next, 125_000, twoAdapters) {
		t.Error("the next way gets no time of its own")
	}
	if back := l.At(1000, true, 0); stuck(back, 60_999, twoAdapters) || !stuck(back, 61_000, twoAdapters) {
		t.Error("a clock that was set back counts")
	}
	if one := l.At(20_000, true, 1); stuck(one, 500_000, twoAdapters) {
		t.Error("a phone came through, so that the Wi-Fi does not keep devices apart")
	}
	for l.Rung() < readmodel.RungTablets {
		l = l.Step(1, twoAdapters).At(5000, true, 0)
	}
	if stuck(l, 500_000, twoAdapters) {
		t.Error("shared tablets wait for no phones")
	}
}

// Phones count for the way that was shown when they came; a hub that starts anew begins
// at none, and takes nothing away.
func TestLadderCountsByRung(t *testing.T) {
	l := readmodel.Ladder{}.At(0, true, 3).At(1, true, 3)
	l = l.Step(1, twoAdapters).At(2, true, 31)
	if j, _ := l.Joining(2, twoAdapters); j.Through != 28 || j.All != 31 {
		t.Errorf("on the second way: %+v", j)
	}
	l = l.At(3, true, 0).At(4, true, 2)
	if j, _ := l.Joining(4, twoAdapters); j.Through != 30 || j.All != 33 {
		t.Errorf("after the hub started anew: %+v", j)
	}
	if j, _ := l.Step(-1, twoAdapters).Joining(4, twoAdapters); j.Through != 3 {
		t.Errorf("on the first way: %+v", j)
	}
}

func TestOwnWifi(t *testing.T) {
	l := readmodel.Ladder{}.At(0, true, 0).Own(readmodel.OwnWifi{Name: " Folkmoot ", Password: "river bank"})
	j, _ := l.Joining(1_000_000, twoAdapters)
	if j.Rung != readmodel.RungRouter || j.Own.WifiLink() != "WIFI:T:WPA;S:Folkmoot;P:river bank;;" || j.Stuck {
		t.Errorf("%+v, %s", j, j.Own.WifiLink())
	}
	if j, _ := l.Step(-1, twoAdapters).Joining(0, twoAdapters); j.Own != (readmodel.OwnWifi{}) {
		t.Error("another way shows the Wi-Fi of one's own")
	}
	for wifi, want := range map[readmodel.OwnWifi]string{
		{}:                               "",
		{Password: "x"}:                  "",
		{Name: "Café, 4F; \"hall\""}:     `WIFI:T:nopass;S:Café\, 4F\; \"hall\";;`,
		{Name: `a:b`, Password: `\";,:`}: `WIFI:T:WPA;S:a\:b;P:\\\"\;\,\:;;`,
	} {
		if got := wifi.WifiLink(); got != want {
			t.Errorf("%+v: %s, want %s", wifi, got, want)
		}
	}
}
