package readmodel

import (
	"fmt"
	"io"
	"slices"

	"folkmoot/sync/moot"
)

// WallModes are the modes of the wall, in the order in which they are offered.
var WallModes = []string{"join", "rules", "clock", "statements", "map", "tables", "black"}

// DefaultWallMode is the wall's mode where nothing was set.
const DefaultWallMode = "join"

// WallModeOf gives the wall's mode as it stands.
func WallModeOf(record *moot.View) string {
	if mode := record.Session.Get(moot.WallMode); slices.Contains(WallModes, mode) {
		return mode
	}
	return DefaultWallMode
}

// switches are what can be shown to the room.
var switches = map[string]moot.Field{
	"results": moot.ShowResult, "map": moot.ShowMap, "tables": moot.ShowTables, "devices_down": moot.DevicesOff,
}

// Show turns on or off what the room sees: results, map, tables or devices_down.
// Showing tables announces the newest plan. Errors: ErrUnknownSwitch, and
// ErrUnknownPlan for tables where no plan was made.
func Show(record *moot.View, what string, on bool, ids io.Reader) ([]moot.Item, error) {
	field, ok := switches[what]
	if !ok {
		return nil, fmt.Errorf("readmodel: show %.40q: %w", what, ErrUnknownSwitch)
	}
	m := &itemMaker{ids: ids}
	if field == moot.ShowTables && on {
		plan := NewestPlan(record)
		if plan == nil {
			return nil, fmt.Errorf("readmodel: show tables: %w", ErrUnknownPlan)
		}
		if record.Session.Get(moot.ActivePlan) != plan.ID.String() {
			m.setField(record, moot.ActivePlan, plan.ID.String())
		}
	}
	value := ""
	if on {
		value = "on"
	}
	if record.Session.On(field) != on {
		m.setField(record, field, value)
	}
	return m.done()
}

// ShownSwitches gives what the room sees now, by the names that Show takes.
func ShownSwitches(record *moot.View) map[string]bool {
	shown := make(map[string]bool, len(switches))
	for name, field := range switches {
		shown[name] = record.Session.On(field)
	}
	return shown
}

// WallMode changes what the wall shows. Error: ErrUnknownSwitch.
func WallMode(record *moot.View, mode string, ids io.Reader) ([]moot.Item, error) {
	if !slices.Contains(WallModes, mode) {
		return nil, fmt.Errorf("readmodel: wall mode %.40q: %w", mode, ErrUnknownSwitch)
	}
	return SetField(record, moot.WallMode, mode, ids)
}

// SetField writes a field of the session; writing what stands gives no item. The
// record refuses what is too long.
func SetField(record *moot.View, field moot.Field, value string, ids io.Reader) ([]moot.Item, error) {
	if field == moot.About || field == moot.Notice || field == moot.Prompt {
		value = moot.CleanLines(value)
	} else {
		value = moot.CleanText(value)
	}
	if record.Session.Rev(field) > 0 && record.Session.Get(field) == value {
		return nil, nil
	}
	m := &itemMaker{ids: ids}
	m.setField(record, field, value)
	return m.done()
}
