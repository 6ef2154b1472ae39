package simtest

import (
	"errors"
	"reflect"
	"testing"
)

func TestShorten(t *testing.T) {
	events := Generate(3)
	for i := range events {
		events[i].Roll = uint64(i)
	}
	guilty := []Event{events[1], events[len(events)-2]}
	run := func(events []Event) error {
		found := 0
		for _, e := range events {
			if found < 2 && e == guilty[found] {
				found++
			}
		}
		if found == 2 {
			return errors.New("both happened")
		}
		return nil
	}
	got, err := shorten(events, errors.New("at first"), run)
	if !reflect.DeepEqual(got, guilty) || err.Error() != "both happened" {
		t.Errorf("%v of %d events left, %v", got, len(events), err)
	}
}
