package readmodel_test

import (
	"testing"

	"folkmoot/app/readmodel"
	"folkmoot/app/readmodel/readmodeltest"
)

func TestTable(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	r.Rehearse(readmodel.Rehearsal{Seed: 3}, 48, 14)
	v := build(t, r.View(), readmodel.Options{Quick: true})
	table := v.Table()
	if len(table.Groups) != 3 || len(table.Statements) != 14 {
		t.Fatalf("%d groups, %d statements", len(table.Groups), len(table.Statements))
	}
	people := 0
	for i, g := range table.Groups {
		if g.Letter != string(rune('A'+i)) || g.Strongest == nil || g.Hidden {
			t.Errorf("group %+v", g)
		}
		people += g.People
		for _, s := range table.Statements {
			if c := s.Cells[i]; c.Agree+c.Disagree+c.Pass+c.Unseen != g.People {
				t.Errorf("%s, group %s: %+v of %d people", s.Text, g.Letter, c, g.People)
			}
		}
	}
	if people != v.Counts.OnMap {
		t.Errorf("%d people in the table, %d on the map", people, v.Counts.OnMap)
	}
}

func TestTableWithoutGroups(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	r.Rehearse(readmodel.Rehearsal{Seed: 3, Leanings: 1}, 30, 14)
	table := build(t, r.View(), readmodel.Options{}).Table()
	if len(table.Groups) != 1 || table.Groups[0].Letter != "" || table.Groups[0].People != 30 || len(table.Statements[0].Cells) != 1 {
		t.Errorf("groups %+v", table.Groups)
	}
	if (*readmodel.View)(nil).Table() != nil || build(t, readmodeltest.NewOpen(t).View(), readmodel.Options{}).Table() != nil {
		t.Error("a table without a map")
	}
}

// Of a group that is too small nothing is told, nor of the others where it would follow.
func TestTableHidesSmallGroups(t *testing.T) {
	r := readmodeltest.NewOpen(t)
	r.Rehearse(readmodel.Rehearsal{Seed: 3}, 48, 14)
	v := build(t, r.View(), readmodel.Options{Quick: true})
	small := &v.Map.Groups[2]
	small.Members = small.Members[:4]
	for i := range v.Results.Groups {
		v.Results.Groups[i].Hidden = !v.MayTell(v.GroupsByLetter()[i])
	}
	table := v.Table()
	for i := range table.Groups {
		if !table.Groups[i].Hidden {
			t.Errorf("group %d is told", i)
		}
		for _, s := range table.Statements {
			if s.Cells[i] != (readmodel.TableCell{}) {
				t.Errorf("%s: %+v", s.Text, s.Cells[i])
			}
		}
	}
}
