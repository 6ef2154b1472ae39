package intake

import "strings"

// ReadPaste reads the lists of a text that was pasted. It is taken for Markdown where
// it has headings, or where most of its lines are items of a list: what stands around
// them then is no statement. Else each line is one. Every error is a *Fault; no file is
// named, neither there nor in the lists.
func ReadPaste(text string) ([]List, error) {
	name := "paste.txt"
	full, items := 0, 0
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			full++
			is, _ := cutBullet(line)
			items += btoi(is)
		}
	}
	if 2*items > full {
		name = "paste.md"
	}
	lists, err := ReadList(name, strings.NewReader(text))
	for i := range lists {
		lists[i].File = ""
	}
	if err != nil {
		err.(*Fault).File = "" // all of ReadList's are
	}
	return lists, err
}

func btoi(is bool) int {
	if is {
		return 1
	}
	return 0
}
