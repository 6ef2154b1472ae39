package command

import (
	"encoding/json"
	"os"
	"path/filepath"

	"folkmoot/app/readmodel"
)

// tabletMemory is what a tablet remembers from one start to the next, beside the records.
type tabletMemory struct {
	// Lang and Dark are the tablet's, for who comes next; Lang is "" until it was chosen.
	Lang string `json:"lang"`
	Dark bool   `json:"dark"`
	// Session is the one that was open.
	Session string `json:"session"`
	// Sessions are those that the tablet was let in to, by id.
	Sessions map[string]tabletKnown `json:"sessions"`
	// PassedOn says that somebody has taken part here.
	PassedOn bool `json:"passed_on"`
	// Person is who takes part just now. It goes with them.
	Person *tabletPerson `json:"person,omitempty"`
}

// tabletKnown is what is known of a session without opening its record.
type tabletKnown struct {
	Title string `json:"title"`
	Index int    `json:"index"`
	Hub   string `json:"hub"`
	// Log is this tablet's own log, and Held up to which of its entries a hub held it last:
	// what is behind it waits here still, also when the tablet was switched off meanwhile.
	Log  string `json:"log,omitempty"`
	Held uint64 `json:"held,omitempty"`
	// Unpaired says that the tablet was taken out of the session.
	Unpaired bool `json:"unpaired,omitempty"`
}

// tabletPerson is who takes part, as far as the record does not hold it.
type tabletPerson struct {
	Token   string                 `json:"token"`
	Lang    string                 `json:"lang"`
	Stage   readmodel.HandsetStage `json:"stage"`
	Skipped bool                   `json:"skipped"`
	Seen    int64                  `json:"seen"` // when they last touched the tablet, ms
}

const tabletFile = "tablet.json"

// loadTablet reads what a tablet remembers. What cannot be read is nothing: the records
// hold what counts.
func loadTablet(folder string) tabletMemory {
	m := tabletMemory{}
	data, err := os.ReadFile(filepath.Join(folder, tabletFile))
	if err == nil && json.Unmarshal(data, &m) != nil {
		m = tabletMemory{}
	}
	if m.Sessions == nil {
		m.Sessions = map[string]tabletKnown{}
	}
	return m
}

// save writes it; the file is there whole or as it was before.
func (m tabletMemory) save(folder string) error {
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	path := filepath.Join(folder, tabletFile)
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		os.Remove(path + ".new")
		return err
	}
	return os.Rename(path+".new", path)
}
