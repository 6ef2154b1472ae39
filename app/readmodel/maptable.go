package readmodel

// MapTable is the map as a table, for those who cannot see it. It names nobody, and like
// Results it says nothing of groups that are too small.
type MapTable struct {
	// Groups are by letter; where none were found there is one without a letter, of all
	// people on the map.
	Groups     []TableGroup
	Statements []TableStatement
}

// TableGroup is a row about a group.
type TableGroup struct {
	Letter string
	People int
	// Stability says how firmly the group stands in resamples: one of the words of
	// opinion.StabilityWord, "" where that was not measured.
	Stability string
	// Strongest is the statement that sets it apart most clearly, with how its people
	// voted; nil where there is none or it may not be told.
	Strongest *Apart
	// Hidden says that nothing may be told of its votes, see View.MayTell.
	Hidden bool
}

// TableStatement is a statement with the votes of each of MapTable.Groups.
type TableStatement struct {
	ID, Text string
	// Cells are in the order of the groups.
	Cells []TableCell
}

// TableCell counts the people of a group by what they think of a statement. All are 0
// where the group is Hidden.
type TableCell struct {
	Agree, Disagree, Pass, Unseen int
}

// Table gives the map as a table, nil where there is no map. Statements are in the order
// of the record; those about the process are not on the map and not in its table.
func (v *View) Table() *MapTable {
	if v == nil || v.Scene == nil || len(v.Map.Tallies) == 0 {
		return nil
	}
	t := &MapTable{}
	var rows []int // of Map.Tallies
	if v.Map.GroupsFound {
		rows = v.GroupsByLetter()
		for i, group := range v.Results.Groups {
			row := TableGroup{Letter: group.Letter, People: group.Size, Stability: group.Stability, Hidden: group.Hidden}
			if len(group.Apart) > 0 {
				row.Strongest = &v.Results.Groups[i].Apart[0]
			}
			t.Groups = append(t.Groups, row)
		}
	} else {
		t.Groups = []TableGroup{{People: v.Counts.Voters}}
	}
	for i, s := range v.listing {
		column, ok := v.layout.column[s.ID]
		if !ok {
			continue
		}
		row := TableStatement{ID: s.ID.String(), Text: s.Text}
		if !v.Map.GroupsFound { // all who voted: those off the map would follow from the totals
			all := v.Results.Statements[i]
			row.Cells = []TableCell{{all.Agree, all.Disagree, all.Pass, v.Counts.Voters - all.Voted()}}
			t.Statements = append(t.Statements, row)
			continue
		}
		for g, group := range rows {
			cell := TableCell{}
			if !t.Groups[g].Hidden {
				tally := v.Map.Tallies[group][column]
				cell = TableCell{tally.Agree, tally.Disagree, tally.Pass, tally.Unseen}
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Statements = append(t.Statements, row)
	}
	return t
}
