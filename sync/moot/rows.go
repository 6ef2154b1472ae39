package moot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"folkmoot/sync/oplog"
)

// Tables of rows.
const (
	RowField     = "st_session"
	RowStep      = "st_step"
	RowStatement = "st_stmt"
	RowPerson    = "st_person"
	RowVote      = "st_vote"
	RowPlan      = "st_plan"
	RowRule      = "st_rule"
	// RowReceipt is by item: where it stands. It is kept by the writer, not by the state.
	RowReceipt = "idem"
)

// Tables gives the names of all tables of rows that the state has.
func Tables() []string {
	return []string{RowField, RowPerson, RowPlan, RowRule, RowStatement, RowStep, RowVote}
}

type rowKey struct{ table, key string }

// Mark makes the state note which rows change from now on, for TakeRows.
func (s *State) Mark() { s.dirty = map[rowKey]struct{}{} }

func (s *State) mark(table string, key []byte) {
	if s.dirty != nil {
		s.dirty[rowKey{table, string(key)}] = struct{}{}
	}
}

// TakeRows gives the rows that changed since the last call, by table and key.
func (s *State) TakeRows() []oplog.Row {
	if len(s.dirty) == 0 {
		return nil
	}
	keys := make([]rowKey, 0, len(s.dirty))
	for k := range s.dirty {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b rowKey) int { return cmp.Or(cmp.Compare(a.table, b.table), cmp.Compare(a.key, b.key)) })
	rows := make([]oplog.Row, 0, len(keys))
	for _, k := range keys {
		rows = append(rows, s.row(k))
	}
	clear(s.dirty)
	return rows
}

// AllRows gives every row of the state, by table and key.
func (s *State) AllRows() []oplog.Row {
	old := s.dirty
	s.Mark()
	for f := range s.fields {
		s.mark(RowField, []byte(f))
	}
	for id := range s.steps {
		s.mark(RowStep, []byte(id))
	}
	for id := range s.statements {
		s.mark(RowStatement, id[:])
	}
	for id := range s.plans {
		s.mark(RowPlan, id[:])
	}
	for p := range s.people.all {
		s.mark(RowPerson, p.ID[:])
		for id := range p.votes {
			s.mark(RowVote, voteKey(p.ID, id))
		}
		for id := range p.late {
			s.mark(RowVote, voteKey(p.ID, id))
		}
	}
	s.markRules()
	rows := s.TakeRows()
	s.dirty = old
	return rows
}

func (s *State) markRules() {
	for r := range s.rules.splits {
		s.mark(RowRule, r[:])
	}
	for r := range s.rules.cuts.ends {
		s.mark(RowRule, unpairKey(r))
	}
	if s.rules.unlinked {
		s.mark(RowRule, []byte("unlink"))
	}
}

func voteKey(person ParticipantID, statement StatementID) []byte {
	return append(slices.Clone(person[:]), statement[:]...)
}

// cellRow is a cell as a row has it.
type cellRow struct {
	_       struct{} `cbor:",toarray"`
	Value   any
	Rev     uint64
	Time    oplog.Time
	Replica oplog.ReplicaID
	Seq     uint64
}

func rowOf[T any](c Cell[T], value any) cellRow {
	return cellRow{Value: value, Rev: c.Stamp.Rev, Time: c.Stamp.Time, Replica: c.Stamp.Replica, Seq: c.Stamp.Seq}
}

// row encodes one row as the state has it now.
func (s *State) row(k rowKey) oplog.Row {
	if r, ok := strings.CutPrefix(k.key, unpairPrefix); ok && k.table == RowRule && len(r) == len(oplog.ReplicaID{}) {
		if _, cut := s.Cut(oplog.ReplicaID([]byte(r))); !cut {
			return oplog.Row{Table: k.table, Key: k.key}
		}
	}
	value, err := oplog.Marshal(s.rowValue(k))
	if err != nil {
		panic(fmt.Sprintf("moot: row: %v", err)) // our own types, which encode
	}
	return oplog.Row{Table: k.table, Key: k.key, Value: value}
}

func (s *State) rowValue(k rowKey) any {
	switch k.table {
	case RowField:
		c := s.fields[Field(k.key)]
		return rowOf(c, c.Value)
	case RowStep:
		return stepOf(StepID(k.key), s.steps[StepID(k.key)])
	case RowStatement:
		return s.statementRow(StatementID([]byte(k.key)))
	case RowPlan:
		return s.plans[PlanID([]byte(k.key))].hash
	case RowPerson:
		return s.personRow(ParticipantID([]byte(k.key)))
	case RowVote:
		p := s.people.get(ParticipantID([]byte(k.key[:16])))
		id := StatementID([]byte(k.key[16:]))
		row := [2]*cellRow{}
		for i, cells := range []map[StatementID]Cell[Vote]{p.votes, p.late} {
			if c, ok := cells[id]; ok {
				cell := rowOf(c, int(c.Value))
				row[i] = &cell
			}
		}
		return row
	case RowRule:
		if k.key == "unlink" {
			return true
		}
		if r, ok := strings.CutPrefix(k.key, unpairPrefix); ok && len(r) == len(oplog.ReplicaID{}) {
			act := s.rules.cuts.ends[oplog.ReplicaID([]byte(r))]
			return []any{act.seq, act.at, act.by.replica}
		}
		row := []any{}
		for _, sp := range s.Splits(oplog.ReplicaID([]byte(k.key))) {
			row = append(row, []any{sp.Seq, sp.Prev, sp.Branches, sp.Named, sp.Rev, sp.Held})
		}
		return row
	}
	panic("moot: row of no table: " + k.table)
}

func (s *State) statementRow(id StatementID) any {
	rec := s.statements[id]
	if rec.made == nil {
		return []any{oplog.Hash{}, rec.votes}
	}
	standing, _, heads := rec.decided()
	acts := []oplog.ItemID{}
	for _, h := range heads {
		acts = append(acts, h.cid)
	}
	return []any{rec.hash, rec.votes, standing, acts, rec.doubled}
}

// personRow leaves out what is personal: of those fields it says only where they were
// written last.
func (s *State) personRow(id ParticipantID) any {
	p := s.people.get(id)
	fields, answers := map[PersonField]cellRow{}, map[QuestionID]cellRow{}
	for f, c := range p.fields {
		value := any(nil)
		if (&SetPerson{Field: f}).class() == oplog.Public {
			value = c.Value
		}
		fields[f] = rowOf(c, value)
	}
	for q, c := range p.answers {
		answers[q] = rowOf(c, c.Value)
	}
	return []any{rowOf(p.in, p.in.Value), p.arrived, fields, answers, p.counted}
}
