package seating

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
)

// InstanceSchema is the schema of the instance files that ReadInstance reads.
const InstanceSchema = "folkmoot-groups-1"

// Instance is a stored case: people, and what is asked of a plan for them.
type Instance struct {
	Name   string
	Roster Roster
	// Rules holds the attributes, tables and all rules of the file.
	Rules Options
	// Ignored names rules of the file that this package does not keep.
	Ignored []string
}

// MixOnly gives the options without pairs, locks and needs, for tables that differ by
// at most one in size: the figures that other programs can be compared with.
func (in Instance) MixOnly() Options {
	return Options{
		MinSeats: 1, MaxSeats: max(1, len(in.Roster)), Tables: in.Rules.Tables, EqualSizes: true,
		Attributes: slices.Clone(in.Rules.Attributes),
	}
}

// instanceFile is the JSON document.
type instanceFile struct {
	Schema string `json:"schema"`
	Name   string `json:"name"`
	Tables struct {
		Count int `json:"count"`
		Min   int `json:"min"`
		Max   int `json:"max"`
	} `json:"tables"`
	Attributes []struct {
		Field  string  `json:"field"`
		Mode   string  `json:"mode"`
		Weight float64 `json:"weight"`
	} `json:"attributes"`
	Needs []struct {
		Skill string `json:"skill"`
		Min   int    `json:"min"`
	} `json:"needs"`
	Pairs struct {
		Together [][]ParticipantID `json:"together"`
		Apart    [][]ParticipantID `json:"apart"`
	} `json:"pairs"`
	Locks []struct {
		ID    ParticipantID `json:"id"`
		Table int           `json:"table"`
	} `json:"locks"`
	Rules        map[string]json.RawMessage `json:"rules"`
	Participants instancePeople             `json:"participants"`
}

// maxInstance is the size of an instance file in bytes, maxInstancePeople how many
// people it may have: far more than any room.
const (
	maxInstance       = 16 << 20
	maxInstancePeople = 10_000
)

// instancePeople are counted while they are read, since each costs a hundred times the
// two bytes that it takes.
type instancePeople []instancePerson

func (people *instancePeople) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	if open, err := dec.Token(); err != nil || open != json.Delim('[') {
		return fmt.Errorf("%w: participants are no list", ErrRoster)
	}
	for dec.More() {
		if len(*people) == maxInstancePeople {
			return fmt.Errorf("%w: more than %d participants", ErrRoster, maxInstancePeople)
		}
		var p instancePerson
		if err := dec.Decode(&p); err != nil {
			return err
		}
		*people = append(*people, p)
	}
	return nil
}

type instancePerson struct {
	ID     ParticipantID `json:"id"`
	Coords []float64     `json:"coords"`
	Group  string        `json:"group"`
	Answer *int          `json:"answer"`
	Band   string        `json:"band"`
	Role   string        `json:"role"`
	Gender string        `json:"gender"`
	Age    string        `json:"age"`
	Site   string        `json:"site"`
	Can    []string      `json:"can"`
}

// ReadInstance reads one instance file. Fields it does not use (votes, languages,
// consents, earlier rounds, seats taken) are passed over. A document of another
// schema, a mode other than mix and gather, or people that cannot be told apart are
// refused.
func ReadInstance(from io.Reader) (Instance, error) {
	var file instanceFile
	if err := json.NewDecoder(io.LimitReader(from, maxInstance)).Decode(&file); err != nil {
		return Instance{}, fmt.Errorf("seating: read instance: %w", err)
	}
	if file.Schema != InstanceSchema {
		return Instance{}, fmt.Errorf("seating: read instance: schema %q, want %q", file.Schema, InstanceSchema)
	}
	in := Instance{Name: file.Name, Ignored: slices.Sorted(maps.Keys(file.Rules))}
	for _, p := range file.Participants {
		in.Roster = append(in.Roster, p.person())
	}
	if _, err := in.Roster.sorted(); err != nil {
		return Instance{}, fmt.Errorf("seating: read instance %q: %w", file.Name, err)
	}
	var err error
	if in.Rules, err = file.options(); err == nil {
		_, err = in.Rules.withDefaults()
	}
	if err != nil {
		return Instance{}, fmt.Errorf("seating: read instance %q: %w", file.Name, err)
	}
	return in, nil
}

func (p instancePerson) person() Person {
	out := Person{
		ID: p.ID, Position: p.Coords, Group: p.Group, Band: p.Band, Skills: p.Can,
		Fields: map[string]string{"role": p.Role, "gender": p.Gender, "age": p.Age, "site": p.Site},
	}
	if p.Answer != nil {
		out.Answered, out.Answer = true, *p.Answer
	}
	return out
}

func (f instanceFile) options() (Options, error) {
	o := Options{
		Tables: f.Tables.Count, MinSeats: f.Tables.Min, MaxSeats: f.Tables.Max,
		Together: f.Pairs.Together, Apart: f.Pairs.Apart,
	}
	for _, a := range f.Attributes {
		if a.Mode != "mix" && a.Mode != "gather" {
			return o, fmt.Errorf("%w: attribute %q has mode %q", ErrOptions, a.Field, a.Mode)
		}
		o.Attributes = append(o.Attributes, Attribute{a.Field, a.Mode == "gather", a.Weight})
	}
	for _, need := range f.Needs {
		o.Needs = append(o.Needs, Need{need.Skill, need.Min})
	}
	for _, lock := range f.Locks {
		o.Locks = append(o.Locks, Lock{lock.ID, lock.Table})
	}
	return o, nil
}
