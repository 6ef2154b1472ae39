package command

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"net/http"

	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// tabletVerdict is what a hub says became of what was sent.
type tabletVerdict struct {
	Saved []struct {
		Late bool `json:"late"`
	} `json:"saved"`
	Stale   []struct{} `json:"stale"`
	Refused []struct {
		Reason string `json:"reason"`
		Limit  int    `json:"limit"`
	} `json:"refused"`
}

// tabletToken makes the secret by which the record knows a person.
func tabletToken() (string, error) { return randomHex(32) }

func randomHex(n int) (string, error) {
	raw := make([]byte, n)
	_, err := rand.Read(raw)
	return hex.EncodeToString(raw), err
}

// send brings one act of the person into the tablet's own record and says whether it is
// there. What went wrong is shown; known is the revision that is there already.
func (t *Tablet) send(kind, key string, known uint64, value any) bool {
	cid, err := randomHex(16)
	if err != nil {
		t.log(err)
		return false
	}
	rev := max(known+1, uint64(t.now().UnixMilli()))
	body := map[string]any{"items": []any{map[string]any{"cid": cid, "kind": kind, "key": key, "rev": rev, "value": value}}}
	var reply *tabletReply
	for range 2 { // where it is not known whether it was stored, the same is sent once more
		if reply, err = callHub(t.ctx, t.session.handler, http.MethodPost, "/api/v1/items", t.memory.Person.Token, body); err != nil {
			t.log(err)
			return false
		}
		if reply.status != http.StatusServiceUnavailable {
			break
		}
	}
	t.stale = true
	t.session.full = reply.status == http.StatusInsufficientStorage
	switch {
	case reply.status == http.StatusUnauthorized:
		t.unknown(reply.code())
		return false
	case reply.status != http.StatusCreated:
		t.notSaved(reply)
		return false
	}
	t.saw(false)
	return t.settled(reply)
}

// notSaved says that an answer was not taken for a reason that is not the answer's.
func (t *Tablet) notSaved(reply *tabletReply) {
	switch {
	case t.session.full:
		t.notice = &readmodel.HandsetLine{Key: "tablet.not_kept"}
	case reply.status == http.StatusServiceUnavailable:
		t.notice = &readmodel.HandsetLine{Key: "tablet.try_again"}
	default:
		t.refused(reply.code(), 0)
	}
}

// settled says what became of the act, and tells the person where it is not what they wished.
func (t *Tablet) settled(reply *tabletReply) bool {
	var verdict tabletVerdict
	if err := json.Unmarshal(reply.body.Bytes(), &verdict); err != nil {
		t.log(err)
		return false
	}
	switch {
	case len(verdict.Refused) > 0:
		t.refused(verdict.Refused[0].Reason, verdict.Refused[0].Limit)
		return false
	case len(verdict.Stale) > 0:
		t.notice = &readmodel.HandsetLine{Key: "status.newer"}
	case len(verdict.Saved) > 0 && verdict.Saved[0].Late:
		t.notice = &readmodel.HandsetLine{Key: "status.late"}
	}
	return true
}

// refused says why something was not taken.
func (t *Tablet) refused(code string, limit int) {
	key := "refused." + code
	if !words.Has(key) {
		key = "refused.other"
	}
	t.notice = &readmodel.HandsetLine{Key: "refused.line", Arg: key, Args: map[string]any{"Limit": limit}}
}

// vote answers a statement; "none" takes the answer back.
func (t *Tablet) vote(id, value string) {
	if t.told == nil {
		return
	}
	t.notice = nil
	if !t.send("vote", id, t.told.Me.Votes[id].Rev, value) {
		return
	}
	t.person.Current = ""
	if t.person.Wish == readmodel.AtEarlier {
		t.person.Wish = readmodel.AtVote
	}
}

// back shows the latest answer again, then the one before it, and so on.
func (t *Tablet) back() {
	shown := ""
	if t.person.Wish == readmodel.AtEarlier {
		shown = t.person.Earlier
	}
	if t.told == nil {
		return
	}
	if id := t.told.Earlier(shown); id != "" {
		t.person.Earlier, t.person.Wish, t.notice = id, readmodel.AtEarlier, nil
	}
}

// answerQuestion answers the 0 to 5 question.
func (t *Tablet) answerQuestion(value int) {
	if t.told == nil || t.told.Question == nil {
		return
	}
	id := t.told.Question.ID
	if t.send("answer", id, t.told.Me.Answers[id].Rev, value) && t.person.Wish == readmodel.AtQuestion {
		t.person.Wish = ""
	}
}

// setName takes the name that a person wishes to be called by.
func (t *Tablet) setName(name string) {
	if t.told != nil && (name != "" || t.told.Me.Name != "") && !t.send("person", "name", 0, name) {
		return
	}
	if t.memory.Person == nil {
		return
	}
	stage := readmodel.StageReady
	if t.told != nil && t.told.Session.Practice != "" {
		stage = readmodel.StagePractice
	}
	t.stage(stage)
}

// write sends a statement. What is not taken stays to be changed.
func (t *Tablet) write(text string) {
	t.person.Draft = text
	t.notice = nil
	if !t.send("statement", "", 0, map[string]string{"text": text, "lang": t.lang()}) {
		return
	}
	t.person.Draft = ""
	key := "write.live"
	switch {
	case t.session.reach().State != readmodel.ReachHere:
		key = "write.away"
	case t.told != nil && t.told.Session.Moderated:
		key = "write.kept"
	}
	t.notice = &readmodel.HandsetLine{Key: key, Good: true}
}
