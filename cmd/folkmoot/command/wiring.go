package command

import (
	"encoding/json"
	"slices"
	"sync"

	"folkmoot/app/readmodel"
	"folkmoot/sync/hub"
	"folkmoot/sync/moot"
)

// router lets the hub ask the read model which statement is next. How the round goes
// is counted anew once a second, or when a statement came: every vote asks.
type router struct {
	session opened
	desk    *readmodel.Desk
	now     func() uint64

	mu    sync.Mutex
	round readmodel.Round
	shape uint64
	until uint64
}

// recount is for how long a count of the round holds, in milliseconds.
const recount = 1000

// Order gives the statements in the order in which a person should see them.
func (r *router) Order(id moot.ParticipantID) []moot.StatementID {
	record := r.session.View()
	return r.desk.Current().Order(id, r.going(record).Of(record))
}

func (r *router) going(record *moot.View) readmodel.Round {
	now := r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.shape != record.Shape || now >= r.until || now+recount < r.until {
		r.round, r.shape, r.until = readmodel.RoundOf(record, now), record.Shape, now+recount
	}
	return r.round
}

// pictures lets the hub show what the read model has worked out. Finished
// documents are kept as long as nothing changes, since every page asks.
type pictures struct {
	session opened
	desk    *readmodel.Desk

	mu      sync.Mutex
	of      *readmodel.View
	shape   uint64
	version uint64
	room    hub.RoomPictures
}

// Changed gives a channel that is closed when something new was worked out.
func (p *pictures) Changed() <-chan struct{} { return p.desk.Changed() }

// Room gives what everybody may see now.
func (p *pictures) Room() hub.RoomPictures {
	p.mu.Lock()
	defer p.mu.Unlock()
	record, shown := p.session.View(), p.desk.Shown() // inside the lock, so that none overtakes another
	if p.version > 0 && p.of == shown && p.shape == record.Shape {
		return p.room
	}
	room := hub.RoomPictures{
		Results: document(readmodel.ShownResults(record, shown)), Map: document(readmodel.ShownMap(record, shown)),
		Tables: document(readmodel.WallTables(record)),
	}
	if shown != nil && record.Session.On(moot.ShowResult) {
		room.Answers = document(readmodel.AnswersToShow(shown.Record)) // moves in batches, like the rest
	}
	p.of, p.shape, p.version = shown, record.Shape, p.version+1
	room.Version = p.version
	p.room = room
	return room
}

// Person gives what one person's own device shows.
func (p *pictures) Person(id moot.ParticipantID) hub.PersonPictures {
	own := hub.PersonPictures{Map: p.Room().Map, Table: document(readmodel.TableFor(p.session.View(), id))}
	if shown := p.desk.Shown(); shown != nil && len(own.Map) > 2 && own.Map[0] == '{' {
		// The room's map is large and the same for all: only the place is added.
		var place *readmodel.Place
		if at, ok := shown.You(id); ok {
			place = &at
		}
		own.Map = slices.Concat(own.Map[:len(own.Map)-1], []byte(`,"you":`), document(place), []byte("}"))
	}
	return own
}

// document gives a value as JSON; null for one that is not there.
func document(value any) json.RawMessage {
	data, err := json.Marshal(value)
	if err != nil {
		panic("command: a read model value has no JSON: " + err.Error()) // all its types are plain
	}
	return data
}
