package intake

import (
	"maps"
	"path"
	"slices"
	"strings"
)

// part is what a file is in an export.
type part int

// The parts that are read, and the table of votes, whose presence tells servers
// apart.
const (
	noPart part = iota
	summaryPart
	commentsPart
	votesPart
	matrixPart
)

// partNames is tried in this order: a matrix also ends in "-votes".
var partNames = []struct {
	name string
	part part
}{
	{"participants-votes", matrixPart}, {"participant-votes", matrixPart},
	{"summary", summaryPart}, {"comments", commentsPart}, {"votes", votesPart},
}

func partOf(name string) part {
	p, _ := splitName(name)
	return p
}

// splitName gives what a file is and what stands before that in its name: report
// downloads are called "2025-06-19-1201-topic-votes.csv".
func splitName(name string) (part, string) {
	base := strings.ToLower(path.Base(name))
	base, ok := strings.CutSuffix(strings.TrimSuffix(base, ".gz"), ".csv")
	if !ok {
		return noPart, ""
	}
	for _, p := range partNames {
		if base == p.name {
			return p.part, ""
		}
		if prefix, ok := strings.CutSuffix(base, "-"+p.name); ok {
			return p.part, prefix
		}
	}
	return noPart, ""
}

// export is the parts of one export; nil ones are not there.
type export [matrixPart + 1]*member

func (e export) whole() bool { return e[commentsPart] != nil && e[votesPart] != nil }

// choose finds the one export among members.
func choose(name string, members []member) (export, error) {
	folders := map[string][]member{}
	for _, m := range members {
		folders[path.Dir(m.name)] = append(folders[path.Dir(m.name)], m)
	}
	var found []export
	var partly export
	for _, dir := range slices.Sorted(maps.Keys(folders)) {
		for _, e := range exportsOf(folders[dir]) {
			if e.whole() {
				found = append(found, e)
			} else {
				partly = e
			}
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return export{}, &Fault{Code: SeveralExports, File: name}
	case partly[commentsPart] != nil:
		return export{}, &Fault{Code: NoVotes, File: name}
	case partly[votesPart] != nil:
		return export{}, &Fault{Code: NoComments, File: name}
	}
	return export{}, &Fault{Code: NotPolis, File: name}
}

// exportsOf gives the exports in one folder: a single one where each part is there
// once, whatever stands before the names; else one for each beginning.
func exportsOf(members []member) []export {
	byPrefix := map[string]export{}
	var single export
	once := true
	for _, m := range members {
		p, prefix := splitName(m.name)
		e := byPrefix[prefix]
		once = once && (single[p] == nil || e[p] != nil)
		if e[p] == nil || !strings.HasSuffix(strings.ToLower(m.name), ".gz") {
			e[p], single[p] = &m, &m
		}
		byPrefix[prefix] = e
	}
	if once {
		return []export{single}
	}
	var out []export
	for _, prefix := range slices.Sorted(maps.Keys(byPrefix)) {
		out = append(out, byPrefix[prefix])
	}
	return out
}
