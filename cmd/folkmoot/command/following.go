package command

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"folkmoot/app/readmodel"
)

// sayFollowing says in the terminal who leads and which laptops come and go, where that
// has changed, until ctx ends.
func (a *app) sayFollowing(ctx context.Context, p *peers) {
	told := newTold(string(p.node.ID()))
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		changed := p.node.Changed()
		for _, line := range told.news(p.Devices(nowMS()), nowMS()) {
			fmt.Fprintln(a.Err, line)
		}
		for _, line := range told.split(openSplits(p.session.View(), p.session.Record())) {
			fmt.Fprintln(a.Err, line)
		}
		select {
		case <-changed:
		case <-tick.C: // an offer comes by time
		case <-ctx.Done():
			return
		}
	}
}

// told is what was said in the terminal of other laptops, so that it is said once.
type told struct {
	self   string
	stands string          // how this laptop stood to who leads
	away   map[string]bool // laptops that are out of reach
	splits map[string]bool
}

func newTold(self string) *told {
	return &told{self: self, away: map[string]bool{}, splits: map[string]bool{}}
}

// news gives what is to be said now. A breath of silence is nothing to speak of.
func (t *told) news(d readmodel.Devices, now uint64) []string {
	var lines []string
	for _, one := range d.Ordered() {
		if one.Role != readmodel.RoleTablet {
			lines = append(lines, t.laptop(d, one, now)...)
		}
	}
	stands, line := standing(d, now, t.self)
	if stands == "" || stands == t.stands {
		return lines
	}
	was := t.stands
	t.stands = stands
	if stands == "leads" && was == "" { // as it should be
		return lines
	}
	return append(lines, line)
}

// laptop says that another laptop is gone, or back.
func (t *told) laptop(d readmodel.Devices, one readmodel.Device, now uint64) []string {
	name, leads := cmp.Or(one.Name, one.ID[:min(8, len(one.ID))]), d.Leader.ID == one.ID
	switch {
	case one.State == readmodel.DeviceAway && now >= one.AwaySince+readmodel.TakeOverAfter && !t.away[one.ID]:
		t.away[one.ID] = true
		if leads && d.Leader.Follows { // standing says more
			return nil
		}
		return []string{name + " is out of reach. It catches up by itself when it is back."}
	case one.State == readmodel.DevicePaired && t.away[one.ID]:
		delete(t.away, one.ID)
		switch {
		case leads:
			return []string{name + " is back, and leads."}
		case d.Leader.ID == t.self:
			return []string{name + " is back. This laptop leads."}
		}
		return []string{name + " is back."}
	}
	return nil
}

// standing gives how this laptop stands to who leads, "" where that is not sure, and the
// line that says it.
func standing(d readmodel.Devices, now uint64, self string) (stands, line string) {
	l := d.Leader
	name := cmp.Or(l.Name, "the other laptop")
	switch {
	case l.OutBy != "":
		return "out", l.OutBy + " has taken this laptop out of the session: what phones send here counts here only. Send people to " + l.OutBy + "; to take part again: follow ADDRESS"
	case l.ID == "":
		return "", ""
	case l.ID == self:
		return "leads", "This laptop leads now."
	case d.LeaderGone(now):
		return "gone " + l.ID, name + " has not been heard of for ten seconds. Phones come here by themselves; to lead from here: device take-over"
	case l.AwaySince > 0:
		return "", ""
	case l.Follows:
		return "follows " + l.ID, "Following " + name + ", which leads."
	}
	return "beside " + l.ID, name + " leads the session."
}

// split names logs that two devices wrote at once, each one once.
func (t *told) split(splits []readmodel.SplitFacts) []string {
	var lines []string
	for _, s := range splits {
		if !t.splits[s.Log] {
			t.splits[s.Log] = true
			lines = append(lines, splitLines([]readmodel.SplitFacts{s})...)
		}
	}
	return lines
}

// awaitSession waits until a session that comes from another laptop is here whole; one that
// is usable and does not come further will do.
func (a *app) awaitSession(ctx context.Context, p *peers) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for said := false; ; {
		changed, record := p.node.Changed(), p.session.Changed()
		f := p.Fetching()
		if f == nil || f.CanGoOn() {
			return
		}
		if !said {
			said = true
			fmt.Fprintf(a.Err, "Fetching the session from %s…\n", cmp.Or(f.Name, "the other laptop"))
		}
		select {
		case <-changed:
		case <-record:
		case <-tick.C: // that it is away is known by time
		case <-ctx.Done():
			return
		}
	}
}
