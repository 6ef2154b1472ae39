package command

import (
	"testing"
	"time"

	"folkmoot/app/readmodel"
	"folkmoot/sync/link"
)

// Serving a session without a window opens its voting, but not where another laptop leads.
func TestServeOpensNothingOfAnother(t *testing.T) {
	for _, follows := range []bool{false, true} {
		d := NewDesk(t.Context(), "folkmoot", t.TempDir(), Streams{Err: t.Output()})
		defer d.Close()
		text, err := d.Make(t.Context(), readmodel.Wish{Title: "The riverside", Lang: "en", Template: "opinion", Statements: []string{"More trees."}})
		if err != nil {
			t.Fatal(err)
		}
		id, err := sessionID(text)
		if err != nil {
			t.Fatal(err)
		}
		held, err := d.app.hold(id)
		if err != nil {
			t.Fatal(err)
		}
		defer held.Close()
		if follows {
			identity, err := d.app.device()
			if err != nil {
				t.Fatal(err)
			}
			leads := link.Known{Key: make([]byte, 32), Name: "Front desk", Role: link.Hub}
			if err := link.Accept(peerBook{held.file}, identity, link.Grant{Session: id, Role: link.Backup, Index: 1, Known: []link.Known{leads}}, time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.app.prepare(t.Context(), held, serveOptions{}); err != nil {
			t.Fatal(err)
		}
		if open := held.View().Voting(); open == follows {
			t.Errorf("follows %v: voting is open: %v", follows, open)
		}
	}
}
