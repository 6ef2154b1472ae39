package storm

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/store"
)

// voted gives the record of a tablet on which people voted, read from its file, and the
// ledger of that.
func voted(t *testing.T, votes int) (*Ledger, *Record) {
	t.Helper()
	session := oplog.SessionID{7}
	folder, err := makeFolder(t.TempDir(), "tablet", session)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := makeSession(context.Background(), folder, session); err != nil {
		t.Fatal(err)
	}
	ledger := NewLedger()
	file, err := store.Open(folder+"/"+store.Name(session), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	record, err := openRecord(file, "tablet", true)
	if err != nil {
		t.Fatal(err)
	}
	say := func(s told) {
		switch {
		case s.Sent != nil:
			ledger.Send(*s.Sent)
		case s.Saved != "":
			var cid oplog.ItemID
			if err := oplog.ParseHex(cid[:], s.Saved); err != nil {
				t.Fatal(err)
			}
			ledger.Save("tablet", cid)
		}
	}
	v := newVoter(Setup{Name: "tablet", Seed: 1, Index: 2, People: 3}, record, say)
	for range votes {
		if err := v.vote(record.View()); err != nil {
			t.Fatal(err)
		}
	}
	record.Close()
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	read, err := Read(folder, session)
	if err != nil {
		t.Fatal(err)
	}
	return ledger, read
}

// What a storm may not do is seen.
func TestJudge(t *testing.T) {
	fresh := func() (v Vote) {
		rand.Read(v.CID[:])
		return v
	}
	for _, c := range []struct {
		name  string
		spoil func(l *Ledger, r *Record)
		wrong string
	}{
		{"all is there", func(*Ledger, *Record) {}, ""},
		{"sent and neither saved nor stored", func(l *Ledger, _ *Record) { l.Send(fresh()) }, ""},
		{"stored and never said to be saved", func(l *Ledger, r *Record) { l.saved = map[oplog.ItemID]saved{} }, ""},
		{"saved again by another", func(l *Ledger, r *Record) {
			for cid := range r.votes {
				l.Save("other", cid)
			}
		}, ""},
		{"acknowledged and lost", func(l *Ledger, _ *Record) {
			v := fresh()
			l.Send(v)
			l.Save("hub", v.CID)
		}, "was acknowledged by hub and is not in the record"},
		{"twice in one log", func(_ *Ledger, r *Record) {
			cid, s := one(r)
			r.votes[cid] = append(r.votes[cid], s)
		}, "stands twice in the log"},
		{"another value", func(l *Ledger, r *Record) {
			cid, s := one(r)
			s.vote.Value = moot.Vote(1 + s.vote.Value%3)
			l.sent[cid] = s.vote
		}, "and was sent as"},
		{"never sent", func(l *Ledger, r *Record) {
			cid, _ := one(r)
			delete(l.sent, cid)
		}, "was sent by nobody"},
		{"an older one counts", func(l *Ledger, r *Record) {
			_, s := one(r)
			newer := fresh()
			s.vote.CID, s.vote.Rev, s.vote.Value = newer.CID, s.vote.Rev+1e12, moot.Vote(1+r.counted(cell{s.vote.Person, s.vote.Statement})%3)
			s.stamp.Rev = s.vote.Rev
			l.Send(s.vote)
			r.votes[newer.CID] = []standing{s}
		}, "is the newest"},
		{"a person counts too often", func(_ *Ledger, r *Record) {
			view := *r.view
			view.Votes++
			r.view = &view
		}, "pairs of a person and a statement"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ledger, record := voted(t, 40)
			if saved, by := ledger.Saved(); saved != 40 || by != 1 {
				t.Fatalf("%d votes were acknowledged by %d devices, want 40 by 1", saved, by)
			}
			c.spoil(ledger, record)
			wrong := ledger.Judge(record)
			if c.wrong == "" && len(wrong) > 0 || c.wrong != "" && (len(wrong) != 1 || !strings.Contains(wrong[0].Error(), c.wrong)) {
				t.Errorf("judged %v, want %q", wrong, c.wrong)
			}
		})
	}
}

// one gives some vote of a record.
func one(r *Record) (oplog.ItemID, standing) {
	for cid, all := range r.votes {
		return cid, all[0]
	}
	panic("no vote")
}

// What a tablet says to be saved nobody else has promised: a backup need not have it.
func TestSavedBefore(t *testing.T) {
	l := NewLedger()
	hub, tablet, late := oplog.ItemID{1}, oplog.ItemID{2}, oplog.ItemID{3}
	l.Save(hubWord+"http://10.77.0.1:8080", hub)
	l.Save("tablet 1", tablet)
	moment := time.Now()
	l.Save(hubWord+"http://10.77.0.1:8080", late)
	if got := l.SavedBefore(moment.Add(time.Nanosecond)); len(got) != 1 || got[0] != hub {
		t.Errorf("saved before: %v, want %v", got, hub)
	}
	if got := l.SavedBy("tablet 1"); got != 1 {
		t.Errorf("the tablet has acknowledged %d", got)
	}
}

func TestVotesOnTheirWay(t *testing.T) {
	sent := Vote{CID: oplog.ItemID{1}, Person: moot.ParticipantID{2}, Statement: moot.StatementID{3}, Value: moot.Pass, Rev: 4}
	data, err := json.Marshal(sent)
	if err != nil {
		t.Fatal(err)
	}
	var got Vote
	if err := json.Unmarshal(data, &got); err != nil || got != sent {
		t.Errorf("%s came as %+v, %v", data, got, err)
	}
	for _, bad := range []string{`{"value":"maybe"}`, `{"value":"pass","cid":"xx"}`, `[]`} {
		if err := json.Unmarshal([]byte(bad), &got); err == nil {
			t.Errorf("%s is no vote", bad)
		}
	}
}
