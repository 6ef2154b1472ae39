package readmodel

import (
	"math"

	"folkmoot/sync/moot"
)

// point is a place on the map before it is fitted into the unit square, in the
// units of opinion.Position.
type point struct{ x, y float64 }

// turn is an orthogonal map of the plane: a rotation or a reflection.
type turn struct{ a, b, c, d float64 }

var noTurn = turn{a: 1, d: 1}

func (t turn) apply(p point) point { return point{t.a*p.x + t.b*p.y, t.c*p.x + t.d*p.y} }

// fewestAnchors is the number of people in both maps from which on the new one is
// turned: two points can be laid on two others in too many ways.
const fewestAnchors = 3

// align gives the turn that brings the people of next as near as possible to where
// they lay in last: orthogonal Procrustes (Schönemann 1966) in the plane, where the
// best rotation and the best reflection have closed forms. order fixes the sequence
// of the sums. Fewer than three people in both, or all of them in the middle: no turn.
func align(last, next map[moot.ParticipantID]point, order []moot.ParticipantID) turn {
	var xx, xy, yx, yy float64
	anchors := 0
	for _, id := range order {
		from, here := next[id]
		to, before := last[id]
		if !here || !before {
			continue
		}
		anchors++
		xx, xy = xx+from.x*to.x, xy+from.x*to.y
		yx, yy = yx+from.y*to.x, yy+from.y*to.y
	}
	rotation := math.Hypot(xx+yy, xy-yx)
	reflection := math.Hypot(xx-yy, xy+yx)
	switch {
	case anchors < fewestAnchors || max(rotation, reflection) == 0:
		return noTurn
	case rotation >= reflection:
		cos, sin := (xx+yy)/rotation, (xy-yx)/rotation
		return turn{a: cos, b: -sin, c: sin, d: cos}
	}
	cos, sin := (xx-yy)/reflection, (xy+yx)/reflection
	return turn{a: cos, b: sin, c: sin, d: -cos}
}

// alphabet names the groups; the engine finds at most five.
const alphabet = "ABCDEFGHIJ"

// letterGroups gives each of the new groups a letter: that of the old group with
// which it shares people, so that the sum of people who keep their letter is as
// large as it can be; groups without an old one take the first free letters in their
// order. Ties go to the earlier group and letter.
func letterGroups(groups [][]moot.ParticipantID, last map[moot.ParticipantID]string) []string {
	shared := make([]map[string]int, len(groups))
	for g, members := range groups {
		shared[g] = map[string]int{}
		for _, id := range members {
			if letter := last[id]; letter != "" {
				shared[g][letter]++
			}
		}
	}
	letters, _ := matchLetters(shared, 0, map[string]bool{})
	used := map[string]bool{}
	for _, letter := range letters {
		used[letter] = true
	}
	for g := range letters {
		for i := 0; letters[g] == "" && i < len(alphabet); i++ {
			if letter := alphabet[i : i+1]; !used[letter] {
				letters[g], used[letter] = letter, true
			}
		}
	}
	return letters
}

// matchLetters tries all ways to give the groups from g on letters that are still
// free, "" among them, and returns the one by which most people keep theirs.
func matchLetters(shared []map[string]int, g int, taken map[string]bool) ([]string, int) {
	if g == len(shared) {
		return make([]string, len(shared)), 0
	}
	best, most := matchLetters(shared, g+1, taken)
	for i := range alphabet {
		letter := alphabet[i : i+1]
		if shared[g][letter] == 0 || taken[letter] {
			continue
		}
		taken[letter] = true
		rest, kept := matchLetters(shared, g+1, taken)
		delete(taken, letter)
		if kept += shared[g][letter]; kept > most {
			rest[g] = letter
			best, most = rest, kept
		}
	}
	return best, most
}
