package readmodel

// DiskState says how much the record's disk can still take.
type DiskState string

// States of a disk, the worst last. One that does well has none.
const (
	DiskLow      DiskState = "low"       // some room should be made
	DiskShort    DiskState = "short"     // only votes, answers and the host's acts are taken
	DiskFull     DiskState = "full"      // nothing can be saved now, for want of room
	DiskReadOnly DiskState = "read_only" // nothing can be saved now, for another fault
)

// Room left on the disk below which something is said, in bytes.
const (
	LowRoom   = 512 << 20
	ShortRoom = 128 << 20
)

// Disk says how the disk does on which the session's record lies; nil where it does well.
type Disk struct {
	State DiskState `json:"state"`
	// Left is how many whole mebibytes may still be written.
	Left int `json:"left"`
	// Folder is where the record lies.
	Folder string `json:"folder"`
}

// NewDisk decides on the state of a disk with so many bytes left. full says that the last
// writing failed for want of room, readOnly that writing has failed again and again.
func NewDisk(left uint64, folder string, full, readOnly bool) *Disk {
	d := &Disk{Left: int(min(left, 1<<50) >> 20), Folder: folder}
	switch {
	case readOnly && (full || left < ShortRoom):
		d.State = DiskFull
	case readOnly:
		d.State = DiskReadOnly
	case left < ShortRoom || full:
		d.State = DiskShort
	case left < LowRoom:
		d.State = DiskLow
	default:
		return nil
	}
	return d
}

// Trouble puts it into words: what is so, what is safe, what to do. Nil for nil.
func (d *Disk) Trouble() *Trouble {
	if d == nil {
		return nil
	}
	keys := map[DiskState]string{DiskLow: "disk.low", DiskShort: "disk.short", DiskFull: "disk.full", DiskReadOnly: "disk.read_only"}
	return &Trouble{Key: keys[d.State], Args: map[string]any{"Left": d.Left, "Folder": d.Folder}}
}
