package readmodel

// clockMatters is from how many milliseconds of difference between two clocks people are
// asked to set theirs: answers are in order all the same.
const clockMatters = 10 * 60_000

// saved gives the mark of what was answered.
func (r HandsetReach) saved() HandsetSaved {
	switch {
	case r.State != ReachHere:
		return SavedHere
	case r.Kept > 0:
		return Sending
	}
	return SavedHub
}

// banner gives what stands over every screen, the weightiest first.
func (r HandsetReach) banner() []HandsetLine {
	var lines []HandsetLine
	switch {
	case r.Full: // whatever else: nobody can go on answering
		lines = append(lines, HandsetLine{Key: "tablet.full"})
	case r.State == ReachUnpaired:
	case r.Newer:
		lines = append(lines, HandsetLine{Key: "tablet.newer"}, r.keptHere())
	case r.Older:
		lines = append(lines, HandsetLine{Key: "tablet.older"}, r.keptHere())
	case r.State == ReachRefused:
		lines = append(lines, HandsetLine{Key: "tablet.refused"}, r.keptHere())
	case r.State == ReachAway:
		lines = append(lines, HandsetLine{Key: "tablet.away"}, r.keptHere())
	case r.State == ReachNone:
		lines = append(lines, HandsetLine{Key: "tablet.alone"}, r.keptHere())
	}
	if by := max(r.Ahead, -r.Ahead); by >= clockMatters {
		lines = append(lines, clockLine(by))
	}
	return lines
}

// keptHere says how many answers wait here.
func (r HandsetReach) keptHere() HandsetLine {
	if r.Kept == 0 {
		return HandsetLine{Key: "status.safe"}
	}
	return HandsetLine{Key: "tablet.kept", Args: map[string]any{"N": r.Kept}}
}

// clockLine says by how much a clock differs, in the largest unit that fits.
func clockLine(by int64) HandsetLine {
	const minute, hour, day = 60_000, 60 * 60_000, 24 * 60 * 60_000
	key, unit := "tablet.clock_minutes", int64(minute)
	switch {
	case by >= 20*hour: // a day off, give or take
		key, unit = "tablet.clock_days", day
	case by >= 2*hour:
		key, unit = "tablet.clock_hours", hour
	}
	return HandsetLine{Key: key, Args: map[string]any{"N": int((by + unit/2) / unit)}}
}
