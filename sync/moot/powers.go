package moot

import "folkmoot/sync/oplog"

// What a participants' tablet may say is what people in the room do on one, and what speaks
// for itself. Whoever holds a tablet's key, or the tablet, leads no session with it: of a
// log that says in its first entry that it is a tablet's, the acts of a facilitator are
// none. Such acts are kept and passed on like all others. All this follows from the set of
// first entries, which only grows.

// tabletKinds are the kinds of acts that count in a tablet's log.
var tabletKinds = map[string]bool{
	oplog.KindPair: true, (&SetVote{}).Kind(): true, (&SetAnswer{}).Kind(): true, (&NewStatement{}).Kind(): true,
	(&SetPerson{}).Kind(): true, (&SetPresence{}).Kind(): true, (&Fork{}).Kind(): true, (&Audit{}).Kind(): true,
}

// TabletMay says whether an act counts in a tablet's log.
func TabletMay(p Payload) bool {
	switch p := p.(type) {
	case *SetVote:
		return p.Src != Imported && p.Src != FromHost
	case *NewStatement:
		return p.Src != Imported && p.Src != FromHost && p.Pair == StatementID{}
	case *SetPerson: // whose people are of a source, or made up, an import or a rehearsal says
		return p.Field != PersonSource && p.Field != PersonID
	case *Unpair: // it carries the signature of who says so
		return p.Said != nil
	}
	return tabletKinds[p.Kind()]
}

// powerless says whether a log is one in which only what TabletMay lets through counts.
func (r *rules) powerless(log oplog.ReplicaID) bool { return r.cuts.logs[log].tablet }

// Powerless says whether an act is none because of the log that it stands in.
func (s *State) Powerless(log oplog.ReplicaID, p Payload) bool {
	return s.rules.powerless(log) && !TabletMay(p)
}

// IsTablet says whether a log says of itself that it is a participants' tablet's.
func (s *State) IsTablet(log oplog.ReplicaID) bool { return s.rules.cuts.logs[log].tablet }

// opened hears whose a log is. What was heard of it before it was known to be a tablet's
// has to be forgotten.
func (s *State) opened(log oplog.ReplicaID) {
	if s.IsTablet(log) && s.rules.cuts.seen[log] > 1 {
		s.disown()
	} else if len(s.rules.cuts.acts) > 0 {
		s.recut()
	}
}

// disown forgets what acts said about others, and has all be heard again: it has come out
// whose some of them are.
func (s *State) disown() {
	clear(s.rules.cuts.acts)
	s.rules.unlinked = false
	s.forgetNames()
	s.recut()
}
