package storm

import (
	"context"
	crand "crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
	"folkmoot/sync/replica"
)

// voter is the pretend people of a tablet. They vote by themselves, one after the other,
// whether a hub can be reached or not.
type voter struct {
	setup  Setup
	record *replica.Replica
	say    func(told)
	random *rand.Rand
	people []moot.ParticipantID
	known  map[cell]uint64 // revisions
}

func newVoter(setup Setup, record *replica.Replica, say func(told)) *voter {
	return &voter{setup: setup, record: record, say: say, random: rand.New(rand.NewPCG(setup.Seed, uint64(setup.Index))), known: map[cell]uint64{}}
}

// run votes until ctx ends, once the session has come. What is being saved then is waited for.
func (v *voter) run(ctx context.Context) {
	tick := time.NewTicker(v.setup.Pace)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		view := v.record.View()
		if !view.Voting() || len(view.Statements) == 0 {
			continue
		}
		if err := v.vote(view); err != nil {
			v.say(told{Wrong: err.Error()})
		}
	}
}

func (v *voter) vote(view *moot.View) error {
	if len(v.people) < v.setup.People {
		if err := v.admit(len(v.people)); err != nil {
			return err
		}
	}
	at := cell{v.people[v.random.IntN(len(v.people))], view.Statements[v.random.IntN(len(view.Statements))].ID}
	one := Vote{Person: at.person, Statement: at.statement, Value: moot.Vote(1 + v.random.IntN(3)), Rev: max(v.known[at]+1, uint64(time.Now().UnixMilli()))}
	crand.Read(one.CID[:])
	v.known[at] = one.Rev
	v.say(told{Sent: &one})
	err := v.do(moot.Item{CID: one.CID, Payload: &moot.SetVote{Person: one.Person, Statement: one.Statement, Value: one.Value, Rev: one.Rev, Src: moot.FromTablet, Open: true}})
	if err == nil {
		v.say(told{Saved: one.CID.String()})
	}
	return err
}

// do saves items, again as long as it is not known whether they are.
func (v *voter) do(items ...moot.Item) error {
	for {
		outcomes, err := v.record.Do(context.Background(), items...)
		if errors.Is(err, replica.ErrAgain) {
			continue
		}
		for _, o := range outcomes {
			if o.Refusal != nil || o.Stale != nil {
				return fmt.Errorf("not saved: refusal %v, stale %v", o.Refusal, o.Stale)
			}
		}
		return err
	}
}

// admit lets a person in whose number is of the tablet's own block.
func (v *voter) admit(i int) error {
	sum := sha256.Sum256(fmt.Appendf(nil, "storm %d person %d of %s", v.setup.Seed, i, v.setup.Name))
	id := moot.ParticipantID(sum[:16])
	items := []moot.Item{
		{Payload: &moot.SetPerson{Person: id, Field: moot.PersonNumber, Value: strconv.Itoa(int(v.setup.Index)*100 + 1 + i), Rev: 1}},
		{Payload: &moot.SetPresence{Person: id, In: true, Rev: 1, At: uint64(time.Now().UnixMilli())}},
	}
	for i := range items {
		crand.Read(items[i].CID[:])
	}
	if err := v.do(items...); err != nil {
		return err
	}
	v.people = append(v.people, id)
	return nil
}

// votesIn gives the ids of all votes that a record holds on its disk.
func votesIn(record *replica.Replica) (cids []string, err error) {
	err = oplog.All(reading{record}, func(e oplog.Entry) bool {
		if e.Kind == (*moot.SetVote)(nil).Kind() {
			cids = append(cids, e.CID.String())
		}
		return true
	})
	return cids, err
}

// reading is a replica as a log that is only read.
type reading struct{ *replica.Replica }

// Append is not for those who read.
func (reading) Append([]oplog.Entry) error { return errors.New("storm: the record is only read here") }
