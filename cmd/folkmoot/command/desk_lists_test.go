package command_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"folkmoot/app/readmodel"
)

func TestLists(t *testing.T) {
	d := newDesk(t, t.TempDir())
	ctx := context.Background()
	long := strings.Repeat("長", 400)
	cases := []struct {
		name, file, text string
		headings         string
		statements       string
		left             string // keys with their lines
		notes            string
	}{
		{"lines", "", "Trees.\n\nA path.\ntrees\n" + long + "\n🌳\n", "|", "Trees.|A path.", "left.same_text@4 left.long_text@5 left.no_words@6", ""},
		{"lines with one dash", "", "- Trees.\nA path.\nLight.\n", "|", "Trees.|A path.|Light.", "", ""},
		{"a list with words around it", "", "Please look:\n\n- Trees.\n- A path.\n", "|", "Trees.|A path.", "", "note.text_left_out"},
		{"headings", "", "# River\nTrees.\n# Road\nA path.\n", "River|Road|(all)|", "Trees.|A path.|Trees.|A path.", "", ""},
		{"headings that share a line", "", "# River\nTrees.\n# Road\nA path.\nTREES\n", "River|Road|(all)|", "Trees.|A path.|TREES|Trees.|A path.", "left.same_text@5", ""},
		{"a file", "list.md", "# River\n- Trees.\n", "River|", "Trees.", "", ""},
		{"a table", "list.csv", "comment_text,moderated\nTrees.,1\nCars.,-1\n", "|", "Trees.", "", "note.rejected_left_out"},
		{"Big5", "old.txt", "\xbe\xf0\xa1C\n", "|", "樹。", "", "note.read_as_big5"},
	}
	for _, c := range cases {
		path, text := "", c.text
		if c.file != "" {
			path, text = filepath.Join(t.TempDir(), c.file), ""
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		offers, err := d.Lists(ctx, path, text)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var headings, left, notes string
		var statements []string
		for _, o := range offers {
			if o.All {
				headings += "(all)"
			}
			headings += o.Heading + "|"
			statements = append(statements, o.Statements...)
			for _, l := range o.Left {
				left += fmt.Sprintf(" %s@%d", l.Why.ID, l.Row)
				wantSentence(t, l.Why, l.Why.ID)
				if l.Where == "" || len([]rune(l.Where)) > 41 {
					t.Errorf("%s: where %q", c.name, l.Where)
				}
			}
			for _, n := range o.Notes {
				notes += " " + n.ID
				wantSentence(t, n, n.ID)
			}
		}
		if headings != c.headings || strings.Join(statements, "|") != c.statements || strings.TrimSpace(left) != c.left || strings.TrimSpace(notes) != c.notes {
			t.Errorf("%s: headings %q, statements %q, left %q, notes %q", c.name, headings, statements, left, notes)
		}
	}
}

func TestListsThatCannotBeRead(t *testing.T) {
	d := newDesk(t, t.TempDir())
	ctx := context.Background()
	_, err := d.Lists(ctx, filepath.Join(t.TempDir(), "gone.txt"), "")
	wantTrouble(t, err, "fault.unreadable")
	_, err = d.Lists(ctx, "", " \n\n")
	wantTrouble(t, err, "fault.no_statements")
	_, err = d.Lists(ctx, "", "a\x00b")
	wantTrouble(t, err, "fault.not_text")
	path := filepath.Join(t.TempDir(), "table.csv")
	if err := os.WriteFile(path, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = d.Lists(ctx, path, "")
	wantTrouble(t, err, "fault.no_column")
}

// A long list works whole, and one that is too long is refused in one sentence.
func TestListOfFiveThousandLines(t *testing.T) {
	d := newDesk(t, t.TempDir())
	ctx := context.Background()
	var text strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&text, "- Statement %d of a long list.\n", i)
	}
	offers, err := d.Lists(ctx, "", text.String())
	if err != nil || len(offers) != 1 || len(offers[0].Statements) != 5000 || len(offers[0].Left) != 0 {
		t.Fatalf("%d lists, %v", len(offers), err)
	}
	id, err := d.Make(ctx, wishOf(offers[0].Statements))
	if err != nil {
		t.Fatal(err)
	}
	if card := cardOf(t, d, id); card.Statements != 5000 {
		t.Errorf("%d statements", card.Statements)
	}
	_, err = d.Lists(ctx, "", text.String()+"One more.\n")
	wantTrouble(t, err, "fault.too_many_lines")
}

// All lists of a file make a session, also where two of them share a statement.
func TestAllListsMakeASession(t *testing.T) {
	d := newDesk(t, t.TempDir())
	offers, err := d.Lists(t.Context(), "", "# River\nTrees.\n# Road\nA path.\nTrees!\n")
	if err != nil || len(offers) != 3 || !offers[2].All {
		t.Fatalf("%+v, %v", offers, err)
	}
	id, err := d.Make(t.Context(), readmodel.Wish{Title: "T", Lang: "en", Template: "opinion", Statements: offers[2].Statements})
	if err != nil {
		t.Fatal(err)
	}
	if card := cardOf(t, d, id); card.Statements != 2 {
		t.Errorf("%d statements", card.Statements)
	}
}
