package readmodel_test

import (
	"cmp"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"folkmoot/app/intake"
	"folkmoot/app/readmodel"
	"folkmoot/sync/moot"
	"folkmoot/sync/oplog"
)

// referenceExport reads a Polis export of the reference data, its votes in order of time.
func referenceExport(t *testing.T, name string) *intake.Polis {
	t.Helper()
	root := cmp.Or(os.Getenv("FOLKMOOT_REFERENCE"), filepath.Join("..", "..", "..", "shared", "reference"))
	export, err := intake.OpenPolis(filepath.Join(root, "polis", "exports", name), intake.PolisOptions{})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(export.Votes, func(a, b intake.PolisVote) int { return cmp.Compare(a.Time, b.Time) })
	return export
}

// recordOf gives the state of a session with the first votes of an export.
func recordOf(export *intake.Polis, votes int) *moot.View {
	part := *export
	part.Votes = export.Votes[:votes]
	state := moot.NewState(part.Session())
	for i, it := range part.Items(nil) {
		e := oplog.Entry{Header: oplog.Header{Session: part.Session(), Seq: uint64(i + 1), Time: oplog.Time{MS: 1, Counter: uint32(i)}, CID: it.CID, Kind: it.Payload.Kind()}}
		state.ApplyPayload(e, it.Payload)
	}
	return state.View()
}

// groupsOf gives the letters of people who have one, by person.
func groupsOf(v *readmodel.View) map[moot.ParticipantID]string {
	groups := map[moot.ParticipantID]string{}
	for _, p := range v.People {
		if letter := v.Group(p.ID); letter != "" {
			groups[p.ID] = letter
		}
	}
	return groups
}

// TestReferenceMapsAreSteady plays two conversations in order of time: a map after each
// fortieth of the votes, each made after the one before as the desk does it, quick first
// and examined after every fourth one.
func TestReferenceMapsAreSteady(t *testing.T) {
	const batches = 40
	for _, name := range []string{"brexit-consensus", "vtaiwan.uberx"} {
		t.Run(name, func(t *testing.T) {
			export := referenceExport(t, name)
			var last *readmodel.View
			maps, changes, moved, pairs := 0, 0, 0.0, 0
			for batch := 1; batch <= batches; batch++ {
				record := recordOf(export, batch*len(export.Votes)/batches)
				v := build(t, record, readmodel.Options{Quick: true, Last: last})
				if batch%4 == 0 || last == nil {
					v = build(t, record, readmodel.Options{Last: v})
				}
				if v.Scene == nil {
					continue
				}
				maps++
				if last != nil && last.Scene != nil {
					if len(last.Letters) != len(v.Letters) {
						changes++
						t.Logf("batch %d: %d groups became %d", batch, len(last.Letters), len(v.Letters))
					} else {
						checkLetters(t, batch, groupsOf(last), groupsOf(v))
					}
					distance, n := movement(last, v)
					moved, pairs = moved+distance, pairs+n
				}
				last = v
			}
			fresh := build(t, last.Record, readmodel.Options{})
			agreement := agreementOf(groupsOf(last), groupsOf(fresh))
			t.Logf("%d maps, the number of groups changed %d times, people moved by %.4f of the map's width on average; the last map and a fresh one agree by %.3f (%d and %d groups)",
				maps, changes, moved/float64(pairs), agreement, len(last.Letters), len(fresh.Letters))
			if maps < batches/2 {
				t.Errorf("only %d maps", maps)
			}
			if agreement < 0.95 {
				t.Errorf("the last map agrees with a fresh one by %.3f only", agreement)
			}
		})
	}
}

// checkLetters matches the groups of two maps by the people in both, so that as many as
// can be stay together, and expects every group to have kept its letter.
func checkLetters(t *testing.T, batch int, before, now map[moot.ParticipantID]string) {
	t.Helper()
	shared := map[[2]string]int{}
	var old, next []string
	for id, letter := range before {
		if other, both := now[id]; both {
			shared[[2]string{letter, other}]++
		}
		old = append(old, letter)
	}
	for _, letter := range now {
		next = append(next, letter)
	}
	slices.Sort(old)
	slices.Sort(next)
	old, next = slices.Compact(old), slices.Compact(next)
	best, same := bestMatch(shared, old, next), 0
	for _, letter := range old {
		same += shared[[2]string{letter, letter}]
	}
	if same < best {
		t.Errorf("batch %d: %d people keep their letter, %d could: %v", batch, same, best, shared)
	}
}

// bestMatch gives the largest number of people who stay together, of all ways to match
// old letters with new ones.
func bestMatch(shared map[[2]string]int, old, next []string) int {
	if len(old) == 0 {
		return 0
	}
	best := bestMatch(shared, old[1:], next)
	for i, letter := range next {
		rest := slices.Delete(slices.Clone(next), i, i+1)
		best = max(best, shared[[2]string{old[0], letter}]+bestMatch(shared, old[1:], rest))
	}
	return best
}

// movement adds up how far the people of two maps moved, and counts them.
func movement(before, now *readmodel.View) (sum float64, people int) {
	for _, p := range now.People {
		a, here := before.You(p.ID)
		b, still := now.You(p.ID)
		if here && still {
			sum += math.Hypot(a.X-b.X, a.Y-b.Y)
			people++
		}
	}
	return sum, people
}

// agreementOf is the adjusted Rand index of two divisions over the people in both (Hubert
// and Arabie 1985).
func agreementOf(a, b map[moot.ParticipantID]string) float64 {
	pairs := func(counts map[[2]string]int) (sum float64) {
		for _, n := range counts {
			sum += float64(n*(n-1)) / 2
		}
		return sum
	}
	both, first, second, n := map[[2]string]int{}, map[[2]string]int{}, map[[2]string]int{}, 0
	for id, x := range a {
		if y, ok := b[id]; ok {
			both[[2]string{x, y}]++
			first[[2]string{x}]++
			second[[2]string{y}]++
			n++
		}
	}
	expected := pairs(first) * pairs(second) / (float64(n*(n-1)) / 2)
	largest := (pairs(first) + pairs(second)) / 2
	if largest == expected {
		return 1
	}
	return (pairs(both) - expected) / (largest - expected)
}
