package command

import (
	"context"
	"crypto/rand"
	"net"
	"strconv"

	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// rehearsalHub copies the chosen session into a new one that is marked as a
// rehearsal, and runs a hub for it on this computer only.
func (a *app) rehearsalHub(ctx context.Context) (address, id string, stop func(), err error) {
	chosen, err := a.chosen()
	if err != nil {
		return "", "", nil, err
	}
	source, err := a.open(chosen)
	if err != nil {
		return "", "", nil, err
	}
	items := rehearsalItems(source.View(), true)
	source.Close()
	var fresh oplog.SessionID
	rand.Read(fresh[:])
	session, err := a.makeSession(ctx, fresh, items)
	if err != nil {
		return "", "", nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		session.Close()
		return "", "", nil, err
	}
	running, err := a.startHub(session, listener, peersOptions{listen: "off", quiet: true})
	if err != nil {
		listener.Close()
		session.Close()
		return "", "", nil, err
	}
	return running.addresses()[0], fresh.String(), func() { running.stop(); session.Close() }, nil
}

// rehearsalItems gives the acts of a copy: fields, agenda and statements that may
// be voted on; nobody's votes, no person; voting open where that is wanted.
func rehearsalItems(view *moot.View, open bool) []moot.Item {
	var items, last []moot.Item
	for name, value := range view.Session.Fields() {
		switch moot.Field(name) {
		case moot.Limit: // today's limit is not for statements of before
			last = append(last, item(&moot.SetField{Field: moot.Limit, Value: value, Rev: 1}))
			continue
		case moot.Sample, moot.Rehearsal, moot.Badges, moot.ActivePlan, moot.MapAnchor, moot.Hubs, moot.ShowResult, moot.ShowMap, moot.ShowTables, moot.DevicesOff, moot.Created:
			continue
		}
		items = append(items, item(&moot.SetField{Field: moot.Field(name), Value: value, Rev: 1}))
	}
	items = append(items, item(&moot.SetField{Field: moot.Rehearsal, Value: "on", Rev: 1}),
		item(&moot.SetField{Field: moot.Created, Value: strconv.FormatUint(nowMS(), 10), Rev: 1}))
	for _, s := range view.Steps {
		act := &moot.StepAct{Step: s.ID, Do: "plan", Order: s.Order, StepKind: s.Kind, Title: s.Title, Minutes: s.Minutes, At: nowMS()}
		if open && s.Kind == moot.StepOpinion {
			act.Do, act.Open, act.Started = "start", true, nowMS()
		}
		items = append(items, item(act))
	}
	for _, s := range view.Statements {
		if s.Standing == moot.Approved {
			items = append(items, moot.Item{CID: oplog.ItemID(s.ID), Payload: &moot.NewStatement{
				Text: s.Text, Lang: s.Lang, Standing: moot.Approved, Seed: s.Seed, Src: s.Source, SourceID: s.SourceID, Row: s.Row, Pair: s.Pair, Made: s.Made}})
		}
	}
	return append(items, last...)
}
