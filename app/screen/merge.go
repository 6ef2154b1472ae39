package screen

import (
	"strings"
	"time"

	"folkmoot/app/look"
	"folkmoot/app/readmodel"
	"folkmoot/assets/words"
)

// MergeLines says what a pack would add to a session, or has added.
func MergeLines(s look.Style, m readmodel.Merge, done bool) []string {
	var lines []string
	if m.Title != "" {
		lines = append(lines, m.Title)
	}
	add := func(key string, n int, more ...look.Args) {
		args := look.Args{"N": n}
		for _, a := range more {
			for k, v := range a {
				args[k] = v
			}
		}
		if n > 0 {
			lines = append(lines, s.Say(key, args))
		}
	}
	if m.Nothing() {
		return append(lines, s.Say("merge.nothing"))
	}
	if m.New && !done {
		lines = append(lines, s.Say("merge.new"))
	}
	if m.Entries > 0 {
		key := "merge.adds"
		if done {
			key = "merge.added"
		}
		what := joined(s, []string{s.Say("person.count", look.Args{"N": m.People}), s.Say("desk.statements", look.Args{"N": m.Statements}),
			s.Say("host.votes", look.Args{"N": m.Votes}), s.Say("merge.entries", look.Args{"N": m.Entries})})
		lines = append(lines, s.Say(key, look.Args{"What": what}))
	}
	if !done {
		add("merge.from", len(m.Devices), look.Args{"Names": listed(s, m.DeviceNames())})
		same := "merge.same"
		if m.Badges {
			same = "merge.same_badge"
		}
		add(same, m.Same)
	}
	if m.Newest > 0 && !done {
		lines = append(lines, s.Say("merge.newest", look.Args{"Time": time.UnixMilli(int64(m.Newest)).Format("2006-01-02 15:04:05")}))
	}
	add("merge.filled", m.Filled)
	add("merge.nameless", m.Nameless)
	add("merge.split", m.Splits)
	add("merge.over", m.Over)
	add("merge.bad", m.Bad)
	if m.Over == 0 {
		add("merge.left", m.Left)
	}
	if m.Erases {
		lines = append(lines, s.Say("merge.erases"))
	}
	if m.New && m.Badges {
		lines = append(lines, s.Say("merge.badges"))
	}
	add("merge.changed", m.Changed)
	return lines
}

// mostNames is how many devices are named; of the others it is said how many they are.
const mostNames = 8

// listed puts names behind each other.
func listed(s look.Style, names []string) string {
	if more := len(names) - mostNames; more > 0 {
		return s.Say("merge.names_more", look.Args{"Names": listed(s, names[:mostNames]), "N": more})
	}
	if s.Lang == words.Chinese {
		return strings.Join(names, "、")
	}
	return strings.Join(names, ", ")
}
