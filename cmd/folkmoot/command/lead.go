package command

import (
	"cmp"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"folkmoot/app/readmodel"
	"folkmoot/sync/link"
)

// anywayFlag adds --anyway to a command that is for the laptop that leads.
func (a *app) anywayFlag(c *cobra.Command) *cobra.Command {
	c.Flags().BoolVar(&a.anyway, "anyway", false, "do it here also where another laptop leads the session")
	return c
}

// leading is withSession for what the facilitator does: where this laptop follows another
// one, it is refused, since two who moderate and run steps undo each other's work.
func (a *app) leading(ctx context.Context, beginning string, work func(opened) error) error {
	return a.withSession(beginning, func(s opened) error {
		if err := a.mayLead(ctx, s); err != nil {
			return err
		}
		return work(s)
	})
}

// mayLead says why a session is not led from here, nil where it may be.
func (a *app) mayLead(ctx context.Context, s opened) error {
	if a.anyway {
		return nil
	}
	if name, follows := a.leadElsewhere(ctx, s); follows {
		return followsProblem(name)
	}
	return nil
}

// leadElsewhere gives the laptop that leads a session which this one only follows: as the
// program says that has it open, else as its file does. The hub of a second room leads there.
func (a *app) leadElsewhere(ctx context.Context, s opened) (name string, follows bool) {
	if held, here := s.(*local); here {
		card := a.following(readmodel.Card{}, held.file, held.View())
		return card.Leader, card.Follows && !card.Room
	}
	doc, err := a.askDevices(ctx, s.View().Session.ID, deviceCall{Do: "list"})
	return doc.LeadName, err == nil && doc.Follows // a program that does not talk to others follows nobody
}

// followsProblem refuses what is for the laptop that leads.
func followsProblem(name string) error {
	return &problem{why: "this laptop follows " + cmp.Or(name, "another one") + ", which leads", try: "take over first (device take-over), do it there, or say --anyway"}
}

// mayAct says why a call is refused on a laptop that does not lead, nil where it is not.
func (p *peers) mayAct(call deviceCall) error {
	id, name, away := p.node.Lead()
	switch {
	case call.Anyway:
	case call.Do == "take-over":
		if id != "" && id != p.node.ID() && away.IsZero() {
			return inReachProblem(cmp.Or(name, "the laptop that leads"))
		}
	case call.Do != "list" && call.Do != "name" && p.node.Follows():
		return followsProblem(name)
	}
	return nil
}

// inReachProblem refuses to take over from a laptop that is well.
func inReachProblem(name string) error {
	return &problem{why: name + " leads, and is in reach: it follows this laptop once you take over", try: "if that is what you want: device take-over --anyway"}
}

// mayUnpair refuses to send a laptop away in passing: all that people answer there counts
// no more.
func (p *peers) mayUnpair(id string, call deviceCall) error {
	for _, one := range p.node.Devices() {
		if string(one.ID) == id && one.Role != link.Tablet && !call.Yes {
			return &problem{why: fmt.Sprintf("%s is a laptop of this session: once it is unpaired, nothing that phones send there counts any more, and it cannot take over", cmp.Or(one.Name, id[:8])),
				try: "if that is what you want: device unpair " + id[:8] + " --yes"}
		}
	}
	return nil
}

// leadLine says who leads a session, "" where nobody is known to.
func leadLine(doc devicesDoc) string {
	name := cmp.Or(doc.LeadName, "Another laptop")
	switch {
	case doc.OutBy != "":
		return doc.OutBy + " has taken this laptop out of the session: what phones send here counts here only."
	case doc.Lead == "":
		return ""
	case doc.Leads:
		return "This laptop leads the session."
	case doc.LeadAway > 0:
		return fmt.Sprintf("%s leads the session; it is out of reach since %s.", name, clockText(doc.LeadAway))
	case doc.Follows:
		return name + " leads the session; this laptop follows it."
	}
	return name + " leads the session."
}

// elsewhere gives the laptop that leads the session, "" where this one does.
func (p *peers) elsewhere() string {
	id, name, _ := p.node.Lead()
	if id == "" || id == p.node.ID() {
		return ""
	}
	return cmp.Or(name, "another laptop")
}
