package report

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// ErrNoLog occurs when the log is to be written and the Source has none.
var ErrNoLog = errors.New("the log is not at hand")

// LogLine is an entry as log.jsonl has it, so that anybody can recount: what it says
// in words, and the very bytes that were signed.
type LogLine struct {
	Replica  string `json:"replica"`
	Seq      uint64 `json:"seq"`
	TimeMS   uint64 `json:"time"`    // the writer's hybrid clock, milliseconds since 1970
	Counter  uint32 `json:"counter"` // of acts within one millisecond
	Kind     string `json:"kind"`
	CID      string `json:"cid"`
	Payload  any    `json:"payload"` // null where it was dropped, or is of a kind not known here
	Redacted bool   `json:"redacted,omitempty"`
	// Excluded entries do not count: they stand in a branch of a split log that was not
	// named, or an unpaired device wrote them afterwards.
	Excluded bool   `json:"excluded,omitempty"`
	Prev     string `json:"prev"`
	Hash     string `json:"hash"`
	Sig      string `json:"sig"`
	// Entry is the whole entry as it is stored, in base64: header, signature, salt and
	// payload.
	Entry string `json:"entry"`
}

// WriteLog writes every entry of the log as a line of JSON. It holds names and full
// times: it is the host's. Error: ErrNoLog.
func WriteLog(w io.Writer, s *Source) error {
	if s.options.Entries == nil {
		return fmt.Errorf("report: write log: %w", ErrNoLog)
	}
	out := bufio.NewWriter(w)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	var bad error
	counts := s.record.Counting()
	err := s.options.Entries(func(e oplog.Entry) bool {
		line, err := logLine(e)
		line.Excluded = !counts(e)
		if err == nil {
			err = lines.Encode(line)
		}
		bad = err
		return err == nil
	})
	if err == nil {
		err = bad
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return fmt.Errorf("report: write log: %w", err)
	}
	return nil
}

func logLine(e oplog.Entry) (LogLine, error) {
	raw, err := e.Encode()
	if err != nil {
		return LogLine{}, fmt.Errorf("entry %d of %s: %w", e.Seq, e.Replica, err)
	}
	line := LogLine{Replica: e.Replica.String(), Seq: e.Seq, TimeMS: e.Time.MS, Counter: e.Time.Counter, Kind: e.Kind, CID: e.CID.String(),
		Redacted: e.Redacted(), Prev: e.Prev.String(), Hash: e.Hash().String(), Sig: hex.EncodeToString(e.Sig[:]), Entry: base64.StdEncoding.EncodeToString(raw)}
	if line.Redacted {
		return line, nil
	}
	if e.Kind == oplog.KindPair {
		var pair oplog.Pair
		if err := oplog.Unmarshal(e.Payload, &pair); err != nil {
			return LogLine{}, fmt.Errorf("entry %d of %s: %w", e.Seq, e.Replica, err)
		}
		said := map[string]any{"key": hex.EncodeToString(pair.Key), "name": pair.Name}
		if pair.Role != "" {
			said["role"] = pair.Role
		}
		line.Payload = said
		return line, nil
	}
	payload, err := moot.Decode(e.Kind, e.Schema, e.Payload)
	switch {
	case errors.Is(err, moot.ErrUnknownKind):
		return line, nil
	case err != nil:
		return LogLine{}, fmt.Errorf("entry %d of %s: %w", e.Seq, e.Replica, err)
	}
	line.Payload = said(payload)
	return line, nil
}

// said gives a payload with names in place of numbers.
func said(p moot.Payload) map[string]any {
	switch p := p.(type) {
	case *moot.SetField:
		return map[string]any{"field": p.Field, "value": p.Value, "rev": p.Rev}
	case *moot.StepAct:
		return map[string]any{"step": p.Step, "do": p.Do, "open": p.Open, "started": p.Started, "ends": p.Ends, "replaces": p.Replaces,
			"order": p.Order, "kind": p.StepKind, "title": p.Title, "minutes": p.Minutes, "at": p.At}
	case *moot.NewStatement:
		return map[string]any{"text": p.Text, "lang": p.Lang, "author": p.Author, "standing": p.Standing.String(), "seed": p.Seed, "source": p.Src, "made": p.Made,
			"source_id": p.SourceID, "row": p.Row, "meta": p.Meta, "edits": p.Edits, "pair": p.Pair, "source_moderated": p.SourceMod, "source_author": p.SourceAuthor}
	case *moot.Moderation:
		return map[string]any{"statement": p.Statement, "standing": p.Standing.String(), "reason": p.Reason, "replaces": p.Replaces}
	case *moot.SetPerson:
		return map[string]any{"person": p.Person, "field": p.Field, "value": p.Value, "rev": p.Rev}
	case *moot.SetPresence:
		return map[string]any{"person": p.Person, "in": p.In, "rev": p.Rev, "at": p.At}
	case *moot.SetAnswer:
		return map[string]any{"person": p.Person, "question": p.Question, "value": p.Value, "rev": p.Rev}
	case *moot.SetVote:
		return map[string]any{"person": p.Person, "statement": p.Statement, "value": p.Value.String(), "rev": p.Rev, "source": p.Src, "counted": p.Open}
	case *moot.Fork:
		_, replica, seq, _ := p.Proof.Check()
		hashes := p.Proof.Hashes()
		return map[string]any{"log": replica, "entry": seq, "branches": hashes[:]}
	case *moot.Branch:
		return map[string]any{"log": p.Replica, "entry": p.Seq, "branch": p.Hash, "rev": p.Rev}
	case *moot.Unlink:
		return map[string]any{"at": p.At}
	case *moot.Unpair:
		return map[string]any{"log": p.Replica, "entry": p.Seq, "at": p.At, "passed_on": p.Said != nil}
	case *moot.Audit:
		return map[string]any{"what": p.What, "detail": p.Detail, "at": p.At}
	case *moot.VoidBadge:
		return map[string]any{"number": p.Number, "at": p.At}
	case *moot.NewPlan:
		return map[string]any{"round": p.Round, "mode": p.Mode, "seed": p.Seed, "min": p.Min, "max": p.Max, "tables": p.Tables, "unseated": p.Unseated,
			"measure": p.Measure, "made": p.Made}
	}
	return nil
}

// writeNames writes who took part: number, animal and own name, without any opinion
// and without the public number.
func writeNames(to Target, s *Source) error {
	return table(to, "names.csv", func(row func(...string)) {
		row("number", "word", "name", "lang", "source", "arrived")
		for _, p := range s.record.People() {
			if !p.Here() {
				continue
			}
			row(itoa(p.Number()), p.Get(moot.PersonWord), p.Get(moot.PersonName), p.Get(moot.PersonLang), string(p.Source()), utoa(p.Arrived()))
		}
	})
}
