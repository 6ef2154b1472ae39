package command

import (
	"fmt"
	"slices"
	"testing"
)

func TestWithHubs(t *testing.T) {
	var many []string
	for i := range maxHubs + 6 {
		many = append(many, fmt.Sprintf("http://10.0.0.%d:8080", i))
	}
	for name, c := range map[string]struct{ known, now, want []string }{
		"none":       {nil, nil, nil},
		"the first":  {nil, many[:2], many[:2]},
		"the same":   {many[:3], many[1:2], many[:3]},
		"one more":   {many[:2], many[1:3], many[:3]},
		"too many":   {many[:maxHubs], many[maxHubs:], many[6:]},
		"with comma": {many[:1], []string{"http://a,b"}, many[:1]},
	} {
		if got := withHubs(c.known, c.now); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
