package hub

import (
	"encoding/json"
	"testing"
)

func TestWhatIsUrgent(t *testing.T) {
	doc := roomDoc{Session: sessionDoc{Title: "T", Languages: []string{"en"}}, Step: &stepDoc{ID: "opinion", Open: true}, Question: &questionDoc{ID: "q1"}}
	more, moved, renamed, asked := doc, doc, doc, doc
	more.Statements = []statementDoc{{ID: "1"}}
	moved.Step = &stepDoc{ID: "opinion"}
	renamed.Session.Title = "U"
	asked.Question = nil
	for name, c := range map[string]struct {
		doc  roomDoc
		same bool
	}{"nothing": {doc, true}, "a statement": {more, true}, "a step": {moved, false}, "a title": {renamed, false}, "the question": {asked, false}} {
		if got := sameButStatements(doc, c.doc); got != c.same {
			t.Errorf("%s changed: same %t, want %t", name, got, c.same)
		}
	}
	shown := RoomPictures{Version: 1, Map: json.RawMessage(`{}`)}
	if !shown.same(RoomPictures{Version: 2, Map: json.RawMessage(`{}`)}) || shown.same(RoomPictures{Version: 1}) {
		t.Error("pictures are compared by something else than what they show")
	}
}
