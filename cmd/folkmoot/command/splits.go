package command

import (
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// openSplits gives the logs of a record that two devices wrote at once, of which nobody
// said yet which of the two holds.
func openSplits(view *moot.View, record oplog.Log) []readmodel.SplitFacts {
	var all []readmodel.SplitFacts
	for _, s := range view.Splits {
		if s.Named != (oplog.Hash{}) {
			continue
		}
		all = append(all, readmodel.SplitFacts{Log: s.Replica.String(), Name: nameOfLog(record, s.Replica), Session: view.Session.ID.String()[:8], Answers: answersFrom(record, s.Replica, s.Seq)})
	}
	return all
}

// splitLines says each in a sentence.
func splitLines(splits []readmodel.SplitFacts) []string {
	lines := []string{}
	for _, s := range splits {
		t := s.Trouble()
		lines = append(lines, words.Text(words.English, t.Key, t.Args))
	}
	return lines
}

// nameOfLog gives what a log calls the device that writes it, "" where it does not say.
func nameOfLog(record oplog.Log, id oplog.ReplicaID) string {
	var pair oplog.Pair
	record.Entries(id, 1, func(e oplog.Entry) bool {
		oplog.Unmarshal(e.Payload, &pair) // what is no such word gives no name
		return false
	})
	return pair.Name
}

// answersFrom counts what people said in a log from one of its entries on.
func answersFrom(record oplog.Log, id oplog.ReplicaID, from uint64) int {
	n := 0
	record.Entries(id, from, func(e oplog.Entry) bool { // what cannot be read is not counted; verify says so
		if moot.IsAnswer(e.Kind) {
			n++
		}
		return true
	})
	return n
}
