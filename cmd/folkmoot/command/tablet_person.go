package command

import (
	"encoding/json"
	"net/http"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
)

// take carries out one thing that a person did.
func (t *Tablet) take(touch readmodel.Touch) {
	if touch.Kind != "" && t.idle == 0 {
		t.active = t.now()
	}
	switch touch.Kind {
	case readmodel.TouchStill:
		t.active, t.idle = t.now(), 0
	case readmodel.TouchLang:
		t.setLang(touch.Text)
	case readmodel.TouchDark:
		t.memory.Dark = !t.memory.Dark
		t.remember()
	case readmodel.TouchClose:
		t.notice = nil
	case readmodel.TouchOffer, readmodel.TouchAddress:
		t.ask(touch)
	case readmodel.TouchDevice:
		t.setDevice(touch.Text)
	case readmodel.TouchOpen:
		t.openKept(touch.Key)
	case readmodel.TouchConfirm:
		if t.pairing != nil {
			t.pairing.Confirm()
			t.linked()
		}
	case readmodel.TouchCancel:
		t.cancel()
	case readmodel.TouchLeave:
		t.leave()
	default:
		if t.session != nil && !t.session.empty() {
			t.takeHere(touch)
		}
	}
}

// takeHere is take for what is done in a session.
func (t *Tablet) takeHere(touch readmodel.Touch) {
	switch {
	case t.memory.Person != nil:
		t.takeOf(touch)
	case touch.Kind == readmodel.TouchJoin:
		t.next()
	case touch.Kind == readmodel.TouchBadge:
		t.join(touch.Text, false)
	case touch.Kind == readmodel.TouchMove && t.moving != "":
		t.join(t.moving, true)
	case touch.Kind == readmodel.TouchStay:
		t.moving = ""
	}
}

// takeOf is take for somebody who takes part.
func (t *Tablet) takeOf(touch readmodel.Touch) {
	switch p := &t.person; touch.Kind {
	case readmodel.TouchBegin:
		if p.Stage == readmodel.StageNotice && t.send("person", "lang", 0, t.lang()) {
			t.stage(readmodel.StageName)
		}
	case readmodel.TouchAbout:
		p.About = !p.About
	case readmodel.TouchName:
		t.setName(touch.Text)
	case readmodel.TouchPractise:
		p.Tried = touch.Text
	case readmodel.TouchReady:
		t.stage(readmodel.StageReady)
	case readmodel.TouchWant:
		p.Wish, p.About, t.notice = readmodel.HandsetPlace(touch.Text), false, nil
	case readmodel.TouchBack:
		t.back()
	case readmodel.TouchVote:
		t.vote(touch.Key, touch.Text)
	case readmodel.TouchAnswer:
		t.answerQuestion(touch.Number)
	case readmodel.TouchSkip:
		p.Skipped = true
		if p.Wish == readmodel.AtQuestion {
			p.Wish = ""
		}
		t.stage(p.Stage)
	case readmodel.TouchDraft:
		p.Draft = touch.Text
	case readmodel.TouchWrite:
		t.write(touch.Text)
	case readmodel.TouchPass:
		t.passOn()
	}
}

// next lets the next person begin: with a badge where joining takes one.
func (t *Tablet) next() {
	if t.session.told().Badges {
		t.badging = true
		return
	}
	t.join("", false)
}

// join makes somebody of who holds the tablet: a new person, or that of a badge.
func (t *Tablet) join(badge string, move bool) {
	token, err := tabletToken()
	if err != nil {
		t.log(err)
		return
	}
	t.notice, t.moving = nil, ""
	call := map[string]any{"token": token, "lang": t.lang(), "name": "", "code": t.session.held.View().Session.Get(moot.JoinCode)}
	if badge != "" {
		delete(call, "code")
		call["badge"], call["move"] = badge, move
	}
	reply, err := callHub(t.ctx, t.session.handler, http.MethodPost, "/api/v1/join", "", call)
	switch {
	case err != nil:
		t.log(err)
	case reply.status == http.StatusCreated:
		t.welcome(token)
	case reply.status == http.StatusConflict && reply.code() == "badge_in_use":
		t.moving = badge
	default:
		t.notLetIn(reply)
	}
}

// notLetIn says why nobody was let in.
func (t *Tablet) notLetIn(reply *tabletReply) {
	code := reply.code()
	t.session.full = reply.status == http.StatusInsufficientStorage
	switch code {
	case "wrong_badge":
		t.notice = &readmodel.HandsetLine{Key: "badge.wrong"}
	case "badge_void":
		t.notice = &readmodel.HandsetLine{Key: "badge.void"}
	case "too_many_codes", "busy":
		t.notice = &readmodel.HandsetLine{Key: "pad.many", Args: map[string]any{"N": max(1, int(reply.after()/time.Second))}}
	case "badge_needed":
		t.badging = true
	default:
		t.refused(code, 0)
	}
}

// welcome begins with somebody who was let in.
func (t *Tablet) welcome(token string) {
	lang := t.lang()
	t.forget()
	t.memory.Person = &tabletPerson{Token: token, Lang: lang, Stage: readmodel.StageNotice}
	t.person = readmodel.HandsetPerson{Stage: readmodel.StageNotice}
	t.active, t.stale = t.now(), true
	t.saw(true)
}

// stage notes how far a person has come.
func (t *Tablet) stage(stage readmodel.HandsetStage) {
	t.person.Stage = stage
	t.memory.Person.Stage, t.memory.Person.Skipped = stage, t.person.Skipped
	t.saw(true)
}

// sawEvery is how far apart it is written down that somebody still takes part.
const sawEvery = 10 * time.Second

// saw notes that the person was there just now.
func (t *Tablet) saw(now bool) {
	if p := t.memory.Person; p != nil && (now || t.now().UnixMilli()-p.Seen > sawEvery.Milliseconds()) {
		p.Seen = t.now().UnixMilli()
		t.remember()
	}
}

// passOn puts one person's answers away and makes room for the next: nothing of them is
// kept but the record.
func (t *Tablet) passOn() {
	if t.memory.Person != nil {
		t.forget()
	}
}

// forget lets go of whoever takes part, on the disk too.
func (t *Tablet) forget() {
	had := t.memory.Person != nil
	t.memory.Person, t.person, t.told, t.notice, t.last = nil, readmodel.HandsetPerson{}, nil, nil, nil
	t.badging, t.moving, t.idle = false, "", 0
	t.mu.Lock()
	t.touches = nil // what was under way was theirs
	t.mu.Unlock()
	if had {
		t.memory.PassedOn = true
		t.remember()
	}
}

// refresh asks the record what it says to the person, where it has changed.
func (t *Tablet) refresh() {
	if t.memory.Person == nil || t.told != nil && !t.stale {
		return
	}
	reply, err := callHub(t.ctx, t.session.handler, http.MethodGet, "/api/v1/state", t.memory.Person.Token, nil)
	switch {
	case err != nil:
		t.log(err)
	case reply.status == http.StatusUnauthorized:
		t.unknown(reply.code())
	case reply.status == http.StatusOK:
		told := &readmodel.Told{}
		if err := json.Unmarshal(reply.body.Bytes(), told); err != nil {
			t.log(err)
			return
		}
		t.moved(told)
		t.told, t.stale = told, false
	}
}

// unknown is what follows where the record does not know the person's token: their badge
// went elsewhere, or its voiding came with a merge.
func (t *Tablet) unknown(code string) {
	t.forget()
	switch code {
	case "badge_moved":
		t.notice = &readmodel.HandsetLine{Key: "badge.moved"}
	case "badge_void":
		t.notice = &readmodel.HandsetLine{Key: "badge.void"}
	}
}

// moved takes people along where a step starts or closes, or tables are announced; nobody
// is taken from reading what this is about, or from the middle of a statement.
func (t *Tablet) moved(now *readmodel.Told) {
	p := &t.person
	if t.told == nil || p.About || p.Wish == readmodel.AtWrite && p.Draft != "" {
		return
	}
	sign := func(s *readmodel.ToldStep) string {
		if s == nil {
			return ""
		}
		if s.Open {
			return s.ID + " open"
		}
		return s.ID
	}
	if sign(t.told.Step) != sign(now.Step) {
		p.Wish = ""
	}
	if t.told.Table == nil && now.Table != nil {
		p.Wish = readmodel.AtTable
	}
}
